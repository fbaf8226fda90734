"""How the reference implementations take arrays in: any namespace, real floating dtype, checked shapes."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from array_api_compat import (
    array_namespace,
    device,
    is_array_api_obj,
    is_numpy_array,
    is_torch_array,
    to_device,
)
from numpy.typing import NDArray

#: A NumPy array, torch tensor or other array that array-api-compat knows; Python has no common type for them.
Array = Any
#: What small results and verdicts are held in, whatever the arrays that they come from.
Doubles = NDArray[np.float64]


def as_floating(name: str, value: Any, *, like: Array | None = None, min_ndim: int = 0) -> Array:
    """Return ``value`` as a real floating array without copying or converting more than it must.

    Parameters
    ----------
    name
        What the caller's signature calls the value; every error message starts with it.
    value
        Array of any namespace, or a number or nested list (which become NumPy arrays).
    like
        Array whose namespace, dtype and device the result takes. Without it they come from ``value``:
        floating dtypes stay as they are, integers become float64.
    min_ndim
        Smallest number of axes allowed.

    Raises
    ------
    ValueError
        If the value is ragged, complex, boolean or not numeric, or has too few axes.
    """
    try:
        # Numbers and lists go through NumPy, because torch would round Python's floats to float32.
        array = value if is_array_api_obj(value) and not is_numpy_array(value) else np.asarray(value)
        if like is not None and array_namespace(like) is not array_namespace(array):
            array = array_namespace(like).asarray(array)
    except (TypeError, ValueError, RuntimeError) as error:
        raise ValueError(f"{name} must be a real array: {error}") from error
    xp = array_namespace(array)
    if not xp.isdtype(array.dtype, ("real floating", "integral")):
        raise ValueError(f"{name} must hold real numbers, not {array.dtype}")
    if array.ndim < min_ndim:
        raise ValueError(f"{name} must have at least {min_ndim} axes, but its shape is {tuple(array.shape)}")
    if like is not None:
        return xp.astype(to_device(array, device(like)), like.dtype, copy=False)
    return xp.astype(
        array, array.dtype if xp.isdtype(array.dtype, "real floating") else xp.float64, copy=False
    )


def require_finite(name: str, array: Array) -> None:
    """Raise ValueError, naming the argument, if ``array`` holds NaN or an infinity."""
    xp = array_namespace(array)
    if not xp.all(xp.isfinite(array)):
        raise ValueError(f"{name} must be finite, but holds NaN or infinity")


def as_matrices(name: str, value: Any) -> Array:
    """Return ``value`` as matrices, one or many: floating, shape (..., m, n), not empty, finite.

    The errors are those of `as_floating`, and ValueError if it is empty or not finite.
    """
    array = as_floating(name, value, min_ndim=2)
    if 0 in array.shape:
        raise ValueError(f"{name} must not be empty, but its shape is {tuple(array.shape)}")
    require_finite(name, array)
    return array


def as_point(name: str, value: Any, *, like: Array | None = None) -> Array:
    """Return ``value`` as a place to differentiate at: floating, not empty, finite, outside any autograd graph.

    The arguments and the errors are those of `as_floating`, and ValueError if it is empty or not finite.
    """
    array = without_graph(as_floating(name, without_graph(value), like=like))
    if math.prod(array.shape) == 0:
        raise ValueError(f"{name} must have at least one entry, but its shape is {tuple(array.shape)}")
    require_finite(name, array)
    return array


def evaluate(f: Callable[[Array], Any], x: Array) -> Array:
    """Return f(x) as an array of the namespace and device of ``x``, in its own floating or complex dtype.

    f gets a copy, so that a function that writes to its argument cannot spoil the next call. It may return an
    array of another library, a number or a list; integers become float64.
    """
    xp = array_namespace(x)
    value = without_graph(f(xp.astype(x, x.dtype, copy=True)))
    if not is_array_api_obj(value):
        value = np.asarray(value)
    if array_namespace(value) is not xp:
        value = xp.asarray(to_device(value, "cpu"), device=device(x))
    return (
        value
        if xp.isdtype(value.dtype, ("real floating", "complex floating"))
        else xp.astype(value, xp.float64)
    )


def without_graph(value: Any) -> Any:
    """Return a torch tensor without its autograd history, and anything else as it is."""
    return value.detach() if is_torch_array(value) else value


def to_numpy(array: Array) -> Doubles:
    """Return an array of any namespace and device as NumPy float64."""
    xp = array_namespace(array)
    return np.asarray(to_device(xp.astype(without_graph(array), xp.float64), "cpu"))


def finite_between(
    name: str,
    value: Any,
    *,
    like: Array | None = None,
    low: float,
    high: float = math.inf,
    include_low: bool = False,
) -> Array:
    """Return ``value`` as a floating array, finite and with every entry in (low, high), or [low, high).

    The other arguments and the errors are those of `as_floating`.
    """
    array = as_floating(name, value, like=like)
    require_finite(name, array)
    xp = array_namespace(array)
    if not xp.all((array >= low if include_low else array > low) & (array < high)):
        raise ValueError(f"{name} must lie in {'[' if include_low else '('}{low:g}, {high:g})")
    return array


def common_shape(**shapes: tuple[int, ...]) -> tuple[int, ...]:
    """Shape to which the given ones broadcast; the ValueError if there is none gives each with its name."""
    try:
        return np.broadcast_shapes(*(tuple(shape) for shape in shapes.values()))
    except ValueError:
        listed = ", ".join(f"{name} {tuple(shape)}" for name, shape in shapes.items())
        raise ValueError(f"batch shapes do not broadcast: {listed}") from None


def apply_matrix(matrix: Array, x: Array) -> Array:
    """Matrix times vector for shapes (..., m, n) and (..., n)."""
    if matrix.ndim == 2:  # one matrix for every vector: a single product instead of one for each vector
        return x @ array_namespace(x).matrix_transpose(matrix)
    return (matrix @ x[..., None])[..., 0]
