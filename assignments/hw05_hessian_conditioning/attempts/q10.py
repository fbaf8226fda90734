# %% right: gradient by the chain rule, the best loss kept as it goes
def adam(grad, x0, lr, num_steps):
    x = np.array(x0, dtype=float)
    m = np.zeros(len(x))
    v = np.zeros(len(x))
    for t in range(1, num_steps + 1):
        g = np.asarray(grad(x))
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        x = x - lr * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return x


def rotation_gap(method, curvature, rotation, start, learning_rates, num_steps):
    lam, Q, x0 = np.asarray(curvature, float), np.asarray(rotation, float), np.asarray(start, float)
    aligned, rotated = np.inf, np.inf
    for lr in learning_rates:
        x = np.asarray(method(lambda x: lam * np.asarray(x), x0, lr, num_steps))
        loss = 0.5 * np.sum(lam * x**2)
        aligned = loss if loss < aligned else aligned
        z = Q.T @ np.asarray(method(lambda z: Q @ (lam * (Q.T @ np.asarray(z))), Q @ x0, lr, num_steps))
        loss = 0.5 * np.sum(lam * z**2)
        rotated = loss if loss < rotated else rotated
    return aligned, rotated


# %% right: torch.optim.Adam, and one loop over the identity and Q
class Recorded(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, g):
        ctx.save_for_backward(g)
        return (x * g).sum()

    @staticmethod
    def backward(ctx, upstream):
        return upstream * ctx.saved_tensors[0], None


def adam(grad, x0, lr, num_steps):
    x = torch.tensor(np.array(x0, dtype=float), requires_grad=True)
    optimizer = torch.optim.Adam([x], lr=float(lr))
    for _ in range(num_steps):
        optimizer.zero_grad()
        Recorded.apply(x, torch.tensor(np.asarray(grad(x.detach().numpy().copy()), dtype=float))).backward()
        optimizer.step()
    return x.detach().numpy()


def rotation_gap(method, curvature, rotation, start, learning_rates, num_steps):
    Q = np.array(rotation, dtype=float)
    results = []
    for R in (np.eye(len(Q)), Q):
        H = R @ np.diag(curvature).astype(float) @ R.T
        ends = [np.asarray(method(H.dot, R @ np.asarray(start, float), lr, num_steps)) for lr in learning_rates]
        losses = [x @ H @ x / 2 for x in ends]
        results.append(min(loss for loss in losses if np.isfinite(loss)))
    return tuple(results)


# %% right: bias corrections folded into the learning rate and epsilon
def adam(grad, x0, lr, num_steps):
    x = np.array(x0, dtype=float)
    m = np.zeros(len(x))
    v = np.zeros(len(x))
    for t in range(1, num_steps + 1):
        g = np.asarray(grad(x))
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        x = x - lr * np.sqrt(1 - 0.999**t) / (1 - 0.9**t) * m / (np.sqrt(v) + 1e-8 * np.sqrt(1 - 0.999**t))
    return x


def rotation_gap(method, curvature, rotation, start, learning_rates, num_steps):
    Q = np.array(rotation, dtype=float)
    results = []
    for R in (np.eye(len(Q)), Q):
        H = R @ np.diag(curvature).astype(float) @ R.T
        ends = [np.asarray(method(H.dot, R @ np.asarray(start, float), lr, num_steps)) for lr in learning_rates]
        losses = [x @ H @ x / 2 for x in ends]
        results.append(np.nanmin(losses))
    return tuple(results)


# %% wrong: no bias correction
# expects: the bias corrections are missing
def adam(grad, x0, lr, num_steps):
    x = np.array(x0, dtype=float)
    m = np.zeros(len(x))
    v = np.zeros(len(x))
    for t in range(1, num_steps + 1):
        g = np.asarray(grad(x))
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        x = x - lr * m / (np.sqrt(v) + 1e-8)
    return x


def rotation_gap(method, curvature, rotation, start, learning_rates, num_steps):
    lam, Q, x0 = np.asarray(curvature, float), np.asarray(rotation, float), np.asarray(start, float)
    aligned, rotated = np.inf, np.inf
    for lr in learning_rates:
        x = np.asarray(method(lambda x: lam * np.asarray(x), x0, lr, num_steps))
        loss = 0.5 * np.sum(lam * x**2)
        aligned = loss if loss < aligned else aligned
        z = Q.T @ np.asarray(method(lambda z: Q @ (lam * (Q.T @ np.asarray(z))), Q @ x0, lr, num_steps))
        loss = 0.5 * np.sum(lam * z**2)
        rotated = loss if loss < rotated else rotated
    return aligned, rotated


