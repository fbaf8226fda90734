# %% right: spectral norm
def classify_lr(H, lr):
    p = lr * np.linalg.norm(H, 2)
    if p > 2 + 1e-9:
        return "divergent"
    if p >= 2 - 1e-9:
        return "marginal"
    if p > 1 + 1e-9:
        return "oscillating"
    return "monotone"


# %% right: by the sign and size of the factor
def classify_lr(H, lr):
    factor = np.min(1 - lr * np.linalg.eigvalsh(np.array(H)))
    if np.isclose(factor, -1, rtol=0, atol=1e-9):
        return "marginal"
    if factor < -1:
        return "divergent"
    return "monotone" if factor > -1e-9 else "oscillating"


# %% right: table of limits
def classify_lr(H, lr):
    limits = np.array([1 + 1e-9, 2 - 1e-9, 2 + 1e-9])
    names = ["monotone", "oscillating", "marginal", "divergent"]
    return names[int(np.searchsorted(limits, lr * np.linalg.eigvalsh(H)[-1]))]


# %% wrong: no marginal case, 0.1 passes for convergent
def classify_lr(H, lr):
    p = lr * np.linalg.eigvalsh(H)[-1]
    if p <= 1 + 1e-9:
        return "monotone"
    return "oscillating" if p <= 2 + 1e-9 else "divergent"


# %% wrong: no marginal case, 0.1 passes for divergent
def classify_lr(H, lr):
    p = lr * np.linalg.eigvalsh(H)[-1]
    if p <= 1 + 1e-9:
        return "monotone"
    return "oscillating" if p < 2 - 1e-9 else "divergent"


# %% wrong: exact comparison with a float
def classify_lr(H, lr):
    p = lr * np.linalg.eigvalsh(H)[-1]
    if p == 2:
        return "marginal"
    if p > 2:
        return "divergent"
    return "oscillating" if p > 1 + 1e-9 else "monotone"


# %% wrong: tolerance far too wide
def classify_lr(H, lr):
    p = lr * np.linalg.eigvalsh(H)[-1]
    if np.isclose(p, 2):
        return "marginal"
    if p > 2:
        return "divergent"
    return "oscillating" if p > 1 + 1e-9 else "monotone"


# %% wrong: the flat direction decides
def classify_lr(H, lr):
    p = lr * np.linalg.eigvalsh(H)[0]
    if abs(p - 2) < 1e-9:
        return "marginal"
    if p > 2:
        return "divergent"
    return "oscillating" if p > 1 + 1e-9 else "monotone"


# %% wrong: takes 1 / L for the limit of stability
def classify_lr(H, lr):
    p = lr * np.linalg.eigvalsh(H)[-1]
    if abs(p - 1) < 1e-9:
        return "marginal"
    return "monotone" if p < 1 else "divergent"


# %% wrong: looks at the diagonal
def classify_lr(H, lr):
    p = lr * np.max(np.diag(H))
    if abs(p - 2) < 1e-9:
        return "marginal"
    if p > 2:
        return "divergent"
    return "oscillating" if p > 1 + 1e-9 else "monotone"


# %% wrong: judges by whether the loss falls from (1, ..., 1)
def classify_lr(H, lr):
    H = np.asarray(H, dtype=float)
    x = np.ones(len(H))
    losses, sides = [], []
    for _ in range(20):
        losses.append(x @ H @ x)
        sides.append(x[-1])
        x = x - lr * H @ x
    if losses[-1] > losses[0]:
        return "divergent"
    if losses[-1] == losses[0]:
        return "marginal"
    return "oscillating" if min(sides) < 0 else "monotone"


# %% wrong: 0.05 counted as oscillating, since the factor is not positive
def classify_lr(H, lr):
    factor = 1 - lr * np.linalg.eigvalsh(H)[-1]
    if abs(factor + 1) <= 1e-9:
        return "marginal"
    if factor < -1:
        return "divergent"
    return "monotone" if factor > 1e-9 else "oscillating"
