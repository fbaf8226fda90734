"""Oracles: scipy.stats, torch.autograd and torch.distributions, Monte Carlo with known variances."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from reference.gaussians import gaussian_mle
from reference.likelihood import (
    expected_variance_mle,
    fisher_information,
    gaussian_log_likelihood,
    observed_information,
    standard_errors,
)


class TestLogLikelihood:
    @pytest.mark.parametrize(
        ("mean_shape", "std_shape"), [((), ()), ((4,), ()), ((3,), (5, 1)), ((2, 1, 3), (4, 1)), ((0,), ())]
    )
    def test_sums_the_log_densities(self, backend, rng, mean_shape, std_shape):
        x, mean, std = rng.normal(1, 2, 7), rng.normal(size=mean_shape), rng.uniform(0.5, 3, std_shape)
        got = gaussian_log_likelihood(backend.array(x), backend.array(mean), std)
        assert backend.owns(got) and got.shape == np.broadcast_shapes(mean_shape, std_shape)
        want = stats.norm.logpdf(x, mean[..., None], np.asarray(std)[..., None]).sum(axis=-1)
        np.testing.assert_allclose(np.asarray(got), want, **backend.tolerance)

    def test_whole_numbers_and_lists(self):
        want = -1.5 * math.log(2 * math.pi) - 1
        np.testing.assert_allclose(gaussian_log_likelihood([1, 2, 3], 2, 1), want, rtol=1e-15, atol=0)

    def test_data_far_from_zero_keep_their_digits(self, rng):
        x = 1e8 + rng.normal(size=50)
        want = stats.norm.logpdf(x, 1e8, 1.5).sum()
        np.testing.assert_allclose(gaussian_log_likelihood(x, 1e8, 1.5), want, rtol=1e-13, atol=0)

    def test_many_data_do_not_underflow(self, rng):
        x = rng.normal(size=100_000)
        assert np.prod(stats.norm.pdf(x)) == 0
        want = stats.norm.logpdf(x).sum()
        np.testing.assert_allclose(gaussian_log_likelihood(x, 0.0, 1.0), want, rtol=1e-12, atol=0)

    def test_grid_and_data_are_never_multiplied_out(self, rng):
        surface = gaussian_log_likelihood(rng.normal(size=10**6), np.zeros(1000), np.ones((1000, 1)))
        assert surface.shape == (1000, 1000)  # their product would need eight terabytes

    @given(st.floats(-3, 3), st.floats(0.1, 5))
    def test_no_parameters_beat_the_maximum(self, mean, std):
        x = np.random.default_rng(3).normal(size=11)
        assert gaussian_log_likelihood(x, mean, std) <= gaussian_log_likelihood(x, *gaussian_mle(x))

    @pytest.mark.parametrize(
        ("x", "mean", "std", "message"),
        [
            (1.0, 0.0, 1.0, "x must have at least 1 axes"),
            ([[1.0]], 0.0, 1.0, r"x must have shape \(n,\)"),
            ([], 0.0, 1.0, "x must have samples"),
            ([1.0, math.nan], 0.0, 1.0, "x must be finite"),
            ([1.0], math.inf, 1.0, "mean must be finite"),
            ([1.0], 0.0, 0.0, "std must lie in"),
            ([1.0], [0.0, 1.0], [1.0, 2.0, 3.0], "batch shapes do not broadcast: mean"),
        ],
    )
    def test_bad_input_is_named(self, x, mean, std, message):
        with pytest.raises(ValueError, match=message):
            gaussian_log_likelihood(x, mean, std)


class TestInformation:
    @pytest.mark.parametrize(("centre", "spread"), [(0.0, 1.0), (-30.0, 0.2)])
    def test_is_the_curvature_at_the_maximum(self, rng, centre, spread):
        x = torch.tensor(rng.normal(centre, spread, 23))

        def surprise(parameters):
            return -torch.distributions.Normal(parameters[0], parameters[1]).log_prob(x).sum()

        want = torch.autograd.functional.hessian(surprise, torch.stack(gaussian_mle(x)))
        np.testing.assert_allclose(observed_information(x), want, rtol=1e-9, atol=1e-8 * want.max())

    def test_keeps_library_and_dtype(self, backend):
        information = observed_information(backend.array([0.0, 2.0]))
        assert backend.owns(information)
        np.testing.assert_array_equal(np.asarray(information), [[2, 0], [0, 4]])

    def test_fisher_information_is_the_covariance_of_the_score(self, rng):
        std, runs = 1.7, 200_000
        x = rng.normal(0, std, runs)
        score = np.stack([x / std**2, (x**2 / std**2 - 1) / std])
        products = score[:, None] * score[None, :]
        error = products.std(axis=-1) / math.sqrt(runs)
        assert np.all(np.abs(products.mean(axis=-1) - fisher_information(std, 1)) < 5 * error)

    def test_batch_of_fisher_information(self, backend):
        got = fisher_information(backend.array([[1.0, 2.0, 0.5]]), 8)
        assert backend.owns(got) and got.shape == (1, 3, 2, 2)
        np.testing.assert_allclose(np.asarray(got)[0, 1], [[2, 0], [0, 4]], rtol=1e-6, atol=0)

    def test_standard_errors_are_the_spread_of_the_estimates(self, rng):
        x = rng.normal(5, 2, (4000, 200))
        mean, std = gaussian_mle(x)
        errors = np.array([standard_errors(row) for row in x]).mean(axis=0)
        np.testing.assert_allclose(errors, [mean.std(), std.std()], rtol=0.05, atol=0)

    def test_equal_data_have_no_maximum(self):
        with pytest.raises(ValueError, match="the likelihood is unbounded"):
            observed_information([3.0, 3.0, 3.0])

    @pytest.mark.parametrize(
        ("std", "n", "message"), [(1.0, 0, "n must be at least 1"), (-1.0, 5, "std must lie")]
    )
    def test_bad_input_is_named(self, std, n, message):
        with pytest.raises(ValueError, match=message):
            fisher_information(std, n)


class TestBias:
    @pytest.mark.parametrize("n", [2, 3, 10])
    def test_average_of_the_estimates(self, rng, n):
        runs, variance = 50_000, 4.0
        _, std = gaussian_mle(rng.normal(7, math.sqrt(variance), (runs, n)))
        error = math.sqrt(2 * (n - 1) / runs) * variance / n  # n s^2 / variance is chi-square
        assert abs(np.mean(std**2) - expected_variance_mle(variance, n)) < 4 * error

    def test_one_value_says_nothing(self, backend):
        got = expected_variance_mle(backend.array([1.0, 9.0]), 1)
        assert backend.owns(got)
        np.testing.assert_array_equal(np.asarray(got), [0, 0])

    @pytest.mark.parametrize(
        ("variance", "n", "message"), [(4.0, 0, "n must"), (0.0, 3, "variance must lie")]
    )
    def test_bad_input_is_named(self, variance, n, message):
        with pytest.raises(ValueError, match=message):
            expected_variance_mle(variance, n)
