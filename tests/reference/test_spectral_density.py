"""Stochastic estimates judged by their known means and variances: z-scores at fixed seeds and sample counts."""

import numpy as np
import pytest
import scipy.linalg
from hypothesis import given
from hypothesis import strategies as st

from reference.spectral_density import SpectralDensity, condition_estimate, hutchinson_trace, spectral_density

seeds = st.integers(0, 2**32 - 1)


def rng(seed=0):
    return np.random.default_rng(seed)


def symmetric(values, seed=0):
    Q = scipy.linalg.qr(rng(seed).normal(size=(len(values), len(values))))[0]
    return (Q * values) @ Q.T


@given(seed=seeds)
def test_trace_of_a_diagonal_matrix_is_exact(seed):
    values = rng(seed).normal(size=8)
    estimate = hutchinson_trace(lambda v: values * v, 8, 2, rng=rng(seed))
    assert estimate.value == pytest.approx(values.sum(), rel=1e-12, abs=1e-13)
    assert estimate.standard_error < 1e-13


def test_trace_has_the_mean_and_variance_of_theory():
    A = symmetric(rng(4).normal(size=30) + 1, 4)
    samples = 20_000
    estimate = hutchinson_trace(A.__matmul__, 30, samples, rng=rng(5))
    variance = 2 * (np.sum(A**2) - np.sum(np.diag(A) ** 2))
    assert estimate.num_samples == samples
    assert abs(estimate.value - np.trace(A)) < 4 * np.sqrt(variance / samples)
    # The sample variance of 20,000 nearly normal numbers has the relative standard error sqrt(2/20,000) = 1 %.
    assert estimate.standard_error**2 * samples == pytest.approx(variance, rel=0.04)


def test_error_bars_of_the_trace_cover_the_truth_as_often_as_they_should():
    A = symmetric(rng(4).normal(size=30) + 1, 4)
    draws = rng(6)
    estimates = [hutchinson_trace(A.__matmul__, 30, 60, rng=draws) for _ in range(300)]
    z = np.array([(e.value - np.trace(A)) / e.standard_error for e in estimates])
    # Expected 68.3 % within 1; the standard error of the share is 2.7 %.
    assert abs((np.abs(z) < 1).mean() - 0.683) < 0.1
    assert abs(z.mean()) < 4 / np.sqrt(300)


def test_trace_in_float32_is_summed_in_float64():
    n = 1_000_001
    seen = set()

    def matvec(v):
        seen.add(v.dtype)
        return v

    assert hutchinson_trace(matvec, n, 2, rng=rng(), like=np.empty(0, np.float32)).value == n
    assert seen == {np.dtype(np.float32)}


@given(seed=seeds)
def test_all_steps_give_all_eigenvalues_with_the_weights_of_a_probability(seed):
    values = np.sort(rng(seed).normal(size=7))
    density = spectral_density(
        symmetric(values, seed).__matmul__, 7, num_vectors=2, num_steps=7, rng=rng(seed)
    )
    assert density.nodes.shape == density.weights.shape == (2, 7)
    for row in density.nodes:
        np.testing.assert_allclose(row, values, rtol=0, atol=1e-11)
    np.testing.assert_allclose(density.weights.sum(axis=1), 1, rtol=1e-12, atol=0)
    assert (density.weights >= 0).all()


def test_quadrature_is_exact_up_to_degree_twice_the_steps_minus_one():
    """Every vector's moments equal v'A^k v; the starting vector is drawn a second time from the same seed."""
    values = np.linspace(-1, 1.5, 40)
    steps = 4
    density = spectral_density(lambda v: values * v, 40, num_vectors=1, num_steps=steps, rng=rng(3))
    v = rng(3).standard_normal(40)
    v /= np.linalg.norm(v)
    for order in range(2 * steps):
        assert density.moments(order)[0] == pytest.approx(np.sum(v**2 * values**order), rel=1e-10)
    assert density.moments(2 * steps)[0] != pytest.approx(np.sum(v**2 * values ** (2 * steps)), rel=1e-6)


def test_moments_have_the_mean_and_variance_of_theory():
    """For a uniform direction the variance of v'Bv is 2*(n*|B|_F^2 - tr(B)^2) / (n^2*(n + 2))."""
    n, vectors = 60, 400
    values = rng(1).uniform(-1, 2, n)
    density = spectral_density(symmetric(values).__matmul__, n, num_vectors=vectors, num_steps=3, rng=rng(2))
    for order in (1, 2, 3):
        powers = values**order
        variance = 2 * (n * np.sum(powers**2) - powers.sum() ** 2) / (n**2 * (n + 2))
        moments = density.moments(order)
        assert abs(moments.mean() - powers.mean()) < 4 * np.sqrt(variance / vectors)
        # Relative standard error of the variance of 400 numbers: 7 %.
        assert moments.var(ddof=1) == pytest.approx(variance, rel=0.3)


def test_smoothed_density_is_the_mixture_of_gaussians():
    density = SpectralDensity(
        np.array([[0.0, 1.0], [0.5, 2.0]]), np.array([[0.25, 0.75], [0.6, 0.4]]), np.zeros((2, 2))
    )
    grid = np.linspace(-1, 3, 5)
    parts = [
        w * np.exp(-((grid - c) ** 2) / 2 / 0.3**2) / 0.3 / np.sqrt(2 * np.pi)
        for c, w in [(0.0, 0.125), (1.0, 0.375), (0.5, 0.3), (2.0, 0.2)]
    ]
    np.testing.assert_allclose(density.pdf(grid, width=0.3), np.sum(parts, axis=0), rtol=1e-12, atol=0)


