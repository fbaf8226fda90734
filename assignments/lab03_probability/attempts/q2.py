# %% right: np.average and stats.entropy
def finite_facts(values, p):
    mean = np.average(values, weights=p)
    variance = np.average((np.asarray(values) - mean) ** 2, weights=p)
    return dict(mean=mean, variance=variance, entropy=stats.entropy(p))


# %% right: nan replaced, mean of squares minus square of the mean
def finite_facts(values, p):
    values, p = np.array(values, dtype=float), np.array(p, dtype=float)
    mean = np.sum(values * p)
    return {
        "mean": mean,
        "variance": np.sum(values**2 * p) - mean**2,
        "entropy": 0.0 - np.nansum(p * np.log(p)),
    }


# %% wrong: every value counts alike
# expects: weight them by p
def finite_facts(values, p):
    return {"mean": np.mean(values), "variance": np.var(values), "entropy": special.entr(p).sum()}


# %% wrong: a small constant in the logarithm
def finite_facts(values, p):
    values, p = np.asarray(values), np.asarray(p)
    mean = p @ values
    return {"mean": mean, "variance": p @ (values - mean) ** 2, "entropy": -np.sum(p * np.log(p + 1e-10))}


# %% wrong: mean square in place of the variance
# expects: measure distances from the mean
def finite_facts(values, p):
    values, p = np.asarray(values), np.asarray(p)
    return {"mean": p @ values, "variance": p @ values**2, "entropy": special.entr(p).sum()}
