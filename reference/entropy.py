"""Entropy, cross-entropy, relative entropy and mutual information of finite distributions.

All take arrays of any namespace with the outcomes along ``axis`` and return the other axes. The unit follows from
``base``: nats for e (the default), bits for 2. Conventions, by continuity: 0 log 0 = 0, 0 log(0/0) = 0 and
p log(p/0) = inf for p > 0 (Cover and Thomas, *Elements of Information Theory*, 2nd ed., 2006, section 2.3).
"""

from __future__ import annotations

import math
from typing import Any

from array_api_compat import array_namespace

from reference.arrays import Array, as_floating
from reference.distributions import (
    as_distribution,
    as_distribution_pair,
    relative_entropy_terms,
    unit_of,
    x_log_y,
)


def entropy(p: Any, *, base: float = math.e, axis: int = -1) -> Array:
    """Entropy H(p) = -sum p log p, between 0 (a certain outcome, exactly) and log K (K equally likely ones).

    Parameters
    ----------
    p : array, shape (..., K, ...)
        Probabilities, summing to 1 along ``axis``.
    base
        e for nats, 2 for bits.
    axis
        The axis of the K outcomes.

    Returns
    -------
    array, shape of p without ``axis``

    Raises
    ------
    ValueError
        If p is not a distribution along ``axis`` (negative, NaN, sum not 1, no outcome) or base is not above 1.

    References
    ----------
    Cover and Thomas, section 2.1.
    """
    p = as_distribution("p", p, axis)
    return _negative_sum(x_log_y(p, p)) / unit_of(base)


def binary_entropy(p: Any, *, base: float = math.e) -> Array:
    """Entropy -p log p - (1 - p) log(1 - p) of an event of probability p, elementwise.

    Parameters
    ----------
    p : array, shape (...)
        Probabilities of one of two outcomes, each in [0, 1].
    base
        e for nats, 2 for bits.

    Returns
    -------
    array, shape (...)

    Raises
    ------
    ValueError
        If an entry is outside [0, 1] or NaN, or base is not above 1.
    """
    p = as_floating("p", p)
    xp = array_namespace(p)
    if not xp.all((p >= 0) & (p <= 1)):
        raise ValueError("p must hold probabilities, from 0 to 1")
    # log1p(-p) knows 1 - p to full precision for tiny p, where 1 - p itself rounds to 1.
    log_complement = xp.log1p(-xp.where(p < 1, p, 0))
    return (0.0 - x_log_y(p, p) - (1 - p) * log_complement) / unit_of(base)


def cross_entropy(p: Any, q: Any, *, base: float = math.e, axis: int = -1) -> Array:
    """Cross-entropy H(p, q) = -sum p log q = H(p) + KL(p || q): the mean code length with q's code under p.

    Its minimum over q is H(p), reached at q = p; it is not 0 unless p is certain.

    Parameters
    ----------
    p, q : arrays, shape (..., K, ...)
        True and modelled probabilities; the axes other than ``axis`` broadcast.
    base
        e for nats, 2 for bits.
    axis
        The axis of the K outcomes.

    Returns
    -------
    array, the broadcast shape without ``axis``; infinite where q = 0 < p for some outcome

    Raises
    ------
    ValueError
        If p or q is not a distribution, their shapes do not fit, or base is not above 1.
    """
    p, q = as_distribution_pair(p, q, axis)
    return _negative_sum(x_log_y(p, q)) / unit_of(base)


def kl_divergence(p: Any, q: Any, *, base: float = math.e, axis: int = -1) -> Array:
    """Relative entropy KL(p || q) = sum p log(p/q) >= 0, and exactly 0 for equal arrays.

    Not symmetric: p is the distribution that the mean is taken under. `torch.nn.functional.kl_div` takes them the
    other way round, with log q first.

    Parameters
    ----------
    p, q : arrays, shape (..., K, ...)
        Probabilities; the axes other than ``axis`` broadcast.
    base
        e for nats, 2 for bits.
    axis
        The axis of the K outcomes.

    Returns
    -------
    array, the broadcast shape without ``axis``; infinite where q = 0 < p for some outcome

    Raises
    ------
    ValueError
        If p or q is not a distribution, their shapes do not fit, or base is not above 1.

    Notes
    -----
    Nearly equal p and q keep their relative accuracy: the terms are those of `relative_entropy_terms`, none of
    which is negative, so nothing cancels in the sum.

    References
    ----------
    Cover and Thomas, sections 2.3 and 2.6 (Gibbs' inequality).
    """
    p, q = as_distribution_pair(p, q, axis)
    return _sum(relative_entropy_terms(p, q, q - p)) / unit_of(base)


