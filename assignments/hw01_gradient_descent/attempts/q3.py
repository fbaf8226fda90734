# %% right: plot, contour, limits from the starts
def plot_paths(ax, f, paths, labels):
    r = max(np.abs(np.asarray(path)[0]).max() for path in paths)
    grid = np.linspace(-1.5 * r, 1.5 * r, 150)
    X, Y = np.meshgrid(grid, grid)
    ax.contour(X, Y, f(X, Y), levels=15)
    for path, label in zip(paths, labels):
        ax.plot(*np.asarray(path).T, marker=".", label=label)
    ax.set_xlim(-1.5 * r, 1.5 * r)
    ax.set_ylim(-1.5 * r, 1.5 * r)
    ax.set_aspect("equal")
    ax.set_xlabel("x1")
    ax.set_ylabel("x2")
    ax.legend()
    return ax


# %% right: filled bands of log f, scatter with a labelled line underneath
def plot_paths(ax, f, paths, labels):
    paths = [np.array(path) for path in paths]
    r = 2 * np.max([np.abs(path[0]) for path in paths])
    X, Y = np.meshgrid(np.linspace(-r, r, 301), np.linspace(-r, r, 301))
    ax.contourf(X, Y, np.log10(f(X, Y) + 1), levels=20, cmap="Greys")
    handles = []
    for i, path in enumerate(paths):
        ax.scatter(path[:, 0], path[:, 1], s=10, color=f"C{i}")
        (line,) = ax.plot(path[:, 0], path[:, 1], color=f"C{i}")
        handles.append(line)
    ax.legend(handles, labels)
    ax.axis("equal")
    ax.set(xlim=(-r, r), ylim=(-r, r), xlabel="first", ylabel="second")
    return ax


# %% right: scatter only
def plot_paths(ax, f, paths, labels):
    starts = np.array([path[0] for path in paths], dtype=float)
    r = 1.1 * np.abs(starts).max()
    u = np.linspace(-r, r, 200)
    ax.contour(u, u, f(*np.meshgrid(u, u)), 12, colors="silver")
    for path, label in zip(paths, labels):
        path = np.asarray(path)
        ax.scatter(path[:, 0], path[:, 1], label=label)
    ax.legend(loc="best")
    ax.set_aspect(1)
    ax.set_xbound(-r, r)
    ax.set_ybound(-r, r)
    ax.set_xlabel("$x_1$")
    ax.set_ylabel("$x_2$")
    return ax


# %% right: one arrow for each step
def plot_paths(ax, f, paths, labels):
    paths = [np.asarray(path, dtype=float) for path in paths]
    r = 1.3 * max(np.abs(path[0]).max() for path in paths)
    u = np.linspace(-r, r, 120)
    X, Y = np.meshgrid(u, u)
    ax.contour(X, Y, f(X, Y), levels=10)
    for i, (path, label) in enumerate(zip(paths, labels)):
        steps = np.diff(path, axis=0)
        ax.quiver(*path[:-1].T, *steps.T, angles="xy", scale_units="xy", scale=1, color=f"C{i}", label=label)
    ax.legend()
    ax.set(xlim=(-r, r), ylim=(-r, r), xlabel="x1", ylabel="x2", aspect="equal")
    return ax


# %% right: one call for each point, grid evaluated point by point
def plot_paths(ax, f, paths, labels):
    r = 1.2 * max(abs(c) for path in paths for c in path[0])
    u = np.linspace(-r, r, 41)
    X, Y = np.meshgrid(u, u)
    Z = np.array([[f(x, y) for x in u] for y in u])
    ax.contour(X, Y, Z, levels=8)
    for i, (path, label) in enumerate(zip(paths, labels)):
        for k, (x, y) in enumerate(path):
            ax.plot(x, y, "o", color=f"C{i}", label=label if k == 0 else None)
    ax.set(xlim=(-r, r), ylim=(-r, r), xlabel="x1", ylabel="x2", aspect="equal")
    ax.legend()
    return ax


# %% wrong: limits left to matplotlib, so a divergent path shrinks the rest
def plot_paths(ax, f, paths, labels):
    u = np.linspace(-12, 12, 200)
    X, Y = np.meshgrid(u, u)
    ax.contour(X, Y, f(X, Y), levels=15)
    for path, label in zip(paths, labels):
        ax.plot(*np.asarray(path).T, label=label)
    ax.set_aspect("equal")
    ax.set(xlabel="x1", ylabel="x2")
    ax.legend()
    return ax


# %% wrong: x1 and x2 swapped
def plot_paths(ax, f, paths, labels):
    r = max(np.abs(np.asarray(path)[0]).max() for path in paths)
    u = np.linspace(-2 * r, 2 * r, 200)
    X, Y = np.meshgrid(u, u)
    ax.contour(X, Y, f(X, Y), levels=15)
    for path, label in zip(paths, labels):
        ax.plot(np.asarray(path)[:, 1], np.asarray(path)[:, 0], label=label)
    ax.set(xlim=(-2 * r, 2 * r), ylim=(-2 * r, 2 * r), xlabel="x1", ylabel="x2", aspect="equal")
    ax.legend()
    return ax


