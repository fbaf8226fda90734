"""Oracles: 50-digit mpmath, torch.nn.functional and its autograd, scipy.special, finite probabilities."""

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

from reference.logits import (
    binary_cross_entropy_from_logits,
    cross_entropy_from_logits,
    cross_entropy_gradient,
    entropy_from_logits,
    kl_divergence_from_logits,
)

mpmath.mp.dps = 50
RTOL = {"float64": 2e-14, "float32": 8e-6}
LOGITS = arrays(np.float64, 5, elements=st.floats(-60, 60))
REDUCTIONS = ("mean", "sum", "none")
ROWS, CLASSES = 6, 4


def exact_log_softmax(z):
    z = [mpmath.mpf(float(x)) for x in z]
    total = mpmath.log(mpmath.fsum(map(mpmath.exp, z)))
    return [x - total for x in z]


def batch(rng):
    logits = 3 * rng.normal(size=(ROWS, CLASSES))
    return logits, rng.integers(0, CLASSES, ROWS), rng.dirichlet(np.ones(CLASSES), ROWS)


class TestEntropyFromLogits:
    @given(LOGITS)
    def test_agrees_with_fifty_digits(self, z):
        exact = mpmath.fsum(-mpmath.exp(x) * x for x in exact_log_softmax(z))
        np.testing.assert_allclose(entropy_from_logits(z), float(exact), rtol=2e-14, atol=0)

    def test_batches(self, backend, rng):
        z = rng.normal(size=(2, 3, 5))
        result = entropy_from_logits(backend.array(z), base=2)
        assert backend.owns(result)
        expected = special.entr(special.softmax(z, axis=-1)).sum(-1) / math.log(2)
        np.testing.assert_allclose(result, expected, rtol=RTOL[backend.dtype], atol=0)

    def test_masked_classes_do_not_count(self, backend):
        z = backend.array([-math.inf, 1.0, 1.0])
        np.testing.assert_allclose(entropy_from_logits(z, base=2), 1, rtol=1e-6, atol=0)


class TestKLFromLogits:
    @given(LOGITS, LOGITS)
    def test_agrees_with_fifty_digits(self, z, w):
        pairs = list(zip(exact_log_softmax(z), exact_log_softmax(w), strict=True))
        exact = mpmath.fsum(mpmath.exp(a) * (a - b) for a, b in pairs)
        result = kl_divergence_from_logits(z, w)
        assert result >= 0
        np.testing.assert_allclose(result, float(exact), rtol=1e-13, atol=1e-14)

    @pytest.mark.parametrize("distance", [1e-2, 1e-4, 1e-6])
    def test_nearly_equal_logits(self, rng, distance):
        z = rng.normal(size=5)
        w = z + distance * rng.normal(size=5)
        pairs = list(zip(exact_log_softmax(z), exact_log_softmax(w), strict=True))
        exact = mpmath.fsum(mpmath.exp(a) * (a - b) for a, b in pairs)
        np.testing.assert_allclose(
            kl_divergence_from_logits(z, w), float(exact), rtol=1e-14 / distance, atol=0
        )

    def test_probabilities_that_underflow_still_count(self):
        np.testing.assert_allclose(
            kl_divergence_from_logits([0.0, 0.0], [0.0, -2000.0]), 1000 - math.log(2), rtol=1e-14, atol=0
        )
        np.testing.assert_allclose(
            kl_divergence_from_logits([0.0, -2000.0], [0.0, 0.0], base=2), 1, rtol=1e-14, atol=0
        )

    def test_masked_classes(self, backend):
        masked, free = backend.array([0, 0, -math.inf]), backend.array([0, 0, 0])
        result = kl_divergence_from_logits(masked, free)
        assert backend.owns(result)
        np.testing.assert_allclose(result, math.log(1.5), rtol=RTOL[backend.dtype], atol=0)
        assert kl_divergence_from_logits(free, masked) == math.inf
        assert kl_divergence_from_logits(masked, masked) == 0

    def test_class_masked_by_the_model_counts_even_if_its_probability_underflows(self):
        assert kl_divergence_from_logits([0.0, -2000.0], [0.0, -math.inf]) == math.inf

    def test_shapes_must_agree(self):
        with pytest.raises(ValueError, match=r"^logits_q "):
            kl_divergence_from_logits([0.0, 1.0], [[0.0, 1.0]])


