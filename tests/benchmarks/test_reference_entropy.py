"""Entropy and relative entropy beside `scipy.stats.entropy` and `torch.distributions`."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
import scipy.stats
import torch
from torch.distributions import Categorical

from reference.entropy import entropy, kl_divergence
from reference.logits import cross_entropy_from_logits, entropy_from_logits, kl_divergence_from_logits
from tests.benchmarks.timing import cpu_seconds, show

pytestmark = pytest.mark.benchmark

ROWS, CLASSES = 2000, 1000


def logits(seed=0):
    return np.random.default_rng(seed).normal(size=(ROWS, CLASSES))


def probabilities(z):
    p = np.exp(z - z.max(axis=-1, keepdims=True))
    return p / p.sum(axis=-1, keepdims=True)


def worst(values, exact):
    return float(np.max(np.abs(np.asarray(values)[: len(exact)] - exact) / np.abs(exact)))


def test_entropy_of_probabilities():
    p = probabilities(logits())
    t = torch.tensor(p)
    with mpmath.workdps(40):
        exact = np.array([float(-mpmath.fsum(mpmath.mpf(v) * mpmath.log(v) for v in row)) for row in p[:3]])
    calls = {
        "ours": lambda: entropy(p),
        "ours, in torch": lambda: entropy(t),
        "scipy.stats.entropy": lambda: scipy.stats.entropy(p, axis=-1),
        "torch Categorical.entropy": lambda: Categorical(probs=t).entropy(),
    }
    errors = {name: worst(call(), exact) for name, call in calls.items()}
    seconds = cpu_seconds(calls, repeats=3)
    show(f"entropy of {ROWS} x {CLASSES}; relative error", seconds, errors)
    assert errors["ours"] < 1e-14
    assert seconds["ours"] < 3 * seconds["scipy.stats.entropy"]


def test_relative_entropy_of_nearly_equal_distributions():
    z = logits()
    p, q = probabilities(z), probabilities(z + 1e-6 * logits(1))
    t, u = torch.tensor(p), torch.tensor(q)

    def exactly(row, other):
        """Of the distributions that the rounded numbers stand for, so both are normalised first."""
        a, b = ([mpmath.mpf(v) for v in values] for values in (row, other))
        total_a, total_b = mpmath.fsum(a), mpmath.fsum(b)
        terms = (v / total_a * mpmath.log((v / total_a) / (w / total_b)) for v, w in zip(a, b, strict=True))
        return float(mpmath.fsum(terms))

    with mpmath.workdps(40):
        exact = np.array([exactly(row, other) for row, other in zip(p[:3], q[:3], strict=True)])
    calls = {
        "ours": lambda: kl_divergence(p, q),
        "ours, in torch": lambda: kl_divergence(t, u),
        "scipy.stats.entropy": lambda: scipy.stats.entropy(p, q, axis=-1),
        "torch kl_divergence": lambda: torch.distributions.kl_divergence(
            Categorical(probs=t), Categorical(probs=u)
        ),
    }
    errors = {name: worst(call(), exact) for name, call in calls.items()}
    seconds = cpu_seconds(calls, repeats=3)
    show(f"KL of {ROWS} x {CLASSES}, values of 1e-12; relative error", seconds, errors)
    assert errors["ours"] < 1e-6 < errors["scipy.stats.entropy"]


def test_from_logits():
    z, other = torch.tensor(logits()), torch.tensor(logits(1))
    labels = torch.arange(ROWS) % CLASSES
    show(
        f"entropy of {ROWS} x {CLASSES} logits",
        cpu_seconds(
            {
                "ours": lambda: entropy_from_logits(z),
                "torch Categorical.entropy": lambda: Categorical(logits=z).entropy(),
            },
            repeats=3,
        ),
        {},
    )
    show(
        "KL from logits",
        cpu_seconds(
            {
                "ours": lambda: kl_divergence_from_logits(z, other),
                "torch kl_divergence": lambda: torch.distributions.kl_divergence(
                    Categorical(logits=z), Categorical(logits=other)
                ),
            },
            repeats=3,
        ),
        {},
    )
    sure = torch.tensor([[50.0, 0.0, 0.0]], dtype=torch.float64)
    with mpmath.workdps(40):
        exact = np.array([float(mpmath.log1p(2 * mpmath.exp(-50)))])
    first = torch.zeros(1, dtype=torch.int64)
    show(
        "cross-entropy from logits; relative error of a confident right answer",
        cpu_seconds(
            {
                "ours": lambda: cross_entropy_from_logits(z, labels),
                "torch cross_entropy": lambda: torch.nn.functional.cross_entropy(z, labels),
            },
            repeats=3,
        ),
        {
            "ours": worst(cross_entropy_from_logits(sure, first, reduction="none"), exact),
            "torch cross_entropy": worst(
                torch.nn.functional.cross_entropy(sure, first, reduction="none"), exact
            ),
        },
    )
