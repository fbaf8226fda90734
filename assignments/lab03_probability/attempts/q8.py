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


# %% right: twenty filled bands
def plot_likelihood(ax, x, mus, sigmas):
    surface = log_likelihood(x, np.asarray(mus), np.asarray(sigmas)[:, None])
    ax.contourf(mus, sigmas, surface, levels=20)
    ax.plot(np.mean(x), np.std(x), "r*", label="maximum")
    ax.set(xlabel="mu", ylabel="sigma")
    ax.legend()
    return ax


# %% right: filled bands between the levels of the hint
def plot_likelihood(ax, x, mus, sigmas):
    top = log_likelihood(x, np.mean(x), np.std(x))
    surface = log_likelihood(x, np.asarray(mus), np.asarray(sigmas)[:, None])
    ax.contourf(mus, sigmas, surface, levels=top - np.array([128, 64, 32, 16, 8, 4, 2, 1]))
    ax.plot(np.mean(x), np.std(x), "r*", label="maximum")
    ax.set(xlabel="mu", ylabel="sigma")
    ax.legend()
    return ax


# %% right: the levels of the hint, one call for each
def plot_likelihood(ax, x, mus, sigmas):
    top = log_likelihood(x, np.mean(x), np.std(x))
    surface = log_likelihood(x, np.asarray(mus), np.asarray(sigmas)[:, None])
    for below in (128, 64, 32, 16, 8, 4, 2, 1):
        ax.contour(mus, sigmas, surface, levels=[top - below])
    ax.plot(np.mean(x), np.std(x), "r*", label="maximum")
    ax.set(xlabel="mu", ylabel="sigma")
    ax.legend()
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


# %% wrong: too few levels
def plot_likelihood(ax, x, mus, sigmas):
    ax.contour(mus, sigmas, log_likelihood(x, np.asarray(mus), np.asarray(sigmas)[:, None]), levels=4)
    ax.plot(np.mean(x), np.std(x), "*", label="maximum")
    ax.set(xlabel="mu", ylabel="sigma")
    ax.legend()
    return ax
