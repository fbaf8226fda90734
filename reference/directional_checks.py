"""Gradient checks along random directions: their cost does not grow with the dimension."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from array_api_compat import array_namespace
from numpy.typing import ArrayLike

from reference.arrays import Array, Doubles, as_floating, as_point, evaluate, finite_between
from reference.finite_differences import coarser_precision, directional_derivative
from reference.gradient_checking import ROUNDING_UNITS, Function, default_tolerance, elementwise_relative

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
    remainder stands out from rounding: f is linear along v and g is exact. It is NaN where f or the gradient is
    not finite.
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


def _scaled_direction(point: Array, rng: np.random.Generator) -> Array:
    """Return a random direction whose entries are in proportion to the best steps at the entries of a point."""
    xp = array_namespace(point)
    return as_floating("v", random_direction(tuple(point.shape), rng), like=point) * xp.clip(
        xp.abs(point), 1, None
    )


def _double_in_shape_of(point: Array, name: str, value: Array) -> Array:
    """Return an array in float64 if it has the shape of x, or else raise the ValueError that names both shapes."""
    if value.shape != point.shape:
        raise ValueError(f"{name} has shape {tuple(value.shape)}, but x has shape {tuple(point.shape)}")
    xp = array_namespace(value)
    return xp.astype(value, xp.float64)


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
    the root sum of squares of the products g_i v_i, because their sum may nearly cancel by chance. The entries of
    v are in proportion to max(1, |x_i|), so that each moves by about its own best step.
    """
    point = as_point("x", x)
    xp = array_namespace(point)
    value = evaluate(f, point)
    precision = coarser_precision(point, value)
    limit = default_tolerance(precision.eps) if tol is None else tol
    analytic = _double_in_shape_of(point, "the gradient", evaluate(grad, point))
    h = precision.eps ** (1 / 3)
    rounding = ROUNDING_UNITS * precision.eps * abs(float(value)) / h

    cases = []
    for _ in range(num_directions):
        v = _scaled_direction(point, rng)
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
        At least two. Default, for values of size 1: 1e-2, 1e-3, 1e-4 over the largest entry of v in float64,
        0.1, 0.03, 0.01 in less.

    Returns
    -------
    TaylorTest
        The slope is 2 for the right gradient and 1 for a wrong one, unless v is orthogonal to the error; a
        right gradient of a function without curvature along v gives 3 or more. NaN where f or the gradient is
        not finite.

    Raises
    ------
    ValueError
        If v is zero or has not the shape of x, the gradient has not, or steps are not two or more different
        positive finite numbers.

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
    if longest == 0:
        raise ValueError("v must not be the zero vector")
    default = next(sizes for bound, sizes in TAYLOR_STEPS if eps <= bound)
    wanted = np.array(default) / longest if steps is None else steps
    hs = finite_between("steps", wanted, like=np.ones(1), low=0)
    if hs.ndim != 1 or np.unique(hs).size < max(2, hs.size):
        raise ValueError("steps must be two or more different numbers")
    gradient = _double_in_shape_of(point, "the gradient", evaluate(grad, point))
    slope_along_v = float(xp.sum(gradient * direction))
    remainders = np.array(
        [abs(float(evaluate(f, point + h * direction)) - base - h * slope_along_v) for h in hs.tolist()]
    )
    if not np.isfinite(remainders).all():
        return TaylorTest(hs, remainders, np.full(hs.size - 1, np.nan), np.nan)

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
        Draws v, as in `directional_check`, and the cotangent w: a cotangent of ones would pass a vjp that
        ignores it.
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
    h = precision.eps ** (1 / 3)
    cases = []
    for _ in range(num_directions):
        v = _scaled_direction(point, rng)
        w = as_floating("w", random_direction(tuple(value.shape), rng), like=value)
        pulled_back = _double_in_shape_of(
            point, "the result of vjp", evaluate(partial(_pulled_back, vjp, w), point)
        )
        forward_terms = xp.astype(directional_derivative(fwd, point, v, step=h), xp.float64) * w
        backward_terms = pulled_back * v
        rounding = ROUNDING_UNITS * precision.eps * float(norm(value * w)) / h
        scale = max(float(norm(forward_terms)), float(norm(backward_terms)))
        cases.append((float(xp.sum(backward_terms)), float(xp.sum(forward_terms)), scale, rounding))
    return _direction_report(cases, limit)
