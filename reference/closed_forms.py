"""Gradient descent on a quadratic without running it: x_k = x* + (I - lr H)^k (x0 - x*)."""

from __future__ import annotations

from array_api_compat import array_namespace, device

from reference.arrays import Array, apply_matrix, as_floating, common_shape, finite_between, require_finite
from reference.quadratics import Quadratic

#: Counts from here on are reported as infinite. A factor of size 1 comes out as 1 - 2^-53 or so by rounding, and
#: would otherwise give a large finite count. Below 2^53, so that bisection in float64 is exact and ends.
_MOST_STEPS = 2**48


def closed_form_path(quadratic: Quadratic, x0: Array, lr: Array, steps: Array) -> Array:
    """Points of gradient descent at the given steps, all at once.

    Parameters
    ----------
    quadratic
        Positive definite; decides namespace, device and dtype of the result.
    x0 : array, shape (..., n)
        Start or starts.
    lr : array, shape (...)
        Learning rates >= 0, broadcast against the batch axes of ``x0``.
    steps : array, shape (K,)
        Whole numbers >= 0 in any order.

    Returns
    -------
    array, shape (K, ..., n)

    Raises
    ------
    ValueError
        If the Hessian is not positive definite or an argument is not as described.
    """
    axes, error = _in_eigenbasis(quadratic, x0)
    xp = array_namespace(error)
    lr = finite_between("lr", lr, like=error, low=0, include_low=True)
    common_shape(x0=error.shape[:-1], lr=lr.shape)
    k = finite_between("steps", steps, like=error, low=0, include_low=True)
    if k.ndim != 1 or not xp.all(k == xp.floor(k)):
        raise ValueError("steps must be a one-dimensional array of whole numbers")
    factor = 1 - lr[..., None] * quadratic.eigenvalues
    k = xp.reshape(k, (-1,) + (1,) * max(factor.ndim, error.ndim))
    return quadratic.minimizer + apply_matrix(axes, factor**k * error)


def iterations_to_tolerance(quadratic: Quadratic, x0: Array, lr: Array, tol: Array) -> Array:
    """First step k at which gradient descent has |x_k - x*| <= tol.

    Parameters
    ----------
    quadratic
        Positive definite.
    x0 : array, shape (..., n)
        Start or starts.
    lr, tol : arrays, shape (...)
        Learning rates >= 0 and tolerances > 0, broadcast against the batch axes of ``x0``.

    Returns
    -------
    float64 array, shape (...)
        Whole numbers, or infinity if the run never gets there (or not within 2^48 steps). A diverging run can
        pass through the ball of radius tol on its way: then the step at which it first does so counts.

    Raises
    ------
    ValueError
        If the Hessian is not positive definite or an argument is not as described.

    Notes
    -----
    |x_k - x*|^2 is a sum of terms c_i^2 |1 - lr h_i|^(2k), so it is convex in k: it falls to its least value and
    never falls again. Therefore "close enough, or no longer falling" is false up to some k and true from there
    on, and bisection finds that k. All in logarithms, so that nothing overflows; |x_k - x*| equal to tol but for
    a few units of rounding counts as reached.
    """
    _, error = _in_eigenbasis(quadratic, x0)
    xp = array_namespace(error)
    lr = finite_between("lr", lr, like=error, low=0, include_low=True)
    tol = finite_between("tol", tol, like=error, low=0)
    batch = common_shape(x0=error.shape[:-1], lr=lr.shape, tol=tol.shape)
    log_tol = xp.log(xp.astype(tol, xp.float64))
    # Stand-ins for log 0, so low that they never count and so small that products with k stay finite.
    log_error = _log(xp.abs(xp.astype(error, xp.float64)), zero=-1e200)
    progress = xp.astype(lr, xp.float64)[..., None] * xp.astype(quadratic.eigenvalues, xp.float64)
    # |1 - p| = 1 + (-p) or 1 + (p - 2), both exact where rounding of 1 - p would cost digits.
    log_factor = _log1p(xp.where(progress < 1, -progress, progress - 2), at_minus_one=-1e4)

    def size_and_slope(k: Array) -> tuple[Array, Array]:
        """Log of |x_k - x*|, and a multiple of the derivative of |x_k - x*|^2 by k."""
        log_terms = log_error + k[..., None] * log_factor
        largest = xp.max(log_terms, axis=-1)
        weights = xp.exp(2 * (log_terms - largest[..., None]))
        return largest + xp.log(xp.sum(weights, axis=-1)) / 2, xp.sum(weights * log_factor, axis=-1)

    start, _ = size_and_slope(xp.zeros_like(log_tol))
    goal = log_tol + 1e-14 * (1 + xp.abs(log_tol) + xp.abs(start))
    low = xp.zeros(batch, dtype=xp.float64, device=device(error))
    high = low + _MOST_STEPS
    while xp.any(low < high):
        middle = xp.floor((low + high) / 2)
        size, slope = size_and_slope(middle)
        stop = (size <= goal) | (slope >= 0)
        low, high = xp.where(stop, low, middle + 1), xp.where(stop, middle, high)
    return xp.where(size_and_slope(high)[0] <= goal, high, xp.inf)


def _in_eigenbasis(quadratic: Quadratic, x0: Array) -> tuple[Array, Array]:
    """Principal axes as columns, shape (..., n, n), and x0 - x* in their coordinates, shape (..., n)."""
    x0 = as_floating("x0", x0, like=quadratic.A, min_ndim=1)
    require_finite("x0", x0)
    if x0.shape[-1] != quadratic.A.shape[-1]:
        raise ValueError(
            f"x0 must have shape (..., {quadratic.A.shape[-1]}), but its shape is {tuple(x0.shape)}"
        )
    error = x0 - quadratic.minimizer
    xp = array_namespace(error)
    _, axes = xp.linalg.eigh(quadratic.hessian)
    return axes, apply_matrix(xp.matrix_transpose(axes), error)


def _log(x: Array, *, zero: float) -> Array:
    xp = array_namespace(x)
    return xp.where(x == 0, zero, xp.log(xp.where(x == 0, 1.0, x)))


def _log1p(x: Array, *, at_minus_one: float) -> Array:
    xp = array_namespace(x)
    return xp.where(x == -1, at_minus_one, xp.log1p(xp.where(x == -1, 0.0, x)))
