# %% right: Cholesky for both, as scipy users write it
from scipy.linalg import cho_factor, cho_solve, solve_triangular


def newton_step(grad, H):
    try:
        factor = cho_factor(np.asarray(H, dtype=float))
    except np.linalg.LinAlgError:
        raise ValueError("H is not positive definite")
    return cho_solve(factor, -np.asarray(grad, dtype=float))


def precondition(H, M):
    L = np.linalg.cholesky(np.asarray(M, dtype=float))
    A = solve_triangular(L, np.asarray(H, dtype=float), lower=True)
    return solve_triangular(L, A.T, lower=True).T


# %% right: symmetric square root, inverses
def newton_step(grad, H):
    H = np.asarray(H, dtype=float)
    if min(np.linalg.eigvalsh(H)) <= 0:
        raise ValueError("indefinite")
    return -np.linalg.inv(H) @ np.asarray(grad, dtype=float)


def precondition(H, M):
    lam, V = np.linalg.eigh(np.asarray(M, dtype=float))
    root = V @ np.diag(1 / np.sqrt(lam)) @ V.T
    return root @ np.asarray(H, dtype=float) @ root


# %% right: numpy's own LinAlgError, which is a ValueError, is let through
def newton_step(grad, H):
    C = np.linalg.cholesky(np.asarray(H, dtype=float))
    return -np.linalg.solve(C.T, np.linalg.solve(C, np.asarray(grad, dtype=float)))


def precondition(H, M):
    Ci = np.linalg.inv(np.linalg.cholesky(np.asarray(M, dtype=float)))
    return Ci @ np.asarray(H, dtype=float) @ Ci.T


# %% wrong: goes up
# expects: this step goes up
def newton_step(grad, H):
    if np.linalg.eigvalsh(H)[0] <= 0:
        raise ValueError("indefinite")
    return np.linalg.solve(H, np.asarray(grad, dtype=float))


def precondition(H, M):
    Ci = np.linalg.inv(np.linalg.cholesky(M))
    return Ci @ H @ Ci.T


# %% wrong: inverse of M times H, which is not symmetric
# expects: is it the inverse of M times H?
def newton_step(grad, H):
    if np.linalg.eigvalsh(H)[0] <= 0:
        raise ValueError("indefinite")
    return -np.linalg.solve(H, np.asarray(grad, dtype=float))


def precondition(H, M):
    return np.linalg.solve(M, np.asarray(H, dtype=float))


# %% wrong: multiplies by M instead of dividing
# expects: M belongs on the other side
def newton_step(grad, H):
    if np.linalg.eigvalsh(H)[0] <= 0:
        raise ValueError("indefinite")
    return -np.linalg.solve(H, np.asarray(grad, dtype=float))


def precondition(H, M):
    C = np.linalg.cholesky(M)
    return C.T @ np.asarray(H, dtype=float) @ C


# %% wrong: transposes on the wrong sides
def newton_step(grad, H):
    if np.linalg.eigvalsh(H)[0] <= 0:
        raise ValueError("indefinite")
    return -np.linalg.solve(H, np.asarray(grad, dtype=float))


def precondition(H, M):
    Ci = np.linalg.inv(np.linalg.cholesky(M))
    return Ci.T @ np.asarray(H, dtype=float) @ Ci


# %% wrong: takes M for diagonal
def newton_step(grad, H):
    if np.linalg.eigvalsh(H)[0] <= 0:
        raise ValueError("indefinite")
    return -np.linalg.solve(H, np.asarray(grad, dtype=float))


def precondition(H, M):
    d = np.sqrt(np.diag(np.asarray(M, dtype=float)))
    return np.asarray(H, dtype=float) / np.outer(d, d)


# %% wrong: divides by one factor of M only
def newton_step(grad, H):
    if np.linalg.eigvalsh(H)[0] <= 0:
        raise ValueError("indefinite")
    return -np.linalg.solve(H, np.asarray(grad, dtype=float))


def precondition(H, M):
    lam, V = np.linalg.eigh(np.asarray(M, dtype=float))
    quarter = V @ np.diag(lam**-0.25) @ V.T
    return quarter @ np.asarray(H, dtype=float) @ quarter


# %% wrong: Newton's step also at a saddle
# expects: is not positive definite, but you return
def newton_step(grad, H):
    return -np.linalg.solve(np.asarray(H, dtype=float), np.asarray(grad, dtype=float))


def precondition(H, M):
    Ci = np.linalg.inv(np.linalg.cholesky(M))
    return Ci @ np.asarray(H, dtype=float) @ Ci.T


# %% wrong: looks at the determinant for definiteness
def newton_step(grad, H):
    H = np.asarray(H, dtype=float)
    if np.linalg.det(H) <= 0:
        raise ValueError("indefinite")
    return -np.linalg.solve(H, np.asarray(grad, dtype=float))


def precondition(H, M):
    Ci = np.linalg.inv(np.linalg.cholesky(M))
    return Ci @ np.asarray(H, dtype=float) @ Ci.T


# %% wrong: repairs the signs of the curvatures instead of refusing
def newton_step(grad, H):
    lam, V = np.linalg.eigh(np.asarray(H, dtype=float))
    return -V @ ((V.T @ np.asarray(grad, dtype=float)) / np.maximum(np.abs(lam), 1e-12))


def precondition(H, M):
    Ci = np.linalg.inv(np.linalg.cholesky(M))
    return Ci @ np.asarray(H, dtype=float) @ Ci.T


# %% wrong: divides by the diagonal of H only
def newton_step(grad, H):
    H = np.asarray(H, dtype=float)
    if np.linalg.eigvalsh(H)[0] <= 0:
        raise ValueError("indefinite")
    return -np.asarray(grad, dtype=float) / np.diag(H)


def precondition(H, M):
    Ci = np.linalg.inv(np.linalg.cholesky(M))
    return Ci @ np.asarray(H, dtype=float) @ Ci.T


# %% wrong: changes the sign of the gradient in place
def newton_step(grad, H):
    H = np.asarray(H, dtype=float)
    if np.linalg.eigvalsh(H)[0] <= 0:
        raise ValueError("indefinite")
    grad = np.asarray(grad, dtype=float)
    grad *= -1
    return np.linalg.solve(H, grad)


def precondition(H, M):
    Ci = np.linalg.inv(np.linalg.cholesky(M))
    return Ci @ np.asarray(H, dtype=float) @ Ci.T
