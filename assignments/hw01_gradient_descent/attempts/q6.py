# %% right: through the condition number
def optimal_lr(H):
    eigenvalues = np.linalg.eigvalsh(H)
    kappa = eigenvalues[-1] / eigenvalues[0]
    return 2 / (eigenvalues[0] + eigenvalues[-1]), (kappa - 1) / (kappa + 1)


# %% right: the rate is the factor at the best learning rate, result as an array
def optimal_lr(H):
    eigenvalues = np.linalg.eigvalsh(np.asarray(H, dtype=float))
    lr = 2 / (eigenvalues.min() + eigenvalues.max())
    return np.array([lr, np.abs(1 - lr * eigenvalues).max()])


# %% right: norms of H and of its inverse
def optimal_lr(H):
    largest, smallest = np.linalg.norm(H, 2), 1 / np.linalg.norm(np.linalg.inv(H), 2)
    lr = 2 / (largest + smallest)
    return [lr, lr * largest - 1]


# %% wrong: rate of the loss, squared
def optimal_lr(H):
    e = np.linalg.eigvalsh(H)
    return 2 / (e[0] + e[-1]), ((e[-1] - e[0]) / (e[-1] + e[0])) ** 2


# %% wrong: 1 / L with its own rate
def optimal_lr(H):
    e = np.linalg.eigvalsh(H)
    return 1 / e[-1], 1 - e[0] / e[-1]


# %% wrong: one over the mean eigenvalue, right only in two dimensions
def optimal_lr(H):
    e = np.linalg.eigvalsh(H)
    return 1 / e.mean(), (e[-1] - e[0]) / (e[-1] + e[0])


# %% wrong: the two largest eigenvalues
def optimal_lr(H):
    e = np.linalg.eigvalsh(H)
    return 2 / (e[-1] + e[-2]), (e[-1] - e[-2]) / (e[-1] + e[-2])


# %% wrong: rate of the cautious learning rate
def optimal_lr(H):
    e = np.linalg.eigvalsh(H)
    return 2 / (e[0] + e[-1]), 1 - e[0] / e[-1]


# %% wrong: the rate of the flat direction with its sign lost in a round bowl
def optimal_lr(H):
    e = np.linalg.eigvalsh(H)
    lr = 2 / (e[0] + e[-1])
    kappa = e[-1] / e[0]
    if np.isclose(kappa, 1):
        return lr, 1.0
    return lr, (kappa - 1) / (kappa + 1)


# %% wrong: the two most different diagonal entries
def optimal_lr(H):
    d = np.sort(np.diag(H))
    return 2 / (d[0] + d[-1]), (d[-1] - d[0]) / (d[-1] + d[0])


# %% wrong: the factor is measured on the mean of all directions
def optimal_lr(H):
    e = np.linalg.eigvalsh(H)
    lr = 2 / (e[0] + e[-1])
    return lr, np.abs(1 - lr * e).mean()
