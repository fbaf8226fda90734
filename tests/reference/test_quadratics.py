import numpy as np
import pytest
import scipy.optimize
import scipy.sparse.linalg
import torch
from hypothesis import given
from strategies import orthogonal_matrices, spd_matrices, vectors

from reference.quadratics import Quadratic

SLANTED = np.array([[4.0, 1.0, -2.0], [3.0, 5.0, 0.5], [0.0, -1.5, 6.0]])  # positive definite, not symmetric


def test_the_chapters_function():
    f = Quadratic(np.diag([2, 20]))
    assert f.value([3.0, -2.0]) == 3**2 + 10 * 2**2
    np.testing.assert_array_equal(f.gradient([3.0, -2.0]), [6, -40])
    assert (f.L, f.mu, f.condition_number) == (20, 2, 10)
    np.testing.assert_array_equal(f.minimizer, [0, 0])


def test_gradient_and_hessian_of_a_matrix_that_is_not_symmetric(rng):
    b, x = rng.normal(size=3), rng.normal(size=3)
    f = Quadratic(SLANTED, b)
    x_torch = torch.tensor(x, requires_grad=True)

    def by_definition(x):
        return x @ torch.tensor(SLANTED) @ x / 2 - torch.tensor(b) @ x

    value = by_definition(x_torch)
    value.backward()
    assert f.value(x) == pytest.approx(value.item(), rel=1e-14)
    np.testing.assert_allclose(f.gradient(x), x_torch.grad, rtol=1e-13, atol=1e-14)
    hessian = torch.autograd.functional.hessian(by_definition, x_torch)
    np.testing.assert_allclose(f.hessian, hessian, rtol=1e-14, atol=0)
    assert f.curvature(x) == pytest.approx(float(x @ hessian.numpy() @ x), rel=1e-13)


def test_minimizer_agrees_with_scipy(rng):
    b = rng.normal(size=3)
    f = Quadratic(SLANTED, b)
    by_cg, failure = scipy.sparse.linalg.cg((SLANTED + SLANTED.T) / 2, b, rtol=1e-14, atol=0)
    assert failure == 0
    np.testing.assert_allclose(f.minimizer, by_cg, rtol=1e-11, atol=1e-13)
    by_bfgs = scipy.optimize.minimize(f.value, np.zeros(3), jac=f.gradient, options={"gtol": 1e-10})
    np.testing.assert_allclose(f.minimizer, by_bfgs.x, rtol=1e-8, atol=1e-9)
    assert f.value(f.minimizer) <= by_bfgs.fun + 1e-15


@given(spd_matrices(3), vectors(3), vectors(3), orthogonal_matrices(3))
def test_rotating_space_rotates_the_function(A, b, x, Q):
    f, rotated = Quadratic(A, b), Quadratic(Q @ A @ Q.T, Q @ b)
    scale = 1e3 * (1 + np.abs(A).max())
    assert rotated.value(Q @ x) == pytest.approx(float(f.value(x)), rel=1e-11, abs=1e-11 * scale)
    np.testing.assert_allclose(rotated.gradient(Q @ x), Q @ f.gradient(x), rtol=1e-11, atol=1e-12 * scale)
    np.testing.assert_allclose(rotated.eigenvalues, f.eigenvalues, rtol=1e-10, atol=0)


@given(spd_matrices(4), vectors(4), vectors(4), vectors(4))
def test_curvature_bounds_the_change_of_the_gradient(A, b, x, y):
    f = Quadratic(A, b)
    change, distance = np.linalg.norm(f.gradient(x) - f.gradient(y)), np.linalg.norm(x - y)
    rounding = 1e-12 * (1 + f.L * 100)
    assert f.mu * distance - rounding <= change <= f.L * distance + rounding
    assert f.condition_number == pytest.approx(np.linalg.cond(A), rel=1e-8)


@given(spd_matrices(3), vectors(3), vectors(3))
def test_nothing_is_below_the_minimizer(A, b, x):
    f = Quadratic(A, b)
    assert f.value(x) >= f.value(f.minimizer) - 1e-9 * (1 + abs(f.value(f.minimizer)))


def test_a_batch_is_its_members(rng):
    A = rng.normal(size=(4, 3, 3))
    A = A @ A.mT + np.eye(3)
    b, x = rng.normal(size=(2, 1, 3)), rng.normal(size=(5, 1, 1, 3))
    f = Quadratic(A, b)
    assert f.value(x).shape == (5, 2, 4) and f.minimizer.shape == (2, 4, 3) and f.L.shape == (4,)
    for i, j, k in np.ndindex(5, 2, 4):
        one = Quadratic(A[k], b[j, 0])
        assert f.value(x)[i, j, k] == pytest.approx(float(one.value(x[i, 0, 0])), rel=1e-12)
        np.testing.assert_allclose(f.gradient(x)[i, j, k], one.gradient(x[i, 0, 0]), rtol=1e-12, atol=1e-13)
        np.testing.assert_allclose(f.minimizer[j, k], one.minimizer, rtol=1e-12, atol=1e-13)
        assert f.condition_number[k] == pytest.approx(float(one.condition_number), rel=1e-12)


