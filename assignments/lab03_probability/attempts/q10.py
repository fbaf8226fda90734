# %% right: term by term
def information_matrix(x):
    x = np.asarray(x, dtype=float)
    n, mu, sigma = x.size, x.mean(), x.std()
    J = np.empty((2, 2))
    J[0, 0] = n / sigma**2
    J[0, 1] = J[1, 0] = 2 * np.sum(x - mu) / sigma**3
    J[1, 1] = 3 * np.sum((x - mu) ** 2) / sigma**4 - n / sigma**2
    return J


# %% right: by autograd
def information_matrix(x):
    data = torch.tensor(np.array(x, dtype=float))
    top = torch.stack([data.mean(), data.std(correction=0)])

    def surprise(theta):
        return -torch.distributions.Normal(theta[0], theta[1]).log_prob(data).sum()

    return torch.autograd.functional.hessian(surprise, top).numpy()


# %% wrong: the Hessian with its own sign
# expects: MINUS the second derivatives
def information_matrix(x):
    return -len(x) / np.var(x) * np.diag([1.0, 2.0])


# %% wrong: by the variance
# expects: wanted is by sigma
def information_matrix(x):
    variance = np.var(x)
    return np.diag([len(x) / variance, len(x) / (2 * variance**2)])


# %% wrong: the information of one value
# expects: multiply by n
def information_matrix(x):
    return np.diag([1.0, 2.0]) / np.var(x)
