"""Gaussian distributions: maximum likelihood, entropy and relative entropy, by Cholesky factors."""

from __future__ import annotations

import math
from typing import Any

from array_api_compat import array_namespace

from reference.arrays import Array, as_floating, require_finite
from reference.distributions import log1p_remainder


def gaussian_mle(x: Any, *, axis: int = -1) -> tuple[Array, Array]:
    """Mean and standard deviation of the Gaussian that makes the samples most likely.

    Parameters
    ----------
    x : array, shape (..., N, ...)
        Independent samples along ``axis``.
    axis
        The axis of the samples.

    Returns
    -------
    mean, std : arrays, shape of x without ``axis``
        std divides by N (NumPy's ddof=0; `torch.std` divides by N - 1), so its square is too small by
        (N - 1)/N on average: maximum likelihood is biased here.

    Raises
    ------
    ValueError
        If x is not finite, or has no such axis or no sample along it.
    """
    x = as_floating("x", x, min_ndim=1)
    if not -x.ndim <= axis < x.ndim or x.shape[axis] == 0:
        raise ValueError(f"x must have samples along axis {axis}, but its shape is {tuple(x.shape)}")
    require_finite("x", x)
    xp = array_namespace(x)
    mean = xp.mean(x, axis=axis, keepdims=True)
    mean = mean + xp.mean(x - mean, axis=axis, keepdims=True)  # takes back the rounding of the first mean
    std = xp.sqrt(xp.mean((x - mean) ** 2, axis=axis))
    return xp.squeeze(mean, axis=axis), std


def gaussian_entropy(covariance: Any) -> Array:
    """Differential entropy (n log(2 pi e) + log det S)/2 in nats; negative for narrow distributions.

    Parameters
    ----------
    covariance : array, shape (..., n, n), or a number, the variance for n = 1
        Symmetric positive definite.

    Returns
    -------
    array, shape (...)

    Raises
    ------
    ValueError
        If the covariance is not symmetric positive definite.
    """
    factor = _cholesky("covariance", _as_matrix(as_floating("covariance", covariance)))
    xp = array_namespace(factor)
    log_diagonal = xp.log(xp.linalg.diagonal(factor))
    return xp.sum(log_diagonal + 0.5 * math.log(2 * math.pi * math.e), axis=-1)


def kl_gaussians(mean0: Any, covariance0: Any, mean1: Any, covariance1: Any) -> Array:
    """KL(N(m0, S0) || N(m1, S1)) in nats: never negative, and 0 exactly for equal parameters.

    Parameters
    ----------
    mean0, mean1 : arrays, shape (..., n), or numbers for n = 1
    covariance0, covariance1 : arrays, shape (..., n, n), or numbers (variances) for n = 1
        Symmetric positive definite. ``mean0`` decides namespace, dtype and device of all.

    Returns
    -------
    array, shape (...)

    Raises
    ------
    ValueError
        If a value is not finite, shapes do not fit, or a covariance is not symmetric positive definite.

    Notes
    -----
    The textbook form (tr S1^-1 S0 - n + log det S1 - log det S0 + |m1 - m0|^2_S1^-1)/2 cancels when the two are
    close. With S = L L' and D = L1^-1 (L0 - L1), lower triangular, it is a sum of nonnegative terms,
    (sum_i [r_i^2 - 1 - log r_i^2] + sum_{i>j} D_ij^2 + |L1^-1 (m1 - m0)|^2)/2, where r_i = 1 + D_ii.
    """
    mean0 = as_floating("mean0", mean0)
    mean1 = as_floating("mean1", mean1, like=mean0)
    if mean0.ndim == 0:
        mean0, mean1 = mean0[None], mean1[None] if mean1.ndim == 0 else mean1
    n = mean0.shape[-1]
    factors = []
    for name, value in (("covariance0", covariance0), ("covariance1", covariance1)):
        matrix = _as_matrix(as_floating(name, value, like=mean0))
        if matrix.shape[-1] != n:
            raise ValueError(f"{name} must have shape (..., {n}, {n}), but has {tuple(matrix.shape)}")
        factors.append(_cholesky(name, matrix))
    if mean1.ndim == 0 or mean1.shape[-1] != n:
        raise ValueError(f"mean1 must have shape (..., {n}), but has {tuple(mean1.shape)}")
    require_finite("mean0", mean0)
    require_finite("mean1", mean1)
    return _kl_from_factors(mean1 - mean0, *factors)


def _kl_from_factors(shift: Array, factor0: Array, factor1: Array) -> Array:
    xp = array_namespace(shift)
    relative = xp.tril(xp.linalg.solve(factor1, factor0 - factor1))
    whitened = xp.linalg.solve(factor1, shift[..., None])[..., 0]
    diagonal = xp.linalg.diagonal(relative)
    excess = diagonal * (2 + diagonal)  # r^2 - 1
    near = xp.abs(excess) <= 0.5
    ratio = xp.linalg.diagonal(factor0) / xp.linalg.diagonal(factor1)  # keeps the digits of r near 0
    volume = xp.where(near, log1p_remainder(xp.where(near, excess, 0)), excess - 2 * xp.log(ratio))
    off_diagonal = xp.sum(xp.tril(relative, k=-1) ** 2, axis=(-2, -1))
    return (xp.sum(volume, axis=-1) + off_diagonal + xp.sum(whitened**2, axis=-1)) / 2


def _as_matrix(covariance: Array) -> Array:
    return covariance[None, None] if covariance.ndim == 0 else covariance


def _cholesky(name: str, covariance: Array) -> Array:
    xp = array_namespace(covariance)
    if covariance.ndim < 2 or covariance.shape[-1] != covariance.shape[-2]:
        raise ValueError(f"{name} must be square, but its shape is {tuple(covariance.shape)}")
    require_finite(name, covariance)
    # Cholesky reads one triangle only and would silently accept any other. Each matrix has its own scale.
    scale = xp.max(xp.abs(covariance), axis=(-2, -1))
    asymmetry = xp.max(xp.abs(covariance - xp.matrix_transpose(covariance)), axis=(-2, -1))
    if xp.any(asymmetry > math.sqrt(xp.finfo(covariance.dtype).eps) * scale):
        raise ValueError(f"{name} must be symmetric")
    try:
        return xp.linalg.cholesky(covariance)
    except (ValueError, RuntimeError) as error:  # NumPy's LinAlgError is the one, torch's the other
        raise ValueError(f"{name} must be positive definite") from error
