"""Oracles: 50-digit mpmath, torch.nn.functional, scipy.special."""

import math

import mpmath
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import special
from torch.nn import functional

from reference.softmax import log_softmax, logsumexp, softmax

mpmath.mp.dps = 50
RTOL = {"float64": 2e-14, "float32": 8e-6}
LOGITS = arrays(np.float64, 5, elements=st.floats(-60, 60))
ALL = (logsumexp, log_softmax, softmax)


def exact_log_softmax(z):
    with mpmath.workdps(150):  # log(1 + exp(-120)) needs all digits of the sum
        z = [mpmath.mpf(float(x)) for x in z]
        total = mpmath.log(mpmath.fsum(map(mpmath.exp, z)))
        return [x - total for x in z]


@given(LOGITS)
def test_every_entry_has_full_relative_accuracy(z):
    exact = [float(x) for x in exact_log_softmax(z)]
    # A difference of 120 is rounded by 120 eps / 2, and exp makes that a relative error.
    np.testing.assert_allclose(log_softmax(z), exact, rtol=2e-14, atol=0)
    np.testing.assert_allclose(softmax(z), np.exp(exact), rtol=3e-14, atol=0)


def test_confident_answer_keeps_its_tiny_loss(backend):
    result = log_softmax(backend.array([50, 0]))
    assert backend.owns(result)
    np.testing.assert_allclose(result, [-math.exp(-50), -50], rtol=RTOL[backend.dtype], atol=0)


def test_huge_logits_neither_overflow_nor_cancel(backend):
    result = log_softmax(backend.array([1000, 0, -1000]))
    np.testing.assert_array_equal(result, [0, -1000, -2000])


def test_batches_agree_with_torch_and_scipy(backend, rng):
    z = 5 * rng.normal(size=(2, 3, 7))
    for ours, oracle in (
        (log_softmax, special.log_softmax(z, axis=-1)),
        (softmax, functional.softmax(torch.tensor(z), -1)),
        (logsumexp, special.logsumexp(z, axis=-1)),
    ):
        result = ours(backend.array(z))
        assert backend.owns(result)
        np.testing.assert_allclose(result, oracle, rtol=RTOL[backend.dtype], atol=RTOL[backend.dtype])


@given(LOGITS, st.integers(-1000, 1000))
def test_shifting_all_logits_changes_only_logsumexp(z, shift):
    np.testing.assert_allclose(log_softmax(z + shift), log_softmax(z), rtol=0, atol=1e-12)
    np.testing.assert_allclose(logsumexp(z + shift), logsumexp(z) + shift, rtol=0, atol=1e-12)


@given(LOGITS)
def test_softmax_is_a_distribution_and_logsumexp_a_soft_maximum(z):
    np.testing.assert_allclose(softmax(z).sum(), 1, rtol=1e-15, atol=0)
    assert z.max() <= logsumexp(z) <= z.max() + math.log(5) + 1e-14


def test_equal_logits_share_evenly():
    np.testing.assert_allclose(softmax([7.0, 7.0, 7.0]), 1 / 3, rtol=1e-15, atol=0)


def test_masked_classes_get_nothing(backend):
    z = backend.array([-math.inf, 1.0, 1.0])
    assert softmax(z)[0] == 0 and log_softmax(z)[0] == -math.inf
    np.testing.assert_allclose(softmax(z)[1:], 0.5, rtol=1e-6, atol=0)


@pytest.mark.parametrize("function", ALL)
@pytest.mark.parametrize("bad", [[math.nan, 0.0], [math.inf, 0.0], [-math.inf, -math.inf], [], 1.0, [1j, 0]])
def test_bad_logits_are_named(function, bad):
    with pytest.raises(ValueError, match=r"^logits "):
        function(bad)


@pytest.mark.parametrize("function", ALL)
def test_nothing_is_written_and_nothing_warns(function):
    z = np.array([[1e4, 0.0, -1e4], [-math.inf, 3.0, 0.0]])
    z.flags.writeable = False
    with np.errstate(divide="raise", invalid="raise", over="raise"):
        assert not np.isnan(function(z)).any()
