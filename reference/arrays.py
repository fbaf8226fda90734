"""How the reference implementations take arrays in: any namespace, real floating dtype, checked shapes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from array_api_compat import (
    array_namespace,
    device,
    is_array_api_obj,
    is_numpy_array,
    to_device,
)

#: A NumPy array, torch tensor or other array that array-api-compat knows; Python has no common type for them.
Array = Any


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
