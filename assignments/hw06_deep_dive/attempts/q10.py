# %% right: torch's automatic Jacobian, and a branch with other factors
def jacobian_extremes(weights, x, skip, scale):
    weights = torch.tensor(np.asarray(weights, dtype=float))

    def network(h):
        for W in weights:
            h = skip * h + scale * torch.tanh(W @ h)
        return h

    x = torch.tensor(np.asarray(x, dtype=float), requires_grad=True)
    J = torch.stack([torch.autograd.grad(y, x, retain_graph=True)[0] for y in network(x)])
    sigma = torch.linalg.svdvals(J)
    return sigma[-1].item(), sigma[0].item()


def dead_branch(n):
    A = np.kron(np.eye(n), np.array([[0.5], [-0.5]]))
    return A, -4 * A.T


# %% right: gradients row by row, and a turned basis
def jacobian_extremes(weights, x, skip, scale):
    h, steps = np.asarray(x, dtype=float), []
    for W in np.asarray(weights, dtype=float):
        a = W @ h
        steps.append(skip * np.eye(len(h)) + scale * np.diag(np.cosh(a) ** -2.0) @ W)
        h = skip * h + scale * np.tanh(a)
    rows = np.eye(len(h))
    for J in reversed(steps):
        rows = rows @ J
    values = np.linalg.svd(rows)[1]
    return np.array([values.min(), values.max()])


def dead_branch(n):
    Q = np.linalg.qr(np.arange(1.0, n * n + 1).reshape(n, n) ** 0.5).Q
    return np.concatenate([Q, -Q]), np.concatenate([-Q.T, Q.T], axis=1)


# %% wrong: a single ReLU for each coordinate kills one half of the inputs only
# expects: the block has the Jacobian
def jacobian_extremes(weights, x, skip, scale):
    x = np.array(x, dtype=float)
    J = np.eye(len(x))
    for W in np.asarray(weights, dtype=float):
        t = np.tanh(W @ x)
        J = skip * J + scale * (1 - t**2)[:, None] * (W @ J)
        x = skip * x + scale * t
    sigma = np.linalg.svd(J, compute_uv=False)
    return sigma[-1], sigma[0]


def dead_branch(n):
    return np.eye(n), -np.eye(n)


# %% wrong: slopes of the tanh forgotten, largest first
# expects: the smallest comes first
def jacobian_extremes(weights, x, skip, scale):
    J = np.eye(len(x))
    for W in np.asarray(weights, dtype=float):
        J = (skip * np.eye(len(x)) + scale * W) @ J
    sigma = np.linalg.svd(J, compute_uv=False)
    return sigma[0], sigma[-1]


def dead_branch(n):
    identity = np.eye(n)
    return np.vstack([identity, -identity]), np.hstack([-identity, identity])


# %% wrong: eigenvalues instead of singular values
def jacobian_extremes(weights, x, skip, scale):
    x = np.array(x, dtype=float)
    J = np.eye(len(x))
    for W in np.asarray(weights, dtype=float):
        t = np.tanh(W @ x)
        J = skip * J + scale * (1 - t**2)[:, None] * (W @ J)
        x = skip * x + scale * t
    size = np.abs(np.linalg.eigvals(J))
    return size.min(), size.max()


def dead_branch(n):
    identity = np.eye(n)
    return np.vstack([identity, -identity]), np.hstack([-identity, identity])


# %% wrong: Jacobians multiplied in the order of the layers, first on the left
def jacobian_extremes(weights, x, skip, scale):
    x = np.array(x, dtype=float)
    J = np.eye(len(x))
    for W in np.asarray(weights, dtype=float):
        t = np.tanh(W @ x)
        J = J @ (skip * np.eye(len(x)) + scale * (1 - t**2)[:, None] * W)
        x = skip * x + scale * t
    sigma = np.linalg.svd(J, compute_uv=False)
    return sigma[-1], sigma[0]


def dead_branch(n):
    identity = np.eye(n)
    return np.vstack([identity, -identity]), np.hstack([-identity, identity])


# %% wrong: written for the plane
def jacobian_extremes(weights, x, skip, scale):
    x = np.array(x, dtype=float)
    J = np.eye(len(x))
    for W in np.asarray(weights, dtype=float):
        t = np.tanh(W @ x)
        J = skip * J + scale * (1 - t**2)[:, None] * (W @ J)
        x = skip * x + scale * t
    sigma = np.linalg.svd(J, compute_uv=False)
    return sigma[-1], sigma[0]


def dead_branch(n):
    A = np.array([[1, 0], [0, 1], [-1, 0], [0, -1]])
    return A, -A.T