# %% wrong: all paths in one series
def plot_paths(ax, f, paths, labels):
    r = 2 * max(np.abs(np.asarray(path)[0]).max() for path in paths)
    u = np.linspace(-r, r, 200)
    X, Y = np.meshgrid(u, u)
    ax.contour(X, Y, f(X, Y), levels=15)
    joined = np.vstack([np.asarray(path) for path in paths])
    ax.plot(joined[:, 0], joined[:, 1], label=labels[0])
    ax.set(xlim=(-r, r), ylim=(-r, r), xlabel="x1", ylabel="x2", aspect="equal")
    ax.legend()
    return ax


# %% wrong: the first path again and again
def plot_paths(ax, f, paths, labels):
    path = np.asarray(paths[0])
    r = 2 * max(np.abs(np.asarray(p)[0]).max() for p in paths)
    u = np.linspace(-r, r, 200)
    X, Y = np.meshgrid(u, u)
    ax.contour(X, Y, f(X, Y), levels=15)
    for label in labels:
        ax.plot(path[:, 0], path[:, 1], label=label)
    ax.set(xlim=(-r, r), ylim=(-r, r), xlabel="x1", ylabel="x2", aspect="equal")
    ax.legend()
    return ax


# %% wrong: no equal aspect
def plot_paths(ax, f, paths, labels):
    r = 2 * max(np.abs(np.asarray(path)[0]).max() for path in paths)
    u = np.linspace(-r, r, 200)
    X, Y = np.meshgrid(u, u)
    ax.contour(X, Y, f(X, Y), levels=15)
    for path, label in zip(paths, labels):
        ax.plot(*np.asarray(path).T, "o-", label=label)
    ax.set(xlim=(-r, r), ylim=(-r, r), xlabel="x1", ylabel="x2")
    ax.legend()
    return ax


# %% wrong: contour lines of the valley, whatever f is
def plot_paths(ax, f, paths, labels):
    r = 2 * max(np.abs(np.asarray(path)[0]).max() for path in paths)
    u = np.linspace(-r, r, 200)
    X, Y = np.meshgrid(u, u)
    ax.contour(X, Y, X**2 + 10 * Y**2, levels=15)
    for path, label in zip(paths, labels):
        ax.plot(*np.asarray(path).T, "o-", label=label)
    ax.set(xlim=(-r, r), ylim=(-r, r), xlabel="x1", ylabel="x2", aspect="equal")
    ax.legend()
    return ax


# %% wrong: grid transposed, so the contour lines are mirrored
def plot_paths(ax, f, paths, labels):
    r = 2 * max(np.abs(np.asarray(path)[0]).max() for path in paths)
    u = np.linspace(-r, r, 200)
    X, Y = np.meshgrid(u, u, indexing="ij")
    ax.contour(u, u, f(X, Y), levels=15)
    for path, label in zip(paths, labels):
        ax.plot(*np.asarray(path).T, "o-", label=label)
    ax.set(xlim=(-r, r), ylim=(-r, r), xlabel="x1", ylabel="x2", aspect="equal")
    ax.legend()
    return ax


# %% wrong: no contour lines
def plot_paths(ax, f, paths, labels):
    r = 2 * max(np.abs(np.asarray(path)[0]).max() for path in paths)
    for path, label in zip(paths, labels):
        ax.plot(*np.asarray(path).T, "o-", label=label)
    ax.set(xlim=(-r, r), ylim=(-r, r), xlabel="x1", ylabel="x2", aspect="equal")
    ax.legend()
    return ax


# %% wrong: labels without a legend
def plot_paths(ax, f, paths, labels):
    r = 2 * max(np.abs(np.asarray(path)[0]).max() for path in paths)
    u = np.linspace(-r, r, 200)
    X, Y = np.meshgrid(u, u)
    ax.contour(X, Y, f(X, Y), levels=15)
    for path, label in zip(paths, labels):
        ax.plot(*np.asarray(path).T, "o-", label=label)
    ax.set(xlim=(-r, r), ylim=(-r, r), xlabel="x1", ylabel="x2", aspect="equal")
    return ax


# %% wrong: draws on a figure of its own
def plot_paths(ax, f, paths, labels):
    fig, ax = plt.subplots()
    r = 2 * max(np.abs(np.asarray(path)[0]).max() for path in paths)
    u = np.linspace(-r, r, 200)
    X, Y = np.meshgrid(u, u)
    ax.contour(X, Y, f(X, Y), levels=15)
    for path, label in zip(paths, labels):
        ax.plot(*np.asarray(path).T, "o-", label=label)
    ax.set(xlim=(-r, r), ylim=(-r, r), xlabel="x1", ylabel="x2", aspect="equal")
    ax.legend()
    plt.close(fig)
    return ax


# %% wrong: cuts points outside the view from the data
def plot_paths(ax, f, paths, labels):
    r = 1.5 * max(np.abs(np.asarray(path)[0]).max() for path in paths)
    u = np.linspace(-r, r, 200)
    X, Y = np.meshgrid(u, u)
    ax.contour(X, Y, f(X, Y), levels=15)
    for path, label in zip(paths, labels):
        ax.plot(*np.clip(np.asarray(path), -r, r).T, "o-", label=label)
    ax.set(xlim=(-r, r), ylim=(-r, r), xlabel="x1", ylabel="x2", aspect="equal")
    ax.legend()
    return ax
