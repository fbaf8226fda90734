# %% right: bounded minimisation over log T
def temperature_scale(logits, labels):
    z, rows = np.asarray(logits, dtype=float), np.arange(len(labels))

    def loss(log_t):
        scaled = z / np.exp(log_t)
        return (special.logsumexp(scaled, axis=1) - scaled[rows, labels]).mean()

    found = optimize.minimize_scalar(loss, bounds=(np.log(1e-4), np.log(1e5)), method="bounded", options={"xatol": 1e-7})
    return float(np.exp(found.x))


# %% right: torch and LBFGS over log T
def temperature_scale(logits, labels):
    z = torch.tensor(np.array(logits, dtype=float))
    y = torch.tensor(np.array(labels))
    spread = (z - z.mean(dim=1, keepdim=True)).std().log()
    log_t = spread.clone().requires_grad_()
    optimiser = torch.optim.LBFGS([log_t], max_iter=100, tolerance_grad=1e-10, line_search_fn="strong_wolfe")

    def closure():
        optimiser.zero_grad()
        loss = F.cross_entropy(z / log_t.exp(), y)
        loss.backward()
        return loss

    optimiser.step(closure)
    return log_t.exp().item()


# %% right: bisection on the slope, in logarithms
def temperature_scale(logits, labels):
    z = np.asarray(logits, dtype=float)
    gets = z[np.arange(len(z)), labels].mean()
    low, high = 1e-4, 1e5
    while high / low > 1 + 1e-6:
        middle = np.sqrt(low * high)
        expects = (special.softmax(z / middle, axis=1) * z).sum(axis=1).mean()
        if expects > gets:
            low = middle
        else:
            high = middle
    return float(low)


# %% right: grid over log T, refined
def temperature_scale(logits, labels):
    z, rows = np.asarray(logits, dtype=float), np.arange(len(labels))
    centre, width = 2.0, 14.0
    for _ in range(9):
        grid = np.linspace(centre - width, centre + width, 41)
        scaled = z[None] * np.exp(-grid)[:, None, None]
        losses = (special.logsumexp(scaled, axis=-1) - scaled[:, rows, labels]).mean(axis=1)
        centre, width = grid[np.argmin(losses)], width / 10
    return float(np.exp(centre))


# %% wrong: returns 1 / T
# expects: this is 1 / T
def temperature_scale(logits, labels):
    z = np.asarray(logits, dtype=float)
    margins = z - z[np.arange(len(z)), labels][:, None]
    slope = lambda beta: (special.softmax(beta * margins, axis=1) * margins).sum(axis=1).mean()
    return optimize.brentq(slope, 1e-5, 1e4)


# %% wrong: divides the probabilities by T
# expects: divide the logits by T, not the probabilities
def temperature_scale(logits, labels):
    q = special.softmax(np.asarray(logits, dtype=float), axis=1)
    margins = q - q[np.arange(len(q)), labels][:, None]
    slope = lambda beta: (special.softmax(beta * margins, axis=1) * margins).sum(axis=1).mean()
    return 1 / optimize.brentq(slope, 1e-5, 1e4)


# %% wrong: a grid from 0.5 to 5, as in many scripts
def temperature_scale(logits, labels):
    z, y = torch.tensor(np.array(logits, dtype=float)), torch.tensor(np.array(labels))
    grid = np.arange(0.5, 5.0, 0.001)
    return float(grid[np.argmin([F.cross_entropy(z / t, y).item() for t in grid[::4]]) * 4])


# %% wrong: gradient descent in T, 100 steps from 1
def temperature_scale(logits, labels):
    z, y = torch.tensor(np.array(logits, dtype=float)), torch.tensor(np.array(labels))
    t = torch.ones((), dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.SGD([t], lr=0.01)
    for _ in range(100):
        optimiser.zero_grad()
        F.cross_entropy(z / t, y).backward()
        optimiser.step()
    return t.item()


# %% wrong: maximises the accuracy, which no temperature changes
def temperature_scale(logits, labels):
    z = np.asarray(logits, dtype=float)
    grid = np.geomspace(1e-3, 1e4, 200)
    return float(grid[np.argmax([(special.softmax(z / t, axis=1).argmax(axis=1) == labels).mean() for t in grid])])


# %% wrong: minimises the calibration error
def temperature_scale(logits, labels):
    z = np.asarray(logits, dtype=float)

    def ece(t):
        q = special.softmax(z / t, axis=1)
        c, ok = q.max(axis=1), q.argmax(axis=1) == np.asarray(labels)
        member = np.ceil(c * 10)
        return sum(abs((ok - c)[member == b].sum()) for b in range(1, 11)) / len(z)

    grid = np.geomspace(1e-3, 1e4, 301)
    return float(grid[np.argmin([ece(t) for t in grid])])


# %% wrong: mean confidence set equal to the accuracy
def temperature_scale(logits, labels):
    z = np.asarray(logits, dtype=float)
    accuracy = (z.argmax(axis=1) == np.asarray(labels)).mean()
    gap = lambda log_t: special.softmax(z / np.exp(log_t), axis=1).max(axis=1).mean() - accuracy
    return float(np.exp(optimize.brentq(gap, np.log(1e-4), np.log(1e5))))


# %% wrong: multiplies by T
def temperature_scale(logits, labels):
    z, rows = np.asarray(logits, dtype=float), np.arange(len(labels))

    def loss(log_t):
        scaled = z * np.exp(log_t)
        return (special.logsumexp(scaled, axis=1) - scaled[rows, labels]).mean()

    return float(np.exp(optimize.minimize_scalar(loss, bounds=(-12, 12), method="bounded").x))


# %% wrong: exponentials that overflow
def temperature_scale(logits, labels):
    z, rows = np.asarray(logits, dtype=float), np.arange(len(labels))

    def loss(log_t):
        scaled = z / np.exp(log_t)
        return (np.log(np.exp(scaled).sum(axis=1)) - scaled[rows, labels]).mean()

    return float(np.exp(optimize.minimize_scalar(loss, bounds=(-5, 10), method="bounded").x))


# %% wrong: an even grid from 0.001 to 10000
def temperature_scale(logits, labels):
    z, rows = np.asarray(logits, dtype=float), np.arange(len(labels))
    grid = np.linspace(0.001, 10000, 2001)
    scaled = z / grid[:, None, None]
    losses = (special.logsumexp(scaled, axis=-1) - scaled[:, rows, labels]).mean(axis=1)
    return float(grid[np.argmin(losses)])


# %% wrong: leaves the network as it is
def temperature_scale(logits, labels):
    return 1.0


# %% wrong: fits to the predicted classes instead of the true ones
def temperature_scale(logits, labels):
    z = np.asarray(logits, dtype=float)
    rows, labels = np.arange(len(z)), z.argmax(axis=1)

    def loss(log_t):
        scaled = z / np.exp(log_t)
        return (special.logsumexp(scaled, axis=1) - scaled[rows, labels]).mean()

    return float(np.exp(optimize.minimize_scalar(loss, bounds=(-9, 10), method="bounded").x))


# %% wrong: divides the caller's logits in place
def temperature_scale(logits, labels):
    z, rows = np.asarray(logits, dtype=float), np.arange(len(labels))
    z -= z.max(axis=1, keepdims=True)

    def loss(log_t):
        scaled = z / np.exp(log_t)
        return (special.logsumexp(scaled, axis=1) - scaled[rows, labels]).mean()

    found = optimize.minimize_scalar(loss, bounds=(-9, 11), method="bounded", options={"xatol": 1e-7})
    return float(np.exp(found.x))
