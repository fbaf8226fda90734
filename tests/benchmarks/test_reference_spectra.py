"""Singular values, condition numbers and Lyapunov exponents beside `numpy.linalg` and `torch.linalg`."""

from __future__ import annotations

import functools

import numpy as np
import pytest
import scipy.stats
import torch

from reference.eigen_analysis import condition_number, singular_values
from reference.matrix_products import lyapunov_exponents
from tests.benchmarks.timing import cpu_seconds, show

pytestmark = pytest.mark.benchmark


def ensemble(count, n, values):
    """Random matrices with the given singular values, shape (count, n, n)."""
    rotations = scipy.stats.ortho_group.rvs(n, size=2 * count, random_state=0).reshape(2, count, n, n)
    return (rotations[0] * values) @ rotations[1]


def test_singular_values_and_condition_numbers_of_an_ensemble():
    values = np.geomspace(1, 1e-6, 128)
    W = ensemble(16, 128, values)
    T = torch.tensor(W)
    calls = {
        "ours": lambda: singular_values(W),
        "ours, in torch": lambda: singular_values(T),
        "numpy.linalg.svdvals": lambda: np.linalg.svdvals(W),
        "torch.linalg.svdvals": lambda: torch.linalg.svdvals(T),
        "eigenvalues of W'W": lambda: np.sqrt(np.abs(np.linalg.eigvalsh(W.mT @ W)))[..., ::-1],
    }
    errors = {name: float(np.max(np.abs(np.asarray(call()) / values - 1))) for name, call in calls.items()}
    seconds = cpu_seconds(calls, repeats=3)
    show("16 x 128 x 128, condition 1e6; largest relative error of a singular value", seconds, errors)
    assert errors["ours"] <= 2 * errors["numpy.linalg.svdvals"]
    assert errors["ours"] < errors["eigenvalues of W'W"] / 100
    assert seconds["ours"] < 1.5 * seconds["numpy.linalg.svdvals"]

    calls = {
        "ours": lambda: condition_number(W),
        "ours, in torch": lambda: condition_number(T),
        "numpy.linalg.cond": lambda: np.linalg.cond(W),
        "torch.linalg.cond": lambda: torch.linalg.cond(T),
    }
    errors = {name: float(np.max(np.abs(np.asarray(call()) / 1e6 - 1))) for name, call in calls.items()}
    seconds = cpu_seconds(calls, repeats=3)
    show("their condition numbers", seconds, errors)
    assert errors["ours"] <= 2 * errors["numpy.linalg.cond"]
    assert seconds["ours"] < 1.5 * seconds["numpy.linalg.cond"]


def test_growth_rates_of_a_deep_product():
    """Stretches turned by rotations that cancel between layers: the exponents are those of one layer."""
    depth, n = 200, 12
    rates = np.linspace(1, -1, n)
    turns = scipy.stats.ortho_group.rvs(n, size=depth + 1, random_state=1)
    W = np.stack([(turns[i + 1] * np.exp(rates)) @ turns[i].T for i in range(depth)])

    def by_the_product():
        return np.log(np.linalg.svdvals(functools.reduce(lambda product, layer: layer @ product, W))) / depth

    calls = {"ours": lambda: lyapunov_exponents(W), "product, then SVD": by_the_product}
    errors = {name: float(np.max(np.abs(call() - rates))) for name, call in calls.items()}
    title = f"Lyapunov exponents of {depth} layers of width {n}; absolute error"
    show(title, cpu_seconds(calls, repeats=3), errors)
    assert errors["ours"] < 0.05 < errors["product, then SVD"]
