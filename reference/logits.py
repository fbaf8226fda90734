"""Entropy, divergence and losses straight from logits, without probabilities that underflow or cancel.

Classes are on the last axis. A logit may be -inf (a masked class), but not a whole row of them.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from array_api_compat import array_namespace, device, is_array_api_obj

from reference.arrays import Array, as_floating
from reference.distributions import as_distribution, unit_of
from reference.softmax import as_logits, relative_to_largest

# Log-ratios below which a series replaces exp(r) - 1 - r, which cancels; 1/2!, 1/3!, ... to its rounding, last first.
_NEAR = 0.4
_EXP_TAIL = tuple(1 / math.factorial(k) for k in range(15, 1, -1))


def entropy_from_logits(logits: Any, *, base: float = math.e) -> Array:
    """Entropy of softmax(logits), shape (...), in nats or the unit of ``base``; errors as `reference.softmax.logsumexp`."""
    shifted, weights, rest = relative_to_largest(as_logits("logits", logits))
    xp = array_namespace(shifted)
    # log(1 + rest) - sum p (z - max z): two terms, neither of which is negative, so nothing cancels.
    mean_margin = xp.sum(weights * xp.where(weights > 0, shifted, 0), axis=-1) / (1 + rest[..., 0])
    return (xp.log1p(rest[..., 0]) - mean_margin) / unit_of(base)


def kl_divergence_from_logits(logits_p: Any, logits_q: Any, *, base: float = math.e) -> Array:
    """KL(softmax(logits_p) || softmax(logits_q)) >= 0.

    Parameters
    ----------
    logits_p, logits_q : arrays of one shape (..., K)
    base
        e for nats, 2 for bits.

    Returns
    -------
    array, shape (...); infinite only where q masks (-inf) a class that p does not

    Raises
    ------
    ValueError
        If the shapes differ, logits hold NaN or +inf, a row is all -inf, or base is not above 1.
    """
    first = as_logits("logits_p", logits_p)
    second = as_logits("logits_q", as_floating("logits_q", logits_q, like=first))
    if first.shape != second.shape:
        raise ValueError(f"logits_q must have shape {tuple(first.shape)}, but has {tuple(second.shape)}")
    xp = array_namespace(first, second)
    (p, log_p), (q, log_q) = _softmax_and_log(first), _softmax_and_log(second)
    masked = xp.isinf(first)
    log_ratio = xp.where(masked, 0, log_q) - xp.where(masked, 0, log_p)
    near = xp.abs(log_ratio) < _NEAR
    near_terms = _exp_remainder(xp.where(near, log_ratio, 0))
    # The same terms as for probabilities, p log(p/q) - p + q, so that none is negative.
    far_terms = q - p - xp.where(masked, 0, p * xp.where(p > 0, log_ratio, 0))
    impossible = xp.isinf(second) & ~masked
    terms = xp.where(near & ~masked, p * near_terms, xp.where(impossible, xp.inf, far_terms))
    return xp.sum(terms, axis=-1) / unit_of(base)


def cross_entropy_from_logits(
    logits: Any, labels: Any, *, reduction: str = "mean", base: float = math.e
) -> Array:
    """Cross-entropy of targets and softmax(logits), the usual loss of a classifier.

    Parameters
    ----------
    logits : array, shape (..., K)
    labels : integer array, shape (...), or array, shape (..., K)
        Class indices from 0 to K - 1, or target distributions (one-hot or soft).
    reduction
        "mean" over all leading axes, "sum", or "none" for shape (...).
    base
        e for nats, 2 for bits.

    Returns
    -------
    array, shape () or (...); infinite where a class with positive target is masked

    Raises
    ------
    ValueError
        If labels do not fit logits or are no distributions, the reduction is unknown, logits hold NaN or +inf,
        a row is all -inf, or base is not above 1.
    """
    logits = as_logits("logits", logits)
    xp = array_namespace(logits)
    shifted, _, rest = relative_to_largest(logits)
    indices = _class_indices(labels, logits)
    if indices is None:
        targets = as_targets(labels, logits)
        mean_margin = xp.sum(targets * xp.where(targets > 0, shifted, 0), axis=-1)
    else:  # read off, as an array of one-hot rows would be as large as the logits
        mean_margin = xp.take_along_axis(shifted, indices[..., None], axis=-1)[..., 0]
    return _reduce((xp.log1p(rest[..., 0]) - mean_margin) / unit_of(base), reduction)


def cross_entropy_gradient(logits: Any, labels: Any, *, reduction: str = "mean") -> Array:
    """Gradient of `cross_entropy_from_logits` (in nats) with respect to the logits: softmax - target.

    Parameters and errors are those of `cross_entropy_from_logits`; "none" and "sum" give the same gradient, as
    each loss depends on its own row only.

    Returns
    -------
    array, shape (..., K); every row sums to 0

    Notes
    -----
    Computed as p (1 - t) - t (1 - p), with 1 - p summed from the other classes: a confident right answer keeps
    its tiny gradient where p - 1 would round to 0.
    """
    logits = as_logits("logits", logits)
    targets = as_targets(labels, logits)
    _, weights, rest = relative_to_largest(logits)
    others = (1 - weights) + rest  # no rounding at the largest weight, which is exactly 1
    gradient = (weights * (1 - targets) - targets * others) / (1 + rest)
    count = math.prod(logits.shape[:-1]) if _known(reduction) == "mean" else 1
    return gradient / count


def binary_cross_entropy_from_logits(
    logits: Any, targets: Any, *, reduction: str = "mean", base: float = math.e
) -> Array:
    """Cross-entropy of a yes-or-no target and sigmoid(logit), t softplus(-z) + (1 - t) softplus(z).

    Parameters
    ----------
    logits : array, shape (...)
        Finite.
    targets : array, shape (...)
        Probabilities of yes, each from 0 to 1.
    reduction
        "mean", "sum" or "none".
    base
        e for nats, 2 for bits.

    Raises
    ------
    ValueError
        If logits are not finite, shapes differ, a target is outside [0, 1], or an option is unknown.
    """
    z = as_floating("logits", logits)
    t = as_floating("targets", targets, like=z)
    xp = array_namespace(z)
    if not xp.all(xp.isfinite(z)):
        raise ValueError("logits must be finite")
    if t.shape != z.shape:
        raise ValueError(f"targets must have shape {tuple(z.shape)}, but have {tuple(t.shape)}")
    if not xp.all((t >= 0) & (t <= 1)):
        raise ValueError("targets must hold probabilities, from 0 to 1")
    overshoot = xp.log1p(xp.exp(-xp.abs(z)))
    softplus, softplus_of_negative = (xp.where(x > 0, x, 0) + overshoot for x in (z, -z))
    return _reduce((t * softplus_of_negative + (1 - t) * softplus) / unit_of(base), reduction)


def as_targets(labels: Any, logits: Array) -> Array:
    """Target distributions of shape (..., K) from class indices or from distributions."""
    indices = _class_indices(labels, logits)
    if indices is None:
        return as_floating("labels", as_distribution("labels", labels), like=logits)
    xp = array_namespace(logits)
    classes = xp.arange(logits.shape[-1], device=device(logits))
    return xp.astype(indices[..., None] == classes, logits.dtype)


def _class_indices(labels: Any, logits: Array) -> Array | None:
    """Checked class indices, shape (...), or None if ``labels`` have the shape of distributions."""
    xp = array_namespace(logits)
    given = labels if is_array_api_obj(labels) else np.asarray(labels)
    if given.shape == logits.shape:
        return None
    if not array_namespace(given).isdtype(given.dtype, "integral") or given.shape != logits.shape[:-1]:
        raise ValueError(
            f"labels must be class indices of shape {tuple(logits.shape[:-1])} or distributions of shape "
            f"{tuple(logits.shape)}, but have shape {tuple(given.shape)} and dtype {given.dtype}"
        )
    indices = xp.asarray(given, dtype=xp.int64, device=device(logits))
    classes = logits.shape[-1]
    if not xp.all((indices >= 0) & (indices < classes)):
        raise ValueError(f"labels must be class indices from 0 to {classes - 1}")
    return indices


def _softmax_and_log(logits: Array) -> tuple[Array, Array]:
    shifted, weights, rest = relative_to_largest(logits)
    return weights / (1 + rest), shifted - array_namespace(logits).log1p(rest)


def _exp_remainder(r: Array) -> Array:
    """Return exp(r) - 1 - r = r^2/2 + r^3/6 + ... elementwise for \\|r\\| < _NEAR, never negative."""
    tail = 0 * r
    for coefficient in _EXP_TAIL:
        tail = coefficient + r * tail
    return r * r * tail


def _known(reduction: str) -> str:
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(f"reduction must be 'mean', 'sum' or 'none', but is {reduction!r}")
    return reduction


def _reduce(losses: Array, reduction: str) -> Array:
    xp = array_namespace(losses)
    if _known(reduction) == "none":
        return losses
    return xp.mean(losses) if reduction == "mean" else xp.sum(losses)
