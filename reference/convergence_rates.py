"""What theory says about gradient descent and momentum on a quadratic with curvatures between mu and L.

On a quadratic each principal axis, of curvature h, goes its own way: gradient descent multiplies the error
there by 1 - lr h at each step, and momentum methods multiply a pair of successive errors by a 2x2 companion
matrix. The rate of a method is the largest spectral radius over the axes.

Arguments broadcast; the first one decides namespace, device and dtype. All functions raise ValueError, naming
the argument, for one outside its range.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from array_api_compat import array_namespace

from reference.arrays import Array, as_floating, common_shape, finite_between, require_finite


@dataclass(frozen=True)
class Tuning:
    """Parameters of a method and the rate it then has: |x_k - x*| shrinks like rate^k."""

    lr: Array
    momentum: Array
    rate: Array


def optimal_gradient_descent(L: Array, mu: Array) -> Tuning:
    """lr = 2 / (L + mu), rate (kappa - 1) / (kappa + 1), which makes mu and L shrink equally fast.

    f - min f shrinks with the square of the rate. L, mu : arrays, shape (...), 0 < mu <= L.
    """
    L, mu = _curvature_range(L, mu)
    return Tuning(2 / (L + mu), 0 * L, (L - mu) / (L + mu))


def optimal_heavy_ball(L: Array, mu: Array) -> Tuning:
    """lr = 4 / (sqrt L + sqrt mu)^2, momentum = rate^2, rate (sqrt kappa - 1) / (sqrt kappa + 1) (Polyak, 1964).

    L, mu : arrays, shape (...), 0 < mu <= L. For momentum in the form v <- momentum v + g.
    """
    L, mu = _curvature_range(L, mu)
    total = L**0.5 + mu**0.5
    rate = (L - mu) / total**2
    return Tuning(4 / total**2, rate**2, rate)


def optimal_nesterov(L: Array, mu: Array) -> Tuning:
    """lr = 4 / (3L + mu), momentum (s - 2) / (s + 2), rate 1 - 2/s, where s = sqrt(3 kappa + 1).

    L, mu : arrays, shape (...), 0 < mu <= L. Best for quadratics, not for all convex functions (Lessard, Recht &
    Packard, "Analysis and design of optimization algorithms via integral quadratic constraints", 2016).
    """
    L, mu = _curvature_range(L, mu)
    s = (3 * L / mu + 1) ** 0.5
    return Tuning(4 / (3 * L + mu), (s - 2) / (s + 2), 1 - 2 / s)


def textbook_nesterov(L: Array, mu: Array) -> Tuning:
    """lr = 1 / L, momentum (sqrt kappa - 1) / (sqrt kappa + 1), rate 1 - 1 / sqrt kappa on quadratics.

    L, mu : arrays, shape (...), 0 < mu <= L. The choice for all strongly convex functions (Nesterov, *Lectures
    on Convex Optimization*, 2018, section 2.2), whose guaranteed rate there is sqrt(1 - 1 / sqrt kappa).
    """
    L, mu = _curvature_range(L, mu)
    root = (L / mu) ** 0.5
    return Tuning(1 / L, (root - 1) / (root + 1), 1 - 1 / root)


def exact_line_search_ratio(L: Array, mu: Array) -> Array:
    """Most of f - min f that a step with exact line search leaves: ((kappa - 1) / (kappa + 1))^2 (Kantorovich)."""
    L, mu = _curvature_range(L, mu)
    return ((L - mu) / (L + mu)) ** 2


def max_stable_lr(L: Array, *, momentum: Array = 0.0, nesterov: bool = False) -> Array:
    """Learning rate at which the axis of curvature L stops converging; below it every axis converges.

    Gradient descent: 2 / L. Heavy ball: (2 + 2 momentum) / L. Nesterov (``nesterov``):
    (2 + 2 momentum) / (1 + 2 momentum) / L. All follow from the eigenvalue -1 of the companion matrix.

    L : array, shape (...), positive. momentum : array, shape (...), in [0, 1).
    """
    L = finite_between("L", L, low=0)
    momentum = finite_between("momentum", momentum, like=L, low=0, high=1, include_low=True)
    common_shape(L=L.shape, momentum=momentum.shape)
    return (2 + 2 * momentum) / (1 + 2 * momentum if nesterov else 1) / L


def spectral_radius(curvature: Array, lr: Array, *, momentum: Array = 0.0, nesterov: bool = False) -> Array:
    """Rate at which the error along an axis of the given curvature shrinks (< 1) or grows (> 1) in the long run.

    Parameters
    ----------
    curvature : array, shape (...)
        Eigenvalues of the Hessian, of any sign.
    lr : array, shape (...)
        Not negative.
    momentum : array, shape (...)
        In [0, 1), for the form v <- momentum v + g.
    nesterov
        Nesterov's method instead of heavy ball.

    Returns
    -------
    array, shape (...)
        The larger |z| of z^2 - t z + d = 0, the eigenvalues of the companion matrix [[t, -d], [1, 0]], with
        t = 1 + momentum - lr h, d = momentum for heavy ball and t = (1 + momentum)(1 - lr h),
        d = momentum (1 - lr h) for Nesterov. Near the optimal parameters the roots almost coincide, and rounding
        by eps moves them by sqrt(eps).
    """
    h = as_floating("curvature", curvature)
    require_finite("curvature", h)
    lr = finite_between("lr", lr, like=h, low=0, include_low=True)
    momentum = finite_between("momentum", momentum, like=h, low=0, high=1, include_low=True)
    common_shape(curvature=h.shape, lr=lr.shape, momentum=momentum.shape)
    xp = array_namespace(h)
    factor = 1 - lr * h
    trace = (1 + momentum) * factor if nesterov else factor + momentum
    determinant = momentum * (factor if nesterov else xp.ones_like(factor))
    discriminant = trace**2 - 4 * determinant
    real = (xp.abs(trace) + xp.clip(discriminant, min=0) ** 0.5) / 2
    return xp.where(discriminant < 0, xp.abs(determinant) ** 0.5, real)


def classify_learning_rate(
    L: float, lr: float, *, rtol: float = 1e-12
) -> Literal["monotone", "oscillating", "marginal", "divergent"]:
    """What gradient descent does along the axis of largest curvature L > 0, where the factor is 1 - lr L.

    ``monotone``: lr <= 1/L, no coordinate ever changes sign. ``oscillating``: 1/L < lr < 2/L, the sign changes at
    each step and the size shrinks. ``marginal``: lr = 2/L to within ``rtol``, the size never changes.
    ``divergent``: lr > 2/L.
    """
    product = float(finite_between("lr", lr, low=0)) * float(finite_between("L", L, low=0))
    if abs(product - 2) <= 2 * rtol:
        return "marginal"
    if product > 2:
        return "divergent"
    return "monotone" if product <= 1 + rtol else "oscillating"


def _curvature_range(L: Array, mu: Array) -> tuple[Array, Array]:
    L = finite_between("L", L, low=0)
    mu = finite_between("mu", mu, like=L, low=0)
    shape = common_shape(L=L.shape, mu=mu.shape)
    xp = array_namespace(L)
    if not xp.all(mu <= L):
        raise ValueError("mu must not exceed L")
    return xp.broadcast_to(L, shape), xp.broadcast_to(mu, shape)
