# %% right: singular values, after a look at the signs
def condition_number(H):
    H = np.asarray(H, dtype=float)
    s = np.linalg.svd(H, compute_uv=False)
    if np.min(np.linalg.eigvalsh(H)) < -1e-12 * s[0]:
        raise ValueError("not positive semidefinite")
    return np.inf if s[-1] <= 1e-12 * s[0] else s[0] / s[-1]


# %% right: numpy.linalg.cond where the matrix is definite
def condition_number(H):
    H = np.asarray(H, dtype=float)
    H = H / np.abs(H).max()
    smallest = np.linalg.eigvalsh(H).min()
    largest = np.linalg.norm(H, 2)
    if smallest < -1e-12 * largest:
        raise ValueError("indefinite")
    if smallest <= 1e-12 * largest:
        return float("inf")
    return float(np.linalg.cond(H))


# %% right: torch eigenvalues
def condition_number(H):
    lam = torch.linalg.eigvalsh(torch.as_tensor(np.asarray(H, dtype=float)))
    zero = 1e-12 * lam.abs().max()
    if lam[0] < -zero:
        raise ValueError("H has a negative eigenvalue")
    return (lam[-1] / lam[0]).item() if lam[0] > zero else float("inf")


# %% wrong: ratio of magnitudes, also at saddles
# expects: there is no minimum, but you return 3.0
def condition_number(H):
    lam = np.abs(np.linalg.eigvalsh(H))
    return lam.max() / lam.min()


# %% wrong: numpy.linalg.cond, whatever the signs
def condition_number(H):
    return float(np.linalg.cond(np.asarray(H, dtype=float)))


# %% wrong: largest over smallest with their signs, a negative number at a saddle
def condition_number(H):
    lam = np.linalg.eigvalsh(H)
    zero = 1e-12 * abs(lam).max()
    if abs(lam[0]) <= zero:
        return np.inf
    return lam[-1] / lam[0]


# %% wrong: nan instead of an error
def condition_number(H):
    lam = np.linalg.eigvalsh(H)
    zero = 1e-12 * abs(lam).max()
    if lam[0] < -zero:
        return np.nan
    return lam[-1] / lam[0] if lam[0] > zero else np.inf


# %% wrong: ratio of diagonal entries
def condition_number(H):
    H = np.asarray(H, dtype=float)
    if np.linalg.eigvalsh(H)[0] < -1e-12 * abs(H).max():
        raise ValueError("negative")
    d = np.diag(H)
    return d.max() / d.min() if d.min() > 0 else np.inf


# %% wrong: the largest curvature, without the ratio
def condition_number(H):
    lam = np.linalg.eigvalsh(H)
    if lam[0] < -1e-12 * abs(lam).max():
        raise ValueError("negative")
    return lam[-1]


# %% wrong: Frobenius norms
def condition_number(H):
    H = np.asarray(H, dtype=float)
    lam = np.linalg.eigvalsh(H)
    zero = 1e-12 * abs(lam).max()
    if lam[0] < -zero:
        raise ValueError("negative")
    if lam[0] <= zero:
        return np.inf
    return np.linalg.norm(H) * np.linalg.norm(np.linalg.inv(H))


# %% wrong: a singular matrix gets 1e16 or so, from rounding
def condition_number(H):
    lam = np.linalg.eigvalsh(H)
    if lam[0] < -1e-12 * abs(lam).max():
        raise ValueError("negative")
    return abs(lam[-1] / lam[0]) if lam[0] != 0 else np.inf


# %% wrong: refuses a zero eigenvalue that rounding made negative
def condition_number(H):
    lam = np.linalg.eigvalsh(H)
    if lam[0] < 0:
        raise ValueError("negative")
    return lam[-1] / lam[0] if lam[0] > 1e-12 * lam[-1] else np.inf


# %% wrong: absolute tolerance for zero
def condition_number(H):
    lam = np.linalg.eigvalsh(H)
    if lam[0] < -1e-12:
        raise ValueError("negative")
    return lam[-1] / lam[0] if lam[0] > 1e-12 else np.inf


# %% wrong: smallest over largest
def condition_number(H):
    lam = np.linalg.eigvalsh(H)
    zero = 1e-12 * abs(lam).max()
    if lam[0] < -zero:
        raise ValueError("negative")
    return lam[0] / lam[-1] if lam[0] > zero else np.inf
