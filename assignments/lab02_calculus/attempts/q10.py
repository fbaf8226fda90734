# %% right: signs collected in a set
def classify(gradient, H):
    if np.sqrt(np.sum(np.square(gradient))) > 1e-8:
        return "not critical"
    signs = {0 if abs(e) <= 1e-8 else int(np.sign(e)) for e in np.linalg.eigvalsh(np.array(H, dtype=float))}
    if {1, -1} <= signs:
        return "saddle"
    return {(1,): "minimum", (-1,): "maximum"}.get(tuple(signs), "inconclusive")


# %% right: smallest and largest eigenvalue
def classify(gradient, H):
    if np.linalg.norm(gradient) > 1e-8:
        return "not critical"
    values = np.sort(np.linalg.eigvals(np.asarray(H, dtype=float)).real)
    low, high = values[0], values[-1]
    if low < -1e-8 and high > 1e-8:
        return "saddle"
    if low > 1e-8:
        return "minimum"
    if high < -1e-8:
        return "maximum"
    return "inconclusive"


# %% wrong: no look at the gradient, as in the chapter
# expects: the point is not critical
def classify(gradient, H):
    values = np.linalg.eigvalsh(H)
    if np.all(values > 1e-8):
        return "minimum"
    if np.all(values < -1e-8):
        return "maximum"
    if values[0] < -1e-8 and values[-1] > 1e-8:
        return "saddle"
    return "inconclusive"


# %% wrong: whatever is left is a saddle, as in the chapter
# expects: inconclusive is right
def classify(gradient, H):
    if np.linalg.norm(gradient) > 1e-8:
        return "not critical"
    values = np.linalg.eigvalsh(H)
    if np.all(values > 1e-8):
        return "minimum"
    if np.all(values < -1e-8):
        return "maximum"
    return "saddle"


# %% wrong: zero means exactly zero
def classify(gradient, H):
    if np.any(np.asarray(gradient) != 0):
        return "not critical"
    values = np.linalg.eigvalsh(H)
    if np.any(values > 0) and np.any(values < 0):
        return "saddle"
    if np.all(values > 0):
        return "minimum"
    return "maximum" if np.all(values < 0) else "inconclusive"


# %% wrong: any zero eigenvalue is inconclusive
def classify(gradient, H):
    if np.linalg.norm(gradient) > 1e-8:
        return "not critical"
    values = np.linalg.eigvalsh(H)
    if np.any(np.abs(values) <= 1e-8):
        return "inconclusive"
    if np.all(values > 0):
        return "minimum"
    return "maximum" if np.all(values < 0) else "saddle"
