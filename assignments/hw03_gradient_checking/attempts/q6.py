# %% right: einsum by hand; nn.Linear layers in torch
def mlp_backward(params, X, y, l2=0.0):
    a, logp = mlp_forward(params, X)
    N = len(y)
    g = np.exp(logp)
    g[np.arange(N), y] -= 1.0
    g = g / N
    ga = np.einsum("nc,hc->nh", g, params["W2"])
    gz = ga - ga * a**2
    return {
        "b2": np.einsum("nc->c", g),
        "W2": np.einsum("nh,nc->hc", a, g) + l2 * params["W2"],
        "b1": np.einsum("nh->h", gz),
        "W1": np.einsum("nd,nh->dh", X, gz) + l2 * params["W1"],
    }


def mlp_autograd(params, X, y, l2=0.0):
    (D, H), C = params["W1"].shape, params["b2"].size
    net = torch.nn.Sequential(torch.nn.Linear(D, H), torch.nn.Tanh(), torch.nn.Linear(H, C)).double()
    with torch.no_grad():
        for layer, W, b in ((net[0], "W1", "b1"), (net[2], "W2", "b2")):
            layer.weight.copy_(torch.tensor(params[W]).T)
            layer.bias.copy_(torch.tensor(params[b]))
    loss = torch.nn.CrossEntropyLoss()(net(torch.tensor(X)), torch.tensor(y))
    loss = loss + l2 / 2 * (net[0].weight.pow(2).sum() + net[2].weight.pow(2).sum())
    loss.backward()
    return {
        "W1": net[0].weight.grad.T.numpy(),
        "b1": net[0].bias.grad.numpy(),
        "W2": net[2].weight.grad.T.numpy(),
        "b2": net[2].bias.grad.numpy(),
    }


# %% right: column convention, one example at a time; log_softmax and a closure in torch
def mlp_backward(params, X, y, l2=0.0):
    W1, W2 = params["W1"].T, params["W2"].T
    g = {"W1": l2 * W1, "W2": l2 * W2, "b1": np.zeros(len(W1)), "b2": np.zeros(len(W2))}
    for x, label in zip(X, y):
        a = np.tanh(W1 @ x + params["b1"])
        z = W2 @ a + params["b2"]
        p = np.exp(z - z.max())
        dz = p / p.sum() - (np.arange(len(z)) == label)
        da = (W2.T @ dz) * (1 - a * a)
        for name, part in (("W2", np.outer(dz, a)), ("b2", dz), ("W1", np.outer(da, x)), ("b1", da)):
            g[name] = g[name] + part / len(y)
    return {"W1": g["W1"].T, "b1": g["b1"], "W2": g["W2"].T, "b2": g["b2"]}


