"""Likelihood of Gaussian data: the whole surface at once, its information, and the bias of its maximum.

The maximum itself is `reference.gaussians.gaussian_mle`.
"""

from __future__ import annotations

import math
from typing import Any

from array_api_compat import array_namespace

from reference.arrays import Array, as_floating, common_shape, finite_between, require_finite
from reference.gaussians import gaussian_mle


def gaussian_log_likelihood(x: Any, mean: Any, std: Any) -> Array:
    """Log-likelihood of independent Gaussian data for many parameters at once, in nats.

    Parameters
    ----------
    x : array, shape (n,)
        Data; decides namespace, dtype and device of all.
    mean, std : arrays, broadcast against each other
        Parameters; ``std`` is positive. A column of standard deviations and a row of means give a surface.

    Returns
    -------
    array, the broadcast shape of ``mean`` and ``std``

    Raises
    ------
    ValueError
        If x is not a vector of at least one number, a value is not finite, a standard deviation is not positive
        or the shapes do not broadcast.

    Notes
    -----
    The data enter through two sufficient statistics, sum (x - m)^2 = n (s^2 + (m_hat - m)^2) with the maximum
    likelihood estimates m_hat and s. So the cost is that of the data plus that of the grid, not their product, and
    no term cancels where the data are far from 0.

    References
    ----------
    Bishop, *Pattern Recognition and Machine Learning*, 2006, section 2.3.4.
    """
    x, top_mean, top_std = _fit(x)
    xp = array_namespace(x)
    mean = as_floating("mean", mean, like=x)
    require_finite("mean", mean)
    std = finite_between("std", std, like=x, low=0)
    common_shape(mean=mean.shape, std=std.shape)
    # Adding what rounding took from top_mean keeps the digits where it is close to mean and both are large.
    top_mean_error = xp.mean(x - top_mean)
    squares = (top_std / std) ** 2 + ((top_mean - mean + top_mean_error) / std) ** 2
    return -x.shape[0] * (0.5 * math.log(2 * math.pi) + xp.log(std) + squares / 2)


def observed_information(x: Any) -> Array:
    """Minus the Hessian of the log-likelihood by (mean, std) at its maximum: n / s^2 diag(1, 2).

    Parameters
    ----------
    x : array, shape (n,)
        Data, not all equal: else the likelihood has no maximum.

    Returns
    -------
    array, shape (2, 2)

    Raises
    ------
    ValueError
        If x is not a vector of finite numbers that are not all equal.
    """
    x, _, std = _fit(x)
    if std == 0:
        raise ValueError("x must hold different values: with one value alone the likelihood is unbounded")
    return fisher_information(std, x.shape[0])


def fisher_information(std: Any, n: int) -> Array:
    """Expected information about (mean, std) in n independent Gaussian numbers: n / std^2 diag(1, 2).

    The inverse is the covariance of the maximum likelihood estimates for large n, and the lower bound of Cramer
    and Rao for unbiased ones.

    Parameters
    ----------
    std : array, shape (...)
        True standard deviations.
    n
        Number of data, at least 1.

    Returns
    -------
    array, shape (..., 2, 2)

    Raises
    ------
    ValueError
        If a standard deviation is not a positive number or n is not at least 1.

    References
    ----------
    Lehmann and Casella, *Theory of Point Estimation*, 1998, section 2.5.
    """
    if n < 1:
        raise ValueError(f"n must be at least 1, but is {n!r}")
    std = finite_between("std", std, low=0)
    xp = array_namespace(std)
    shape = xp.reshape(xp.eye(2, dtype=std.dtype), (1,) * std.ndim + (2, 2))
    weights = shape * xp.asarray([1.0, 2.0], dtype=std.dtype)
    return n / std[..., None, None] ** 2 * weights


def standard_errors(x: Any) -> tuple[Array, Array]:
    """Standard errors of the maximum likelihood mean and standard deviation: s / sqrt(n) and s / sqrt(2n).

    They are the roots of the diagonal of the inverse of `observed_information`, whose arguments and errors they
    share.
    """
    information = observed_information(x)
    return information[0, 0] ** -0.5, information[1, 1] ** -0.5


def expected_variance_mle(variance: Any, n: int) -> Array:
    """Mean of the maximum likelihood estimate of a variance over data sets of n numbers: (n - 1)/n variance.

    Parameters
    ----------
    variance : array, shape (...)
        True variances.
    n
        Size of each data set, at least 1.

    Returns
    -------
    array, shape (...)

    Raises
    ------
    ValueError
        If a variance is not a positive number or n is not at least 1.

    References
    ----------
    Goodfellow, Bengio and Courville, *Deep Learning*, 2016, section 5.4.2.
    """
    if n < 1:
        raise ValueError(f"n must be at least 1, but is {n!r}")
    return finite_between("variance", variance, low=0) * ((n - 1) / n)


def _fit(x: Any) -> tuple[Array, Array, Array]:
    x = as_floating("x", x, min_ndim=1)
    if x.ndim != 1:
        raise ValueError(f"x must have shape (n,), but its shape is {tuple(x.shape)}")
    return (x, *gaussian_mle(x))
