# %% right: the exact minimiser of the sum, with its constant
def optimal_step(x, order=2, dtype=np.float64):
    eps = np.finfo(dtype).eps
    best = (eps / order) ** (1.0 / (order + 1))
    return best * np.maximum(1, np.abs(np.array(x, dtype=float)))


# %% right: a smooth scale, the hypotenuse of 1 and x
def optimal_step(x, order=2, dtype=np.float64):
    return np.exp(np.log(np.finfo(dtype).eps) / (1 + order)) * np.hypot(1.0, np.asarray(x, dtype=float))


# %% right: 1 + |x|, by a loop
def optimal_step(x, order=2, dtype=np.float64):
    x = np.array(x, dtype=float)
    h = np.empty(x.shape)
    for i in np.ndindex(x.shape):
        h[i] = float(np.finfo(dtype).eps) ** (1 / (1 + order)) * (1 + abs(x[i]))
    return h


# %% wrong: 1e-7, because it is always 1e-7
# expects: 1e-7 is a popular number
def optimal_step(x, order=2, dtype=np.float64):
    return 1e-7 * np.maximum(1.0, np.abs(np.asarray(x, dtype=float)))


# %% wrong: square root of eps for every order
# expects: this is the square root of eps
def optimal_step(x, order=2, dtype=np.float64):
    return np.sqrt(np.finfo(dtype).eps) * np.maximum(1.0, np.abs(np.asarray(x, dtype=float)))


# %% wrong: the exponent 1/order
def optimal_step(x, order=2, dtype=np.float64):
    return np.finfo(dtype).eps ** (1 / order) * np.maximum(1.0, np.abs(np.asarray(x, dtype=float)))


# %% wrong: cube root of eps for every order
def optimal_step(x, order=2, dtype=np.float64):
    return float(np.cbrt(np.finfo(dtype).eps)) * np.maximum(1.0, np.abs(np.asarray(x, dtype=float)))


# %% wrong: does not grow with x
def optimal_step(x, order=2, dtype=np.float64):
    return np.full(np.shape(x), float(np.finfo(dtype).eps) ** (1 / (order + 1)))


# %% wrong: vanishes at zero
# expects: the step must not vanish
def optimal_step(x, order=2, dtype=np.float64):
    return float(np.finfo(dtype).eps) ** (1 / (order + 1)) * np.abs(np.asarray(x, dtype=float))


# %% wrong: forgets the sign of x
def optimal_step(x, order=2, dtype=np.float64):
    return float(np.finfo(dtype).eps) ** (1 / (order + 1)) * np.maximum(1.0, np.asarray(x, dtype=float))


# %% wrong: always double precision
def optimal_step(x, order=2, dtype=np.float64):
    eps = np.finfo(np.float64).eps
    return eps ** (1 / (order + 1)) * np.maximum(1.0, np.abs(np.asarray(x, dtype=float)))


# %% wrong: one step for all entries, made for the largest
def optimal_step(x, order=2, dtype=np.float64):
    x = np.asarray(x, dtype=float)
    return np.full(x.shape, float(np.finfo(dtype).eps) ** (1 / (order + 1)) * max(1.0, np.abs(x).max()))


# %% wrong: grows only with the root of x
def optimal_step(x, order=2, dtype=np.float64):
    size = np.maximum(1.0, np.abs(np.asarray(x, dtype=float)))
    return float(np.finfo(dtype).eps) ** (1 / (order + 1)) * size**0.5


# %% wrong: the result has the low precision of the function
def optimal_step(x, order=2, dtype=np.float64):
    x = np.asarray(x, dtype=dtype)
    return np.finfo(dtype).eps ** (1 / (order + 1)) * np.maximum(np.ones((), dtype), np.abs(x))


# %% wrong: changes x
def optimal_step(x, order=2, dtype=np.float64):
    h = np.asarray(x, dtype=float)
    h[...] = float(np.finfo(dtype).eps) ** (1 / (order + 1)) * np.maximum(1.0, np.abs(h))
    return h


# %% wrong: a flat vector of steps
def optimal_step(x, order=2, dtype=np.float64):
    size = np.maximum(1.0, np.abs(np.ravel(np.asarray(x, dtype=float))))
    return float(np.finfo(dtype).eps) ** (1 / (order + 1)) * size
