# %% right: random signs, two directions
def directional_check(f, grad, x, rng, tol=1e-6):
    x = np.array(x, dtype=float)
    g = np.asarray(grad(x.copy()), dtype=float)
    if np.shape(g) != np.shape(x):
        return False
    h = 6e-6 * max(1.0, np.abs(x).max())
    for _ in range(2):
        v = rng.choice([-1.0, 1.0], size=x.shape)
        slope = (f(x + h * v) - f(x - h * v)) / (2 * h)
        if not abs(np.sum(g * v) - slope) <= tol * np.sqrt(np.sum((g * v) ** 2)):
            return False
    return True


# %% right: a direction of length 1, the step of a vector of that length
def directional_check(f, grad, x, rng, tol=1e-6):
    x = np.array(x, dtype=float)
    v = rng.standard_normal(x.shape)
    v /= np.linalg.norm(v.ravel()) / np.sqrt(v.size)
    h = np.cbrt(2.2e-16) * (1 + np.abs(x).max())
    slope = (f(x + h * v) - f(x - h * v)) / (2 * h)
    g = np.asarray(grad(x.copy()))
    return g.shape == x.shape and bool(np.abs(np.vdot(g, v) - slope) <= tol * np.linalg.norm(g * v))


# %% right: each entry moves by its own step, differences of four points
def directional_check(f, grad, x, rng, tol=1e-6):
    x = np.array(x, dtype=float)
    v = rng.uniform(0.5, 1.5, size=x.shape) * rng.choice([-1, 1], size=x.shape) * np.maximum(1, np.abs(x))
    h = 1e-4
    slope = (8 * (f(x + h * v) - f(x - h * v)) - (f(x + 2 * h * v) - f(x - 2 * h * v))) / (12 * h)
    g = np.asarray(grad(x.copy()), dtype=float)
    if g.shape != x.shape:
        return False
    return np.abs((g * v).sum() - slope) <= tol * np.sqrt(((g * v) ** 2).sum())


# %% wrong: a direction of ones
def directional_check(f, grad, x, rng, tol=1e-6):
    x = np.array(x, dtype=float)
    g, v, h = np.asarray(grad(x.copy()), dtype=float), np.ones(x.shape), np.max(optimal_step(x))
    if g.shape != x.shape:
        return False
    slope = (f(x + h * v) - f(x - h * v)) / (2 * h)
    return bool(abs(np.sum(g * v) - slope) <= tol * np.linalg.norm((g * v).ravel()))


# %% wrong: along the gradient itself
def directional_check(f, grad, x, rng, tol=1e-6):
    x = np.array(x, dtype=float)
    g = np.asarray(grad(x.copy()), dtype=float)
    if g.shape != x.shape:
        return False
    v, h = g / np.linalg.norm(g.ravel()), np.max(optimal_step(x))
    slope = (f(x + h * v) - f(x - h * v)) / (2 * h)
    return bool(abs(np.sum(g * v) - slope) <= tol * np.linalg.norm((g * v).ravel()))


# %% wrong: checks every entry, which costs two calls each
# expects: the number of calls must not grow
def directional_check(f, grad, x, rng, tol=1e-6):
    x = np.array(x, dtype=float)
    return check_gradient(f, grad, x, tol)[0]


# %% wrong: one random entry instead of a random direction
def directional_check(f, grad, x, rng, tol=1e-6):
    x = np.array(x, dtype=float)
    g = np.asarray(grad(x.copy()), dtype=float)
    if g.shape != x.shape:
        return False
    v, h = np.zeros(x.shape), np.max(optimal_step(x))
    v.flat[rng.integers(x.size)] = 1.0
    slope = (f(x + h * v) - f(x - h * v)) / (2 * h)
    return bool(abs(np.sum(g * v) - slope) <= tol * np.linalg.norm((g * v).ravel()))


# %% wrong: ignores rng, always the same direction
def directional_check(f, grad, x, rng, tol=1e-6):
    x = np.array(x, dtype=float)
    g = np.asarray(grad(x.copy()), dtype=float)
    if g.shape != x.shape:
        return False
    v, h = np.random.default_rng(0).normal(size=x.shape), np.max(optimal_step(x))
    slope = (f(x + h * v) - f(x - h * v)) / (2 * h)
    return bool(abs(np.sum(g * v) - slope) <= tol * np.linalg.norm((g * v).ravel()))


