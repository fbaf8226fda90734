# %% right: np.std, inverse and slogdet
def gaussian_mle(x):
    return float(np.mean(x)), float(np.std(x))


def kl_gaussians(mean0, cov0, mean1, cov1):
    shift = np.subtract(mean1, mean0)
    inverse = np.linalg.inv(cov1)
    log_ratio = np.linalg.slogdet(cov1)[1] - np.linalg.slogdet(cov0)[1]
    return 0.5 * (np.trace(inverse @ cov0) + shift @ inverse @ shift - len(shift) + log_ratio)


# %% right: var and its root; solve
def gaussian_mle(x):
    x = np.asarray(x, dtype=float)
    return x.mean(), np.sqrt(x.var())


def kl_gaussians(mean0, cov0, mean1, cov1):
    mean0, cov0, mean1, cov1 = (np.asarray(a, dtype=float) for a in (mean0, cov0, mean1, cov1))
    d = mean1 - mean0
    total = np.trace(np.linalg.solve(cov1, cov0)) + d @ np.linalg.solve(cov1, d) - d.size
    total += np.log(np.linalg.eigvalsh(cov1)).sum() - np.log(np.linalg.eigvalsh(cov0)).sum()
    return float(total / 2)


# %% right: scipy fits, cho_solve
def gaussian_mle(x):
    from scipy import stats

    return stats.norm.fit(x)


def kl_gaussians(mean0, cov0, mean1, cov1):
    from scipy.linalg import cho_factor, cho_solve

    factor0, factor1 = cho_factor(cov0), cho_factor(cov1)
    d = np.subtract(mean1, mean0)
    logs = 2 * np.log(np.diag(factor1[0])).sum() - 2 * np.log(np.diag(factor0[0])).sum()
    return 0.5 * (np.trace(cho_solve(factor1, np.asarray(cov0, dtype=float))) + d @ cho_solve(factor1, d) - len(d) + logs)


# %% right: torch, without the correction
def gaussian_mle(x):
    x = torch.tensor(np.array(x, dtype=float))
    return x.mean().item(), torch.std(x, correction=0).item()


def kl_gaussians(mean0, cov0, mean1, cov1):
    from torch.distributions import MultivariateNormal, kl_divergence

    first, second = (
        MultivariateNormal(torch.tensor(np.array(m, dtype=float)), torch.tensor(np.array(c, dtype=float)))
        for m, c in ((mean0, cov0), (mean1, cov1))
    )
    return kl_divergence(first, second).item()


# %% wrong: divides by n - 1
# expects: this divides by n - 1
def gaussian_mle(x):
    return float(np.mean(x)), float(np.std(x, ddof=1))


def kl_gaussians(mean0, cov0, mean1, cov1):
    shift = np.subtract(mean1, mean0)
    inverse = np.linalg.inv(cov1)
    log_ratio = np.linalg.slogdet(cov1)[1] - np.linalg.slogdet(cov0)[1]
    return 0.5 * (np.trace(inverse @ cov0) + shift @ inverse @ shift - len(shift) + log_ratio)


# %% wrong: torch.std with its default
def gaussian_mle(x):
    x = torch.tensor(np.array(x, dtype=float))
    return x.mean().item(), x.std().item()


def kl_gaussians(mean0, cov0, mean1, cov1):
    shift = np.subtract(mean1, mean0)
    inverse = np.linalg.inv(cov1)
    log_ratio = np.linalg.slogdet(cov1)[1] - np.linalg.slogdet(cov0)[1]
    return 0.5 * (np.trace(inverse @ cov0) + shift @ inverse @ shift - len(shift) + log_ratio)


# %% wrong: the variance
# expects: this is the variance
def gaussian_mle(x):
    return float(np.mean(x)), float(np.var(x))


def kl_gaussians(mean0, cov0, mean1, cov1):
    shift = np.subtract(mean1, mean0)
    inverse = np.linalg.inv(cov1)
    log_ratio = np.linalg.slogdet(cov1)[1] - np.linalg.slogdet(cov0)[1]
    return 0.5 * (np.trace(inverse @ cov0) + shift @ inverse @ shift - len(shift) + log_ratio)


# %% wrong: mean of squares minus square of the mean
def gaussian_mle(x):
    x = np.asarray(x, dtype=float)
    return float(x.mean()), float(np.sqrt(np.maximum((x**2).mean() - x.mean() ** 2, 0)))


def kl_gaussians(mean0, cov0, mean1, cov1):
    shift = np.subtract(mean1, mean0)
    inverse = np.linalg.inv(cov1)
    log_ratio = np.linalg.slogdet(cov1)[1] - np.linalg.slogdet(cov0)[1]
    return 0.5 * (np.trace(inverse @ cov0) + shift @ inverse @ shift - len(shift) + log_ratio)


# %% wrong: median and mean absolute deviation
def gaussian_mle(x):
    x = np.asarray(x, dtype=float)
    return float(np.median(x)), float(np.abs(x - np.median(x)).mean())


def kl_gaussians(mean0, cov0, mean1, cov1):
    shift = np.subtract(mean1, mean0)
    inverse = np.linalg.inv(cov1)
    log_ratio = np.linalg.slogdet(cov1)[1] - np.linalg.slogdet(cov0)[1]
    return 0.5 * (np.trace(inverse @ cov0) + shift @ inverse @ shift - len(shift) + log_ratio)


# %% wrong: centres the caller's array in place
def gaussian_mle(x):
    x = np.asarray(x, dtype=float)
    mean = float(x.mean())
    x -= mean
    return mean, float(np.sqrt((x**2).mean()))


