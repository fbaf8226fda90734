# %% right: scipy's xlogy
def cross_entropy(p, q, *, base=np.e, axis=-1):
    from scipy.special import xlogy

    return -np.sum(xlogy(p, q), axis=axis) / np.log(base)


# %% right: relative entropy plus entropy, scipy
def cross_entropy(p, q, *, base=np.e, axis=-1):
    from scipy.special import entr, rel_entr

    p, q = np.broadcast_arrays(np.asarray(p, dtype=float), np.asarray(q, dtype=float))
    return (rel_entr(p, q) + entr(p)).sum(axis=axis) / np.log(base)


# %% right: cases written out
def cross_entropy(p, q, *, base=np.e, axis=-1):
    p, q = np.broadcast_arrays(np.asarray(p, dtype=float), np.asarray(q, dtype=float))
    terms = np.zeros(p.shape)
    both = (p > 0) & (q > 0)
    terms[both] = -p[both] * np.log(q[both])
    terms[(p > 0) & (q == 0)] = np.inf
    return terms.sum(axis=axis) / np.log(base)


# %% right: plain Python, pair by pair
def cross_entropy(p, q, *, base=np.e, axis=-1):
    import math

    def one(ps, qs):
        total = 0.0
        for a, b in zip(ps, qs):
            if a > 0:
                total += a * -math.log(b) if b > 0 else math.inf
        return total / math.log(base)

    p, q = np.broadcast_arrays(np.asarray(p, dtype=float), np.asarray(q, dtype=float))
    p, q = np.moveaxis(p, axis, -1), np.moveaxis(q, axis, -1)
    flat = [one(a, b) for a, b in zip(p.reshape(-1, p.shape[-1]).tolist(), q.reshape(-1, q.shape[-1]).tolist())]
    return np.array(flat).reshape(p.shape[:-1])


# %% wrong: adds 1e-10 inside the logarithm, as the chapter does
def cross_entropy(p, q, *, base=np.e, axis=-1):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    return -np.sum(p * np.log(q + 1e-10), axis=axis) / np.log(base)


# %% wrong: clips q, so that nothing costs more than 27.6
def cross_entropy(p, q, *, base=np.e, axis=-1):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    return -np.sum(p * np.log(np.clip(q, 1e-12, 1)), axis=axis) / np.log(base)


# %% wrong: drops the terms with q = 0
def cross_entropy(p, q, *, base=np.e, axis=-1):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    return -np.sum(p * np.log(np.where(q > 0, q, 1)), axis=axis) / np.log(base)


# %% wrong: plain logarithm, 0 times infinity
def cross_entropy(p, q, *, base=np.e, axis=-1):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    return -np.sum(p * np.log(q), axis=axis) / np.log(base)


# %% wrong: swaps p and q
# expects: p and q are swapped
def cross_entropy(p, q, *, base=np.e, axis=-1):
    from scipy.special import xlogy

    return -np.sum(xlogy(q, p), axis=axis) / np.log(base)


# %% wrong: mean instead of sum
def cross_entropy(p, q, *, base=np.e, axis=-1):
    from scipy.special import xlogy

    return -np.mean(xlogy(p, q), axis=axis) / np.log(base)


# %% wrong: ignores the base
def cross_entropy(p, q, *, base=np.e, axis=-1):
    from scipy.special import xlogy

    return -np.sum(xlogy(p, q), axis=axis)


# %% wrong: ignores the axis
def cross_entropy(p, q, *, base=np.e, axis=-1):
    from scipy.special import xlogy

    return -np.sum(xlogy(p, q)) / np.log(base)


# %% wrong: takes p for one-hot
def cross_entropy(p, q, *, base=np.e, axis=-1):
    p, q = np.broadcast_arrays(np.asarray(p, dtype=float), np.asarray(q, dtype=float))
    picked = np.take_along_axis(q, np.expand_dims(p.argmax(axis=axis), axis), axis=axis).squeeze(axis)
    with np.errstate(divide="ignore"):
        return -np.log(picked) / np.log(base)


# %% wrong: nan and infinity turned into numbers
def cross_entropy(p, q, *, base=np.e, axis=-1):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    with np.errstate(all="ignore"):
        return -np.sum(np.nan_to_num(p * np.log(q)), axis=axis) / np.log(base)


# %% wrong: rules out what is merely very unlikely
def cross_entropy(p, q, *, base=np.e, axis=-1):
    p, q = np.broadcast_arrays(np.asarray(p, dtype=float), np.asarray(q, dtype=float))
    q = np.where(q < 1e-15, 0, q)
    with np.errstate(divide="ignore"):
        return -np.sum(p * np.log(np.where(p > 0, q, 1)), axis=axis) / np.log(base)