def mlp_autograd(params, X, y, l2=0.0):
    X, y = torch.from_numpy(np.array(X)), torch.from_numpy(np.array(y))

    def loss(p):
        z = torch.tanh(X @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"]
        nll = -torch.log_softmax(z, dim=1)[torch.arange(len(y)), y].mean()
        return nll + l2 / 2 * (p["W1"].square().sum() + p["W2"].square().sum())

    p = {name: torch.from_numpy(value.copy()).requires_grad_() for name, value in params.items()}
    return dict(zip(p, (g.numpy() for g in torch.autograd.grad(loss(p), tuple(p.values())))))


# %% right: through the tanh identity 1/cosh^2; backward() with gradients as detached tensors
def mlp_backward(params, X, y, l2=0.0):
    before = X @ params["W1"] + params["b1"]
    hidden, logp = mlp_forward(params, X)
    delta2 = (np.exp(logp) - (np.arange(logp.shape[1]) == np.asarray(y)[:, None])) / X.shape[0]
    delta1 = (params["W2"] @ delta2.T).T / np.cosh(before) ** 2
    return dict(
        W1=(delta1.T @ X).T + l2 * params["W1"],
        b1=np.ones(len(X)) @ delta1,
        W2=(delta2.T @ hidden).T + l2 * params["W2"],
        b2=np.ones(len(X)) @ delta2,
    )


def mlp_autograd(params, X, y, l2=0.0):
    t = {k: torch.nn.Parameter(torch.tensor(v)) for k, v in params.items()}
    z = torch.addmm(t["b2"], torch.tanh(torch.addmm(t["b1"], torch.tensor(X), t["W1"])), t["W2"])
    loss = torch.nn.functional.cross_entropy(z, torch.tensor(y, dtype=torch.long))
    for k in ("W1", "W2"):
        loss = loss + 0.5 * l2 * torch.sum(t[k] * t[k])
    loss.backward()
    return {k: v.grad.detach().numpy() for k, v in t.items()}


# %% wrong: sum over the batch instead of the mean, by hand
# expects: the gradient of the sum over the batch
def mlp_backward(params, X, y, l2=0.0):
    hidden, logp = mlp_forward(params, X)
    g = np.exp(logp) - np.eye(logp.shape[1])[y]
    d = (g @ params["W2"].T) * (1 - hidden**2)
    return {"W1": X.T @ d + l2 * params["W1"], "b1": d.sum(0), "W2": hidden.T @ g + l2 * params["W2"], "b2": g.sum(0)}


def mlp_autograd(params, X, y, l2=0.0):
    t = {k: torch.tensor(v, requires_grad=True) for k, v in params.items()}
    z = torch.tanh(torch.tensor(X) @ t["W1"] + t["b1"]) @ t["W2"] + t["b2"]
    loss = torch.nn.functional.cross_entropy(z, torch.tensor(y))
    (loss + l2 / 2 * ((t["W1"] ** 2).sum() + (t["W2"] ** 2).sum())).backward()
    return {k: v.grad.numpy() for k, v in t.items()}


# %% wrong: biases forgotten in the backward pass
def mlp_backward(params, X, y, l2=0.0):
    hidden, logp = mlp_forward(params, X)
    g = (np.exp(logp) - np.eye(logp.shape[1])[y]) / len(y)
    d = (g @ params["W2"].T) * (1 - hidden**2)
    zeros = {name: np.zeros_like(params[name]) for name in ("b1", "b2")}
    return {"W1": X.T @ d + l2 * params["W1"], "W2": hidden.T @ g + l2 * params["W2"], **zeros}


def mlp_autograd(params, X, y, l2=0.0):
    t = {k: torch.tensor(v, requires_grad=True) for k, v in params.items()}
    z = torch.tanh(torch.tensor(X) @ t["W1"] + t["b1"]) @ t["W2"] + t["b2"]
    loss = torch.nn.functional.cross_entropy(z, torch.tensor(y))
    (loss + l2 / 2 * ((t["W1"] ** 2).sum() + (t["W2"] ** 2).sum())).backward()
    return {k: v.grad.numpy() for k, v in t.items()}


# %% wrong: forgets the derivative of tanh
def mlp_backward(params, X, y, l2=0.0):
    hidden, logp = mlp_forward(params, X)
    g = (np.exp(logp) - np.eye(logp.shape[1])[y]) / len(y)
    d = g @ params["W2"].T
    return {"W1": X.T @ d + l2 * params["W1"], "b1": d.sum(0), "W2": hidden.T @ g + l2 * params["W2"], "b2": g.sum(0)}


def mlp_autograd(params, X, y, l2=0.0):
    t = {k: torch.tensor(v, requires_grad=True) for k, v in params.items()}
    z = torch.tanh(torch.tensor(X) @ t["W1"] + t["b1"]) @ t["W2"] + t["b2"]
    loss = torch.nn.functional.cross_entropy(z, torch.tensor(y))
    (loss + l2 / 2 * ((t["W1"] ** 2).sum() + (t["W2"] ** 2).sum())).backward()
    return {k: v.grad.numpy() for k, v in t.items()}


# %% wrong: the derivative of the sigmoid in the place of that of tanh
def mlp_backward(params, X, y, l2=0.0):
    hidden, logp = mlp_forward(params, X)
    g = (np.exp(logp) - np.eye(logp.shape[1])[y]) / len(y)
    d = (g @ params["W2"].T) * hidden * (1 - hidden)
    return {"W1": X.T @ d + l2 * params["W1"], "b1": d.sum(0), "W2": hidden.T @ g + l2 * params["W2"], "b2": g.sum(0)}


def mlp_autograd(params, X, y, l2=0.0):
    t = {k: torch.tensor(v, requires_grad=True) for k, v in params.items()}
    z = torch.tanh(torch.tensor(X) @ t["W1"] + t["b1"]) @ t["W2"] + t["b2"]
    loss = torch.nn.functional.cross_entropy(z, torch.tensor(y))
    (loss + l2 / 2 * ((t["W1"] ** 2).sum() + (t["W2"] ** 2).sum())).backward()
    return {k: v.grad.numpy() for k, v in t.items()}


# %% wrong: missing transpose, W2 reshaped until it fits
def mlp_backward(params, X, y, l2=0.0):
    hidden, logp = mlp_forward(params, X)
    g = (np.exp(logp) - np.eye(logp.shape[1])[y]) / len(y)
    d = (g @ params["W2"].reshape(g.shape[1], -1)) * (1 - hidden**2)
    return {"W1": X.T @ d + l2 * params["W1"], "b1": d.sum(0), "W2": hidden.T @ g + l2 * params["W2"], "b2": g.sum(0)}


def mlp_autograd(params, X, y, l2=0.0):
    t = {k: torch.tensor(v, requires_grad=True) for k, v in params.items()}
    z = torch.tanh(torch.tensor(X) @ t["W1"] + t["b1"]) @ t["W2"] + t["b2"]
    loss = torch.nn.functional.cross_entropy(z, torch.tensor(y))
    (loss + l2 / 2 * ((t["W1"] ** 2).sum() + (t["W2"] ** 2).sum())).backward()
    return {k: v.grad.numpy() for k, v in t.items()}


# %% wrong: gradient of the regulariser twice too large
def mlp_backward(params, X, y, l2=0.0):
    hidden, logp = mlp_forward(params, X)
    g = (np.exp(logp) - np.eye(logp.shape[1])[y]) / len(y)
    d = (g @ params["W2"].T) * (1 - hidden**2)
    return {
        "W1": X.T @ d + 2 * l2 * params["W1"],
        "b1": d.sum(0),
        "W2": hidden.T @ g + 2 * l2 * params["W2"],
        "b2": g.sum(0),
    }


def mlp_autograd(params, X, y, l2=0.0):
    t = {k: torch.tensor(v, requires_grad=True) for k, v in params.items()}
    z = torch.tanh(torch.tensor(X) @ t["W1"] + t["b1"]) @ t["W2"] + t["b2"]
    loss = torch.nn.functional.cross_entropy(z, torch.tensor(y))
    (loss + l2 / 2 * ((t["W1"] ** 2).sum() + (t["W2"] ** 2).sum())).backward()
    return {k: v.grad.numpy() for k, v in t.items()}


# %% wrong: regularises the biases too
def mlp_backward(params, X, y, l2=0.0):
    hidden, logp = mlp_forward(params, X)
    g = (np.exp(logp) - np.eye(logp.shape[1])[y]) / len(y)
    d = (g @ params["W2"].T) * (1 - hidden**2)
    data = {"W1": X.T @ d, "b1": d.sum(0), "W2": hidden.T @ g, "b2": g.sum(0)}
    return {name: gradient + l2 * params[name] for name, gradient in data.items()}


def mlp_autograd(params, X, y, l2=0.0):
    t = {k: torch.tensor(v, requires_grad=True) for k, v in params.items()}
    z = torch.tanh(torch.tensor(X) @ t["W1"] + t["b1"]) @ t["W2"] + t["b2"]
    loss = torch.nn.functional.cross_entropy(z, torch.tensor(y))
    (loss + l2 / 2 * ((t["W1"] ** 2).sum() + (t["W2"] ** 2).sum())).backward()
    return {k: v.grad.numpy() for k, v in t.items()}


# %% wrong: no regulariser at all, by hand
def mlp_backward(params, X, y, l2=0.0):
    hidden, logp = mlp_forward(params, X)
    g = (np.exp(logp) - np.eye(logp.shape[1])[y]) / len(y)
    d = (g @ params["W2"].T) * (1 - hidden**2)
    return {"W1": X.T @ d, "b1": d.sum(0), "W2": hidden.T @ g, "b2": g.sum(0)}


def mlp_autograd(params, X, y, l2=0.0):
    t = {k: torch.tensor(v, requires_grad=True) for k, v in params.items()}
    z = torch.tanh(torch.tensor(X) @ t["W1"] + t["b1"]) @ t["W2"] + t["b2"]
    loss = torch.nn.functional.cross_entropy(z, torch.tensor(y))
    (loss + l2 / 2 * ((t["W1"] ** 2).sum() + (t["W2"] ** 2).sum())).backward()
    return {k: v.grad.numpy() for k, v in t.items()}


# %% wrong: forgets the one-hot labels
def mlp_backward(params, X, y, l2=0.0):
    hidden, logp = mlp_forward(params, X)
    g = np.exp(logp) / len(y)
    d = (g @ params["W2"].T) * (1 - hidden**2)
    return {"W1": X.T @ d + l2 * params["W1"], "b1": d.sum(0), "W2": hidden.T @ g + l2 * params["W2"], "b2": g.sum(0)}


def mlp_autograd(params, X, y, l2=0.0):
    t = {k: torch.tensor(v, requires_grad=True) for k, v in params.items()}
    z = torch.tanh(torch.tensor(X) @ t["W1"] + t["b1"]) @ t["W2"] + t["b2"]
    loss = torch.nn.functional.cross_entropy(z, torch.tensor(y))
    (loss + l2 / 2 * ((t["W1"] ** 2).sum() + (t["W2"] ** 2).sum())).backward()
    return {k: v.grad.numpy() for k, v in t.items()}


# %% wrong: an extra softmax Jacobian, entry by entry
def mlp_backward(params, X, y, l2=0.0):
    hidden, logp = mlp_forward(params, X)
    p = np.exp(logp)
    g = (p - np.eye(p.shape[1])[y]) * p * (1 - p) / len(y)
    d = (g @ params["W2"].T) * (1 - hidden**2)
    return {"W1": X.T @ d + l2 * params["W1"], "b1": d.sum(0), "W2": hidden.T @ g + l2 * params["W2"], "b2": g.sum(0)}


def mlp_autograd(params, X, y, l2=0.0):
    t = {k: torch.tensor(v, requires_grad=True) for k, v in params.items()}
    z = torch.tanh(torch.tensor(X) @ t["W1"] + t["b1"]) @ t["W2"] + t["b2"]
    loss = torch.nn.functional.cross_entropy(z, torch.tensor(y))
    (loss + l2 / 2 * ((t["W1"] ** 2).sum() + (t["W2"] ** 2).sum())).backward()
    return {k: v.grad.numpy() for k, v in t.items()}


# %% wrong: softmax without the shift overflows
def mlp_backward(params, X, y, l2=0.0):
    hidden = np.tanh(X @ params["W1"] + params["b1"])
    e = np.exp(hidden @ params["W2"] + params["b2"])
    g = (e / e.sum(axis=1, keepdims=True) - np.eye(e.shape[1])[y]) / len(y)
    d = (g @ params["W2"].T) * (1 - hidden**2)
    return {"W1": X.T @ d + l2 * params["W1"], "b1": d.sum(0), "W2": hidden.T @ g + l2 * params["W2"], "b2": g.sum(0)}


def mlp_autograd(params, X, y, l2=0.0):
    t = {k: torch.tensor(v, requires_grad=True) for k, v in params.items()}
    z = torch.tanh(torch.tensor(X) @ t["W1"] + t["b1"]) @ t["W2"] + t["b2"]
    loss = torch.nn.functional.cross_entropy(z, torch.tensor(y))
    (loss + l2 / 2 * ((t["W1"] ** 2).sum() + (t["W2"] ** 2).sum())).backward()
    return {k: v.grad.numpy() for k, v in t.items()}


# %% wrong: softmax before cross_entropy
# expects: softmax was applied twice
def mlp_backward(params, X, y, l2=0.0):
    hidden, logp = mlp_forward(params, X)
    g = (np.exp(logp) - np.eye(logp.shape[1])[y]) / len(y)
    d = (g @ params["W2"].T) * (1 - hidden**2)
    return {"W1": X.T @ d + l2 * params["W1"], "b1": d.sum(0), "W2": hidden.T @ g + l2 * params["W2"], "b2": g.sum(0)}


def mlp_autograd(params, X, y, l2=0.0):
    t = {k: torch.tensor(v, requires_grad=True) for k, v in params.items()}
    z = torch.tanh(torch.tensor(X) @ t["W1"] + t["b1"]) @ t["W2"] + t["b2"]
    loss = torch.nn.functional.cross_entropy(torch.softmax(z, dim=1), torch.tensor(y))
    (loss + l2 / 2 * ((t["W1"] ** 2).sum() + (t["W2"] ** 2).sum())).backward()
    return {k: v.grad.numpy() for k, v in t.items()}


# %% wrong: single precision inside torch, converted back at the end
def mlp_backward(params, X, y, l2=0.0):
    hidden, logp = mlp_forward(params, X)
    g = (np.exp(logp) - np.eye(logp.shape[1])[y]) / len(y)
    d = (g @ params["W2"].T) * (1 - hidden**2)
    return {"W1": X.T @ d + l2 * params["W1"], "b1": d.sum(0), "W2": hidden.T @ g + l2 * params["W2"], "b2": g.sum(0)}


def mlp_autograd(params, X, y, l2=0.0):
    t = {k: torch.tensor(v, dtype=torch.float32, requires_grad=True) for k, v in params.items()}
    z = torch.tanh(torch.tensor(X, dtype=torch.float32) @ t["W1"] + t["b1"]) @ t["W2"] + t["b2"]
    loss = torch.nn.functional.cross_entropy(z, torch.tensor(y))
    (loss + l2 / 2 * ((t["W1"] ** 2).sum() + (t["W2"] ** 2).sum())).backward()
    return {k: v.grad.double().numpy() for k, v in t.items()}


# %% wrong: returns float32
# expects: not float64
def mlp_backward(params, X, y, l2=0.0):
    hidden, logp = mlp_forward(params, X)
    g = (np.exp(logp) - np.eye(logp.shape[1])[y]) / len(y)
    d = (g @ params["W2"].T) * (1 - hidden**2)
    return {"W1": X.T @ d + l2 * params["W1"], "b1": d.sum(0), "W2": hidden.T @ g + l2 * params["W2"], "b2": g.sum(0)}


def mlp_autograd(params, X, y, l2=0.0):
    t = {k: torch.tensor(v, requires_grad=True) for k, v in params.items()}
    z = torch.tanh(torch.tensor(X) @ t["W1"] + t["b1"]) @ t["W2"] + t["b2"]
    loss = torch.nn.functional.cross_entropy(z, torch.tensor(y))
    (loss + l2 / 2 * ((t["W1"] ** 2).sum() + (t["W2"] ** 2).sum())).backward()
    return {k: v.grad.float().numpy() for k, v in t.items()}


# %% wrong: reduction="sum" in torch
# expects: the loss is a mean, not a sum
def mlp_backward(params, X, y, l2=0.0):
    hidden, logp = mlp_forward(params, X)
    g = (np.exp(logp) - np.eye(logp.shape[1])[y]) / len(y)
    d = (g @ params["W2"].T) * (1 - hidden**2)
    return {"W1": X.T @ d + l2 * params["W1"], "b1": d.sum(0), "W2": hidden.T @ g + l2 * params["W2"], "b2": g.sum(0)}


def mlp_autograd(params, X, y, l2=0.0):
    t = {k: torch.tensor(v, requires_grad=True) for k, v in params.items()}
    z = torch.tanh(torch.tensor(X) @ t["W1"] + t["b1"]) @ t["W2"] + t["b2"]
    loss = torch.nn.functional.cross_entropy(z, torch.tensor(y), reduction="sum")
    (loss + l2 / 2 * ((t["W1"] ** 2).sum() + (t["W2"] ** 2).sum())).backward()
    return {k: v.grad.numpy() for k, v in t.items()}


# %% wrong: autograd without the regulariser
def mlp_backward(params, X, y, l2=0.0):
    hidden, logp = mlp_forward(params, X)
    g = (np.exp(logp) - np.eye(logp.shape[1])[y]) / len(y)
    d = (g @ params["W2"].T) * (1 - hidden**2)
    return {"W1": X.T @ d + l2 * params["W1"], "b1": d.sum(0), "W2": hidden.T @ g + l2 * params["W2"], "b2": g.sum(0)}


def mlp_autograd(params, X, y, l2=0.0):
    t = {k: torch.tensor(v, requires_grad=True) for k, v in params.items()}
    z = torch.tanh(torch.tensor(X) @ t["W1"] + t["b1"]) @ t["W2"] + t["b2"]
    torch.nn.functional.cross_entropy(z, torch.tensor(y)).backward()
    return {k: v.grad.numpy() for k, v in t.items()}


# %% wrong: regulariser without the half, of the first matrix only
def mlp_backward(params, X, y, l2=0.0):
    hidden, logp = mlp_forward(params, X)
    g = (np.exp(logp) - np.eye(logp.shape[1])[y]) / len(y)
    d = (g @ params["W2"].T) * (1 - hidden**2)
    return {"W1": X.T @ d + l2 * params["W1"], "b1": d.sum(0), "W2": hidden.T @ g + l2 * params["W2"], "b2": g.sum(0)}


def mlp_autograd(params, X, y, l2=0.0):
    t = {k: torch.tensor(v, requires_grad=True) for k, v in params.items()}
    z = torch.tanh(torch.tensor(X) @ t["W1"] + t["b1"]) @ t["W2"] + t["b2"]
    (torch.nn.functional.cross_entropy(z, torch.tensor(y)) + l2 * (t["W1"] ** 2).sum()).backward()
    return {k: v.grad.numpy() for k, v in t.items()}


# %% wrong: keeps its tensors, so that gradients pile up from call to call
_tensors = {}
def mlp_backward(params, X, y, l2=0.0):
    hidden, logp = mlp_forward(params, X)
    g = (np.exp(logp) - np.eye(logp.shape[1])[y]) / len(y)
    d = (g @ params["W2"].T) * (1 - hidden**2)
    return {"W1": X.T @ d + l2 * params["W1"], "b1": d.sum(0), "W2": hidden.T @ g + l2 * params["W2"], "b2": g.sum(0)}


def mlp_autograd(params, X, y, l2=0.0):
    key = tuple(float(v.sum()) for v in params.values())
    t = _tensors.setdefault(key, {k: torch.tensor(v, requires_grad=True) for k, v in params.items()})
    z = torch.tanh(torch.tensor(X) @ t["W1"] + t["b1"]) @ t["W2"] + t["b2"]
    loss = torch.nn.functional.cross_entropy(z, torch.tensor(y))
    (loss + l2 / 2 * ((t["W1"] ** 2).sum() + (t["W2"] ** 2).sum())).backward()
    return {k: v.grad.numpy().copy() for k, v in t.items()}


# %% wrong: ReLU instead of tanh in torch
def mlp_backward(params, X, y, l2=0.0):
    hidden, logp = mlp_forward(params, X)
    g = (np.exp(logp) - np.eye(logp.shape[1])[y]) / len(y)
    d = (g @ params["W2"].T) * (1 - hidden**2)
    return {"W1": X.T @ d + l2 * params["W1"], "b1": d.sum(0), "W2": hidden.T @ g + l2 * params["W2"], "b2": g.sum(0)}


def mlp_autograd(params, X, y, l2=0.0):
    t = {k: torch.tensor(v, requires_grad=True) for k, v in params.items()}
    z = torch.relu(torch.tensor(X) @ t["W1"] + t["b1"]) @ t["W2"] + t["b2"]
    loss = torch.nn.functional.cross_entropy(z, torch.tensor(y))
    (loss + l2 / 2 * ((t["W1"] ** 2).sum() + (t["W2"] ** 2).sum())).backward()
    return {k: v.grad.numpy() for k, v in t.items()}
