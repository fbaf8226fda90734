import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import nonzero_vectors, orthogonal_matrices, spd_matrices, vectors

from reference.closed_forms import closed_form_path, iterations_to_tolerance
from reference.convergence_rates import optimal_gradient_descent
from reference.gradient_descent import gradient_descent
from reference.quadratics import Quadratic

CHAPTER = Quadratic(np.diag([2.0, 20.0]))  # x^2 + 10 y^2


def counted_by_running(f, x0, lrs, tols, num_steps):
    """Oracle of shape (rates, tolerances): first step within tol on the path itself, infinity if there is none."""
    distances = np.linalg.norm(gradient_descent(f.gradient, x0, lrs, num_steps) - f.minimizer, axis=-1)
    reached = distances[..., None] <= tols
    return np.where(reached.any(axis=0), reached.argmax(axis=0), np.inf)


class TestClosedFormPath:
    @given(spd_matrices(3), vectors(3), vectors(3), st.floats(0, 2.2))
    def test_it_is_the_path_of_the_loop(self, A, b, x0, relative_lr):
        f = Quadratic(A, b)
        path = gradient_descent(f.gradient, x0, relative_lr / f.L, 20)
        points = closed_form_path(f, x0, relative_lr / f.L, np.arange(21))
        np.testing.assert_allclose(points, path, rtol=0, atol=1e-10 * (1 + np.abs(path).max()))

    def test_steps_come_in_the_order_asked_for(self):
        path = gradient_descent(CHAPTER.gradient, [10, 1], 0.07, 30)
        np.testing.assert_allclose(
            closed_form_path(CHAPTER, [10, 1], 0.07, [30, 0, 7]), path[[30, 0, 7]], rtol=1e-12, atol=1e-15
        )

    def test_a_grid_of_functions_rates_and_starts_is_one_program(self, backend, rng):
        A = rng.normal(size=(2, 1, 1, 3, 3))
        A = A @ A.mT + np.eye(3)
        b, lrs, starts = rng.normal(size=3), np.array([[0.01], [0.05]]), rng.normal(size=(4, 3))
        f = Quadratic(backend.array(A), backend.array(b))
        points = closed_form_path(f, backend.array(starts), backend.array(lrs), [0, 5, 9])
        assert backend.owns(points) and points.shape == (3, 2, 2, 4, 3)
        for i, j, k in np.ndindex(2, 2, 4):
            path = gradient_descent(Quadratic(A[i, 0, 0], b).gradient, starts[k], lrs[j, 0], 9)
            np.testing.assert_allclose(points[:, i, j, k], path[[0, 5, 9]], **backend.tolerance)


