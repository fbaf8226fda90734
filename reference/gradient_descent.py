"""Gradient descent, heavy ball and Nesterov momentum, and steepest descent with exact line search.

Every method returns its whole path, and runs a batch of learning rates and starts as one array program: the
only loop is over steps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import index
from typing import Literal

from array_api_compat import array_namespace

from reference.arrays import Array, as_floating, common_shape, finite_between, require_finite
from reference.quadratics import Quadratic

Gradient = Callable[[Array], Array]
Velocity = Literal["sum", "average"]


def gradient_descent(grad: Gradient, x0: Array, lr: Array, num_steps: int) -> Array:
    """Path of x <- x - lr grad(x).

    Parameters
    ----------
    grad
        Maps points of shape (..., n) to gradients of the same shape; called exactly ``num_steps`` times.
    x0 : array, shape (..., n)
        Start or starts. Decides namespace, device and dtype of the path; integers become float64. Never changed.
    lr : array, shape (...)
        Learning rates >= 0, broadcast against the batch axes of ``x0``: rates of shape (K, 1) and starts of
        shape (S, n) make K S runs.
    num_steps
        Number T of steps.

    Returns
    -------
    array, shape (T + 1, ..., n)
        ``path[0]`` is x0. A diverging run goes on to infinity and NaN as floating-point arithmetic has it.

    Raises
    ------
    ValueError
        If x0 or lr is not finite, lr or num_steps is negative, shapes do not fit, or grad returns another shape.
    """
    return _path(grad, x0, _Rule(lr), num_steps)


def heavy_ball(
    grad: Gradient, x0: Array, lr: Array, momentum: Array, num_steps: int, *, velocity: Velocity = "sum"
) -> Array:
    """Path of gradient descent with Polyak's momentum: v <- momentum v + grad(x), x <- x - lr v.

    Parameters
    ----------
    grad, x0, lr, num_steps
        As for `gradient_descent`.
    momentum : array, shape (...)
        In [0, 1), broadcast like ``lr``; 0 is gradient descent.
    velocity
        ``"sum"`` is the form above, that of Polyak and of ``torch.optim.SGD``. ``"average"`` makes v an
        exponential moving average, v <- momentum v + (1 - momentum) grad(x): the same path as ``"sum"`` with
        lr multiplied by (1 - momentum). v starts at zero. (PyTorch's ``dampening`` spares the first gradient,
        so its path is a third one.)

    Returns
    -------
    array, shape (T + 1, ..., n)

    References
    ----------
    Polyak, "Some methods of speeding up the convergence of iteration methods", 1964.
    """
    return _path(grad, x0, _Rule(lr, momentum, velocity), num_steps)


def nesterov(
    grad: Gradient, x0: Array, lr: Array, momentum: Array, num_steps: int, *, velocity: Velocity = "sum"
) -> Array:
    """Path of Nesterov's method: v <- momentum v + g, x <- x - lr (g + momentum v), where g = grad(x).

    Parameters
    ----------
    grad, x0, lr, momentum, num_steps, velocity
        As for `heavy_ball`; with ``"average"`` both g above carry the factor (1 - momentum).

    Returns
    -------
    array, shape (T + 1, ..., n)
        The points where gradients are taken, as in ``torch.optim.SGD(nesterov=True)``.

    Notes
    -----
    In Nesterov's own form, x_{k+1} = y_k - lr grad(y_k) and y_{k+1} = x_{k+1} + momentum (x_{k+1} - x_k), the
    path is y. Both sequences have the same limit and rate.

    References
    ----------
    Nesterov, "A method of solving a convex programming problem with convergence rate O(1/k^2)", 1983.
    Sutskever et al., "On the importance of initialization and momentum in deep learning", 2013.
    """
    return _path(grad, x0, _Rule(lr, momentum, velocity, nesterov=True), num_steps)


def exact_line_search(quadratic: Quadratic, x0: Array, num_steps: int) -> Array:
    """Path of steepest descent in which each step goes to the lowest point along -g: lr = g'g / g'Hg.

    Parameters
    ----------
    quadratic
        Positive definite; decides namespace, device and dtype of the path.
    x0 : array, shape (..., n)
        Start or starts, broadcast against the batch axes of ``quadratic``.
    num_steps
        Number T of steps.

    Returns
    -------
    array, shape (T + 1, ..., n)

    Raises
    ------
    ValueError
        If the Hessian is not positive definite: the lowest point may then be at infinity.

    Notes
    -----
    Successive gradients are orthogonal, and each step leaves at most ((kappa - 1) / (kappa + 1))^2 of
    f - min f (Kantorovich's inequality; Luenberger & Ye, *Linear and Nonlinear Programming*, chapter 8).
    """
    quadratic.require_positive_definite()
    x = _start(as_floating("x0", x0, like=quadratic.A), quadratic=quadratic.b.shape[:-1])
    xp = array_namespace(x)
    path = [x]
    for _ in range(_count("num_steps", num_steps)):
        g = quadratic.gradient(x)
        # Scaled to largest entry 1, because g'g underflows near the minimizer; at it, any direction will do.
        scale = xp.max(xp.abs(g), axis=-1, keepdims=True)
        d = xp.where(scale == 0, 1.0, g / xp.where(scale == 0, 1.0, scale))
        lr = xp.sum(d * d, axis=-1) / quadratic.curvature(d)
        x = x - lr[..., None] * g
        path.append(x)
    return xp.stack(path)


@dataclass(frozen=True)
class Result:
    """How a run of `minimize_gd` ended."""

    x: Array
    """Last point, shape (n,)."""
    path: Array
    """All points from x0 to x, shape (steps + 1, n)."""
    gradient_calls: int
    """Evaluations of the gradient, the last of which is the one that ended the run."""
    converged: bool
    """Whether the gradient's largest entry fell to the tolerance."""
    message: str
    """Why the run ended."""


def minimize_gd(
    grad: Gradient,
    x0: Array,
    *,
    lr: float,
    momentum: float = 0.0,
    nesterov: bool = False,
    tol: float = 1e-8,
    max_steps: int = 10_000,
    callback: Callable[[Array], object] | None = None,
) -> Result:
    """Run one gradient descent until the gradient is small, the run diverges or the steps are used up.

    Parameters
    ----------
    grad, x0, lr, momentum
        As for `heavy_ball`, with x0 of shape (n,).
    nesterov
        Nesterov's method instead of heavy ball.
    tol
        The run has converged where no entry of the gradient exceeds this, as ``gtol`` in SciPy.
    max_steps
        Most steps taken.
    callback
        Called with each new point.

    Returns
    -------
    Result
        A run counts as diverged once the gradient passes the square root of the largest float, long before
        arithmetic overflows.
    """
    tol = float(finite_between("tol", tol, low=0, include_low=True))
    max_steps = _count("max_steps", max_steps)
    x, rule = _prepare(x0, _Rule(lr, momentum, nesterov=nesterov))
    if x.ndim != 1:
        raise ValueError(
            f"x0, lr and momentum must make one run, but their batch shape is {tuple(x.shape[:-1])}"
        )
    xp = array_namespace(x)
    limit = float(xp.finfo(x.dtype).max) ** 0.5
    path, v = [x], xp.zeros_like(x)

    def result(converged: bool, message: str) -> Result:
        return Result(x, xp.stack(path), len(path), converged, message)

    while True:
        g = _gradient_at(grad, x)
        size = float(xp.max(xp.abs(g)))
        if size <= tol:
            return result(True, f"gradient fell to {size:.3g}, the tolerance is {tol:.3g}")
        if not size <= limit:  # also true of NaN
            return result(False, f"diverged: the gradient reached {size:.3g}")
        if len(path) > max_steps:
            return result(False, f"gradient is still {size:.3g} after {max_steps} steps")
        x, v = rule.step(x, v, g)
        path.append(x)
        if callback is not None:
            callback(x)


@dataclass(frozen=True)
class _Rule:
    """One step of a first-order method with constant parameters."""

    lr: Array
    momentum: Array = 0.0
    velocity: Velocity = "sum"
    nesterov: bool = False

    def step(self, x: Array, v: Array, g: Array) -> tuple[Array, Array]:
        """Next point and velocity from the gradient g at x."""
        if self.velocity == "average":
            g = (1 - self.momentum) * g
        v = self.momentum * v + g
        return x - self.lr * (g + self.momentum * v if self.nesterov else v), v


def _path(grad: Gradient, x0: Array, rule: _Rule, num_steps: int) -> Array:
    num_steps = _count("num_steps", num_steps)
    x, rule = _prepare(x0, rule)
    xp = array_namespace(x)
    path, v = [x], xp.zeros_like(x)
    for _ in range(num_steps):
        x, v = rule.step(x, v, _gradient_at(grad, x))
        path.append(x)
    return xp.stack(path)


def _prepare(x0: Array, rule: _Rule) -> tuple[Array, _Rule]:
    """The start, broadcast to all runs, and the rule with checked parameters that broadcast against it."""
    if rule.velocity not in ("sum", "average"):
        raise ValueError(f'velocity must be "sum" or "average", not {rule.velocity!r}')
    start = _start(x0)
    lr = finite_between("lr", rule.lr, like=start, low=0, include_low=True)
    momentum = finite_between("momentum", rule.momentum, like=start, low=0, high=1, include_low=True)
    start = _start(start, lr=lr.shape, momentum=momentum.shape)
    return start, _Rule(lr[..., None], momentum[..., None], rule.velocity, rule.nesterov)


def _start(x0: Array, **batch_shapes: tuple[int, ...]) -> Array:
    """A checked copy of x0, broadcast against the batch shapes of the parameters."""
    x0 = as_floating("x0", x0, min_ndim=1)
    require_finite("x0", x0)
    batch = common_shape(x0=x0.shape[:-1], **batch_shapes)
    xp = array_namespace(x0)
    return xp.astype(xp.broadcast_to(x0, (*batch, x0.shape[-1])), x0.dtype, copy=True)


def _gradient_at(grad: Gradient, x: Array) -> Array:
    g = as_floating("grad(x)", grad(x), like=x)
    if g.shape != x.shape:  # it would broadcast, silently
        raise ValueError(f"grad must return the shape of x, {tuple(x.shape)}, but returned {tuple(g.shape)}")
    return g


def _count(name: str, value: int) -> int:
    try:
        count = index(value)
    except TypeError:
        raise ValueError(f"{name} must be an integer, not {value!r}") from None
    if count < 0:
        raise ValueError(f"{name} must not be negative, but is {count}")
    return count
