# %% right: scaled first, then inertia
def classify_critical(grad, H):
    H, g = np.asarray(H, dtype=float), np.asarray(grad, dtype=float)
    lam = np.linalg.eigvalsh(H)
    s = max(abs(lam))
    if s == 0:
        return "inconclusive" if not g.any() else "not critical"
    if np.sqrt(g @ g) / s > 1e-8:
        return "not critical"
    up, down = sum(lam / s > 1e-8), sum(lam / s < -1e-8)
    if up and down:
        return "saddle"
    if up == len(lam):
        return "minimum"
    if down == len(lam):
        return "maximum"
    return "inconclusive"


# %% right: spectral norm and two shifted tests for definiteness
def classify_critical(grad, H):
    H = np.array(H, dtype=float)
    s = np.linalg.norm(H, 2)
    if np.linalg.norm(grad) > 1e-8 * s:
        return "not critical"
    lam = np.linalg.eigvalsh(H)
    signs = np.sign(np.where(abs(lam) <= 1e-8 * s, 0, lam))
    if {-1, 1} <= set(signs):
        return "saddle"
    return {(1,): "minimum", (-1,): "maximum"}.get(tuple(set(signs)), "inconclusive")


# %% right: torch for the eigenvalues
def classify_critical(grad, H):
    lam = torch.linalg.eigvalsh(torch.tensor(np.asarray(H, dtype=float)))
    zero = 1e-8 * lam.abs().max()
    if torch.tensor(np.asarray(grad, dtype=float)).norm() > zero:
        return "not critical"
    up, down = bool((lam > zero).any()), bool((lam < -zero).any())
    if up and down:
        return "saddle"
    if bool((lam.abs() <= zero).any()):
        return "inconclusive"
    return "minimum" if up else "maximum"


# %% wrong: eigenvalues only, as in the chapter; zero ones make a saddle
# expects: so the point is not critical
def classify_critical(grad, H):
    lam = np.linalg.eigvalsh(H)
    if np.all(lam > 0):
        return "minimum"
    if np.all(lam < 0):
        return "maximum"
    return "saddle"


# %% wrong: anything that is not definite is a saddle
def classify_critical(grad, H):
    lam = np.linalg.eigvalsh(H)
    zero = 1e-8 * abs(lam).max()
    if np.linalg.norm(grad) > zero:
        return "not critical"
    if (lam > zero).all():
        return "minimum"
    if (lam < -zero).all():
        return "maximum"
    return "saddle"


# %% wrong: semidefinite counts as minimum or maximum
def classify_critical(grad, H):
    lam = np.linalg.eigvalsh(H)
    zero = 1e-8 * abs(lam).max()
    if np.linalg.norm(grad) > zero:
        return "not critical"
    if (lam >= -zero).all():
        return "minimum"
    if (lam <= zero).all():
        return "maximum"
    return "saddle"


# %% wrong: determinant and first entry, the rule for two variables
def classify_critical(grad, H):
    H = np.asarray(H, dtype=float)
    s = abs(H).max()
    if np.linalg.norm(grad) > 1e-8 * s:
        return "not critical"
    det = np.linalg.det(H)
    if abs(det) <= 1e-8 * s ** len(H):
        return "inconclusive"
    if det < 0:
        return "saddle"
    return "minimum" if H[0, 0] > 0 else "maximum"


# %% wrong: looks at the diagonal
def classify_critical(grad, H):
    d = np.diag(np.asarray(H, dtype=float))
    zero = 1e-8 * abs(d).max()
    if np.linalg.norm(grad) > zero:
        return "not critical"
    if (d > zero).any() and (d < -zero).any():
        return "saddle"
    if (d > zero).all():
        return "minimum"
    return "maximum" if (d < -zero).all() else "inconclusive"


# %% wrong: absolute tolerances
def classify_critical(grad, H):
    lam = np.linalg.eigvalsh(H)
    if np.linalg.norm(grad) > 1e-8:
        return "not critical"
    if (lam > 1e-8).any() and (lam < -1e-8).any():
        return "saddle"
    if (lam > 1e-8).all():
        return "minimum"
    return "maximum" if (lam < -1e-8).all() else "inconclusive"


# %% wrong: compares with exact zero
def classify_critical(grad, H):
    lam = np.linalg.eigvalsh(H)
    if np.any(np.asarray(grad) != 0):
        return "not critical"
    if (lam > 0).any() and (lam < 0).any():
        return "saddle"
    if (lam > 0).all():
        return "minimum"
    return "maximum" if (lam < 0).all() else "inconclusive"


# %% wrong: any zero eigenvalue makes it inconclusive, even between opposite signs
def classify_critical(grad, H):
    lam = np.linalg.eigvalsh(H)
    zero = 1e-8 * abs(lam).max()
    if np.linalg.norm(grad) > zero:
        return "not critical"
    if (abs(lam) <= zero).any():
        return "inconclusive"
    if (lam > 0).all():
        return "minimum"
    return "maximum" if (lam < 0).all() else "saddle"


# %% wrong: positive curvature called a maximum
def classify_critical(grad, H):
    lam = np.linalg.eigvalsh(H)
    zero = 1e-8 * abs(lam).max()
    if np.linalg.norm(grad) > zero:
        return "not critical"
    if lam[0] < -zero and lam[-1] > zero:
        return "saddle"
    if lam[0] > zero:
        return "maximum"
    return "minimum" if lam[-1] < -zero else "inconclusive"
