# %% right: counts product by product
def network_costs(widths, batch):
    widths, N = list(map(int, widths)), int(batch)
    P = forward = backward = stored = 0
    for l in range(1, len(widths)):
        fan_in, fan_out = widths[l - 1], widths[l]
        P += fan_in * fan_out
        forward += N * fan_in * fan_out
        backward += N * fan_in * fan_out
        if l > 1:
            backward += N * fan_out * fan_in
        stored += N * fan_in
    return dict(parameters=P, forward=forward, backward=backward, differences=2 * P * forward, stored=stored)


# %% right: NumPy with Python's whole numbers
def network_costs(widths, batch):
    n = np.array([int(w) for w in widths], dtype=object)
    sizes, batch = n[1:] * n[:-1], int(batch)
    total = int(sizes.sum())
    return {
        "parameters": total,
        "forward": batch * total,
        "backward": batch * (int(sizes[0]) + 2 * int(sizes[1:].sum() if len(sizes) > 1 else 0)),
        "differences": 2 * batch * total**2,
        "stored": batch * int(n[:-1].sum()),
    }


# %% wrong: the backward pass costs one forward pass
# expects: two products in each layer
def network_costs(widths, batch):
    P = sum(int(a) * int(b) for a, b in zip(widths, widths[1:]))
    f = int(batch) * P
    stored = int(batch) * sum(int(n) for n in widths[:-1])
    return {"parameters": P, "forward": f, "backward": f, "differences": 2 * P * f, "stored": stored}


# %% wrong: two products in every layer
# expects: layer 1 has one product
def network_costs(widths, batch):
    P = sum(int(a) * int(b) for a, b in zip(widths, widths[1:]))
    f = int(batch) * P
    stored = int(batch) * sum(int(n) for n in widths[:-1])
    return {"parameters": P, "forward": f, "backward": 2 * f, "differences": 2 * P * f, "stored": stored}


# %% wrong: forward differences, and activations of one example
# expects: two forward passes for each weight
def network_costs(widths, batch):
    sizes = [int(a) * int(b) for a, b in zip(widths, widths[1:])]
    P, batch = sum(sizes), int(batch)
    return {
        "parameters": P,
        "forward": batch * P,
        "backward": batch * (2 * P - sizes[0]),
        "differences": batch * P * P,
        "stored": sum(int(n) for n in widths[:-1]),
    }


# %% wrong: int64 overflows
def network_costs(widths, batch):
    n = np.array(widths, dtype=np.int64)
    sizes = n[1:] * n[:-1]
    P, batch = sizes.sum(), np.int64(batch)
    return {
        "parameters": int(P),
        "forward": int(batch * P),
        "backward": int(batch * (2 * P - sizes[0])),
        "differences": int(2 * batch * P * P),
        "stored": int(batch * n[:-1].sum()),
    }