def test_as_many_functions_as_dimensions_are_solved_one_by_one(backend, rng):
    """`solve` reads a right-hand side of shape (3, 3) as a matrix where one is not careful."""
    A = rng.normal(size=(3, 3, 3))
    A = A @ A.mT + np.eye(3)
    b = rng.normal(size=(3, 3))
    expected = [np.linalg.solve(one, right) for one, right in zip(A, b, strict=True)]
    f = Quadratic(backend.array(A), backend.array(b))
    np.testing.assert_allclose(f.minimizer, expected, **backend.tolerance)


def test_namespace_and_dtype_are_kept(backend):
    f, x = Quadratic(backend.array(SLANTED), [1, 2, 3]), backend.array([1, -1, 2])
    oracle = Quadratic(SLANTED, [1, 2, 3])
    for name in ("hessian", "eigenvalues", "L", "mu", "condition_number", "minimizer"):
        assert backend.owns(getattr(f, name)), name
        np.testing.assert_allclose(getattr(f, name), getattr(oracle, name), **backend.tolerance)
    for name in ("value", "gradient", "curvature"):
        assert backend.owns(getattr(f, name)(x)), name
        np.testing.assert_allclose(
            getattr(f, name)(x), getattr(oracle, name)([1, -1, 2]), **backend.tolerance
        )


def test_the_callers_arrays_are_neither_changed_nor_shared():
    A, b = np.diag([2.0, 20.0]), np.array([1.0, 1.0])
    f, used = Quadratic(A, b), Quadratic(A, b)
    used.minimizer, used.gradient(np.ones(2))
    np.testing.assert_array_equal(A, np.diag([2.0, 20.0]))
    np.testing.assert_array_equal(b, [1, 1])
    A[0, 0], b[0] = 7, 7
    np.testing.assert_array_equal(f.gradient([0.5, 0.5]), [0, 9])


def test_nan_and_infinity_pass_through_value_and_gradient():
    f = Quadratic(np.diag([2.0, 20.0]))
    assert np.isnan(f.value([np.nan, 0.0]))
    np.testing.assert_array_equal(Quadratic([[2.0]]).gradient([np.inf]), [np.inf])


def test_singular_functions_have_infinite_condition_number_and_no_minimizer():
    f = Quadratic([[[1.0, 1.0], [1.0, 1.0]], [[2.0, 0.0], [0.0, 1.0]]])
    np.testing.assert_allclose(f.condition_number, [np.inf, 2], rtol=1e-14, atol=0)
    with pytest.raises(ValueError, match="A must be positive definite"):
        _ = f.minimizer


@pytest.mark.parametrize("A", [np.diag([1.0, -1.0]), np.zeros((2, 2)), -np.eye(2)])
def test_condition_number_needs_a_convex_function(A):
    with pytest.raises(ValueError, match="A must be positive semidefinite"):
        _ = Quadratic(A).condition_number


@pytest.mark.parametrize(
    ("A", "b", "match"),
    [
        (np.ones((2, 3)), None, "A must be square"),
        (np.ones((0, 0)), None, "A must be square"),
        (np.ones(2), None, "A must have at least 2 axes"),
        ([[1, np.nan], [0, 1]], None, "A must be finite"),
        (np.eye(2), np.ones(3), "b must have shape"),
        (np.eye(2), np.ones(1), "b must have shape"),
        (np.eye(2), 1.0, "b must have at least 1"),
        (np.eye(2), [np.inf, 0], "b must be finite"),
        (np.ones((4, 2, 2)), np.ones((3, 2)), r"A \(4,\), b \(3,\)"),
    ],
)
def test_bad_functions_are_refused(A, b, match):
    with pytest.raises(ValueError, match=match):
        Quadratic(A, b)


@pytest.mark.parametrize(
    ("x", "match"), [(np.ones(3), "x must have shape"), (1.0, "x must have"), (np.ones((3, 2)), "x ")]
)
@pytest.mark.parametrize("method", ["value", "gradient", "curvature"])
def test_bad_points_are_refused(method, x, match):
    with pytest.raises(ValueError, match=match):
        getattr(Quadratic(np.ones((4, 2, 2))), method)(x)
