"""Derivatives put together from parts: slopes of a chain, products with a Jacobian, curvature along a direction.

Derivatives from values alone are in `reference.finite_differences`, Hessians in `reference.hessian_conditioning`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from array_api_compat import array_namespace, device

from reference.arrays import Array, as_floating, as_point, evaluate

Link = tuple[Callable[[Array], Any], Callable[[Array], Any]]


@dataclass(frozen=True, eq=False)
class Chain:
    """A composition of K functions at a point: every intermediate result, and the slope of the whole.

    Attributes
    ----------
    values : tuple of K + 1 arrays
        What enters the first function, what each of them returns.
    slopes : tuple of K arrays
        Derivative of each function where it works, so ``slopes[k]`` belongs to ``values[k]``.
    slope : array, shape of x
        Their product, the derivative of the whole.
    """

    values: tuple[Array, ...]
    slopes: tuple[Array, ...]
    slope: Array


def chain(links: Sequence[Link], x: Any) -> Chain:
    """Apply functions one after the other and differentiate their composition by the chain rule.

    Parameters
    ----------
    links : sequence of (g, dg)
        Elementwise functions with their derivatives; the first is applied first. None at all is the identity.
    x : array, any shape
        Decides namespace, dtype and device.

    Returns
    -------
    Chain

    Notes
    -----
    Each function is called once, going forward, as in a forward pass; the product is taken from the last to the
    first, as in backpropagation. For elementwise functions the order does not matter.
    """
    values, slopes = [as_point("x", x)], []
    xp = array_namespace(values[0])
    for g, dg in links:
        slopes.append(evaluate(dg, values[-1]))
        values.append(evaluate(g, values[-1]))
    slope = xp.ones_like(values[0])
    for factor in reversed(slopes):
        slope = slope * factor
    return Chain(tuple(values), tuple(slopes), slope)


def jacobian_by_columns(jvp: Callable[[Array, Array], Any], x: Any) -> Array:
    """Return the Jacobian from Jacobian-vector products, one for each entry of x.

    Parameters
    ----------
    jvp : callable
        ``jvp(x, v)`` with v of the shape of x returns the derivative of f at x along v, in the shape of f(x).
    x : array, any shape, not empty
        Decides namespace, dtype and device.

    Returns
    -------
    array, shape ``f(x).shape + x.shape``

    Notes
    -----
    Forward mode: cheaper than `jacobian_by_rows` if f has fewer inputs than outputs (Griewank and Walther,
    Evaluating Derivatives, 2008, chapter 3).
    """
    point = as_point("x", x)
    xp = array_namespace(point)
    columns = [_product(jvp, point, v) for v in _unit_arrays(tuple(point.shape), point)]
    stacked = xp.stack(columns, axis=-1)
    return xp.reshape(stacked, (*columns[0].shape, *point.shape))


def jacobian_by_rows(vjp: Callable[[Array, Array], Any], x: Any, output_shape: Sequence[int]) -> Array:
    """Return the Jacobian from vector-Jacobian products, one for each entry of f(x).

    Parameters
    ----------
    vjp : callable
        ``vjp(x, w)`` with w of the shape of f(x) returns the gradient of ``sum(w * f)`` at x, in the shape of x.
    x : array, any shape, not empty
        Decides namespace, dtype and device.
    output_shape : sequence of int
        Shape of f(x), which must have at least one entry.

    Returns
    -------
    array, shape ``output_shape + x.shape``

    Raises
    ------
    ValueError
        If f(x) would be empty, or a product has not the shape of x.

    Notes
    -----
    Reverse mode: one product for a loss, however many parameters it has.
    """
    point, shape = as_point("x", x), tuple(output_shape)
    if math.prod(shape) == 0:
        raise ValueError(f"output_shape must have at least one entry, but is {shape}")
    xp = array_namespace(point)
    rows = [_product(vjp, point, w) for w in _unit_arrays(shape, point)]
    if rows[0].shape != point.shape:
        raise ValueError(
            f"vjp returned shape {tuple(rows[0].shape)}, but x has shape {tuple(point.shape)}: is it a jvp?"
        )
    return xp.reshape(xp.stack(rows), (*shape, *point.shape))


def _product(product: Callable[[Array, Array], Any], x: Array, vector: Array) -> Array:
    return evaluate(lambda point: product(point, vector), x)


def _unit_arrays(shape: tuple[int, ...], like: Array) -> list[Array]:
    """Arrays of a shape that are 1 in one entry and 0 elsewhere, in the order of the entries."""
    xp = array_namespace(like)
    size = math.prod(shape)
    identity = xp.eye(size, dtype=like.dtype, device=device(like))
    return [xp.reshape(identity[i, :], shape) for i in range(size)]


def curvature_along(H: Any, v: Any) -> Array:
    """Return the second derivative along v per unit of length, ``v'Hv / v'v``.

    Parameters
    ----------
    H : array, shape (..., n, n)
        Hessian; only its symmetric part counts. Decides namespace, dtype and device.
    v : array, shape (..., n)
        Directions, not zero, broadcast against the batch axes of H.

    Returns
    -------
    array, shape (...)
        Between the smallest and the largest eigenvalue of a symmetric H (the Rayleigh quotient; Horn and
        Johnson, Matrix Analysis, 2013, theorem 4.2.2).

    Raises
    ------
    ValueError
        If H is not square, the sizes differ, or a direction is zero or not finite.
    """
    matrix = as_floating("H", H, min_ndim=2)
    xp = array_namespace(matrix)
    direction = as_floating("v", v, like=matrix, min_ndim=1)
    n = direction.shape[-1]
    if tuple(matrix.shape[-2:]) != (n, n):
        raise ValueError(f"H must have shape (..., {n}, {n}) like v, but its shape is {tuple(matrix.shape)}")
    longest = xp.max(xp.abs(direction), axis=-1, keepdims=True)
    if not xp.all((longest > 0) & xp.isfinite(longest)):
        raise ValueError("v must be finite and not the zero vector")
    # Scaled first, so that the squares of very long or short directions neither overflow nor vanish.
    unit = direction / longest
    unit = unit / xp.linalg.vector_norm(unit, axis=-1, keepdims=True)
    return xp.sum(unit * (matrix @ unit[..., None])[..., 0], axis=-1)
