"""The gradient of cosine similarity: orthogonal to the vector, and the weaker the longer it is."""

from __future__ import annotations

from typing import Any

from reference.arrays import Array, as_floating
from reference.vectors import cosine_similarity, norm, unit_vector


def cosine_gradient(q: Any, x: Any) -> Array:
    """Gradient of cos(q, x) with respect to x.

    Parameters
    ----------
    q, x : array, shapes (..., n), broadcast against each other
        None of the vectors zero. Namespace, dtype and device are those of q.

    Returns
    -------
    array, shape (..., n)

    Raises
    ------
    ValueError
        As `reference.vectors.cosine_similarity`.

    Notes
    -----
    (q^ - cos(q, x) x^) / \\|\\|x\\|\\| with the unit vectors q^ and x^. It is orthogonal to x, so a step along it makes x
    longer, and proportional to 1 / \\|\\|x\\|\\|, so later steps turn x less (Salimans and Kingma, *Weight
    Normalization*, 2016, section 2, for the same gradient of normalised weights).
    """
    cosine = cosine_similarity(q, x)
    u = unit_vector(q)
    x = as_floating("x", x, like=u)
    return (u - cosine[..., None] * unit_vector(x)) / norm(x)[..., None]
