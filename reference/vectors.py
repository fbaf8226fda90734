"""Lengths, directions, angles and shadows of vectors, accurate at the ends of their ranges.

Vectors lie along the last axis; the axes before it broadcast. Array namespace, dtype and device are those of the
first argument.
"""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from reference.arrays import Array, as_floating, common_shape, require_finite


def norm(x: Any) -> Array:
    """Euclidean length of vectors, without overflow or underflow on the way.

    Parameters
    ----------
    x : array, shape (..., n)

    Returns
    -------
    array, shape (...)

    Raises
    ------
    ValueError
        If x has no axis, no entries along the last one, or is not finite.

    Notes
    -----
    Each vector is divided by its largest entry first, so that squares neither overflow nor vanish.
    """
    x = _as_vectors("x", x)
    scale = _scale(x)
    return scale[..., 0] * _plain_norm(x / scale)


def unit_vector(x: Any) -> Array:
    """Vectors divided by their lengths; the zero vector, which has no direction, stays zero.

    Parameters and errors are those of `norm`; the shape stays (..., n).
    """
    x = _as_vectors("x", x)
    x = x / _scale(x)
    length = _plain_norm(x)[..., None]
    xp = array_namespace(x)
    return x / xp.where(length > 0, length, xp.ones_like(length))


def cosine_similarity(x: Any, y: Any) -> Array:
    """Dot product of the directions of x and y, in [-1, 1]: it sees no lengths.

    Parameters
    ----------
    x, y : array, shapes (..., n), broadcast against each other
        None of the vectors zero.

    Returns
    -------
    array, shape (...)

    Raises
    ------
    ValueError
        As `norm`, or if the shapes do not fit or a vector is zero.
    """
    u, v = _directions(x, y)
    xp = array_namespace(u)
    return xp.clip(xp.sum(u * v, axis=-1), -1, 1)


def angle(x: Any, y: Any) -> Array:
    """Angle between vectors in radians, in [0, pi], with an absolute error of a few eps everywhere.

    Parameters, result shape and errors are those of `cosine_similarity`.

    Notes
    -----
    2 atan2(||u - v||, ||u + v||) for the unit vectors u and v, whose rhombus has these diagonals. The arccos of
    the cosine cannot tell angles below sqrt(eps) from 0, nor those near pi from pi: its slope is infinite there.
    (Kahan, *How Futile are Mindless Assessments of Roundoff in Floating-Point Computation?*, 2006.)
    """
    u, v = _directions(x, y)
    return 2 * array_namespace(u).atan2(_plain_norm(u - v), _plain_norm(u + v))


def projection(x: Any, y: Any) -> Array:
    """Orthogonal projection of x onto the line along y: the point of that line which is nearest to x.

    Parameters
    ----------
    x, y : array, shapes (..., n), broadcast against each other
        No y is zero; x may be.

    Returns
    -------
    array, shape (..., n)

    Raises
    ------
    ValueError
        As `norm`, or if the shapes do not fit or a vector y is zero.
    """
    x, y = _as_pair(x, y)
    _require_nonzero("y", y)
    direction = unit_vector(y)
    return array_namespace(x).sum(x * direction, axis=-1, keepdims=True) * direction


def hyperplane_distance(x: Any, w: Any, b: Any = 0.0) -> Array:
    """Signed distance of x from the hyperplane w . x + b = 0, positive on the side to which w points.

    Parameters
    ----------
    x, w : array, shapes (..., n), broadcast against each other
        Points and normals; no normal is zero. A neuron's preactivation is this distance times the length of w.
    b : array, shape (...), or a number

    Returns
    -------
    array, shape (...)

    Raises
    ------
    ValueError
        As `norm`, or if the shapes do not fit, a normal is zero or b is not finite.
    """
    x, w = _as_pair(x, w, names=("x", "w"))
    _require_nonzero("w", w)
    b = as_floating("b", b, like=x)
    require_finite("b", b)
    common_shape(x=x.shape[:-1], w=w.shape[:-1], b=b.shape)
    return array_namespace(x).sum(x * unit_vector(w), axis=-1) + b / norm(w)


def _directions(x: Any, y: Any) -> tuple[Array, Array]:
    x, y = _as_pair(x, y)
    _require_nonzero("x", x)
    _require_nonzero("y", y)
    return unit_vector(x), unit_vector(y)


def _as_pair(x: Any, y: Any, *, names: tuple[str, str] = ("x", "y")) -> tuple[Array, Array]:
    x = _as_vectors(names[0], x)
    y = _as_vectors(names[1], y, like=x)
    if x.shape[-1] != y.shape[-1]:
        raise ValueError(
            f"{names[0]} and {names[1]} must have equally many entries, but their shapes are "
            f"{tuple(x.shape)} and {tuple(y.shape)}"
        )
    common_shape(**{names[0]: x.shape[:-1], names[1]: y.shape[:-1]})
    return x, y


def _as_vectors(name: str, value: Any, *, like: Array | None = None) -> Array:
    x = as_floating(name, value, like=like, min_ndim=1)
    if x.shape[-1] == 0:
        raise ValueError(f"{name} must have entries along its last axis, but its shape is {tuple(x.shape)}")
    require_finite(name, x)
    return x


def _require_nonzero(name: str, x: Array) -> None:
    xp = array_namespace(x)
    if not xp.all(xp.any(x != 0, axis=-1)):
        raise ValueError(f"{name} must not be the zero vector, which has no direction")


def _scale(x: Array) -> Array:
    """Modulus of the largest entry of each vector, shape (..., 1), and 1 for zero vectors."""
    xp = array_namespace(x)
    largest = xp.max(xp.abs(x), axis=-1, keepdims=True)
    return xp.where(largest > 0, largest, xp.ones_like(largest))


def _plain_norm(x: Array) -> Array:
    xp = array_namespace(x)
    return xp.sqrt(xp.sum(x * x, axis=-1))
