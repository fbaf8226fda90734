"""Gradient checks along random directions: their cost does not grow with the dimension."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from array_api_compat import array_namespace
from numpy.typing import ArrayLike

from reference.arrays import Array, Doubles, as_floating, as_point, evaluate
from reference.finite_differences import directional_derivative, optimal_step
from reference.gradient_checking import (
    ROUNDING_UNITS,
    Function,
    coarser_precision,
    default_tolerance,
    elementwise_relative,
)

# Steps of a Taylor test, times the largest entry of v: for rounding units up to the first number. In float32 the
# remainder, of size h**2, must stand out from more rounding.
TAYLOR_STEPS = ((1e-12, (1e-2, 1e-3, 1e-4)), (1.0, (1e-1, 3e-2, 1e-2)))


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

    steps: Doubles
    remainders: Doubles
    rates: Doubles
    slope: float


def random_direction(shape: tuple[int, ...], rng: np.random.Generator) -> Doubles:
    """Return entries of random sign and size in [0.5, 1.5): none so small that an error there is missed.

    Plain random signs would let two errors of equal size cancel in half of all draws.
    """
    v = rng.uniform(-1, 1, size=shape)
    return v + np.copysign(0.5, v)


def _direction_report(cases: list[tuple[float, float, float, float]], tol: float) -> DirectionReport:
    """Judge tuples of analytic value, numeric value, scale of their terms and rounding; report the worst."""
    errors = [float(elementwise_relative(np.asarray(a), np.asarray(n), *rest)) for a, n, *rest in cases]
    worst = int(np.argmax(errors))
    return DirectionReport(errors[worst] <= tol, errors[worst], cases[worst][0], cases[worst][1])


def directional_check(
    f: Function,
    grad: Function,
    x: Any,
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
    point = as_point("x", x)
    xp = array_namespace(point)
    value = evaluate(f, point)
    precision = coarser_precision(point, value)
    limit = default_tolerance(precision.eps) if tol is None else tol
    analytic = xp.astype(evaluate(grad, point), xp.float64)
    if analytic.shape != point.shape:
        raise ValueError(
            f"the gradient has shape {tuple(analytic.shape)}, but x has shape {tuple(point.shape)}"
        )
    h = float(xp.max(optimal_step(point, dtype=precision.dtype)))
    rounding = ROUNDING_UNITS * precision.eps * abs(float(value)) / h

    cases = []
    for _ in range(num_directions):
        v = as_floating("v", random_direction(tuple(point.shape), rng), like=point)
        numeric = float(directional_derivative(f, point, v, step=h))
        terms = analytic * v
        cases.append((float(xp.sum(terms)), numeric, float(xp.linalg.vector_norm(terms)), rounding))
    return _direction_report(cases, limit)


def taylor_test(f: Function, grad: Function, x: Any, v: Any, *, steps: ArrayLike | None = None) -> TaylorTest:
    """Measure how fast the first-order Taylor remainder of f falls along v.

    Parameters
    ----------
    f, grad, x
        As in `check_gradient`.
    v : array, shape of x
        Direction.
    steps : array_like, shape (S,), optional
        Default, for values of size 1: 1e-2, 1e-3, 1e-4 over the largest entry of v in float64, 0.1, 0.03, 0.01
        in less.

    Returns
    -------
    TaylorTest
        The slope is 2 for the right gradient and 1 for a wrong one, unless v is orthogonal to the error; a
        right gradient of a function without curvature along v gives 3 or more.

    Notes
    -----
    ``f(x + hv) = f(x) + h v.g + O(h**2)`` with g the gradient and with no other vector. Unlike a comparison
    with a difference quotient, the test needs no tolerance on the size of the error. (Verifying adjoints this way
    is common practice; see Farrell et al., SIAM J. Sci. Comput. 35, 2013.)
    """
    point = as_point("x", x)
    direction = as_point("v", v, like=point)
    xp = array_namespace(point)
    if point.shape != direction.shape:
        raise ValueError(f"x has shape {tuple(point.shape)}, but v has shape {tuple(direction.shape)}")
    value = evaluate(f, point)
    base, eps = float(value), coarser_precision(point, value).eps
    longest = float(xp.max(xp.abs(direction)))
    default = next(sizes for bound, sizes in TAYLOR_STEPS if eps <= bound)
    hs = np.array(default) / longest if steps is None else np.asarray(steps, float)
    slope_along_v = float(xp.sum(xp.astype(evaluate(grad, point), xp.float64) * direction))
    remainders = np.array(
        [abs(float(evaluate(f, point + float(h) * direction)) - base - h * slope_along_v) for h in hs]
    )

    noise = ROUNDING_UNITS * eps * (abs(base) + np.abs(hs * slope_along_v))
    logs = np.log(np.maximum(remainders, np.finfo(np.float64).tiny))
    clear = remainders > noise
    slope = float(np.polyfit(np.log(hs[clear]), logs[clear], 1)[0]) if clear.sum() >= 2 else np.inf
    return TaylorTest(hs, remainders, np.diff(logs) / np.diff(np.log(hs)), slope)


def _pulled_back(vjp: Callable[[Array, Array], Any], w: Array, x: Array) -> Any:
    return vjp(x, array_namespace(w).astype(w, w.dtype, copy=True))


def vjp_check(
    fwd: Function,
    vjp: Callable[[Array, Array], Any],
    x: Any,
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
    point = as_point("x", x)
    xp = array_namespace(point)
    norm = xp.linalg.vector_norm
    value = evaluate(fwd, point)
    precision = coarser_precision(point, value)
    limit = default_tolerance(precision.eps) if tol is None else tol
    h = float(xp.max(optimal_step(point, dtype=precision.dtype)))
    cases = []
    for _ in range(num_directions):
        v = as_floating("v", random_direction(tuple(point.shape), rng), like=point)
        w = as_floating("w", random_direction(tuple(value.shape), rng), like=value)
        pulled_back = xp.astype(evaluate(partial(_pulled_back, vjp, w), point), xp.float64)
        if pulled_back.shape != point.shape:
            raise ValueError(
                f"vjp returned shape {tuple(pulled_back.shape)}, but x has shape {tuple(point.shape)}"
            )
        forward_terms = xp.astype(directional_derivative(fwd, point, v, step=h), xp.float64) * w
        backward_terms = pulled_back * v
        rounding = ROUNDING_UNITS * precision.eps * float(norm(value * w)) / h
        scale = max(float(norm(forward_terms)), float(norm(backward_terms)))
        cases.append((float(xp.sum(backward_terms)), float(xp.sum(forward_terms)), scale, rounding))
    return _direction_report(cases, limit)
