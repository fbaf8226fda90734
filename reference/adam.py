"""Adam: gradient descent in which every parameter has a rate of its own, by the size of its past gradients.

Gradient descent with momentum, as ``torch.optim.SGD`` has it, is `reference.gradient_descent.heavy_ball`.
"""

from __future__ import annotations

from operator import index

from array_api_compat import array_namespace

from reference.arrays import Array, as_floating, common_shape, finite_between, require_finite
from reference.gradient_descent import Gradient


def adam(
    grad: Gradient,
    x0: Array,
    lr: Array,
    num_steps: int,
    *,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> Array:
    """Path of x <- x - lr m^ / (sqrt(v^) + eps), with averages m of gradients g and v of g^2, entry by entry.

    Parameters
    ----------
    grad
        Maps points of shape (..., n) to gradients of the same shape; called exactly ``num_steps`` times.
    x0 : array, shape (..., n)
        Start or starts. Decides namespace, device and dtype of the path; integers become float64. Never changed.
    lr : array, shape (...)
        Learning rates >= 0, broadcast against the batch axes of ``x0``.
    num_steps
        Number T of steps.
    beta1, beta2
        Shares of the averages that are kept in each step, in [0, 1).
    eps
        Nonnegative; added to the root, not under it. With 0 a gradient that was always 0 makes NaN.

    Returns
    -------
    array, shape (T + 1, ..., n)
        ``path[0]`` is x0.

    Raises
    ------
    ValueError
        If an argument is not finite or out of range, shapes do not fit, or grad returns another shape.

    Notes
    -----
    m and v start at 0, so after t steps their weights add up to 1 - beta^t only; m^ = m / (1 - beta1^t) and
    v^ = v / (1 - beta2^t) are weighted means. The first step has length lr in every parameter whose gradient is
    much larger than eps, and 0 where it is 0: the root of a second moment is not a curvature (Balles and Hennig,
    "Dissecting Adam", ICML 2018).

    References
    ----------
    Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1.
    """
    x = as_floating("x0", x0, min_ndim=1)
    require_finite("x0", x)
    rates = finite_between("lr", lr, like=x, low=0, include_low=True)
    for name, value in (("beta1", beta1), ("beta2", beta2)):
        finite_between(name, value, low=0, high=1, include_low=True)
    finite_between("eps", eps, low=0, include_low=True)
    xp = array_namespace(x)
    batch = common_shape(x0=x.shape[:-1], lr=rates.shape)
    x = xp.astype(xp.broadcast_to(x, (*batch, x.shape[-1])), x.dtype, copy=True)
    m, v, path = xp.zeros_like(x), xp.zeros_like(x), [x]
    for t in range(1, _count(num_steps) + 1):
        g = as_floating("grad(x)", grad(x), like=x)
        if g.shape != x.shape:  # it would broadcast, silently
            raise ValueError(
                f"grad must return the shape of x, {tuple(x.shape)}, but returned {tuple(g.shape)}"
            )
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        x = x - rates[..., None] * (m / (1 - beta1**t)) / (xp.sqrt(v / (1 - beta2**t)) + eps)
        path.append(x)
    return xp.stack(path)


def _count(num_steps: int) -> int:
    try:
        count = index(num_steps)
    except TypeError:
        raise ValueError(f"num_steps must be an integer, not {num_steps!r}") from None
    if count < 0:
        raise ValueError(f"num_steps must not be negative, but is {count}")
    return count
