"""Oracles: 50-digit mpmath, scipy.special and scipy.stats, torch.nn.functional, theorems of information theory."""

import math

import mpmath
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import special, stats
from scipy.spatial.distance import jensenshannon

from reference.entropy import (
    binary_entropy,
    cross_entropy,
    entropy,
    js_divergence,
    kl_divergence,
    label_smooth,
    mutual_information,
    perplexity,
)

mpmath.mp.dps = 50
#: Relative errors of sums of nonnegative terms: some tens of rounding units.
RTOL = {"float64": 1e-14, "float32": 4e-6}
SLACK = 1e-14  # for inequalities between values of order 1 that exact arithmetic satisfies
TWO_AXES = (4, 3)


@st.composite
def distributions(draw, shape):
    """Distributions on the last axis, with exact zeros and probabilities down to 1e-30."""
    exponents = draw(arrays(np.float64, shape, elements=st.floats(-30, 0) | st.just(-np.inf)))
    exponents[..., draw(st.integers(0, shape[-1] - 1))] = 0.0
    weights = 10.0**exponents
    return weights / weights.sum(axis=-1, keepdims=True)


def random_distributions(rng, *shape):
    return rng.dirichlet(np.full(shape[-1], 0.7), size=shape[:-1])


def exact_entropy(p):
    return mpmath.fsum(-mpmath.mpf(x) * mpmath.log(x) for x in map(float, p) if x)


def exact_entropy_of_complement(p):
    return -(1 - mpmath.mpf(p)) * mpmath.log(1 - mpmath.mpf(p))


def exact_kl(p, q):
    """Of the normalised distributions, as rounding leaves sums of 1 + 1e-16."""
    with mpmath.workdps(800 if min(*p, *q) < 1e-30 else 50):  # sums of 1 + 1e-300 need all of their digits
        return _exact_kl(p, q)


def _exact_kl(p, q):
    p, q = (
        [mpmath.mpf(x) / mpmath.fsum(map(mpmath.mpf, map(float, v))) for x in map(float, v)] for v in (p, q)
    )
    return mpmath.fsum(a * mpmath.log(a / b) for a, b in zip(p, q, strict=True) if a)


class TestEntropy:
    @pytest.mark.parametrize("n", [1, 2, 7, 1000])
    def test_uniform_has_entropy_log_n(self, n):
        np.testing.assert_allclose(entropy(np.full(n, 1 / n)), math.log(n), rtol=1e-14, atol=0)

    def test_one_hot_is_exactly_plus_zero(self, backend):
        values = entropy(backend.array(np.eye(5)))
        assert [math.copysign(1, v) * (1 + v) for v in values] == [1.0] * 5

    @pytest.mark.parametrize("tiny", [1e-3, 1e-12, 1e-16, 1e-30, 1e-300, 5e-324])
    def test_tiny_probability_keeps_its_relative_accuracy(self, tiny):
        p = np.array([tiny, 1 - tiny])
        np.testing.assert_allclose(entropy(p), float(exact_entropy(p)), rtol=1e-14, atol=0)

    @given(distributions((6,)))
    def test_agrees_with_fifty_digits(self, p):
        np.testing.assert_allclose(entropy(p), float(exact_entropy(p)), rtol=1e-14, atol=0)

    @pytest.mark.parametrize("axis", [0, 1, 2, -1, -2, -3])
    def test_batches_along_any_axis_agree_with_scipy(self, backend, rng, axis):
        p = np.moveaxis(random_distributions(rng, 4, 3, 5), -1, axis)
        result = entropy(backend.array(p), axis=axis)
        assert backend.owns(result)
        np.testing.assert_allclose(result, special.entr(p).sum(axis), rtol=RTOL[backend.dtype], atol=0)

    @pytest.mark.parametrize("base", [2, 10, 1.5])
    def test_base_sets_the_unit(self, rng, base):
        p = random_distributions(rng, 6)
        np.testing.assert_allclose(entropy(p, base=base), stats.entropy(p, base=base), rtol=1e-14, atol=0)

    @given(distributions((6,)))
    def test_lies_between_zero_and_log_n(self, p):
        assert 0 <= entropy(p) <= math.log(6) + SLACK

    @given(distributions((6,)), st.permutations(range(6)))
    def test_does_not_depend_on_the_order_of_outcomes(self, p, order):
        np.testing.assert_allclose(entropy(p[order]), entropy(p), rtol=1e-14, atol=0)

    @given(distributions((4,)), distributions((3,)))
    def test_adds_for_independent_variables(self, p, q):
        joint = np.outer(p, q).ravel()
        np.testing.assert_allclose(entropy(joint), entropy(p) + entropy(q), rtol=1e-13, atol=1e-15)

    @given(distributions((5,)), distributions((5,)), st.floats(0, 1))
    def test_is_concave(self, p, q, t):
        assert entropy(t * p + (1 - t) * q) >= t * entropy(p) + (1 - t) * entropy(q) - SLACK

    @given(distributions((12,)))
    def test_chain_rule(self, joint):
        joint = joint.reshape(TWO_AXES)
        rows = joint.sum(axis=1)
        conditional = sum(r * entropy(row / r) for r, row in zip(rows, joint, strict=True) if r > 0)
        np.testing.assert_allclose(
            entropy(joint.ravel()), entropy(rows) + conditional, rtol=1e-12, atol=1e-14
        )

    def test_mean_code_length_of_samples(self, rng):
        p = np.array([0.5, 0.25, 0.2, 0.05])
        lengths = -np.log2(p)[rng.choice(4, size=20_000, p=p)]
        z = (lengths.mean() - entropy(p, base=2)) / (lengths.std() / math.sqrt(lengths.size))
        assert abs(z) < 4

    def test_many_float32_outcomes_do_not_pile_up_rounding(self):
        n = 200_000
        result = entropy(np.full(n, 1 / n, dtype=np.float32))
        np.testing.assert_allclose(result, math.log(n), rtol=1e-5, atol=0)


