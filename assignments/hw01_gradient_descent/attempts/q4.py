# %% right: eigvalsh, largest eigenvalue last
def max_stable_lr(H):
    return 2.0 / np.linalg.eigvalsh(np.asarray(H, dtype=float)).max()


# %% right: the spectral norm of a semidefinite matrix is its largest eigenvalue
def max_stable_lr(H):
    return 2 / np.linalg.norm(H, 2)


# %% right: power iteration
def max_stable_lr(H):
    H = np.asarray(H, dtype=float)
    v = np.random.default_rng(0).normal(size=len(H))
    for _ in range(500):
        v = H @ v
        v /= np.linalg.norm(v)
    return 2 / (v @ H @ v)


# %% right: general eigenvalues, real part
def max_stable_lr(H):
    return float(2 / max(np.linalg.eigvals(np.array(H, float)).real))


# %% wrong: 1 / L
def max_stable_lr(H):
    return 1 / np.linalg.eigvalsh(H)[-1]


# %% wrong: Frobenius norm
def max_stable_lr(H):
    return 2 / np.linalg.norm(H)


# %% wrong: largest diagonal entry
def max_stable_lr(H):
    return 2 / np.diag(H).max()


# %% wrong: smallest eigenvalue
def max_stable_lr(H):
    return 2 / np.linalg.eigvalsh(H)[0]


# %% wrong: trace
def max_stable_lr(H):
    return 2 / np.trace(H)


# %% wrong: largest absolute row sum, only an upper bound of L
def max_stable_lr(H):
    return 2 / np.linalg.norm(H, np.inf)


# %% wrong: through the inverse, which a flat direction does not have
def max_stable_lr(H):
    return 2 * np.linalg.eigvalsh(np.linalg.inv(H))[0]


# %% wrong: the best learning rate, not the limit
def max_stable_lr(H):
    eigenvalues = np.linalg.eigvalsh(H)
    return 2 / (eigenvalues[0] + eigenvalues[-1])
