# %% right: loops over examples, scipy for the softmax
def forward(params, X):
    from scipy.special import softmax

    A = np.array([params["W1"].T @ x + params["b1"] for x in X])
    H = A * (A > 0)
    Z = np.array([params["W2"].T @ h + params["b2"] for h in H])
    return {"A": A, "H": H, "Z": Z, "P": softmax(Z, axis=1)}


# %% right: torch inside
def forward(params, X):
    W1, b1, W2, b2 = (torch.tensor(params[name]) for name in ("W1", "b1", "W2", "b2"))
    A = torch.addmm(b1, torch.tensor(X), W1)
    H = A.clamp(min=0)
    Z = torch.addmm(b2, H, W2)
    return {"A": A.numpy(), "H": H.numpy(), "Z": Z.numpy(), "P": F.softmax(Z, dim=-1).numpy()}


# %% wrong: no ReLU
# expects: the ReLU sets the negative entry to 0 first
def forward(params, X):
    A = X @ params["W1"] + params["b1"]
    H = np.maximum(A, 0)
    Z = A @ params["W2"] + params["b2"]
    e = np.exp(Z - Z.max(axis=1, keepdims=True))
    return {"A": A, "H": H, "Z": Z, "P": e / e.sum(axis=1, keepdims=True)}


# %% wrong: exponentials that overflow
# expects: Subtract the largest of each row first
def forward(params, X):
    A = X @ params["W1"] + params["b1"]
    H = np.maximum(0, A)
    Z = H @ params["W2"] + params["b2"]
    return {"A": A, "H": H, "Z": Z, "P": np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)}


# %% wrong: the largest score of the whole table
def forward(params, X):
    A = X @ params["W1"] + params["b1"]
    H = np.maximum(0, A)
    Z = H @ params["W2"] + params["b2"]
    e = np.exp(Z - Z.max())
    return {"A": A, "H": H, "Z": Z, "P": e / e.sum(axis=1, keepdims=True)}


# %% wrong: the ReLU overwrites A
def forward(params, X):
    A = X @ params["W1"] + params["b1"]
    H = A
    H[H < 0] = 0
    Z = H @ params["W2"] + params["b2"]
    e = np.exp(Z - Z.max(axis=1, keepdims=True))
    return {"A": A, "H": H, "Z": Z, "P": e / e.sum(axis=1, keepdims=True)}
