# %% right: everything relative to the largest entry
def check_gradient(f, grad, x, tol=1e-6):
    x = np.array(x, dtype=float)
    a = np.array(grad(x.copy()), dtype=float)
    if a.shape != x.shape:
        return (False, float("inf"), None)
    h = np.cbrt(np.finfo(float).eps) * np.maximum(1, np.abs(x))
    n = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = h[i]
        n[i] = (f(x + e) - f(x - e)) / (2 * h[i])
    if not (np.isfinite(a).all() and np.isfinite(n).all()):
        return (False, float("inf"), None)
    difference, largest = np.abs(a - n), max(np.abs(a).max(), np.abs(n).max())
    worst = np.unravel_index(np.argmax(difference / np.maximum(np.maximum(np.abs(a), np.abs(n)), largest * 1e-3)), x.shape)
    scaled = difference / np.maximum(np.maximum(np.abs(a), np.abs(n)), 0.003 * largest) if largest > 0 else difference
    return (bool(scaled.max() <= tol), float(scaled.max()), tuple(map(int, worst)))


# %% right: Richardson extrapolation of two steps, sum of sizes below the line
def check_gradient(f, grad, x, tol=1e-6):
    x = np.array(x, dtype=float)
    analytic = np.asarray(grad(x.copy()), dtype=float)
    if analytic.shape != x.shape:
        return False, np.inf, None
    h = 1e-3 * np.maximum(1, np.abs(x))
    numeric = (4 * numerical_gradient(f, x, h / 2) - numerical_gradient(f, x, h)) / 3
    floor = 1e-3 * max(np.abs(analytic).max(), np.abs(numeric).max())
    rel, index = -1.0, None
    for i in np.ndindex(x.shape):
        size = max(abs(analytic[i]) + abs(numeric[i]), floor)
        error = 0.0 if size == 0 else abs(analytic[i] - numeric[i]) / size
        if not np.isfinite(error):
            return False, np.inf, i
        if error > rel:
            rel, index = error, i
    return rel <= tol, rel, index


# %% right: a named tuple
from collections import namedtuple

Report = namedtuple("Report", "ok max_rel index")


def check_gradient(f, grad, x, tol=1e-6):
    x = np.array(x, dtype=float)
    numeric, analytic = numerical_gradient(f, x, optimal_step(x)), np.asarray(grad(x.copy()), dtype=float)
    if analytic.shape != x.shape:
        return Report(False, np.inf, None)
    if not np.isfinite(analytic).all() or not np.isfinite(numeric).all():
        return Report(False, np.inf, None)
    floor = 1e-3 * np.abs([numeric, analytic]).max()
    size = np.maximum(np.maximum(np.abs(numeric), np.abs(analytic)), floor)
    errors = np.abs(numeric - analytic) / np.where(size > 0, size, 1)
    index = np.unravel_index(errors.argmax(), x.shape)
    return Report(errors.max() <= tol, errors.max(), tuple(int(i) for i in index))


# %% wrong: always says yes
def check_gradient(f, grad, x, tol=1e-6):
    return True, 0.0, (0,)


# %% wrong: direction only, by the cosine
def check_gradient(f, grad, x, tol=1e-6):
    x = np.array(x, dtype=float)
    n, a = numerical_gradient(f, x, optimal_step(x)), np.asarray(grad(x.copy()), dtype=float)
    if a.shape != x.shape:
        return False, np.inf, None
    if not np.isfinite(a).all():
        return False, np.inf, None
    size = np.linalg.norm(a.ravel()) * np.linalg.norm(n.ravel())
    error = 1 - a.ravel() @ n.ravel() / size if size > 0 else 0.0
    index = np.unravel_index(np.argmax(np.abs(a - n)), x.shape)
    return bool(error <= tol), float(error), tuple(map(int, index))


# %% wrong: absolute error
def check_gradient(f, grad, x, tol=1e-6):
    x = np.array(x, dtype=float)
    n, a = numerical_gradient(f, x, optimal_step(x)), np.asarray(grad(x.copy()), dtype=float)
    if a.shape != x.shape:
        return False, np.inf, None
    errors = np.where(np.isfinite(a - n), np.abs(a - n), np.inf)
    index = np.unravel_index(np.argmax(errors), x.shape)
    return bool(errors.max() <= tol), float(errors.max()), tuple(map(int, index))


