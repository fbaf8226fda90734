"""Dense Hessians: second derivatives, critical points, conditioning, Newton's method and preconditioning."""

import numpy as np
import pytest
import scipy.linalg
from hypothesis import given
from hypothesis import strategies as st
from smooth_functions import coupled, coupled_gradient, coupled_hessian

from reference.hessian_conditioning import (
    classify_critical,
    condition_number,
    hessian,
    hvp_finite_difference,
    newton_step,
    nullity,
    precondition,
)

X = np.array([0.4, -1.3, 2.2, 0.9, -0.2])
seeds = st.integers(0, 2**32 - 1)


def rotation(n, seed=0):
    return scipy.linalg.qr(np.random.default_rng(seed).normal(size=(n, n)))[0]


def with_eigenvalues(values, seed=0):
    Q = rotation(len(values), seed)
    return (Q * values) @ Q.T


# Relative to the largest entry of the Hessian.
@pytest.mark.parametrize(("arguments", "tolerance"), [({}, 1e-6), ({"grad": coupled_gradient}, 1e-9)])
def test_hessian_agrees_with_automatic_differentiation(arguments, tolerance):
    expected = coupled_hessian(X)
    got = hessian(coupled, X, **arguments)
    np.testing.assert_array_equal(got, got.T)
    np.testing.assert_allclose(got, expected, rtol=0, atol=tolerance * np.abs(expected).max())


def test_hessian_of_logistic_regression():
    rng = np.random.default_rng(1)
    A, y, w = rng.normal(size=(30, 4)), rng.integers(0, 2, 30), rng.normal(size=4)

    def loss(w):
        z = A @ w
        return np.sum(np.logaddexp(0, z) - y * z)

    def gradient(w):
        return A.T @ (1 / (1 + np.exp(-A @ w)) - y)

    p = 1 / (1 + np.exp(-A @ w))
    expected = A.T @ np.diag(p * (1 - p)) @ A
    np.testing.assert_allclose(hessian(loss, w), expected, rtol=0, atol=1e-5)
    np.testing.assert_allclose(hessian(None, w, grad=gradient), expected, rtol=0, atol=1e-8)


def test_hessian_of_linear_regression_has_the_squared_condition_number_of_the_data():
    A, b = np.random.default_rng(2).normal(size=(20, 4)), np.arange(20.0)
    H = hessian(lambda w: np.mean((A @ w - b) ** 2), np.ones(4), grad=lambda w: 2 / 20 * A.T @ (A @ w - b))
    np.testing.assert_allclose(H, 2 * A.T @ A / 20, rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(condition_number(H), np.linalg.cond(A) ** 2, rtol=1e-6, atol=0)


@pytest.mark.parametrize("scale", [1.0, 1e5])
def test_hessian_step_grows_with_x(scale):
    got = hessian(lambda x: coupled(x / scale), scale * X) * scale**2
    expected = coupled_hessian(X)
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-6 * np.abs(expected).max())


def test_hessian_in_float32():
    got = hessian(coupled, X.astype(np.float32), grad=lambda x: coupled_gradient(x).astype(np.float32))
    assert got.dtype == np.float32
    expected = coupled_hessian(X)
    np.testing.assert_allclose(got, expected, rtol=0, atol=2e-3 * np.abs(expected).max())


def test_hessian_does_not_change_its_argument_and_takes_integers():
    x = np.array([1, 2])
    got = hessian(lambda v: v[0] ** 3 * v[1] ** 2, x)
    np.testing.assert_allclose(got, [[24, 12], [12, 2]], rtol=1e-6, atol=0)
    np.testing.assert_array_equal(x, [1, 2])


def test_field_that_is_no_gradient_is_refused():
    with pytest.raises(ValueError, match="not symmetric"):
        hessian(None, [1.0, 2.0], grad=lambda x: np.array([x[1], -x[0]]))


def test_second_partials_that_are_not_continuous_are_refused():
    """Peano's function xy(x^2 - y^2)/(x^2 + y^2) has f_xy = -1 and f_yx = 1 at the origin."""

    def gradient(v):
        x, y = v
        if x == 0 and y == 0:
            return np.zeros(2)
        r = (x**2 + y**2) ** 2
        return np.array([y * (x**4 + 4 * x**2 * y**2 - y**4) / r, x * (x**4 - 4 * x**2 * y**2 - y**4) / r])

    with pytest.raises(ValueError, match="not symmetric"):
        hessian(None, [0.0, 0.0], grad=gradient)


