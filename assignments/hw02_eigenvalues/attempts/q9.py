# %% right: torch does both
def _signals(weights, x, activation):
    if activation not in {"linear", "relu"}:
        raise ValueError(activation)
    signals = [torch.tensor(np.array(x, dtype=float), requires_grad=True)]
    for W in weights:
        a = torch.tensor(np.array(W, dtype=float)) @ signals[-1]
        signals.append(torch.relu(a) if activation == "relu" else a)
    return signals


def propagate_norms(weights, x, activation):
    return np.array([float(h.detach().norm()) for h in _signals(weights, x, activation)])


def backpropagate_norms(weights, x, g, activation):
    signals = _signals(weights, x, activation)
    for h in signals:
        h.retain_grad()
    signals[-1].backward(torch.tensor(np.array(g, dtype=float)))
    return np.array([float(h.grad.norm()) for h in signals])


# %% right: logarithms of the lengths, normalised after each layer; masks kept from the forward pass
def _forward(weights, x, activation):
    if activation != "linear" and activation != "relu":
        raise ValueError("activation must be linear or relu")
    h = np.array(x, dtype=float)
    log_length, logs, masks = np.log(np.linalg.norm(h)), [], []
    logs.append(log_length)
    h = h / np.linalg.norm(h)
    for W in weights:
        a = np.array(W, dtype=float) @ h
        mask = a > 0 if activation == "relu" else np.ones(len(a), dtype=bool)
        h = np.where(mask, a, 0)
        length = np.linalg.norm(h)
        log_length = log_length + np.log(length) if length > 0 else -np.inf
        h = h / length if length > 0 else h
        logs.append(log_length)
        masks.append(mask)
    return np.exp(logs), masks


def propagate_norms(weights, x, activation):
    return _forward(weights, x, activation)[0]


def backpropagate_norms(weights, x, g, activation):
    _, masks = _forward(weights, x, activation)
    delta = np.array(g, dtype=float)
    norms = [np.sqrt(delta @ delta)]
    for W, mask in zip(reversed(weights), reversed(masks)):
        delta = np.array(W, dtype=float).T @ np.where(mask, delta, 0)
        norms.insert(0, np.sqrt(delta @ delta))
    return np.array(norms)


# %% right: whole Jacobians
def propagate_norms(weights, x, activation):
    if activation not in ["linear", "relu"]:
        raise ValueError("unknown activation")
    signals = [np.array(x, dtype=float)]
    for W in weights:
        a = np.dot(W, signals[-1])
        signals.append(a * (a > 0) if activation == "relu" else a)
    return np.array([np.sqrt(np.sum(h**2)) for h in signals])


def backpropagate_norms(weights, x, g, activation):
    if activation not in ["linear", "relu"]:
        raise ValueError("unknown activation")
    h, jacobians = np.array(x, dtype=float), []
    for W in weights:
        a = np.dot(W, h)
        d = np.diag((a > 0) * 1.0) if activation == "relu" else np.eye(len(a))
        jacobians.append(d @ np.array(W, dtype=float))
        h = d @ a
    gradient = np.array(g, dtype=float)
    norms = [np.linalg.norm(gradient)]
    for J in jacobians[::-1]:
        gradient = gradient @ J
        norms.append(np.linalg.norm(gradient))
    return np.array(norms)[::-1]


# %% wrong: no mask in the backward pass
def propagate_norms(weights, x, activation):
    if activation not in ("linear", "relu"):
        raise ValueError(activation)
    h = np.array(x, dtype=float)
    norms = [np.linalg.norm(h)]
    for W in weights:
        h = np.array(W, dtype=float) @ h
        h = np.maximum(h, 0) if activation == "relu" else h
        norms.append(np.linalg.norm(h))
    return np.array(norms)


def backpropagate_norms(weights, x, g, activation):
    if activation not in ("linear", "relu"):
        raise ValueError(activation)
    delta = np.array(g, dtype=float)
    norms = [np.linalg.norm(delta)]
    for W in weights[::-1]:
        delta = np.array(W, dtype=float).T @ delta
        norms.append(np.linalg.norm(delta))
    return np.array(norms[::-1])


# %% wrong: the mask is taken from the gradient, not from the signal
def propagate_norms(weights, x, activation):
    if activation not in ("linear", "relu"):
        raise ValueError(activation)
    h = np.array(x, dtype=float)
    norms = [np.linalg.norm(h)]
    for W in weights:
        h = np.array(W, dtype=float) @ h
        h = np.maximum(h, 0) if activation == "relu" else h
        norms.append(np.linalg.norm(h))
    return np.array(norms)


def backpropagate_norms(weights, x, g, activation):
    if activation not in ("linear", "relu"):
        raise ValueError(activation)
    delta = np.array(g, dtype=float)
    norms = [np.linalg.norm(delta)]
    for W in weights[::-1]:
        delta = np.maximum(delta, 0) if activation == "relu" else delta
        delta = np.array(W, dtype=float).T @ delta
        norms.append(np.linalg.norm(delta))
    return np.array(norms[::-1])


# %% wrong: the mask is applied after W^T, one layer too early
def propagate_norms(weights, x, activation):
    if activation not in ("linear", "relu"):
        raise ValueError(activation)
    h = np.array(x, dtype=float)
    norms = [np.linalg.norm(h)]
    for W in weights:
        h = np.array(W, dtype=float) @ h
        h = np.maximum(h, 0) if activation == "relu" else h
        norms.append(np.linalg.norm(h))
    return np.array(norms)


