"""Oracles: closed forms, numpy.linalg and mpmath, identities (Frobenius, determinant, Weyl, Gelfand), invariances."""

import math

import mpmath
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from matplotlib import pyplot as plt
from strategies import orthogonal_matrices

from reference.eigen_analysis import (
    condition_number,
    eigvals,
    kappa_under_scaling,
    nonnormal_matrix,
    num_real_eigs,
    plot_spectrum,
    singular_values,
    spectral_radius,
)

RTOL = {"float64": 1e-12, "float32": 2e-5}
ROTATION = np.array([[0.0, -1.0], [1.0, 0.0]])
SHEAR = np.array([[1.0, 1e6], [0.0, 1.0]])
SQUARE = arrays(np.float64, (4, 4), elements=st.floats(-10, 10, allow_subnormal=False))
RECTANGULAR = arrays(np.float64, (3, 5), elements=st.floats(-10, 10, allow_subnormal=False))
SIMILARITY = np.array([[2.0, 1, 0, 0], [1, 2, 1, 0], [0, 1, 2, 1], [0, 0, 1, 2]])


def in_order(values):
    """Complex numbers by real, then imaginary part, after rounding has been taken off the real one."""
    values = np.asarray(values)
    return values[np.lexsort((values.imag, np.round(values.real, 6)))]


def exact_singular_values(W):
    with mpmath.workdps(50):
        return [float(s) for s in mpmath.svd_r(mpmath.matrix(W.tolist()), compute_uv=False)]


class TestEigenvalues:
    def test_rotation_has_the_pair_plus_and_minus_i(self, backend):
        values = eigvals(backend.array(ROTATION))
        assert str(values.dtype).endswith("complex64" if backend.dtype == "float32" else "complex128")
        np.testing.assert_allclose(in_order(values), [-1j, 1j], rtol=0, atol=1e-7)
        np.testing.assert_allclose(spectral_radius(backend.array(ROTATION)), 1, rtol=1e-6, atol=0)

    def test_real_eigenvalues_come_as_complex_numbers_too(self, backend):
        values = eigvals(backend.array(np.diag([3.0, -5.0])))
        assert str(values.dtype).startswith(("complex", "torch.complex"))
        np.testing.assert_allclose(in_order(values), [-5, 3], rtol=1e-6, atol=0)

    def test_triangular_matrix_shows_them_on_its_diagonal(self, backend, rng):
        W = np.triu(rng.normal(size=(2, 5, 5)), 1) + np.diag(np.arange(1.0, 6.0))
        np.testing.assert_allclose(
            np.sort(np.asarray(eigvals(backend.array(W))).real, axis=-1),
            np.tile(np.arange(1.0, 6.0), (2, 1)),
            rtol=10 * RTOL[backend.dtype],
            atol=0,
        )

    @pytest.mark.parametrize("n", [3, 8])
    def test_cyclic_shift_has_the_roots_of_unity(self, n):
        values = eigvals(np.roll(np.eye(n), 1, axis=0))
        np.testing.assert_allclose(values**n, 1, rtol=1e-12, atol=0)
        assert len(np.unique(np.round(values, 6))) == n

    @given(SQUARE)
    def test_sum_is_the_trace_and_product_the_determinant(self, W):
        values = eigvals(W)
        scale = np.linalg.norm(W, 2)
        np.testing.assert_allclose(values.sum(), np.trace(W), rtol=0, atol=1e-13 * scale + 1e-300)
        np.testing.assert_allclose(
            np.abs(values).prod(), abs(np.linalg.det(W)), rtol=0, atol=1e-11 * scale**4 + 1e-300
        )

    def test_similarity_and_transposition_keep_them(self, rng):
        W = rng.normal(size=(4, 4))
        expected = in_order(eigvals(W))
        for other in (W.T, np.linalg.solve(SIMILARITY, W @ SIMILARITY)):
            np.testing.assert_allclose(in_order(eigvals(other)), expected, rtol=1e-11, atol=0)

    def test_polynomial_roots(self):
        companion = np.array([[6.0, -11.0, 6.0], [1, 0, 0], [0, 1, 0]])  # (z - 1)(z - 2)(z - 3)
        np.testing.assert_allclose(in_order(eigvals(companion)), [1, 2, 3], rtol=1e-12, atol=0)


