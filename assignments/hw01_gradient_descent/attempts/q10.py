# %% right: residual updated by recurrence
def exact_line_search_path(A, b, x0, num_steps):
    A, b, x = np.array(A, float), np.array(b, float), np.array(x0, float)
    r = b - A @ x
    path = [x]
    for _ in range(num_steps):
        if np.any(r):
            Ar = A @ r
            alpha = r @ r / (r @ Ar)
            x = x + alpha * r
            r = r - alpha * Ar
        path.append(x)
    return np.array(path)


# %% right: parabola through three losses along the line
def exact_line_search_path(A, b, x0, num_steps):
    A, b = np.asarray(A, dtype=float), np.asarray(b, dtype=float)
    path = [np.asarray(x0, dtype=float)]
    for _ in range(num_steps):
        x = path[-1]
        g = A @ x - b
        if not g.any():
            path.append(x)
            continue
        t = 1 / np.linalg.norm(A, 2)
        f0, f1, f2 = (0.5 * y @ A @ y - b @ y for y in (x, x - t * g, x - 2 * t * g))
        slope, bend = (-3 * f0 + 4 * f1 - f2) / (2 * t), (f0 - 2 * f1 + f2) / t**2
        path.append(x + slope / bend * g)
    return path


# %% right: numerical root of the slope along the line
from scipy.optimize import brentq


def exact_line_search_path(A, b, x0, num_steps):
    A, b = np.asarray(A, dtype=float), np.asarray(b, dtype=float)
    L, mu = np.linalg.eigvalsh(A)[[-1, 0]]
    path = [np.array(x0, dtype=float)]
    for _ in range(num_steps):
        x = path[-1]
        g = A @ x - b
        if np.linalg.norm(g) == 0:
            path.append(x.copy())
            continue
        alpha = brentq(lambda a: g @ (A @ (x - a * g) - b) / (g @ g), 0.5 / L, 2 / mu, xtol=1e-15)
        path.append(x - alpha * g)
    return np.vstack(path)


# %% wrong: steps uphill, alpha has the wrong sign
def exact_line_search_path(A, b, x0, num_steps):
    A, b, path = np.asarray(A, float), np.asarray(b, float), [np.array(x0, float)]
    for _ in range(num_steps):
        g = A @ path[-1] - b
        alpha = g @ g / (g @ A @ g) if g.any() else 0.0
        path.append(path[-1] + alpha * g)
    return np.array(path)


# %% wrong: leaves b out of the gradient
def exact_line_search_path(A, b, x0, num_steps):
    A, path = np.asarray(A, float), [np.array(x0, float)]
    for _ in range(num_steps):
        g = A @ path[-1]
        alpha = g @ g / (g @ A @ g) if g.any() else 0.0
        path.append(path[-1] - alpha * g)
    return np.array(path)


# %% wrong: 0 / 0 at the minimum
def exact_line_search_path(A, b, x0, num_steps):
    A, b, path = np.asarray(A, float), np.asarray(b, float), [np.array(x0, float)]
    for _ in range(num_steps):
        g = A @ path[-1] - b
        path.append(path[-1] - (g @ g) / (g @ A @ g) * g)
    return np.array(path)


# %% wrong: step length computed once
def exact_line_search_path(A, b, x0, num_steps):
    A, b, path = np.asarray(A, float), np.asarray(b, float), [np.array(x0, float)]
    g = A @ path[0] - b
    alpha = g @ g / (g @ A @ g) if g.any() else 0.0
    for _ in range(num_steps):
        path.append(path[-1] - alpha * (A @ path[-1] - b))
    return np.array(path)


# %% wrong: conjugate gradients
def exact_line_search_path(A, b, x0, num_steps):
    A, b, path = np.asarray(A, float), np.asarray(b, float), [np.array(x0, float)]
    r = b - A @ path[0]
    p = r
    for _ in range(num_steps):
        if not np.any(r):
            path.append(path[-1])
            continue
        alpha = r @ r / (p @ A @ p)
        path.append(path[-1] + alpha * p)
        new = r - alpha * A @ p
        p = new + (new @ new) / (r @ r) * p
        r = new
    return np.array(path)


# %% wrong: minimises the norm of the gradient instead of the loss
def exact_line_search_path(A, b, x0, num_steps):
    A, b, path = np.asarray(A, float), np.asarray(b, float), [np.array(x0, float)]
    for _ in range(num_steps):
        g = A @ path[-1] - b
        Ag = A @ g
        path.append(path[-1] - (g @ Ag / (Ag @ Ag) if g.any() else 0.0) * g)
    return np.array(path)


# %% wrong: best fixed learning rate at every step
def exact_line_search_path(A, b, x0, num_steps):
    A, b, path = np.asarray(A, float), np.asarray(b, float), [np.array(x0, float)]
    e = np.linalg.eigvalsh(A)
    for _ in range(num_steps):
        path.append(path[-1] - 2 / (e[0] + e[-1]) * (A @ path[-1] - b))
    return np.array(path)


# %% wrong: coarse grid search for the step length
def exact_line_search_path(A, b, x0, num_steps):
    A, b, path = np.asarray(A, float), np.asarray(b, float), [np.array(x0, float)]
    for _ in range(num_steps):
        x = path[-1]
        g = A @ x - b
        steps = np.linspace(0, 1, 1001)
        losses = [0.5 * (x - a * g) @ A @ (x - a * g) - b @ (x - a * g) for a in steps]
        path.append(x - steps[int(np.argmin(losses))] * g)
    return np.array(path)


# %% wrong: only the diagonal of A in the step length
def exact_line_search_path(A, b, x0, num_steps):
    A, b, path = np.asarray(A, float), np.asarray(b, float), [np.array(x0, float)]
    for _ in range(num_steps):
        g = A @ path[-1] - b
        path.append(path[-1] - (g @ g / (g @ (np.diag(A) * g)) if g.any() else 0.0) * g)
    return np.array(path)
