# %% right: square roots of the eigenvalues of the smaller Gram matrix
def singular_values(W):
    W = np.asarray(W, dtype=float)
    gram = W @ W.T if W.shape[0] < W.shape[1] else W.T @ W
    return np.sqrt(np.maximum(np.linalg.eigvalsh(gram), 0))[::-1]


def singular_value_edges(fan_out, fan_in, std):
    ratio = np.sqrt(fan_out / fan_in)
    return std * np.sqrt(fan_in) * abs(1 - ratio), std * np.sqrt(fan_in) * (1 + ratio)


# %% right: torch
def singular_values(W):
    return torch.linalg.svdvals(torch.tensor(np.array(W, dtype=float))).numpy()


def singular_value_edges(fan_out, fan_in, std):
    big, small = max(fan_out, fan_in), min(fan_out, fan_in)
    return std * (big**0.5 - small**0.5), std * (big**0.5 + small**0.5)


# %% right: the full decomposition, sorted once more
def singular_values(W):
    U, sigma, Vt = np.linalg.svd(W)
    return np.sort(sigma)[::-1]


def singular_value_edges(fan_out, fan_in, std):
    edges = np.abs(np.sqrt(fan_out) + np.array([-1, 1]) * np.sqrt(fan_in))
    return tuple(std * edges)


# %% wrong: absolute eigenvalues
def singular_values(W):
    W = np.asarray(W, dtype=float)
    if W.shape[0] != W.shape[1]:
        return np.linalg.svd(W, compute_uv=False)
    return np.sort(np.abs(np.linalg.eigvals(W)))[::-1]


def singular_value_edges(fan_out, fan_in, std):
    return std * abs(np.sqrt(fan_out) - np.sqrt(fan_in)), std * (np.sqrt(fan_out) + np.sqrt(fan_in))


# %% wrong: eigenvalues of W^T W without the square root
def singular_values(W):
    W = np.asarray(W, dtype=float)
    return np.linalg.eigvalsh(W.T @ W)[::-1][: min(W.shape)]


def singular_value_edges(fan_out, fan_in, std):
    return std * abs(np.sqrt(fan_out) - np.sqrt(fan_in)), std * (np.sqrt(fan_out) + np.sqrt(fan_in))


# %% wrong: n values from W^T W for a wide matrix
def singular_values(W):
    W = np.asarray(W, dtype=float)
    return np.sqrt(np.maximum(np.linalg.eigvalsh(W.T @ W), 0))[::-1]


def singular_value_edges(fan_out, fan_in, std):
    return std * abs(np.sqrt(fan_out) - np.sqrt(fan_in)), std * (np.sqrt(fan_out) + np.sqrt(fan_in))


# %% wrong: ascending order
def singular_values(W):
    return np.sort(np.linalg.svd(np.asarray(W, dtype=float), compute_uv=False))


def singular_value_edges(fan_out, fan_in, std):
    return std * abs(np.sqrt(fan_out) - np.sqrt(fan_in)), std * (np.sqrt(fan_out) + np.sqrt(fan_in))


# %% wrong: variance in the edges
def singular_values(W):
    return np.linalg.svd(np.asarray(W, dtype=float), compute_uv=False)


def singular_value_edges(fan_out, fan_in, std):
    low, high = abs(np.sqrt(fan_out) - np.sqrt(fan_in)), np.sqrt(fan_out) + np.sqrt(fan_in)
    return std**2 * low, std**2 * high


# %% wrong: edges only right for square layers
def singular_values(W):
    return np.linalg.svd(np.asarray(W, dtype=float), compute_uv=False)


def singular_value_edges(fan_out, fan_in, std):
    return 0.0, 2 * std * np.sqrt(fan_in)


# %% wrong: lower edge negative where there are more inputs than outputs
def singular_values(W):
    return np.linalg.svd(np.asarray(W, dtype=float), compute_uv=False)


def singular_value_edges(fan_out, fan_in, std):
    return std * (np.sqrt(fan_out) - np.sqrt(fan_in)), std * (np.sqrt(fan_out) + np.sqrt(fan_in))


# %% wrong: the radius of the eigenvalues as upper edge
def singular_values(W):
    return np.linalg.svd(np.asarray(W, dtype=float), compute_uv=False)


def singular_value_edges(fan_out, fan_in, std):
    return 0.0, std * np.sqrt(fan_in)


# %% wrong: edges of the squared singular values
def singular_values(W):
    return np.linalg.svd(np.asarray(W, dtype=float), compute_uv=False)


def singular_value_edges(fan_out, fan_in, std):
    low, high = abs(np.sqrt(fan_out) - np.sqrt(fan_in)), np.sqrt(fan_out) + np.sqrt(fan_in)
    return (std * low) ** 2, (std * high) ** 2


# %% wrong: singular values in float32
def singular_values(W):
    return torch.linalg.svdvals(torch.tensor(W, dtype=torch.float32)).double().numpy()


def singular_value_edges(fan_out, fan_in, std):
    return std * abs(np.sqrt(fan_out) - np.sqrt(fan_in)), std * (np.sqrt(fan_out) + np.sqrt(fan_in))
