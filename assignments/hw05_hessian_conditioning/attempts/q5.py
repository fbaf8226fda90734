# %% right: scatter with a line, filled contours
def plot_descents(axes, functions, paths):
    r = 1.5 * max(np.abs(np.asarray(p[0], dtype=float)).max() for p in paths)
    t = np.linspace(-r, r, 100)
    X, Y = np.meshgrid(t, t)
    for ax, f, p in zip(axes, functions, paths):
        p = np.asarray(p, dtype=float)
        ax.contourf(X, Y, f(X, Y), 12, alpha=0.5)
        ax.scatter(p[:, 0], p[:, 1], s=8, color="k")
        ax.plot(p[:, 0], p[:, 1], "k-")
        ax.set_xlim(-r, r)
        ax.set_ylim(-r, r)
        ax.set_aspect("equal")
        ax.set_xlabel("x")
        ax.set_ylabel("y")
        ax.set_title("reached after {} steps".format(len(p) - 1))
    return axes


# %% right: arrows from point to point, levels by logarithm
def plot_descents(axes, functions, paths):
    r = 2.0 * np.max([np.abs(p[0]) for p in paths])
    X, Y = np.meshgrid(np.linspace(-r, r, 101), np.linspace(-r, r, 101))
    for i in range(len(paths)):
        ax, p = axes[i], np.asarray(paths[i], dtype=float)
        Z = functions[i](X, Y)
        ax.contour(X, Y, Z, levels=Z.min() + (Z.max() - Z.min()) * np.logspace(-2.5, -0.1, 9))
        d = np.diff(p, axis=0)
        ax.quiver(p[:-1, 0], p[:-1, 1], d[:, 0], d[:, 1], angles="xy", scale_units="xy", scale=1)
        ax.set(xlim=(-r, r), ylim=(-r, r), xlabel="x", ylabel="y", title=f"steps: {len(d)}", aspect="equal")
    return axes


# %% right: axis("equal") frozen by adjustable box, origin marked
def plot_descents(axes, functions, paths):
    starts = np.array([np.asarray(p, dtype=float)[0] for p in paths])
    r = 1.1 * np.abs(starts).max()
    grid = np.linspace(-r, r, 80)
    X, Y = np.meshgrid(grid, grid)
    for ax, f, path in zip(axes, functions, paths):
        path = np.asarray(path, dtype=float)
        ax.contour(X, Y, f(X, Y), levels=20)
        ax.plot(*path.T, ".-", color="red", label="run")
        ax.plot(0, 0, "k*")
        ax.axis([-r, r, -r, r])
        ax.set_aspect(1)
        ax.set_xlabel("$x$")
        ax.set_ylabel("$y$")
        ax.set_title(f"$T$ = {path.shape[0] - 1}")
        ax.legend()
    return axes


# %% wrong: limits chosen by matplotlib, so every panel has another scale
def plot_descents(axes, functions, paths):
    for ax, f, p in zip(axes, functions, paths):
        p = np.asarray(p, dtype=float)
        lo, hi = p.min(axis=0) - 1, p.max(axis=0) + 1
        X, Y = np.meshgrid(np.linspace(lo[0], hi[0], 100), np.linspace(lo[1], hi[1], 100))
        ax.contour(X, Y, f(X, Y), levels=10)
        ax.plot(p[:, 0], p[:, 1], "o-")
        ax.set(xlabel="x", ylabel="y", title=f"{len(p) - 1} steps", aspect="equal")
    return axes


# %% wrong: unequal units
def plot_descents(axes, functions, paths):
    r = 1.2 * np.max([np.abs(p[0]) for p in paths])
    X, Y = np.meshgrid(np.linspace(-r, r, 100), np.linspace(-r, r, 100))
    for ax, f, p in zip(axes, functions, paths):
        p = np.asarray(p, dtype=float)
        ax.contour(X, Y, f(X, Y), levels=10)
        ax.plot(p[:, 0], p[:, 1], "o-")
        ax.set(xlabel="x", ylabel="y", title=f"{len(p) - 1} steps", xlim=(-r, r), ylim=(-r, r))
    return axes


# %% wrong: contours of the first function in both panels
def plot_descents(axes, functions, paths):
    r = 1.2 * np.max([np.abs(p[0]) for p in paths])
    X, Y = np.meshgrid(np.linspace(-r, r, 100), np.linspace(-r, r, 100))
    Z = functions[0](X, Y)
    for ax, p in zip(axes, paths):
        p = np.asarray(p, dtype=float)
        ax.contour(X, Y, Z, levels=10)
        ax.plot(p[:, 0], p[:, 1], "o-")
        ax.set(xlabel="x", ylabel="y", title=f"{len(p) - 1} steps", xlim=(-r, r), ylim=(-r, r), aspect="equal")
    return axes


