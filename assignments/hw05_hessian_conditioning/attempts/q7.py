# %% right: double backward
def hvp(f, x, v):
    x = x.detach().clone().requires_grad_(True)
    (g,) = torch.autograd.grad(f(x), x, create_graph=True)
    (product,) = torch.autograd.grad(g @ v, x)
    return product


# %% right: reverse over reverse with torch.func
def hvp(f, x, v):
    return torch.func.grad(lambda z: torch.dot(torch.func.grad(f)(z), v))(x)


# %% right: torch.autograd.functional.vhp, since the Hessian is symmetric
def hvp(f, x, v):
    return torch.autograd.functional.vhp(f, x.detach().clone(), v)[1]


# %% right: central difference of two gradients, step scaled by the length of v
def hvp(f, x, v):
    length = torch.linalg.norm(v)
    u = v / length
    h = torch.finfo(x.dtype).eps ** (1 / 3) * max(1.0, float(x.abs().max()))
    gradient = torch.func.grad(f)
    return (gradient(x + h * u) - gradient(x - h * u)) / (2 * h) * length


# %% right: vjp of the gradient
def hvp(f, x, v):
    _, pull_back = torch.func.vjp(torch.func.grad(f), x)
    return pull_back(v)[0]


# %% wrong: gradient times v, one number
# expects: you return the single number
def hvp(f, x, v):
    return torch.func.grad(f)(x) @ v


# %% wrong: gradient times v, entry by entry
# expects: this is the gradient times v, entry by entry
def hvp(f, x, v):
    return torch.func.grad(f)(x) * v


# %% wrong: the curvature along v, one number
def hvp(f, x, v):
    return torch.func.jvp(torch.func.grad(f), (x,), (v,))[1] @ v


# %% wrong: forms the whole Hessian
def hvp(f, x, v):
    return torch.func.hessian(f)(x) @ v


# %% wrong: row sums of the Hessian, v forgotten
# expects: v has been replaced by ones
def hvp(f, x, v):
    x = x.detach().clone().requires_grad_(True)
    (g,) = torch.autograd.grad(f(x), x, create_graph=True)
    return torch.autograd.grad(g.sum(), x)[0]


# %% wrong: only the diagonal
def hvp(f, x, v):
    g = torch.func.grad(f)
    n = len(x)
    if n > 1000:
        return torch.zeros(n, dtype=x.dtype)
    diagonal = torch.stack([torch.func.jvp(g, (x,), (e,))[1] @ e for e in torch.eye(n, dtype=x.dtype)])
    return diagonal * v


# %% wrong: create_graph forgotten
def hvp(f, x, v):
    x = x.detach().clone().requires_grad_(True)
    (g,) = torch.autograd.grad(f(x), x)
    return torch.autograd.grad(g @ v, x)[0]


# %% wrong: the first result of torch.func.jvp, which is the gradient
def hvp(f, x, v):
    return torch.func.jvp(torch.func.grad(f), (x,), (v,))[0]


# %% wrong: difference of gradients with a step that does not know the length of v
def hvp(f, x, v):
    g = torch.func.grad(f)
    return (g(x + 1e-5 * v) - g(x - 1e-5 * v)) / 2e-5


# %% wrong: one-sided difference with a tiny step
def hvp(f, x, v):
    g = torch.func.grad(f)
    return (g(x + 1e-8 * v) - g(x)) / 1e-8


# %% wrong: in float32
def hvp(f, x, v):
    x, v = x.float(), v.float()
    return torch.func.jvp(lambda z: torch.func.grad(f)(z.double()), (x,), (v,))[1].half().double()


# %% wrong: normalises v
def hvp(f, x, v):
    return torch.func.jvp(torch.func.grad(f), (x,), (v / v.norm(),))[1]
