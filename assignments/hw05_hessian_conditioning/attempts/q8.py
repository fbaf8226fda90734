# %% right: Lanczos with full orthogonalisation, twice
def top_eigs(matvec, n, k):
    rng = np.random.default_rng(0)
    steps = min(n, 150)
    Q = np.zeros((n, steps))
    T = np.zeros((steps, steps))
    q = rng.normal(size=n)
    for j in range(steps):
        for _ in range(2):
            q = q - Q[:, :j] @ (Q[:, :j].T @ q)
        norm = np.linalg.norm(q)
        Q[:, j] = q / norm
        q = np.array(matvec(Q[:, j]), dtype=float)
        T[: j + 1, j] = Q[:, : j + 1].T @ q
    T = np.triu(T) + np.triu(T, 1).T
    values, S = np.linalg.eigh(T)
    best = np.argsort(-abs(values))[:k]
    return values[best], Q @ S[:, best]


# %% right: eigsh for both ends, then sorted by magnitude
def top_eigs(matvec, n, k):
    from scipy.sparse.linalg import LinearOperator, eigsh

    A = LinearOperator((n, n), matvec=lambda v: matvec(v.ravel()), dtype=np.float64)
    values, vectors = eigsh(A, k=k, which="LM", ncv=min(n, 4 * k + 20), v0=np.ones(n) + np.arange(n) / n)
    best = sorted(range(k), key=lambda i: -abs(values[i]))
    return values[best], vectors[:, best]


# %% right: block subspace of random start vectors, Rayleigh-Ritz on all products
def top_eigs(matvec, n, k):
    rng = np.random.default_rng(1)
    block = np.linalg.qr(rng.normal(size=(n, k)))[0]
    basis = np.zeros((n, 0))
    images = np.zeros((n, 0))
    while basis.shape[1] + k <= min(n, 260):
        image = np.column_stack([matvec(column) for column in block.T])
        basis, images = np.hstack([basis, block]), np.hstack([images, image])
        block = image
        for _ in range(2):
            block = np.linalg.qr(block - basis @ (basis.T @ block))[0]
    small = basis.T @ images
    values, S = np.linalg.eigh((small + small.T) / 2)
    best = np.argsort(-np.abs(values))[:k]
    return values[best], basis @ S[:, best]


# %% wrong: power iteration that returns the length of Hv
# expects: the sign of -8 has been lost
def top_eigs(matvec, n, k):
    rng = np.random.default_rng(0)
    values, vectors = [], []
    for _ in range(k):
        v = rng.normal(size=n)
        for _ in range(300 // k):
            for u in vectors:
                v = v - (u @ v) * u
            v = v / np.linalg.norm(v)
            w = matvec(v)
            length = np.linalg.norm(w)
            v = w
        values.append(length)
        vectors.append(v / np.linalg.norm(v))
    return np.array(values), np.column_stack(vectors)


# %% wrong: power iteration without deflation finds the first one k times
def top_eigs(matvec, n, k):
    rng = np.random.default_rng(0)
    values, vectors = [], []
    for _ in range(k):
        v = rng.normal(size=n)
        for _ in range(300 // k):
            v = v / np.linalg.norm(v)
            w = np.array(matvec(v))
            value = v @ w
            v = w
        values.append(value)
        vectors.append(v / np.linalg.norm(v))
    return np.array(values), np.column_stack(vectors)


# %% wrong: power iteration with deflation and Rayleigh quotients, too slow when eigenvalues are close
def top_eigs(matvec, n, k):
    rng = np.random.default_rng(0)
    values, vectors = [], []
    for _ in range(k):
        v = rng.normal(size=n)
        for _ in range(20):
            for u in vectors:
                v = v - (u @ v) * u
            v = v / np.linalg.norm(v)
            w = np.array(matvec(v))
            value = v @ w
            v = w
        values.append(value)
        vectors.append(v / np.linalg.norm(v))
    return np.array(values), np.column_stack(vectors)


# %% wrong: Lanczos without orthogonalisation, which reports ghosts
def top_eigs(matvec, n, k):
    rng = np.random.default_rng(0)
    steps = min(n, 100)
    Q = np.zeros((n, steps))
    alpha, beta = np.zeros(steps), np.zeros(steps)
    q, before = rng.normal(size=n), np.zeros(n)
    q = q / np.linalg.norm(q)
    b = 0.0
    for j in range(steps):
        Q[:, j] = q
        w = np.array(matvec(q)) - b * before
        alpha[j] = w @ q
        w = w - alpha[j] * q
        b = beta[j] = np.linalg.norm(w)
        before, q = q, w / b
    T = np.diag(alpha) + np.diag(beta[:-1], 1) + np.diag(beta[:-1], -1)
    values, S = np.linalg.eigh(T)
    best = np.argsort(-abs(values))[:k]
    vectors = Q @ S[:, best]
    return values[best], vectors / np.linalg.norm(vectors, axis=0)


# %% wrong: the largest instead of the largest in magnitude
# expects: not the largest in magnitude
def top_eigs(matvec, n, k):
    from scipy.sparse.linalg import LinearOperator, eigsh

    values, vectors = eigsh(LinearOperator((n, n), matvec=matvec, dtype=float), k=k, which="LA")
    return values[::-1], vectors[:, ::-1]


# %% wrong: order of eigsh, by value
# expects: largest magnitude first
def top_eigs(matvec, n, k):
    from scipy.sparse.linalg import LinearOperator, eigsh

    values, vectors = eigsh(LinearOperator((n, n), matvec=matvec, dtype=float), k=k, which="LM")
    return values[::-1], vectors[:, ::-1]


# %% wrong: values sorted, vectors left in the old order
def top_eigs(matvec, n, k):
    from scipy.sparse.linalg import LinearOperator, eigsh

    values, vectors = eigsh(LinearOperator((n, n), matvec=matvec, dtype=float), k=k, which="LM")
    return np.array(sorted(values, key=abs, reverse=True)), vectors


# %% wrong: builds the matrix column by column
def top_eigs(matvec, n, k):
    H = np.column_stack([matvec(e) for e in np.eye(n)])
    values, vectors = np.linalg.eigh(H)
    best = np.argsort(-abs(values))[:k]
    return values[best], vectors[:, best]


# %% wrong: singular values
def top_eigs(matvec, n, k):
    from scipy.sparse.linalg import LinearOperator, svds

    U, s, _ = svds(LinearOperator((n, n), matvec=matvec, rmatvec=matvec, dtype=float), k=k)
    return s[::-1], U[:, ::-1]


# %% wrong: vectors in rows
def top_eigs(matvec, n, k):
    from scipy.sparse.linalg import LinearOperator, eigsh

    values, vectors = eigsh(LinearOperator((n, n), matvec=matvec, dtype=float), k=k, which="LM")
    order = np.argsort(-np.abs(values))
    return values[order], vectors[:, order].T


# %% wrong: values only
def top_eigs(matvec, n, k):
    from scipy.sparse.linalg import LinearOperator, eigsh

    values = eigsh(LinearOperator((n, n), matvec=matvec, dtype=float), k=k, return_eigenvectors=False)
    return values[np.argsort(-np.abs(values))]
