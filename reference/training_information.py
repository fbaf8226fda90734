"""What entropy, cross-entropy and relative entropy do while a classifier trains."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from array_api_compat import array_namespace
from matplotlib.axes import Axes

from reference.distributions import unit_of
from reference.logits import (
    as_targets,
    cross_entropy_from_logits,
    entropy_from_logits,
    kl_divergence_from_logits,
)
from reference.softmax import as_logits


@dataclass(frozen=True)
class InformationCurves:
    """Means over the examples, one entry per epoch, in units of log ``base`` (nats for e, bits for 2)."""

    entropy: tuple[float, ...]  # of the predictions: how undecided they are, right or wrong
    cross_entropy: tuple[float, ...]  # of targets and predictions: the loss
    kl_divergence: tuple[float, ...]  # the loss less the entropy of the targets: what training can remove
    base: float = math.e


def training_curves(
    logits_by_epoch: Iterable[Any], labels: Any, *, base: float = math.e
) -> InformationCurves:
    """Mean prediction entropy, cross-entropy and KL(target || prediction) for each epoch.

    Parameters
    ----------
    logits_by_epoch : iterable of arrays, shape (..., K)
        The logits of the same examples after each epoch.
    labels : integer array, shape (...), or array, shape (..., K)
        Class indices, or target distributions.
    base
        e for nats, 2 for bits.

    Returns
    -------
    InformationCurves

    Raises
    ------
    ValueError
        If labels do not fit the logits, logits hold NaN or +inf, or base is not above 1.

    Notes
    -----
    With one-hot targets cross-entropy and KL are equal, as the targets have no entropy. The prediction entropy is
    no part of the loss: on a confidently wrong example it falls while the loss rises.
    """
    entropies, losses, divergences = [], [], []
    for value in logits_by_epoch:
        logits = as_logits("logits_by_epoch", value)
        xp = array_namespace(logits)
        targets = as_targets(labels, logits)
        target_logits = xp.where(targets > 0, xp.log(xp.where(targets > 0, targets, 1)), -xp.inf)
        entropies.append(float(xp.mean(entropy_from_logits(logits, base=base))))
        losses.append(float(cross_entropy_from_logits(logits, targets, base=base)))
        divergences.append(float(xp.mean(kl_divergence_from_logits(target_logits, logits, base=base))))
    return InformationCurves(tuple(entropies), tuple(losses), tuple(divergences), base)


def plot_information(ax: Axes, epochs: Sequence[float], curves: InformationCurves) -> Axes:
    """Draw the three curves against the epochs, with the unit on the y axis, and return ``ax``.

    Raises
    ------
    ValueError
        If the numbers of epochs and values differ.

    Notes
    -----
    A line cannot show an infinite loss; the legend counts the values left out, so that none vanishes silently.
    """
    if len(epochs) != len(curves.entropy):
        raise ValueError(f"epochs must have {len(curves.entropy)} entries, but have {len(epochs)}")
    for label, values in (
        ("prediction entropy", curves.entropy),
        ("cross-entropy", curves.cross_entropy),
        ("KL divergence", curves.kl_divergence),
    ):
        infinite = int(np.isinf(values).sum())
        shown = np.where(np.isinf(values), np.nan, values)
        ax.plot(epochs, shown, marker="o", label=f"{label} ({infinite} infinite)" if infinite else label)
    unit = {1.0: "nats", math.log(2): "bits"}.get(unit_of(curves.base), f"units of log {curves.base:g}")
    ax.set_xlabel("epoch")
    ax.set_ylabel(f"mean per example ({unit})")
    ax.legend()
    return ax
