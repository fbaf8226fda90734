# %% right: modified Gram-Schmidt
def lyapunov_exponents(weights):
    n = len(weights[0])
    Q, sums = np.eye(n), np.zeros(n)
    for W in weights:
        V = np.array(W, dtype=float) @ Q
        Q = np.zeros((n, n))
        for i in range(n):
            v = V[:, i]
            for j in range(i):
                v = v - (Q[:, j] @ v) * Q[:, j]
            for j in range(i):
                v = v - (Q[:, j] @ v) * Q[:, j]
            length = np.linalg.norm(v)
            sums[i] += np.log(length)
            Q[:, i] = v / length
    return np.sort(sums / len(weights))[::-1]


# %% right: torch, one QR decomposition for every two layers
def lyapunov_exponents(weights):
    stack = torch.tensor(np.array(weights, dtype=float))
    depth, n = len(stack), stack.shape[-1]
    Q, total = torch.eye(n, dtype=torch.float64), torch.zeros(n, dtype=torch.float64)
    for start in range(0, depth, 2):
        for W in stack[start : start + 2]:
            Q = W @ Q
        Q, R = torch.linalg.qr(Q)
        total += torch.diagonal(R).abs().log()
    return (total / depth).sort(descending=True).values.numpy()


# %% right: means of logarithms of the stored diagonals
def lyapunov_exponents(weights):
    Q, rows = None, []
    for W in np.array(weights, dtype=float):
        Q, R = np.linalg.qr(W if Q is None else W @ Q)
        rows.append(np.log(np.abs(np.diagonal(R))))
    return -np.sort(-np.mean(rows, axis=0))


# %% wrong: singular values of the product
def lyapunov_exponents(weights):
    P = np.eye(len(weights[0]))
    for W in weights:
        P = np.array(W, dtype=float) @ P
    return np.log(np.linalg.svd(P, compute_uv=False)) / len(weights)


# %% wrong: average over the layers of their own singular values
def lyapunov_exponents(weights):
    return np.mean([np.log(np.linalg.svd(W, compute_uv=False)) for W in weights], axis=0)


# %% wrong: average over the layers of their own eigenvalues
def lyapunov_exponents(weights):
    return np.mean([np.sort(np.log(np.abs(np.linalg.eigvals(W))))[::-1] for W in weights], axis=0)


# %% wrong: one QR decomposition of the whole product
def lyapunov_exponents(weights):
    P = np.eye(len(weights[0]))
    for W in weights:
        P = np.array(W, dtype=float) @ P
    R = np.linalg.qr(P).R
    return np.sort(np.log(np.abs(np.diag(R))) / len(weights))[::-1]


# %% wrong: sum instead of mean
def lyapunov_exponents(weights):
    Q, total = np.eye(len(weights[0])), 0
    for W in np.array(weights, dtype=float):
        Q, R = np.linalg.qr(W @ Q)
        total = total + np.log(np.abs(np.diag(R)))
    return np.sort(total)[::-1]


# %% wrong: ascending order
def lyapunov_exponents(weights):
    Q, total = np.eye(len(weights[0])), 0
    for W in np.array(weights, dtype=float):
        Q, R = np.linalg.qr(W @ Q)
        total = total + np.log(np.abs(np.diag(R)))
    return np.sort(total / len(weights))


# %% wrong: decimal logarithm
def lyapunov_exponents(weights):
    Q, total = np.eye(len(weights[0])), 0
    for W in np.array(weights, dtype=float):
        Q, R = np.linalg.qr(W @ Q)
        total = total + np.log10(np.abs(np.diag(R)))
    return np.sort(total / len(weights))[::-1]


# %% wrong: the frame is not passed on to the next layer
def lyapunov_exponents(weights):
    total = 0
    for W in np.array(weights, dtype=float):
        total = total + np.log(np.abs(np.diag(np.linalg.qr(W).R)))
    return np.sort(total / len(weights))[::-1]


# %% wrong: layers in the reverse order
def lyapunov_exponents(weights):
    Q, total = np.eye(len(weights[0])), 0
    for W in np.array(weights, dtype=float)[::-1]:
        Q, R = np.linalg.qr(W @ Q)
        total = total + np.log(np.abs(np.diag(R)))
    return np.sort(total / len(weights))[::-1]


# %% wrong: multiplies from the other side
def lyapunov_exponents(weights):
    Q, total = np.eye(len(weights[0])), 0
    for W in np.array(weights, dtype=float):
        Q, R = np.linalg.qr(Q @ W)
        total = total + np.log(np.abs(np.diag(R)))
    return np.sort(total / len(weights))[::-1]


# %% wrong: logarithm of the mean instead of mean of the logarithms
def lyapunov_exponents(weights):
    Q, total = np.eye(len(weights[0])), 0
    for W in np.array(weights, dtype=float):
        Q, R = np.linalg.qr(W @ Q)
        total = total + np.abs(np.diag(R))
    return np.sort(np.log(total / len(weights)))[::-1]


# %% wrong: no absolute value, so signs of R make nan
def lyapunov_exponents(weights):
    Q, total = np.eye(len(weights[0])), 0
    for W in np.array(weights, dtype=float):
        Q, R = np.linalg.qr(W @ Q)
        total = total + np.log(np.diag(R))
    return np.sort(total / len(weights))[::-1]
