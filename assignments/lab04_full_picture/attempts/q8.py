# %% right: autograd.grad and a table of functions
def gradient_norms(weights, activation, X, y):
    functions = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": F.relu}
    leaves = [torch.from_numpy(W.copy()).requires_grad_() for W in weights]
    h = torch.from_numpy(X)
    for number, W in enumerate(leaves):
        h = h @ W
        if number < len(leaves) - 1:
            h = functions[activation](h)
    grads = torch.autograd.grad(F.cross_entropy(h, torch.from_numpy(y)), leaves)
    return np.array([torch.linalg.matrix_norm(g).item() for g in grads])


# %% right: by hand
def gradient_norms(weights, activation, X, y):
    functions = {"sigmoid": lambda a: 1 / (1 + np.exp(-a)), "tanh": np.tanh, "relu": lambda a: np.maximum(a, 0)}
    slopes = {"sigmoid": lambda h: h * (1 - h), "tanh": lambda h: 1 - h**2, "relu": lambda h: 1.0 * (h > 0)}
    hidden = [X]
    for W in weights[:-1]:
        hidden.append(functions[activation](hidden[-1] @ W))
    Z = hidden[-1] @ weights[-1]
    P = np.exp(Z - Z.max(axis=1, keepdims=True))
    d = (P / P.sum(axis=1, keepdims=True) - np.eye(Z.shape[1])[y]) / len(y)
    norms = []
    for h, W in zip(hidden[::-1], weights[::-1]):
        norms.append(np.linalg.norm(h.T @ d))
        d = d @ W.T * slopes[activation](h)
    return np.array(norms[::-1])


# %% wrong: from last to first
# expects: the order is from last to first
def gradient_norms(weights, activation, X, y):
    leaves = [torch.tensor(W, requires_grad=True) for W in weights]
    h = torch.tensor(X)
    for W in leaves[:-1]:
        h = getattr(torch, activation)(h @ W)
    F.cross_entropy(h @ leaves[-1], torch.tensor(y)).backward()
    return np.array([W.grad.norm().item() for W in leaves[::-1]])


# %% wrong: an activation after the last layer too
def gradient_norms(weights, activation, X, y):
    leaves = [torch.tensor(W, requires_grad=True) for W in weights]
    h = torch.tensor(X)
    for W in leaves:
        h = getattr(torch, activation)(h @ W)
    F.cross_entropy(h, torch.tensor(y)).backward()
    return np.array([W.grad.norm().item() for W in leaves])


# %% wrong: probabilities where logits are wanted
def gradient_norms(weights, activation, X, y):
    leaves = [torch.tensor(W, requires_grad=True) for W in weights]
    h = torch.tensor(X)
    for W in leaves[:-1]:
        h = getattr(torch, activation)(h @ W)
    F.cross_entropy(torch.softmax(h @ leaves[-1], dim=1), torch.tensor(y)).backward()
    return np.array([W.grad.norm().item() for W in leaves])


# %% wrong: float32
def gradient_norms(weights, activation, X, y):
    leaves = [torch.tensor(W, dtype=torch.float32, requires_grad=True) for W in weights]
    h = torch.tensor(X, dtype=torch.float32)
    for W in leaves[:-1]:
        h = getattr(torch, activation)(h @ W)
    F.cross_entropy(h @ leaves[-1], torch.tensor(y)).backward()
    return np.array([W.grad.norm().item() for W in leaves])


# %% wrong: squared norms
# expects: this is the squared norm
def gradient_norms(weights, activation, X, y):
    leaves = [torch.tensor(W, requires_grad=True) for W in weights]
    h = torch.tensor(X)
    for W in leaves[:-1]:
        h = getattr(torch, activation)(h @ W)
    F.cross_entropy(h @ leaves[-1], torch.tensor(y)).backward()
    return np.array([(W.grad**2).sum().item() for W in leaves])
