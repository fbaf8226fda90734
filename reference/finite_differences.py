"""Finite differences: numerical derivatives of functions of arrays, with a step that fits the number format."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from array_api_compat import array_namespace, device

from reference.arrays import Array, as_point, evaluate, finite_between

Method = Literal["central", "forward", "complex"]

ORDER = {"forward": 1, "central": 2}
# The complex step has no subtraction, so the step may be so small that its truncation error vanishes.
COMPLEX_STEP = 1e-20


@dataclass(frozen=True)
class Precision:
    """A floating dtype and its rounding unit."""

    dtype: Any
    eps: float


def coarser_precision(x: Array, value: Array) -> Precision:
    """Return the coarser dtype of x and of f(x), one namespace: it limits the accuracy of a difference."""
    xp = array_namespace(x, value)
    candidates = (Precision(dtype, float(xp.finfo(dtype).eps)) for dtype in (x.dtype, value.dtype))
    return max(candidates, key=lambda precision: precision.eps)


def optimal_step(x: Any, *, order: int = 2, dtype: Any = None) -> Array:
    """Return the difference step that balances truncation against rounding, one for each entry of x.

    Parameters
    ----------
    x : array, any shape
        The point of differentiation. Decides namespace, dtype and device of the result.
    order : int
        Order of the truncation error in the step: 1 for forward, 2 for central differences.
    dtype : dtype of x's namespace, optional
        Precision in which the function is evaluated, if it is lower than that of x.

    Returns
    -------
    array, shape of x
        ``eps**(1/(order + 1)) * max(1, |x|)``, in the units of x: about 6e-6 for a central difference of
        numbers of size 1 in float64, 5e-3 in float32.

    Notes
    -----
    The error of a difference quotient is about ``c1*h**order + c2*eps/h``; its minimum over h lies at
    ``h ~ eps**(1/(order + 1))`` (Nocedal and Wright, Numerical Optimization, section 8.1). The factor
    ``max(1, |x|)`` keeps x + h different from x for large x, where the spacing of numbers is ``eps*|x|``.
    """
    if order < 1:
        raise ValueError(f"order must be at least 1, not {order}")
    point = as_point("x", x)
    xp = array_namespace(point)
    eps = float(xp.finfo(point.dtype if dtype is None else dtype).eps)
    return eps ** (1 / (order + 1)) * xp.clip(xp.abs(point), 1, None)


def representable_step(x: Any, step: Any) -> Array:
    """Round the step so that x + h and x - h are floating-point numbers and their distance is 2h.

    Parameters
    ----------
    x : array, any shape
    step : number or array, positive, broadcast to the shape of x
        Wanted step, in the units of x.

    Returns
    -------
    array, shape of x

    Raises
    ------
    ValueError
        If a step is not positive and finite, or so small that x + step equals x.

    Notes
    -----
    ``h = (x + h) - x`` (Numerical Recipes, section 5.7), taken away from zero, where the spacing of numbers
    is coarser: what is exact on that side is exact on the other. For |x| < h the step is exact to rounding.
    """
    point = as_point("x", x)
    xp = array_namespace(point)
    size = xp.abs(point)
    rounded = (size + finite_between("step", step, like=point, low=0)) - size
    if not xp.all(rounded > 0):
        raise ValueError("step is too small: x + step rounds to x; use optimal_step")
    return rounded


def displacement_at(x: Array, index: tuple[int, ...], h: Any) -> Array:
    """Return an array like ``x`` that holds h at one index and 0 elsewhere."""
    displacement = array_namespace(x).zeros_like(x)
    displacement[index] = h
    return displacement


def _complex_quotient(f: Callable[[Array], Any], x: Array, displacement: Array, scale: Any) -> Array:
    value = evaluate(f, x + 1j * displacement)
    xp = array_namespace(value)
    if not xp.isdtype(value.dtype, "complex floating"):
        raise TypeError(
            "f returned real numbers for a complex argument: method='complex' needs an analytic f"
        )
    return xp.imag(value) / scale


def jacobian(f: Callable[[Array], Any], x: Any, *, method: Method = "central", step: Any = None) -> Array:
    """Return the matrix of partial derivatives of f at x, one difference quotient for each entry of x.

    Parameters
    ----------
    f : callable
        Maps an array of the shape of x to an array of any fixed shape. It receives a fresh copy each time.
    x : array, any shape
        Decides namespace, dtype and device; integers are promoted to float64. No autograd graph is built.
    method : {"central", "forward", "complex"}
        Calls of f: 2*size, size + 1, size. "complex" needs an f that is analytic and accepts complex arrays.
    step : number or array, optional
        Step in the units of x, broadcast to its shape. Default: `optimal_step`. When f works in a lower
        precision than x, pass ``optimal_step(x, dtype=...)``.

    Returns
    -------
    array, shape ``f(x).shape + x.shape``
        Entry ``[i..., j...]`` is the derivative of ``f(x)[i...]`` with respect to ``x[j...]``.

    Raises
    ------
    TypeError
        If the complex method meets a function that returns real numbers.
    ValueError
        If x is complex, empty or not finite, the method unknown, or the step not usable.

    Notes
    -----
    Errors for smooth f of size 1 in float64: forward 1e-8, central 1e-10, complex 1e-16 (Squire and Trapp,
    SIAM Review 40, 1998).
    """
    point = as_point("x", x)
    xp = array_namespace(point)
    if method not in ("central", "forward", "complex"):
        raise ValueError(f"method must be 'central', 'forward' or 'complex', not {method!r}")
    if method == "complex":
        steps = finite_between("step", COMPLEX_STEP if step is None else step, like=point, low=0)
    else:
        wanted = optimal_step(point, order=ORDER[method]) if step is None else step
        # Away from zero for a forward difference, because that is where the step was made exact.
        exact = representable_step(point, wanted)
        steps = xp.where(point < 0, -exact, exact)
    steps = xp.broadcast_to(steps, point.shape)
    base = evaluate(f, point) if method == "forward" else None

    columns = []
    for index in np.ndindex(tuple(point.shape)):
        h = steps[index]
        displacement = displacement_at(point, index, h)
        if method == "complex":
            columns.append(_complex_quotient(f, point, displacement, h))
        elif base is not None:
            columns.append((evaluate(f, point + displacement) - base) / h)
        else:
            columns.append((evaluate(f, point + displacement) - evaluate(f, point - displacement)) / (2 * h))
    stacked = xp.stack(columns, axis=-1)
    return xp.astype(xp.reshape(stacked, (*stacked.shape[:-1], *point.shape)), point.dtype)


def finite_difference(
    f: Callable[[Array], Any], x: Any, *, method: Method = "central", step: Any = None
) -> Array:
    """Return the numerical gradient of a scalar function, in the shape of x.

    Parameters, errors and accuracy are those of `jacobian`.

    Returns
    -------
    array, shape of x
        Entry ``[j...]`` is the derivative of f with respect to ``x[j...]``.

    Raises
    ------
    ValueError
        If f returns more than one number: its derivative is a Jacobian, not a gradient.
    """
    point = as_point("x", x)
    result = jacobian(f, point, method=method, step=step)
    count = math.prod(result.shape) // math.prod(point.shape)
    if count != 1:
        raise ValueError(f"f must return one number; it returned an array with {count}")
    return array_namespace(result).reshape(result, point.shape)


def directional_derivative(
    f: Callable[[Array], Any],
    x: Any,
    v: Any,
    *,
    method: Method = "central",
    step: float | None = None,
) -> Array:
    """Return the derivative of f at x along v: at most two calls of f, whatever the dimension.

    Parameters
    ----------
    f : callable
        Maps an array of the shape of x to a number or an array.
    x, v : arrays, one shape
        Point and direction; x decides namespace, dtype and device. The result is linear in v; v need not have length 1.
    method : {"central", "forward", "complex"}
    step : float, optional
        Multiple of v to move by. Default: the largest that moves no entry of x by more than its optimal step.

    Returns
    -------
    array, shape of f(x)
        The Jacobian of f times v.
    """
    point = as_point("x", x)
    direction = as_point("v", v, like=point)
    xp = array_namespace(point)
    if point.shape != direction.shape:
        raise ValueError(f"x has shape {tuple(point.shape)}, but v has shape {tuple(direction.shape)}")
    size = xp.abs(direction)
    if not xp.any(size > 0):
        raise ValueError("v must not be the zero vector")

    def along(t: Array) -> Any:
        return f(point + t * direction)

    if step is None and method != "complex":
        moving = size > 0
        multiples = optimal_step(point, order=ORDER[method]) / xp.where(moving, size, 1)
        step = float(xp.min(xp.where(moving, multiples, xp.inf)))
    origin = xp.zeros((), dtype=point.dtype, device=device(point))
    return jacobian(along, origin, method=method, step=step)
