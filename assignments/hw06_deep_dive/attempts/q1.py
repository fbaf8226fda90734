# %% right: scipy's polar decomposition, rank counted by hand
def layer_geometry(W):
    from scipy import linalg

    W = np.array(W, dtype=float)
    m, n = W.shape
    sigma = linalg.svdvals(W)
    rank = int((sigma > max(m, n) * np.finfo(float).eps * sigma[0]).sum())
    if m != n:
        departure = float("nan")
    else:
        frobenius = (sigma**2).sum()
        departure = linalg.norm(W.T @ W - W @ W.T) / frobenius if frobenius else 0.0
    side = "right" if m >= n else "left"
    return LayerGeometry(sigma, rank, linalg.polar(W, side=side)[0], departure)


# %% right: torch in float64
def layer_geometry(W):
    T = torch.tensor(np.asarray(W, dtype=float))
    U, S, Vh = torch.linalg.svd(T, full_matrices=False)
    departure = np.nan
    if T.shape[0] == T.shape[1]:
        gap = torch.linalg.norm(T.T @ T - T @ T.T)
        departure = float(gap / (S**2).sum()) if S[0] > 0 else 0.0
    rank = np.count_nonzero(S.numpy() > max(T.shape) * np.finfo(float).eps * S[0].item())
    return LayerGeometry(S.numpy(), rank, (U @ Vh).numpy(), departure)


# %% wrong: rank counted by eigenvalues
# expects: all eigenvalues of this matrix are 0
def layer_geometry(W):
    W = np.asarray(W, dtype=float)
    U, sigma, Vt = np.linalg.svd(W, full_matrices=False)
    rank, departure = int((sigma > 1e-12 * sigma[0]).sum()), np.nan
    if W.shape[0] == W.shape[1]:
        rank = int((np.abs(np.linalg.eigvals(W)) > 1e-9).sum())
        departure = np.linalg.norm(W.T @ W - W @ W.T) / (np.sum(W**2) or 1)
    return LayerGeometry(sigma, rank, U @ Vt, departure)


# %% wrong: takes Vt for V
# expects: svd returns Vt
def layer_geometry(W):
    W = np.asarray(W, dtype=float)
    U, sigma, V = np.linalg.svd(W, full_matrices=False)
    departure = np.nan
    if W.shape[0] == W.shape[1]:
        departure = np.linalg.norm(W.T @ W - W @ W.T) / (np.sum(W**2) or 1)
        return LayerGeometry(sigma, int(np.linalg.matrix_rank(W)), U @ V.T, departure)
    return LayerGeometry(sigma, int(np.linalg.matrix_rank(W)), U @ V, departure)


# %% wrong: departure not relative
# expects: squared Frobenius norm
def layer_geometry(W):
    W = np.asarray(W, dtype=float)
    U, sigma, Vt = np.linalg.svd(W, full_matrices=False)
    departure = np.linalg.norm(W.T @ W - W @ W.T) if W.shape[0] == W.shape[1] else np.nan
    return LayerGeometry(sigma, int(np.linalg.matrix_rank(W)), U @ Vt, departure)


# %% wrong: a fixed threshold for the rank
def layer_geometry(W):
    W = np.asarray(W, dtype=float)
    U, sigma, Vt = np.linalg.svd(W, full_matrices=False)
    departure = np.nan
    if W.shape[0] == W.shape[1]:
        departure = np.linalg.norm(W.T @ W - W @ W.T) / (np.sum(W**2) or 1)
    return LayerGeometry(sigma, int((sigma > 1e-3).sum()), U @ Vt, departure)
