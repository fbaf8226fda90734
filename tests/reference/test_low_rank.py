"""Oracles: matrices built from known singular values, mpmath, other matrices of the same rank, counting."""

import math

import mpmath
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from strategies import orthogonal_matrices

from reference.low_rank import (
    best_rank_k,
    eckart_young_error,
    energy_fraction,
    largest_saving_rank,
    storage_cost,
)

SIGMA = np.array([7.0, 3.0, 1.0])
SHAPES = [(5, 3), (3, 6), (4, 4), (1, 5)]
RTOL = {"float64": 1e-12, "float32": 2e-5}


def built(U, V):
    """Matrix of shape (4, 3) with the singular values SIGMA, and the list of its three terms."""
    terms = [SIGMA[i] * np.outer(U[:, i], V[:, i]) for i in range(3)]
    return sum(terms), terms


class TestBestRankK:
    @given(orthogonal_matrices(4), orthogonal_matrices(3), st.integers(0, 3))
    def test_is_the_sum_of_the_first_terms(self, U, V, k):
        A, terms = built(U, V)
        np.testing.assert_allclose(best_rank_k(A, k), sum(terms[:k], np.zeros((4, 3))), rtol=0, atol=1e-13)

    def test_in_every_library_and_precision_and_in_batches(self, backend, rng):
        A = rng.normal(size=(2, 5, 3))
        result = best_rank_k(backend.array(A), 2)
        assert backend.owns(result) and tuple(result.shape) == (2, 5, 3)
        for got, matrix in zip(result, A, strict=True):
            np.testing.assert_allclose(got, best_rank_k(matrix, 2), rtol=0, atol=10 * RTOL[backend.dtype])

    @pytest.mark.parametrize("shape", SHAPES)
    def test_both_ends(self, shape, rng):
        A = rng.normal(size=shape)
        np.testing.assert_array_equal(best_rank_k(A, 0), np.zeros(shape))
        np.testing.assert_allclose(best_rank_k(A, min(shape)), A, rtol=0, atol=1e-14)

    @given(
        arrays(np.float64, (5, 2), elements=st.floats(-3, 3)),
        arrays(np.float64, (2, 4), elements=st.floats(-3, 3)),
    )
    def test_no_other_matrix_of_rank_two_is_nearer(self, B, C):
        A = np.add.outer(np.arange(5.0) ** 2, np.sin(np.arange(4.0))) + np.eye(5, 4)
        for order in (2, "fro"):
            assert np.linalg.norm(A - best_rank_k(A, 2), order) <= np.linalg.norm(A - B @ C, order) * (
                1 + 1e-12
            )

    def test_torch_agrees(self, rng):
        A = rng.normal(size=(6, 4))
        U, S, V = torch.svd(torch.tensor(A))
        np.testing.assert_allclose(best_rank_k(A, 3), U[:, :3] * S[:3] @ V[:, :3].T, rtol=0, atol=1e-13)

    @pytest.mark.parametrize("function", [best_rank_k, eckart_young_error, energy_fraction])
    def test_bad_input_is_named(self, function):
        for A, k, reason in [
            ([1.0, 2.0], 1, "A must have at least 2 axes"),
            (np.zeros((0, 3)), 0, "A must not be empty"),
            ([[math.nan]], 1, "A must be finite"),
            (np.ones((2, 3)), 3, r"k must lie in \[0, 2\]"),
            (np.ones((2, 3)), -1, r"k must lie in \[0, 2\]"),
        ]:
            with pytest.raises(ValueError, match=reason):
                function(A, k)
        with pytest.raises(TypeError):
            function(np.ones((2, 3)), 1.5)


class TestEckartYoung:
    @given(orthogonal_matrices(4), orthogonal_matrices(3), st.integers(0, 3))
    def test_error_is_the_first_singular_value_left_out(self, U, V, k):
        A, _ = built(U, V)
        want = [*SIGMA, 0.0][k]
        np.testing.assert_allclose(eckart_young_error(A, k), want, rtol=0, atol=1e-13)
        np.testing.assert_allclose(np.linalg.norm(A - best_rank_k(A, k), 2), want, rtol=0, atol=1e-13)

    def test_fifty_digits_agree(self, backend):
        A = 1 / (np.arange(5.0)[:, None] + np.arange(4.0) + 1)
        with mpmath.workdps(50):
            exact = float(mpmath.svd_r(mpmath.matrix(A.tolist()), compute_uv=False)[1])
        result = eckart_young_error(backend.array(A), 1)
        assert backend.owns(result)
        np.testing.assert_allclose(result, exact, rtol=10 * RTOL[backend.dtype], atol=0)


class TestEnergy:
    @given(
        orthogonal_matrices(4),
        orthogonal_matrices(3),
        st.integers(0, 3),
        st.sampled_from([1e-200, 1.0, 1e200]),
    )
    def test_share_of_the_squares_whatever_the_scale(self, U, V, k, scale):
        want = np.sum(SIGMA[:k] ** 2) / 59
        np.testing.assert_allclose(energy_fraction(scale * built(U, V)[0], k), want, rtol=1e-12, atol=0)

    def test_is_the_squared_norm_of_what_is_kept(self, backend, rng):
        A = rng.normal(size=(2, 6, 4))
        result = energy_fraction(backend.array(A), 2)
        assert backend.owns(result)
        want = [np.linalg.norm(best_rank_k(a, 2)) ** 2 / np.sum(a * a) for a in A]
        np.testing.assert_allclose(result, want, rtol=10 * RTOL[backend.dtype], atol=0)

    def test_is_not_variance_unless_the_columns_are_centred(self, rng):
        A = 5 + rng.normal(size=(30, 4))
        covariance = np.sort(np.linalg.eigvalsh(np.cov(A.T)))[::-1]
        explained = covariance[0] / covariance.sum()
        assert energy_fraction(A, 1) > 0.9 > 0.6 > explained
        np.testing.assert_allclose(energy_fraction(A - A.mean(axis=0), 1), explained, rtol=1e-12, atol=0)

    def test_nothing_cannot_be_shared(self):
        with pytest.raises(ValueError, match="all zeros"):
            energy_fraction(np.stack([np.eye(2), np.zeros((2, 2))]), 1)


class TestStorage:
    @pytest.mark.parametrize("shape", SHAPES)
    def test_counts_the_numbers_of_the_factors(self, shape):
        U, sigma, Vt = np.linalg.svd(np.ones(shape), full_matrices=False)
        for k in range(min(shape) + 1):
            assert storage_cost(shape, k) == U[:, :k].size + sigma[:k].size + Vt[:k].size

    @pytest.mark.parametrize("shape", [*SHAPES, (300, 256), (600, 512), (3, 3), (7, 7)])
    def test_largest_saving_rank_is_the_last_that_saves(self, shape):
        saving = [k for k in range(min(shape) + 1) if storage_cost(shape, k) < math.prod(shape)]
        assert largest_saving_rank(shape) == saving[-1]

    @pytest.mark.parametrize("shape", [(3,), (3, 0), (2, 3, 4), (-1, 2)])
    def test_shapes_that_are_none_are_refused(self, shape):
        with pytest.raises(ValueError, match="shape must be two positive numbers"):
            storage_cost(shape, 1)
        with pytest.raises(ValueError, match="shape must be two positive numbers"):
            largest_saving_rank(shape)
        with pytest.raises(ValueError, match=r"k must lie in \[0, 3\]"):
            storage_cost((3, 4), 4)
