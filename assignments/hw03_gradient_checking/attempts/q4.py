# %% right: sum of the sizes as denominator
def relative_error(analytic, numeric, floor=0.0):
    a, n = np.array(analytic, dtype=float), np.array(numeric, dtype=float)
    if a.shape != n.shape:
        raise ValueError("the shapes differ")
    if not np.isfinite(a + n).all():
        return float("inf")
    size = np.maximum(np.abs(a) + np.abs(n), floor)
    error = np.divide(np.abs(a - n), size, out=np.zeros_like(size), where=size > 0)
    return float(error.max())


# %% right: a loop, with the mean of the sizes
def relative_error(analytic, numeric, floor=0.0):
    a, n = np.asarray(analytic, dtype=float), np.asarray(numeric, dtype=float)
    if np.shape(a) != np.shape(n):
        raise ValueError(f"{a.shape} is not {n.shape}")
    worst = 0.0
    for ai, ni in zip(a.ravel(), n.ravel()):
        if not (np.isfinite(ai) and np.isfinite(ni)):
            return np.inf
        if ai != ni:
            worst = max(worst, abs(ai - ni) / max((abs(ai) + abs(ni)) / 2, floor))
    return worst


# %% right: nan means 0/0 once the bad numbers are gone
def relative_error(analytic, numeric, floor=0.0):
    a, n = np.asarray(analytic, dtype=float), np.asarray(numeric, dtype=float)
    if a.shape != n.shape:
        raise ValueError("shape")
    if np.isnan(a).any() or np.isnan(n).any() or np.isinf(a).any() or np.isinf(n).any():
        return np.inf
    with np.errstate(invalid="ignore"):
        return np.max(np.nan_to_num(np.abs(a - n) / np.max([np.abs(a), np.abs(n), np.full(a.shape, floor)], axis=0)))


# %% wrong: absolute error
# expects: 0.5 is the absolute error
def relative_error(analytic, numeric, floor=0.0):
    a, n = np.asarray(analytic, dtype=float), np.asarray(numeric, dtype=float)
    if a.shape != n.shape:
        raise ValueError("shapes differ")
    return float(np.max(np.abs(a - n))) if np.isfinite(a - n).all() else np.inf


# %% wrong: divides by the analytic gradient only
def relative_error(analytic, numeric, floor=0.0):
    a, n = np.asarray(analytic, dtype=float), np.asarray(numeric, dtype=float)
    if a.shape != n.shape:
        raise ValueError("shapes differ")
    if not np.isfinite(a + n).all():
        return np.inf
    size = np.maximum(np.abs(a), floor)
    return float(np.max(np.divide(np.abs(a - n), size, out=np.zeros_like(size), where=size > 0)))


# %% wrong: 1e-8 below the line, so that tiny gradients always agree
def relative_error(analytic, numeric, floor=0.0):
    a, n = np.asarray(analytic, dtype=float), np.asarray(numeric, dtype=float)
    if a.shape != n.shape:
        raise ValueError("shapes differ")
    if not np.isfinite(a + n).all():
        return np.inf
    return float(np.max(np.abs(a - n) / np.maximum(np.abs(a) + np.abs(n) + 1e-8, floor)))


# %% wrong: norms, which hide errors in small entries
def relative_error(analytic, numeric, floor=0.0):
    a, n = np.ravel(np.asarray(analytic, dtype=float)), np.ravel(np.asarray(numeric, dtype=float))
    if np.shape(analytic) != np.shape(numeric):
        raise ValueError("shapes differ")
    if not np.isfinite(a + n).all():
        return np.inf
    size = max(np.linalg.norm(a) + np.linalg.norm(n), floor)
    return float(np.linalg.norm(a - n) / size) if size > 0 else 0.0


# %% wrong: largest difference over the largest entry
def relative_error(analytic, numeric, floor=0.0):
    a, n = np.asarray(analytic, dtype=float), np.asarray(numeric, dtype=float)
    if a.shape != n.shape:
        raise ValueError("shapes differ")
    if not np.isfinite(a + n).all():
        return np.inf
    size = max(np.abs(a).max(), np.abs(n).max(), floor)
    return float(np.abs(a - n).max() / size) if size > 0 else 0.0


