# %% right: copies, then in place
def momentum_step(params, grads, velocity, lr, beta):
    w = {k: np.array(a) for k, a in params.items()}
    v = {k: np.array(a) for k, a in velocity.items()}
    for k in w:
        v[k] *= beta
        v[k] += grads[k]
        w[k] -= lr * v[k]
    return w, v


# %% right: torch tensors inside
def momentum_step(params, grads, velocity, lr, beta):
    new_params, new_velocity = {}, {}
    for key, g in grads.items():
        v = beta * torch.tensor(velocity[key]) + torch.tensor(g)
        new_velocity[key] = v.numpy()
        new_params[key] = (torch.tensor(params[key]) - lr * v).numpy()
    return new_params, new_velocity


# %% right: entries of copies overwritten
def momentum_step(params, grads, velocity, lr, beta):
    new_params, new_velocity = {}, {}
    for key in params:
        new_velocity[key], new_params[key] = velocity[key].copy(), params[key].copy()
        new_velocity[key][...] = beta * velocity[key] + grads[key]
        new_params[key][...] -= lr * new_velocity[key]
    return new_params, new_velocity


# %% wrong: exponential moving average
# expects: this is the average of the claim above
def momentum_step(params, grads, velocity, lr, beta):
    v = {k: beta * velocity[k] + (1 - beta) * grads[k] for k in params}
    return {k: params[k] - lr * v[k] for k in params}, v


# %% wrong: moves with the old velocity
# expects: use the new one
def momentum_step(params, grads, velocity, lr, beta):
    v = {k: beta * velocity[k] + grads[k] for k in params}
    return {k: params[k] - lr * velocity[k] for k in params}, v


# %% wrong: updates the given arrays
def momentum_step(params, grads, velocity, lr, beta):
    for k in params:
        velocity[k] *= beta
        velocity[k] += grads[k]
        params[k] -= lr * velocity[k]
    return params, velocity
