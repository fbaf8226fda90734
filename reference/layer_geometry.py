"""What a weight matrix does to space: the turn in it, its rank, and how far its eigenvalues are from the truth."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from reference.arrays import Array, as_matrices


def polar_factor(W: Any) -> Array:
    """The matrix U V' of a thin singular value decomposition: the nearest one that keeps lengths.

    Parameters
    ----------
    W : array, shape (..., m, n)

    Returns
    -------
    array, shape (..., m, n)
        With orthonormal columns if m >= n, else with orthonormal rows. Unique if W has full rank.

    Raises
    ------
    ValueError
        If W has fewer than two axes, is empty or is not finite.

    Notes
    -----
    W = (U V') (V S V'): a stretch along perpendicular axes, then a turn. Nearest in every unitarily invariant norm
    for square W (Fan and Hoffman, *Proc. Amer. Math. Soc.* 6, 1955), in the Frobenius norm for any.
    """
    W = as_matrices("W", W)
    U, _, Vh = array_namespace(W).linalg.svd(W, full_matrices=False)
    return U @ Vh


def departure_from_normality(W: Any) -> Array:
    """Size of W'W - WW' relative to W: 0 for normal matrices, at most sqrt(2) for all.

    Parameters
    ----------
    W : array, shape (..., n, n)

    Returns
    -------
    array, shape (...)
        Frobenius norm of the commutator over the squared Frobenius norm of W; 0 for W = 0. Scaling and orthogonal
        changes of basis leave it as it is.

    Raises
    ------
    ValueError
        As `polar_factor`, or if W is not square.

    Notes
    -----
    Where it is 0, singular values are moduli of eigenvalues, and \\|\\|W^k\\|\\| is the k-th power of the spectral
    radius. The bound is that of Boettcher and Wenzel for commutators (*Linear Algebra Appl.* 429, 2008). W is
    divided by its largest entry first, so that squares neither overflow nor vanish.
    """
    W = as_matrices("W", W)
    if W.shape[-1] != W.shape[-2]:
        raise ValueError(f"W must be square, but its shape is {tuple(W.shape)}")
    xp = array_namespace(W)
    largest = xp.max(xp.abs(W), axis=(-2, -1), keepdims=True)
    W = W / xp.where(largest > 0, largest, xp.ones_like(largest))
    Wt = xp.matrix_transpose(W)
    commutator = xp.linalg.matrix_norm(Wt @ W - W @ Wt)
    size = xp.sum(W * W, axis=(-2, -1))
    return commutator / xp.where(size > 0, size, xp.ones_like(size))


def numeric_rank(W: Any) -> Array:
    """Number of singular values above max(m, n) eps times the largest: what rounding cannot have made.

    Parameters and errors are those of `polar_factor`; the result is an integer array of shape (...).
    """
    W = as_matrices("W", W)
    xp = array_namespace(W)
    sigma = xp.linalg.svdvals(W)
    threshold = max(W.shape[-2:]) * float(xp.finfo(W.dtype).eps) * sigma[..., :1]
    return xp.count_nonzero(sigma > threshold, axis=-1)