# %% wrong: divides by the second moment itself, like an inverse Hessian diagonal
# expects: Adam divides by its square root
def adam(grad, x0, lr, num_steps):
    x = np.array(x0, dtype=float)
    m = np.zeros(len(x))
    v = np.zeros(len(x))
    for t in range(1, num_steps + 1):
        g = np.asarray(grad(x))
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        x = x - lr * (m / (1 - 0.9**t)) / (v / (1 - 0.999**t) + 1e-8)
    return x


def rotation_gap(method, curvature, rotation, start, learning_rates, num_steps):
    lam, Q, x0 = np.asarray(curvature, float), np.asarray(rotation, float), np.asarray(start, float)
    aligned, rotated = np.inf, np.inf
    for lr in learning_rates:
        x = np.asarray(method(lambda x: lam * np.asarray(x), x0, lr, num_steps))
        loss = 0.5 * np.sum(lam * x**2)
        aligned = loss if loss < aligned else aligned
        z = Q.T @ np.asarray(method(lambda z: Q @ (lam * (Q.T @ np.asarray(z))), Q @ x0, lr, num_steps))
        loss = 0.5 * np.sum(lam * z**2)
        rotated = loss if loss < rotated else rotated
    return aligned, rotated


# %% wrong: t counted from 0
def adam(grad, x0, lr, num_steps):
    x = np.array(x0, dtype=float)
    m = np.zeros(len(x))
    v = np.zeros(len(x))
    for t in range(num_steps):
        g = np.asarray(grad(x))
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        x = x - lr * (m / (1 - 0.9 ** max(t, 1))) / (np.sqrt(v / (1 - 0.999 ** max(t, 1))) + 1e-8)
    return x


def rotation_gap(method, curvature, rotation, start, learning_rates, num_steps):
    lam, Q, x0 = np.asarray(curvature, float), np.asarray(rotation, float), np.asarray(start, float)
    aligned, rotated = np.inf, np.inf
    for lr in learning_rates:
        x = np.asarray(method(lambda x: lam * np.asarray(x), x0, lr, num_steps))
        loss = 0.5 * np.sum(lam * x**2)
        aligned = loss if loss < aligned else aligned
        z = Q.T @ np.asarray(method(lambda z: Q @ (lam * (Q.T @ np.asarray(z))), Q @ x0, lr, num_steps))
        loss = 0.5 * np.sum(lam * z**2)
        rotated = loss if loss < rotated else rotated
    return aligned, rotated


# %% wrong: epsilon inside the root
def adam(grad, x0, lr, num_steps):
    x = np.array(x0, dtype=float)
    m = np.zeros(len(x))
    v = np.zeros(len(x))
    for t in range(1, num_steps + 1):
        g = np.asarray(grad(x))
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        x = x - lr * (m / (1 - 0.9**t)) / np.sqrt(v / (1 - 0.999**t) + 1e-8)
    return x


def rotation_gap(method, curvature, rotation, start, learning_rates, num_steps):
    lam, Q, x0 = np.asarray(curvature, float), np.asarray(rotation, float), np.asarray(start, float)
    aligned, rotated = np.inf, np.inf
    for lr in learning_rates:
        x = np.asarray(method(lambda x: lam * np.asarray(x), x0, lr, num_steps))
        loss = 0.5 * np.sum(lam * x**2)
        aligned = loss if loss < aligned else aligned
        z = Q.T @ np.asarray(method(lambda z: Q @ (lam * (Q.T @ np.asarray(z))), Q @ x0, lr, num_steps))
        loss = 0.5 * np.sum(lam * z**2)
        rotated = loss if loss < rotated else rotated
    return aligned, rotated


# %% wrong: no first moment, so it is RMSprop
def adam(grad, x0, lr, num_steps):
    x = np.array(x0, dtype=float)
    m = np.zeros(len(x))
    v = np.zeros(len(x))
    for t in range(1, num_steps + 1):
        g = np.asarray(grad(x))
        m = g * (1 - 0.9**t)
        v = 0.999 * v + 0.001 * g * g
        x = x - lr * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return x


