# %% right: an upper triangular Jordan block
def hidden_growth(height):
    W = 0.85 * np.eye(40) + np.eye(40, k=1)
    x = np.zeros(40)
    x[-1] = 1
    return W, x


# %% right: lower triangular, nilpotent, the first vector is the sum of all
def hidden_growth(height):
    W = np.tril(np.ones((35, 35)), -1)
    return W, np.ones(35) / np.sqrt(35)


# %% wrong: one large weight
# expects: and 1 is allowed
def hidden_growth(height):
    return np.array([[0.5, 4 * height], [0.0, 0.5]]), np.array([0.0, 1.0])


# %% wrong: the chain is too short
def hidden_growth(height):
    W = 0.9 * np.eye(4) + np.eye(4, k=1)
    return W, np.eye(4)[-1]


# %% wrong: starts at the end of the chain
# expects: the longest of the vectors
def hidden_growth(height):
    n = 30
    return np.triu(np.ones((n, n)), 1) + 0.5 * np.eye(n), np.eye(n)[0]


# %% wrong: the eigenvalue is 1
# expects: the spectral radius is
def hidden_growth(height):
    n = 30
    return np.triu(np.ones((n, n))), np.eye(n)[-1]