def test_density_of_a_random_symmetric_matrix_is_the_semicircle():
    n = 300
    G = rng(7).normal(size=(n, n))
    W = (G + G.T) / np.sqrt(2 * n)
    density = spectral_density(W.__matmul__, n, num_vectors=60, num_steps=30, rng=rng(8))
    # About 35 eigenvalues under each Gaussian: 60 vectors leave a standard error of 3 %.
    grid = np.linspace(-1.6, 1.6, 9)
    semicircle = np.sqrt(4 - grid**2) / (2 * np.pi)
    np.testing.assert_allclose(density.pdf(grid, width=0.15), semicircle, rtol=0.12, atol=0)
    fine = np.linspace(-4, 4, 2001)
    assert density.pdf(fine, width=0.15).sum() * (fine[1] - fine[0]) == pytest.approx(1, rel=1e-6)


def test_condition_of_a_singular_indefinite_matrix_exactly():
    values = [0.0] * 7 + [1.0, 2, 3, -0.5, 1e-12]
    estimate = condition_estimate(symmetric(values).__matmul__, 12, num_steps=12, rng=rng())
    assert estimate.exact
    assert estimate.lmax == pytest.approx(3)
    assert estimate.lmin == pytest.approx(-0.5)
    assert estimate.lmin_pos == pytest.approx(1)
    assert (estimate.null_dim, estimate.null_dim_error) == (8, 0)


def test_exact_condition_needs_one_product_for_each_dimension():
    calls = []
    condition_estimate(lambda v: calls.append(1) or v, 9, num_steps=50, rng=rng(), num_vectors=8)
    assert len(calls) == 9


def test_share_of_zero_eigenvalues_is_estimated_within_its_error_bar():
    values = np.append(np.zeros(75), np.linspace(1, 5, 25))
    errors = []
    draws = rng(3)
    for _ in range(60):
        estimate = condition_estimate(lambda v: values * v, 100, num_steps=26, rng=draws, num_vectors=10)
        assert not estimate.exact
        assert estimate.lmax == pytest.approx(5, rel=1e-4)
        assert estimate.lmin_pos == pytest.approx(1, rel=1e-3)
        assert estimate.lmin == pytest.approx(0, abs=1e-9)
        errors.append((estimate.null_dim - 75) / estimate.null_dim_error)
    # Student's t with 9 degrees of freedom has the standard deviation sqrt(9/7) = 1.13.
    assert abs(np.mean(errors)) < 4 * 1.13 / np.sqrt(60)
    assert 0.8 < np.std(errors) < 1.6


def test_nodes_in_a_gap_of_the_spectrum_are_no_eigenvalues():
    """Few steps leave nodes between 0 and the smallest positive eigenvalue, which is 1."""
    values = np.append(np.zeros(75), np.linspace(1, 5, 25))
    draws = rng(3)
    in_gap = 0
    for steps in (3, 5, 9, 26):
        seed = int(draws.integers(2**31))
        options = {"num_vectors": 4, "num_steps": steps}
        nodes = spectral_density(lambda v: values * v, 100, rng=rng(seed), **options).nodes
        in_gap += ((nodes > 1e-6) & (nodes < 0.98)).sum()
        assert condition_estimate(lambda v: values * v, 100, rng=rng(seed), **options).lmin_pos > 0.98
    assert in_gap > 0


def test_residuals_of_nodes_bound_their_distance_from_an_eigenvalue():
    values = rng(1).normal(size=60)
    density = spectral_density(symmetric(values).__matmul__, 60, num_vectors=3, num_steps=12, rng=rng(2))
    distance = np.abs(density.nodes[..., None] - values).min(axis=-1)
    assert (distance <= density.residuals + 1e-12).all()
    assert density.residuals.min() < 1e-2 < density.residuals.max()


def test_threshold_decides_what_counts_as_zero():
    values = np.array([1.0, 0.5, 1e-3, 1e-6, -1e-6])
    for rtol, null, smallest in [(1e-8, 0, 1e-6), (1e-5, 2, 1e-3), (1e-2, 3, 0.5)]:
        estimate = condition_estimate(lambda v: values * v, 5, num_steps=5, rng=rng(), rtol=rtol)
        assert estimate.null_dim == null
        assert estimate.lmin_pos == pytest.approx(smallest, rel=1e-6)
        assert estimate.lmin == pytest.approx(-1e-6, rel=1e-6)


def test_without_positive_curvature_there_is_no_smallest_positive_eigenvalue():
    for values in (-np.arange(4.0), np.zeros(4)):
        estimate = condition_estimate(lambda v, d=values: d * v, 4, num_steps=4, rng=rng())
        assert estimate.lmin_pos == np.inf
        assert estimate.null_dim == (values == 0).sum()


def test_one_vector_has_no_error_bar():
    values = np.append(np.zeros(30), np.ones(10))
    estimate = condition_estimate(lambda v: values * v, 40, num_steps=3, rng=rng(), num_vectors=1)
    assert estimate.null_dim_error == np.inf


@pytest.mark.parametrize("width", [0.0, -0.1, np.nan, np.inf])
def test_smoothing_needs_a_width(width):
    density = spectral_density(lambda v: v, 3, num_vectors=1, num_steps=1, rng=rng())
    with pytest.raises(ValueError, match=r"^width must"):
        density.pdf([0.0, 1.0], width=width)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: hutchinson_trace(np.negative, 3, 1, rng=rng()), "at least 2"),
        (lambda: spectral_density(np.negative, 3, num_vectors=0, num_steps=2, rng=rng()), "num_vectors"),
        (lambda: condition_estimate(np.negative, 3, num_steps=0, rng=rng()), "num_steps"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
