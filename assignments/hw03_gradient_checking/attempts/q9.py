# %% right: second difference over h
def kink_mask(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    mask, f0 = np.zeros(x.shape, bool), f(x)
    for i in np.ndindex(x.shape):
        plus, minus = x.copy(), x.copy()
        plus[i] += h
        minus[i] -= h
        fp, fm = f(plus), f(minus)
        limit = 1e-3 * max(h, abs(fp - f0), abs(f0 - fm))
        mask[i] = abs(fp - 2 * f0 + fm) > limit
    return mask


# %% right: all slopes first, then one comparison of arrays
def kink_mask(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    moves = [h * e.reshape(x.shape) for e in np.eye(x.size)]
    r = np.array([(f(x + m) - f(x)) / h for m in moves]).reshape(x.shape)
    l = np.array([(f(x) - f(x - m)) / h for m in moves]).reshape(x.shape)
    return np.abs(r - l) > 1e-3 * np.max([np.ones(x.shape), np.abs(r), np.abs(l)], axis=0)


# %% wrong: marks what is close to zero
def kink_mask(f, x, h=1e-5):
    return np.abs(np.asarray(x, dtype=float)) < h


# %% wrong: forgets to divide the second difference by h
def kink_mask(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    mask = np.zeros(x.shape, dtype=bool)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = h
        r, l = f(x + e) - f(x), f(x) - f(x - e)
        mask[i] = abs(r - l) > 1e-3 * max(1, abs(r), abs(l))
    return mask


# %% wrong: compares the forward with the central difference, half the jump
def kink_mask(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    mask = np.zeros(x.shape, dtype=bool)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = h
        r, c = (f(x + e) - f(x)) / h, (f(x + e) - f(x - e)) / (2 * h)
        mask[i] = abs(r - c) > 1e-3 * max(1, abs(r), abs(c))
    return mask


# %% wrong: absolute limit, so that steep smooth functions are marked
def kink_mask(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    mask = np.zeros(x.shape, dtype=bool)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = h
        r, l = (f(x + e) - f(x)) / h, (f(x) - f(x - e)) / h
        mask[i] = abs(r - l) > 1e-3
    return mask


# %% wrong: purely relative limit, so that flat places are marked
def kink_mask(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    mask = np.zeros(x.shape, dtype=bool)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = h
        r, l = (f(x + e) - f(x)) / h, (f(x) - f(x - e)) / h
        mask[i] = abs(r - l) > 1e-3 * max(abs(r), abs(l))
    return mask


# %% wrong: looks for a change of sign of the slope
def kink_mask(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    mask = np.zeros(x.shape, dtype=bool)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = h
        mask[i] = (f(x + e) - f(x)) * (f(x) - f(x - e)) <= 0
    return mask


# %% wrong: no absolute value
def kink_mask(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    mask = np.zeros(x.shape, dtype=bool)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = h
        r, l = (f(x + e) - f(x)) / h, (f(x) - f(x - e)) / h
        mask[i] = r - l > 1e-3 * max(1, r, l)
    return mask


# %% wrong: step fixed at 1e-5
def kink_mask(f, x, h=1e-5):
    x, h = np.array(x, dtype=float), 1e-5
    mask = np.zeros(x.shape, dtype=bool)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = h
        r, l = (f(x + e) - f(x)) / h, (f(x) - f(x - e)) / h
        mask[i] = abs(r - l) > 1e-3 * max(1, abs(r), abs(l))
    return mask


# %% wrong: moves all entries at once
def kink_mask(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    r, l = (f(x + h) - f(x)) / h, (f(x) - f(x - h)) / h
    return np.full(x.shape, abs(r - l) > 1e-3 * max(1, abs(r), abs(l)))


# %% wrong: rows of a matrix move together
def kink_mask(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    mask = np.zeros(x.shape, dtype=bool)
    for i in range(len(x)):
        e = np.zeros(x.shape)
        e[i] = h
        r, l = (f(x + e) - f(x)) / h, (f(x) - f(x - e)) / h
        mask[i] = abs(r - l) > 1e-3 * max(1, abs(r), abs(l))
    return mask


# %% wrong: whole numbers stay whole numbers
def kink_mask(f, x, h=1e-5):
    x = np.array(x)
    mask = np.zeros(x.shape, dtype=bool)
    for i in np.ndindex(x.shape):
        plus, minus = x.copy(), x.copy()
        plus[i] += h
        minus[i] -= h
        r, l = (f(plus) - f(x)) / h, (f(x) - f(minus)) / h
        mask[i] = abs(r - l) > 1e-3 * max(1, abs(r), abs(l))
    return mask


# %% wrong: a list of indices instead of a mask
def kink_mask(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    found = []
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = h
        r, l = (f(x + e) - f(x)) / h, (f(x) - f(x - e)) / h
        if abs(r - l) > 1e-3 * max(1, abs(r), abs(l)):
            found.append(i)
    return found
