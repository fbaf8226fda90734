# %% right: fills a preallocated array
def gradient_descent(grad, x0, lr, num_steps):
    x0 = np.asarray(x0, dtype=float)
    path = np.empty((num_steps + 1, x0.size))
    path[0] = x0
    for k in range(num_steps):
        path[k + 1] = path[k] - lr * np.asarray(grad(path[k]))
    return path


# %% right: plain lists in and out
def gradient_descent(grad, x0, lr, num_steps):
    path = [[float(v) for v in x0]]
    for _ in range(num_steps):
        x, g = path[-1], grad(path[-1])
        path.append([xi - lr * gi for xi, gi in zip(x, g)])
    return path


# %% right: recursion
def gradient_descent(grad, x0, lr, num_steps):
    x0 = np.array(x0, dtype=float)[None, :]
    if num_steps == 0:
        return x0
    earlier = gradient_descent(grad, x0[0], lr, num_steps - 1)
    return np.vstack([earlier, earlier[-1] - lr * np.asarray(grad(earlier[-1]))])


# %% right: accumulate, with a copy updated in place
from itertools import accumulate


def gradient_descent(grad, x0, lr, num_steps):
    def step(x, _):
        x = x.copy()
        x -= lr * np.asarray(grad(x))
        return x

    return np.stack(list(accumulate(range(num_steps), step, initial=np.array(x0, dtype=np.float64))))


# %% right: an ndarray subclass as result
class Path(np.ndarray):
    pass


def gradient_descent(grad, x0, lr, num_steps):
    points = [np.array(x0, dtype=float)]
    for _ in range(num_steps):
        points.append(points[-1] - lr * np.asarray(grad(points[-1])))
    return np.array(points).view(Path)


# %% wrong: updates in place, so all rows are one array
def gradient_descent(grad, x0, lr, num_steps):
    x = np.array(x0, dtype=float)
    path = [x]
    for _ in range(num_steps):
        x -= lr * grad(x)
        path.append(x)
    return np.array(path)


# %% wrong: works on the caller's array
def gradient_descent(grad, x0, lr, num_steps):
    x = np.asarray(x0)
    if x.dtype != float:
        x = x.astype(float)
    path = [x.copy()]
    for _ in range(num_steps):
        x -= lr * grad(x)
        path.append(x.copy())
    return np.array(path)


# %% wrong: leaves out the start
def gradient_descent(grad, x0, lr, num_steps):
    x = np.array(x0, dtype=float)
    path = []
    for _ in range(num_steps):
        x = x - lr * grad(x)
        path.append(x)
    return np.array(path)


# %% wrong: counts the start as a step
def gradient_descent(grad, x0, lr, num_steps):
    path = [np.array(x0, dtype=float)]
    for _ in range(num_steps - 1):
        path.append(path[-1] - lr * grad(path[-1]))
    return np.array(path)


# %% wrong: returns the last point only
def gradient_descent(grad, x0, lr, num_steps):
    x = np.array(x0, dtype=float)
    for _ in range(num_steps):
        x = x - lr * grad(x)
    return x


# %% wrong: updates one coordinate at a time with the newest values (Gauss-Seidel)
def gradient_descent(grad, x0, lr, num_steps):
    x = np.array(x0, dtype=float)
    path = [x.copy()]
    for _ in range(num_steps):
        for i in range(x.size):
            x[i] -= lr * grad(x)[i]
        path.append(x.copy())
    return np.array(path)


# %% wrong: two dimensions written into the code
def gradient_descent(grad, x0, lr, num_steps):
    path = np.zeros((num_steps + 1, 2))
    path[0] = x0[0], x0[1]
    for k in range(num_steps):
        g = grad(path[k])
        path[k + 1] = path[k][0] - lr * g[0], path[k][1] - lr * g[1]
    return path


# %% wrong: stops early when the gradient is small
def gradient_descent(grad, x0, lr, num_steps):
    path = [np.array(x0, dtype=float)]
    for _ in range(num_steps):
        g = np.asarray(grad(path[-1]))
        if np.linalg.norm(g) < 1e-8:
            break
        path.append(path[-1] - lr * g)
    return np.array(path)


# %% wrong: divides the gradient by its norm
def gradient_descent(grad, x0, lr, num_steps):
    path = [np.array(x0, dtype=float)]
    for _ in range(num_steps):
        g = np.asarray(grad(path[-1]))
        path.append(path[-1] - lr * g / (np.linalg.norm(g) + 1e-12))
    return np.array(path)


# %% wrong: climbs
def gradient_descent(grad, x0, lr, num_steps):
    path = [np.array(x0, dtype=float)]
    for _ in range(num_steps):
        path.append(path[-1] + lr * np.asarray(grad(path[-1])))
    return np.array(path)


# %% wrong: keeps the integer type of the start
def gradient_descent(grad, x0, lr, num_steps):
    x0 = np.array(x0)
    path = np.zeros((num_steps + 1, len(x0)), dtype=x0.dtype)
    path[0] = x0
    for k in range(num_steps):
        path[k + 1] = path[k] - lr * grad(path[k])
    return path


# %% wrong: calls the gradient twice per step
def gradient_descent(grad, x0, lr, num_steps):
    path = [np.array(x0, dtype=float)]
    for _ in range(num_steps):
        if np.any(grad(path[-1])):
            path.append(path[-1] - lr * np.asarray(grad(path[-1])))
        else:
            path.append(path[-1])
    return np.array(path)


# %% wrong: rejects zero steps
def gradient_descent(grad, x0, lr, num_steps):
    x = np.array(x0, dtype=float)
    path = np.zeros((num_steps + 1, x.size))
    k = 0
    while True:
        path[k] = x
        k += 1
        x = x - lr * np.asarray(grad(x))
        if k == num_steps:
            path[k] = x
            return path