# %% wrong: no floor, so that right zeros are blamed
# expects: f does not depend on x[0]
def check_gradient(f, grad, x, tol=1e-6):
    x = np.array(x, dtype=float)
    n, a = numerical_gradient(f, x, 1.1 * optimal_step(x)), np.asarray(grad(x.copy()), dtype=float)
    if a.shape != x.shape:
        return False, np.inf, None
    n = n + 1e-12 * np.sign(n + 0.5)
    errors = [relative_error(ai, ni) for ai, ni in zip(a.flat, n.flat)]
    index = np.unravel_index(np.argmax(errors), x.shape)
    return bool(max(errors) <= tol), max(errors), tuple(map(int, index))


# %% wrong: fixed step of 1e-7
def check_gradient(f, grad, x, tol=1e-6):
    x = np.array(x, dtype=float)
    n, a = numerical_gradient(f, x, 1e-7), np.asarray(grad(x.copy()), dtype=float)
    if a.shape != x.shape:
        return False, np.inf, None
    floor = 1e-3 * max(np.abs(a).max(), np.abs(n).max())
    errors = [relative_error(ai, ni, floor) for ai, ni in zip(a.flat, n.flat)]
    index = np.unravel_index(np.argmax(errors), x.shape)
    return bool(max(errors) <= tol), max(errors), tuple(map(int, index))


# %% wrong: the step of the chapter, 1e-5, whatever the size of x
def check_gradient(f, grad, x, tol=1e-6):
    x = np.array(x, dtype=float)
    n, a = numerical_gradient(f, x, 1e-5), np.asarray(grad(x.copy()), dtype=float)
    if a.shape != x.shape:
        return False, np.inf, None
    floor = 1e-3 * max(np.abs(a).max(), np.abs(n).max())
    errors = [relative_error(ai, ni, floor) for ai, ni in zip(a.flat, n.flat)]
    index = np.unravel_index(np.argmax(errors), x.shape)
    return bool(max(errors) <= tol), max(errors), tuple(map(int, index))


# %% wrong: forward difference with its own best step
def check_gradient(f, grad, x, tol=1e-6):
    x = np.array(x, dtype=float)
    a, h = np.asarray(grad(x.copy()), dtype=float), optimal_step(x, order=1)
    if a.shape != x.shape:
        return False, np.inf, None
    n, start = np.zeros(x.shape), f(x)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = h[i]
        n[i] = (f(x + e) - start) / h[i]
    floor = 1e-3 * max(np.abs(a).max(), np.abs(n).max())
    errors = [relative_error(ai, ni, floor) for ai, ni in zip(a.flat, n.flat)]
    index = np.unravel_index(np.argmax(errors), x.shape)
    return bool(max(errors) <= tol), max(errors), tuple(map(int, index))


# %% wrong: mean of the relative errors
def check_gradient(f, grad, x, tol=1e-6):
    x = np.array(x, dtype=float)
    n, a = numerical_gradient(f, x, optimal_step(x)), np.asarray(grad(x.copy()), dtype=float)
    if a.shape != x.shape:
        return False, np.inf, None
    floor = 1e-3 * max(np.abs(a).max(), np.abs(n).max())
    errors = [relative_error(ai, ni, floor) for ai, ni in zip(a.flat, n.flat)]
    index = np.unravel_index(np.argmax(errors), x.shape)
    return bool(np.mean(errors) <= tol), float(np.mean(errors)), tuple(map(int, index))


# %% wrong: norms of the whole gradients
def check_gradient(f, grad, x, tol=1e-6):
    x = np.array(x, dtype=float)
    n, a = numerical_gradient(f, x, optimal_step(x)), np.asarray(grad(x.copy()), dtype=float)
    if a.shape != x.shape:
        return False, np.inf, None
    size = np.linalg.norm(a.ravel()) + np.linalg.norm(n.ravel())
    error = np.linalg.norm((a - n).ravel()) / size if size > 0 else 0.0
    if not np.isfinite(error):
        return False, np.inf, None
    index = np.unravel_index(np.argmax(np.abs(a - n)), x.shape)
    return bool(error <= tol), float(error), tuple(map(int, index))


