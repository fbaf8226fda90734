# %% right: eig, sorted, conjugates in the other order
def eigenvalues(W):
    values, _ = np.linalg.eig(np.array(W, dtype=float))
    return np.sort_complex(values)[::-1]


def spectral_radius(W):
    return max(abs(value) for value in eigenvalues(W))


# %% right: torch
def eigenvalues(W):
    return torch.linalg.eigvals(torch.tensor(np.array(W, dtype=float))).numpy()


def spectral_radius(W):
    return np.abs(eigenvalues(W)).max()


# %% right: diagonal of the complex Schur form
def eigenvalues(W):
    from scipy.linalg import schur

    T, _ = schur(np.asarray(W, dtype=float), output="complex")
    return np.diag(T)


def spectral_radius(W):
    return float(np.abs(eigenvalues(W)).max())


# %% wrong: only the real parts
def eigenvalues(W):
    return np.linalg.eigvals(W).real


def spectral_radius(W):
    return np.max(np.abs(np.linalg.eigvals(W).real))


# %% wrong: eigvalsh on a matrix that is not symmetric
def eigenvalues(W):
    return np.linalg.eigvalsh(W)


def spectral_radius(W):
    return np.abs(np.linalg.eigvalsh(W)).max()


# %% wrong: largest eigenvalue instead of largest absolute value
def eigenvalues(W):
    return np.linalg.eigvals(np.asarray(W, dtype=float))


def spectral_radius(W):
    return float(np.max(np.linalg.eigvals(W)).real)


# %% wrong: absolute value of the largest in NumPy's order of complex numbers
def eigenvalues(W):
    return np.linalg.eigvals(W)


def spectral_radius(W):
    return float(np.abs(np.linalg.eigvals(W).max()))


# %% wrong: the spectral norm
def eigenvalues(W):
    return np.linalg.eigvals(W)


def spectral_radius(W):
    return np.linalg.norm(W, 2)


# %% wrong: eigenvalues of the symmetric part
def eigenvalues(W):
    W = np.asarray(W, dtype=float)
    return np.linalg.eigvalsh((W + W.T) / 2)


def spectral_radius(W):
    return np.abs(eigenvalues(W)).max()


# %% wrong: power iteration, which does not settle on a complex pair
def eigenvalues(W):
    return np.linalg.eigvals(W)


def spectral_radius(W):
    v = np.ones(len(W))
    length = 0.0
    for _ in range(100):
        v = np.asarray(W, dtype=float) @ v
        length = np.linalg.norm(v)
        if length == 0:
            return 0.0
        v = v / length
    return length


# %% wrong: rounds the eigenvalues to look tidy
def eigenvalues(W):
    return np.round(np.linalg.eigvals(W), 8)


def spectral_radius(W):
    return np.abs(eigenvalues(W)).max()


# %% wrong: absolute values as eigenvalues
def eigenvalues(W):
    return np.abs(np.linalg.eigvals(W))


def spectral_radius(W):
    return eigenvalues(W).max()
