# %% right: NumPy's own
def condition_number(W):
    return float(np.linalg.cond(np.asarray(W, dtype=float)))


def kappa_under_scaling(W, scales):
    return np.linalg.cond(np.multiply.outer(np.asarray(scales, dtype=float), np.asarray(W, dtype=float)))


# %% right: singular values with a rank test; the effect of scaling by theorem
def condition_number(W):
    W = np.array(W, dtype=float)
    s = np.linalg.svd(W, compute_uv=False)
    if s[-1] <= max(W.shape) * np.finfo(float).eps * s[0]:
        return float("inf")
    return s[0] / s[-1]


def kappa_under_scaling(W, scales):
    return np.full(len(scales), condition_number(W))


# %% right: torch, one call for the whole batch
def condition_number(W):
    return torch.linalg.cond(torch.tensor(np.array(W, dtype=float))).item()


def kappa_under_scaling(W, scales):
    batch = torch.tensor(np.array([c * np.array(W, dtype=float) for c in scales]))
    return torch.linalg.cond(batch).numpy()


# %% wrong: ratio of eigenvalues
def condition_number(W):
    W = np.asarray(W, dtype=float)
    if W.shape[0] != W.shape[1]:
        return float(np.linalg.cond(W))
    size = np.abs(np.linalg.eigvals(W))
    return float(size.max() / size.min())


def kappa_under_scaling(W, scales):
    return np.array([condition_number(c * np.asarray(W)) for c in scales])


# %% wrong: the condition number grows with the scale
def condition_number(W):
    return float(np.linalg.cond(W))


def kappa_under_scaling(W, scales):
    return np.array([abs(c) * condition_number(W) for c in scales])


# %% wrong: the determinant
def condition_number(W):
    W = np.asarray(W, dtype=float)
    if W.shape[0] != W.shape[1]:
        return float(np.linalg.cond(W))
    return abs(np.linalg.det(W))


def kappa_under_scaling(W, scales):
    return np.array([condition_number(c * np.asarray(W)) for c in scales])


# %% wrong: root of the condition number of W^T W, which loses half of the digits
def condition_number(W):
    W = np.asarray(W, dtype=float)
    gram = W @ W.T if W.shape[0] < W.shape[1] else W.T @ W
    values = np.maximum(np.linalg.eigvalsh(gram), 0)
    return float(np.sqrt(values[-1] / values[0])) if values[0] > 0 else np.inf


def kappa_under_scaling(W, scales):
    return np.full(len(scales), condition_number(W))


# %% wrong: condition number of W^T W, the square
def condition_number(W):
    return float(np.linalg.cond(W) ** 2)


def kappa_under_scaling(W, scales):
    return np.array([condition_number(c * np.asarray(W)) for c in scales])


# %% wrong: singular if the smallest singular value is below a fixed threshold
def condition_number(W):
    s = np.linalg.svd(np.asarray(W, dtype=float), compute_uv=False)
    return np.inf if s[-1] < 1e-10 else float(s[0] / s[-1])


def kappa_under_scaling(W, scales):
    return np.array([condition_number(c * np.asarray(W)) for c in scales])


# %% wrong: Frobenius norms
def condition_number(W):
    W = np.asarray(W, dtype=float)
    return float(np.linalg.norm(W) * np.linalg.norm(np.linalg.pinv(W)))


def kappa_under_scaling(W, scales):
    return np.array([condition_number(c * np.asarray(W)) for c in scales])


# %% wrong: square matrices only, by the inverse
def condition_number(W):
    return float(np.linalg.norm(W, 2) * np.linalg.norm(np.linalg.inv(W), 2))


def kappa_under_scaling(W, scales):
    return np.array([condition_number(c * np.asarray(W)) for c in scales])


# %% wrong: adds a small number against division by zero
def condition_number(W):
    s = np.linalg.svd(np.asarray(W, dtype=float), compute_uv=False)
    return float(s[0] / (s[-1] + 1e-12))


def kappa_under_scaling(W, scales):
    return np.array([condition_number(c * np.asarray(W)) for c in scales])


# %% wrong: scales the matrix in place, so the factors pile up in the argument
def condition_number(W):
    return float(np.linalg.cond(W))


def kappa_under_scaling(W, scales):
    result = []
    for c in scales:
        W *= c
        result.append(np.linalg.cond(W))
    return np.array(result)
