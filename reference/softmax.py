"""Softmax and its logarithm, where plain exponentials would overflow, underflow or cancel.

Classes are on the last axis. A logit may be -inf (a masked class), but not a whole row of them.
"""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace, device

from reference.arrays import Array, as_floating


def logsumexp(logits: Any) -> Array:
    """log sum exp z over the last axis, without overflow.

    Parameters
    ----------
    logits : array, shape (..., K)

    Returns
    -------
    array, shape (...)

    Raises
    ------
    ValueError
        If logits hold NaN or +inf, a row is all -inf, or there is no class.

    References
    ----------
    Blanchard, Higham and Higham, "Accurately computing the log-sum-exp and softmax functions", IMA J. Numer.
    Anal. 41, 2021: the largest term is taken out of the sum and log1p does the rest.
    """
    logits = as_logits("logits", logits)
    xp = array_namespace(logits)
    _, _, rest = relative_to_largest(logits)
    return xp.max(logits, axis=-1) + xp.log1p(rest[..., 0])


def log_softmax(logits: Any) -> Array:
    """Log-probabilities z - logsumexp(z), each to full relative accuracy, however confident.

    Parameters and errors are those of `logsumexp`; returns shape (..., K), nats.

    Notes
    -----
    The largest entry is -log1p(sum of the other weights): -exp(-50) for z = (50, 0), where subtracting a
    logsumexp gives 0.
    """
    logits = as_logits("logits", logits)
    shifted, _, rest = relative_to_largest(logits)
    return shifted - array_namespace(logits).log1p(rest)


def softmax(logits: Any) -> Array:
    """Probabilities exp(z) / sum exp(z). Parameters and errors are those of `logsumexp`; shape (..., K)."""
    _, weights, rest = relative_to_largest(as_logits("logits", logits))
    return weights / (1 + rest)


def as_logits(name: str, value: Any) -> Array:
    """Return ``value`` as a checked floating array of logits, shape (..., K); errors as `logsumexp`, by name."""
    logits = as_floating(name, value, min_ndim=1)
    xp = array_namespace(logits)
    if 0 in logits.shape:
        raise ValueError(f"{name} must not be empty, but have shape {tuple(logits.shape)}")
    if not xp.all(logits < xp.inf):
        raise ValueError(f"{name} must not hold NaN or +inf")
    if not xp.all(xp.max(logits, axis=-1) > -xp.inf):
        raise ValueError(f"{name} must leave at least one class above -inf in each row")
    return logits


def relative_to_largest(logits: Array) -> tuple[Array, Array, Array]:
    """z - max z, the weights exp(z - max z), and the sum (kept as an axis) of all weights but the largest, a 1."""
    xp = array_namespace(logits)
    shifted = logits - xp.max(logits, axis=-1, keepdims=True)
    weights = xp.exp(shifted)
    classes = xp.arange(logits.shape[-1], device=device(logits))
    first_largest = classes == xp.argmax(logits, axis=-1, keepdims=True)  # one only, also among equals
    rest = xp.sum(xp.where(first_largest, 0, weights), axis=-1, keepdims=True)
    return shifted, weights, rest