class TestBinaryEntropy:
    @pytest.mark.parametrize("p", [0.0, 1e-320, 1e-300, 1e-17, 0.3, 0.5, 1 - 1e-10, 1 - 2**-53, 1.0])
    def test_agrees_with_fifty_digits(self, p):
        with mpmath.workdps(800):
            exact = float(exact_entropy([p]) + (exact_entropy_of_complement(p) if p < 1 else 0))
        np.testing.assert_allclose(binary_entropy(p), exact, rtol=1e-14, atol=0)

    def test_keeps_the_shape_and_backend(self, backend, rng):
        p = rng.random((2, 3))
        result = binary_entropy(backend.array(p), base=2)
        assert backend.owns(result)
        np.testing.assert_allclose(
            result, stats.entropy([p, 1 - p], base=2), rtol=10 * RTOL[backend.dtype], atol=0
        )

    @pytest.mark.parametrize("p", [-0.1, 1.1, math.nan])
    def test_rejects_what_is_no_probability(self, p):
        with pytest.raises(ValueError, match=r"^p "):
            binary_entropy(p)


class TestCrossEntropy:
    def test_worked_example_of_the_course(self):
        np.testing.assert_allclose(
            cross_entropy([0.7, 0.2, 0.1], [0.5, 0.3, 0.2]), 0.886941378500559, rtol=1e-14, atol=0
        )

    def test_impossible_outcome_that_happens_costs_infinity(self, backend):
        p, q = backend.array([[0.5, 0.5, 0], [0, 0.5, 0.5]]), backend.array([0, 0.5, 0.5])
        assert cross_entropy(p, q)[0] == math.inf
        np.testing.assert_allclose(cross_entropy(p, q)[1], math.log(2), rtol=1e-6, atol=0)

    def test_certainty_predicted_with_certainty_costs_exactly_plus_zero(self, backend):
        value = float(cross_entropy(backend.array([0, 1, 0]), backend.array([0, 1, 0])))
        assert value == 0 and math.copysign(1, value) == 1

    @pytest.mark.parametrize("axis", [0, -1])
    def test_batches_agree_with_scipy(self, backend, rng, axis):
        p = np.moveaxis(random_distributions(rng, 4, 3, 5), -1, axis)
        q = np.moveaxis(random_distributions(rng, 4, 3, 5), -1, axis)
        result = cross_entropy(backend.array(p), backend.array(q), axis=axis, base=2)
        assert backend.owns(result)
        np.testing.assert_allclose(
            result, -special.xlogy(p, q).sum(axis) / np.log(2), rtol=RTOL[backend.dtype], atol=0
        )

    @given(distributions((5,)), distributions((5,)))
    def test_is_entropy_plus_relative_entropy(self, p, q):
        np.testing.assert_allclose(
            cross_entropy(p, q), entropy(p) + kl_divergence(p, q), rtol=1e-13, atol=SLACK
        )

    @given(distributions((5,)), distributions((5,)))
    def test_no_model_beats_the_truth(self, p, q):
        assert cross_entropy(p, q) >= cross_entropy(p, p) - SLACK

    @given(distributions((5,)), distributions((5,)), distributions((5,)), st.floats(0, 1))
    def test_is_linear_in_the_truth(self, p, r, q, t):
        q = (q + 0.2) / 2
        mixed = t * cross_entropy(p, q) + (1 - t) * cross_entropy(r, q)
        np.testing.assert_allclose(cross_entropy(t * p + (1 - t) * r, q), mixed, rtol=1e-13, atol=0)


