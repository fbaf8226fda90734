"""Best approximations of low rank by a truncated singular value decomposition: what they cost and what they keep."""

from __future__ import annotations

import operator
from typing import Any

from array_api_compat import array_namespace

from reference.arrays import Array, as_matrices


def best_rank_k(A: Any, k: int) -> Array:
    """The matrix of rank at most k that is nearest to A, in the spectral norm and in the Frobenius norm.

    Parameters
    ----------
    A : array, shape (..., m, n)
    k
        Rank, from 0 to min(m, n).

    Returns
    -------
    array, shape (..., m, n)

    Raises
    ------
    ValueError
        If A has fewer than two axes, is empty or is not finite, or k is outside [0, min(m, n)].
    TypeError
        If k is not a whole number.

    Notes
    -----
    The first k terms of the singular value decomposition (Eckart and Young, 1936; Mirsky, 1960, for every
    unitarily invariant norm). It is the only nearest one in the Frobenius norm if the singular values number k
    and k + 1 differ.
    """
    A = as_matrices("A", A)
    k = _as_rank(k, tuple(A.shape[-2:]))
    xp = array_namespace(A)
    U, sigma, Vh = xp.linalg.svd(A, full_matrices=False)
    return (U[..., :, :k] * sigma[..., None, :k]) @ Vh[..., :k, :]


def eckart_young_error(A: Any, k: int) -> Array:
    """Spectral norm of A minus its best approximation of rank k: the singular value number k + 1, or 0.

    Parameters and errors are those of `best_rank_k`; the result has shape (...).
    """
    A = as_matrices("A", A)
    k = _as_rank(k, tuple(A.shape[-2:]))
    xp = array_namespace(A)
    sigma = xp.linalg.svdvals(A)
    return sigma[..., k] if k < sigma.shape[-1] else xp.zeros_like(sigma[..., 0])


def energy_fraction(A: Any, k: int) -> Array:
    """Share of the sum of squared entries that the best approximation of rank k keeps, in [0, 1].

    Parameters
    ----------
    A : array, shape (..., m, n)
        No matrix is all zeros.
    k
        Rank, from 0 to min(m, n).

    Returns
    -------
    array, shape (...)

    Raises
    ------
    ValueError
        As `best_rank_k`, or if a matrix is all zeros.
    TypeError
        If k is not a whole number.

    Notes
    -----
    It is the share of *variance* only if the columns of A have been centred (Jolliffe, *Principal Component
    Analysis*, 2nd ed., 2002, section 3.5).
    """
    A = as_matrices("A", A)
    k = _as_rank(k, tuple(A.shape[-2:]))
    xp = array_namespace(A)
    sigma = xp.linalg.svdvals(A)
    largest = sigma[..., :1]
    if not xp.all(largest > 0):
        raise ValueError("A must not be all zeros: there is no energy to share")
    squares = (sigma / largest) ** 2  # so that tiny and huge matrices neither underflow nor overflow
    return xp.sum(squares[..., :k], axis=-1) / xp.sum(squares, axis=-1)


def storage_cost(shape: tuple[int, int], k: int) -> int:
    """Count of numbers in k left vectors, k right vectors and k singular values: k (m + n + 1).

    Parameters
    ----------
    shape
        Of the matrix, (m, n).
    k
        Rank, from 0 to min(m, n).

    Raises
    ------
    ValueError
        If the shape is not two positive numbers, or k is outside [0, min(m, n)].
    TypeError
        If k is not a whole number.

    Notes
    -----
    Numbers, not bytes: factors of a picture with one byte a pixel take four or eight bytes a number.
    """
    shape = _as_shape(shape)
    return _as_rank(k, shape) * (sum(shape) + 1)


def largest_saving_rank(shape: tuple[int, int]) -> int:
    """Largest rank whose factors hold fewer numbers than the m n of the matrix itself; 0 if there is none.

    The parameter and the error are those of `storage_cost`.
    """
    m, n = _as_shape(shape)
    return (m * n - 1) // (m + n + 1)


def _as_rank(k: int, shape: tuple[int, ...]) -> int:
    k = operator.index(k)
    if not 0 <= k <= min(shape):
        raise ValueError(f"k must lie in [0, {min(shape)}] for a matrix of shape {shape}, but is {k}")
    return k


def _as_shape(shape: tuple[int, int]) -> tuple[int, int]:
    sizes = tuple(operator.index(size) for size in shape)
    if len(sizes) != 2 or min(sizes) < 1:
        raise ValueError(f"shape must be two positive numbers, but is {shape!r}")
    return sizes[0], sizes[1]