# %% wrong: mean over the entries
# expects: looks like a mean
def relative_error(analytic, numeric, floor=0.0):
    a, n = np.asarray(analytic, dtype=float), np.asarray(numeric, dtype=float)
    if a.shape != n.shape:
        raise ValueError("shapes differ")
    if not np.isfinite(a + n).all():
        return np.inf
    size = np.maximum(np.maximum(np.abs(a), np.abs(n)), floor)
    return float(np.mean(np.abs(a - n) / np.where(size > 0, size, 1)))


# %% wrong: 0/0 is nan
def relative_error(analytic, numeric, floor=0.0):
    a, n = np.asarray(analytic, dtype=float), np.asarray(numeric, dtype=float)
    if a.shape != n.shape:
        raise ValueError("shapes differ")
    if not np.isfinite(a + n).all():
        return np.inf
    return float(np.max(np.abs(a - n) / np.maximum(np.maximum(np.abs(a), np.abs(n)), floor)))


# %% wrong: skips nan and infinities
def relative_error(analytic, numeric, floor=0.0):
    a, n = np.asarray(analytic, dtype=float), np.asarray(numeric, dtype=float)
    if a.shape != n.shape:
        raise ValueError("shapes differ")
    size = np.maximum(np.maximum(np.abs(a), np.abs(n)), floor)
    error = np.abs(a - n) / np.where(size > 0, size, 1)
    return float(np.max(np.nan_to_num(error, nan=0.0, posinf=0.0)))


# %% wrong: calls two infinities equal
def relative_error(analytic, numeric, floor=0.0):
    a, n = np.asarray(analytic, dtype=float), np.asarray(numeric, dtype=float)
    if a.shape != n.shape:
        raise ValueError("shapes differ")
    if np.isnan(a + n).any() or np.isinf(a - n).any():
        return np.inf
    same = a == n
    size = np.maximum(np.maximum(np.abs(a), np.abs(n)), floor)
    return float(np.max(np.where(same, 0.0, np.abs(np.where(same, 0, a) - np.where(same, 0, n)) / np.where(size > 0, size, 1))))


# %% wrong: broadcasts arrays of different shapes
# expects: raise ValueError
def relative_error(analytic, numeric, floor=0.0):
    a, n = np.asarray(analytic, dtype=float), np.asarray(numeric, dtype=float)
    if not (np.isfinite(a).all() and np.isfinite(n).all()):
        return np.inf
    size = np.maximum(np.maximum(np.abs(a), np.abs(n)), floor)
    return float(np.max(np.abs(a - n) / np.where(size > 0, size, 1)))


# %% wrong: floor subtracted from the difference instead
def relative_error(analytic, numeric, floor=0.0):
    a, n = np.asarray(analytic, dtype=float), np.asarray(numeric, dtype=float)
    if a.shape != n.shape:
        raise ValueError("shapes differ")
    if not np.isfinite(a + n).all():
        return np.inf
    size = np.maximum(np.abs(a), np.abs(n))
    return float(np.max(np.maximum(np.abs(a - n) - floor, 0) / np.where(size > 0, size, 1)))


# %% wrong: ignores floor
def relative_error(analytic, numeric, floor=0.0):
    a, n = np.asarray(analytic, dtype=float), np.asarray(numeric, dtype=float)
    if a.shape != n.shape:
        raise ValueError("shapes differ")
    if not np.isfinite(a + n).all():
        return np.inf
    size = np.maximum(np.abs(a), np.abs(n))
    return float(np.max(np.abs(a - n) / np.where(size > 0, size, 1)))


# %% wrong: compares sizes, blind to signs
def relative_error(analytic, numeric, floor=0.0):
    a, n = np.asarray(analytic, dtype=float), np.asarray(numeric, dtype=float)
    if a.shape != n.shape:
        raise ValueError("shapes differ")
    if not np.isfinite(a + n).all():
        return np.inf
    a, n = np.abs(a), np.abs(n)
    size = np.maximum(np.maximum(a, n), floor)
    return float(np.max(np.abs(a - n) / np.where(size > 0, size, 1)))
