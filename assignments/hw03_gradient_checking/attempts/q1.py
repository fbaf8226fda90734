# %% right: moves one entry of a flat copy and puts it back
def numerical_gradient(f, x, h=None):
    x = np.array(x, dtype=np.float64)
    h = np.full(x.shape, 1e-6 if h is None else h)
    g = np.zeros(x.shape)
    for i in range(x.size):
        plus, minus = x.copy().reshape(-1), x.copy().reshape(-1)
        plus[i] += h.flat[i]
        minus[i] -= h.flat[i]
        g.flat[i] = (f(plus.reshape(x.shape)) - f(minus.reshape(x.shape))) / (2 * h.flat[i])
    return g


# %% right: complex step where the method is free, central differences where a step is given
def numerical_gradient(f, x, h=None):
    x = np.array(x, dtype=float)
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = 1
        if h is None:
            g[i] = np.imag(f(x + 1e-30j * e)) / 1e-30
        else:
            step = float(np.broadcast_to(h, x.shape)[i])
            g[i] = (f(x + step * e) - f(x - step * e)) / (2 * step)
    return g


# %% right: rows of a scaled identity
def numerical_gradient(f, x, h=None):
    x = np.asarray(x).astype(float)
    h = np.broadcast_to(1e-5 if h is None else h, x.shape).ravel()
    moves = (np.eye(x.size) * h).reshape(x.size, *x.shape)
    differences = np.array([f(x + move) - f(x - move) for move in moves])
    return (differences / (2 * h)).reshape(x.shape)


# %% right: the step divided out exactly, (x + h) - (x - h)
def numerical_gradient(f, x, h=None):
    x = np.array(x, dtype=float)
    h = np.broadcast_to(1e-5 if h is None else h, x.shape)
    g = np.empty_like(x)
    it = np.nditer(x, flags=["multi_index"])
    for value in it:
        i = it.multi_index
        plus, minus = x.copy(), x.copy()
        plus[i], minus[i] = value + h[i], value - h[i]
        g[i] = (f(plus) - f(minus)) / (plus[i] - minus[i])
    return g


# %% wrong: result in the type of x (whole numbers and float32)
def numerical_gradient(f, x, h=None):
    x = np.array(x)
    h = np.broadcast_to(1e-5 if h is None else h, x.shape)
    g = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        plus, minus = x.copy(), x.copy()
        plus[i] += h[i]
        minus[i] -= h[i]
        g[i] = (f(plus) - f(minus)) / (2 * h[i])
    return g


# %% wrong: loops over the first axis, so a matrix gets row sums
def numerical_gradient(f, x, h=None):
    x = np.array(x, dtype=float)
    h = np.broadcast_to(1e-5 if h is None else h, x.shape)
    g = np.zeros_like(x)
    for i in range(len(x)):
        plus, minus = x.copy(), x.copy()
        plus[i] += h[i]
        minus[i] -= h[i]
        g[i] = (f(plus) - f(minus)) / (2 * h[i])
    return g


# %% wrong: forward difference
def numerical_gradient(f, x, h=None):
    x = np.array(x, dtype=float)
    h = np.broadcast_to(1e-7 if h is None else h, x.shape)
    g, start = np.zeros(x.shape), f(x)
    for i in np.ndindex(x.shape):
        plus = x.copy()
        plus[i] += h[i]
        g[i] = (f(plus) - start) / h[i]
    return g


# %% wrong: divides by h instead of 2h
# expects: the two points are 2h apart
def numerical_gradient(f, x, h=None):
    x = np.array(x, dtype=float)
    h = np.broadcast_to(1e-5 if h is None else h, x.shape)
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = h[i]
        g[i] = (f(x + e) - f(x - e)) / h[i]
    return g


# %% wrong: moves all entries at once
# expects: all entries of x moved at once
def numerical_gradient(f, x, h=None):
    x = np.array(x, dtype=float)
    h = 1e-5 if h is None else h
    return (f(x + h) - f(x - h)) / (2 * h) * np.ones_like(x)


# %% wrong: works in the caller's array and moves back by adding, which leaves rounding errors
def numerical_gradient(f, x, h=None):
    x = np.asarray(x, dtype=float)
    h = np.broadcast_to(1e-5 if h is None else h, x.shape)
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += h[i]
        plus = f(x)
        x[i] -= 2 * h[i]
        g[i] = (plus - f(x)) / (2 * h[i])
        x[i] += h[i]
    return g


# %% wrong: never moves back
def numerical_gradient(f, x, h=None):
    x = np.array(x, dtype=float)
    h = np.broadcast_to(1e-5 if h is None else h, x.shape)
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += h[i]
        plus = f(x)
        x[i] -= 2 * h[i]
        g[i] = (plus - f(x)) / (2 * h[i])
    return g


# %% wrong: gives f a flat vector
def numerical_gradient(f, x, h=None):
    x = np.array(x, dtype=float)
    flat, h = x.ravel(), np.broadcast_to(1e-5 if h is None else h, x.shape).ravel()
    g = [(f(flat + h * e) - f(flat - h * e)) / (2 * hi) for e, hi in zip(np.eye(x.size), h)]
    return np.reshape(g, x.shape)


# %% wrong: as small a step as possible
def numerical_gradient(f, x, h=None):
    x = np.array(x, dtype=float)
    h = np.broadcast_to(1e-14 if h is None else h, x.shape)
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = h[i]
        g[i] = (f(x + e) - f(x - e)) / (2 * h[i])
    return g


# %% wrong: ignores the step that is given
def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = 1e-5
        g[i] = (f(x + e) - f(x - e)) / 2e-5
    return g


# %% wrong: calls f at x for every entry as well
def numerical_gradient(f, x, h=None):
    x = np.array(x, dtype=float)
    h = np.broadcast_to(1e-5 if h is None else h, x.shape)
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = h[i]
        right, left = (f(x + e) - f(x)) / h[i], (f(x) - f(x - e)) / h[i]
        g[i] = (right + left) / 2
    return g


# %% wrong: one step for all entries, the first one given
def numerical_gradient(f, x, h=None):
    x = np.array(x, dtype=float)
    h = 1e-5 if h is None else float(np.ravel(h)[0])
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = h
        g[i] = (f(x + e) - f(x - e)) / (2 * h)
    return g
