# %% right: energies of the matrices themselves
def compression(A, k):
    A = np.array(A, dtype=float)
    m, n = A.shape
    kept = np.linalg.norm(low_rank(A, k)) ** 2 / np.linalg.norm(A) ** 2
    numbers = k * m + k + k * n
    return dict(stored=numbers, saved=(m * n - numbers) / (m * n), energy=kept)


# %% right: from the eigenvalues of A A^T
def compression(A, k):
    A = np.array(A, dtype=float)
    m, n = A.shape
    squares = np.sort(np.linalg.eigvalsh(A @ A.T))[::-1]
    numbers = k * (m + n + 1)
    return {"energy": squares[:k].sum() / np.trace(A @ A.T), "stored": numbers, "saved": 1 - numbers / m / n}


# %% wrong: forgets to store the singular values, as the chapter does
def compression(A, k):
    A = np.array(A, dtype=float)
    s = np.linalg.svd(A, compute_uv=False)
    numbers = k * sum(A.shape)
    return {"stored": numbers, "saved": 1 - numbers / A.size, "energy": (s[:k] ** 2).sum() / (s**2).sum()}


# %% wrong: variance instead of energy
def compression(A, k):
    A = np.array(A, dtype=float)
    s = np.linalg.svd(A - A.mean(axis=0), compute_uv=False)
    numbers = k * (sum(A.shape) + 1)
    return {"stored": numbers, "saved": 1 - numbers / A.size, "energy": (s[:k] ** 2).sum() / (s**2).sum()}


# %% wrong: singular values without squares
def compression(A, k):
    A = np.array(A, dtype=float)
    s = np.linalg.svd(A, compute_uv=False)
    numbers = k * (sum(A.shape) + 1)
    return {"stored": numbers, "saved": 1 - numbers / A.size, "energy": s[:k].sum() / s.sum()}


# %% wrong: a loss is reported as no saving
def compression(A, k):
    A = np.array(A, dtype=float)
    s = np.linalg.svd(A, compute_uv=False)
    numbers = k * (sum(A.shape) + 1)
    saved = max(0.0, 1 - numbers / A.size)
    return {"stored": numbers, "saved": saved, "energy": (s[:k] ** 2).sum() / (s**2).sum()}
