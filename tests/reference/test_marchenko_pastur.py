"""Oracles: quadrature of the density, the law's moments, and singular values of random matrices."""

import math

import numpy as np
import pytest
from scipy.integrate import quad

from reference.eigen_analysis import singular_values
from reference.initialisers import he_normal, xavier_normal
from reference.marchenko_pastur import (
    marchenko_pastur_cdf,
    marchenko_pastur_edges,
    marchenko_pastur_pdf,
    singular_value_edges,
)
from reference.random_matrices import ks_distance

RATIOS = [0.05, 0.3, 1.0, 1.7, 4.0]


def integral(function, low, high):
    """Over [low, high] with x = low + (high - low) sin^2 t, which takes off the square-root singularities."""
    width = high - low

    def transformed(t):
        return function(low + width * math.sin(t) ** 2) * width * math.sin(2 * t)

    return quad(transformed, 0, math.pi / 2, epsabs=1e-12, epsrel=1e-11)[0]


@pytest.mark.parametrize("sigma", [1.0, 0.3])
@pytest.mark.parametrize("q", RATIOS)
def test_moments(q, sigma):
    low, high = marchenko_pastur_edges(q, sigma)
    expected = [min(1, 1 / q), sigma**2, sigma**4 * (1 + q), sigma**6 * (1 + 3 * q + q**2)]
    for k, moment in enumerate(expected):
        found = integral(lambda x, k=k: x**k * float(marchenko_pastur_pdf(x, q, sigma)), low, high)
        np.testing.assert_allclose(found, moment, rtol=1e-8, atol=0)


@pytest.mark.parametrize("sigma", [1.0, 0.3])
@pytest.mark.parametrize("q", RATIOS)
def test_distribution_function_integrates_the_density(q, sigma):
    low, high = marchenko_pastur_edges(q, sigma)
    for share in (0.0, 1e-3, 0.1, 0.5, 0.9, 0.999, 1.0):
        x = low + share * (high - low)
        above = integral(lambda t: float(marchenko_pastur_pdf(t, q, sigma)), x, high)
        np.testing.assert_allclose(marchenko_pastur_cdf(x, q, sigma), 1 - above, rtol=0, atol=1e-8)


@pytest.mark.parametrize("q", RATIOS)
def test_outside_the_edges(backend, q):
    low, high = marchenko_pastur_edges(q)
    x = backend.array([-1.0, low / 2, high + 1])
    density, probability = marchenko_pastur_pdf(x, q), marchenko_pastur_cdf(x, q)
    assert backend.owns(density) and backend.owns(probability)
    assert np.asarray(density).tolist() == [0, math.inf if q == 1 else 0, 0]
    at_zero = max(0, 1 - 1 / q)
    rounding = 4 * np.finfo(backend.dtype).eps * max(1, 1 / q)
    np.testing.assert_allclose(probability, [0, at_zero, 1], rtol=0, atol=rounding)


def test_distribution_function_never_leaves_the_unit_interval():
    for q in np.geomspace(0.01, 100, 41):
        low, high = marchenko_pastur_edges(q)
        values = marchenko_pastur_cdf(np.linspace(low / 2, 1.1 * high, 300), q)
        assert np.all(values >= 0) and np.all(values <= 1) and np.all(np.diff(values) >= -1e-13)


@pytest.mark.parametrize(("rows", "columns"), [(150, 600), (400, 400)])
def test_random_weights_obey_it(rng, rows, columns):
    sigma = 0.7
    squares = singular_values(sigma * rng.normal(size=(rows, columns))) ** 2 / columns
    q = rows / columns
    assert ks_distance(squares, lambda x: marchenko_pastur_cdf(x, q, sigma)) < 6 / rows
    assert ks_distance(squares, lambda x: marchenko_pastur_cdf(x, q, 1.2 * sigma)) > 0.1
    assert ks_distance(squares, lambda x: marchenko_pastur_cdf(x, 1.5 * q, sigma)) > 0.05


def test_more_rows_than_columns_leave_zeros(rng):
    W = rng.normal(size=(600, 200))
    squares = np.concatenate([np.zeros(400), singular_values(W) ** 2 / 200])
    x = np.linspace(0.1, 8, 40)
    empirical = (squares[:, None] <= x).mean(axis=0)
    np.testing.assert_allclose(empirical, marchenko_pastur_cdf(x, 3.0), rtol=0, atol=0.02)


@pytest.mark.parametrize(
    ("initialise", "std"),
    [
        (xavier_normal, lambda out, into: math.sqrt(2 / (out + into))),
        (he_normal, lambda out, into: math.sqrt(2 / into)),
    ],
)
@pytest.mark.parametrize("shape", [(200, 800), (800, 200)])
def test_extreme_singular_values_of_random_weights(rng, shape, initialise, std):
    sigma = singular_values(initialise(shape, rng))
    low, high = singular_value_edges(*shape, std(*shape))
    np.testing.assert_allclose([sigma[-1], sigma[0]], [low, high], rtol=0.03, atol=0)


def test_edges_of_square_weights():
    n = 1000
    assert singular_value_edges(n, n, math.sqrt(1 / n)) == (0, pytest.approx(2, rel=1e-14, abs=0))
    assert singular_value_edges(n, n, math.sqrt(2 / n))[1] == pytest.approx(
        2 * math.sqrt(2), rel=1e-14, abs=0
    )


@pytest.mark.parametrize("q", [0.5, 1.0, 2.0])
def test_nan_stays_nan(backend, q):
    for function in (marchenko_pastur_pdf, marchenko_pastur_cdf):
        got = function(backend.array([math.nan, 1.0]), q)
        assert backend.owns(got)
        np.testing.assert_array_equal(np.isnan(np.asarray(got)), [True, False])


@pytest.mark.parametrize("bad", [0, -1, math.nan, math.inf])
def test_bad_parameters_are_named(bad):
    for function in (marchenko_pastur_pdf, marchenko_pastur_cdf):
        with pytest.raises(ValueError, match=r"^q "):
            function([1.0], bad)
        with pytest.raises(ValueError, match=r"^sigma "):
            function([1.0], 0.5, bad)
    for name, arguments in (("fan_out", (bad, 2, 1)), ("fan_in", (2, bad, 1)), ("std", (2, 2, bad))):
        with pytest.raises(ValueError, match=rf"^{name} "):
            singular_value_edges(*arguments)
