# %% right: scipy's rel_entr
def kl_divergence(p, q, *, base=np.e, axis=-1):
    from scipy.special import rel_entr

    p, q = np.broadcast_arrays(np.asarray(p, dtype=float), np.asarray(q, dtype=float))
    return rel_entr(p, q).sum(axis=axis) / np.log(base)


# %% right: cross-entropy minus entropy, with the earlier answers
def kl_divergence(p, q, *, base=np.e, axis=-1):
    return cross_entropy(p, q, base=base, axis=axis) - entropy(p, base=base, axis=axis)


# %% right: scipy's kl_div, whose extra terms cancel, and nothing below zero
def kl_divergence(p, q, *, base=np.e, axis=-1):
    from scipy.special import kl_div

    p, q = np.broadcast_arrays(np.asarray(p, dtype=float), np.asarray(q, dtype=float))
    return np.maximum(kl_div(p, q).sum(axis=axis) / np.log(base), 0)


# %% right: cases written out
def kl_divergence(p, q, *, base=np.e, axis=-1):
    p, q = np.broadcast_arrays(np.asarray(p, dtype=float), np.asarray(q, dtype=float))
    terms = np.zeros(p.shape)
    both = (p > 0) & (q > 0)
    terms[both] = p[both] * (np.log(p[both]) - np.log(q[both]))
    terms[(p > 0) & (q == 0)] = np.inf
    return terms.sum(axis=axis) / np.log(base)


# %% wrong: reversed
# expects: this is KL(q || p)
def kl_divergence(p, q, *, base=np.e, axis=-1):
    from scipy.special import rel_entr

    return np.sum(rel_entr(q, p), axis=axis) / np.log(base)


# %% wrong: always bits
# expects: this is in bits
def kl_divergence(p, q, *, base=np.e, axis=-1):
    from scipy.special import rel_entr

    return np.sum(rel_entr(p, q), axis=axis) / np.log(2)


# %% wrong: nats whatever the base
def kl_divergence(p, q, *, base=np.e, axis=-1):
    from scipy.special import rel_entr

    return np.sum(rel_entr(p, q), axis=axis)


# %% wrong: symmetrised
# expects: this is the mean of both orders
def kl_divergence(p, q, *, base=np.e, axis=-1):
    from scipy.special import rel_entr

    return np.sum(rel_entr(p, q) + rel_entr(q, p), axis=axis) / 2 / np.log(base)


# %% wrong: adds 1e-10 inside both logarithms, as the chapter does
def kl_divergence(p, q, *, base=np.e, axis=-1):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    return np.sum(p * (np.log(p + 1e-10) - np.log(q + 1e-10)), axis=axis) / np.log(base)


# %% wrong: clips q
def kl_divergence(p, q, *, base=np.e, axis=-1):
    from scipy.special import rel_entr

    return np.sum(rel_entr(p, np.clip(q, 1e-12, 1)), axis=axis) / np.log(base)


# %% wrong: drops every outcome with a zero
def kl_divergence(p, q, *, base=np.e, axis=-1):
    p, q = np.broadcast_arrays(np.asarray(p, dtype=float), np.asarray(q, dtype=float))
    both = (p > 0) & (q > 0)
    return np.sum(p * np.log(np.where(both, p, 1) / np.where(both, q, 1)), axis=axis) / np.log(base)


# %% wrong: plain formula, nan at 0/0
def kl_divergence(p, q, *, base=np.e, axis=-1):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    return np.sum(p * np.log(p / q), axis=axis) / np.log(base)


# %% wrong: entropy minus cross-entropy
def kl_divergence(p, q, *, base=np.e, axis=-1):
    from scipy.special import rel_entr

    return -np.sum(rel_entr(p, q), axis=axis) / np.log(base)


# %% wrong: absolute values of the terms, so that nothing is negative
def kl_divergence(p, q, *, base=np.e, axis=-1):
    from scipy.special import rel_entr

    return np.sum(np.abs(rel_entr(p, q)), axis=axis) / np.log(base)


# %% wrong: mean instead of sum
def kl_divergence(p, q, *, base=np.e, axis=-1):
    from scipy.special import rel_entr

    return np.mean(rel_entr(p, q), axis=axis) / np.log(base)


# %% wrong: ignores the axis
def kl_divergence(p, q, *, base=np.e, axis=-1):
    from scipy.special import rel_entr

    return np.sum(rel_entr(p, q)) / np.log(base)


# %% wrong: quotient of two float32 arrays
def kl_divergence(p, q, *, base=np.e, axis=-1):
    from scipy.special import rel_entr

    return rel_entr(np.float32(p), np.float32(q)).sum(axis=axis) / np.log(base)


# %% wrong: torch's kl_div with p and q as they are
def kl_divergence(p, q, *, base=np.e, axis=-1):
    p, q = torch.as_tensor(np.array(p, dtype=float)), torch.as_tensor(np.array(q, dtype=float))
    return F.kl_div(p, q, reduction="none").sum(dim=axis).numpy() / np.log(base)
