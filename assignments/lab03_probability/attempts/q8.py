# %% right: filled bands with meshgrid, plain levels
def plot_likelihood(ax, x, mus, sigmas):
    x = np.asarray(x, dtype=float)
    right, up = np.meshgrid(mus, sigmas)
    surface = -x.size * np.log(up) - (x.var() + (x.mean() - right) ** 2) * x.size / (2 * up**2)
    ax.contourf(right, up, surface, levels=50)
    ax.scatter([x.mean()], [x.std()], marker="*", label="maximum")
    ax.set_xlabel("mu")
    ax.set_ylabel("sigma")
    ax.legend()
    return ax


# %% right: double loop, contour with twenty levels
def plot_likelihood(ax, x, mus, sigmas):
    x = np.asarray(x, dtype=float)
    surface = np.zeros((len(sigmas), len(mus)))
    for i, sigma in enumerate(sigmas):
        for j, mu in enumerate(mus):
            surface[i, j] = -x.size * math.log(sigma) - np.sum((x - mu) ** 2) / (2 * sigma**2)
    ax.contour(mus, sigmas, surface, 20, colors="k")
    ax.plot([np.mean(x)], [np.std(x)], "ro", label="maximum")
    ax.set(xlabel="mean", ylabel="standard deviation")
    ax.legend(loc="lower left")
    return ax


# %% wrong: divides by n - 1
# expects: this sigma divides by n - 1
def plot_likelihood(ax, x, mus, sigmas):
    ax.contour(mus, sigmas, log_likelihood(x, np.asarray(mus), np.asarray(sigmas)[:, None]), levels=20)
    ax.plot(np.mean(x), np.std(x, ddof=1), "*", label="maximum")
    ax.set(xlabel="mu", ylabel="sigma")
    ax.legend()
    return ax


# %% wrong: the best point of the grid
def plot_likelihood(ax, x, mus, sigmas):
    surface = log_likelihood(x, np.asarray(mus), np.asarray(sigmas)[:, None])
    i, j = np.unravel_index(np.argmax(surface), surface.shape)
    ax.contour(mus, sigmas, surface, levels=20)
    ax.plot(mus[j], sigmas[i], "*", label="maximum")
    ax.set(xlabel="mu", ylabel="sigma")
    ax.legend()
    return ax


# %% wrong: sigma upside down
def plot_likelihood(ax, x, mus, sigmas):
    surface = log_likelihood(x, np.asarray(mus), np.asarray(sigmas)[::-1, None])
    ax.contour(mus, sigmas, surface, levels=20)
    ax.plot(np.mean(x), np.std(x), "*", label="maximum")
    ax.set(xlabel="mu", ylabel="sigma")
    ax.legend()
    return ax