# %% wrong: says not greater instead of at most, so that nan passes
def check_gradient(f, grad, x, tol=1e-6):
    x = np.array(x, dtype=float)
    n, a = numerical_gradient(f, x, optimal_step(x)), np.asarray(grad(x.copy()), dtype=float)
    if a.shape != x.shape:
        return False, np.inf, None
    floor = 1e-3 * np.abs(n).max()
    size = np.maximum(np.maximum(np.abs(a), np.abs(n)), floor)
    errors = np.abs(a - n) / np.where(size == 0, 1, size)
    index = np.unravel_index(np.argmax(errors), x.shape)
    return not (errors > tol).any(), float(errors.max()), tuple(map(int, index))


# %% wrong: a wrong shape is stretched to the right one
def check_gradient(f, grad, x, tol=1e-6):
    x = np.array(x, dtype=float)
    n = numerical_gradient(f, x, optimal_step(x))
    a = np.reshape(np.asarray(grad(x.copy()), dtype=float), x.shape)
    floor = 1e-3 * max(np.abs(a).max(), np.abs(n).max())
    errors = [relative_error(ai, ni, floor) for ai, ni in zip(a.flat, n.flat)]
    index = np.unravel_index(np.argmax(errors), x.shape)
    return bool(max(errors) <= tol), max(errors), tuple(map(int, index))


# %% wrong: tolerance of its own
def check_gradient(f, grad, x, tol=1e-6):
    x = np.array(x, dtype=float)
    n, a = numerical_gradient(f, x, optimal_step(x)), np.asarray(grad(x.copy()), dtype=float)
    if a.shape != x.shape:
        return False, np.inf, None
    floor = 1e-3 * max(np.abs(a).max(), np.abs(n).max())
    errors = [relative_error(ai, ni, floor) for ai, ni in zip(a.flat, n.flat)]
    index = np.unravel_index(np.argmax(errors), x.shape)
    return bool(max(errors) <= 1e-6), max(errors), tuple(map(int, index))


# %% wrong: index of the largest absolute difference, as a flat number
def check_gradient(f, grad, x, tol=1e-6):
    x = np.array(x, dtype=float)
    n, a = numerical_gradient(f, x, optimal_step(x)), np.asarray(grad(x.copy()), dtype=float)
    if a.shape != x.shape:
        return False, np.inf, None
    floor = 1e-3 * max(np.abs(a).max(), np.abs(n).max())
    errors = [relative_error(ai, ni, floor) for ai, ni in zip(a.flat, n.flat)]
    return bool(max(errors) <= tol), max(errors), (int(np.argmax(np.abs(a - n))),)


# %% wrong: checks the first few entries only
def check_gradient(f, grad, x, tol=1e-6):
    x = np.array(x, dtype=float)
    n, a = numerical_gradient(f, x, optimal_step(x)), np.asarray(grad(x.copy()), dtype=float)
    if a.shape != x.shape:
        return False, np.inf, None
    floor = 1e-3 * max(np.abs(a).max(), np.abs(n).max())
    errors = [relative_error(ai, ni, floor) for ai, ni in zip(a.flat[:10], n.flat[:10])]
    index = np.unravel_index(np.argmax(errors), x.shape)
    return bool(max(errors) <= tol), max(errors), tuple(map(int, index))


# %% wrong: np.allclose with its default tolerances
def check_gradient(f, grad, x, tol=1e-6):
    x = np.array(x, dtype=float)
    n, a = numerical_gradient(f, x, optimal_step(x)), np.asarray(grad(x.copy()), dtype=float)
    if a.shape != x.shape:
        return False, np.inf, None
    index = np.unravel_index(np.argmax(np.abs(a - n)), x.shape)
    ok = np.allclose(a, n, rtol=tol)
    return ok, 0.0 if ok else np.inf, tuple(map(int, index))
