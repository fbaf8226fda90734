# %% right: binomial coefficients, one label after the other
def count_probability(counts, p):
    left, probability = int(sum(counts)), 1.0
    for count, chance in zip(counts, p, strict=True):
        probability *= math.comb(left, int(count)) * chance ** int(count)
        left -= int(count)
    return probability


# %% right: logarithms of factorials
def count_probability(counts, p):
    counts = np.asarray(counts)
    log_orders = special.gammaln(counts.sum() + 1) - special.gammaln(counts + 1).sum()
    return np.exp(log_orders + special.xlogy(counts, p).sum())


# %% wrong: categorical for every draw, one order only
# expects: BA gives the same counts
def count_probability(counts, p):
    return np.prod(np.asarray(p) ** np.asarray(counts))


# %% wrong: n! orders
# expects: of EACH label
def count_probability(counts, p):
    return math.factorial(int(np.sum(counts))) * np.prod(np.asarray(p) ** np.asarray(counts))


# %% wrong: 0 log 0
def count_probability(counts, p):
    counts = np.asarray(counts)
    log_orders = special.gammaln(counts.sum() + 1) - special.gammaln(counts + 1).sum()
    return np.exp(log_orders + np.sum(counts * np.log(p)))