class TestSpectralRadius:
    def test_a_negative_eigenvalue_counts_by_its_modulus(self, backend):
        result = spectral_radius(backend.array([[[1.0, 5.0], [0.0, -3.0]], [[2.0, 0.0], [0.0, 0.5]]]))
        assert backend.owns(result)
        np.testing.assert_allclose(result, [3, 2], rtol=1e-6, atol=0)

    @given(SQUARE)
    def test_weyl_it_is_at_most_the_largest_singular_value(self, W):
        assert spectral_radius(W) <= singular_values(W)[0] * (1 + 1e-13)

    def test_gelfand_it_is_the_limit_of_roots_of_norms_of_powers(self, rng):
        W, k = rng.normal(size=(4, 4)), 256
        root = np.linalg.norm(np.linalg.matrix_power(W, k), 2) ** (1 / k)
        np.testing.assert_allclose(spectral_radius(W), root, rtol=0.02, atol=0)

    def test_radius_of_a_product_is_not_the_product_of_radii(self):
        A = np.array([[0.0, 2.0], [0.0, 0.0]])
        assert spectral_radius(A) == 0 and spectral_radius(A.T @ A) == 4


class TestSingularValues:
    def test_diagonal_in_descending_order_whatever_the_signs(self, backend):
        W = np.zeros((2, 3, 4))
        W[:, [0, 1, 2], [0, 1, 2]] = [[1, -3, 2], [0, 5, -7]]
        result = singular_values(backend.array(W))
        assert backend.owns(result)
        np.testing.assert_allclose(result, [[3, 2, 1], [7, 5, 0]], rtol=1e-6, atol=0)

    @given(RECTANGULAR)
    def test_agree_with_fifty_digits(self, W):
        exact = exact_singular_values(W.T)
        np.testing.assert_allclose(singular_values(W), exact, rtol=0, atol=1e-14 * exact[0] + 1e-300)

    def test_small_ones_survive_where_the_gram_matrix_loses_them(self):
        # Läuchli's matrix: sqrt(2 + e^2) and e, but in floating point W'W is [[1, 1], [1, 1]].
        W = np.array([[1, 1], [1e-9, 0], [0, 1e-9]])
        np.testing.assert_allclose(singular_values(W), [math.sqrt(2), 1e-9], rtol=1e-6, atol=0)

    @given(RECTANGULAR)
    def test_squares_sum_to_the_squared_frobenius_norm(self, W):
        np.testing.assert_allclose((singular_values(W) ** 2).sum(), (W**2).sum(), rtol=1e-13, atol=1e-300)

    @given(RECTANGULAR, orthogonal_matrices(3), orthogonal_matrices(5))
    def test_rotating_inputs_or_outputs_keeps_them(self, W, U, V):
        expected = singular_values(W)
        np.testing.assert_allclose(
            singular_values(U @ W @ V), expected, rtol=0, atol=1e-13 * expected[0] + 1e-300
        )
        np.testing.assert_allclose(singular_values(W.T), expected, rtol=0, atol=1e-13 * expected[0] + 1e-300)

    def test_all_zero_eigenvalues_do_not_mean_low_rank(self):
        shift = np.eye(50, k=1)
        assert spectral_radius(shift) == 0
        np.testing.assert_allclose(singular_values(shift), [1.0] * 49 + [0.0], rtol=1e-15, atol=1e-15)

    def test_symmetric_matrices_have_the_moduli_of_their_eigenvalues(self, rng):
        S = rng.normal(size=(5, 5))
        S = S + S.T
        np.testing.assert_allclose(
            singular_values(S), np.sort(np.abs(np.linalg.eigvalsh(S)))[::-1], rtol=1e-12, atol=0
        )


