import functools
import itertools

import numpy as np
import pytest
import scipy.optimize
import scipy.sparse.linalg
import torch
from hypothesis import given
from hypothesis import strategies as st
from strategies import nonzero_vectors, orthogonal_matrices, spd_matrices, vectors

from reference.convergence_rates import exact_line_search_ratio
from reference.gradient_descent import exact_line_search, gradient_descent, heavy_ball, minimize_gd, nesterov
from reference.quadratics import Quadratic

CHAPTER = Quadratic(np.diag([2.0, 20.0]))  # x^2 + 10 y^2
COUPLED = Quadratic(0.1 * np.ones((5, 5)) + np.diag([0.2, 0.5, 1.0, 2.0, 4.0]), [1.0, -2.0, 0.5, 0.0, 3.0])
START = np.array([3.0, -1.0, 2.0, 0.5, -4.0])
METHODS = {
    "gradient_descent": gradient_descent,
    "heavy_ball": lambda grad, x0, lr, num_steps: heavy_ball(grad, x0, lr, 0.8, num_steps),
    "nesterov": lambda grad, x0, lr, num_steps: nesterov(grad, x0, lr, 0.8, num_steps),
}


@pytest.fixture(params=METHODS.values(), ids=METHODS.keys())
def method(request):
    return request.param


def quartic_gradient(x):
    """Gradient of sum (x - 1)^4 / 4 + x^2 / 2, which no quadratic shares."""
    return (x - 1) ** 3 + x


