# %% right: the data on an axis of their own
def log_likelihood(x, mu, sigma):
    x, mu, sigma = np.asarray(x, dtype=float), np.asarray(mu)[..., None], np.asarray(sigma)[..., None]
    return stats.norm.logpdf(x, mu, sigma).sum(axis=-1)


# %% right: a loop over the data, arrays of parameters
def log_likelihood(x, mu, sigma):
    mu, sigma = np.broadcast_arrays(np.asarray(mu, dtype=float), np.asarray(sigma, dtype=float))
    total = np.zeros(mu.shape)
    for value in x:
        total = total - 0.5 * np.log(2 * np.pi) - np.log(sigma) - ((value - mu) / sigma) ** 2 / 2
    return total


# %% wrong: log sigma once
# expects: n log(sigma)
def log_likelihood(x, mu, sigma):
    mu, sigma = np.asarray(mu, dtype=float), np.asarray(sigma, dtype=float)
    squares = len(x) * (np.var(x) + (np.mean(x) - mu) ** 2)
    return -len(x) / 2 * np.log(2 * np.pi) - np.log(sigma) - squares / (2 * sigma**2)


# %% wrong: a whole sum for every parameter, data and means collide
def log_likelihood(x, mu, sigma):
    x, mu, sigma = np.asarray(x), np.asarray(mu), np.asarray(sigma)
    return -len(x) / 2 * np.log(2 * np.pi) - len(x) * np.log(sigma) - np.sum((x - mu) ** 2) / (2 * sigma**2)


# %% wrong: logarithm of the product
def log_likelihood(x, mu, sigma):
    x, mu, sigma = np.asarray(x, dtype=float), np.asarray(mu)[..., None], np.asarray(sigma)[..., None]
    return np.log(np.prod(stats.norm.pdf(x, mu, sigma), axis=-1))


# %% wrong: squares expanded, far from 0 they cancel
def log_likelihood(x, mu, sigma):
    x, mu, sigma = np.asarray(x, dtype=float), np.asarray(mu, dtype=float), np.asarray(sigma, dtype=float)
    squares = np.sum(x**2) - 2 * mu * np.sum(x) + len(x) * mu**2
    return -len(x) / 2 * np.log(2 * np.pi) - len(x) * np.log(sigma) - squares / (2 * sigma**2)
