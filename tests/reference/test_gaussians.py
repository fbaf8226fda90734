"""Oracles: scipy.stats, torch.distributions, mpmath, Monte Carlo, the likelihood itself."""

import math

import mpmath
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from strategies import spd_matrices, vectors
from torch.distributions import MultivariateNormal, kl_divergence

from reference.gaussians import gaussian_entropy, gaussian_mle, kl_gaussians

RTOL = {"float64": 1e-12, "float32": 2e-4}
N = 3


def spd(rng, *batch, n=N):
    A = rng.normal(size=(*batch, n, n))
    return A @ np.swapaxes(A, -1, -2) + np.eye(n)


class TestMaximumLikelihood:
    def test_divides_by_the_number_of_samples(self):
        mean, std = gaussian_mle([1.0, 2.0, 3.0])
        assert mean == 2
        np.testing.assert_allclose(std, math.sqrt(2 / 3), rtol=1e-15, atol=0)
        assert torch.std(torch.tensor([1.0, 2.0, 3.0])) == 1  # the other convention

    @pytest.mark.parametrize("axis", [0, 1, -1])
    def test_agrees_with_scipy_along_any_axis(self, backend, rng, axis):
        x = 3 + 2 * rng.normal(size=(4, 5))
        mean, std = gaussian_mle(backend.array(x), axis=axis)
        assert backend.owns(mean) and backend.owns(std)
        fits = np.array([stats.norm.fit(row) for row in np.moveaxis(x, axis, -1)])
        np.testing.assert_allclose(np.asarray(mean), fits[:, 0], rtol=RTOL[backend.dtype], atol=0)
        np.testing.assert_allclose(np.asarray(std), fits[:, 1], rtol=RTOL[backend.dtype], atol=0)

    def test_no_other_parameters_are_more_likely(self, rng):
        x = rng.normal(5, 2, size=50)
        mean, std = gaussian_mle(x)
        best = stats.norm.logpdf(x, mean, std).sum()
        for shift, factor in ((1e-3, 1), (-1e-3, 1), (0, 1.001), (0, 0.999)):
            assert stats.norm.logpdf(x, mean + shift, std * factor).sum() < best

    def test_variance_is_biased_by_the_known_factor(self, rng):
        n, runs = 5, 20_000
        _, std = gaussian_mle(rng.normal(size=(runs, n)))
        z = (np.mean(std**2) - (n - 1) / n) / (np.std(std**2) / math.sqrt(runs))
        assert abs(z) < 4

    def test_large_offsets_do_not_cancel(self):
        _, std = gaussian_mle(1e9 + np.array([0.0, 1.0, 2.0]))
        np.testing.assert_allclose(std, math.sqrt(2 / 3), rtol=1e-15, atol=0)

    def test_rounding_of_the_mean_is_taken_back(self):
        x = np.tile([0.1, 0.3], 50_000).astype(np.float32)
        exact = np.mean(x, dtype=np.float64)
        np.testing.assert_allclose(gaussian_mle(x)[0], exact, rtol=6e-8, atol=0)

    @pytest.mark.parametrize("x", [[], 1.0, [math.nan], [math.inf, 0]])
    def test_bad_input_is_named(self, x):
        with pytest.raises(ValueError, match=r"^x "):
            gaussian_mle(x)

    def test_axis_must_exist(self):
        with pytest.raises(ValueError, match="axis 1"):
            gaussian_mle([1.0, 2.0], axis=1)


class TestEntropy:
    def test_agrees_with_scipy(self, backend, rng):
        covariance = spd(rng, 4)
        result = gaussian_entropy(backend.array(covariance))
        assert backend.owns(result)
        expected = [stats.multivariate_normal(cov=S).entropy() for S in covariance]
        np.testing.assert_allclose(result, expected, rtol=RTOL[backend.dtype], atol=0)

    def test_a_number_is_a_variance(self):
        np.testing.assert_allclose(gaussian_entropy(4.0), stats.norm(scale=2).entropy(), rtol=1e-15, atol=0)

    def test_determinants_beyond_the_range_of_floats(self):
        n = 400
        expected = n * stats.norm(scale=1e-3).entropy()  # the determinant is 1e-2400
        np.testing.assert_allclose(gaussian_entropy(1e-6 * np.eye(n)), expected, rtol=1e-13, atol=0)