def rotation_gap(method, curvature, rotation, start, learning_rates, num_steps):
    lam, Q, x0 = np.asarray(curvature, float), np.asarray(rotation, float), np.asarray(start, float)
    aligned, rotated = np.inf, np.inf
    for lr in learning_rates:
        x = np.asarray(method(lambda x: lam * np.asarray(x), x0, lr, num_steps))
        loss = 0.5 * np.sum(lam * x**2)
        aligned = loss if loss < aligned else aligned
        z = Q.T @ np.asarray(method(lambda z: Q @ (lam * (Q.T @ np.asarray(z))), Q @ x0, lr, num_steps))
        loss = 0.5 * np.sum(lam * z**2)
        rotated = loss if loss < rotated else rotated
    return aligned, rotated


# %% wrong: second moment is the squared average of the gradient
def adam(grad, x0, lr, num_steps):
    x = np.array(x0, dtype=float)
    m = np.zeros(len(x))
    v = np.zeros(len(x))
    for t in range(1, num_steps + 1):
        g = np.asarray(grad(x))
        m = 0.9 * m + 0.1 * g
        v = (0.999 * np.sqrt(v) + 0.001 * g) ** 2
        x = x - lr * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return x


def rotation_gap(method, curvature, rotation, start, learning_rates, num_steps):
    lam, Q, x0 = np.asarray(curvature, float), np.asarray(rotation, float), np.asarray(start, float)
    aligned, rotated = np.inf, np.inf
    for lr in learning_rates:
        x = np.asarray(method(lambda x: lam * np.asarray(x), x0, lr, num_steps))
        loss = 0.5 * np.sum(lam * x**2)
        aligned = loss if loss < aligned else aligned
        z = Q.T @ np.asarray(method(lambda z: Q @ (lam * (Q.T @ np.asarray(z))), Q @ x0, lr, num_steps))
        loss = 0.5 * np.sum(lam * z**2)
        rotated = loss if loss < rotated else rotated
    return aligned, rotated


# %% wrong: averages without the factor 1 - beta
def adam(grad, x0, lr, num_steps):
    x = np.array(x0, dtype=float)
    m = np.zeros(len(x))
    v = np.zeros(len(x))
    for t in range(1, num_steps + 1):
        g = np.asarray(grad(x))
        m = 0.9 * m + g
        v = 0.999 * v + g * g
        x = x - lr * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return x


def rotation_gap(method, curvature, rotation, start, learning_rates, num_steps):
    lam, Q, x0 = np.asarray(curvature, float), np.asarray(rotation, float), np.asarray(start, float)
    aligned, rotated = np.inf, np.inf
    for lr in learning_rates:
        x = np.asarray(method(lambda x: lam * np.asarray(x), x0, lr, num_steps))
        loss = 0.5 * np.sum(lam * x**2)
        aligned = loss if loss < aligned else aligned
        z = Q.T @ np.asarray(method(lambda z: Q @ (lam * (Q.T @ np.asarray(z))), Q @ x0, lr, num_steps))
        loss = 0.5 * np.sum(lam * z**2)
        rotated = loss if loss < rotated else rotated
    return aligned, rotated


# %% wrong: the betas exchanged
def adam(grad, x0, lr, num_steps):
    x = np.array(x0, dtype=float)
    m = np.zeros(len(x))
    v = np.zeros(len(x))
    for t in range(1, num_steps + 1):
        g = np.asarray(grad(x))
        m = 0.999 * m + 0.001 * g
        v = 0.9 * v + 0.1 * g * g
        x = x - lr * (m / (1 - 0.999**t)) / (np.sqrt(v / (1 - 0.9**t)) + 1e-8)
    return x


def rotation_gap(method, curvature, rotation, start, learning_rates, num_steps):
    lam, Q, x0 = np.asarray(curvature, float), np.asarray(rotation, float), np.asarray(start, float)
    aligned, rotated = np.inf, np.inf
    for lr in learning_rates:
        x = np.asarray(method(lambda x: lam * np.asarray(x), x0, lr, num_steps))
        loss = 0.5 * np.sum(lam * x**2)
        aligned = loss if loss < aligned else aligned
        z = Q.T @ np.asarray(method(lambda z: Q @ (lam * (Q.T @ np.asarray(z))), Q @ x0, lr, num_steps))
        loss = 0.5 * np.sum(lam * z**2)
        rotated = loss if loss < rotated else rotated
    return aligned, rotated


