"""The Marchenko-Pastur law: squared singular values of a large random rectangular matrix.

X is p by n with independent entries of mean 0 and variance sigma^2, p/n -> q; the law is that of the p eigenvalues
of X X'/n (Marchenko and Pastur, Math. USSR Sbornik 1, 1967). For q > 1 a share 1 - 1/q of them is 0.
"""

from __future__ import annotations

import math
from typing import Any

from array_api_compat import array_namespace

from reference.arrays import Array, as_floating


def marchenko_pastur_edges(q: float, sigma: float = 1.0) -> tuple[float, float]:
    """Ends sigma^2 (1 -+ sqrt q)^2 of the interval that holds all nonzero eigenvalues in the limit.

    Parameters
    ----------
    q
        Rows over columns, positive.
    sigma
        Standard deviation of an entry, positive.

    Raises
    ------
    ValueError
        If q or sigma is not a finite positive number.
    """
    for name, value in (("q", q), ("sigma", sigma)):
        if not 0 < value < math.inf:
            raise ValueError(f"{name} must be a finite positive number, but is {value!r}")
    return (sigma * (1 - math.sqrt(q))) ** 2, (sigma * (1 + math.sqrt(q))) ** 2


def marchenko_pastur_pdf(x: Any, q: float, sigma: float = 1.0) -> Array:
    """Density sqrt((b - x)(x - a)) / (2 pi sigma^2 q x) between the edges a and b, else 0.

    Parameters
    ----------
    x : array, shape (...)
        Eigenvalues of X X'/n.
    q, sigma
        As `marchenko_pastur_edges`.

    Returns
    -------
    array, shape (...)
        Without the point mass at 0, so it integrates to min(1, 1/q). At q = 1 it is infinite at x = 0. NaN where
        x is NaN.

    Raises
    ------
    ValueError
        If q or sigma is not a finite positive number.
    """
    low, high = marchenko_pastur_edges(q, sigma)
    x = as_floating("x", x)
    xp = array_namespace(x)
    inside = (x > low) & (x < high)
    root = xp.sqrt(xp.where(inside, (high - x) * (x - low), 0.0))
    density = root / xp.where(inside, 2 * math.pi * sigma**2 * q * x, 1.0)
    density = xp.where((x == 0) & (low == 0), xp.inf, density)
    return xp.where(xp.isnan(x), x, density)


def marchenko_pastur_cdf(x: Any, q: float, sigma: float = 1.0) -> Array:
    """P(eigenvalue <= x), with the point mass 1 - 1/q at 0 if q > 1.

    Parameters and errors are those of `marchenko_pastur_pdf`. The absolute error is about eps max(1, 1/q).

    Notes
    -----
    With x = sigma^2 (1 + q + 2 sqrt(q) cos t) the density turns into (2/pi) sin^2 t / (1 + q + 2 sqrt(q) cos t),
    whose integral from 0 to t, the probability above x, is elementary.
    """
    low, high = marchenko_pastur_edges(q, sigma)
    x = as_floating("x", x)
    xp = array_namespace(x)
    root = math.sqrt(q)
    # Half of t from its tangent: acos would lose half of the digits next to the edges.
    half = xp.atan2(xp.sqrt(xp.clip(high - x, 0, None)), xp.sqrt(xp.clip(x - low, 0, None)))
    turned = xp.atan2(abs(1 - root) * xp.sin(half), (1 + root) * xp.cos(half))
    above = (-root * xp.sin(2 * half) + (1 + q) * half - abs(1 - q) * turned) / (math.pi * q)
    return xp.where(x < 0, 0.0, xp.clip(1 - above, 0, 1))


def singular_value_edges(fan_out: int, fan_in: int, std: float) -> tuple[float, float]:
    """Limits std \\|sqrt(fan_out) -+ sqrt(fan_in)\\| of the smallest and largest singular value of random weights.

    Parameters
    ----------
    fan_out, fan_in
        Rows and columns, positive.
    std
        Standard deviation of an entry, positive.

    Raises
    ------
    ValueError
        If a value is not positive and finite.

    References
    ----------
    Bai and Yin, "Limit of the smallest eigenvalue of a large dimensional sample covariance matrix", Ann. Probab.
    21, 1993.
    """
    for name, value in (("fan_out", fan_out), ("fan_in", fan_in), ("std", std)):
        if not 0 < value < math.inf:
            raise ValueError(f"{name} must be a finite positive number, but is {value!r}")
    rows, columns = math.sqrt(fan_out), math.sqrt(fan_in)
    return std * abs(rows - columns), std * (rows + columns)
