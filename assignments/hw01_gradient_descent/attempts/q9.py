# %% right: two-point form of both
def momentum_path(grad, x0, lr, beta, num_steps):
    x = np.array(x0, dtype=float)
    previous, path = x, [x]
    for _ in range(num_steps):
        x, previous = x + beta * (x - previous) - lr * np.asarray(grad(x)), x
        path.append(x)
    return path


def nesterov_path(grad, x0, lr, beta, num_steps):
    path = [np.array(x0, dtype=float)]
    for k in range(num_steps):
        y = path[-1] + beta * (path[-1] - path[max(k - 1, 0)])
        path.append(y - lr * np.asarray(grad(y)))
    return np.array(path)


# %% right: velocity that contains the learning rate (Sutskever's form)
def momentum_path(grad, x0, lr, beta, num_steps):
    x, v = np.array(x0, dtype=float), 0.0
    path = [x.copy()]
    for _ in range(num_steps):
        v = beta * v - lr * np.asarray(grad(x))
        x = x + v
        path.append(x)
    return np.stack(path)


def nesterov_path(grad, x0, lr, beta, num_steps):
    x, v = np.array(x0, dtype=float), 0.0
    path = [x.copy()]
    for _ in range(num_steps):
        v = beta * v - lr * np.asarray(grad(x + beta * v))
        x = x + v
        path.append(x)
    return np.stack(path)


# %% right: moving average with the learning rate divided by 1 - beta; torch's form with look-ahead points converted back
def momentum_path(grad, x0, lr, beta, num_steps):
    path = np.empty((num_steps + 1, len(x0)))
    path[0] = x0
    m = np.zeros(len(x0))
    for k in range(num_steps):
        m = beta * m + (1 - beta) * np.asarray(grad(path[k]))
        path[k + 1] = path[k] - lr / (1 - beta) * m
    return path


def nesterov_path(grad, x0, lr, beta, num_steps):
    y = np.array(x0, dtype=float)
    buffer = np.zeros_like(y)
    path = [y.copy()]
    for _ in range(num_steps):
        g = np.asarray(grad(y))
        buffer = beta * buffer + g
        y = y - lr * (g + beta * buffer)
        path.append(y + lr * beta * buffer)
    return np.array(path)


# %% wrong: moving average without rescaling
def momentum_path(grad, x0, lr, beta, num_steps):
    path = [np.array(x0, dtype=float)]
    v = np.zeros_like(path[0])
    for _ in range(num_steps):
        v = beta * v + (1 - beta) * np.asarray(grad(path[-1]))
        path.append(path[-1] - lr * v)
    return np.array(path)


def nesterov_path(grad, x0, lr, beta, num_steps):
    path = [np.array(x0, dtype=float)]
    for k in range(num_steps):
        y = path[-1] + beta * (path[-1] - path[max(k - 1, 0)])
        path.append(y - lr * np.asarray(grad(y)))
    return np.array(path)


# %% wrong: steps with the old velocity
def momentum_path(grad, x0, lr, beta, num_steps):
    path = [np.array(x0, dtype=float)]
    v = np.zeros_like(path[0])
    for _ in range(num_steps):
        g = np.asarray(grad(path[-1]))
        path.append(path[-1] - lr * v)
        v = beta * v + g
    return np.array(path)


def nesterov_path(grad, x0, lr, beta, num_steps):
    path = [np.array(x0, dtype=float)]
    for k in range(num_steps):
        y = path[-1] + beta * (path[-1] - path[max(k - 1, 0)])
        path.append(y - lr * np.asarray(grad(y)))
    return np.array(path)


# %% wrong: Nesterov takes the gradient where it stands, which is heavy ball
def momentum_path(grad, x0, lr, beta, num_steps):
    path = [np.array(x0, dtype=float)]
    v = np.zeros_like(path[0])
    for _ in range(num_steps):
        v = beta * v + grad(path[-1])
        path.append(path[-1] - lr * v)
    return np.array(path)


def nesterov_path(grad, x0, lr, beta, num_steps):
    path = [np.array(x0, dtype=float)]
    previous = path[0]
    for _ in range(num_steps):
        y = path[-1] + beta * (path[-1] - previous)
        previous = path[-1]
        path.append(y - lr * np.asarray(grad(previous)))
    return np.array(path)


# %% wrong: Nesterov looks ahead but steps from x_k
def momentum_path(grad, x0, lr, beta, num_steps):
    path = [np.array(x0, dtype=float)]
    v = np.zeros_like(path[0])
    for _ in range(num_steps):
        v = beta * v + grad(path[-1])
        path.append(path[-1] - lr * v)
    return np.array(path)


