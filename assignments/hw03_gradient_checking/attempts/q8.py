# %% right: the whole Jacobian by differences
def vjp_check(fwd, vjp, x, rng, tol=1e-6):
    x = np.array(x, dtype=float)
    h = optimal_step(x)
    w = rng.normal(size=np.shape(fwd(x)))
    expected = np.empty(x.shape)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = h[i]
        expected[i] = np.sum((np.asarray(fwd(x + e)) - fwd(x - e)) / (2 * h[i]) * w)
    got = np.asarray(vjp(x, w), dtype=float)
    return got.shape == x.shape and bool(np.abs(got - expected).max() <= tol * np.abs(expected).max())


# %% right: the gradient of <fwd, w>, checked along a direction
def vjp_check(fwd, vjp, x, rng, tol=1e-6):
    w = rng.normal(size=np.shape(fwd(np.array(x, dtype=float))))
    return directional_check(lambda z: np.sum(np.asarray(fwd(z)) * w), lambda z: vjp(z, w), x, rng, tol)


# %% right: two pairs of random vectors
def vjp_check(fwd, vjp, x, rng, tol=1e-6):
    x = np.array(x, dtype=float)
    h = float(np.cbrt(np.finfo(float).eps) * max(1, np.abs(x).max()))
    for _ in range(2):
        v = rng.standard_normal(x.shape)
        Jv = (np.asarray(fwd(x + h * v)) - np.asarray(fwd(x - h * v))) / (2 * h)
        w = rng.standard_normal(Jv.shape)
        JTw = np.asarray(vjp(x.copy(), w.copy()))
        if JTw.shape != x.shape:
            return False
        size = max(np.sqrt(np.sum((Jv * w) ** 2)), np.sqrt(np.sum((JTw * v) ** 2)))
        if not abs(np.sum(Jv * w) - np.sum(JTw * v)) <= tol * size:
            return False
    return True


# %% wrong: a cotangent of ones
# expects: is your w all ones
def vjp_check(fwd, vjp, x, rng, tol=1e-6):
    x = np.array(x, dtype=float)
    v, h = rng.normal(size=x.shape), np.max(optimal_step(x))
    pushed = (np.asarray(fwd(x + h * v)) - np.asarray(fwd(x - h * v))) / (2 * h)
    w = np.ones(pushed.shape)
    pulled = np.asarray(vjp(x, w))
    if pulled.shape != x.shape:
        return False
    size = max(np.linalg.norm((pushed * w).ravel()), np.linalg.norm((pulled * v).ravel()))
    return bool(abs(np.sum(pushed * w) - np.sum(pulled * v)) <= tol * size)


# %% wrong: a direction of ones
def vjp_check(fwd, vjp, x, rng, tol=1e-6):
    x = np.array(x, dtype=float)
    v, h = np.ones(x.shape), np.max(optimal_step(x))
    pushed = (np.asarray(fwd(x + h * v)) - np.asarray(fwd(x - h * v))) / (2 * h)
    w = rng.normal(size=pushed.shape)
    pulled = np.asarray(vjp(x, w))
    if pulled.shape != x.shape:
        return False
    size = max(np.linalg.norm((pushed * w).ravel()), np.linalg.norm((pulled * v).ravel()))
    return bool(abs(np.sum(pushed * w) - np.sum(pulled * v)) <= tol * size)


# %% wrong: one vector in both roles where the shapes allow it
def vjp_check(fwd, vjp, x, rng, tol=1e-6):
    x = np.array(x, dtype=float)
    v, h = rng.normal(size=x.shape), np.max(optimal_step(x))
    pushed = (np.asarray(fwd(x + h * v)) - np.asarray(fwd(x - h * v))) / (2 * h)
    w = v if pushed.shape == v.shape else rng.normal(size=pushed.shape)
    pulled = np.asarray(vjp(x, w))
    if pulled.shape != x.shape:
        return False
    size = max(np.linalg.norm((pushed * w).ravel()), np.linalg.norm((pulled * v).ravel()))
    return bool(abs(np.sum(pushed * w) - np.sum(pulled * v)) <= tol * size)


