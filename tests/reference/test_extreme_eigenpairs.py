"""Extreme eigenpairs against SciPy and known spectra: signs, multiplicities, residuals and cost."""

import numpy as np
import pytest
import scipy.linalg
import scipy.sparse
from scipy.sparse.linalg import eigsh

from reference.extreme_eigenpairs import top_eigs


def rng(seed=0):
    return np.random.default_rng(seed)


def symmetric(values, seed=0):
    Q = scipy.linalg.qr(rng(seed).normal(size=(len(values), len(values))))[0]
    return (Q * values) @ Q.T


class Counted:
    """A matrix that can only be multiplied, and counts."""

    def __init__(self, A):
        self.A, self.count = A, 0

    def __call__(self, v):
        self.count += 1
        return self.A @ v


@pytest.mark.parametrize("which", ["LM", "LA", "SA"])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_extreme_eigenpairs_agree_with_scipy(which, seed):
    A = symmetric(rng(seed).normal(size=80), seed)
    got = top_eigs(A.__matmul__, 80, 5, rng=rng(seed), which=which, tol=1e-9)
    values = eigsh(A, k=5, which=which, return_eigenvectors=False)
    key = {"LM": lambda v: -np.abs(v), "LA": lambda v: -v, "SA": lambda v: v}[which]
    np.testing.assert_allclose(got.values, sorted(values, key=key), rtol=0, atol=1e-9)
    np.testing.assert_allclose(got.vectors.T @ got.vectors, np.eye(5), rtol=0, atol=1e-10)
    np.testing.assert_allclose(A @ got.vectors, got.vectors * got.values, rtol=0, atol=1e-7)
    assert got.converged


def test_largest_magnitude_keeps_its_sign():
    got = top_eigs(symmetric([-9.0, 1, 2, 3, 8, 0.5]).__matmul__, 6, 2, rng=rng())
    np.testing.assert_allclose(got.values, [-9, 8], rtol=1e-9, atol=0)


def test_a_little_negative_curvature_is_found_beside_large_positive():
    values = np.append(np.linspace(0, 100, 499), -0.7)
    got = top_eigs(lambda v: values * v, 500, 1, rng=rng(), which="SA", max_steps=500, tol=1e-8)
    np.testing.assert_allclose(got.values, [-0.7], rtol=1e-6, atol=0)
    assert abs(got.vectors[499, 0]) > 0.999


@pytest.mark.parametrize("k", range(1, 7))
def test_multiple_eigenvalues_are_found_as_often_as_they_occur(k):
    A = symmetric([5.0, 5, 5, -7, -7, 3, *np.linspace(0, 1, 94)])
    got = top_eigs(A.__matmul__, 100, k, rng=rng())
    np.testing.assert_allclose(got.values, [-7, -7, 5, 5, 5, 3][:k], rtol=1e-8, atol=0)
    np.testing.assert_allclose(got.vectors.T @ got.vectors, np.eye(k), rtol=0, atol=1e-10)


def test_a_second_copy_is_found_though_a_random_vector_hardly_sees_it():
    """One direction of 100,000, barely outside the bulk: the search must not stop at the first impression."""
    n = 100_000
    values = np.linspace(-1, 1, n)
    values[[7, 70, 700]] = [1.2, 1.2, 1.15]
    got = top_eigs(lambda v: values * v, n, 2, rng=rng(), which="LA")
    np.testing.assert_allclose(got.values, [1.2, 1.2], rtol=1e-6, atol=0)


def test_residuals_are_measured_and_bound_the_error():
    A = symmetric(np.linspace(0, 1, 200) ** 3)
    matvec = Counted(A)
    got = top_eigs(matvec, 200, 2, rng=rng(), max_steps=12)
    assert not got.converged
    measured = np.linalg.norm(A @ got.vectors - got.vectors * got.values, axis=0)
    np.testing.assert_allclose(got.residuals, measured, rtol=1e-8, atol=1e-14)
    assert got.residuals.max() > 1e-4
    exact = np.linalg.eigvalsh(A)
    for value, residual in zip(got.values, got.residuals, strict=True):
        assert np.abs(exact - value).min() <= residual + 1e-14
    assert got.num_matvecs == matvec.count == 12 + 2


def test_a_looser_tolerance_costs_fewer_products():
    values = np.append(np.linspace(0, 1, 500) ** 2, 1.05)
    counts = [
        top_eigs(lambda v: values * v, 501, 1, rng=rng(), tol=tol).num_matvecs for tol in (3e-2, 1e-5, 1e-10)
    ]
    assert counts[0] < counts[1] < counts[2] < 120


def test_a_hundred_thousand_dimensions_with_few_products():
    n = 100_000
    values = np.linspace(-1, 1, n)
    values[[7, 70, 700]] = [30.0, -20.0, 10.0]
    matvec = Counted(scipy.sparse.diags_array(values))
    got = top_eigs(matvec, n, 3, rng=rng())
    np.testing.assert_allclose(got.values, [30, -20, 10], rtol=1e-9, atol=0)
    assert np.argmax(np.abs(got.vectors), axis=0).tolist() == [7, 70, 700]
    assert matvec.count == got.num_matvecs < 60


@pytest.mark.parametrize("which", ["LM", "LA", "SA"])
def test_all_eigenpairs_even_when_the_basis_is_kept_small(which):
    values = np.array([4.0, 4, -3, 1, 0, 0, 0.5])
    A = symmetric(values)
    got = top_eigs(A.__matmul__, 7, 7, rng=rng(), which=which, max_steps=7)
    np.testing.assert_allclose(np.sort(got.values), np.sort(values), rtol=0, atol=1e-10)
    rounds = top_eigs(A.__matmul__, 7, 7, rng=rng(), which=which, max_steps=5)
    np.testing.assert_allclose(rounds.vectors.T @ rounds.vectors, np.eye(7), rtol=0, atol=1e-10)
    assert rounds.values.sum() == pytest.approx(np.trace(A))
    small = top_eigs(A.__matmul__, 7, 3, rng=rng(), which=which, max_steps=2)
    assert small.values.shape == (3,)
    assert small.num_matvecs <= 7 * 2 + 3


def test_multiples_of_the_identity_and_zero_do_not_loop():
    for factor in (1.0, 0.0, -1e-3):
        got = top_eigs(lambda v, c=factor: c * v, 1000, 3, rng=rng())
        np.testing.assert_allclose(got.values, [factor] * 3, rtol=1e-12, atol=0)
        assert got.converged
        assert got.num_matvecs < 20


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: top_eigs(np.negative, 3, 0, rng=rng()), "between 1 and 3"),
        (lambda: top_eigs(np.negative, 3, 4, rng=rng()), "between 1 and 3"),
        (lambda: top_eigs(np.negative, 3, 1, rng=rng(), max_steps=0), "at least 1"),
        (
            lambda: top_eigs(np.negative, 3, 1, rng=rng(), which="SM"),
            "which must be one of LM, LA, SA, not 'SM'",
        ),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