class TestConditionNumber:
    def test_is_not_the_ratio_of_eigenvalues(self):
        np.testing.assert_allclose(condition_number(SHEAR), 1e12, rtol=1e-3, atol=0)
        moduli = np.abs(np.asarray(eigvals(SHEAR)))
        assert moduli.max() / moduli.min() == 1

    @pytest.mark.parametrize("a", [1.0, 30.0, 1e3])
    def test_shear_has_a_closed_form(self, a):
        expected = ((math.sqrt(a * a + 4) + a) / 2) ** 2
        np.testing.assert_allclose(
            condition_number(np.array([[1, a], [0, 1]])), expected, rtol=1e-15 * expected + 1e-14, atol=0
        )

    def test_hilbert_matrix(self):
        n = 6
        H = 1 / (np.arange(n)[:, None] + np.arange(n) + 1.0)
        sigma = exact_singular_values(H)
        np.testing.assert_allclose(condition_number(H), sigma[0] / sigma[-1], rtol=1e-8, atol=0)

    def test_batches_and_rectangles_agree_with_numpy(self, backend, rng):
        for shape in [(4, 3, 5), (4, 5, 3), (2, 2, 3, 3)]:
            W = rng.normal(size=shape)
            result = condition_number(backend.array(W))
            assert backend.owns(result)
            np.testing.assert_allclose(result, np.linalg.cond(W), rtol=20 * RTOL[backend.dtype], atol=0)

    @pytest.mark.parametrize("W", [np.zeros((2, 2)), np.diag([1.0, 0.0]), np.diag([2.0, 1.0, 0.0])[:, 1:]])
    def test_rank_deficiency_is_infinite(self, backend, W):
        assert condition_number(backend.array(W)) == math.inf

    def test_rank_deficiency_divides_by_nothing(self):
        with np.errstate(all="raise"):
            assert condition_number(np.diag([1.0, 0.0])) == np.inf

    def test_rank_tolerance_is_relative(self):
        W = 1e-5 * np.diag([1.0, 1e-10])
        np.testing.assert_allclose(condition_number(W, rank_rtol=1e-11), 1e10, rtol=1e-12, atol=0)
        assert condition_number(W, rank_rtol=1e-9) == math.inf

    @given(orthogonal_matrices(4))
    def test_rotations_are_perfectly_conditioned(self, Q):
        np.testing.assert_allclose(condition_number(Q), 1, rtol=1e-12, atol=0)

    def test_invariances(self, rng):
        W = rng.normal(size=(5, 5))
        Q, _ = np.linalg.qr(rng.normal(size=(5, 5)))
        for other in (W.T, Q @ W, W @ Q, np.linalg.inv(W), -3.7 * W, 1e-150 * W):
            np.testing.assert_allclose(condition_number(other), condition_number(W), rtol=1e-11, atol=0)

    @pytest.mark.parametrize("rank_rtol", [-1e-3, 1.0, math.nan])
    def test_rank_tolerance_must_make_sense(self, rank_rtol):
        with pytest.raises(ValueError, match=r"^rank_rtol "):
            condition_number(SHEAR, rank_rtol=rank_rtol)


class TestScaling:
    def test_the_scale_of_the_weights_does_not_matter(self, backend, rng):
        W, scales = rng.normal(size=(20, 30)), [1e-6, 0.1, 1.0, -math.sqrt(2), 1e6]
        result = kappa_under_scaling(backend.array(W), scales)
        assert backend.owns(result) and result.shape == (5,)
        np.testing.assert_allclose(result, np.linalg.cond(W), rtol=10 * RTOL[backend.dtype], atol=0)

    @pytest.mark.parametrize("scales", [[1.0, 0.0], [math.nan], 2.0, [[1.0]]])
    def test_bad_scales_are_named(self, scales):
        with pytest.raises(ValueError, match=r"^scales "):
            kappa_under_scaling(SHEAR, scales)

    def test_needs_one_matrix(self):
        with pytest.raises(ValueError, match=r"^W "):
            kappa_under_scaling(np.ones((2, 3, 3)), [1.0])


class TestRealEigenvalues:
    def test_rotation_has_none_and_a_symmetric_matrix_only_them(self, backend, rng):
        S = rng.normal(size=(2, 2))
        counts = num_real_eigs(backend.array([ROTATION, np.eye(2), S + S.T]))
        assert np.asarray(counts).tolist() == [0, 2, 2]

    def test_block_diagonal(self):
        W = np.zeros((5, 5))
        W[:2, :2], W[2:, 2:] = ROTATION, np.diag([1.0, -1.0, 0.0])
        assert num_real_eigs(W) == 3

    def test_tolerance_of_zero_counts_those_that_are_exactly_real(self):
        assert num_real_eigs(np.diag([1.0, 2.0, 2.0]), rtol=0) == 3

    def test_double_eigenvalues_need_a_tolerance_of_their_own(self, rng):
        J = np.diag([1.0, 1.0, 2.0, 3.0])
        J[0, 1] = 1.0
        turns = np.linalg.qr(rng.normal(size=(100, 4, 4)))[0]
        W = turns @ J @ np.swapaxes(turns, -2, -1)
        assert set(num_real_eigs(W).tolist()) == {2, 4}
        np.testing.assert_array_equal(num_real_eigs(W, rtol=1e-7), 4)

    def test_counts_do_not_depend_on_scale(self, rng):
        W = rng.normal(size=(30, 30))
        expected = np.isreal(np.linalg.eigvals(W)).sum()
        assert [int(num_real_eigs(c * W)) for c in (1e-100, 1.0, 1e100)] == [expected] * 3

    def test_tolerance_decides_what_rounding_cannot(self):
        W = np.array([[1.0, 1.0], [-1e-16, 1.0]])  # a double eigenvalue but for rounding: 1 +- 1e-8 i
        assert num_real_eigs(W) == 0
        assert num_real_eigs(W, rtol=1e-7) == 2
        tiny = np.array([[1.0, -1e-12], [1e-12, 1.0]])  # 1 +- 1e-12 i
        assert num_real_eigs(tiny) == 2
        assert num_real_eigs(tiny, rtol=0) == 0

    @pytest.mark.parametrize("rtol", [-1e-3, math.nan])
    def test_bad_tolerance_is_named(self, rtol):
        with pytest.raises(ValueError, match=r"^rtol "):
            num_real_eigs(np.eye(2), rtol=rtol)


