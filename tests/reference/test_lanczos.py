"""The Lanczos basis against its definition, dense eigenvalues and known recurrence coefficients."""

import numpy as np
import pytest
import scipy.linalg
from hypothesis import given
from hypothesis import strategies as st

from reference.lanczos import lanczos

seeds = st.integers(0, 2**32 - 1)


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


@given(seed=seeds, steps=st.integers(1, 12))
def test_basis_is_orthonormal_and_makes_the_matrix_tridiagonal(seed, steps):
    A = symmetric(rng(seed).normal(size=12), seed)
    matvec = Counted(A)
    result = lanczos(matvec, 12, num_steps=steps, rng=rng(seed))
    Q = result.basis
    assert matvec.count == steps
    assert Q.shape == (12, steps)
    np.testing.assert_allclose(Q.T @ Q, np.eye(steps), rtol=0, atol=1e-13)
    T = np.diag(result.diagonal) + np.diag(result.off_diagonal, 1) + np.diag(result.off_diagonal, -1)
    np.testing.assert_allclose(Q.T @ A @ Q, T, rtol=0, atol=1e-12)
    assert (result.off_diagonal >= 0).all()
    assert result.residual == pytest.approx(np.linalg.norm(A @ Q - Q @ T), abs=1e-12)


def test_ritz_values_are_those_of_the_tridiagonal_matrix():
    result = lanczos(symmetric(np.arange(9.0)).__matmul__, 9, num_steps=4, rng=rng())
    T = np.diag(result.diagonal) + np.diag(result.off_diagonal, 1) + np.diag(result.off_diagonal, -1)
    values, vectors = result.ritz()
    np.testing.assert_allclose(values, np.linalg.eigvalsh(T), rtol=0, atol=1e-12)
    np.testing.assert_allclose(T @ vectors, vectors * values, rtol=0, atol=1e-12)


def test_no_ghost_copies_when_the_largest_eigenvalue_has_long_converged():
    values = np.append(np.linspace(0, 1, 299), 10.0)
    ritz, _ = lanczos(lambda v: values * v, 300, num_steps=100, rng=rng()).ritz()
    assert (np.abs(ritz - 10) < 1e-3).sum() == 1
    # The textbook recurrence without reorthogonalisation, for contrast.
    q, previous, beta, alphas, betas = rng().normal(size=300), 0.0, 0.0, [], []
    q /= np.linalg.norm(q)
    for _ in range(100):
        w = values * q - beta * previous
        alphas.append(w @ q)
        w -= alphas[-1] * q
        previous, beta = q, np.linalg.norm(w)
        betas.append(beta)
        q = w / beta
    ghosts = scipy.linalg.eigh_tridiagonal(alphas, betas[:-1], eigvals_only=True)
    assert (np.abs(ghosts - 10) < 1e-3).sum() > 3


@pytest.mark.parametrize("values", [[2.0] * 6, [0.0] * 6, [1.0, 1, 1, -4, -4, 0], [3.0], [1e-100, 0, 2e-100]])
def test_as_many_steps_as_dimensions_give_all_eigenvalues_with_their_multiplicities(values):
    A = symmetric(values, 3)
    result = lanczos(A.__matmul__, len(values), num_steps=len(values) + 5, rng=rng())
    scale = np.abs(values).max()
    np.testing.assert_allclose(result.ritz()[0], np.sort(values), rtol=0, atol=1e-13 * scale)
    np.testing.assert_allclose(result.basis.T @ result.basis, np.eye(len(values)), rtol=0, atol=1e-13)


def test_exhausted_krylov_space_has_a_residual_of_zero():
    A = symmetric([1.0, 1, 1, 5, 5, 5])
    # Two distinct eigenvalues: a starting vector and its image span an invariant plane.
    result = lanczos(A.__matmul__, 6, num_steps=2, rng=rng())
    assert result.residual < 1e-13
    assert lanczos(A.__matmul__, 6, num_steps=3, rng=rng()).off_diagonal[1] == 0
    np.testing.assert_allclose(result.ritz()[0], [1, 5], rtol=1e-12, atol=0)


def test_vectors_that_lie_mostly_in_the_basis_are_made_orthogonal_twice():
    """Each vector is a fresh random one here, and the last of 300 is 94 % inside the basis; once leaves 3e-12."""
    result = lanczos(np.zeros_like, 300, num_steps=300, rng=rng())
    np.testing.assert_allclose(result.basis.T @ result.basis, np.eye(300), rtol=0, atol=1e-13)


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-12), (np.float32, 2e-5)])
def test_dtype_of_the_basis(dtype, tolerance):
    values = np.linspace(-1, 2, 40)
    seen = set()

    def matvec(v):
        seen.add(v.dtype)
        return values.astype(dtype) * v

    result = lanczos(matvec, 40, num_steps=40, rng=rng(), like=np.empty(0, dtype))
    assert seen == {np.dtype(dtype)}
    assert result.basis.dtype == dtype
    np.testing.assert_allclose(result.ritz()[0], values, rtol=0, atol=tolerance)


def test_rounding_of_float32_in_many_dimensions_is_no_breakdown():
    n = 1_000_000
    values = np.linspace(0, 1, n, dtype=np.float32)
    result = lanczos(lambda v: values * v, n, num_steps=6, rng=rng(), like=values)
    # Off-diagonal entries of the uniform distribution on [0, 1]: k/(2*sqrt(4k**2 - 1)) (Legendre).
    k = np.arange(1, 6)
    np.testing.assert_allclose(result.off_diagonal, k / (2 * np.sqrt(4 * k**2 - 1)), rtol=2e-2, atol=0)
    np.testing.assert_allclose(result.diagonal, 0.5, rtol=2e-2, atol=0)


def test_random_numbers_come_from_the_generator_alone():
    A = symmetric(np.arange(30.0))
    first, again, other = (lanczos(A.__matmul__, 30, num_steps=3, rng=rng(s)) for s in (1, 1, 2))
    np.testing.assert_array_equal(first.basis, again.basis)
    assert not np.allclose(first.basis, other.basis, rtol=1e-3, atol=0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: lanczos(np.negative, 0, num_steps=1, rng=rng()), "at least 1"),
        (lambda: lanczos(np.negative, 3, num_steps=0, rng=rng()), "at least 1"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