def test_hvp_from_gradients_agrees_with_the_hessian():
    v = np.array([1.0, -0.5, 2.0, 0.3, 1e-2])
    np.testing.assert_allclose(
        hvp_finite_difference(coupled_gradient, X, v), coupled_hessian(X) @ v, rtol=0, atol=1e-7
    )
    calls = []
    hvp_finite_difference(lambda x: calls.append(1) or coupled_gradient(x), X, v)
    assert len(calls) == 2


@pytest.mark.parametrize(
    ("gradient", "H", "expected"),
    [
        ([0, 0], np.diag([1.0, 3.0]), "minimum"),
        ([0, 0], np.diag([-1.0, -3.0]), "maximum"),
        ([0, 0], np.diag([1.0, -3.0]), "saddle"),
        ([6, 6], [[6.0, 1.0], [1.0, 6.0]], "not critical"),
        ([0, 0], np.diag([1.0, 0.0]), "inconclusive"),
        ([0, 0], np.diag([-1.0, 0.0]), "inconclusive"),
        ([0, 0, 0], np.diag([1.0, 0.0, -1.0]), "saddle"),
        ([0], [[0.0]], "inconclusive"),  # x**4, -x**4, x**3
        ([0, 0], np.zeros((2, 2)), "inconclusive"),  # monkey saddle x**3 - 3xy**2
        ([1e-12], [[0.0]], "not critical"),
        ([0, 0], [[1.0, 2.0], [2.0, 1.0]], "saddle"),  # positive diagonal, negative determinant
        ([0, 0], [[1.0, 1.0], [1.0, 1.0]], "inconclusive"),
        ([1e-9, 0], np.diag([1.0, 3.0]), "minimum"),
        ([1e-5, 0], np.diag([1.0, 3.0]), "not critical"),
        ([0, 0], np.diag([1.0, -1e-12]), "inconclusive"),
        ([0, 0], np.diag([1.0, -1e-6]), "saddle"),
    ],
)
@pytest.mark.parametrize("scale", [1.0, 1e-9, 1e9])
def test_critical_points(gradient, H, expected, scale):
    assert classify_critical(scale * np.asarray(gradient), scale * np.asarray(H)) == expected


def test_tolerances_of_critical_points():
    assert classify_critical([1e-3, 0], np.eye(2), grad_tol=1e-2) == "minimum"
    assert classify_critical([1e-3, 0], np.eye(2), grad_tol=1e-4) == "not critical"
    assert classify_critical([0, 0], np.diag([1, 1e-3]), eig_tol=1e-2) == "inconclusive"
    assert classify_critical([0, 0], np.diag([1, 1e-3]), eig_tol=1e-4) == "minimum"


def test_kind_of_a_critical_point_does_not_depend_on_the_axes():
    for signs, expected in [([1, 2, 3], "minimum"), ([-1, -2, -3], "maximum"), ([1, -2, 3], "saddle")]:
        assert classify_critical(np.zeros(3), with_eigenvalues(signs)) == expected


@given(seed=seeds, exponent=st.floats(0, 10))
def test_condition_number_agrees_with_numpy_and_does_not_see_scale(seed, exponent):
    values = np.append(np.random.default_rng(seed).uniform(1, 10**exponent, 3), [1, 10**exponent])
    H = with_eigenvalues(values, seed)
    kappa = condition_number(H)
    assert kappa == pytest.approx(10**exponent, rel=1e-14 * 10**exponent + 1e-9)
    assert kappa == pytest.approx(np.linalg.cond(H, 2), rel=1e-14 * 10**exponent + 1e-9)
    assert condition_number(2.0**-100 * H) == kappa


@pytest.mark.parametrize(
    ("H", "expected"),
    [(np.eye(3), 1), ([[7]], 1), (np.diag([2.0, 200.0]), 100), (np.diag([1.0, 0.0]), np.inf), (np.zeros((2, 2)), np.inf), ([[1, 1], [1, 1]], np.inf)],
)  # fmt: skip
def test_condition_number_of_known_matrices(H, expected):
    assert condition_number(H) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("H", [np.diag([1.0, -1.0]), np.diag([100.0, -1e-6]), -np.eye(2), [[1, 2], [2, 1]]])
def test_negative_curvature_has_no_condition_number(H):
    with pytest.raises(ValueError, match="negative eigenvalue"):
        condition_number(H)


def test_the_negative_eigenvalue_is_quoted():
    with pytest.raises(ValueError, match=r"negative eigenvalue -0.5:"):
        condition_number(np.diag([2.0, -0.5, 1.0]))


def test_nullity_counts_zero_eigenvalues():
    assert nullity(with_eigenvalues([0, 0, 3, -2, 1e-14])) == 3
    assert nullity(np.eye(4)) == 0
    assert nullity(np.zeros((3, 3))) == 3
    assert nullity(np.diag([1, 1e-3]), rtol=1e-2) == 1