class TestCrossEntropyFromLogits:
    @pytest.mark.parametrize("reduction", REDUCTIONS)
    def test_agrees_with_torch_for_labels_and_soft_targets(self, backend, rng, reduction):
        z, labels, soft = batch(rng)
        for given_labels, oracle_labels in (
            (labels, torch.tensor(labels)),
            (labels.tolist(), torch.tensor(labels)),
            (backend.array(soft), torch.tensor(soft)),
            (np.eye(CLASSES, dtype=int)[labels], torch.tensor(labels)),
        ):
            result = cross_entropy_from_logits(backend.array(z), given_labels, reduction=reduction)
            assert backend.owns(result)
            expected = functional.cross_entropy(torch.tensor(z), oracle_labels, reduction=reduction)
            np.testing.assert_allclose(result, expected, rtol=RTOL[backend.dtype], atol=0)

    def test_mean_runs_over_all_leading_axes(self, rng):
        z, labels = rng.normal(size=(2, 3, 4)), rng.integers(0, 4, (2, 3))
        expected = functional.cross_entropy(torch.tensor(z.reshape(6, 4)), torch.tensor(labels.ravel()))
        np.testing.assert_allclose(cross_entropy_from_logits(z, labels), expected, rtol=1e-14, atol=0)

    def test_extreme_logits_give_exact_losses(self):
        z = [[1000.0, 0.0, -1000.0]] * 3
        np.testing.assert_array_equal(
            cross_entropy_from_logits(z, [0, 1, 2], reduction="none"), [0, 1000, 2000]
        )

    def test_bits(self):
        np.testing.assert_allclose(cross_entropy_from_logits(np.zeros(8), 3, base=2), 3, rtol=1e-15, atol=0)

    def test_masked_classes_cost_infinity_only_where_they_are_wanted(self):
        z = [[-math.inf, 0.0, 0.0]] * 2
        losses = cross_entropy_from_logits(z, [0, 1], reduction="none")
        assert losses[0] == math.inf
        np.testing.assert_allclose(losses[1], math.log(2), rtol=1e-15, atol=0)


class TestCrossEntropyGradient:
    @pytest.mark.parametrize("reduction", REDUCTIONS)
    def test_agrees_with_autograd(self, backend, rng, reduction):
        z, labels, soft = batch(rng)
        for given_labels, oracle_labels in ((labels, torch.tensor(labels)), (soft, torch.tensor(soft))):
            leaf = torch.tensor(z, requires_grad=True)
            functional.cross_entropy(leaf, oracle_labels, reduction=reduction).sum().backward()
            result = cross_entropy_gradient(backend.array(z), given_labels, reduction=reduction)
            assert backend.owns(result)
            np.testing.assert_allclose(result, leaf.grad, rtol=RTOL[backend.dtype], atol=RTOL[backend.dtype])

    @given(
        arrays(np.float64, (3, 5), elements=st.floats(-40, 40)), arrays(int, 3, elements=st.integers(0, 4))
    )
    def test_every_entry_has_full_relative_accuracy(self, z, labels):
        gradient = cross_entropy_gradient(z, labels, reduction="sum")
        for row, label, result in zip(z, labels, gradient, strict=True):
            p = [mpmath.exp(x) for x in exact_log_softmax(row)]
            exact = [float(x - (j == label)) for j, x in enumerate(p)]
            np.testing.assert_allclose(result, exact, rtol=3e-14, atol=0)

    def test_confident_right_answer_keeps_its_gradient(self):
        tail = math.exp(-50)
        np.testing.assert_allclose(
            cross_entropy_gradient([50.0, 0.0, 0.0], 0), [-2 * tail, tail, tail], rtol=1e-14, atol=0
        )

    @given(arrays(np.float64, (3, 5), elements=st.floats(-40, 40)))
    def test_rows_sum_to_zero(self, z):
        gradient = cross_entropy_gradient(z, [0, 1, 2])
        np.testing.assert_allclose(gradient.sum(-1), 0, rtol=0, atol=1e-15)


