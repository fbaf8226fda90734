# %% right: mask as a factor
def backward_hidden(X, A, dH):
    dA = dH * (A > 0)
    return {"A": dA, "W1": np.einsum("nd,nh->dh", X, dA), "b1": np.einsum("nh->h", dA)}


# %% right: sets entries of a copy to zero
def backward_hidden(X, A, dH):
    dA = np.array(dH)
    dA[A <= 0] = 0
    dW1 = sum(np.outer(x, row) for x, row in zip(X, dA))
    return {"A": dA, "W1": dW1, "b1": sum(dA)}


# %% wrong: the ReLU of the gradient
# expects: The ReLU was applied to dH itself
def backward_hidden(X, A, dH):
    dA = np.maximum(dH, 0)
    return {"A": dA, "W1": X.T @ dA, "b1": dA.sum(axis=0)}


# %% wrong: divided by N a second time
# expects: it is in dH already
def backward_hidden(X, A, dH):
    dA = dH * (A > 0)
    return {"A": dA, "W1": X.T @ dA / len(X), "b1": dA.mean(axis=0)}


# %% wrong: slope 1 at zero
def backward_hidden(X, A, dH):
    dA = dH * (A >= 0)
    return {"A": dA, "W1": X.T @ dA, "b1": dA.sum(axis=0)}


# %% wrong: changes the caller's gradient
def backward_hidden(X, A, dH):
    dH[A <= 0] = 0
    return {"A": dH, "W1": X.T @ dH, "b1": dH.sum(axis=0)}
