# %% right: scipy's log_softmax, one-hot matrix
def log_softmax(logits):
    from scipy import special

    return special.log_softmax(np.asarray(logits, dtype=float), axis=-1)


def softmax_loss(logits, labels, *, reduction="mean"):
    logits = np.asarray(logits, dtype=float)
    n, classes = logits.shape
    one_hot = np.eye(classes)[np.asarray(labels)]
    log_q = log_softmax(logits)
    divisor = n if reduction == "mean" else 1
    loss = -log_q[one_hot == 1].sum()
    return loss / divisor, (np.exp(log_q) - one_hot) / divisor


# %% right: logsumexp
def log_softmax(logits):
    logits = np.asarray(logits, dtype=float)
    return logits - special.logsumexp(logits, axis=-1, keepdims=True)


def softmax_loss(logits, labels, *, reduction="mean"):
    logits = np.array(logits, dtype=float)
    picked = logits[np.arange(len(logits)), labels]
    losses = special.logsumexp(logits, axis=1) - picked
    gradient = special.softmax(logits, axis=1)
    for row, label in zip(gradient, labels):
        row[label] -= 1
    if reduction == "mean":
        return losses.mean(), gradient / len(losses)
    return losses.sum(), gradient


# %% right: torch and autograd
def log_softmax(logits):
    return torch.log_softmax(torch.tensor(np.array(logits, dtype=float)), dim=-1).numpy()


def softmax_loss(logits, labels, *, reduction="mean"):
    z = torch.tensor(np.array(logits, dtype=float), requires_grad=True)
    loss = F.cross_entropy(z, torch.tensor(np.array(labels)), reduction=reduction)
    loss.backward()
    return loss.item(), z.grad.numpy()


# %% right: logaddexp, row by row
def log_softmax(logits):
    logits = np.asarray(logits, dtype=float)
    return logits - np.logaddexp.reduce(logits, axis=-1)[..., None]


def softmax_loss(logits, labels, *, reduction="mean"):
    logits = np.asarray(logits, dtype=float)
    loss, gradient = 0.0, np.zeros_like(logits)
    for i, label in enumerate(labels):
        log_q = log_softmax(logits[i])
        loss -= log_q[label]
        gradient[i] = np.exp(log_q)
        gradient[i, label] -= 1
    if reduction == "mean":
        loss, gradient = loss / len(logits), gradient / len(logits)
    return loss, gradient


# %% wrong: softmax first, then the logarithm
def log_softmax(logits):
    logits = np.asarray(logits, dtype=float)
    weights = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.log(weights / weights.sum(axis=-1, keepdims=True))


def softmax_loss(logits, labels, *, reduction="mean"):
    log_q = log_softmax(logits)
    one_hot = np.eye(log_q.shape[1])[labels]
    n = len(log_q) if reduction == "mean" else 1
    return -log_q[one_hot == 1].sum() / n, (np.exp(log_q) - one_hot) / n


# %% wrong: formula without subtracting the maximum
def log_softmax(logits):
    logits = np.asarray(logits, dtype=float)
    return logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))


def softmax_loss(logits, labels, *, reduction="mean"):
    log_q = log_softmax(logits)
    one_hot = np.eye(log_q.shape[1])[labels]
    n = len(log_q) if reduction == "mean" else 1
    return -log_q[one_hot == 1].sum() / n, (np.exp(log_q) - one_hot) / n


# %% wrong: subtracts one maximum from the whole batch
def log_softmax(logits):
    logits = np.asarray(logits, dtype=float)
    shifted = logits - logits.max()
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def softmax_loss(logits, labels, *, reduction="mean"):
    logits = np.asarray(logits, dtype=float)
    log_q = special.log_softmax(logits, axis=1)
    one_hot = np.eye(log_q.shape[1])[labels]
    n = len(log_q) if reduction == "mean" else 1
    return -log_q[one_hot == 1].sum() / n, (np.exp(log_q) - one_hot) / n


# %% wrong: softmax over the examples instead of the classes
# expects: softmax goes along the last axis
def log_softmax(logits):
    return special.log_softmax(np.asarray(logits, dtype=float), axis=0)


def softmax_loss(logits, labels, *, reduction="mean"):
    log_q = special.log_softmax(np.asarray(logits, dtype=float), axis=1)
    one_hot = np.eye(log_q.shape[1])[labels]
    n = len(log_q) if reduction == "mean" else 1
    return -log_q[one_hot == 1].sum() / n, (np.exp(log_q) - one_hot) / n


# %% wrong: returns probabilities
# expects: these are the probabilities
def log_softmax(logits):
    return special.softmax(np.asarray(logits, dtype=float), axis=-1)


def softmax_loss(logits, labels, *, reduction="mean"):
    q = log_softmax(logits)
    one_hot = np.eye(q.shape[1])[labels]
    n = len(q) if reduction == "mean" else 1
    return -np.log(q[one_hot == 1]).sum() / n, (q - one_hot) / n


# %% wrong: 1e-10 in the logarithm of the loss
def log_softmax(logits):
    return special.log_softmax(np.asarray(logits, dtype=float), axis=-1)


