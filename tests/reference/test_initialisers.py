"""Oracles: torch.nn.init's fans and bounds, known variances by z-score, known distributions by Kolmogorov-Smirnov."""

import math

import numpy as np
import pytest
import torch
from scipy import stats

from reference.initialisers import fan_in_fan_out, he_normal, he_uniform, xavier_normal, xavier_uniform

ALL = (xavier_normal, xavier_uniform, he_normal, he_uniform)
SHAPES = [(30, 70), (7, 5, 3, 3), (90, 20)]


@pytest.mark.parametrize("shape", [(300, 700), (8, 4), (6, 5, 3), (7, 4, 3, 2), (7, 4, 3, 2, 5)])
def test_fans_are_those_of_torch(shape):
    assert fan_in_fan_out(shape) == torch.nn.init._calculate_fan_in_and_fan_out(torch.empty(shape))


def std_of_torch(function, shape):
    fan_in, fan_out = torch.nn.init._calculate_fan_in_and_fan_out(torch.empty(shape))
    return math.sqrt(2 / (fan_in + fan_out)) if "xavier" in function.__name__ else math.sqrt(2 / fan_in)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("function", ALL)
def test_weights_have_the_right_distribution(function, shape):
    rng = np.random.default_rng(7)
    samples = np.concatenate([function(shape, rng).ravel() for _ in range(20)])
    std = std_of_torch(function, shape)
    limit = math.sqrt(3) * std
    law = stats.norm(scale=std) if "normal" in function.__name__ else stats.uniform(-limit, 2 * limit)
    mean_z = samples.mean() / (std / math.sqrt(samples.size))
    variance_z = (np.mean(samples**2) - std**2) / (np.std(samples**2) / math.sqrt(samples.size))
    assert abs(mean_z) < 4 and abs(variance_z) < 4
    assert stats.kstest(samples, law.cdf).pvalue > 1e-4


@pytest.mark.parametrize("function", [xavier_uniform, he_uniform])
def test_uniform_weights_fill_their_interval_and_stay_inside(function):
    samples = function((300, 100), np.random.default_rng(0))
    limit = math.sqrt(3) * std_of_torch(function, (300, 100))
    assert 0.999 * limit < samples.max() <= limit and -limit <= samples.min() < -0.999 * limit


@pytest.mark.parametrize("function", ALL)
def test_equal_states_give_equal_weights_and_the_state_moves_on(function):
    first, second = np.random.default_rng(3), np.random.default_rng(3)
    weights = function((4, 5), first)
    np.testing.assert_array_equal(weights, function((4, 5), second))
    assert not np.array_equal(weights, function((4, 5), first))


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("function", ALL)
def test_shape_and_dtype(function, dtype):
    weights = function((4, 5, 3), np.random.default_rng(3), dtype=dtype)
    assert weights.shape == (4, 5, 3) and weights.dtype == dtype


@pytest.mark.parametrize("function", [xavier_normal, xavier_uniform])
def test_gain_is_a_factor(function):
    plain, scaled = (function((4, 5), np.random.default_rng(3), gain=g) for g in (1.0, 2.5))
    np.testing.assert_allclose(scaled, 2.5 * plain, rtol=1e-15, atol=0)


@pytest.mark.parametrize("function", [he_normal, he_uniform])
def test_fan_out_mode_is_the_fan_in_of_the_transpose(function):
    by_input = function((40, 10), np.random.default_rng(3))
    by_output = function((40, 10), np.random.default_rng(3), mode="fan_out")
    np.testing.assert_allclose(by_output, by_input / 2, rtol=1e-15, atol=0)


@pytest.mark.parametrize("function", ALL)
@pytest.mark.parametrize("shape", [(3,), (), (3, 0), (-1, 2)])
def test_bad_shapes_are_named(function, shape):
    with pytest.raises(ValueError, match=r"^shape "):
        function(shape, np.random.default_rng(0))


def test_bad_options_are_named():
    rng = np.random.default_rng(0)
    for gain in (0, -1, math.nan, math.inf):
        with pytest.raises(ValueError, match=r"^gain "):
            xavier_normal((2, 2), rng, gain=gain)
    with pytest.raises(ValueError, match=r"^mode "):
        he_normal((2, 2), rng, mode="fan_avg")
