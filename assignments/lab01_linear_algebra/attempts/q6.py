# %% right: with a vector of length 1
def is_eigenpair(A, value, v, *, rtol=1e-9):
    A, v = np.asarray(A, dtype=complex), np.asarray(v, dtype=complex)
    length = np.linalg.norm(v)
    if length == 0:
        return False
    v = v / length
    return np.linalg.norm(A @ v - value * v) <= rtol * np.linalg.norm(A)


# %% right: the matrix minus the eigenvalue
def is_eigenpair(A, value, v, *, rtol=1e-9):
    A, v = np.array(A), np.array(v)
    if not v.any():
        return False
    size = np.linalg.norm(A)
    return bool(np.linalg.norm((A - value * np.eye(len(A))) @ v) / np.linalg.norm(v) <= rtol * size)


# %% wrong: np.allclose with its default tolerances
def is_eigenpair(A, value, v, *, rtol=1e-9):
    A, v = np.array(A), np.array(v)
    return bool(v.any() and np.allclose(A @ v, value * v))


# %% wrong: exactly equal
def is_eigenpair(A, value, v, *, rtol=1e-9):
    A, v = np.array(A), np.array(v)
    return bool(v.any() and np.array_equal(A @ v, value * v))


# %% wrong: takes the zero vector
def is_eigenpair(A, value, v, *, rtol=1e-9):
    A, v = np.array(A), np.array(v)
    return bool(np.linalg.norm(A @ v - value * v) <= rtol * np.linalg.norm(A) * np.linalg.norm(v))


# %% wrong: drops the imaginary parts
def is_eigenpair(A, value, v, *, rtol=1e-9):
    A, v, value = np.real(A), np.real(v), np.real(value)
    return bool(v.any() and np.linalg.norm(A @ v - value * v) <= rtol * np.linalg.norm(A) * np.linalg.norm(v))