def softmax_loss(logits, labels, *, reduction="mean"):
    q = special.softmax(np.asarray(logits, dtype=float), axis=1)
    one_hot = np.eye(q.shape[1])[labels]
    n = len(q) if reduction == "mean" else 1
    return -np.log(q[one_hot == 1] + 1e-10).sum() / n, (q - one_hot) / n


# %% wrong: the gradient of the sum beside the mean loss
# expects: this is the gradient of the sum
def log_softmax(logits):
    return special.log_softmax(np.asarray(logits, dtype=float), axis=-1)


def softmax_loss(logits, labels, *, reduction="mean"):
    log_q = log_softmax(logits)
    one_hot = np.eye(log_q.shape[1])[labels]
    losses = -log_q[one_hot == 1]
    loss = losses.mean() if reduction == "mean" else losses.sum()
    return loss, np.exp(log_q) - one_hot


# %% wrong: ignores the reduction
def log_softmax(logits):
    return special.log_softmax(np.asarray(logits, dtype=float), axis=-1)


def softmax_loss(logits, labels, *, reduction="mean"):
    log_q = log_softmax(logits)
    one_hot = np.eye(log_q.shape[1])[labels]
    return -log_q[one_hot == 1].mean(), (np.exp(log_q) - one_hot) / len(log_q)


# %% wrong: always the sum
# expects: this is the sum of the two losses
def log_softmax(logits):
    return special.log_softmax(np.asarray(logits, dtype=float), axis=-1)


def softmax_loss(logits, labels, *, reduction="mean"):
    log_q = log_softmax(logits)
    one_hot = np.eye(log_q.shape[1])[labels]
    return -log_q[one_hot == 1].sum(), np.exp(log_q) - one_hot


# %% wrong: mean over all entries of the one-hot product
# expects: divide by the number of examples
def log_softmax(logits):
    return special.log_softmax(np.asarray(logits, dtype=float), axis=-1)


def softmax_loss(logits, labels, *, reduction="mean"):
    log_q = log_softmax(logits)
    one_hot = np.eye(log_q.shape[1])[labels]
    if reduction == "mean":
        return -np.mean(one_hot * log_q), (np.exp(log_q) - one_hot) / log_q.size
    return -np.sum(one_hot * log_q), np.exp(log_q) - one_hot


# %% wrong: multiplies by the derivative of softmax once more
def log_softmax(logits):
    return special.log_softmax(np.asarray(logits, dtype=float), axis=-1)


def softmax_loss(logits, labels, *, reduction="mean"):
    log_q = log_softmax(logits)
    q = np.exp(log_q)
    one_hot = np.eye(q.shape[1])[labels]
    n = len(q) if reduction == "mean" else 1
    return -log_q[one_hot == 1].sum() / n, q * (1 - q) * (q - one_hot) / n


# %% wrong: target minus prediction
# expects: the sign of the gradient is wrong
def log_softmax(logits):
    return special.log_softmax(np.asarray(logits, dtype=float), axis=-1)


def softmax_loss(logits, labels, *, reduction="mean"):
    log_q = log_softmax(logits)
    one_hot = np.eye(log_q.shape[1])[labels]
    n = len(log_q) if reduction == "mean" else 1
    return -log_q[one_hot == 1].sum() / n, (one_hot - np.exp(log_q)) / n


# %% wrong: gradient with respect to the probabilities
def log_softmax(logits):
    return special.log_softmax(np.asarray(logits, dtype=float), axis=-1)


def softmax_loss(logits, labels, *, reduction="mean"):
    log_q = log_softmax(logits)
    one_hot = np.eye(log_q.shape[1])[labels]
    n = len(log_q) if reduction == "mean" else 1
    return -log_q[one_hot == 1].sum() / n, -one_hot / np.exp(log_q) / n


# %% wrong: float32 throughout
def log_softmax(logits):
    return torch.log_softmax(torch.tensor(np.array(logits), dtype=torch.float32), dim=-1).numpy()


def softmax_loss(logits, labels, *, reduction="mean"):
    z = torch.tensor(np.array(logits), dtype=torch.float32, requires_grad=True)
    loss = F.cross_entropy(z, torch.tensor(np.array(labels)), reduction=reduction)
    loss.backward()
    return loss.item(), z.grad.numpy()


# %% wrong: feeds probabilities to torch's cross_entropy
def log_softmax(logits):
    return special.log_softmax(np.asarray(logits, dtype=float), axis=-1)


def softmax_loss(logits, labels, *, reduction="mean"):
    z = torch.tensor(np.array(logits, dtype=float), requires_grad=True)
    loss = F.cross_entropy(torch.softmax(z, dim=1), torch.tensor(np.array(labels)), reduction=reduction)
    loss.backward()
    return loss.item(), z.grad.numpy()


# %% wrong: shifts the caller's logits in place
def log_softmax(logits):
    logits = np.asarray(logits, dtype=float)
    logits -= logits.max(axis=-1, keepdims=True)
    return logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))


def softmax_loss(logits, labels, *, reduction="mean"):
    log_q = log_softmax(logits)
    one_hot = np.eye(log_q.shape[1])[labels]
    n = len(log_q) if reduction == "mean" else 1
    return -log_q[one_hot == 1].sum() / n, (np.exp(log_q) - one_hot) / n