def js_divergence(p: Any, q: Any, *, base: float = math.e, axis: int = -1) -> Array:
    """Jensen-Shannon divergence (KL(p || m) + KL(q || m)) / 2 with m = (p + q)/2; symmetric, from 0 to log 2.

    Parameters, result and errors are those of `kl_divergence`, but it is always finite. Its square root is a
    metric; `scipy.spatial.distance.jensenshannon` returns that root.

    References
    ----------
    Lin, "Divergence measures based on the Shannon entropy", IEEE Trans. Inf. Theory 37, 1991.
    """
    p, q = as_distribution_pair(p, q, axis)
    # T(p, m) = T(2p, p + q)/2 for the terms T: no halving that underflows, and 2p - (p + q) = p - q is exact.
    terms = relative_entropy_terms(2 * p, p + q, q - p) + relative_entropy_terms(2 * q, p + q, p - q)
    return _sum(terms) / 4 / unit_of(base)


def mutual_information(joint: Any, *, base: float = math.e) -> Array:
    """Mutual information I(X; Y) = KL(joint || product of its marginals) >= 0, about 0 if independent.

    Parameters
    ----------
    joint : array, shape (..., K, M)
        P(X = i, Y = j), summing to 1 over the last two axes.
    base
        e for nats, 2 for bits.

    Returns
    -------
    array, shape (...)

    Raises
    ------
    ValueError
        If joint has fewer than two axes or is not a distribution, or base is not above 1.

    References
    ----------
    Cover and Thomas, section 2.4: I(X; Y) = H(X) + H(Y) - H(X, Y).
    """
    joint = as_floating("joint", joint, min_ndim=2)
    xp = array_namespace(joint)
    flat = as_distribution("joint", xp.reshape(joint, (*joint.shape[:-2], joint.shape[-2] * joint.shape[-1])))
    product = xp.sum(joint, axis=-1, keepdims=True) * xp.sum(joint, axis=-2, keepdims=True)
    product = xp.reshape(product, flat.shape)
    return _sum(relative_entropy_terms(flat, product, product - flat)) / unit_of(base)


def perplexity(p: Any, q: Any = None, *, axis: int = -1) -> Array:
    """Perplexity exp H(p), or exp H(p, q) of a model q: the number of equally likely outcomes that is as uncertain.

    Parameters and errors are those of `cross_entropy`; from 1 to K for a distribution by itself. It has no unit
    and does not depend on a base.
    """
    nats = entropy(p, axis=axis) if q is None else cross_entropy(p, q, axis=axis)
    return array_namespace(nats).exp(nats)


def label_smooth(p: Any, amount: float, *, axis: int = -1) -> Array:
    """Mix targets with the uniform distribution: (1 - amount) p + amount / K.

    The smallest cross-entropy that any prediction can reach is then the entropy of the smoothed targets, not 0.

    Parameters
    ----------
    p : array, shape (..., K, ...)
        Target distributions, one-hot rows in the usual case.
    amount
        Weight of the uniform distribution, from 0 to 1.
    axis
        The axis of the K outcomes.

    Returns
    -------
    array, shape of p

    Raises
    ------
    ValueError
        If p is not a distribution along ``axis`` or amount is outside [0, 1].

    References
    ----------
    Szegedy et al., "Rethinking the Inception architecture for computer vision", CVPR 2016, section 7.
    """
    if not 0 <= amount <= 1:
        raise ValueError(f"amount must lie in [0, 1], but is {amount!r}")
    p = as_distribution("p", p, axis)
    return array_namespace(p).moveaxis((1 - amount) * p + amount / p.shape[-1], -1, axis)


def _sum(terms: Array) -> Array:
    return array_namespace(terms).sum(terms, axis=-1)


def _negative_sum(terms: Array) -> Array:
    return 0.0 - _sum(terms)  # unlike -x, this makes no negative zero