@given(seed=seeds)
def test_newton_solves_a_quadratic_in_one_step(seed):
    rng = np.random.default_rng(seed)
    H = with_eigenvalues(rng.uniform(0.5, 20, size=4), seed)
    b, x = rng.normal(size=(2, 4))
    np.testing.assert_allclose(x + newton_step(H @ x - b, H), np.linalg.solve(H, b), rtol=1e-9, atol=1e-10)


def test_newton_path_follows_a_change_of_variables_and_gradient_descent_does_not():
    T = np.array([[2.0, 1.0], [0.0, 0.5]])

    def gradient(x):
        return np.array([np.sinh(x[0]) + x[1], 2 * x[1] ** 3 + x[1] + x[0]])

    def second(x):
        return np.array([[np.cosh(x[0]) + 0.5, 1.0], [1.0, 6 * x[1] ** 2 + 2.0]])

    x = np.array([1.0, -2.0])
    in_z = newton_step(T.T @ gradient(x), T.T @ second(x) @ T)
    np.testing.assert_allclose(T @ in_z, newton_step(gradient(x), second(x)), rtol=1e-12, atol=0)
    assert np.abs(T @ (T.T @ gradient(x)) - gradient(x)).max() > 0.1


def test_damping_is_added_to_the_diagonal():
    H, g = np.array([[1.0, 2.0], [2.0, 1.0]]), np.array([1.0, -3.0])
    np.testing.assert_allclose(
        newton_step(g, H, damping=4.0), -np.linalg.solve(H + 4 * np.eye(2), g), rtol=1e-12, atol=0
    )
    np.testing.assert_allclose(newton_step(g, np.eye(2), damping=1e8), -g / (1 + 1e8), rtol=1e-12, atol=0)


@given(seed=seeds)
def test_preconditioning_keeps_the_eigenvalues_of_the_quotient(seed):
    rng = np.random.default_rng(seed)
    H = with_eigenvalues(rng.uniform(-3, 9, 5), seed)
    M = with_eigenvalues(rng.uniform(0.5, 4, 5), seed + 1)
    got = precondition(H, M)
    np.testing.assert_array_equal(got, got.T)
    expected = scipy.linalg.eigh(H, M, eigvals_only=True)
    np.testing.assert_allclose(np.linalg.eigvalsh(got), expected, rtol=1e-9, atol=1e-10)


def test_preconditioning_is_the_change_of_variables_by_the_cholesky_factor():
    H, M = with_eigenvalues([1.0, 5.0, 30.0]), with_eigenvalues([2.0, 3.0, 7.0], 4)
    C = np.linalg.cholesky(M)
    np.testing.assert_allclose(C @ precondition(H, M) @ C.T, H, rtol=1e-12, atol=1e-12)


def test_perfect_and_diagonal_preconditioners():
    H = np.diag([1.0, 100.0, 1e4]) + 0.3
    np.testing.assert_allclose(precondition(H, H), np.eye(3), rtol=0, atol=1e-12)
    assert condition_number(precondition(H, np.diag(np.diag(H)))) < 2 < 5000 < condition_number(H)
    np.testing.assert_allclose(precondition(H, 4 * np.eye(3)), H / 4, rtol=1e-14, atol=0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: hessian(coupled, [[1.0, 2.0]]), "vector"),
        (lambda: hessian(lambda x: x**2, 1.0), "vector"),
        (lambda: hessian(None, [1.0, 2.0]), "f or grad"),
        (lambda: condition_number([[1.0, 2.0], [0.0, 1.0]]), "H must be symmetric"),
        (lambda: condition_number([[1.0, 2.0]]), "square"),
        (lambda: condition_number([1.0, 2.0]), "square"),
        (lambda: condition_number([[np.nan]]), "finite"),
        (lambda: classify_critical([0.0], np.eye(2)), "rows"),
        (lambda: classify_critical([0.0, 0.0, 0.0], np.eye(2)), "rows"),
        (lambda: newton_step([1.0, 1.0], np.diag([1.0, -1.0])), "not positive definite"),
        (lambda: newton_step([1.0, 1.0], [[1.0, 1.0], [0.0, 1.0]]), "symmetric"),
        (lambda: newton_step([1.0, 1.0], np.eye(2), damping=-0.5), "damping must"),
        (lambda: newton_step([1.0, 1.0], np.eye(2), damping=np.nan), "damping must"),
        (lambda: newton_step([1.0, 1.0], np.eye(2), damping=np.inf), "damping must"),
        (lambda: precondition(np.eye(2), np.diag([1.0, -1.0])), "M must be positive definite"),
        (lambda: precondition(np.eye(2), [[1.0, 1.0], [0.0, 1.0]]), "M must be symmetric"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