# %% wrong: both paths in both panels
# expects: shows the path of the other function
def plot_descents(axes, functions, paths):
    r = 1.2 * np.max([np.abs(p[0]) for p in paths])
    X, Y = np.meshgrid(np.linspace(-r, r, 100), np.linspace(-r, r, 100))
    for ax, f, own in zip(axes, functions, paths):
        ax.contour(X, Y, f(X, Y), levels=10)
        for p in paths:
            p = np.asarray(p, dtype=float)
            ax.plot(p[:, 0], p[:, 1], "o-")
        ax.set(xlabel="x", ylabel="y", title=f"{len(own) - 1} steps", xlim=(-r, r), ylim=(-r, r), aspect="equal")
    return axes


# %% wrong: counts points instead of steps
# expects: the start is no step
def plot_descents(axes, functions, paths):
    r = 1.2 * np.max([np.abs(p[0]) for p in paths])
    X, Y = np.meshgrid(np.linspace(-r, r, 100), np.linspace(-r, r, 100))
    for ax, f, p in zip(axes, functions, paths):
        p = np.asarray(p, dtype=float)
        ax.contour(X, Y, f(X, Y), levels=10)
        ax.plot(p[:, 0], p[:, 1], "o-")
        ax.set(xlabel="x", ylabel="y", title=f"{len(p)} steps", xlim=(-r, r), ylim=(-r, r), aspect="equal")
    return axes


# %% wrong: x and y swapped
# expects: x and y are swapped
def plot_descents(axes, functions, paths):
    r = 1.2 * np.max([np.abs(p[0]) for p in paths])
    X, Y = np.meshgrid(np.linspace(-r, r, 100), np.linspace(-r, r, 100))
    for ax, f, p in zip(axes, functions, paths):
        p = np.asarray(p, dtype=float)
        ax.contour(X, Y, f(X, Y), levels=10)
        ax.plot(p[:, 1], p[:, 0], "o-")
        ax.set(xlabel="x", ylabel="y", title=f"{len(p) - 1} steps", xlim=(-r, r), ylim=(-r, r), aspect="equal")
    return axes


# %% wrong: no contour lines
def plot_descents(axes, functions, paths):
    r = 1.2 * np.max([np.abs(p[0]) for p in paths])
    for ax, p in zip(axes, paths):
        p = np.asarray(p, dtype=float)
        ax.plot(p[:, 0], p[:, 1], "o-")
        ax.set(xlabel="x", ylabel="y", title=f"{len(p) - 1} steps", xlim=(-r, r), ylim=(-r, r), aspect="equal")
    return axes


# %% wrong: a divergent path is cut off
def plot_descents(axes, functions, paths):
    r = 1.2 * np.max([np.abs(p[0]) for p in paths])
    X, Y = np.meshgrid(np.linspace(-r, r, 100), np.linspace(-r, r, 100))
    for ax, f, p in zip(axes, functions, paths):
        p = np.asarray(p, dtype=float)
        title = f"{len(p) - 1} steps"
        p = p[np.all(np.abs(p) <= 3 * r, axis=1)]
        ax.contour(X, Y, f(X, Y), levels=10)
        ax.plot(p[:, 0], p[:, 1], "o-")
        ax.set(xlabel="x", ylabel="y", title=title, xlim=(-r, r), ylim=(-r, r), aspect="equal")
    return axes


# %% wrong: grid indexed the other way, so contours are mirrored
def plot_descents(axes, functions, paths):
    r = 1.2 * np.max([np.abs(p[0]) for p in paths])
    t = np.linspace(-r, r, 100)
    X, Y = np.meshgrid(t, t, indexing="ij")
    for ax, f, p in zip(axes, functions, paths):
        p = np.asarray(p, dtype=float)
        ax.contour(t, t, f(X, Y), levels=10)
        ax.plot(p[:, 0], p[:, 1], "o-")
        ax.set(xlabel="x", ylabel="y", title=f"{len(p) - 1} steps", xlim=(-r, r), ylim=(-r, r), aspect="equal")
    return axes


# %% wrong: no axis labels
def plot_descents(axes, functions, paths):
    r = 1.2 * np.max([np.abs(p[0]) for p in paths])
    X, Y = np.meshgrid(np.linspace(-r, r, 100), np.linspace(-r, r, 100))
    for ax, f, p in zip(axes, functions, paths):
        p = np.asarray(p, dtype=float)
        ax.contour(X, Y, f(X, Y), levels=10)
        ax.plot(p[:, 0], p[:, 1], "o-")
        ax.set(title=f"{len(p) - 1} steps", xlim=(-r, r), ylim=(-r, r), aspect="equal")
    return axes
