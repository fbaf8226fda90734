# %% right: point by point, with eig
def plot_circle_image(ax, A):
    A = np.array(A)
    points = [(np.cos(t), np.sin(t)) for t in np.linspace(0, 2 * np.pi, 101)]
    image = [A @ p for p in points]
    ax.plot([p[0] for p in points], [p[1] for p in points], "b-", label="circle")
    ax.plot([p[0] for p in image], [p[1] for p in image], "r-", label="image")
    lam, Q = np.linalg.eig(A)
    for i in range(2):
        tip = lam[i] * Q[:, i]
        ax.plot([-tip[0], tip[0]], [-tip[1], tip[1]], label=f"λ = {lam[i]:.2f}")
    ax.axis("equal")
    ax.legend()
    return ax


# %% right: a patch for the circle, and the axes drawn the other way round
def plot_circle_image(ax, A):
    ax.add_patch(plt.Circle((0, 0), 1, fill=False, label="unit circle"))
    t = np.linspace(0, 6.2831853, 400)
    x, y = np.array(A, dtype=float) @ np.vstack([np.cos(t), np.sin(t)])
    ax.plot(x, y, label="image")
    lam, Q = np.linalg.eigh(A)
    for scaled, value in zip((Q * lam).T, lam, strict=True):
        ax.plot(*np.outer(scaled, [1, -1]), label=f"{value:.2f}")
    ax.set_aspect(1)
    ax.legend(loc="upper right")
    return ax


# %% wrong: takes the rows for the eigenvectors
def plot_circle_image(ax, A):
    t = np.linspace(0, 2 * np.pi, 100)
    circle = np.vstack([np.cos(t), np.sin(t)])
    for curve, name in [(circle, "circle"), (A @ circle, "image")]:
        ax.plot(*curve, label=name)
    lam, Q = np.linalg.eigh(A)
    for value, v in zip(lam, Q, strict=True):
        ax.plot(*np.outer(value * v, [-1, 1]), label=f"{value:.2f}")
    ax.set_aspect("equal")
    ax.legend()
    return ax


# %% wrong: axes of length 1
def plot_circle_image(ax, A):
    t = np.linspace(0, 2 * np.pi, 100)
    circle = np.vstack([np.cos(t), np.sin(t)])
    for curve, name in [(circle, "circle"), (A @ circle, "image")]:
        ax.plot(*curve, label=name)
    lam, Q = np.linalg.eigh(A)
    for value, v in zip(lam, Q.T, strict=True):
        ax.plot(*np.outer(v, [-1, 1]), label=f"{value:.2f}")
    ax.set_aspect("equal")
    ax.legend()
    return ax


# %% wrong: singular values hide the sign
def plot_circle_image(ax, A):
    t = np.linspace(0, 2 * np.pi, 100)
    circle = np.vstack([np.cos(t), np.sin(t)])
    for curve, name in [(circle, "circle"), (A @ circle, "image")]:
        ax.plot(*curve, label=name)
    U, s, Vt = np.linalg.svd(A)
    for value, v in zip(s, Vt, strict=True):
        ax.plot(*np.outer(value * v, [-1, 1]), label=f"{value:.2f}")
    ax.set_aspect("equal")
    ax.legend()
    return ax


# %% wrong: scales are not equal
def plot_circle_image(ax, A):
    t = np.linspace(0, 2 * np.pi, 100)
    circle = np.vstack([np.cos(t), np.sin(t)])
    for curve, name in [(circle, "circle"), (A @ circle, "image")]:
        ax.plot(*curve, label=name)
    lam, Q = np.linalg.eigh(A)
    for value, v in zip(lam, Q.T, strict=True):
        ax.plot(*np.outer(value * v, [-1, 1]), label=f"{value:.2f}")
    ax.legend()
    return ax
