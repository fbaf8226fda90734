"""Oracles: scipy's scalar minimiser on torch's loss, the first-order condition, Fisher information."""

import math

import numpy as np
import pytest
import torch
from scipy import special
from scipy.optimize import minimize_scalar
from torch.nn import functional

from reference.temperature import temperature_scale

RTOL = {"float64": 1e-12, "float32": 1e-4}


def sample(rng, *, temperature, rows=400, classes=5):
    """Logits and labels drawn from softmax(logits / temperature)."""
    logits = 4 * rng.normal(size=(rows, classes))
    cumulative = special.softmax(logits / temperature, axis=-1).cumsum(-1)
    return logits, (rng.random((rows, 1)) > cumulative[:, :-1]).sum(-1)


@pytest.mark.parametrize("temperature", [0.3, 1.0, 2.5, 30.0])
def test_agrees_with_a_general_minimiser(rng, temperature):
    logits, labels = sample(rng, temperature=temperature)

    def loss(log_temperature):
        scaled = torch.tensor(logits) / math.exp(log_temperature)
        return functional.cross_entropy(scaled, torch.tensor(labels)).item()

    found = minimize_scalar(loss, bounds=(-5, 8), method="bounded", options={"xatol": 1e-9})
    np.testing.assert_allclose(temperature_scale(logits, labels), math.exp(found.x), rtol=1e-5, atol=0)


def test_slope_of_the_loss_vanishes_there(backend, rng):
    logits, labels = sample(rng, temperature=2.0)
    best = temperature_scale(backend.array(logits), labels)
    inverse = torch.tensor(1 / best, dtype=torch.float64, requires_grad=True)
    functional.cross_entropy(inverse * torch.tensor(logits), torch.tensor(labels)).backward()
    assert abs(inverse.grad.item()) < {"float64": 1e-13, "float32": 1e-6}[backend.dtype]


def test_recovers_the_temperature_of_the_labels_to_their_statistical_error(rng):
    logits, labels = sample(rng, temperature=2.0, rows=4000)
    p = special.softmax(logits / 2.0, axis=-1)
    information = (
        (p * logits**2).sum(-1) - (p * logits).sum(-1) ** 2
    ).sum()  # about 1/T, from one label each
    z = (1 / temperature_scale(logits, labels) - 0.5) * math.sqrt(information)
    assert abs(z) < 4


def test_scales_with_the_logits_and_ignores_shifts(rng):
    logits, labels = sample(rng, temperature=1.0)
    best = temperature_scale(logits, labels)
    for scale in (1e-200, 1e-3, 1e3, 1e200):
        np.testing.assert_allclose(
            temperature_scale(scale * logits, labels), scale * best, rtol=1e-12, atol=0
        )
    shifted = logits + rng.normal(size=(len(logits), 1))
    np.testing.assert_allclose(temperature_scale(shifted, labels), best, rtol=1e-11, atol=0)


def test_soft_targets(rng):
    logits = rng.normal(size=(3, 20, 4))
    np.testing.assert_allclose(
        temperature_scale(logits, special.softmax(logits / 1.7, axis=-1)), 1.7, rtol=1e-10, atol=0
    )


def test_no_wrong_answer_means_no_positive_optimum():
    assert temperature_scale([[1.0, 0.0], [0.0, 3.0]], [0, 1]) == 0


@pytest.mark.parametrize(
    "logits", [[[1.0, 0.0], [0.0, 3.0]], [[2.0, 2.0], [0.0, 0.0]], [[1.0, 0.0], [1.0, 0.0]]]
)
def test_logits_no_better_than_guessing_are_flattened_for_ever(logits):
    assert temperature_scale(logits, [1, 0]) == math.inf


def test_almost_separable_data():
    # One of 1001 is wrong by a margin of 1: the condition 1000 s(-b) = s(b) has the root b = log 1000.
    logits = np.zeros((1001, 2))
    logits[:, 0] = 1.0
    labels = np.zeros(1001, dtype=int)
    labels[-1] = 1
    np.testing.assert_allclose(temperature_scale(logits, labels), 1 / math.log(1000), rtol=1e-11, atol=0)


@pytest.mark.parametrize(
    ("logits", "labels", "name"),
    [
        ([[math.nan, 0.0]], [0], "logits"),
        ([[-math.inf, 0.0]], [0], "logits"),
        (1.0, 0, "logits"),
        ([[1.0, 0.0]], [2], "labels"),
        (np.zeros((0, 2)), np.zeros(0, int), "logits"),
    ],
)
def test_bad_input_is_named(logits, labels, name):
    with pytest.raises(ValueError, match=rf"^{name} "):
        temperature_scale(logits, labels)
