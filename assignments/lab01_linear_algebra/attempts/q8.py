# %% right: np.diag, as the chapter does
def low_rank(A, k):
    U, s, Vt = np.linalg.svd(np.array(A, dtype=float), full_matrices=False)
    return U[:, :k] @ np.diag(s[:k]) @ Vt[:k, :]


# %% right: a projection onto eigenvectors of A^T A
def low_rank(A, k):
    A = np.array(A, dtype=float)
    V = np.linalg.eigh(A.T @ A)[1][:, A.shape[1] - k :]
    return A @ V @ V.T


# %% wrong: keeps the smallest singular values
def low_rank(A, k):
    U, s, Vt = np.linalg.svd(np.array(A, dtype=float), full_matrices=False)
    return U[:, -k:] @ np.diag(s[-k:]) @ Vt[-k:]


# %% wrong: transposes V once too often
def low_rank(A, k):
    U, s, V = np.linalg.svd(np.array(A, dtype=float), full_matrices=False)
    return (U[:, :k] * s[:k]) @ V[:, :k].T


# %% wrong: one term too many
def low_rank(A, k):
    U, s, Vt = np.linalg.svd(np.array(A, dtype=float), full_matrices=False)
    return (U[:, : k + 1] * s[: k + 1]) @ Vt[: k + 1]


# %% wrong: projects onto the first k rows
def low_rank(A, k):
    A = np.array(A, dtype=float)
    Q = np.linalg.qr(A[:k].T)[0]
    return A @ Q @ Q.T