# %% wrong: one divisor for all coordinates, the length of the gradient
def adam(grad, x0, lr, num_steps):
    x = np.array(x0, dtype=float)
    m = np.zeros(len(x))
    v = np.zeros(len(x))
    for t in range(1, num_steps + 1):
        g = np.asarray(grad(x))
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * (g @ g)
        x = x - lr * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return x


def rotation_gap(method, curvature, rotation, start, learning_rates, num_steps):
    lam, Q, x0 = np.asarray(curvature, float), np.asarray(rotation, float), np.asarray(start, float)
    aligned, rotated = np.inf, np.inf
    for lr in learning_rates:
        x = np.asarray(method(lambda x: lam * np.asarray(x), x0, lr, num_steps))
        loss = 0.5 * np.sum(lam * x**2)
        aligned = loss if loss < aligned else aligned
        z = Q.T @ np.asarray(method(lambda z: Q @ (lam * (Q.T @ np.asarray(z))), Q @ x0, lr, num_steps))
        loss = 0.5 * np.sum(lam * z**2)
        rotated = loss if loss < rotated else rotated
    return aligned, rotated


# %% wrong: moves x0 itself
def adam(grad, x0, lr, num_steps):
    x = np.asarray(x0, dtype=float)
    m = np.zeros(len(x))
    v = np.zeros(len(x))
    for t in range(1, num_steps + 1):
        g = np.asarray(grad(x))
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        x -= lr * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return x


def rotation_gap(method, curvature, rotation, start, learning_rates, num_steps):
    lam, Q, x0 = np.asarray(curvature, float), np.asarray(rotation, float), np.asarray(start, float)
    aligned, rotated = np.inf, np.inf
    for lr in learning_rates:
        x = np.asarray(method(lambda x: lam * np.asarray(x), x0, lr, num_steps))
        loss = 0.5 * np.sum(lam * x**2)
        aligned = loss if loss < aligned else aligned
        z = Q.T @ np.asarray(method(lambda z: Q @ (lam * (Q.T @ np.asarray(z))), Q @ x0, lr, num_steps))
        loss = 0.5 * np.sum(lam * z**2)
        rotated = loss if loss < rotated else rotated
    return aligned, rotated


# %% wrong: rotated run starts at the same point as the aligned one
def adam(grad, x0, lr, num_steps):
    x = np.array(x0, dtype=float)
    m = np.zeros(len(x))
    v = np.zeros(len(x))
    for t in range(1, num_steps + 1):
        g = np.asarray(grad(x))
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        x = x - lr * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return x


def rotation_gap(method, curvature, rotation, start, learning_rates, num_steps):
    lam, Q, x0 = np.asarray(curvature, float), np.asarray(rotation, float), np.asarray(start, float)
    aligned, rotated = np.inf, np.inf
    for lr in learning_rates:
        x = np.asarray(method(lambda x: lam * np.asarray(x), x0, lr, num_steps))
        loss = 0.5 * np.sum(lam * x**2)
        aligned = loss if loss < aligned else aligned
        z = Q.T @ np.asarray(method(lambda z: Q @ (lam * (Q.T @ np.asarray(z))), x0, lr, num_steps))
        loss = 0.5 * np.sum(lam * z**2)
        rotated = loss if loss < rotated else rotated
    return aligned, rotated


# %% wrong: turns the function by the inverse rotation
def adam(grad, x0, lr, num_steps):
    x = np.array(x0, dtype=float)
    m = np.zeros(len(x))
    v = np.zeros(len(x))
    for t in range(1, num_steps + 1):
        g = np.asarray(grad(x))
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        x = x - lr * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return x