def kl_gaussians(mean0, cov0, mean1, cov1):
    shift = np.subtract(mean1, mean0)
    inverse = np.linalg.inv(cov1)
    log_ratio = np.linalg.slogdet(cov1)[1] - np.linalg.slogdet(cov0)[1]
    return 0.5 * (np.trace(inverse @ cov0) + shift @ inverse @ shift - len(shift) + log_ratio)


# %% wrong: KL in the other order
# expects: the order is swapped
def gaussian_mle(x):
    return float(np.mean(x)), float(np.std(x))


def kl_gaussians(mean0, cov0, mean1, cov1):
    shift = np.subtract(mean1, mean0)
    inverse = np.linalg.inv(cov0)
    log_ratio = np.linalg.slogdet(cov0)[1] - np.linalg.slogdet(cov1)[1]
    return 0.5 * (np.trace(inverse @ cov1) + shift @ inverse @ shift - len(shift) + log_ratio)


# %% wrong: the inverse of the first covariance
def gaussian_mle(x):
    return float(np.mean(x)), float(np.std(x))


def kl_gaussians(mean0, cov0, mean1, cov1):
    shift = np.subtract(mean1, mean0)
    inverse = np.linalg.inv(cov0)
    log_ratio = np.linalg.slogdet(cov1)[1] - np.linalg.slogdet(cov0)[1]
    return 0.5 * (np.trace(inverse @ cov1) + shift @ inverse @ shift - len(shift) + log_ratio)


# %% wrong: determinants upside down
def gaussian_mle(x):
    return float(np.mean(x)), float(np.std(x))


def kl_gaussians(mean0, cov0, mean1, cov1):
    shift = np.subtract(mean1, mean0)
    inverse = np.linalg.inv(cov1)
    log_ratio = np.linalg.slogdet(cov0)[1] - np.linalg.slogdet(cov1)[1]
    return 0.5 * (np.trace(inverse @ cov0) + shift @ inverse @ shift - len(shift) + log_ratio)


# %% wrong: no determinants
# expects: the logarithm of the determinants is missing
def gaussian_mle(x):
    return float(np.mean(x)), float(np.std(x))


def kl_gaussians(mean0, cov0, mean1, cov1):
    shift = np.subtract(mean1, mean0)
    inverse = np.linalg.inv(cov1)
    log_ratio = 0.0
    return 0.5 * (np.trace(inverse @ cov0) + shift @ inverse @ shift - len(shift) + log_ratio)


# %% wrong: plain determinants, which underflow
def gaussian_mle(x):
    return float(np.mean(x)), float(np.std(x))


def kl_gaussians(mean0, cov0, mean1, cov1):
    shift = np.subtract(mean1, mean0)
    inverse = np.linalg.inv(cov1)
    log_ratio = np.log(np.linalg.det(cov1) / np.linalg.det(cov0))
    return 0.5 * (np.trace(inverse @ cov0) + shift @ inverse @ shift - len(shift) + log_ratio)


# %% wrong: forgets the dimension
def gaussian_mle(x):
    return float(np.mean(x)), float(np.std(x))


def kl_gaussians(mean0, cov0, mean1, cov1):
    shift = np.subtract(mean1, mean0)
    inverse = np.linalg.inv(cov1)
    log_ratio = np.linalg.slogdet(cov1)[1] - np.linalg.slogdet(cov0)[1]
    return 0.5 * (np.trace(inverse @ cov0) + shift @ inverse @ shift - 1 + log_ratio)


# %% wrong: without the factor one half
def gaussian_mle(x):
    return float(np.mean(x)), float(np.std(x))


def kl_gaussians(mean0, cov0, mean1, cov1):
    shift = np.subtract(mean1, mean0)
    inverse = np.linalg.inv(cov1)
    log_ratio = np.linalg.slogdet(cov1)[1] - np.linalg.slogdet(cov0)[1]
    return np.trace(inverse @ cov0) + shift @ inverse @ shift - len(shift) + log_ratio


# %% wrong: diagonals only
def gaussian_mle(x):
    return float(np.mean(x)), float(np.std(x))


def kl_gaussians(mean0, cov0, mean1, cov1):
    shift = np.subtract(mean1, mean0)
    inverse = np.diag(1 / np.diag(cov1))
    log_ratio = np.linalg.slogdet(cov1)[1] - np.linalg.slogdet(cov0)[1]
    return 0.5 * (np.trace(inverse @ cov0) + shift @ inverse @ shift - len(shift) + log_ratio)


# %% wrong: takes covariances for standard deviations
def gaussian_mle(x):
    return float(np.mean(x)), float(np.std(x))


def kl_gaussians(mean0, cov0, mean1, cov1):
    cov0, cov1 = np.asarray(cov0) @ np.asarray(cov0), np.asarray(cov1) @ np.asarray(cov1)
    shift = np.subtract(mean1, mean0)
    inverse = np.linalg.inv(cov1)
    log_ratio = np.linalg.slogdet(cov1)[1] - np.linalg.slogdet(cov0)[1]
    return 0.5 * (np.trace(inverse @ cov0) + shift @ inverse @ shift - len(shift) + log_ratio)


# %% wrong: symmetrised
def gaussian_mle(x):
    return float(np.mean(x)), float(np.std(x))


def kl_gaussians(mean0, cov0, mean1, cov1):
    shift = np.subtract(mean1, mean0)
    inverse0, inverse1 = np.linalg.inv(cov0), np.linalg.inv(cov1)
    traces = np.trace(inverse1 @ cov0) + np.trace(inverse0 @ cov1)
    return 0.25 * (traces + shift @ (inverse0 + inverse1) @ shift - 2 * len(shift))
