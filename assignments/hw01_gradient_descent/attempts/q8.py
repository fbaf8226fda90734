# %% right: simulates in the given coordinates
def iterations_to_tol(H, x0, lr, tol):
    H, x = np.asarray(H, dtype=float), np.array(x0, dtype=float)
    if np.linalg.norm(x) <= tol:
        return 0
    if lr >= 2 / np.linalg.eigvalsh(H)[-1] * (1 - 1e-10):
        return np.inf
    k = 0
    while np.linalg.norm(x) > tol:
        x = x - lr * (H @ x)
        k += 1
    return k


# %% right: closed form and bisection
def iterations_to_tol(H, x0, lr, tol):
    lam, V = np.linalg.eigh(np.array(H, float))
    c = V.T @ np.array(x0, float)

    def distance(k):
        return np.sqrt(np.sum((c * (1 - lr * lam) ** k) ** 2))

    if distance(0) <= tol:
        return 0
    if lr * lam[-1] > 2 - 1e-9:
        return float("inf")
    low, high = 0, 1
    while distance(high) > tol:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if distance(middle) <= tol else (middle, high)
    return high


# %% right: counts as a float, keeps the whole path
def iterations_to_tol(H, x0, lr, tol):
    H, path = np.asarray(H, dtype=float), [np.asarray(x0, dtype=float)]
    unstable = np.max(np.abs(1 - lr * np.linalg.eigvalsh(H))) >= 1 - 1e-12
    while np.sqrt(path[-1] @ path[-1]) > tol:
        if unstable:
            return np.inf
        path.append(path[-1] - lr * H @ path[-1])
    return float(len(path) - 1)


# %% wrong: counts the start as a step
def iterations_to_tol(H, x0, lr, tol):
    H, path = np.asarray(H, dtype=float), [np.asarray(x0, dtype=float)]
    if np.linalg.norm(path[0]) > tol and lr * np.linalg.eigvalsh(H)[-1] >= 2 - 1e-9:
        return np.inf
    while np.linalg.norm(path[-1]) > tol:
        path.append(path[-1] - lr * H @ path[-1])
    return len(path)


# %% wrong: compares the loss with the tolerance
def iterations_to_tol(H, x0, lr, tol):
    H, x, k = np.asarray(H, dtype=float), np.array(x0, dtype=float), 0
    if np.linalg.norm(x) > tol and lr * np.linalg.eigvalsh(H)[-1] >= 2 - 1e-9:
        return np.inf
    while 0.5 * x @ H @ x > tol:
        x, k = x - lr * H @ x, k + 1
    return k


# %% wrong: gives up after 10,000 steps and says never
def iterations_to_tol(H, x0, lr, tol):
    H, x = np.asarray(H, dtype=float), np.array(x0, dtype=float)
    for k in range(10_000):
        if np.linalg.norm(x) <= tol:
            return k
        x = x - lr * H @ x
    return np.inf


# %% wrong: returns the cap of its loop instead of inf
def iterations_to_tol(H, x0, lr, tol):
    H, x, k = np.asarray(H, dtype=float), np.array(x0, dtype=float), 0
    while np.linalg.norm(x) > tol and k < 20_000:
        x, k = x - lr * H @ x, k + 1
    return k


# %% wrong: formula with the worst factor only
def iterations_to_tol(H, x0, lr, tol):
    rate = np.max(np.abs(1 - lr * np.linalg.eigvalsh(H)))
    distance = np.linalg.norm(x0)
    if distance <= tol:
        return 0
    if rate >= 1 - 1e-12:
        return np.inf
    return int(np.ceil(np.log(tol / distance) / np.log(rate)))


# %% wrong: largest coordinate instead of the Euclidean norm
def iterations_to_tol(H, x0, lr, tol):
    H, x, k = np.asarray(H, dtype=float), np.array(x0, dtype=float), 0
    if np.max(np.abs(x)) > tol and lr * np.linalg.eigvalsh(H)[-1] >= 2 - 1e-9:
        return np.inf
    while np.max(np.abs(x)) > tol:
        x, k = x - lr * H @ x, k + 1
    return k


# %% wrong: inf for an unstable rate even when the start is close enough
def iterations_to_tol(H, x0, lr, tol):
    H, x, k = np.asarray(H, dtype=float), np.array(x0, dtype=float), 0
    if lr * np.linalg.eigvalsh(H)[-1] >= 2 - 1e-9:
        return np.inf
    while np.linalg.norm(x) > tol:
        x, k = x - lr * H @ x, k + 1
    return k


# %% wrong: inf for an oscillating rate
def iterations_to_tol(H, x0, lr, tol):
    H, x, k = np.asarray(H, dtype=float), np.array(x0, dtype=float), 0
    if np.linalg.norm(x) > tol and lr * np.linalg.eigvalsh(H)[-1] > 1.8:
        return np.inf
    while np.linalg.norm(x) > tol:
        x, k = x - lr * H @ x, k + 1
    return k


# %% wrong: takes H for diagonal
def iterations_to_tol(H, x0, lr, tol):
    d, x, k = np.diag(np.asarray(H, dtype=float)), np.array(x0, dtype=float), 0
    if np.linalg.norm(x) > tol and lr * d.max() >= 2 - 1e-9:
        return np.inf
    while np.linalg.norm(x) > tol and k < 50_000:
        x, k = (1 - lr * d) * x, k + 1
    return k


# %% wrong: stops when the step is short, not when the point is close
def iterations_to_tol(H, x0, lr, tol):
    H, x, k = np.asarray(H, dtype=float), np.array(x0, dtype=float), 0
    if np.linalg.norm(x) > tol and lr * np.linalg.eigvalsh(H)[-1] >= 2 - 1e-9:
        return np.inf
    while np.linalg.norm(lr * H @ x) > tol:
        x, k = x - lr * H @ x, k + 1
    return k
