"""Gradient checks along random directions: their cost does not grow with the dimension."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from reference.finite_differences import Array, as_floating, directional_derivative, optimal_step
from reference.gradient_checking import (
    ROUNDING_UNITS,
    TOLERANCE,
    Function,
    coarser_precision,
    elementwise_relative,
)


@dataclass(frozen=True)
class DirectionReport:
    """Outcome of a check along random directions: the worst direction's two numbers."""

    ok: bool
    max_rel: float
    analytic: float
    numeric: float


@dataclass(frozen=True, eq=False)
class TaylorTest:
    """Steps, remainders ``|f(x + hv) - f(x) - h v.g|``, and the slope of their logarithms: 2 if g is right.

    `rates` holds the slope between neighbouring steps, shape (S - 1,). The slope is infinite when no
    remainder stands out from rounding: f is linear along v and g is exact.
    """

    steps: Array
    remainders: Array
    rates: Array
    slope: float


def random_direction(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """Return entries of random sign and size in [0.5, 1.5): none so small that an error there is missed.

    Plain random signs would let two errors of equal size cancel in half of all draws.
    """
    return rng.choice([-1.0, 1.0], size=shape) * rng.uniform(0.5, 1.5, size=shape)


def _direction_report(cases: list[tuple[float, float, float, float]], tol: float) -> DirectionReport:
    """Judge tuples of analytic value, numeric value, scale of their terms and rounding; report the worst."""
    errors = [float(elementwise_relative(np.asarray(a), np.asarray(n), *rest)) for a, n, *rest in cases]
    worst = int(np.argmax(errors))
    return DirectionReport(errors[worst] <= tol, errors[worst], cases[worst][0], cases[worst][1])


def directional_check(
    f: Function,
    grad: Function,
    x: ArrayLike,
    *,
    rng: np.random.Generator,
    num_directions: int = 1,
    tol: float | None = None,
) -> DirectionReport:
    """Compare a gradient with central differences along random directions.

    Parameters
    ----------
    f, grad, x, tol
        As in `check_gradient`.
    rng : numpy.random.Generator
    num_directions : int
        One direction finds a wrong entry unless its share of the directional derivative is below `tol`.

    Returns
    -------
    DirectionReport

    Raises
    ------
    ValueError
        If the gradient has not the shape of x.

    Notes
    -----
    Cost: ``1 + 2*num_directions`` calls of f and one of grad, whatever the dimension. Errors are relative to
    the root sum of squares of the products g_i v_i, because their sum may nearly cancel by chance.
    """
    point = as_floating(x)
    value = np.asarray(f(point.copy()))
    precision = coarser_precision(point, value)
    limit = TOLERANCE[precision] if tol is None else tol
    analytic = np.asarray(grad(point.copy()), dtype=np.float64)
    if analytic.shape != point.shape:
        raise ValueError(f"the gradient has shape {analytic.shape}, but x has shape {point.shape}")

    cases = []
    for _ in range(num_directions):
        v = random_direction(point.shape, rng).astype(point.dtype)
        h = float(np.max(optimal_step(point, dtype=precision)))
        numeric = float(directional_derivative(f, point, v, step=h))
        rounding = ROUNDING_UNITS * float(np.finfo(precision).eps) * abs(float(value)) / h
        terms = analytic * v
        cases.append((float(terms.sum()), numeric, float(np.linalg.norm(terms)), rounding))
    return _direction_report(cases, limit)


def taylor_test(
    f: Function, grad: Function, x: ArrayLike, v: ArrayLike, *, steps: ArrayLike | None = None
) -> TaylorTest:
    """Measure how fast the first-order Taylor remainder of f falls along v.

    Parameters
    ----------
    f, grad, x
        As in `check_gradient`.
    v : array_like, shape of x
        Direction.
    steps : array_like, shape (S,), optional
        Default: 1e-2, 1e-3, 1e-4 over the largest entry of v, for float64 and values of size 1.

    Returns
    -------
    TaylorTest
        The slope is 2 for the right gradient and 1 for a wrong one, unless v is orthogonal to the error; a
        right gradient of a function without curvature along v gives 3 or more.

    Notes
    -----
    ``f(x + hv) = f(x) + h v.g + O(h**2)`` with g the gradient and with no other vector. Unlike a comparison
    with a difference quotient, the test needs no tolerance on the size of the error (Farrell et al., SIAM J.
    Sci. Comput. 35, 2013, use it to verify adjoints).
    """
    point = as_floating(x)
    direction = as_floating(v)
    if point.shape != direction.shape:
        raise ValueError(f"x has shape {point.shape}, but v has shape {direction.shape}")
    hs = np.array([1e-2, 1e-3, 1e-4]) / np.abs(direction).max() if steps is None else np.asarray(steps, float)
    base = float(f(point.copy()))
    slope_along_v = float(np.vdot(np.asarray(grad(point.copy()), dtype=np.float64), direction))
    remainders = np.array([abs(float(f(point + h * direction)) - base - h * slope_along_v) for h in hs])

    noise = ROUNDING_UNITS * np.finfo(np.float64).eps * (abs(base) + np.abs(hs * slope_along_v))
    logs = np.log(np.maximum(remainders, np.finfo(np.float64).tiny))
    clear = remainders > noise
    slope = float(np.polyfit(np.log(hs[clear]), logs[clear], 1)[0]) if clear.sum() >= 2 else np.inf
    return TaylorTest(hs, remainders, np.diff(logs) / np.diff(np.log(hs)), slope)


def vjp_check(
    fwd: Function,
    vjp: Callable[[Array, Array], Any],
    x: ArrayLike,
    *,
    rng: np.random.Generator,
    num_directions: int = 2,
    tol: float | None = None,
) -> DirectionReport:
    """Check a vector-Jacobian product (a backward pass) by ``<Jv, w> = <v, J'w>``.

    Parameters
    ----------
    fwd : callable
        Maps an array of the shape of x to an array of any shape.
    vjp : callable
        ``vjp(x, w)`` with w of the shape of fwd(x) returns J'w in the shape of x.
    x, tol
        As in `check_gradient`.
    rng : numpy.random.Generator
        Draws v and the cotangent w: a cotangent of ones would pass a vjp that ignores it.
    num_directions : int

    Returns
    -------
    DirectionReport

    Raises
    ------
    ValueError
        If J'w has not the shape of x.
    """
    point = as_floating(x)
    value = np.asarray(fwd(point.copy()))
    precision = coarser_precision(point, value)
    limit = TOLERANCE[precision] if tol is None else tol
    h = float(np.max(optimal_step(point, dtype=precision)))
    cases = []
    for _ in range(num_directions):
        v = random_direction(point.shape, rng).astype(point.dtype)
        w = random_direction(value.shape, rng).astype(value.dtype)
        pulled_back = np.asarray(vjp(point.copy(), w.copy()), dtype=np.float64)
        if pulled_back.shape != point.shape:
            raise ValueError(f"vjp returned shape {pulled_back.shape}, but x has shape {point.shape}")
        forward_terms = np.asarray(directional_derivative(fwd, point, v, step=h), dtype=np.float64) * w
        backward_terms = pulled_back * v
        rounding = ROUNDING_UNITS * float(np.finfo(precision).eps) * float(np.linalg.norm(value * w)) / h
        scale = max(float(np.linalg.norm(forward_terms)), float(np.linalg.norm(backward_terms)))
        cases.append((float(backward_terms.sum()), float(forward_terms.sum()), scale, rounding))
    return _direction_report(cases, limit)