def rotation_gap(method, curvature, rotation, start, learning_rates, num_steps):
    lam, Q, x0 = np.asarray(curvature, float), np.asarray(rotation, float).T, np.asarray(start, float)
    aligned, rotated = np.inf, np.inf
    for lr in learning_rates:
        x = np.asarray(method(lambda x: lam * np.asarray(x), x0, lr, num_steps))
        loss = 0.5 * np.sum(lam * x**2)
        aligned = loss if loss < aligned else aligned
        z = Q.T @ np.asarray(method(lambda z: Q @ (lam * (Q.T @ np.asarray(z))), Q @ x0, lr, num_steps))
        loss = 0.5 * np.sum(lam * z**2)
        rotated = loss if loss < rotated else rotated
    return aligned, rotated


# %% wrong: rotates the point but forgets to rotate the gradient
def adam(grad, x0, lr, num_steps):
    x = np.array(x0, dtype=float)
    m = np.zeros(len(x))
    v = np.zeros(len(x))
    for t in range(1, num_steps + 1):
        g = np.asarray(grad(x))
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        x = x - lr * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return x


def rotation_gap(method, curvature, rotation, start, learning_rates, num_steps):
    lam, Q, x0 = np.asarray(curvature, float), np.asarray(rotation, float), np.asarray(start, float)
    aligned, rotated = np.inf, np.inf
    for lr in learning_rates:
        x = np.asarray(method(lambda x: lam * np.asarray(x), x0, lr, num_steps))
        loss = 0.5 * np.sum(lam * x**2)
        aligned = loss if loss < aligned else aligned
        z = Q.T @ np.asarray(method(lambda z: lam * (Q.T @ np.asarray(z)), Q @ x0, lr, num_steps))
        loss = 0.5 * np.sum(lam * z**2)
        rotated = loss if loss < rotated else rotated
    return aligned, rotated


# %% wrong: works in the coordinates of the eigenvectors, where no method can see a rotation
def adam(grad, x0, lr, num_steps):
    x = np.array(x0, dtype=float)
    m = np.zeros(len(x))
    v = np.zeros(len(x))
    for t in range(1, num_steps + 1):
        g = np.asarray(grad(x))
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        x = x - lr * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return x


def rotation_gap(method, curvature, rotation, start, learning_rates, num_steps):
    lam, Q, x0 = np.asarray(curvature, float), np.asarray(rotation, float), np.asarray(start, float)
    aligned, rotated = np.inf, np.inf
    for lr in learning_rates:
        x = np.asarray(method(lambda x: lam * np.asarray(x), x0, lr, num_steps))
        loss = 0.5 * np.sum(lam * x**2)
        aligned = loss if loss < aligned else aligned
        z = np.asarray(method(lambda z: lam * np.asarray(z), x0, lr, num_steps))
        loss = 0.5 * np.sum(lam * z**2)
        rotated = loss if loss < rotated else rotated
    return aligned, rotated


# %% wrong: loss without the factor 1/2
# expects: where is the factor 1/2
def adam(grad, x0, lr, num_steps):
    x = np.array(x0, dtype=float)
    m = np.zeros(len(x))
    v = np.zeros(len(x))
    for t in range(1, num_steps + 1):
        g = np.asarray(grad(x))
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        x = x - lr * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return x


def rotation_gap(method, curvature, rotation, start, learning_rates, num_steps):
    lam, Q, x0 = np.asarray(curvature, float), np.asarray(rotation, float), np.asarray(start, float)
    aligned, rotated = np.inf, np.inf
    for lr in learning_rates:
        x = np.asarray(method(lambda x: lam * np.asarray(x), x0, lr, num_steps))
        loss = 1.0 * np.sum(lam * x**2)
        aligned = loss if loss < aligned else aligned
        z = Q.T @ np.asarray(method(lambda z: Q @ (lam * (Q.T @ np.asarray(z))), Q @ x0, lr, num_steps))
        loss = 1.0 * np.sum(lam * z**2)
        rotated = loss if loss < rotated else rotated
    return aligned, rotated


# %% wrong: last learning rate instead of the best
def adam(grad, x0, lr, num_steps):
    x = np.array(x0, dtype=float)
    m = np.zeros(len(x))
    v = np.zeros(len(x))
    for t in range(1, num_steps + 1):
        g = np.asarray(grad(x))
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        x = x - lr * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return x


