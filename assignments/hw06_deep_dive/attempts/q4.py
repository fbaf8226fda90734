# %% right: solves instead of inverting, derivatives through the old coordinates
def symmetry_gap(method, A, x0, T, c, lr, num_steps):
    A, x0, T = (np.array(v, dtype=float) for v in (A, x0, T))

    def to_new(g):
        return c * np.linalg.solve(T.T, g)

    def new_grad(y):
        return to_new(A @ np.linalg.solve(T, y))

    def new_hess(y):
        return to_new(np.linalg.solve(T.T, A).T)

    xs = np.array(method(lambda x: np.dot(A, x), lambda x: A.copy(), x0, lr, num_steps))
    ys = np.array(method(new_grad, new_hess, np.dot(T, x0), lr, num_steps))
    image = np.array([T @ x for x in xs])
    return max(np.linalg.norm(ys - image, axis=1)) / max(np.linalg.norm(image, axis=1))


# %% right: derivatives by torch
def symmetry_gap(method, A, x0, T, c, lr, num_steps):
    A = torch.tensor(np.asarray(A, dtype=float))
    T = np.asarray(T, dtype=float)
    back = torch.tensor(np.linalg.inv(T))

    def derivatives(f):
        def grad(x):
            x = torch.tensor(np.asarray(x, dtype=float), requires_grad=True)
            return torch.autograd.grad(f(x), x)[0].numpy()

        def hess(x):
            return np.array([grad(e) for e in np.eye(len(x))])  # the gradient is linear

        return grad, hess

    def old(x):
        return 0.5 * x @ A @ x

    def new(y):
        return c * old(back @ y)

    x0 = np.asarray(x0, dtype=float)
    ys = np.asarray(method(*derivatives(new), T @ x0, lr, num_steps))
    xs = np.asarray(method(*derivatives(old), x0, lr, num_steps)) @ T.T
    return np.max(np.linalg.norm(ys - xs, axis=1)) / np.max(np.linalg.norm(xs, axis=1))


# %% wrong: T^T instead of its inverse, right for rotations only
# expects: second example
def symmetry_gap(method, A, x0, T, c, lr, num_steps):
    A, T, x0 = np.array(A, dtype=float), np.array(T, dtype=float), np.array(x0, dtype=float)
    B = c * T @ A @ T.T
    old = np.asarray(method(lambda x: A @ x, lambda x: A, x0, lr, num_steps)) @ T.T
    new = np.asarray(method(lambda y: B @ y, lambda y: B, T @ x0, lr, num_steps))
    return np.linalg.norm(new - old, axis=1).max() / np.linalg.norm(old, axis=1).max()


# %% wrong: compares the last points only
def symmetry_gap(method, A, x0, T, c, lr, num_steps):
    A, T, x0 = np.array(A, dtype=float), np.array(T, dtype=float), np.array(x0, dtype=float)
    back = np.linalg.inv(T)
    B = c * back.T @ A @ back
    old = np.asarray(method(lambda x: A @ x, lambda x: A, x0, lr, num_steps)) @ T.T
    new = np.asarray(method(lambda y: B @ y, lambda y: B, T @ x0, lr, num_steps))
    return np.linalg.norm(new[-1] - old[-1]) / np.linalg.norm(old, axis=1).max()


# %% wrong: both runs start at the same point
def symmetry_gap(method, A, x0, T, c, lr, num_steps):
    A, T, x0 = np.array(A, dtype=float), np.array(T, dtype=float), np.array(x0, dtype=float)
    back = np.linalg.inv(T)
    B = c * back.T @ A @ back
    old = np.asarray(method(lambda x: A @ x, lambda x: A, x0, lr, num_steps)) @ T.T
    new = np.asarray(method(lambda y: B @ y, lambda y: B, x0, lr, num_steps))
    return np.linalg.norm(new - old, axis=1).max() / np.linalg.norm(old, axis=1).max()


# %% wrong: the Hessian is left in the old coordinates
def symmetry_gap(method, A, x0, T, c, lr, num_steps):
    A, T, x0 = np.array(A, dtype=float), np.array(T, dtype=float), np.array(x0, dtype=float)
    back = np.linalg.inv(T)
    B = c * back.T @ A @ back
    old = np.asarray(method(lambda x: A @ x, lambda x: A, x0, lr, num_steps)) @ T.T
    new = np.asarray(method(lambda y: B @ y, lambda y: c * A, T @ x0, lr, num_steps))
    return np.linalg.norm(new - old, axis=1).max() / np.linalg.norm(old, axis=1).max()
