# %% right: scatter, and one question for each row of the grid
def plot_regions(ax, predict, X, y):
    (left, bottom), (right, top) = X.min(axis=0), X.max(axis=0)
    u = np.linspace(left - 0.1 * (right - left), right + 0.1 * (right - left), 120)
    v = np.linspace(bottom - 0.1 * (top - bottom), top + 0.1 * (top - bottom), 110)
    answers = np.array([predict(np.column_stack([u, np.full(len(u), height)])) for height in v])
    ax.contourf(u, v, answers, levels=np.arange(-0.5, max(y.max(), answers.max()) + 1), cmap="viridis", alpha=0.3)
    for number in range(y.max() + 1):
        ax.scatter(X[y == number, 0], X[y == number, 1], label="class " + str(number))
    ax.legend()
    return ax


# %% right: mgrid, lines between the regions as well
def plot_regions(ax, predict, X, y):
    low, high = X.min(axis=0), X.max(axis=0)
    low, high = low - 0.2 * (high - low), high + 0.2 * (high - low)
    U, V = np.mgrid[low[0] : high[0] : 150j, low[1] : high[1] : 150j]
    answers = predict(np.c_[U.ravel(), V.ravel()]).reshape(U.shape)
    levels = np.arange(max(y.max(), answers.max()) + 2) - 0.5
    ax.contourf(U, V, answers, levels=levels, alpha=0.2)
    ax.contour(U, V, answers, levels=levels, colors="k", linewidths=0.5)
    for number in sorted(set(y.tolist())):
        ax.plot(X[y == number][:, 0], X[y == number][:, 1], ls="", marker="x", label=f"class {number}")
    ax.legend()
    return ax


# %% wrong: axes exchanged in the grid
# expects: have the axes been exchanged
def plot_regions(ax, predict, X, y):
    low, high = X.min(axis=0), X.max(axis=0)
    low, high = low - 0.1 * (high - low), high + 0.1 * (high - low)
    u, v = np.linspace(low[0], high[0], 120), np.linspace(low[1], high[1], 120)
    U, V = np.meshgrid(u, v, indexing="ij")
    answers = predict(np.c_[U.ravel(), V.ravel()]).reshape(U.shape)
    ax.contourf(u, v, answers, levels=np.arange(max(y.max(), answers.max()) + 2) - 0.5, alpha=0.2)
    for number in range(y.max() + 1):
        ax.plot(*X[y == number].T, "o", label=f"class {number}")
    ax.legend()
    return ax


# %% wrong: the grid ends at the outermost points
# expects: a little beyond the points on all four sides is wanted
def plot_regions(ax, predict, X, y):
    U, V = np.meshgrid(*np.linspace(X.min(axis=0), X.max(axis=0), 120).T)
    answers = predict(np.c_[U.ravel(), V.ravel()]).reshape(U.shape)
    ax.contourf(U, V, answers, levels=np.arange(max(y.max(), answers.max()) + 2) - 0.5, alpha=0.2)
    for number in range(y.max() + 1):
        ax.plot(*X[y == number].T, "o", label=f"class {number}")
    ax.legend()
    return ax


# %% wrong: only the points, coloured in one series
# expects: no series shows the points of class 0
def plot_regions(ax, predict, X, y):
    U, V = np.meshgrid(*np.linspace(X.min(axis=0) - 1, X.max(axis=0) + 1, 120).T)
    answers = predict(np.c_[U.ravel(), V.ravel()]).reshape(U.shape)
    ax.contourf(U, V, answers, levels=np.arange(max(y.max(), answers.max()) + 2) - 0.5, alpha=0.2)
    ax.scatter(X[:, 0], X[:, 1], c=y, label="class 0")
    ax.legend()
    return ax


# %% wrong: levels for two classes, whatever comes
def plot_regions(ax, predict, X, y):
    low, high = X.min(axis=0), X.max(axis=0)
    low, high = low - 0.1 * (high - low), high + 0.1 * (high - low)
    U, V = np.meshgrid(*np.linspace(low, high, 120).T)
    answers = predict(np.c_[U.ravel(), V.ravel()]).reshape(U.shape)
    ax.contourf(U, V, answers, levels=[-0.5, 0.5, 1.5], colors=COLOURS[:2], alpha=0.2)
    for number in range(y.max() + 1):
        ax.plot(*X[y == number].T, "o", label=f"class {number}")
    ax.legend()
    return ax