class TestBinaryCrossEntropyFromLogits:
    @pytest.mark.parametrize("reduction", REDUCTIONS)
    def test_agrees_with_torch(self, backend, rng, reduction):
        z, t = 10 * rng.normal(size=(4, 3)), rng.random((4, 3))
        result = binary_cross_entropy_from_logits(backend.array(z), backend.array(t), reduction=reduction)
        assert backend.owns(result)
        expected = functional.binary_cross_entropy_with_logits(
            torch.tensor(z), torch.tensor(t), reduction=reduction
        )
        np.testing.assert_allclose(result, expected, rtol=RTOL[backend.dtype], atol=0)

    @given(st.floats(-700, 700), st.sampled_from([0.0, 0.3, 1.0]))
    def test_agrees_with_fifty_digits(self, z, t):
        with mpmath.workdps(700):
            yes, no = mpmath.log1p(mpmath.exp(-mpmath.mpf(z))), mpmath.log1p(mpmath.exp(mpmath.mpf(z)))
            exact = float(mpmath.mpf(t) * yes + (1 - mpmath.mpf(t)) * no)
        np.testing.assert_allclose(binary_cross_entropy_from_logits(z, t), exact, rtol=1e-14, atol=0)

    def test_is_the_two_class_loss_of_logits_z_and_0(self, rng):
        z, labels = rng.normal(size=5), np.array([0, 1, 1, 0, 1])
        expected = functional.cross_entropy(
            torch.tensor(np.stack([0 * z, z], -1)), torch.tensor(labels)
        ) / math.log(2)
        np.testing.assert_allclose(
            binary_cross_entropy_from_logits(z, labels, base=2), expected, rtol=1e-14, atol=0
        )

    @pytest.mark.parametrize(
        ("logits", "targets", "name"),
        [
            ([math.inf], [0.5], "logits"),
            ([math.nan], [0.5], "logits"),
            ([0.0], [1.5], "targets"),
            ([0.0], [-0.5], "targets"),
            ([0.0], [math.nan], "targets"),
            ([0.0], [[0.5]], "targets"),
        ],
    )
    def test_bad_input_is_named(self, logits, targets, name):
        with pytest.raises(ValueError, match=rf"^{name} "):
            binary_cross_entropy_from_logits(logits, targets)


WITH_LABELS = (cross_entropy_from_logits, cross_entropy_gradient)


class TestInputs:
    @pytest.mark.parametrize(
        "bad", [[math.nan, 0.0], [math.inf, 0.0], [-math.inf, -math.inf], [], 1.0, [1j, 0]]
    )
    def test_bad_logits_are_named(self, bad):
        with pytest.raises(ValueError, match=r"^logits "):
            entropy_from_logits(bad)
        for function in WITH_LABELS:
            with pytest.raises(ValueError, match=r"^logits "):
                function(bad, 0)
        with pytest.raises(ValueError, match=r"^logits_p "):
            kl_divergence_from_logits(bad, [0.0, 0.0])
        with pytest.raises(ValueError, match=r"^logits_q "):
            kl_divergence_from_logits([0.0, 0.0], bad)

    @pytest.mark.parametrize(
        "bad",
        [
            [0, 1],  # too few
            [0, 1, 4],  # no such class
            [0, 1, -1],
            [0.0, 1.0, 2.0],  # not integers
            [[1, 0, 0, 0]],  # too few distributions
            [[0.5, 0.5, 0.5, 0]] * 3,
            [[1.5, -0.5, 0, 0]] * 3,
            [[1.0, 0, 0]] * 3,  # too few classes
            [[[1, 0, 0, 0]] * 3],
        ],
    )
    def test_bad_labels_are_named(self, bad):
        for function in WITH_LABELS:
            with pytest.raises(ValueError, match=r"^labels "):
                function(np.zeros((3, 4)), bad)

    @pytest.mark.parametrize("function", WITH_LABELS)
    def test_reduction_must_be_known(self, function):
        with pytest.raises(ValueError, match=r"^reduction "):
            function([0.0, 1.0], 0, reduction="average")

    def test_base_must_be_above_one(self):
        for call in (
            lambda: entropy_from_logits([0.0], base=1),
            lambda: kl_divergence_from_logits([0.0], [0.0], base=1),
            lambda: cross_entropy_from_logits([0.0], 0, base=1),
            lambda: binary_cross_entropy_from_logits([0.0], [0.0], base=1),
        ):
            with pytest.raises(ValueError, match=r"^base "):
                call()

    def test_nothing_is_written_and_nothing_warns(self):
        z = np.array([[1e4, 0.0, -1e4], [-math.inf, 3.0, 0.0]])
        labels = np.array([1, 2])
        z.flags.writeable = labels.flags.writeable = False
        with np.errstate(divide="raise", invalid="raise", over="raise"):
            assert np.isfinite(entropy_from_logits(z)).all()
            for function in WITH_LABELS:
                assert np.isfinite(function(z, labels)).all()
            assert kl_divergence_from_logits(z, z).tolist() == [0, 0]

    @pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
    def test_results_stay_on_the_gpu(self, rng):
        z, labels, _ = batch(rng)
        z = torch.tensor(z)
        for function in WITH_LABELS:
            result = function(z.cuda(), labels)
            assert result.is_cuda
            np.testing.assert_allclose(result.cpu(), function(z, labels), rtol=1e-13, atol=1e-15)
