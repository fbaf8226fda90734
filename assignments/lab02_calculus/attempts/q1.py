# %% right: central as the mean of the secants to both sides
def forward_difference(f, x, h):
    x = np.array(x, dtype=float)
    return (f(x + h) - f(x)) / h


def central_difference(f, x, h):
    return (forward_difference(f, x, h) + forward_difference(f, x, -h)) / 2


# %% right: one number at a time
def forward_difference(f, x, h):
    return np.vectorize(lambda at: (f(at + h) - f(at)) / h)(np.asarray(x, dtype=float))


def central_difference(f, x, h):
    return np.vectorize(lambda at: (f(at + h) - f(at - h)) / h / 2)(np.asarray(x, dtype=float))


# %% wrong: forward steps to the left
# expects: secant to the left
def forward_difference(f, x, h):
    x = np.asarray(x, dtype=float)
    return (f(x) - f(x - h)) / h


def central_difference(f, x, h):
    x = np.asarray(x, dtype=float)
    return (f(x + h) - f(x - h)) / (2 * h)


# %% wrong: brackets of 2 h forgotten
# expects: multiplies by h
def forward_difference(f, x, h):
    x = np.asarray(x, dtype=float)
    return (f(x + h) - f(x)) / h


def central_difference(f, x, h):
    x = np.asarray(x, dtype=float)
    return (f(x + h) - f(x - h)) / 2 * h


# %% wrong: lists are not converted
def forward_difference(f, x, h):
    return (f(x + h) - f(x)) / h


def central_difference(f, x, h):
    return (f(x + h) - f(x - h)) / (2 * h)
