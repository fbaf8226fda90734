# %% right: the correction moved into the learning rate
def adam_step(params, grads, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    new_m = {k: m[k] + (1 - beta1) * (grads[k] - m[k]) for k in params}
    new_v = {k: v[k] + (1 - beta2) * (grads[k] ** 2 - v[k]) for k in params}
    rate = lr / (1 - beta1**t)
    root = np.sqrt(1 - beta2**t)
    return {k: params[k] - rate * new_m[k] / (np.sqrt(new_v[k]) / root + eps) for k in params}, new_m, new_v


# %% right: torch, on copies
def adam_step(params, grads, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    out = {}, {}, {}
    for k in params:
        p, g, a, b = (torch.tensor(part[k], dtype=torch.float64) for part in (params, grads, m, v))
        a = beta1 * a + (1 - beta1) * g
        b = beta2 * b + (1 - beta2) * g * g
        p = p - lr * (a / (1 - beta1**t)) / ((b / (1 - beta2**t)).sqrt() + eps)
        for target, value in zip(out, (p, a, b)):
            target[k] = value.numpy()
    return out


# %% right: torch, on the memory of the arrays
def adam_step(params, grads, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    out = {}, {}, {}
    for k in params:
        p, g, a, b = (torch.from_numpy(part[k]) for part in (params, grads, m, v))
        a = beta1 * a + (1 - beta1) * g
        b = beta2 * b + (1 - beta2) * g**2
        step = lr * a / (1 - beta1**t) / ((b / (1 - beta2**t)).sqrt() + eps)
        for target, value in zip(out, (p - step, a, b)):
            target[k] = value.numpy()
    return out


# %% wrong: no correction of the start
# expects: the correction of the start is missing
def adam_step(params, grads, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    m = {k: beta1 * m[k] + (1 - beta1) * grads[k] for k in params}
    v = {k: beta2 * v[k] + (1 - beta2) * grads[k] ** 2 for k in params}
    return {k: params[k] - lr * m[k] / (np.sqrt(v[k]) + eps) for k in params}, m, v


# %% wrong: no root, as if v were a curvature
# expects: divide by the square root of v
def adam_step(params, grads, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    m = {k: beta1 * m[k] + (1 - beta1) * grads[k] for k in params}
    v = {k: beta2 * v[k] + (1 - beta2) * grads[k] ** 2 for k in params}
    new = {k: params[k] - lr * m[k] / (1 - beta1**t) / (v[k] / (1 - beta2**t) + eps) for k in params}
    return new, m, v


# %% wrong: the corrected averages are remembered
# expects: return it without the correction
def adam_step(params, grads, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    m = {k: (beta1 * m[k] + (1 - beta1) * grads[k]) / (1 - beta1**t) for k in params}
    v = {k: (beta2 * v[k] + (1 - beta2) * grads[k] ** 2) / (1 - beta2**t) for k in params}
    return {k: params[k] - lr * m[k] / (np.sqrt(v[k]) + eps) for k in params}, m, v


# %% wrong: eps under the root
def adam_step(params, grads, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    m = {k: beta1 * m[k] + (1 - beta1) * grads[k] for k in params}
    v = {k: beta2 * v[k] + (1 - beta2) * grads[k] ** 2 for k in params}
    new = {k: params[k] - lr * m[k] / (1 - beta1**t) / np.sqrt(v[k] / (1 - beta2**t) + eps) for k in params}
    return new, m, v


# %% wrong: updates the given arrays
def adam_step(params, grads, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    for k in params:
        m[k] = beta1 * m[k] + (1 - beta1) * grads[k]
        v[k] = beta2 * v[k] + (1 - beta2) * grads[k] ** 2
        params[k] = params[k] - lr * m[k] / (1 - beta1**t) / (np.sqrt(v[k] / (1 - beta2**t)) + eps)
    return params, m, v
