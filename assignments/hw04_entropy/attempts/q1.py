# %% right: scipy's entr
def entropy(p, *, base=np.e, axis=-1):
    from scipy.special import entr

    return entr(np.asarray(p, dtype=float)).sum(axis=axis) / np.log(base)


# %% right: scipy's xlogy
def entropy(p, *, base=np.e, axis=-1):
    from scipy.special import xlogy

    return -np.sum(xlogy(p, p), axis=axis) / np.log(base)


# %% right: np.where around the product, warning and all
def entropy(p, *, base=np.e, axis=-1):
    p = np.array(p, dtype=float)
    return -np.sum(np.where(p > 0, p * np.log(p), 0), axis=axis) / np.log(base)


# %% right: logarithm only where p is positive
def entropy(p, *, base=np.e, axis=-1):
    p = np.asarray(p, dtype=float)
    log_p = np.log(p, out=np.zeros_like(p), where=p > 0)
    return -np.sum(p * log_p / np.log(base), axis=axis)


# %% right: one distribution at a time in plain Python
import math


def entropy(p, *, base=np.e, axis=-1):
    def of_one(row):
        return -math.fsum(x * math.log(x, base) for x in row.tolist() if x > 0)

    return np.apply_along_axis(of_one, axis, np.asarray(p, dtype=float))


# %% right: scipy.stats
def entropy(p, *, base=np.e, axis=-1):
    from scipy import stats

    return stats.entropy(np.asarray(p, dtype=float), base=base, axis=axis)


# %% wrong: adds 1e-10 inside the logarithm, as the chapter does
def entropy(p, *, base=np.e, axis=-1):
    p = np.asarray(p, dtype=float)
    return -np.sum(p * np.log(p + 1e-10), axis=axis) / np.log(base)


# %% wrong: clips the probabilities
def entropy(p, *, base=np.e, axis=-1):
    p = np.clip(np.asarray(p, dtype=float), 1e-12, 1)
    return -np.sum(p * np.log(p), axis=axis) / np.log(base)


# %% wrong: plain logarithm
def entropy(p, *, base=np.e, axis=-1):
    p = np.asarray(p, dtype=float)
    return -np.sum(p * np.log(p), axis=axis) / np.log(base)


# %% wrong: ignores the axis
def entropy(p, *, base=np.e, axis=-1):
    p = np.asarray(p, dtype=float)
    return -np.sum(p * np.log(np.where(p > 0, p, 1))) / np.log(base)


# %% wrong: always the last axis
def entropy(p, *, base=np.e, axis=-1):
    p = np.asarray(p, dtype=float)
    return -np.sum(p * np.log(np.where(p > 0, p, 1)), axis=-1) / np.log(base)


# %% wrong: multiplies by the logarithm of the base
def entropy(p, *, base=np.e, axis=-1):
    p = np.asarray(p, dtype=float)
    return -np.sum(p * np.log(np.where(p > 0, p, 1)), axis=axis) * np.log(base)


# %% wrong: ignores the base
def entropy(p, *, base=np.e, axis=-1):
    p = np.asarray(p, dtype=float)
    return -np.sum(p * np.log(np.where(p > 0, p, 1)), axis=axis)


# %% wrong: always bits
# expects: this is in bits
def entropy(p, *, base=np.e, axis=-1):
    p = np.asarray(p, dtype=float)
    return -np.sum(p * np.log2(np.where(p > 0, p, 1)), axis=axis)


# %% wrong: mean instead of sum
# expects: do not take np.mean
def entropy(p, *, base=np.e, axis=-1):
    p = np.asarray(p, dtype=float)
    return -np.mean(p * np.log(np.where(p > 0, p, 1)), axis=axis) / np.log(base)


# %% wrong: forgets the minus sign
def entropy(p, *, base=np.e, axis=-1):
    p = np.asarray(p, dtype=float)
    return np.sum(p * np.log(np.where(p > 0, p, 1)), axis=axis) / np.log(base)


# %% wrong: picks out the positive entries, which flattens a table
def entropy(p, *, base=np.e, axis=-1):
    p = np.asarray(p, dtype=float)
    p = p[p > 0]
    return -np.sum(p * np.log(p)) / np.log(base)


# %% wrong: treats probabilities below 1e-8 as zero
def entropy(p, *, base=np.e, axis=-1):
    p = np.asarray(p, dtype=float)
    return -np.sum(p * np.log(np.where(p > 1e-8, p, 1)), axis=axis) / np.log(base)


# %% wrong: writes ones over the zeros of the caller's array
def entropy(p, *, base=np.e, axis=-1):
    p = np.asarray(p, dtype=float)
    p[p == 0] = 1
    return -np.sum(p * np.log(p), axis=axis) / np.log(base)


# %% wrong: nan_to_num over everything, in a float32 copy
def entropy(p, *, base=np.e, axis=-1):
    p = np.asarray(p, dtype=np.float32)
    with np.errstate(all="ignore"):
        return -np.sum(np.nan_to_num(p * np.log(p)), axis=axis) / np.log(base)