def torch_sgd_path(f, x0, lr, num_steps, **options):
    x = torch.tensor(x0, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([x], lr=lr, **options)
    A, b = torch.tensor(f.A), torch.tensor(f.b)
    path = [x.detach().clone()]
    for _ in range(num_steps):
        optimizer.zero_grad()
        (x @ A @ x / 2 - b @ x).backward()
        optimizer.step()
        path.append(x.detach().clone())
    return torch.stack(path).numpy()


class TestOracles:
    def test_gradient_descent_is_the_power_of_a_matrix(self):
        path = gradient_descent(COUPLED.gradient, START, 0.3, 40)
        contraction, minimizer = np.eye(5) - 0.3 * COUPLED.A, np.linalg.solve(COUPLED.A, COUPLED.b)
        expected = [
            minimizer + np.linalg.matrix_power(contraction, k) @ (START - minimizer) for k in range(41)
        ]
        np.testing.assert_allclose(path, expected, rtol=1e-12, atol=1e-13)

    @pytest.mark.parametrize("momentum", [0.0, 0.5, 0.95])
    def test_heavy_ball_is_torch_sgd_with_momentum(self, momentum):
        path = heavy_ball(COUPLED.gradient, START, 0.2, momentum, 60)
        expected = torch_sgd_path(COUPLED, START, 0.2, 60, momentum=momentum)
        np.testing.assert_allclose(path, expected, rtol=1e-12, atol=1e-12)

    @pytest.mark.parametrize("momentum", [0.5, 0.95])
    def test_nesterov_is_torch_sgd_with_nesterov(self, momentum):
        path = nesterov(COUPLED.gradient, START, 0.2, momentum, 60)
        expected = torch_sgd_path(COUPLED, START, 0.2, 60, momentum=momentum, nesterov=True)
        np.testing.assert_allclose(path, expected, rtol=1e-12, atol=1e-12)

    def test_plain_descent_is_torch_sgd(self):
        path = gradient_descent(COUPLED.gradient, START, 0.2, 60)
        np.testing.assert_allclose(path, torch_sgd_path(COUPLED, START, 0.2, 60), rtol=1e-12, atol=1e-12)

    def test_nesterov_is_the_two_sequence_form(self):
        y = previous = np.array([3.0, -2.0])
        expected = [y]
        for _ in range(30):
            x = y - 0.1 * quartic_gradient(y)
            y, previous = x + 0.7 * (x - previous), x
            expected.append(y)
        path = nesterov(quartic_gradient, [3.0, -2.0], 0.1, 0.7, 30)
        np.testing.assert_allclose(path, expected, rtol=1e-12, atol=1e-13)

    def test_heavy_ball_is_polyaks_two_step_form(self):
        expected = [np.array([3.0, -2.0])] * 2
        for _ in range(30):
            x, previous = expected[-1], expected[-2]
            expected.append(x - 0.05 * quartic_gradient(x) + 0.7 * (x - previous))
        path = heavy_ball(quartic_gradient, [3.0, -2.0], 0.05, 0.7, 30)
        np.testing.assert_allclose(path, expected[1:], rtol=1e-12, atol=1e-13)

    def test_average_velocity_is_an_exponential_moving_average(self):
        x, v = np.array([3.0, -2.0]), np.zeros(2)
        expected = [x]
        for _ in range(30):
            v = 0.7 * v + 0.3 * quartic_gradient(x)
            x = x - 0.1 * v
            expected.append(x)
        path = heavy_ball(quartic_gradient, [3.0, -2.0], 0.1, 0.7, 30, velocity="average")
        np.testing.assert_allclose(path, expected, rtol=1e-12, atol=1e-13)

    @pytest.mark.parametrize("momentum_method", [heavy_ball, nesterov])
    def test_the_two_velocities_differ_by_the_scale_of_the_learning_rate(self, momentum_method):
        average = momentum_method(quartic_gradient, [3.0, -2.0], 0.1, 0.75, 30, velocity="average")
        rescaled = momentum_method(quartic_gradient, [3.0, -2.0], 0.1 * 0.25, 0.75, 30)
        np.testing.assert_allclose(average, rescaled, rtol=1e-12, atol=1e-13)
        assert np.abs(average - momentum_method(quartic_gradient, [3.0, -2.0], 0.1, 0.75, 30)).max() > 0.1

    @pytest.mark.parametrize("momentum_method", [heavy_ball, nesterov])
    def test_no_momentum_is_gradient_descent(self, momentum_method):
        path = momentum_method(COUPLED.gradient, START, 0.2, 0, 20)
        np.testing.assert_array_equal(path, gradient_descent(COUPLED.gradient, START, 0.2, 20))

    def test_the_limit_is_scipys_minimizer(self, method):
        expected, failure = scipy.sparse.linalg.cg(COUPLED.A, COUPLED.b, rtol=1e-14, atol=0)
        assert failure == 0
        np.testing.assert_allclose(
            method(COUPLED.gradient, START, 0.15, 800)[-1], expected, rtol=0, atol=1e-11
        )


class TestChapter:
    def test_a_learning_rate_of_a_tenth_is_exactly_marginal(self):
        path = gradient_descent(CHAPTER.gradient, [10, 1], 0.1, 500)
        np.testing.assert_array_equal(np.abs(path[:, 1]), 1)
        np.testing.assert_array_equal(np.sign(path[:, 1]), (-1.0) ** np.arange(501))

    @pytest.mark.parametrize(("lr", "count"), [(0.01, 798), (0.05, 153), (1 / 11, 81)])
    def test_steps_to_a_millionth(self, lr, count):
        sizes = np.linalg.norm(gradient_descent(CHAPTER.gradient, [10, 1], lr, 800), axis=-1)
        assert np.argmax(sizes <= 1e-6) == count


class TestContract:
    def test_path_holds_the_start_and_every_step(self, method):
        calls = []

        def counted(x):
            calls.append(x.copy())
            return CHAPTER.gradient(x)

        path = method(counted, [10.0, 1.0], 0.02, 7)
        assert path.shape == (8, 2) and len(calls) == 7
        np.testing.assert_array_equal(path[0], [10, 1])
        np.testing.assert_array_equal(calls, path[:7])

    def test_no_steps_is_the_start_alone(self, method):
        np.testing.assert_array_equal(method(CHAPTER.gradient, [10.0, 1.0], 0.02, 0), [[10, 1]])

    @pytest.mark.parametrize("make", [np.array, torch.tensor, list])
    def test_integers_become_float64(self, method, make):
        path = method(lambda x: x, make([10, 1]), 0.25, 3)
        assert path.dtype in (np.float64, torch.float64)
        np.testing.assert_allclose(
            path, method(lambda x: x, np.array([10.0, 1.0]), 0.25, 3), rtol=1e-15, atol=0
        )
        assert path[1, 1] in (0.75, 0.55)  # 0.55 is Nesterov's first step

    def test_the_start_is_neither_changed_nor_shared(self, method, backend):
        def careless(x):
            x += 1  # a gradient that spoils its argument
            return x

        x0 = backend.array([10.0, 1.0])
        path = method(careless, x0, 0.02, 3)
        path[0] = 99.0
        np.testing.assert_array_equal(x0, [10, 1])
        path = exact_line_search(Quadratic(backend.array(CHAPTER.A)), x0, 3)
        path[0] = 99.0
        np.testing.assert_array_equal(x0, [10, 1])

    def test_namespace_and_dtype_are_those_of_the_start(self, method, backend):
        x0 = backend.array([10.0, 1.0])
        same_backend = Quadratic(backend.array(CHAPTER.A))
        expected = method(CHAPTER.gradient, np.array([10.0, 1.0]), 0.02, 50)
        for f in (same_backend, CHAPTER):  # also where the gradient comes in another type
            path = method(f.gradient, x0, 0.02, 50)
            assert backend.owns(path)
            np.testing.assert_allclose(path, expected, **backend.tolerance)

    def test_learning_rates_of_another_type_do_not_change_the_dtype(self):
        path = gradient_descent(lambda x: x, np.ones(2, dtype=np.float32), torch.tensor([0.1, 0.2]), 3)
        assert isinstance(path, np.ndarray) and path.dtype == np.float32 and path.shape == (4, 2, 2)

    def test_tiny_starts_are_not_rounded_away(self, method):
        tiny, ordinary = (
            method(CHAPTER.gradient, np.array([10.0, 1.0]) * c, 0.02, 50) for c in (2.0**-200, 1)
        )
        np.testing.assert_allclose(tiny * 2.0**200, ordinary, rtol=1e-13, atol=0)

    def test_torch_can_differentiate_through_the_path(self):
        lr = torch.tensor(0.1, dtype=torch.float64, requires_grad=True)
        gradient_descent(lambda x: 2 * x, torch.ones(1, dtype=torch.float64), lr, 3)[-1].sum().backward()
        assert lr.grad is not None and lr.grad.item() == pytest.approx(-6 * 0.8**2, rel=1e-12)

    def test_a_grid_of_rates_starts_and_momenta_is_one_program(self, backend, rng):
        lrs, starts, momenta = (
            rng.uniform(0, 0.1, size=(4, 1, 1)),
            rng.normal(size=(3, 2)),
            np.array([[[0.0]], [[0.6]]]),
        )
        calls = []

        def counted(x):
            calls.append(x.shape)
            return quartic_gradient(x)

        momenta = momenta[..., None]
        for batched in (heavy_ball, nesterov):
            calls.clear()
            path = batched(counted, backend.array(starts), backend.array(lrs), backend.array(momenta), 20)
            assert calls == [(2, 4, 1, 3, 2)] * 20
            for i, j, k in np.ndindex(2, 4, 3):
                one = batched(quartic_gradient, starts[k], lrs[j, 0, 0], momenta[i, 0, 0, 0], 20)
                np.testing.assert_allclose(path[:, i, j, 0, k], one, **backend.tolerance)


class TestProperties:
    @given(
        spd_matrices(3),
        vectors(3),
        vectors(3),
        orthogonal_matrices(3),
        st.floats(0.01, 1.9),
        st.floats(0, 0.95),
    )
    def test_rotating_space_rotates_the_path(self, A, b, x0, Q, relative_lr, momentum):
        f, rotated = Quadratic(A, b), Quadratic(Q @ A @ Q.T, Q @ b)
        lr = relative_lr / f.L
        for run in (heavy_ball, nesterov):
            path = run(f.gradient, x0, lr, momentum, 10)
            turned = run(rotated.gradient, Q @ x0, lr, momentum, 10)
            np.testing.assert_allclose(turned, path @ Q.T, rtol=0, atol=1e-10 * (1 + np.abs(path).max()))

    @given(spd_matrices(4), vectors(4), vectors(4), st.floats(0.01, 1.99))
    def test_below_two_over_L_value_and_distance_never_rise(self, A, b, x0, relative_lr):
        f = Quadratic(A, b)
        path = gradient_descent(f.gradient, x0, relative_lr / f.L, 25)
        values, distances = f.value(path), np.linalg.norm(path - f.minimizer, axis=-1)
        assert np.all(np.diff(values) <= 1e-12 * (1 + np.abs(values).max()))
        assert np.all(np.diff(distances) <= 1e-11 * (1 + np.abs(f.minimizer).max() + distances[0]))

    @given(spd_matrices(4), vectors(4), vectors(4), st.floats(0.01, 1.99))
    def test_descent_lemma(self, A, b, x0, relative_lr):
        f = Quadratic(A, b)
        lr = relative_lr / f.L
        before, after = gradient_descent(f.gradient, x0, lr, 1)
        squared_gradient = np.sum(f.gradient(x0) ** 2)
        bound = f.value(before) - lr * (1 - lr * f.L / 2) * squared_gradient
        assert f.value(after) <= bound + 1e-11 * (1 + abs(f.value(before)) + lr * squared_gradient)

    @given(spd_matrices(3), nonzero_vectors(3), st.floats(2.01, 4))
    def test_above_two_over_L_the_steepest_axis_grows_at_every_step(self, A, x0, relative_lr):
        f = Quadratic(A)
        steepest = np.linalg.eigh(A)[1][:, -1]
        path = gradient_descent(f.gradient, steepest, relative_lr / f.L, 10)
        sizes = np.abs(path @ steepest)
        np.testing.assert_allclose(sizes[1:] / sizes[:-1], relative_lr - 1, rtol=1e-9, atol=0)


class TestExactLineSearch:
    @given(spd_matrices(3), vectors(3), vectors(3))
    def test_successive_gradients_are_orthogonal(self, A, b, x0):
        f = Quadratic(A, b)
        g = f.gradient(exact_line_search(f, x0, 5))
        sizes = np.linalg.norm(g, axis=-1)
        rounding = 1e-11 * f.L * (1 + np.abs(x0).max() + np.abs(f.minimizer).max())
        assert np.all(
            np.abs(np.sum(g[1:] * g[:-1], axis=-1)) <= 1e-9 * sizes[1:] * sizes[:-1] + rounding * sizes[:-1]
        )

    @given(spd_matrices(4), vectors(4), vectors(4))
    def test_kantorovichs_bound(self, A, b, x0):
        f = Quadratic(A, b)
        gaps = f.value(exact_line_search(f, x0, 6)) - f.value(f.minimizer)
        rounding = 1e-10 * (1 + abs(f.value(f.minimizer)))
        assert np.all(gaps[1:] <= exact_line_search_ratio(f.L, f.mu) * gaps[:-1] + rounding)

    @pytest.mark.parametrize("kappa", [1.5, 10, 1e4])
    def test_kantorovichs_bound_is_attained_from_the_worst_start(self, kappa):
        f = Quadratic(np.diag([1.0, kappa]))
        gaps = f.value(exact_line_search(f, [kappa, 1.0], 20))
        np.testing.assert_allclose(gaps[1:] / gaps[:-1], ((kappa - 1) / (kappa + 1)) ** 2, rtol=1e-9, atol=0)

    def test_each_step_is_scipys_lowest_point_of_the_line(self):
        path = exact_line_search(COUPLED, START, 4)
        for x, following in itertools.pairwise(path):
            g = COUPLED.gradient(x)
            line = scipy.optimize.minimize_scalar(lambda step, x=x, g=g: COUPLED.value(x - step * g))
            np.testing.assert_allclose(following, x - line.x * g, rtol=0, atol=1e-6)

    @given(spd_matrices(3), vectors(3), vectors(3), orthogonal_matrices(3))
    def test_rotating_space_rotates_the_path(self, A, b, x0, Q):
        f = Quadratic(A, b)
        path = exact_line_search(f, x0, 1)
        turned = exact_line_search(Quadratic(Q @ A @ Q.T, Q @ b), Q @ x0, 1)
        # Where the first gradient is rounding alone, so is its direction.
        if np.linalg.norm(f.gradient(x0)) > 1e-6 * f.L:
            np.testing.assert_allclose(turned, path @ Q.T, rtol=0, atol=1e-6 * (1 + np.abs(path).max()))

    def test_a_round_function_needs_one_step_and_then_stays(self):
        path = exact_line_search(Quadratic(4 * np.eye(3), [4.0, 8.0, -4.0]), [7, 7, 7], 3)
        np.testing.assert_array_equal(path[1:], [[1, 2, -1]] * 3)

    def test_at_the_minimizer_nothing_moves_and_nothing_is_divided_by_zero(self):
        with np.errstate(all="raise"):
            np.testing.assert_array_equal(exact_line_search(CHAPTER, np.zeros(2), 2), np.zeros((3, 2)))

    def test_tiny_starts_do_not_underflow(self):
        tiny, ordinary = (exact_line_search(CHAPTER, np.array([10.0, 1.0]) * c, 20) for c in (2.0**-700, 1))
        np.testing.assert_allclose(tiny * 2.0**700, ordinary, rtol=1e-12, atol=0)

    def test_a_batch_of_functions_and_starts_is_its_members(self, backend):
        kappas, starts = np.array([2.0, 5.0, 30.0]), np.array([[[1.0, 1.0]], [[-3.0, 0.5]]])
        A = np.stack([np.diag([1.0, kappa]) for kappa in kappas])
        path = exact_line_search(Quadratic(backend.array(A)), starts, 5)
        assert backend.owns(path) and path.shape == (6, 2, 3, 2)
        for i, j in np.ndindex(2, 3):
            one = exact_line_search(Quadratic(A[j]), starts[i, 0], 5)
            np.testing.assert_allclose(path[:, i, j], one, **backend.tolerance)

    @pytest.mark.parametrize("A", [np.diag([1.0, 0.0]), np.diag([1.0, -1.0])])
    def test_a_function_without_a_lowest_point_is_refused(self, A):
        with pytest.raises(ValueError, match="A must be positive definite"):
            exact_line_search(Quadratic(A), [1.0, 1.0], 3)


class TestMinimize:
    def test_defaults_are_those_of_the_signature(self):
        result = minimize_gd(COUPLED.gradient, START, lr=0.2)
        sizes = np.abs(COUPLED.gradient(result.path)).max(axis=-1)
        assert sizes[-1] <= 1e-8 < sizes[-2]
        slow = minimize_gd(lambda x: np.ones_like(x), [0.0], lr=0.0)
        assert not slow.converged and len(slow.path) == 10_000 + 1

    def test_a_batch_of_starts_is_refused_by_its_shape(self):
        with pytest.raises(ValueError, match=r"must make one run, but their batch shape is \(4, 2\)$"):
            minimize_gd(CHAPTER.gradient, np.ones((4, 2, 2)), lr=0.1)

    @pytest.mark.parametrize("options", [{}, {"momentum": 0.6}, {"momentum": 0.6, "nesterov": True}])
    def test_it_stops_at_the_first_small_gradient(self, options):
        seen = []
        result = minimize_gd(COUPLED.gradient, START, lr=0.2, tol=1e-7, callback=seen.append, **options)
        sizes = np.abs(COUPLED.gradient(result.path)).max(axis=-1)
        assert result.converged and "tolerance" in result.message
        assert sizes[-1] <= 1e-7 < sizes[:-1].min()
        assert result.gradient_calls == len(result.path) == len(seen) + 1
        np.testing.assert_array_equal(seen, result.path[1:])
        np.testing.assert_array_equal(result.x, result.path[-1])
        np.testing.assert_allclose(result.x, COUPLED.minimizer, rtol=0, atol=1e-6)

    @pytest.mark.parametrize(
        ("options", "run"),
        [
            ({}, gradient_descent),
            ({"momentum": 0.6}, functools.partial(heavy_ball, momentum=0.6)),
            ({"momentum": 0.6, "nesterov": True}, functools.partial(nesterov, momentum=0.6)),
        ],
    )
    def test_it_walks_the_methods_path(self, options, run):
        result = minimize_gd(COUPLED.gradient, START, lr=0.1, tol=0, max_steps=9, **options)
        assert not result.converged and "after 9 steps" in result.message and result.gradient_calls == 10
        np.testing.assert_array_equal(result.path, run(COUPLED.gradient, START, lr=0.1, num_steps=9))

    @pytest.mark.filterwarnings("error")
    def test_divergence_ends_before_anything_overflows(self, backend):
        result = minimize_gd(lambda x: 20 * x, backend.array([1.0]), lr=0.5)
        assert not result.converged and "diverged" in result.message
        assert np.all(np.isfinite(np.asarray(result.path))) and backend.owns(result.x)

    def test_a_gradient_of_nan_is_divergence(self):
        result = minimize_gd(lambda x: x * np.nan, [1.0], lr=0.5)
        assert not result.converged and "diverged" in result.message and result.gradient_calls == 1

    def test_a_start_at_the_minimum_takes_no_step(self):
        result = minimize_gd(CHAPTER.gradient, [0, 0], lr=0.1, tol=0)
        assert result.converged and result.gradient_calls == 1

    def test_the_last_allowed_step_may_converge(self):
        assert minimize_gd(lambda x: x, [1.0], lr=1.0, tol=0, max_steps=1).converged


class TestBadInput:
    @pytest.mark.parametrize(
        ("arguments", "match"),
        [
            ({"x0": 1.0}, "^x0 must have at least 1"),
            ({"x0": [1.0, np.nan]}, "^x0 must be finite"),
            ({"x0": "ab"}, "^x0 must hold real"),
            ({"lr": -0.1}, "^lr must lie"),
            ({"lr": np.nan}, "^lr must be finite"),
            ({"lr": [0.1, 0.1], "x0": np.ones((3, 2))}, r"x0 \(3,\), lr \(2,\)"),
            ({"momentum": 1.0}, r"^momentum must lie in \[0, 1\)"),
            ({"momentum": -0.1}, "^momentum must lie"),
            ({"momentum": np.inf}, "^momentum must be finite"),
            ({"num_steps": -1}, "^num_steps must not be negative"),
            ({"num_steps": 2.5}, "^num_steps must be an integer"),
            ({"velocity": "ema"}, '^velocity must be "sum" or "average"'),
            ({"grad": lambda x: x.sum()}, r"^grad must return the shape of x, \(2,\), but returned \(\)"),
            ({"grad": lambda x: x[:, None]}, "^grad must return the shape"),
            ({"grad": lambda x: None}, "^grad"),
        ],
    )
    @pytest.mark.parametrize("run", [heavy_ball, nesterov])
    def test_it_is_refused_by_name(self, run, arguments, match):
        good = {"grad": lambda x: x, "x0": [1.0, 2.0], "lr": 0.1, "momentum": 0.5, "num_steps": 3}
        with pytest.raises(ValueError, match=match):
            run(**good | arguments)

    @pytest.mark.parametrize(
        ("arguments", "match"),
        [
            ({"tol": -1.0}, "^tol must lie"),
            ({"max_steps": -1}, "^max_steps must not be negative"),
            ({"lr": [0.1, 0.2]}, "must make one run"),
            ({"x0": np.ones((2, 1))}, "must make one run"),
        ],
    )
    def test_minimize_refuses_it_by_name(self, arguments, match):
        with pytest.raises(ValueError, match=match):
            minimize_gd(**{"grad": lambda x: x, "x0": [1.0], "lr": 0.1} | arguments)

    def test_exact_line_search_refuses_it_by_name(self):
        with pytest.raises(ValueError, match=r"^x0 must be finite"):
            exact_line_search(CHAPTER, [np.inf, 1.0], 3)
        with pytest.raises(ValueError, match=r"^num_steps must not"):
            exact_line_search(CHAPTER, [1.0, 1.0], -3)
        with pytest.raises(ValueError, match=r"^x must have shape"):
            exact_line_search(CHAPTER, [1.0, 1.0, 1.0], 3)
