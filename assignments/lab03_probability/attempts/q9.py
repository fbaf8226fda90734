# %% right: experiments in columns, mean of squares minus square of the mean
def variance_mles(n, sigma, runs, rng):
    x = rng.normal(scale=sigma, size=(n, runs))
    return (x**2).mean(axis=0) - x.mean(axis=0) ** 2


# %% right: the unbiased variance times (n - 1)/n
def variance_mles(n, sigma, runs, rng):
    return np.var(rng.normal(5, sigma, (runs, n)), axis=-1, ddof=1) * (n - 1) / n


# %% wrong: divides by n - 1
# expects: which is the true variance
def variance_mles(n, sigma, runs, rng):
    return np.var(rng.normal(5, sigma, (runs, n)), axis=1, ddof=1)


# %% wrong: measures from the true mean
# expects: which is the true variance
def variance_mles(n, sigma, runs, rng):
    return np.mean((rng.normal(5, sigma, (runs, n)) - 5) ** 2, axis=1)


# %% wrong: the global random state
def variance_mles(n, sigma, runs, rng):
    return np.var(np.random.normal(5, sigma, (runs, n)), axis=1)
