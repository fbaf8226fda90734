# %% right: one backward pass for each output, and through the gradient again
def jacobian_by_autograd(f, x):
    t = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    rows = [torch.autograd.grad(y, t, retain_graph=True)[0] for y in f(t)]
    return torch.stack(rows).numpy()


def hessian_by_autograd(f, x):
    t = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    (g,) = torch.autograd.grad(f(t), t, create_graph=True)
    return np.array([torch.autograd.grad(entry, t, retain_graph=True)[0].numpy() for entry in g])


# %% right: backward with one unit vector after the other, the Hessian as Jacobian of the gradient
def jacobian_by_autograd(f, x):
    t = torch.from_numpy(np.array(x, dtype=float)).requires_grad_()
    y = f(t)
    J = np.empty((len(y), len(t)))
    for i, unit in enumerate(torch.eye(len(y), dtype=torch.double)):
        t.grad = None
        y.backward(unit, retain_graph=True)
        J[i] = t.grad.numpy()
    return J


def hessian_by_autograd(f, x):
    def gradient(t):
        return torch.autograd.grad(f(t), t, create_graph=True)[0]

    return jacobian_by_autograd(gradient, x)


# %% wrong: single precision
# expects: float64 is wanted
def jacobian_by_autograd(f, x):
    return torch.autograd.functional.jacobian(f, torch.tensor(np.array(x), dtype=torch.float32)).numpy()


def hessian_by_autograd(f, x):
    return torch.autograd.functional.hessian(f, torch.tensor(np.array(x), dtype=torch.float32)).numpy()


# %% wrong: backward on the sum of the outputs
# expects: gradient of the sum
def jacobian_by_autograd(f, x):
    t = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    f(t).sum().backward()
    return t.grad.numpy()


def hessian_by_autograd(f, x):
    return torch.autograd.functional.hessian(f, torch.tensor(x, dtype=torch.float64)).numpy()


# %% wrong: the gradient for the Hessian
# expects: differentiate once more
def jacobian_by_autograd(f, x):
    return torch.autograd.functional.jacobian(f, torch.tensor(x, dtype=torch.float64)).numpy()


def hessian_by_autograd(f, x):
    return jacobian_by_autograd(f, x)
