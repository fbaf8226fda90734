"""Limit laws of large random matrices: circular, semicircle, Marchenko-Pastur, and Edelman's condition numbers.

Each law is about independent entries of mean 0 and one variance; the shape of their distribution does not matter
in the limit, except for `edelman_condition_cdf` and `expected_real_eigs`, which are about Gaussian entries.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from array_api_compat import array_namespace, device

from reference.arrays import Array, as_floating


def circular_law_cdf(r: Any, *, radius: float = 1.0) -> Array:
    """P(\\|lambda\\| <= r) = (r/radius)^2: the eigenvalues of W fill a disc evenly.

    Parameters
    ----------
    r : array, shape (...)
        Moduli.
    radius
        sqrt(n) times the standard deviation of an entry.

    Raises
    ------
    ValueError
        If the radius is not positive.

    References
    ----------
    Tao and Vu, "Random matrices: universality of ESDs and the circular law", Ann. Probab. 38, 2010.
    """
    r = as_floating("r", r) / _positive("radius", radius)
    xp = array_namespace(r)
    return xp.clip(r, 0, 1) ** 2


def circular_law_distance(eigs: Any, radius: float) -> float:
    """Kolmogorov-Smirnov distance of the eigenvalue moduli from the circular law, from 0 to 1.

    Parameters
    ----------
    eigs : complex or real array, shape (n,)
    radius
        Of the disc.

    Raises
    ------
    ValueError
        If eigs is empty, holds NaN or has more than one axis, or the radius is not positive.
    """
    moduli = np.abs(np.asarray(eigs)) if isinstance(eigs, (list, tuple)) else abs(eigs)
    return ks_distance(moduli, lambda r: circular_law_cdf(r, radius=radius))


def ks_distance(sample: Any, cdf: Callable[[Array], Array]) -> float:
    """Kolmogorov-Smirnov distance, the largest gap between the sample's distribution function and ``cdf``.

    Parameters
    ----------
    sample : array, shape (n,)
    cdf
        Continuous distribution function, called once on the sorted sample.

    Raises
    ------
    ValueError
        If the sample is empty, holds NaN or has more than one axis.
    """
    sample = as_floating("sample", sample)
    xp = array_namespace(sample)
    n = sample.shape[0] if sample.ndim == 1 else 0
    if n == 0 or xp.any(xp.isnan(sample)):
        raise ValueError(f"sample must be one row of numbers without NaN; its shape is {tuple(sample.shape)}")
    probabilities = cdf(xp.sort(sample))
    ranks = xp.astype(xp.arange(n, device=device(sample)), sample.dtype)
    # The empirical function jumps at each point: the gap counts on both sides of the jump.
    gaps = xp.maximum((ranks + 1) / n - probabilities, probabilities - ranks / n)
    return float(xp.max(gaps))


def semicircle_pdf(x: Any, *, radius: float = 2.0) -> Array:
    """Density 2 sqrt(radius^2 - x^2) / (pi radius^2) of the eigenvalues of a symmetric random matrix.

    Parameters
    ----------
    x : array, shape (...)
    radius
        2 sqrt(n) times the standard deviation of an entry off the diagonal.

    Raises
    ------
    ValueError
        If the radius is not positive.

    References
    ----------
    Wigner, "On the distribution of the roots of certain symmetric matrices", Ann. Math. 67, 1958.
    """
    u = as_floating("x", x) / _positive("radius", radius)
    xp = array_namespace(u)
    u = xp.clip(u, -1, 1)
    return xp.sqrt((1 - u) * (1 + u)) * (2 / (math.pi * radius))


def semicircle_cdf(x: Any, *, radius: float = 2.0) -> Array:
    """Distribution function of `semicircle_pdf`; the same parameters and errors."""
    u = as_floating("x", x) / _positive("radius", radius)
    xp = array_namespace(u)
    u = xp.clip(u, -1, 1)
    return 0.5 + (u * xp.sqrt((1 - u) * (1 + u)) + xp.asin(u)) / math.pi


def wigner_matrix(n: int, rng: np.random.Generator) -> np.ndarray:
    """Symmetric Gaussian matrix, shape (n, n), entries of variance 1/n (2/n on the diagonal); semicircle radius 2."""
    if n < 1:
        raise ValueError(f"n must be positive, but is {n}")
    entries = rng.standard_normal((n, n))
    return (entries + entries.T) / math.sqrt(2 * n)


def edelman_condition_cdf(x: Any) -> Array:
    """P(kappa/n <= x) -> exp(-2/x - 2/x^2) for the condition number kappa of an n by n real Gaussian matrix.

    The tail is heavy, P(kappa/n > x) ~ 2/x: kappa has no mean. log(kappa/n) has the mean 1.537 in the limit.

    Parameters
    ----------
    x : array, shape (...)

    References
    ----------
    Edelman, "Eigenvalues and condition numbers of random matrices", SIAM J. Matrix Anal. Appl. 9, 1988.
    """
    x = as_floating("x", x)
    xp = array_namespace(x)
    inverse = 1 / xp.where(x > 0, x, 1)
    probability = xp.where(x > 0, xp.exp(-2 * inverse - 2 * inverse * inverse), 0.0)
    return xp.where(xp.isnan(x), x, probability)


def expected_real_eigs(n: int) -> float:
    """Mean number of real eigenvalues of an n by n real Gaussian matrix, about sqrt(2n/pi) + 1/2.

    Raises
    ------
    ValueError
        If n is not positive.

    References
    ----------
    Edelman, Kostlan and Shub, "How many eigenvalues of a random matrix are real?", J. AMS 7, 1994:
    sqrt(2) sum_k (4k-1)!!/(4k)!! over k < n/2 for even n, 1 + sqrt(2) sum_k (4k-3)!!/(4k-2)!! over
    1 <= k <= (n-1)/2 for odd n.
    """
    if n < 1:
        raise ValueError(f"n must be positive, but is {n}")
    odd = n % 2
    terms, term, factor = [], 0.5 if odd else 1.0, 3 if odd else 1
    for _ in range(n // 2):
        terms.append(term)
        term *= factor * (factor + 2) / ((factor + 1) * (factor + 3))
        factor += 4
    return odd + math.sqrt(2) * math.fsum(terms)


def _positive(name: str, value: float) -> float:
    if not 0 < value < math.inf:
        raise ValueError(f"{name} must be a finite positive number, but is {value!r}")
    return value
