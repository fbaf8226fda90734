# %% right: nan replaced by zero
def unit(x):
    x = np.asarray(x, dtype=float)
    return np.nan_to_num(x / np.sqrt((x**2).sum(axis=-1))[..., None])


# %% right: torch's normalize
def unit(x):
    return torch.nn.functional.normalize(torch.tensor(np.array(x, dtype=float)), dim=-1).numpy()


# %% wrong: broadcasts the lengths along the wrong axis
def unit(x):
    x = np.asarray(x, dtype=float)
    length = np.linalg.norm(x, axis=-1)
    return x / np.where(length > 0, length, 1)


# %% wrong: a vector of zeros becomes nan
def unit(x):
    x = np.asarray(x, dtype=float)
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


# %% wrong: a small number in the denominator
def unit(x):
    x = np.asarray(x, dtype=float)
    return x / (np.linalg.norm(x, axis=-1, keepdims=True) + 1e-8)


# %% wrong: changes its argument
def unit(x):
    x = np.asarray(x, dtype=float)
    length = np.linalg.norm(x, axis=-1, keepdims=True)
    x /= np.where(length > 0, length, 1.0)
    return x