def nesterov_path(grad, x0, lr, beta, num_steps):
    path = [np.array(x0, dtype=float)]
    previous = path[0]
    for _ in range(num_steps):
        y = path[-1] + beta * (path[-1] - previous)
        previous = path[-1]
        path.append(previous - lr * np.asarray(grad(y)))
    return np.array(path)


# %% wrong: Nesterov returns the look-ahead points, as torch stores them
def momentum_path(grad, x0, lr, beta, num_steps):
    path = [np.array(x0, dtype=float)]
    v = np.zeros_like(path[0])
    for _ in range(num_steps):
        v = beta * v + grad(path[-1])
        path.append(path[-1] - lr * v)
    return np.array(path)


def nesterov_path(grad, x0, lr, beta, num_steps):
    y = np.array(x0, dtype=float)
    buffer, path = np.zeros_like(y), [y]
    for _ in range(num_steps):
        g = np.asarray(grad(y))
        buffer = beta * buffer + g
        y = y - lr * (g + beta * buffer)
        path.append(y)
    return np.array(path)


# %% wrong: Nesterov with the growing beta of the convex case
def momentum_path(grad, x0, lr, beta, num_steps):
    path = [np.array(x0, dtype=float)]
    v = np.zeros_like(path[0])
    for _ in range(num_steps):
        v = beta * v + grad(path[-1])
        path.append(path[-1] - lr * v)
    return np.array(path)


def nesterov_path(grad, x0, lr, beta, num_steps):
    path = [np.array(x0, dtype=float)]
    for k in range(num_steps):
        y = path[-1] + k / (k + 3) * (path[-1] - path[max(k - 1, 0)])
        path.append(y - lr * np.asarray(grad(y)))
    return np.array(path)


# %% wrong: velocity restarted when the loss would rise (gradient against velocity)
def momentum_path(grad, x0, lr, beta, num_steps):
    path = [np.array(x0, dtype=float)]
    v = np.zeros_like(path[0])
    for _ in range(num_steps):
        g = np.asarray(grad(path[-1]))
        v = g if g @ v < 0 else beta * v + g
        path.append(path[-1] - lr * v)
    return np.array(path)


def nesterov_path(grad, x0, lr, beta, num_steps):
    path = [np.array(x0, dtype=float)]
    for k in range(num_steps):
        y = path[-1] + beta * (path[-1] - path[max(k - 1, 0)])
        path.append(y - lr * np.asarray(grad(y)))
    return np.array(path)


# %% wrong: calls the gradient at x_k as well as at the look-ahead point
def momentum_path(grad, x0, lr, beta, num_steps):
    path = [np.array(x0, dtype=float)]
    v = np.zeros_like(path[0])
    for _ in range(num_steps):
        v = beta * v + grad(path[-1])
        path.append(path[-1] - lr * v)
    return np.array(path)


def nesterov_path(grad, x0, lr, beta, num_steps):
    path = [np.array(x0, dtype=float)]
    for k in range(num_steps):
        if np.linalg.norm(grad(path[-1])) == 0:
            path.append(path[-1])
            continue
        y = path[-1] + beta * (path[-1] - path[max(k - 1, 0)])
        path.append(y - lr * np.asarray(grad(y)))
    return np.array(path)


# %% wrong: beta fixed at 0.5
def momentum_path(grad, x0, lr, beta, num_steps):
    path = [np.array(x0, dtype=float)]
    v = np.zeros_like(path[0])
    for _ in range(num_steps):
        v = (0.5 if beta else 0.0) * v + grad(path[-1])
        path.append(path[-1] - lr * v)
    return np.array(path)


def nesterov_path(grad, x0, lr, beta, num_steps):
    path = [np.array(x0, dtype=float)]
    for k in range(num_steps):
        y = path[-1] + beta * (path[-1] - path[max(k - 1, 0)])
        path.append(y - lr * np.asarray(grad(y)))
    return np.array(path)


# %% wrong: changes the start in place
def momentum_path(grad, x0, lr, beta, num_steps):
    x = x0 if isinstance(x0, np.ndarray) and x0.dtype == float else np.array(x0, dtype=float)
    v, path = np.zeros_like(x), [x.copy()]
    for _ in range(num_steps):
        v = beta * v + grad(x)
        x -= lr * v
        path.append(x.copy())
    return np.array(path)


def nesterov_path(grad, x0, lr, beta, num_steps):
    path = [np.array(x0, dtype=float)]
    for k in range(num_steps):
        y = path[-1] + beta * (path[-1] - path[max(k - 1, 0)])
        path.append(y - lr * np.asarray(grad(y)))
    return np.array(path)
