# %% right: central difference of a central-difference gradient
def hessian(f, x):
    x = np.asarray(x, dtype=float)
    h = np.finfo(float).eps ** 0.25 * np.maximum(1.0, np.abs(x))
    I = np.eye(len(x))

    def gradient(z):
        return np.array([(f(z + h[i] * I[i]) - f(z - h[i] * I[i])) / (2 * h[i]) for i in range(len(z))])

    H = np.array([(gradient(x + h[j] * I[j]) - gradient(x - h[j] * I[j])) / (2 * h[j]) for j in range(len(x))])
    return (H + H.T) / 2


# %% right: three points on the diagonal, polarisation off it
def hessian(f, x):
    x = np.array(x, dtype=float)
    n = x.size
    h = 2e-4 * np.maximum(1, abs(x))

    def along(direction):
        return f(x + direction) - 2 * f(x) + f(x - direction)

    H = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            a, b = h[i] * np.eye(n)[i], h[j] * np.eye(n)[j]
            if i == j:
                H[i, i] = along(a) / h[i] ** 2
            else:
                H[i, j] = (along(a + b) - along(a - b)) / (4 * h[i] * h[j])
    return H


# %% right: Richardson extrapolation from two larger steps
def hessian(f, x):
    x = np.asarray(x, dtype=float)
    n = len(x)

    def four_points(scale):
        s = np.diag(scale * np.maximum(1, np.abs(x)))
        return np.array(
            [[(f(x + a + b) - f(x + a - b) - f(x - a + b) + f(x - a - b)) / (4 * a.sum() * b.sum()) for b in s] for a in s]
        )

    return (4 * four_points(5e-4) - four_points(1e-3)) / 3


# %% right: complex step for the gradient, central difference of it
def hessian(f, x):
    x = np.asarray(x, dtype=float)
    n = len(x)
    h = np.finfo(float).eps ** (1 / 3) * np.maximum(1, np.abs(x))

    def gradient(z):
        return np.array([np.imag(f(z + 1e-30j * e)) / 1e-30 for e in np.eye(n)])

    H = np.array([(gradient(x + h[j] * e) - gradient(x - h[j] * e)) / (2 * h[j]) for j, e in enumerate(np.eye(n))])
    return (H + H.T) / 2


# %% right: the step cbrt(eps) of central first derivatives, not best but within 1e-5
def hessian(f, x):
    x = np.asarray(x, dtype=float)
    s = np.diag(np.finfo(float).eps ** (1 / 3) * np.maximum(1, np.abs(x)))
    return np.array(
        [[(f(x + a + b) - f(x + a - b) - f(x - a + b) + f(x - a - b)) / (4 * a.sum() * b.sum()) for b in s] for a in s]
    )


# %% wrong: the step 1e-7 of first derivatives
# expects: rounding, divided by h squared
def hessian(f, x):
    x = np.asarray(x, dtype=float)
    h, n = 1e-7, len(x)
    I = h * np.eye(n)
    return np.array(
        [[(f(x + a + b) - f(x + a - b) - f(x - a + b) + f(x - a - b)) / (4 * h * h) for b in I] for a in I]
    )


# %% wrong: the step cbrt(eps) of central first derivatives, whatever the size of x
def hessian(f, x):
    x = np.asarray(x, dtype=float)
    h, n = np.finfo(float).eps ** (1 / 3), len(x)
    I = h * np.eye(n)
    return np.array(
        [[(f(x + a + b) - f(x + a - b) - f(x - a + b) + f(x - a - b)) / (4 * h * h) for b in I] for a in I]
    )


# %% wrong: one-sided differences
def hessian(f, x):
    x = np.asarray(x, dtype=float)
    h = np.finfo(float).eps ** (1 / 3) * np.maximum(1, np.abs(x))
    I = np.diag(h)
    return np.array([[(f(x + a + b) - f(x + a) - f(x + b) + f(x)) / (a.sum() * b.sum()) for b in I] for a in I])


# %% wrong: a step of 0.01, to be safe from rounding
def hessian(f, x):
    x = np.asarray(x, dtype=float)
    I = np.diag(1e-2 * np.maximum(1, np.abs(x)))
    return np.array(
        [[(f(x + a + b) - f(x + a - b) - f(x - a + b) + f(x - a - b)) / (4 * a.sum() * b.sum()) for b in I] for a in I]
    )


# %% wrong: one step for all sizes of x
def hessian(f, x):
    x = np.asarray(x, dtype=float)
    h = np.finfo(float).eps ** 0.25
    I = h * np.eye(len(x))
    return np.array(
        [[(f(x + a + b) - f(x + a - b) - f(x - a + b) + f(x - a - b)) / (4 * h * h) for b in I] for a in I]
    )


# %% wrong: step proportional to x, zero at zero
def hessian(f, x):
    x = np.asarray(x, dtype=float)
    I = np.diag(1.2e-4 * np.abs(x) * 1e-2)
    return np.array(
        [[(f(x + a + b) - f(x + a - b) - f(x - a + b) + f(x - a - b)) / (4 * a.sum() * b.sum()) for b in I] for a in I]
    )


# %% wrong: only the second derivatives along the axes
# expects: the mixed derivatives are missing
def hessian(f, x):
    x = np.asarray(x, dtype=float)
    h = 1.2e-4 * np.maximum(1, np.abs(x))
    return np.diag([(f(x + a) - 2 * f(x) + f(x - a)) / a.sum() ** 2 for a in np.diag(h)])


# %% wrong: denominator h_i h_j without the 4
# expects: 4.0 times too large
def hessian(f, x):
    x = np.asarray(x, dtype=float)
    I = np.diag(1.2e-4 * np.maximum(1, np.abs(x)))
    return np.array(
        [[(f(x + a + b) - f(x + a - b) - f(x - a + b) + f(x - a - b)) / (a.sum() * b.sum()) for b in I] for a in I]
    )


# %% wrong: result in an array like x, which truncates for whole numbers
def hessian(f, x):
    x = np.asarray(x)
    n = len(x)
    H = np.zeros((n, n), dtype=x.dtype)
    s = np.diag(1.2e-4 * np.maximum(1, np.abs(x)))
    for i in range(n):
        for j in range(n):
            a, b = s[i], s[j]
            H[i, j] = (f(x + a + b) - f(x + a - b) - f(x - a + b) + f(x - a - b)) / (4 * s[i, i] * s[j, j])
    return H


# %% wrong: moves x itself and does not bring it back
def hessian(f, x):
    n = len(x)
    H = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            h = 1.2e-4
            x[i] += h
            x[j] += h
            fpp = f(x)
            x[j] -= 2 * h
            fpm = f(x)
            x[i] -= 2 * h
            fmm = f(x)
            x[j] += 2 * h
            fmp = f(x)
            H[i, j] = (fpp - fpm - fmp + fmm) / (4 * h * h)
    return H


# %% wrong: product of first derivatives
def hessian(f, x):
    x = np.asarray(x, dtype=float)
    g = np.array([(f(x + a) - f(x - a)) / 2e-6 for a in 1e-6 * np.eye(len(x))])
    return np.outer(g, g)
