# %% right: filled entry by entry
def map_jacobian(x):
    J = np.zeros((3, 2))
    J[0, 0] = 2 * x[0]
    J[1] = x[1], x[0]
    J[2, 1] = 2 * x[1]
    return J


def layer_jacobian(W, b, x):
    W = np.array(W, dtype=float)
    z = W @ x + b
    J = np.empty_like(W)
    for i in range(W.shape[0]):
        for j in range(W.shape[1]):
            J[i, j] = W[i, j] / np.cosh(z[i]) ** 2
    return J


# %% right: a diagonal matrix times W
def map_jacobian(x):
    a, b = x
    return np.array([[a + a, 0], [b, a], [0, b + b]], dtype=float)


def layer_jacobian(W, b, x):
    W, b, x = (np.asarray(v, dtype=float) for v in (W, b, x))
    return np.diag(1 - np.tanh(W @ x + b) ** 2) @ W


# %% wrong: transposed
# expects: this is the transpose
def map_jacobian(x):
    a, b = x
    return np.array([[2 * a, b, 0], [0, a, 2 * b]], dtype=float)


def layer_jacobian(W, b, x):
    W = np.asarray(W, dtype=float)
    return (W * (1 - np.tanh(W @ x + b) ** 2)[:, None]).T


# %% wrong: second row the wrong way round, slope of tanh at 0
# expects: second row
def map_jacobian(x):
    a, b = x
    return np.array([[2 * a, 0], [a, b], [0, 2 * b]], dtype=float)


def layer_jacobian(W, b, x):
    return np.asarray(W, dtype=float)


# %% wrong: bias forgotten
def map_jacobian(x):
    a, b = x
    return np.array([[2 * a, 0], [b, a], [0, 2 * b]], dtype=float)


def layer_jacobian(W, b, x):
    W = np.asarray(W, dtype=float)
    return (1 - np.tanh(W @ x) ** 2)[:, None] * W


# %% wrong: the numbers of the check
def map_jacobian(x):
    return np.array([[4.0, 0.0], [3.0, 2.0], [0.0, 6.0]])


def layer_jacobian(W, b, x):
    W = np.asarray(W, dtype=float)
    return (1 - np.tanh(W @ x + b) ** 2)[:, None] * W