class TestKLDivergence:
    def test_worked_example_in_nats_and_bits(self):
        p, q = np.array([0.7, 0.2, 0.1]), np.array([0.5, 0.3, 0.2])
        np.testing.assert_allclose(kl_divergence(p, q), special.rel_entr(p, q).sum(), rtol=1e-14, atol=0)
        np.testing.assert_allclose(kl_divergence(p, q, base=2), 0.12280627887493796, rtol=1e-13, atol=0)

    @given(distributions((6,)), distributions((6,)))
    def test_agrees_with_fifty_digits(self, p, q):
        q = q if not np.any((q == 0) & (p > 0)) else (q + p) / 2
        np.testing.assert_allclose(kl_divergence(p, q), float(exact_kl(p, q)), rtol=1e-14, atol=1e-30)

    @pytest.mark.parametrize("distance", [1e-1, 1e-3, 1e-5, 1e-7])
    def test_nearly_equal_distributions_keep_their_relative_accuracy(self, rng, distance):
        p = random_distributions(rng, 50)
        q = p * (1 + distance * rng.uniform(-1, 1, 50))
        q /= q.sum()
        # Where rel_entr summed is off by 1e-16, so that at 1e-7 two digits are left.
        np.testing.assert_allclose(kl_divergence(p, q), float(exact_kl(p, q)), rtol=1e-13, atol=0)

    @pytest.mark.parametrize(
        ("p", "q"),
        [
            ([5e-324, 1], [0.5, 0.5]),
            ([0.5, 0.5], [5e-324, 1]),
            ([0.5, 0.5], [1e-320, 1]),
            ([1e-310, 1], [1e-5, 1 - 1e-5]),
            ([1e-300, 1], [1.6e-300, 1]),
            ([1e-300, 1], [3e-300, 1]),
            ([1e-5, 1 - 1e-5], [1e-310, 1]),
            ([1e-200, 1], [1e-5, 1 - 1e-5]),
        ],
    )
    def test_extreme_ratios(self, p, q):
        np.testing.assert_allclose(kl_divergence(p, q), float(exact_kl(p, q)), rtol=2e-14, atol=0)

    def test_impossible_outcome_that_happens_costs_infinity(self, backend):
        result = kl_divergence(backend.array([[0.5, 0.5], [0, 1]]), backend.array([0, 1]))
        assert backend.owns(result) and result[0] == math.inf and result[1] == 0

    @pytest.mark.parametrize("axis", [0, 1, -1])
    def test_batches_agree_with_scipy_and_torch(self, backend, rng, axis):
        p = np.moveaxis(random_distributions(rng, 4, 3, 5), -1, axis)
        q = np.moveaxis(random_distributions(rng, 4, 3, 5), -1, axis)
        result = kl_divergence(backend.array(p), backend.array(q), axis=axis)
        assert backend.owns(result)
        scipy_terms = special.rel_entr(p, q).sum(axis)
        torch_terms = torch.nn.functional.kl_div(
            torch.tensor(q).log(), torch.tensor(p), reduction="none"
        ).sum(axis)
        # Inputs rounded to float32 are distributions that differ by a rounding unit.
        np.testing.assert_allclose(result, scipy_terms, rtol=10 * RTOL[backend.dtype], atol=0)
        np.testing.assert_allclose(result, torch_terms, rtol=10 * RTOL[backend.dtype], atol=0)

    def test_one_truth_broadcasts_over_many_models(self, rng):
        p, q = random_distributions(rng, 5), random_distributions(rng, 3, 5)
        expected = [special.rel_entr(p, row).sum() for row in q]
        np.testing.assert_allclose(kl_divergence(p, q), expected, rtol=1e-13, atol=0)
        np.testing.assert_allclose(kl_divergence(p, q.T, axis=0), expected, rtol=1e-13, atol=0)

    @given(distributions((6,)))
    def test_is_exactly_zero_for_equal_distributions(self, p):
        assert kl_divergence(p, p) == 0

    @given(distributions((6,)), arrays(np.float64, 6, elements=st.floats(-1e-9, 1e-9)))
    def test_gibbs_inequality_without_any_slack(self, p, noise):
        q = p * (1 + noise)
        assert kl_divergence(p, q / q.sum()) >= 0

    @given(distributions((5,)), distributions((5,)))
    def test_pinsker_inequality(self, p, q):
        assert kl_divergence(p, q) >= np.abs(p - q).sum() ** 2 / 2 - SLACK

    @given(distributions((5,)), distributions((5,)), distributions((5, 3)))
    def test_processing_the_data_cannot_help_to_tell_them_apart(self, p, q, channel):
        assert kl_divergence(p @ channel, q @ channel) <= kl_divergence(p, q) + SLACK

    @given(distributions((12,)), distributions((12,)))
    def test_chain_rule(self, p, q):
        p, q = p.reshape(TWO_AXES), (q.reshape(TWO_AXES) + 1 / 12) / 2
        rows, model_rows = p.sum(axis=1), q.sum(axis=1)
        conditional = sum(
            r * kl_divergence(a / r, b / s)
            for r, s, a, b in zip(rows, model_rows, p, q, strict=True)
            if r > 0
        )
        whole = kl_divergence(p.ravel(), q.ravel())
        np.testing.assert_allclose(
            whole, kl_divergence(rows, model_rows) + conditional, rtol=1e-12, atol=SLACK
        )

    def test_direction_matters(self):
        p, q = [0.9, 0.1], [0.5, 0.5]
        np.testing.assert_allclose(
            kl_divergence(p, q), math.log(2) - float(exact_entropy(p)), rtol=1e-13, atol=0
        )
        assert kl_divergence(q, p) > kl_divergence(p, q) + 0.1


