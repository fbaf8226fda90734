"""Oracles: quadrature of densities, moments, known exact values, and simulation by Kolmogorov-Smirnov and z-scores."""

import math

import numpy as np
import pytest
import torch
from scipy import stats
from scipy.integrate import quad

from reference.eigen_analysis import condition_number, eigvals, num_real_eigs, spectral_radius
from reference.initialisers import he_normal, xavier_normal
from reference.random_matrices import (
    circular_law_cdf,
    circular_law_distance,
    edelman_condition_cdf,
    expected_real_eigs,
    ks_distance,
    semicircle_cdf,
    semicircle_pdf,
    wigner_matrix,
)

RTOL = {"float64": 1e-14, "float32": 1e-6}


class TestKolmogorovSmirnov:
    @pytest.mark.parametrize("n", [1, 2, 50])
    def test_agrees_with_scipy(self, backend, rng, n):
        sample = rng.normal(size=n)
        cdf = stats.norm(0.3, 1.2).cdf
        result = ks_distance(backend.array(sample), lambda x: backend.array(cdf(np.asarray(x))))
        np.testing.assert_allclose(result, stats.kstest(sample, cdf).statistic, rtol=1e-4, atol=0)

    def test_counts_both_sides_of_a_jump(self):
        assert ks_distance([0.1], lambda x: x) == 0.9
        assert ks_distance([0.9], lambda x: x) == 0.9

    @pytest.mark.parametrize("sample", [[], 1.0, [[1.0]], [math.nan]])
    def test_bad_samples_are_named(self, sample):
        with pytest.raises(ValueError, match=r"^sample "):
            ks_distance(sample, lambda x: x)


class TestCircularLaw:
    def test_is_the_share_of_the_disc_s_area(self, backend):
        result = circular_law_cdf(backend.array([-1, 0, 1, 2, 3]), radius=2.0)
        assert backend.owns(result)
        np.testing.assert_allclose(result, [0, 0, 0.25, 1, 1], rtol=RTOL[backend.dtype], atol=0)

    @pytest.mark.parametrize(("initialise", "radius"), [(xavier_normal, 1.0), (he_normal, math.sqrt(2))])
    def test_random_weights_fill_their_disc(self, rng, initialise, radius):
        n = 300
        values = eigvals(initialise((n, n), rng))
        assert circular_law_distance(values, radius) < 0.08
        assert circular_law_distance(values, 2 * radius) > 0.3
        assert circular_law_distance(values, radius / 1.5) > 0.3
        assert 0.9 * radius < np.abs(values).max() < 1.12 * radius

    def test_spectral_radius_of_a_thousand_units(self, rng):
        assert 0.97 < spectral_radius(xavier_normal((1000, 1000), rng)) < 1.08

    def test_does_not_depend_on_the_shape_of_the_entries_distribution(self, rng):
        n = 300
        signs = rng.choice([-1.0, 1.0], size=(n, n)) / math.sqrt(n)
        assert circular_law_distance(eigvals(signs), 1.0) < 0.08

    def test_symmetric_matrices_do_not_obey_it(self, rng):
        assert circular_law_distance(eigvals(wigner_matrix(300, rng)), 2.0) > 0.15

    def test_accepts_lists_tensors_and_points_of_the_plane(self, rng):
        points = np.sqrt(rng.random(2000)) * np.exp(2j * np.pi * rng.random(2000))
        expected = stats.kstest(np.abs(points), lambda r: r**2).statistic
        for eigs in (points, points.tolist(), torch.tensor(points)):
            np.testing.assert_allclose(circular_law_distance(eigs, 1.0), expected, rtol=1e-12, atol=0)

    @pytest.mark.parametrize("radius", [0, -1, math.nan, math.inf])
    def test_bad_radius_is_named(self, radius):
        for function in (circular_law_cdf, semicircle_cdf, semicircle_pdf):
            with pytest.raises(ValueError, match=r"^radius "):
                function([0.5], radius=radius)


