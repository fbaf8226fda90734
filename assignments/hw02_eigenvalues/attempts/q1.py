# %% right: standard normal numbers, scaled
def xavier_normal(fan_out, fan_in, rng):
    return rng.standard_normal((fan_out, fan_in)) * (2 / (fan_out + fan_in)) ** 0.5


def he_normal(fan_out, fan_in, rng):
    return rng.standard_normal((fan_out, fan_in)) * (2 / fan_in) ** 0.5


# %% right: a uniform variant under a name of its own beside it, and row by row
def xavier_uniform(fan_out, fan_in, rng):
    bound = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-bound, bound, size=(fan_out, fan_in))


def xavier_normal(fan_out, fan_in, rng):
    return np.array([rng.normal(scale=np.sqrt(2 / (fan_in + fan_out)), size=fan_in) for _ in range(fan_out)])


def he_normal(fan_out, fan_in, rng):
    return np.array([rng.normal(scale=np.sqrt(2 / fan_in), size=fan_in) for _ in range(fan_out)])


# %% right: He from Xavier by the ratio of the scales
def xavier_normal(fan_out, fan_in, rng):
    gain = np.sqrt(2.0)
    return gain * rng.normal(0.0, 1.0, (fan_out, fan_in)) / np.sqrt(fan_in + fan_out)


def he_normal(fan_out, fan_in, rng):
    return xavier_normal(fan_out, fan_in, rng) * np.sqrt((fan_in + fan_out) / fan_in)


# %% wrong: Xavier as 1/n, the square case
def xavier_normal(fan_out, fan_in, rng):
    return rng.normal(0, np.sqrt(1 / fan_in), size=(fan_out, fan_in))


def he_normal(fan_out, fan_in, rng):
    return rng.normal(0, np.sqrt(2 / fan_in), size=(fan_out, fan_in))


# %% wrong: fan_in and fan_out swapped in He
def xavier_normal(fan_out, fan_in, rng):
    return rng.normal(0, np.sqrt(2 / (fan_in + fan_out)), size=(fan_out, fan_in))


def he_normal(fan_out, fan_in, rng):
    return rng.normal(0, np.sqrt(2 / fan_out), size=(fan_out, fan_in))


# %% wrong: variance passed as standard deviation
def xavier_normal(fan_out, fan_in, rng):
    return rng.normal(0, 2 / (fan_in + fan_out), size=(fan_out, fan_in))


def he_normal(fan_out, fan_in, rng):
    return rng.normal(0, 2 / fan_in, size=(fan_out, fan_in))


# %% wrong: the global generator
def xavier_normal(fan_out, fan_in, rng):
    return np.random.randn(fan_out, fan_in) * np.sqrt(2 / (fan_in + fan_out))


def he_normal(fan_out, fan_in, rng):
    return np.random.randn(fan_out, fan_in) * np.sqrt(2 / fan_in)


# %% wrong: a generator of its own with a fixed seed
def xavier_normal(fan_out, fan_in, rng):
    rng = np.random.default_rng(0)
    return rng.normal(0, np.sqrt(2 / (fan_in + fan_out)), size=(fan_out, fan_in))


def he_normal(fan_out, fan_in, rng):
    rng = np.random.default_rng(0)
    return rng.normal(0, np.sqrt(2 / fan_in), size=(fan_out, fan_in))


# %% wrong: transposed shape
def xavier_normal(fan_out, fan_in, rng):
    return rng.normal(0, np.sqrt(2 / (fan_in + fan_out)), size=(fan_in, fan_out))


def he_normal(fan_out, fan_in, rng):
    return rng.normal(0, np.sqrt(2 / fan_in), size=(fan_in, fan_out))


# %% wrong: uniform numbers of the right variance
def xavier_normal(fan_out, fan_in, rng):
    bound = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-bound, bound, size=(fan_out, fan_in))


def he_normal(fan_out, fan_in, rng):
    bound = np.sqrt(6 / fan_in)
    return rng.uniform(-bound, bound, size=(fan_out, fan_in))


# %% wrong: float32, as torch would
def xavier_normal(fan_out, fan_in, rng):
    return rng.standard_normal((fan_out, fan_in), dtype=np.float32) * np.float32(np.sqrt(2 / (fan_in + fan_out)))


def he_normal(fan_out, fan_in, rng):
    return rng.standard_normal((fan_out, fan_in), dtype=np.float32) * np.float32(np.sqrt(2 / fan_in))


# %% wrong: one random row for all outputs
def xavier_normal(fan_out, fan_in, rng):
    row = rng.normal(0, np.sqrt(2 / (fan_in + fan_out)), size=fan_in)
    return np.tile(row, (fan_out, 1))


def he_normal(fan_out, fan_in, rng):
    row = rng.normal(0, np.sqrt(2 / fan_in), size=fan_in)
    return np.tile(row, (fan_out, 1))


# %% wrong: He without the factor 2
def xavier_normal(fan_out, fan_in, rng):
    return rng.normal(0, np.sqrt(2 / (fan_in + fan_out)), size=(fan_out, fan_in))


def he_normal(fan_out, fan_in, rng):
    return rng.normal(0, np.sqrt(1 / fan_in), size=(fan_out, fan_in))
