# %% right: arrows of one length, filled contours, scatter and line
def plot_descent(ax, f, grad, start, lr, num_steps):
    side = np.linspace(-2, 2, 60)
    X, Y = np.meshgrid(side, side)
    ax.contourf(X, Y, f(np.dstack([X, Y])), levels=12)
    ax.contour(X, Y, f(np.dstack([X, Y])), levels=12, colors="k")
    A, B = np.meshgrid(np.linspace(-1.9, 1.9, 9), np.linspace(-1.9, 1.9, 9))
    g = grad(np.dstack([A, B]))
    g = g / np.maximum(np.linalg.norm(g, axis=-1, keepdims=True), 1e-12)
    ax.quiver(A, B, g[:, :, 0], g[:, :, 1])
    path = np.empty((num_steps + 1, 2))
    path[0] = start
    for k in range(num_steps):
        path[k + 1] = path[k] - lr * grad(path[k])
    ax.plot(path[:, 0], path[:, 1], ".-")
    ax.axis("equal")
    return ax


# %% right: path as scatter, one point of the grid at a time
def plot_descent(ax, f, grad, start, lr, num_steps):
    side = np.linspace(-2, 2, 31)
    heights = [[f(np.array([x, y])) for x in side] for y in side]
    ax.contour(side, side, heights)
    for few in [np.linspace(-2, 2, 8)]:
        arrows = np.array([[grad(np.array([x, y])) for x in few] for y in few])
        ax.quiver(few, few, arrows[..., 0], arrows[..., 1], angles="xy")
    x = np.array(start, dtype=float)
    path = [x.copy()]
    for _ in range(num_steps):
        x -= lr * np.asarray(grad(x.copy()))
        path.append(x.copy())
    ax.scatter(*zip(*path))
    ax.set_aspect(1)
    return ax


# %% wrong: climbs
# expects: the path climbs
def plot_descent(ax, f, grad, start, lr, num_steps):
    p, c = grid(41), grid(9)
    ax.contour(p[..., 0], p[..., 1], f(p))
    g = grad(c)
    ax.quiver(c[..., 0], c[..., 1], g[..., 0], g[..., 1])
    path = [np.asarray(start, dtype=float)]
    for _ in range(num_steps):
        path.append(path[-1] + lr * grad(path[-1]))
    ax.plot(*np.transpose(path), "o-")
    ax.set_aspect("equal")
    return ax


# %% wrong: arrows downhill
# expects: point downhill
def plot_descent(ax, f, grad, start, lr, num_steps):
    p, c = grid(41), grid(9)
    ax.contour(p[..., 0], p[..., 1], f(p))
    g = -grad(c)
    ax.quiver(c[..., 0], c[..., 1], g[..., 0], g[..., 1])
    path = [np.asarray(start, dtype=float)]
    for _ in range(num_steps):
        path.append(path[-1] - lr * grad(path[-1]))
    ax.plot(*np.transpose(path), "o-")
    ax.set_aspect("equal")
    return ax


# %% wrong: x and y of the contour lines swapped
# expects: swapped
def plot_descent(ax, f, grad, start, lr, num_steps):
    p, c = grid(41), grid(9)
    ax.contour(p[..., 1], p[..., 0], f(p))
    g = grad(c)
    ax.quiver(c[..., 0], c[..., 1], g[..., 0], g[..., 1])
    path = [np.asarray(start, dtype=float)]
    for _ in range(num_steps):
        path.append(path[-1] - lr * grad(path[-1]))
    ax.plot(*np.transpose(path), "o-")
    ax.set_aspect("equal")
    return ax


# %% wrong: bowl and its gradient instead of the functions given
def plot_descent(ax, f, grad, start, lr, num_steps):
    p, c = grid(41), grid(9)
    ax.contour(p[..., 0], p[..., 1], bowl(p))
    g = bowl_gradient(c)
    ax.quiver(c[..., 0], c[..., 1], g[..., 0], g[..., 1])
    path = [np.asarray(start, dtype=float)]
    for _ in range(num_steps):
        path.append(path[-1] - lr * bowl_gradient(path[-1]))
    ax.plot(*np.transpose(path), "o-")
    ax.set_aspect("equal")
    return ax