class TestSemicircleLaw:
    @pytest.mark.parametrize("radius", [1.0, 2.0, 3.5])
    def test_distribution_function_integrates_the_density(self, radius):
        for x in np.linspace(-radius, radius, 7):
            area, _ = quad(lambda t: float(semicircle_pdf(t, radius=radius)), -radius, x)
            np.testing.assert_allclose(semicircle_cdf(x, radius=radius), area, rtol=0, atol=1e-8)

    def test_moments_are_catalan_numbers(self):
        for k, catalan in enumerate([1, 1, 2, 5, 14]):
            moment, _ = quad(lambda x, k=k: x ** (2 * k) * float(semicircle_pdf(x)), -2, 2)
            np.testing.assert_allclose(moment, catalan, rtol=1e-8, atol=0)

    def test_outside_the_interval(self, backend):
        x = backend.array([-5, 5])
        assert backend.owns(semicircle_pdf(x)) and backend.owns(semicircle_cdf(x))
        assert np.asarray(semicircle_pdf(x)).tolist() == [0, 0]
        assert np.asarray(semicircle_cdf(x)).tolist() == [0, 1]

    def test_wigner_matrices_obey_it(self, rng):
        W = wigner_matrix(400, rng)
        np.testing.assert_array_equal(W, W.T)
        assert ks_distance(np.linalg.eigvalsh(W), semicircle_cdf) < 0.03

    def test_entries_of_wigner_matrices_have_their_variances(self, rng):
        n = 300
        W = wigner_matrix(n, rng)
        off = W[np.triu_indices(n, 1)] ** 2 * n
        assert abs((off.mean() - 1) / (math.sqrt(2) / math.sqrt(off.size))) < 4
        diagonal = np.diag(W) ** 2 * n / 2
        assert abs((diagonal.mean() - 1) / (math.sqrt(2) / math.sqrt(n))) < 4

    def test_size_must_be_positive(self, rng):
        with pytest.raises(ValueError, match=r"^n "):
            wigner_matrix(0, rng)


class TestEdelmanConditionNumbers:
    def test_is_a_distribution_function(self, backend):
        x = backend.array([-1, 0, 1e-3, 1, 2, 1e6])
        result = edelman_condition_cdf(x)
        assert backend.owns(result)
        expected = [0, 0, 0, math.exp(-4), math.exp(-1.5), math.exp(-2e-6 - 2e-12)]
        np.testing.assert_allclose(result, expected, rtol=RTOL[backend.dtype], atol=0)

    def test_nan_stays_nan(self, backend):
        got = edelman_condition_cdf(backend.array([math.nan, 1.0]))
        np.testing.assert_array_equal(np.isnan(np.asarray(got)), [True, False])

    def test_mean_logarithm(self):
        upper, _ = quad(lambda t: 1 - float(edelman_condition_cdf(math.exp(t))), 0, 60)
        lower, _ = quad(lambda t: float(edelman_condition_cdf(math.exp(t))), -20, 0)
        np.testing.assert_allclose(upper - lower, 1.537, rtol=0, atol=5e-4)  # Edelman 1988, theorem 6.1

    def test_gaussian_matrices_obey_it(self, rng):
        n, draws = 40, 600
        kappas = condition_number(rng.normal(size=(draws, n, n)))
        assert stats.kstest(kappas / n, edelman_condition_cdf).pvalue > 1e-3
        logs = np.log(kappas / n)
        assert abs((logs.mean() - 1.537) / (logs.std() / math.sqrt(draws))) < 4


class TestRealEigenvalues:
    @pytest.mark.parametrize(
        ("n", "exact"),
        [
            (1, 1),
            (2, math.sqrt(2)),
            (3, 1 + math.sqrt(2) / 2),
            (4, 11 * math.sqrt(2) / 8),
            (5, 1 + 13 * math.sqrt(2) / 16),
            (6, 211 * math.sqrt(2) / 128),
        ],
    )
    def test_table_of_the_paper(self, n, exact):
        np.testing.assert_allclose(expected_real_eigs(n), exact, rtol=1e-15, atol=0)

    @pytest.mark.parametrize("n", [1000, 1001])
    def test_asymptote(self, n):
        np.testing.assert_allclose(expected_real_eigs(n), math.sqrt(2 * n / math.pi) + 0.5, rtol=1e-3, atol=0)

    @pytest.mark.parametrize("n", [2, 9, 30])
    def test_gaussian_matrices_have_that_many(self, rng, n):
        counts = num_real_eigs(rng.normal(size=(800, n, n)))
        assert np.all((n - counts) % 2 == 0)  # the others come in pairs
        z = (counts.mean() - expected_real_eigs(n)) / (counts.std() / math.sqrt(counts.size))
        assert abs(z) < 4

    def test_size_must_be_positive(self):
        with pytest.raises(ValueError, match=r"^n "):
            expected_real_eigs(0)