# %% wrong: relative to the sum, which may cancel (random signs)
def directional_check(f, grad, x, rng, tol=1e-6):
    x = np.array(x, dtype=float)
    g = np.asarray(grad(x.copy()), dtype=float)
    if g.shape != x.shape:
        return False
    v, h = rng.choice([-1.0, 1.0], size=x.shape), np.max(optimal_step(x))
    slope = (f(x + h * v) - f(x - h * v)) / (2 * h)
    return bool(abs(np.sum(g * v) - slope) < tol * max(abs(np.sum(g * v)), abs(slope)))


# %% wrong: absolute comparison
def directional_check(f, grad, x, rng, tol=1e-6):
    x = np.array(x, dtype=float)
    g = np.asarray(grad(x.copy()), dtype=float)
    if g.shape != x.shape:
        return False
    v, h = rng.normal(size=x.shape), np.max(optimal_step(x))
    return bool(abs(np.sum(g * v) - (f(x + h * v) - f(x - h * v)) / (2 * h)) <= tol)


# %% wrong: fixed step for large x
def directional_check(f, grad, x, rng, tol=1e-6):
    x = np.array(x, dtype=float)
    g = np.asarray(grad(x.copy()), dtype=float)
    if g.shape != x.shape:
        return False
    v, h = rng.normal(size=x.shape), 6e-6
    slope = (f(x + h * v) - f(x - h * v)) / (2 * h)
    return bool(abs(np.sum(g * v) - slope) <= tol * np.linalg.norm((g * v).ravel()))


# %% wrong: forward difference with a coarse step
def directional_check(f, grad, x, rng, tol=1e-6):
    x = np.array(x, dtype=float)
    g = np.asarray(grad(x.copy()), dtype=float)
    if g.shape != x.shape:
        return False
    v, h = rng.normal(size=x.shape), np.max(optimal_step(x))
    slope = (f(x + h * v) - f(x)) / h
    return bool(abs(np.sum(g * v) - slope) <= tol * np.linalg.norm((g * v).ravel()))


# %% wrong: a loose tolerance of its own
def directional_check(f, grad, x, rng, tol=1e-6):
    x = np.array(x, dtype=float)
    g = np.asarray(grad(x.copy()), dtype=float)
    if g.shape != x.shape:
        return False
    v, h = rng.normal(size=x.shape), np.max(optimal_step(x))
    slope = (f(x + h * v) - f(x - h * v)) / (2 * h)
    return bool(abs(np.sum(g * v) - slope) <= 1e-2 * np.linalg.norm((g * v).ravel()))


# %% wrong: broadcasts a gradient of the wrong shape
def directional_check(f, grad, x, rng, tol=1e-6):
    x = np.array(x, dtype=float)
    v, h = rng.normal(size=x.shape), np.max(optimal_step(x))
    slope = (f(x + h * v) - f(x - h * v)) / (2 * h)
    terms = np.ravel(grad(x)) * v.ravel()
    return bool(abs(np.sum(terms) - slope) <= tol * np.linalg.norm(terms))


# %% wrong: nan is not greater than the tolerance
def directional_check(f, grad, x, rng, tol=1e-6):
    x = np.array(x, dtype=float)
    g = np.asarray(grad(x.copy()), dtype=float)
    if g.shape != x.shape:
        return False
    v, h = rng.normal(size=x.shape), np.max(optimal_step(x))
    slope = (f(x + h * v) - f(x - h * v)) / (2 * h)
    return not abs(np.sum(g * v) - slope) > tol * np.linalg.norm((g * v).ravel())


# %% wrong: positive directions only, and moves the caller's x
def directional_check(f, grad, x, rng, tol=1e-6):
    x = np.asarray(x, dtype=float)
    g = np.asarray(grad(x), dtype=float)
    if g.shape != x.shape:
        return False
    v, h = rng.uniform(size=x.shape), np.max(optimal_step(x))
    x += h * v
    plus = f(x)
    x -= 2 * h * v
    slope = (plus - f(x)) / (2 * h)
    return bool(abs(np.sum(g * v) - slope) <= tol * np.linalg.norm((g * v).ravel()))