class TestRelativeEntropy:
    def test_univariate_closed_form(self):
        for m0, v0, m1, v1 in [(0, 1, 1, 2), (3, 0.1, -1, 5), (0, 4, 0, 1)]:
            expected = 0.5 * (math.log(v1 / v0) + (v0 + (m1 - m0) ** 2) / v1 - 1)
            np.testing.assert_allclose(kl_gaussians(m0, v0, m1, v1), expected, rtol=1e-14, atol=0)

    def test_agrees_with_torch_distributions(self, backend, rng):
        m0, m1, S0, S1 = rng.normal(size=(4, N)), rng.normal(size=(4, N)), spd(rng, 4), spd(rng, 4)
        result = kl_gaussians(*(backend.array(v) for v in (m0, S0, m1, S1)))
        assert backend.owns(result)
        tensors = [torch.tensor(v) for v in (m0, S0, m1, S1)]
        expected = kl_divergence(MultivariateNormal(*tensors[:2]), MultivariateNormal(*tensors[2:]))
        np.testing.assert_allclose(result, expected, rtol=RTOL[backend.dtype], atol=0)

    def test_is_the_mean_log_ratio_of_densities(self, rng):
        m0, m1, S0, S1 = rng.normal(size=N), rng.normal(size=N), spd(rng), spd(rng)
        first, second = stats.multivariate_normal(m0, S0), stats.multivariate_normal(m1, S1)
        x = first.rvs(20_000, random_state=rng)
        ratios = first.logpdf(x) - second.logpdf(x)
        z = (ratios.mean() - kl_gaussians(m0, S0, m1, S1)) / (ratios.std() / math.sqrt(ratios.size))
        assert abs(z) < 4

    @given(vectors(N), spd_matrices(N))
    def test_is_exactly_zero_for_equal_distributions(self, m, S):
        assert kl_gaussians(m, S, m, S) == 0

    @given(vectors(N), spd_matrices(N), vectors(N), spd_matrices(N))
    def test_is_never_negative_and_does_not_depend_on_coordinates(self, m0, S0, m1, S1):
        value = kl_gaussians(m0, S0, m1, S1)
        assert value >= 0
        T = np.array([[2.0, 1.0, 0.0], [0.0, 1.0, -1.0], [1.0, 0.0, 3.0]])
        S0T, S1T = (T @ S @ T.T for S in (S0, S1))
        moved = kl_gaussians(T @ m0, (S0T + S0T.T) / 2, T @ m1, (S1T + S1T.T) / 2)
        np.testing.assert_allclose(moved, value, rtol=1e-8, atol=1e-10)

    @given(st.floats(-9, -3), spd_matrices(N))
    def test_nearly_equal_covariances_keep_their_relative_accuracy(self, exponent, S):
        growth = 2.0 ** round(exponent * math.log2(10))  # S (1 + growth) is exact but for one rounding
        exact = N * (growth - mpmath.log1p(growth)) / 2
        np.testing.assert_allclose(
            kl_gaussians(np.zeros(N), S * (1 + growth), np.zeros(N), S),
            float(exact),
            rtol=1e-13 / growth,  # that rounding is magnified by the condition of S
            atol=0,
        )

    def test_covariances_of_very_different_size(self):
        tiny, one = 1e-30 * np.eye(2), np.eye(2)
        expected = 30 * math.log(10) + 1e-30 - 1
        np.testing.assert_allclose(kl_gaussians([0, 0], tiny, [0, 0], one), expected, rtol=1e-14, atol=0)
        np.testing.assert_allclose(
            kl_gaussians([0, 0], one, [0, 0], tiny), 1e30 - 1 - 30 * math.log(10), rtol=1e-14, atol=0
        )

    def test_adds_over_independent_blocks(self, rng):
        S0, S1 = spd(rng), spd(rng)
        zero, zeros = np.zeros(N), np.zeros((N, N))
        joint = kl_gaussians(
            np.zeros(2 * N),
            np.block([[S0, zeros], [zeros, S1]]),
            np.ones(2 * N),
            np.block([[S1, zeros], [zeros, S0]]),
        )
        apart = kl_gaussians(zero, S0, zero + 1, S1) + kl_gaussians(zero, S1, zero + 1, S0)
        np.testing.assert_allclose(joint, apart, rtol=1e-12, atol=0)

    def test_direction_matters(self):
        assert kl_gaussians(0, 1, 0, 9) < kl_gaussians(0, 9, 0, 1) - 1


I2 = np.eye(2)


class TestInputs:
    @pytest.mark.parametrize(
        "bad",
        [
            [[1.0, 2.0], [2.0, 1.0]],  # indefinite
            [[1.0, 0.5], [0.0, 1.0]],  # not symmetric
            [[1.0, 0.0]],
            [1.0, 1.0],
            [[math.nan, 0.0], [0.0, 1.0]],
            -1.0,
        ],
    )
    def test_bad_covariances_are_named(self, backend, bad):
        with pytest.raises(ValueError, match=r"^covariance "):
            gaussian_entropy(backend.array(bad))
        with pytest.raises(ValueError, match=r"^covariance0 "):
            kl_gaussians([0, 0], bad, [0, 0], I2)
        with pytest.raises(ValueError, match=r"^covariance1 "):
            kl_gaussians([0, 0], I2, [0, 0], bad)

    @pytest.mark.parametrize(
        ("mean0", "mean1", "name"),
        [
            ([0, math.nan], [0, 0], "mean0"),
            ([0, 0], [0, math.inf], "mean1"),
            ([0, 0], [0, 0, 0], "mean1"),
            ([0, 0], 0, "mean1"),
            ([0, 0, 0], [0, 0, 0], "covariance0"),
            (0, [0, 0], "covariance0"),
        ],
    )
    def test_bad_means_are_named(self, mean0, mean1, name):
        with pytest.raises(ValueError, match=rf"^{name} "):
            kl_gaussians(mean0, I2, mean1, I2)

    def test_a_large_matrix_does_not_excuse_the_asymmetry_of_a_small_one(self, backend):
        small = backend.array([1e10 * np.eye(2), [[1.0, 0.5], [0.0, 1.0]]])
        with pytest.raises(ValueError, match="covariance must be symmetric"):
            gaussian_entropy(small)

    def test_nothing_is_written(self, rng):
        values = [rng.normal(size=N), spd(rng), rng.normal(size=N), spd(rng)]
        for value in values:
            value.flags.writeable = False
        assert np.isfinite(kl_gaussians(*values))
