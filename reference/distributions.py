"""Checked probability distributions, and the terms that entropies and divergences are sums of."""

from __future__ import annotations

import math
from typing import Any

from array_api_compat import array_namespace, is_array_api_obj

from reference.arrays import Array, as_floating, common_shape, require_finite

# 1/3, 1/5, 1/7, ...: with |s| <= 1/3 the first coefficient left out weighs less than float64 rounding.
_ATANH_TAIL = tuple(1 / (2 * k + 3) for k in range(16))


def as_distribution(name: str, value: Any, axis: int = -1) -> Array:
    """Return ``value`` as a checked array of distributions, outcomes on the last axis.

    Parameters
    ----------
    name
        What the caller's signature calls the value; every error message starts with it.
    value : array, shape (..., K, ...)
        Probabilities. Their sum along ``axis`` may miss 1 by the square root of the dtype's rounding unit,
        which lets through what a softmax over many classes leaves and stops a forgotten normalisation.
    axis
        The axis of the K outcomes.

    Returns
    -------
    array, shape (..., K)

    Raises
    ------
    ValueError
        If an entry is NaN, infinite or negative, a sum is not 1, or there is no such axis or no outcome.
    """
    array = as_floating(name, value, min_ndim=1)
    xp = array_namespace(array)
    if not -array.ndim <= axis < array.ndim:
        raise ValueError(f"axis {axis} does not exist in {name}, whose shape is {tuple(array.shape)}")
    array = xp.moveaxis(array, axis, -1)
    if array.shape[-1] == 0:
        raise ValueError(f"{name} must have at least one outcome, but its shape is {tuple(array.shape)}")
    require_finite(name, array)
    if xp.any(array < 0):
        raise ValueError(
            f"{name} must hold probabilities, but its smallest entry is {float(xp.min(array))!r}"
        )
    excess = xp.abs(xp.sum(array, axis=-1) - 1)
    if xp.any(excess > math.sqrt(xp.finfo(array.dtype).eps)):
        raise ValueError(
            f"{name} must sum to 1 along its axis, but a sum is off by {float(xp.max(excess)):.3g}"
        )
    return array


def as_distribution_pair(p: Any, q: Any, axis: int = -1) -> tuple[Array, Array]:
    """Return ``p`` and ``q`` as checked distributions of one dtype, broadcast, outcomes on the last axis.

    Arrays decide namespace, device and, by promotion, dtype; lists and numbers follow them.

    Raises
    ------
    ValueError
        As `as_distribution`, or if the numbers of outcomes differ or the other axes do not broadcast.
    TypeError
        If the arrays come from different libraries.
    """
    converted = [as_distribution(name, value, axis) for name, value in (("p", p), ("q", q))]
    given = [array for array, value in zip(converted, (p, q), strict=True) if is_array_api_obj(value)]
    xp = array_namespace(*(given or converted))
    dtype = xp.result_type(*(given or converted))
    template = xp.astype((given or converted)[0], dtype)
    first, second = (as_floating(name, a, like=template) for name, a in zip("pq", converted, strict=True))
    if first.shape[-1] != second.shape[-1]:
        raise ValueError(
            f"q must have the outcomes of p, but has {second.shape[-1]} instead of {first.shape[-1]}"
        )
    shape = common_shape(p=first.shape, q=second.shape)
    return xp.broadcast_to(first, shape), xp.broadcast_to(second, shape)


def unit_of(base: float) -> float:
    """Return the size in nats of the unit of a logarithm to ``base``: 1 for e (nats), ln 2 for 2 (bits).

    Raises
    ------
    ValueError
        If the base is not a finite number above 1; a smaller base would turn the sign of every result.
    """
    if not 1 < base < math.inf:
        raise ValueError(f"base must be a finite number above 1, but is {base!r}")
    return math.log(base)


def x_log_y(x: Array, y: Array) -> Array:
    """Return x log y elementwise for x, y >= 0: 0 where x = 0 whatever y is, -inf where y = 0 < x."""
    xp = array_namespace(x, y)
    certain_zero = x == 0
    impossible = (y == 0) & ~certain_zero
    logs = xp.log(xp.where(certain_zero | impossible, 1, y))
    return xp.where(impossible, -xp.inf, x * logs)


def log1p_remainder(x: Array) -> Array:
    """Return x - log(1 + x) elementwise for \\|x\\| <= 1/2, never negative, right to a few units of rounding.

    Notes
    -----
    With s = x / (2 + x), log(1 + x) = 2 atanh s = 2 (s + s^3/3 + s^5/5 + ...) and x - 2s = s x (Abramowitz and
    Stegun 4.1.27), so the two leading terms cancel on paper instead of in floating point.
    """
    s = x / (2 + x)
    square = s * s
    tail = 0 * s
    for coefficient in reversed(_ATANH_TAIL):
        tail = coefficient + square * tail
    return s * (x - 2 * square * tail)


def relative_entropy_terms(p: Array, q: Array, difference: Array) -> Array:
    """Return p log(p/q) - p + q elementwise: never negative, 0 exactly where p = q, inf where q = 0 < p.

    Parameters
    ----------
    p, q : arrays of one shape
        Nonnegative.
    difference : array of that shape
        q - p, from the caller because it often has a form without rounding.

    Notes
    -----
    The sum over outcomes is the relative entropy whenever both distributions sum to 1. Where the sums are off by
    rounding a and b, it is that of the *normalised* distributions up to a relative a and a term (a - b)^2 / 2,
    whereas sum p log(p/q) is off by a - b and can be negative. (It is scipy.special.kl_div.)
    """
    xp = array_namespace(p, q)
    near = xp.abs(difference) <= p / 2
    near_terms = p * log1p_remainder(xp.where(near, difference, 0) / xp.where(near & (p > 0), p, 1))
    if xp.all(near):
        return near_terms
    # p/q keeps the digits that log p - log q would lose, unless the quotient leaves the range of the dtype.
    small = math.sqrt(xp.finfo(p.dtype).smallest_normal)
    impossible = (q == 0) & (p > 0)
    safe_p, safe_q = xp.where(p > 0, p, 1), xp.where(q > 0, q, 1)
    divisible = (p > small * q) & (q > small * p)
    quotient = xp.where(divisible, safe_p, 1) / xp.where(divisible, safe_q, 1)
    log_ratio = xp.log(quotient)
    if not xp.all(divisible):
        log_ratio = xp.where(divisible, log_ratio, xp.log(safe_p) - xp.log(safe_q))
    far_terms = xp.where(impossible, xp.inf, difference + p * log_ratio)
    return xp.where(near, near_terms, far_terms)
