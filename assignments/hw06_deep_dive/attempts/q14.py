# %% right: torch's gradient, and an orthogonal vector by QR
def flipping_documents(query):
    q = np.asarray(query, dtype=float)
    basis = np.linalg.qr(np.column_stack([q, np.eye(len(q))])).Q
    across = basis[:, 1] * np.linalg.norm(q)
    return [(2 * q + 4 * across).tolist(), q.tolist()]


def cosine_gradient(q, X):
    X = torch.tensor(np.asarray(X, dtype=float), requires_grad=True)
    q = torch.tensor(np.asarray(q, dtype=float))
    cosine = (X / torch.linalg.norm(X, dim=1, keepdim=True)) @ (q / torch.linalg.norm(q))
    return torch.autograd.grad(cosine.sum(), X)[0].numpy()


# %% right: the formula with the dot product, and the query's own entries turned
def flipping_documents(query):
    q = np.array(query, dtype=float)
    rng = np.random.default_rng(0)
    v = rng.normal(size=len(q))
    v -= v @ q / (q @ q) * q
    v *= np.linalg.norm(q) / np.linalg.norm(v)
    return np.stack([10 * (q + v), q])


def cosine_gradient(q, X):
    q, X = np.asarray(q, dtype=float), np.asarray(X, dtype=float)
    rows = []
    for x in X:
        n, m = np.linalg.norm(x), np.linalg.norm(q)
        rows.append(q / (m * n) - (q @ x) / (m * n) * (x / n) / n)
    return np.array(rows)


# %% wrong: the gradient of the dot product of unit vectors, without the projection
# expects: orthogonal to x
def flipping_documents(query):
    q = np.asarray(query, dtype=float)
    across = np.zeros(len(q))
    across[np.argmin(np.abs(q))] = np.linalg.norm(q)
    across -= across @ q / (q @ q) * q
    return np.array([3 * q + 9 * across, q])


def cosine_gradient(q, X):
    q, X = np.asarray(q, dtype=float), np.asarray(X, dtype=float)
    return np.tile(q / np.linalg.norm(q), (len(X), 1)) / np.linalg.norm(X, axis=1, keepdims=True)


# %% wrong: not divided by the length of x
# expects: divide by the length of x
def flipping_documents(query):
    q = np.asarray(query, dtype=float)
    across = np.zeros(len(q))
    across[np.argmin(np.abs(q))] = np.linalg.norm(q)
    across -= across @ q / (q @ q) * q
    return np.array([3 * q + 9 * across, q])


def cosine_gradient(q, X):
    q, X = np.asarray(q, dtype=float), np.asarray(X, dtype=float)
    q = q / np.linalg.norm(q)
    U = X / np.linalg.norm(X, axis=1, keepdims=True)
    return q - (U @ q)[:, None] * U


# %% wrong: only a longer copy, so the cosines are equal
# expects: document 1 must win by cosine
def flipping_documents(query):
    q = np.asarray(query, dtype=float)
    return np.array([10 * q, q])


def cosine_gradient(q, X):
    q, X = np.asarray(q, dtype=float), np.asarray(X, dtype=float)
    q = q / np.linalg.norm(q)
    n = np.linalg.norm(X, axis=1, keepdims=True)
    return (q - (X / n @ q)[:, None] * X / n) / n


# %% wrong: adds a constant to all entries, which fails for queries with equal entries
def flipping_documents(query):
    q = np.asarray(query, dtype=float)
    return np.array([q + 5 * np.abs(q).max(), q])


def cosine_gradient(q, X):
    q, X = np.asarray(q, dtype=float), np.asarray(X, dtype=float)
    q = q / np.linalg.norm(q)
    n = np.linalg.norm(X, axis=1, keepdims=True)
    return (q - (X / n @ q)[:, None] * X / n) / n


# %% wrong: a small constant in the denominator, against division by zero
def flipping_documents(query):
    q = np.asarray(query, dtype=float)
    across = np.zeros(len(q))
    across[np.argmin(np.abs(q))] = np.linalg.norm(q)
    across -= across @ q / (q @ q) * q
    return np.array([3 * q + 9 * across, q])


def cosine_gradient(q, X):
    q, X = np.asarray(q, dtype=float), np.asarray(X, dtype=float)
    q = q / np.linalg.norm(q)
    n = np.linalg.norm(X, axis=1, keepdims=True) + 1e-12
    return (q - (X / n @ q)[:, None] * X / n) / n