class TestIterations:
    def test_the_chapters_values(self):
        counts = iterations_to_tolerance(CHAPTER, [10, 1], [0.01, 0.05, 0.1, 1 / 11, 0.11], 1e-6)
        np.testing.assert_array_equal(counts, [798, 153, np.inf, 81, np.inf])

    @pytest.mark.parametrize("x0", [[10.0, 1.0], [0.0, 1.0], [1.0, 1.0], [1e-3, 5.0], [-2.0, 1e-4]])
    def test_it_is_the_count_of_the_loop(self, x0):
        lrs, tols = np.array([0.004, 0.03, 0.05, 0.08, 0.0999, 0.1, 0.13]), np.array([3.0, 1e-1, 1e-5])
        counts = iterations_to_tolerance(CHAPTER, x0, lrs[:, None], tols)
        with np.errstate(over="ignore", invalid="ignore"):  # the loop overflows, the closed form must not
            expected = counted_by_running(CHAPTER, x0, lrs, tols, 8500)
        np.testing.assert_array_equal(counts, expected)

    @given(spd_matrices(3, max_condition=30), vectors(3), nonzero_vectors(3), st.floats(0.1, 1.95))
    def test_the_count_is_the_first_step_within_the_tolerance(self, A, b, x0, relative_lr):
        f = Quadratic(A, b)
        lr, tol = relative_lr / f.L, 1e-5
        count = iterations_to_tolerance(f, x0, lr, tol)
        before, at = np.linalg.norm(
            closed_form_path(f, x0, lr, [max(count - 1, 0), count]) - f.minimizer, axis=-1
        )
        assert at <= tol * (1 + 1e-7)
        assert count == 0 or before > tol * (1 - 1e-7)

    @given(spd_matrices(3), orthogonal_matrices(3), nonzero_vectors(3))
    def test_rotation_does_not_change_the_count(self, A, Q, x0):
        lr = 1 / Quadratic(A).L
        counts = [iterations_to_tolerance(Quadratic(R @ A @ R.T), R @ x0, lr, 1e-4) for R in (np.eye(3), Q)]
        assert abs(counts[0] - counts[1]) <= 1

    @given(spd_matrices(3), nonzero_vectors(3))
    def test_the_rate_bounds_the_count(self, A, x0):
        f = Quadratic(A)
        tuning = optimal_gradient_descent(f.L, f.mu)
        count = iterations_to_tolerance(f, x0, tuning.lr, 1e-6)
        needed = math.log(np.linalg.norm(x0) / 1e-6)
        assert count == 0 or tuning.rate < 1e-9 or count <= max(needed, 0) / -math.log(tuning.rate) + 1.01

    @pytest.mark.parametrize(("kappa", "count"), [(10, 71), (100, 709), (1e3, 7082), (1e4, 70811)])
    def test_best_step_from_equal_weights(self, kappa, count):
        f = Quadratic(np.diag([1.0, kappa]))
        assert iterations_to_tolerance(f, [1.0, 1.0], optimal_gradient_descent(f.L, f.mu).lr, 1e-6) == count

    def test_ill_conditioned_counts_are_exact_where_a_loop_would_take_hours(self):
        f = Quadratic(np.diag([1e-9, 1.0]))
        count = iterations_to_tolerance(f, [1.0, 0.0], 1.0, 1e-6)
        assert count == math.ceil(math.log(1e-6) / math.log1p(-1e-9))

    @pytest.mark.filterwarnings("error")
    @pytest.mark.parametrize("lr", [0.11, 1.0, 1e150, 1e300])
    def test_divergence_is_infinite_without_a_warning(self, lr):
        assert iterations_to_tolerance(CHAPTER, [10, 1], lr, 1e-6) == np.inf

    @pytest.mark.filterwarnings("error")
    def test_a_diverging_run_can_pass_through_the_ball(self):
        # Factors 0.2 and 9 on errors 10 and 1e-9: within 1e-3 at step 6, far away later.
        f = Quadratic(np.diag([2.0, 25.0]))
        assert counted_by_running(f, [10.0, 1e-9], [0.4], [1e-3], 20) == 6
        assert iterations_to_tolerance(f, [10.0, 1e-9], 0.4, 1e-3) == 6
        assert iterations_to_tolerance(f, [10.0, 1e-9], 0.4, 1e-5) == np.inf

    @pytest.mark.parametrize("lr", [0.0, 0.05, 0.1, 3.0])
    def test_a_start_within_the_tolerance_needs_no_step(self, lr):
        counts = iterations_to_tolerance(CHAPTER, [[3.0, 4.0], [0.0, 0.0]], lr, [[5.0], [9.0], [1e300]])
        np.testing.assert_array_equal(counts, np.zeros((3, 2)))

    @pytest.mark.filterwarnings("error")
    def test_a_run_that_lands_on_the_minimizer_takes_one_step(self):
        round_function = Quadratic(4 * np.eye(3), [1.0, 2.0, 3.0])
        assert iterations_to_tolerance(round_function, [7, 8, 9], 0.25, 1e-12) == 1

    def test_reaching_the_tolerance_exactly_counts(self):
        k = np.arange(1, 200)
        counts = iterations_to_tolerance(Quadratic([[1.0]]), [3.0], 0.75, 3 * 0.25**k)  # both sides are exact
        np.testing.assert_array_equal(counts, k)

    def test_no_step_is_never(self):
        assert iterations_to_tolerance(CHAPTER, [10, 1], 0.0, 1e-6) == np.inf

    def test_a_factor_of_one_up_to_rounding_is_never(self):
        """A learning rate of 2/L is often a few units in the last place below it."""
        just_below = 2 - np.arange(1, 10) * 2 * np.spacing(1.0)
        assert np.all(iterations_to_tolerance(Quadratic([[1.0]]), [1.0], just_below, 1e-6) == np.inf)
        assert iterations_to_tolerance(Quadratic([[1.0]]), [1.0], 2 - 1e-12, 1e-6) < np.inf

    def test_a_grid_is_one_program_in_every_namespace(self, backend, rng):
        A = np.stack([np.diag([1.0, kappa]) for kappa in (3.0, 7.0)])[:, None]
        starts, lrs = rng.normal(size=(3, 1, 1, 2)), np.array([0.05, 0.15, 0.25, 0.31])
        f = Quadratic(backend.array(A))
        counts = iterations_to_tolerance(f, backend.array(starts), backend.array(lrs), 1e-3)
        assert counts.shape == (3, 2, 4) and str(counts.dtype).endswith("float64")
        assert isinstance(counts, type(backend.array([])))
        for i, j, k in np.ndindex(3, 2, 4):
            assert counts[i, j, k] == iterations_to_tolerance(
                Quadratic(A[j, 0]), starts[i, 0, 0], lrs[k], 1e-3
            )


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ({"x0": [np.nan, 1]}, "^x0 must be finite"),
        ({"x0": [1.0, 1.0, 1.0]}, "^x0 must have shape"),
        ({"lr": -0.1}, "^lr must lie"),
        ({"lr": [0.1, 0.1], "x0": np.ones((3, 2))}, r"x0 \(3,\), lr \(2,\)"),
        ({"quadratic": Quadratic(np.diag([1.0, 0.0]))}, "^A must be positive definite"),
    ],
)
@pytest.mark.parametrize(
    ("function", "last"), [(closed_form_path, {"steps": [1]}), (iterations_to_tolerance, {"tol": 1})]
)
def test_bad_arguments_are_refused_by_name(function, last, arguments, match):
    with pytest.raises(ValueError, match=match):
        function(**{"quadratic": CHAPTER, "x0": [10, 1], "lr": 0.1} | last | arguments)


@pytest.mark.parametrize(
    ("steps", "match"),
    [(1, "^steps must be a one"), ([0.5], "^steps must be a one"), ([-1], "^steps must lie")],
)
def test_bad_steps_are_refused(steps, match):
    with pytest.raises(ValueError, match=match):
        closed_form_path(CHAPTER, [10, 1], 0.1, steps)


@pytest.mark.parametrize(
    ("tol", "match"), [(0, "^tol must lie"), (-1, "^tol must lie"), (np.nan, "^tol must be f")]
)
def test_bad_tolerances_are_refused(tol, match):
    with pytest.raises(ValueError, match=match):
        iterations_to_tolerance(CHAPTER, [10, 1], 0.1, tol)