class TestJensenShannon:
    @given(distributions((5,)), distributions((5,)))
    def test_is_the_square_of_scipys_distance(self, p, q):
        np.testing.assert_allclose(js_divergence(p, q), jensenshannon(p, q) ** 2, rtol=1e-10, atol=SLACK)

    def test_batches_and_bits(self, backend, rng):
        p, q = random_distributions(rng, 5, 4), random_distributions(rng, 5, 4)
        result = js_divergence(backend.array(p), backend.array(q), axis=-1, base=2)
        assert backend.owns(result)
        np.testing.assert_allclose(
            result, jensenshannon(p, q, axis=-1, base=2) ** 2, rtol=20 * RTOL[backend.dtype], atol=0
        )

    @pytest.mark.parametrize("distance", [1e-2, 1e-5, 1e-7])
    def test_nearly_equal_distributions_keep_their_relative_accuracy(self, rng, distance):
        p = random_distributions(rng, 20)
        q = p * (1 + distance * rng.uniform(-1, 1, 20))
        q /= q.sum()
        middle = [(mpmath.mpf(a) + mpmath.mpf(b)) / 2 for a, b in zip(p.tolist(), q.tolist(), strict=True)]
        exact = sum(
            mpmath.mpf(a) * mpmath.log(mpmath.mpf(a) / m)
            for v in (p.tolist(), q.tolist())
            for a, m in zip(v, middle, strict=True)
        )
        np.testing.assert_allclose(js_divergence(p, q), float(exact / 2), rtol=1e-13, atol=0)

    @given(distributions((5,)), distributions((5,)))
    def test_is_symmetric_and_at_most_log_two(self, p, q):
        assert js_divergence(p, q) == js_divergence(q, p)
        assert 0 <= js_divergence(p, q) <= math.log(2) + SLACK

    def test_disjoint_distributions_are_one_bit_apart(self):
        np.testing.assert_allclose(js_divergence([0.3, 0.7, 0], [0, 0, 1], base=2), 1.0, rtol=1e-15, atol=0)

    def test_subnormal_probabilities_stay_finite(self):
        assert 0 <= js_divergence([5e-324, 1], [0, 1]) < 1e-300

    @given(distributions((5,)), distributions((5,)), distributions((5,)))
    def test_its_root_is_a_metric(self, p, q, r):
        direct, first, second = (np.sqrt(js_divergence(*pair)) for pair in ((p, r), (p, q), (q, r)))
        assert direct <= first + second + 1e-7