def backpropagate_norms(weights, x, g, activation):
    if activation not in ("linear", "relu"):
        raise ValueError(activation)
    signals = [np.array(x, dtype=float)]
    for W in weights:
        h = np.array(W, dtype=float) @ signals[-1]
        signals.append(np.maximum(h, 0) if activation == "relu" else h)
    delta = np.array(g, dtype=float)
    norms = [np.linalg.norm(delta)]
    for W, h in zip(weights[::-1], signals[:-1][::-1]):
        delta = np.array(W, dtype=float).T @ delta
        delta = delta * (h > 0) if activation == "relu" else delta
        norms.append(np.linalg.norm(delta))
    return np.array(norms[::-1])


# %% wrong: root mean square instead of length
def propagate_norms(weights, x, activation):
    if activation not in ("linear", "relu"):
        raise ValueError(activation)
    h = np.array(x, dtype=float)
    norms = [np.sqrt(np.mean(h**2))]
    for W in weights:
        h = np.array(W, dtype=float) @ h
        h = np.maximum(h, 0) if activation == "relu" else h
        norms.append(np.sqrt(np.mean(h**2)))
    return np.array(norms)


def backpropagate_norms(weights, x, g, activation):
    if activation not in ("linear", "relu"):
        raise ValueError(activation)
    h, masks = np.array(x, dtype=float), []
    for W in weights:
        a = np.array(W, dtype=float) @ h
        masks.append(a > 0 if activation == "relu" else np.ones(len(a)))
        h = a * masks[-1]
    delta = np.array(g, dtype=float)
    norms = [np.linalg.norm(delta)]
    for W, mask in zip(weights[::-1], masks[::-1]):
        delta = np.array(W, dtype=float).T @ (mask * delta)
        norms.append(np.linalg.norm(delta))
    return np.array(norms[::-1])


# %% wrong: averages the activations before taking the size
def propagate_norms(weights, x, activation):
    if activation not in ("linear", "relu"):
        raise ValueError(activation)
    h = np.array(x, dtype=float)
    norms = [abs(h.mean())]
    for W in weights:
        h = np.array(W, dtype=float) @ h
        h = np.maximum(h, 0) if activation == "relu" else h
        norms.append(abs(h.mean()))
    return np.array(norms)


def backpropagate_norms(weights, x, g, activation):
    return propagate_norms([np.array(W).T for W in weights[::-1]], g, "linear")[::-1]


# %% wrong: the input is missing, and the order of the gradients is reversed
def propagate_norms(weights, x, activation):
    if activation not in ("linear", "relu"):
        raise ValueError(activation)
    h, norms = np.array(x, dtype=float), []
    for W in weights:
        h = np.array(W, dtype=float) @ h
        h = np.maximum(h, 0) if activation == "relu" else h
        norms.append(np.linalg.norm(h))
    return np.array(norms)


def backpropagate_norms(weights, x, g, activation):
    if activation not in ("linear", "relu"):
        raise ValueError(activation)
    h, masks = np.array(x, dtype=float), []
    for W in weights:
        a = np.array(W, dtype=float) @ h
        masks.append(a > 0 if activation == "relu" else np.ones(len(a)))
        h = a * masks[-1]
    delta = np.array(g, dtype=float)
    norms = [np.linalg.norm(delta)]
    for W, mask in zip(weights[::-1], masks[::-1]):
        delta = np.array(W, dtype=float).T @ (mask * delta)
        norms.append(np.linalg.norm(delta))
    return np.array(norms)


# %% wrong: ReLU before the weights
def propagate_norms(weights, x, activation):
    if activation not in ("linear", "relu"):
        raise ValueError(activation)
    h = np.array(x, dtype=float)
    norms = [np.linalg.norm(h)]
    for W in weights:
        h = np.maximum(h, 0) if activation == "relu" else h
        h = np.array(W, dtype=float) @ h
        norms.append(np.linalg.norm(h))
    return np.array(norms)


def backpropagate_norms(weights, x, g, activation):
    if activation not in ("linear", "relu"):
        raise ValueError(activation)
    h, masks = np.array(x, dtype=float), []
    for W in weights:
        a = np.array(W, dtype=float) @ h
        masks.append(a > 0 if activation == "relu" else np.ones(len(a)))
        h = a * masks[-1]
    delta = np.array(g, dtype=float)
    norms = [np.linalg.norm(delta)]
    for W, mask in zip(weights[::-1], masks[::-1]):
        delta = np.array(W, dtype=float).T @ (mask * delta)
        norms.append(np.linalg.norm(delta))
    return np.array(norms[::-1])


# %% wrong: slope 1 at zero, and any activation but relu is taken for linear
def propagate_norms(weights, x, activation):
    h = np.array(x, dtype=float)
    norms = [np.linalg.norm(h)]
    for W in weights:
        h = np.array(W, dtype=float) @ h
        h = np.maximum(h, 0) if activation == "relu" else h
        norms.append(np.linalg.norm(h))
    return np.array(norms)


def backpropagate_norms(weights, x, g, activation):
    h, masks = np.array(x, dtype=float), []
    for W in weights:
        a = np.array(W, dtype=float) @ h
        masks.append(a >= 0 if activation == "relu" else np.ones(len(a)))
        h = a * masks[-1]
    delta = np.array(g, dtype=float)
    norms = [np.linalg.norm(delta)]
    for W, mask in zip(weights[::-1], masks[::-1]):
        delta = np.array(W, dtype=float).T @ (mask * delta)
        norms.append(np.linalg.norm(delta))
    return np.array(norms[::-1])


# %% wrong: products of spectral norms instead of a signal
def propagate_norms(weights, x, activation):
    if activation not in ("linear", "relu"):
        raise ValueError(activation)
    norms = [np.linalg.norm(x)]
    for W in weights:
        norms.append(norms[-1] * np.linalg.norm(W, 2))
    return np.array(norms)


def backpropagate_norms(weights, x, g, activation):
    return propagate_norms(weights[::-1], g, activation)[::-1]