# %% wrong: the cotangent is x where the shapes allow it
def vjp_check(fwd, vjp, x, rng, tol=1e-6):
    x = np.array(x, dtype=float)
    v, h = rng.normal(size=x.shape), np.max(optimal_step(x))
    pushed = (np.asarray(fwd(x + h * v)) - np.asarray(fwd(x - h * v))) / (2 * h)
    w = x if pushed.shape == x.shape else rng.normal(size=pushed.shape)
    pulled = np.asarray(vjp(x, w))
    if pulled.shape != x.shape:
        return False
    size = max(np.linalg.norm((pushed * w).ravel()), np.linalg.norm((pulled * v).ravel()))
    return bool(abs(np.sum(pushed * w) - np.sum(pulled * v)) <= tol * size)


# %% wrong: looks at shapes only
def vjp_check(fwd, vjp, x, rng, tol=1e-6):
    x = np.array(x, dtype=float)
    w = rng.normal(size=np.shape(fwd(x)))
    return np.shape(vjp(x, w)) == x.shape


# %% wrong: absolute comparison
def vjp_check(fwd, vjp, x, rng, tol=1e-6):
    x = np.array(x, dtype=float)
    v, h = rng.normal(size=x.shape), np.max(optimal_step(x))
    pushed = (np.asarray(fwd(x + h * v)) - np.asarray(fwd(x - h * v))) / (2 * h)
    w = rng.normal(size=pushed.shape)
    pulled = np.asarray(vjp(x, w))
    return pulled.shape == x.shape and bool(abs(np.sum(pushed * w) - np.sum(pulled * v)) <= tol)


# %% wrong: fixed step of 1e-7
def vjp_check(fwd, vjp, x, rng, tol=1e-6):
    x = np.array(x, dtype=float)
    v, h = rng.normal(size=x.shape), 1e-7
    pushed = (np.asarray(fwd(x + h * v)) - np.asarray(fwd(x - h * v))) / (2 * h)
    w = rng.normal(size=pushed.shape)
    pulled = np.asarray(vjp(x, w))
    if pulled.shape != x.shape:
        return False
    size = max(np.linalg.norm((pushed * w).ravel()), np.linalg.norm((pulled * v).ravel()))
    return bool(abs(np.sum(pushed * w) - np.sum(pulled * v)) <= tol * size)


# %% wrong: compares Jv with the pulled-back vector, which live in different spaces
def vjp_check(fwd, vjp, x, rng, tol=1e-6):
    x = np.array(x, dtype=float)
    v, h = rng.normal(size=x.shape), np.max(optimal_step(x))
    pushed = (np.asarray(fwd(x + h * v)) - np.asarray(fwd(x - h * v))) / (2 * h)
    w = rng.normal(size=pushed.shape)
    pulled = np.asarray(vjp(x, w))
    return bool(abs(pushed.sum() - pulled.sum()) <= tol * abs(pushed).sum())


# %% wrong: vectors only, with @ as the inner product
def vjp_check(fwd, vjp, x, rng, tol=1e-6):
    x = np.array(x, dtype=float)
    v, h = rng.normal(size=x.shape), np.max(optimal_step(x))
    pushed = (np.asarray(fwd(x + h * v)) - np.asarray(fwd(x - h * v))) / (2 * h)
    w = rng.normal(size=pushed.shape)
    pulled = np.asarray(vjp(x, w))
    if pulled.shape != x.shape:
        return False
    return bool(abs(pushed @ w - pulled @ v) <= tol * max(np.linalg.norm(pushed * w), np.linalg.norm(pulled * v)))


# %% wrong: stretches a result of the wrong shape
def vjp_check(fwd, vjp, x, rng, tol=1e-6):
    x = np.array(x, dtype=float)
    v, h = rng.normal(size=x.shape), np.max(optimal_step(x))
    pushed = (np.asarray(fwd(x + h * v)) - np.asarray(fwd(x - h * v))) / (2 * h)
    w = rng.normal(size=pushed.shape)
    pulled = np.asarray(vjp(x, w)) + 0 * x
    size = max(np.linalg.norm((pushed * w).ravel()), np.linalg.norm((pulled * v).ravel()))
    return bool(abs(np.sum(pushed * w) - np.sum(pulled * v)) <= tol * size)


# %% wrong: right up to a factor, by the cosine of the two numbers
def vjp_check(fwd, vjp, x, rng, tol=1e-6):
    x = np.array(x, dtype=float)
    v, h = rng.normal(size=x.shape), np.max(optimal_step(x))
    pushed = (np.asarray(fwd(x + h * v)) - np.asarray(fwd(x - h * v))) / (2 * h)
    w = rng.normal(size=pushed.shape)
    return bool(np.sign(np.sum(pushed * w)) == np.sign(np.sum(np.asarray(vjp(x, w)) * v)))
