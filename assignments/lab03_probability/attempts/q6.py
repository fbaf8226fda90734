# %% right: sums over what happens
def information(p, q, *, base=np.e):
    pairs = [(a, b) for a, b in zip(p, q, strict=True) if a > 0]
    entropy = sum(a * -math.log(a) for a, _ in pairs) / math.log(base)
    cross = sum(a * -math.log(b) if b > 0 else math.inf for a, b in pairs) / math.log(base)
    return {"entropy": entropy, "cross_entropy": cross, "kl": cross - entropy}


# %% right: stats.entropy twice
def information(p, q, *, base=np.e):
    entropy, kl = stats.entropy(p, base=base), stats.entropy(p, q, base=base)
    return {"entropy": entropy, "cross_entropy": entropy + kl, "kl": kl}


# %% wrong: a small constant in each logarithm
# expects: See the claim
def information(p, q, *, base=np.e):
    p, q = np.asarray(p), np.asarray(q)
    entropy, cross = -np.sum(p * np.log(p + 1e-10)), -np.sum(p * np.log(q + 1e-10))
    return {name: v / np.log(base) for name, v in [("entropy", entropy), ("cross_entropy", cross), ("kl", cross - entropy)]}


# %% wrong: nan for zeros
# expects: became nan
def information(p, q, *, base=np.e):
    p, q = np.asarray(p), np.asarray(q)
    entropy, cross = -np.sum(p * np.log(p)), -np.sum(p * np.log(q))
    return {name: v / np.log(base) for name, v in [("entropy", entropy), ("cross_entropy", cross), ("kl", cross - entropy)]}


# %% wrong: cross-entropy and KL the other way round
# expects: p and q are swapped
def information(p, q, *, base=np.e):
    entropy, cross = special.entr(p).sum(), -special.xlogy(q, p).sum()
    kl = special.rel_entr(q, p).sum()
    return {name: v / np.log(base) for name, v in [("entropy", entropy), ("cross_entropy", cross), ("kl", kl)]}


# %% wrong: leaves out what was ruled out
def information(p, q, *, base=np.e):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    both = (p > 0) & (q > 0)
    entropy, cross = special.entr(p).sum(), -np.sum(p[both] * np.log(q[both]))
    return {name: v / np.log(base) for name, v in [("entropy", entropy), ("cross_entropy", cross), ("kl", cross - entropy)]}