class TestNonnormalMatrix:
    def test_spectral_radius_says_nothing_about_the_transient(self):
        W = nonnormal_matrix()
        powers = [np.linalg.norm(np.linalg.matrix_power(W, k), 2) for k in range(1, 60)]
        assert spectral_radius(W) < 0.5 and max(powers) > 1000 and powers[-1] < 1e-6
        assert np.argmax(powers) > 5  # it builds up over many layers

    def test_powers_are_binomial(self):
        W = nonnormal_matrix(5, eigenvalue=0.5, coupling=3.0)
        expected = [math.comb(6, j) * 0.5 ** (6 - j) * 3.0**j for j in range(5)]
        np.testing.assert_allclose(np.linalg.matrix_power(W, 6)[0], expected, rtol=1e-14, atol=0)

    def test_defaults_are_those_of_the_docstring(self):
        expected = 0.4 * np.eye(8) + 2.0 * np.eye(8, k=1)
        np.testing.assert_array_equal(nonnormal_matrix(), expected)

    def test_needs_two_rows(self):
        with pytest.raises(ValueError, match=r"^size "):
            nonnormal_matrix(1)


class TestPlot:
    @pytest.fixture
    def ax(self):
        figure, axes = plt.subplots()
        yield axes
        plt.close(figure)

    def test_shows_all_eigenvalues_over_a_true_circle(self, ax, rng, backend):
        W = backend.array(rng.normal(size=(20, 20)))
        assert plot_spectrum(ax, W, 1.5) is ax
        points = np.asarray(ax.collections[0].get_offsets())
        np.testing.assert_array_equal(points[:, 0] + 1j * points[:, 1], np.asarray(eigvals(W)))
        (circle,) = ax.patches
        assert circle.radius == 1.5 and tuple(circle.center) == (0, 0) and not circle.get_fill()
        assert ax.get_aspect() == 1 and ax.get_xlabel() == "real part" and ax.get_ylabel() == "imaginary part"

    def test_radius_may_be_small(self, ax):
        assert plot_spectrum(ax, 0.1 * np.eye(2), 0.5).patches[0].radius == 0.5

    @pytest.mark.parametrize("radius", [0, -1, math.nan])
    def test_radius_must_be_positive(self, ax, radius):
        with pytest.raises(ValueError, match=r"^radius "):
            plot_spectrum(ax, np.eye(2), radius)


class TestInputs:
    @pytest.mark.parametrize(
        "bad",
        [[1.0, 2.0], np.zeros((0, 0)), [[math.nan, 0], [0, 1]], [[math.inf, 0], [0, 1]], [[1j, 0], [0, 1]]],
    )
    def test_bad_matrices_are_named(self, bad):
        for function in (eigvals, spectral_radius, singular_values, condition_number, num_real_eigs):
            with pytest.raises(ValueError, match=r"^W "):
                function(bad)

    @pytest.mark.parametrize("function", [eigvals, spectral_radius, num_real_eigs])
    @pytest.mark.parametrize("shape", [(2, 3), (3, 2), (5, 2, 3), (2, 2, 3)])
    def test_only_square_matrices_have_eigenvalues(self, function, shape):
        with pytest.raises(ValueError, match=r"^W must be square"):
            function(np.ones(shape))

    def test_large_matrices_are_square_too(self):
        """Sizes above 256 are no longer one and the same Python integer."""
        assert eigvals(np.eye(300)).shape == (300,)

    def test_nothing_is_written(self, rng):
        W = rng.normal(size=(3, 3))
        W.flags.writeable = False
        for function in (eigvals, spectral_radius, singular_values, condition_number, num_real_eigs):
            assert np.isfinite(function(W)).all()

    @pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
    def test_results_stay_on_the_gpu(self, rng):
        W = torch.tensor(rng.normal(size=(3, 4, 4)))
        for function in (spectral_radius, singular_values, condition_number):
            assert function(W.cuda()).is_cuda
            np.testing.assert_allclose(function(W.cuda()).cpu(), function(W), rtol=1e-9, atol=0)