class TestMutualInformation:
    @given(distributions((12,)))
    def test_is_what_the_entropies_leave(self, joint):
        joint = joint.reshape(TWO_AXES)
        left = special.entr(joint.sum(0)).sum() + special.entr(joint.sum(1)).sum() - special.entr(joint).sum()
        np.testing.assert_allclose(mutual_information(joint), left, rtol=1e-12, atol=SLACK)

    @given(distributions((4,)), distributions((3,)))
    def test_independent_variables_share_nothing_to_the_square_of_rounding(self, p, q):
        assert 0 <= mutual_information(np.outer(p, q)) < 1e-29

    @given(distributions((5,)))
    def test_a_copy_shares_all(self, p):
        np.testing.assert_allclose(
            mutual_information(np.diag(p)), float(exact_entropy(p)), rtol=1e-13, atol=1e-15
        )

    @given(distributions((12,)), distributions((3, 4)))
    def test_processing_the_data_loses_information(self, joint, channel):
        joint = joint.reshape(TWO_AXES)
        assert mutual_information(joint @ channel) <= mutual_information(joint) + SLACK

    def test_binary_symmetric_channel_has_its_capacity(self):
        flip = 0.1
        joint = np.array([[1 - flip, flip], [flip, 1 - flip]]) / 2
        capacity = 1 - stats.entropy([flip, 1 - flip], base=2)
        np.testing.assert_allclose(mutual_information(joint, base=2), capacity, rtol=1e-14, atol=0)

    def test_batches(self, backend, rng):
        joint = random_distributions(rng, 5, 12).reshape(5, *TWO_AXES)
        result = mutual_information(backend.array(joint))
        assert backend.owns(result)
        product = joint.sum(-1, keepdims=True) * joint.sum(-2, keepdims=True)
        expected = special.rel_entr(joint, product).sum((-1, -2))
        np.testing.assert_allclose(result, expected, rtol=20 * RTOL[backend.dtype], atol=0)

    def test_needs_two_axes(self):
        with pytest.raises(ValueError, match=r"^joint "):
            mutual_information([0.5, 0.5])


class TestPerplexity:
    def test_counts_equally_likely_outcomes(self, backend):
        result = perplexity(backend.array([[0.25] * 4, [0.5, 0.5, 0, 0], [1, 0, 0, 0]]))
        assert backend.owns(result)
        np.testing.assert_allclose(result, [4, 2, 1], rtol=RTOL[backend.dtype], atol=0)

    def test_of_a_model_is_the_geometric_mean_of_inverse_probabilities(self):
        p, q = np.array([0.2, 0.8]), np.array([[0.5, 0.25], [0.5, 0.75]])
        expected = [0.5**-0.2 * 0.5**-0.8, 0.25**-0.2 * 0.75**-0.8]
        np.testing.assert_allclose(perplexity(p, q, axis=0), expected, rtol=1e-14, atol=0)


class TestLabelSmoothing:
    def test_mixes_with_the_uniform_distribution(self, backend):
        result = label_smooth(backend.array([[0, 1, 0, 0], [1, 0, 0, 0]]), 0.2)
        assert backend.owns(result)
        expected = [[0.05, 0.85, 0.05, 0.05], [0.85, 0.05, 0.05, 0.05]]
        np.testing.assert_allclose(result, expected, rtol=RTOL[backend.dtype], atol=0)

    @pytest.mark.parametrize("axis", [0, 1])
    def test_keeps_the_axis(self, rng, axis):
        p = np.moveaxis(random_distributions(rng, 3, 5), -1, axis)
        np.testing.assert_allclose(label_smooth(p, 0.5, axis=axis), p / 2 + 0.1, rtol=1e-14, atol=0)

    def test_agrees_with_the_loss_of_torch(self, rng):
        logits, labels = torch.tensor(rng.normal(size=(6, 4))), torch.arange(6) % 4
        expected = torch.nn.functional.cross_entropy(logits, labels, label_smoothing=0.3, reduction="none")
        smoothed = label_smooth(torch.eye(4, dtype=torch.float64)[labels], 0.3)
        np.testing.assert_allclose(
            cross_entropy(smoothed, torch.softmax(logits, -1)), expected, rtol=1e-13, atol=0
        )

    @pytest.mark.parametrize("amount", [-0.1, 1.1, math.nan])
    def test_rejects_what_is_no_weight(self, amount):
        with pytest.raises(ValueError, match=r"^amount "):
            label_smooth([0, 1], amount)

    def test_full_weight_is_the_uniform_distribution(self):
        np.testing.assert_array_equal(label_smooth([0.0, 1.0, 0.0, 0.0], 1), [0.25, 0.25, 0.25, 0.25])


@pytest.mark.parametrize(
    "function",
    [
        entropy,
        lambda p, **axis: cross_entropy(p, p, **axis),
        lambda p, **axis: kl_divergence(p, p[::-1], **axis),
        lambda p, **axis: js_divergence(p, p[::-1], **axis),
        perplexity,
        lambda p, **axis: label_smooth(p, 0.1, **axis),
    ],
)
def test_outcomes_are_on_the_last_axis_by_default(function, rng):
    p = rng.dirichlet(np.ones(4), size=(2, 3))
    np.testing.assert_array_equal(function(p), function(p, axis=2))
