"""Finite differences: numerical derivatives of functions of arrays, with a step that fits the number format."""

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

Array = NDArray[Any]
Method = Literal["central", "forward", "complex"]

ORDER = {"forward": 1, "central": 2}
# The complex step has no subtraction, so the step may be so small that its truncation error vanishes.
COMPLEX_STEP = 1e-20


def as_floating(x: ArrayLike) -> Array:
    """Return a fresh floating-point copy of x: integers become float64, float32 stays float32.

    Raises
    ------
    TypeError
        If x is complex.
    ValueError
        If x is empty or holds NaN or an infinity: no difference quotient exists there.
    """
    array = np.array(x)
    if np.iscomplexobj(array):
        raise TypeError("x must be real: derivatives with respect to complex numbers are not defined here")
    if not np.issubdtype(array.dtype, np.floating):
        array = array.astype(np.float64)
    if array.size == 0 or not np.isfinite(array).all():
        raise ValueError("x must have at least one entry, and all entries must be finite")
    return array


def optimal_step(x: ArrayLike, *, order: int = 2, dtype: DTypeLike | None = None) -> Array:
    """Return the difference step that balances truncation against rounding, one for each entry of x.

    Parameters
    ----------
    x : array_like, any shape
        The point of differentiation.
    order : int
        Order of the truncation error in the step: 1 for forward, 2 for central differences.
    dtype : dtype, optional
        Precision in which the function is evaluated, if it is lower than that of x.

    Returns
    -------
    ndarray, shape of x
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
    point = as_floating(x)
    eps = float(np.finfo(point.dtype if dtype is None else np.dtype(dtype)).eps)
    return (eps ** (1 / (order + 1)) * np.maximum(1, np.abs(point))).astype(point.dtype)


def _positive(step: ArrayLike, x: Array) -> Array:
    steps = np.broadcast_to(np.asarray(step, dtype=x.dtype), x.shape)
    if not (np.isfinite(steps).all() and (steps > 0).all()):
        raise ValueError(f"step must be positive and finite in {x.dtype}")
    return steps


def representable_step(x: ArrayLike, step: ArrayLike) -> Array:
    """Round the step so that x + h and x - h are floating-point numbers and their distance is 2h.

    Parameters
    ----------
    x : array_like, any shape
    step : array_like, positive, broadcast to the shape of x
        Wanted step, in the units of x.

    Returns
    -------
    ndarray, shape of x

    Raises
    ------
    ValueError
        If a step is not positive and finite, or so small that x + step equals x.

    Notes
    -----
    ``h = (x + h) - x`` (Numerical Recipes, section 5.7), taken away from zero, where the spacing of numbers
    is coarser: what is exact on that side is exact on the other. For |x| < h the step is exact to rounding.
    """
    point = as_floating(x)
    wanted = _positive(step, point)
    size = np.abs(point)
    rounded: Array = np.asarray((size + wanted) - size)
    if not (rounded > 0).all():
        raise ValueError("step is too small: x + step rounds to x; use optimal_step")
    return rounded


def _evaluate(f: Callable[[Array], Any], x: Array) -> Array:
    """Call f on a copy, so that a function that writes to its argument cannot spoil the next call."""
    value = np.asarray(f(x.copy()))
    return value if np.issubdtype(value.dtype, np.inexact) else value.astype(np.float64)


def _complex_quotient(f: Callable[[Array], Any], x: Array, displacement: Array, scale: Any) -> Array:
    value = _evaluate(f, x + 1j * displacement)
    if not np.iscomplexobj(value):
        raise TypeError(
            "f returned real numbers for a complex argument: method='complex' needs an analytic f"
        )
    return np.asarray(value.imag / scale)


def jacobian(
    f: Callable[[Array], Any], x: ArrayLike, *, method: Method = "central", step: ArrayLike | None = None
) -> Array:
    """Return the matrix of partial derivatives of f at x, one difference quotient for each entry of x.

    Parameters
    ----------
    f : callable
        Maps an array of the shape of x to an array of any fixed shape. It receives a fresh copy each time.
    x : array_like, any shape
        Integers are promoted to float64; the work is done in the precision of x.
    method : {"central", "forward", "complex"}
        Calls of f: 2*size, size + 1, size. "complex" needs an f that is analytic and accepts complex arrays.
    step : array_like, optional
        Step in the units of x, broadcast to its shape. Default: `optimal_step`. When f works in a lower
        precision than x, pass ``optimal_step(x, dtype=...)``.

    Returns
    -------
    ndarray, shape ``f(x).shape + x.shape``
        Entry ``[i..., j...]`` is the derivative of ``f(x)[i...]`` with respect to ``x[j...]``.

    Raises
    ------
    TypeError
        If x is complex, or the complex method meets a function that returns real numbers.
    ValueError
        If x is not finite, the method unknown, or the step not usable.

    Notes
    -----
    Errors for smooth f of size 1 in float64: forward 1e-8, central 1e-10, complex 1e-16 (Squire and Trapp,
    SIAM Review 40, 1998).
    """
    point = as_floating(x)
    if method not in ("central", "forward", "complex"):
        raise ValueError(f"method must be 'central', 'forward' or 'complex', not {method!r}")
    if method == "complex":
        steps = _positive(COMPLEX_STEP if step is None else step, point)
    else:
        wanted = optimal_step(point, order=ORDER[method]) if step is None else step
        # Away from zero for a forward difference, because that is where the step was made exact.
        steps = representable_step(point, wanted) * np.where(point < 0, -1, 1).astype(point.dtype)
    base = _evaluate(f, point) if method == "forward" else None

    columns = []
    for index in np.ndindex(point.shape):
        h = steps[index]
        displacement = np.zeros_like(point)
        displacement[index] = h
        if method == "complex":
            columns.append(_complex_quotient(f, point, displacement, h))
        elif base is not None:
            columns.append((_evaluate(f, point + displacement) - base) / h)
        else:
            columns.append(
                (_evaluate(f, point + displacement) - _evaluate(f, point - displacement)) / (2 * h)
            )
    stacked = np.stack(columns, axis=-1)
    return stacked.reshape(stacked.shape[:-1] + point.shape).astype(point.dtype)


def finite_difference(
    f: Callable[[Array], Any], x: ArrayLike, *, method: Method = "central", step: ArrayLike | None = None
) -> Array:
    """Return the numerical gradient of a scalar function, in the shape of x.

    Parameters, errors and accuracy are those of `jacobian`.

    Returns
    -------
    ndarray, shape of x
        Entry ``[j...]`` is the derivative of f with respect to ``x[j...]``.

    Raises
    ------
    ValueError
        If f returns more than one number: its derivative is a Jacobian, not a gradient.
    """
    result = jacobian(f, x, method=method, step=step)
    shape = np.shape(x)
    if result.size != np.size(x):
        raise ValueError(f"f must return one number; it returned an array with {result.size // np.size(x)}")
    return result.reshape(shape)


def directional_derivative(
    f: Callable[[Array], Any],
    x: ArrayLike,
    v: ArrayLike,
    *,
    method: Method = "central",
    step: float | None = None,
) -> Array:
    """Return the derivative of f at x along v: at most two calls of f, whatever the dimension.

    Parameters
    ----------
    f : callable
        Maps an array of the shape of x to a number or an array.
    x, v : array_like, one shape
        Point and direction. The result is linear in v; v need not have length 1.
    method : {"central", "forward", "complex"}
    step : float, optional
        Multiple of v to move by. Default: the optimal step for the largest entry of x over that of v.

    Returns
    -------
    ndarray, shape of f(x)
        The Jacobian of f times v.
    """
    point = as_floating(x)
    direction = as_floating(v).astype(point.dtype)
    if point.shape != direction.shape:
        raise ValueError(f"x has shape {point.shape}, but v has shape {direction.shape}")
    longest = np.abs(direction).max()
    if longest == 0:
        raise ValueError("v must not be the zero vector")

    def along(t: Array) -> Any:
        return f(point + t * direction)

    if step is None and method != "complex":
        step = float(np.max(optimal_step(point, order=ORDER[method])) / longest)
    return jacobian(along, np.zeros((), point.dtype), method=method, step=step)
