"""How sharp attention is: the entropy of softmax weights, and what is left of the softmax's slope."""

from __future__ import annotations

import math
from typing import Any

from array_api_compat import array_namespace

from reference.arrays import Array, as_floating, require_finite
from reference.logits import entropy_from_logits
from reference.softmax import as_logits, relative_to_largest, softmax


def attention_weights(queries: Any, keys: Any, *, scaled: bool = True) -> Array:
    """Softmax over the keys of each query, of q . k or of q . k / sqrt(d).

    Parameters
    ----------
    queries : array, shape (..., d)
        Decides namespace, dtype and device.
    keys : array, shape (..., K, d)
        The K keys of each query.
    scaled
        Whether scores are divided by sqrt(d).

    Returns
    -------
    array, shape (..., K)

    Raises
    ------
    ValueError
        If shapes do not fit or are empty, or a value is not finite.

    Notes
    -----
    For independent entries of mean 0 and variance 1, q . k has mean 0 and standard deviation sqrt(d) (Vaswani et
    al., NeurIPS 2017, section 3.2.1). Where q and k depend on each other, neither need be so.
    """
    return softmax(_scores(queries, keys, scaled))


def _scores(queries: Any, keys: Any, scaled: bool) -> Array:
    """Return the products q . k, scaled if wanted, shape (..., K), all checked."""
    queries = as_floating("queries", queries, min_ndim=1)
    keys = as_floating("keys", keys, like=queries, min_ndim=2)
    fits = keys.ndim == queries.ndim + 1 and keys.shape[:-2] + keys.shape[-1:] == queries.shape
    if not fits or 0 in keys.shape:
        raise ValueError(
            f"queries and keys must have shapes (..., d) and (..., K, d), none empty, but have "
            f"{tuple(queries.shape)} and {tuple(keys.shape)}"
        )
    require_finite("queries", queries)
    require_finite("keys", keys)
    scores = (keys @ queries[..., None])[..., 0]
    return as_logits("scores", scores / math.sqrt(queries.shape[-1]) if scaled else scores)


def attention_entropy(queries: Any, keys: Any, *, scaled: bool = True) -> Array:
    """Entropy in nats of the attention weights of each query, between 0 (one key) and log K (no preference).

    Parameters and errors are those of `attention_weights`; the result has shape (...).
    """
    return entropy_from_logits(_scores(queries, keys, scaled))


def softmax_slope(queries: Any, keys: Any, *, scaled: bool = True) -> Array:
    """Trace of the softmax's Jacobian, the sum of p (1 - p): what gradients are multiplied by on the way to scores.

    Parameters and errors are those of `attention_weights`; the result has shape (...).

    Notes
    -----
    1 - p is summed from the other weights: for a weight near 1 the difference would lose its digits.
    """
    _, weights, rest = relative_to_largest(_scores(queries, keys, scaled))
    others = (1 - weights) + rest  # no rounding at the largest weight, which is exactly 1
    return array_namespace(weights).sum(weights * others / (1 + rest) ** 2, axis=-1)
