"""Oracles: scipy.linalg.polar, numpy's matrix_rank, closed forms, invariances."""

import math

import numpy as np
import pytest
from scipy import linalg

from reference.layer_geometry import departure_from_normality, numeric_rank, polar_factor


@pytest.mark.parametrize("shape", [(5, 5), (7, 4), (3, 6)])
def test_polar_factor_agrees_with_scipy(backend, rng, shape):
    W = rng.normal(size=(2, *shape))
    got = polar_factor(backend.array(W))
    assert backend.owns(got)
    side = "right" if shape[0] >= shape[1] else "left"
    np.testing.assert_allclose(got, [linalg.polar(M, side=side)[0] for M in W], **backend.tolerance)


def test_polar_factor_is_nearer_than_other_rotations(rng):
    W = rng.normal(size=(4, 4))
    nearest = np.linalg.norm(W - polar_factor(W))
    for _ in range(50):
        Q = np.linalg.qr(rng.normal(size=(4, 4))).Q
        assert nearest <= np.linalg.norm(W - Q)


def test_normal_matrices_have_departure_zero(backend, rng):
    A = rng.normal(size=(5, 5))
    stack = np.stack([A + A.T, A - A.T, np.linalg.qr(A).Q, np.zeros((5, 5))])
    got = departure_from_normality(backend.array(stack))
    assert backend.owns(got)
    np.testing.assert_allclose(got, np.zeros(4), rtol=0, atol=1e-5 if backend.dtype == "float32" else 1e-14)


def test_departure_of_a_shear_and_of_the_shift():
    np.testing.assert_allclose(
        departure_from_normality([[1, 7], [0, 1]]), 49 * math.sqrt(2) / 51, rtol=1e-14, atol=0
    )
    np.testing.assert_allclose(departure_from_normality(np.eye(6, k=1)), math.sqrt(2) / 5, rtol=1e-14, atol=0)
    np.testing.assert_allclose(departure_from_normality([[0, 1], [0, 0]]), math.sqrt(2), rtol=1e-14, atol=0)


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_departure_forgets_scale_and_orthogonal_bases(rng, scale):
    W, Q = rng.normal(size=(4, 4)), np.linalg.qr(rng.normal(size=(4, 4))).Q
    want = departure_from_normality(W)
    np.testing.assert_allclose(departure_from_normality(scale * Q @ W @ Q.T), want, rtol=1e-10, atol=0)


def test_rank_counts_singular_values_and_not_eigenvalues(backend):
    assert int(numeric_rank(backend.array(np.eye(6, k=1)))) == 5
    assert int(numeric_rank(backend.array(np.zeros((3, 2))))) == 0


def test_rank_of_a_batch_agrees_with_numpy(rng):
    W = rng.normal(size=(3, 6, 2)) @ rng.normal(size=(3, 2, 4))
    W[2] = rng.normal(size=(6, 4))
    np.testing.assert_array_equal(numeric_rank(W), np.linalg.matrix_rank(W))


@pytest.mark.parametrize("function", [polar_factor, departure_from_normality, numeric_rank])
@pytest.mark.parametrize(
    ("value", "message"),
    [(np.ones(3), "at least 2 axes"), (np.ones((0, 3)), "empty"), ([[np.nan, 1], [0, 1]], "finite")],
)
def test_bad_matrices_are_refused(function, value, message):
    with pytest.raises(ValueError, match=message):
        function(value)


def test_departure_needs_a_square_matrix():
    with pytest.raises(ValueError, match="square"):
        departure_from_normality(np.ones((2, 3)))
