"""Temperature scaling: the one number that calibrates a trained classifier without changing its answers."""

from __future__ import annotations

import math
from typing import Any

from array_api_compat import array_namespace
from scipy.optimize import brentq

from reference.arrays import Array, require_finite
from reference.logits import as_targets
from reference.softmax import as_logits, softmax


def temperature_scale(logits: Any, labels: Any) -> float:
    """Temperature T > 0 at which softmax(logits / T) has the smallest mean cross-entropy on the labels.

    Parameters
    ----------
    logits : array, shape (..., K)
        Finite.
    labels : integer array, shape (...), or array, shape (..., K)
        Class indices, or target distributions.

    Returns
    -------
    float
        0.0 if no example is wrong, as the loss then falls for ever as T falls; inf if the logits are no better
        than a uniform guess, as it then falls for ever as T rises.

    Raises
    ------
    ValueError
        If logits are empty or not finite, or labels do not fit.

    Notes
    -----
    In b = 1/T the loss mean[logsumexp(b z) - b z_y] is convex and its slope mean[E_softmax(bz) z - z_y] rises
    through its only root; in T it is not convex.

    References
    ----------
    Guo et al., "On calibration of modern neural networks", ICML 2017, section 4.2.
    """
    logits = as_logits("logits", logits)
    require_finite("logits", logits)
    targets = as_targets(labels, logits)
    xp = array_namespace(logits)
    # Margins below the best class: invariant to shifts, and 0 at the largest logit.
    margins = logits - xp.max(logits, axis=-1, keepdims=True)
    spread = -float(xp.min(margins))
    if spread == 0:
        return math.inf
    margins = margins / spread
    target_mean = _mean_margin(targets, margins)

    def slope(inverse_temperature: float) -> float:
        return _mean_margin(softmax(inverse_temperature * margins), margins) - target_mean

    if slope(0.0) >= 0:
        return math.inf
    if target_mean == 0:
        return 0.0
    upper = 1.0
    while slope(upper) < 0:
        upper *= 2
    # xtol cannot be 0; the relative tolerance decides.
    return spread / brentq(slope, 0.0, upper, xtol=1e-300, rtol=1e-14)


def _mean_margin(weights: Array, margins: Array) -> float:
    xp = array_namespace(weights, margins)
    return float(xp.mean(xp.sum(weights * margins, axis=-1)))