def rotation_gap(method, curvature, rotation, start, learning_rates, num_steps):
    lam, Q, x0 = np.asarray(curvature, float), np.asarray(rotation, float), np.asarray(start, float)
    aligned, rotated = np.inf, np.inf
    for lr in learning_rates:
        x = np.asarray(method(lambda x: lam * np.asarray(x), x0, lr, num_steps))
        loss = 0.5 * np.sum(lam * x**2)
        aligned = loss
        z = Q.T @ np.asarray(method(lambda z: Q @ (lam * (Q.T @ np.asarray(z))), Q @ x0, lr, num_steps))
        loss = 0.5 * np.sum(lam * z**2)
        rotated = loss
    return aligned, rotated


# %% wrong: the learning rate best for the aligned run is used for both
def adam(grad, x0, lr, num_steps):
    x = np.array(x0, dtype=float)
    m = np.zeros(len(x))
    v = np.zeros(len(x))
    for t in range(1, num_steps + 1):
        g = np.asarray(grad(x))
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        x = x - lr * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return x


def rotation_gap(method, curvature, rotation, start, learning_rates, num_steps):
    lam, Q, x0 = np.asarray(curvature, float), np.asarray(rotation, float), np.asarray(start, float)
    H = (Q * lam) @ Q.T
    pairs = []
    for lr in learning_rates:
        x = np.asarray(method(lambda x: lam * np.asarray(x), x0, lr, num_steps))
        z = np.asarray(method(lambda z: H @ np.asarray(z), Q @ x0, lr, num_steps))
        pairs.append((0.5 * lam @ x**2, 0.5 * z @ H @ z))
    return min(pair for pair in pairs if np.isfinite(pair[0]))


# %% wrong: min of a list with nan, which depends on the order
def adam(grad, x0, lr, num_steps):
    x = np.array(x0, dtype=float)
    m = np.zeros(len(x))
    v = np.zeros(len(x))
    for t in range(1, num_steps + 1):
        g = np.asarray(grad(x))
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        x = x - lr * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return x


def rotation_gap(method, curvature, rotation, start, learning_rates, num_steps):
    Q = np.array(rotation, dtype=float)
    results = []
    for R in (np.eye(len(Q)), Q):
        H = R @ np.diag(curvature).astype(float) @ R.T
        ends = [np.asarray(method(H.dot, R @ np.asarray(start, float), lr, num_steps)) for lr in learning_rates]
        losses = [x @ H @ x / 2 for x in ends]
        results.append(min(losses))
    return tuple(results)


# %% wrong: np.min, so one nan spoils all
def adam(grad, x0, lr, num_steps):
    x = np.array(x0, dtype=float)
    m = np.zeros(len(x))
    v = np.zeros(len(x))
    for t in range(1, num_steps + 1):
        g = np.asarray(grad(x))
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        x = x - lr * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return x


def rotation_gap(method, curvature, rotation, start, learning_rates, num_steps):
    Q = np.array(rotation, dtype=float)
    results = []
    for R in (np.eye(len(Q)), Q):
        H = R @ np.diag(curvature).astype(float) @ R.T
        ends = [np.asarray(method(H.dot, R @ np.asarray(start, float), lr, num_steps)) for lr in learning_rates]
        losses = [x @ H @ x / 2 for x in ends]
        results.append(np.min(losses))
    return tuple(results)


# %% wrong: returns the whole path of adam
def adam(grad, x0, lr, num_steps):
    x = np.array(x0, dtype=float)
    m = np.zeros(len(x))
    v = np.zeros(len(x))
    for t in range(1, num_steps + 1):
        g = np.asarray(grad(x))
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        x = x - lr * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return np.array([x0, x])


def rotation_gap(method, curvature, rotation, start, learning_rates, num_steps):
    lam, Q, x0 = np.asarray(curvature, float), np.asarray(rotation, float), np.asarray(start, float)
    aligned, rotated = np.inf, np.inf
    for lr in learning_rates:
        x = np.asarray(method(lambda x: lam * np.asarray(x), x0, lr, num_steps))
        loss = 0.5 * np.sum(lam * x**2)
        aligned = loss if loss < aligned else aligned
        z = Q.T @ np.asarray(method(lambda z: Q @ (lam * (Q.T @ np.asarray(z))), Q @ x0, lr, num_steps))
        loss = 0.5 * np.sum(lam * z**2)
        rotated = loss if loss < rotated else rotated
    return aligned, rotated
