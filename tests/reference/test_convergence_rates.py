import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.convergence_rates import (
    classify_learning_rate,
    exact_line_search_ratio,
    max_stable_lr,
    optimal_gradient_descent,
    optimal_heavy_ball,
    optimal_nesterov,
    spectral_radius,
    textbook_nesterov,
)
from reference.gradient_descent import gradient_descent, heavy_ball, nesterov
from reference.quadratics import Quadratic

TUNINGS = {  # method's name: (tuning, whether the method is Nesterov's)
    "gradient descent": (optimal_gradient_descent, False),
    "heavy ball": (optimal_heavy_ball, False),
    "Nesterov": (optimal_nesterov, True),
    "textbook Nesterov": (textbook_nesterov, True),
}
tunings = pytest.mark.parametrize(("tune", "is_nesterov"), TUNINGS.values(), ids=TUNINGS)


def largest_eigenvalue_of_one_step(h, lr, momentum, is_nesterov):
    """Oracle: the step (x, v) -> (x', v') as a matrix, from the method's definition and not from its theory."""
    run = nesterov if is_nesterov else heavy_ball

    def error_after(k):
        return run(lambda x: h * x, [1.0], lr, momentum, k)[:, 0]

    # x_1, x_2, x_3 from x_0 = 1 determine the recurrence x_{k+1} = t x_k - d x_{k-1} for k >= 1.
    x = error_after(4)
    t, d = np.linalg.lstsq([[x[1], -x[0]], [x[2], -x[1]], [x[3], -x[2]]], x[2:5], rcond=None)[0]
    return np.abs(np.linalg.eigvals([[t, -d], [1, 0]])).max()


class TestSpectralRadius:
    @given(st.floats(0.1, 10), st.floats(0.01, 0.35), st.floats(0.05, 0.95), st.booleans())
    def test_it_is_that_of_the_companion_matrix_of_the_method(self, h, lr, momentum, is_nesterov):
        factor = 1 - lr * h
        t, d = ((1 + momentum) * factor, momentum * factor) if is_nesterov else (factor + momentum, momentum)
        by_eigenvalues = np.abs(np.linalg.eigvals([[t, -d], [1, 0]])).max()
        radius = spectral_radius(h, lr, momentum=momentum, nesterov=is_nesterov)
        # Roots that coincide lose half of their digits, in the oracle too.
        assert radius == pytest.approx(by_eigenvalues, rel=1e-6)

    @pytest.mark.parametrize("is_nesterov", [False, True])
    @pytest.mark.parametrize("h", [0.3, 1.0, 4.0])
    def test_the_companion_matrix_is_that_of_the_program(self, h, is_nesterov):
        radius = spectral_radius(h, 0.2, momentum=0.6, nesterov=is_nesterov)
        assert radius == pytest.approx(largest_eigenvalue_of_one_step(h, 0.2, 0.6, is_nesterov), rel=1e-9)

    def test_without_momentum_it_is_the_factor_of_gradient_descent(self):
        h, lr = np.array([-1.0, 0.0, 2.0, 20.0]), np.array([[0.01], [0.1], [0.3]])
        expected = np.abs(1 - lr * h)
        for is_nesterov in (False, True):
            np.testing.assert_allclose(
                spectral_radius(h, lr, nesterov=is_nesterov), expected, rtol=1e-14, atol=0
            )

    def test_namespace_and_dtype_are_those_of_the_curvature(self, backend):
        h, lr, momentum = [[0.5], [3.0]], [0.1, 0.4, 0.7], 0.5
        for is_nesterov in (False, True):
            radius = spectral_radius(backend.array(h), lr, momentum=momentum, nesterov=is_nesterov)
            assert backend.owns(radius) and radius.shape == (2, 3)
            expected = spectral_radius(np.array(h), lr, momentum=momentum, nesterov=is_nesterov)
            np.testing.assert_allclose(radius, expected, **backend.tolerance)


class TestTunings:
    @tunings
    @pytest.mark.parametrize("kappa", [1.0, 1.7, 10.0, 1e4])
    def test_the_rate_is_the_largest_spectral_radius_over_the_spectrum(self, tune, is_nesterov, kappa):
        tuning = tune(3 * kappa, 3.0)
        curvatures = np.linspace(3.0, 3 * kappa, 501)
        radii = spectral_radius(curvatures, tuning.lr, momentum=tuning.momentum, nesterov=is_nesterov)
        np.testing.assert_allclose(radii.max(), tuning.rate, rtol=0, atol=1e-7)

    @pytest.mark.parametrize("name", ["gradient descent", "heavy ball", "Nesterov"])
    @pytest.mark.parametrize("kappa", [1.7, 10.0, 1e3])
    def test_no_other_parameters_have_a_better_rate(self, name, kappa):
        tune, is_nesterov = TUNINGS[name]
        best = tune(kappa, 1.0).rate
        lr = np.linspace(0, 4 / kappa, 401)[1:, None]
        momentum = np.zeros(1) if name == "gradient descent" else np.linspace(0, 0.999, 400)
        ends = np.array([1.0, kappa])[:, None, None]
        on_grid = spectral_radius(ends, lr, momentum=momentum, nesterov=is_nesterov).max(axis=0).min()
        assert best - 1e-7 <= on_grid <= best + 0.03

    def test_the_chapters_values(self):
        tuning = optimal_gradient_descent(20, 2)
        assert tuning.lr == pytest.approx(2 / 22, rel=1e-15) and tuning.rate == pytest.approx(
            9 / 11, rel=1e-15
        )
        assert tuning.momentum == 0
        assert max_stable_lr(20) == 0.1

    @given(st.floats(1, 1e8), st.floats(1e-3, 1e3))
    def test_order_of_the_methods(self, kappa, mu):
        rates = [
            tune(kappa * mu, mu).rate
            for tune in (optimal_heavy_ball, optimal_nesterov, optimal_gradient_descent)
        ]
        assert 0 <= rates[0] <= rates[1] + 1e-12 and rates[1] <= rates[2] + 1e-12 and rates[2] < 1
        assert optimal_nesterov(kappa * mu, mu).rate <= textbook_nesterov(kappa * mu, mu).rate + 1e-12

    @tunings
    def test_measured_rate(self, tune, is_nesterov):
        f = Quadratic(np.diag([1.0, 30.0]))
        tuning = tune(f.L, f.mu)
        run = nesterov if is_nesterov else heavy_ball
        sizes = np.linalg.norm(run(f.gradient, [1.0, 1.0], tuning.lr, tuning.momentum, 240), axis=-1)
        # A double root adds a factor k: (240/120)^(1/120) is 0.6 %.
        assert (sizes[240] / sizes[120]) ** (1 / 120) == pytest.approx(float(tuning.rate), rel=0.01)

    @pytest.mark.parametrize(
        ("kappa", "counts"),
        [(10, (71, 27, 37, 43)), (100, (709, 95, 135, 157)), (1000, (7082, 321, 448, 518))],
    )
    def test_steps_to_a_millionth_from_equal_weights(self, kappa, counts):
        """Gradient descent in proportion to kappa, the others to its square root."""
        f = Quadratic(np.diag([1.0, kappa]))
        for (tune, is_nesterov), count in zip(TUNINGS.values(), counts, strict=True):
            tuning = tune(f.L, f.mu)
            run = nesterov if is_nesterov else heavy_ball
            path = run(f.gradient, [1.0, 1.0], tuning.lr, tuning.momentum, count)
            sizes = np.linalg.norm(path, axis=-1)
            assert sizes[-1] <= 1e-6 < sizes[:-1].min()

    @tunings
    def test_namespace_dtype_and_batches(self, tune, is_nesterov, backend):
        L, mu = np.array([[20.0], [7.0]]), np.array([2.0, 1.0, 0.1])
        tuning = tune(backend.array(L), backend.array(mu))
        for i, j in np.ndindex(2, 3):
            one = tune(L[i, 0], mu[j])
            for name in ("lr", "rate"):
                assert backend.owns(getattr(tuning, name)) and getattr(tuning, name).shape == (2, 3)
                np.testing.assert_allclose(
                    getattr(tuning, name)[i, j], getattr(one, name), **backend.tolerance
                )

    def test_exact_line_search_has_the_rate_of_the_best_constant_step(self):
        assert exact_line_search_ratio(20, 2) == pytest.approx(
            float(optimal_gradient_descent(20, 2).rate) ** 2
        )


class TestStability:
    @pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
    @pytest.mark.parametrize("is_nesterov", [False, True])
    def test_the_bound_separates_convergence_from_divergence(self, momentum, is_nesterov):
        bound = max_stable_lr(20, momentum=momentum, nesterov=is_nesterov)
        curvatures = np.linspace(0.01, 20, 300)
        below, above = (
            spectral_radius(curvatures, c * bound, momentum=momentum, nesterov=is_nesterov)
            for c in (0.999, 1.001)
        )
        assert below.max() < 1 < above.max()

    @pytest.mark.parametrize("run", [heavy_ball, nesterov])
    def test_paths_obey_the_bound(self, run):
        bound = max_stable_lr(20, momentum=0.5, nesterov=run is nesterov)
        path = run(lambda x: 20 * x, [[1.0], [1.0]], bound * np.array([0.98, 1.02]), 0.5, 1000)
        assert abs(path[-1, 0, 0]) < 1e-3 and abs(path[-1, 1, 0]) > 1e3

    def test_batches(self, backend):
        bounds = max_stable_lr(backend.array([[20.0], [2.0]]), momentum=[0.0, 0.5])
        assert backend.owns(bounds)
        np.testing.assert_allclose(bounds, [[0.1, 0.15], [1.0, 1.5]], **backend.tolerance)


class TestClassification:
    @pytest.mark.parametrize(
        ("lr", "expected"),
        [
            (1e-9, "monotone"),
            (0.01, "monotone"),
            (0.05, "monotone"),
            (0.0501, "oscillating"),
            (1 / 11, "oscillating"),
            (0.0999, "oscillating"),
            (0.1, "marginal"),
            (0.1 * (1 + 1e-14), "marginal"),
            (0.1 * (1 - 1e-14), "marginal"),
            (0.1 * (1 + 1e-10), "divergent"),
            (0.1 * (1 - 1e-10), "oscillating"),
            (5.0, "divergent"),
        ],
    )
    def test_on_the_chapters_function(self, lr, expected):
        assert classify_learning_rate(20, lr) == expected

    @given(st.floats(0.01, 100), st.floats(0.01, 3))
    def test_it_says_what_the_path_does(self, L, relative_lr):
        lr = relative_lr / L
        x = gradient_descent(lambda x: L * x, [1.0], lr, 2)[:, 0]
        kind = classify_learning_rate(L, lr)
        if kind == "monotone":
            assert 1 >= x[1] >= -1e-11
        elif kind == "oscillating":
            assert -1 < x[1] < 0
        elif kind == "divergent":
            assert x[1] < -1
        else:
            assert x[1] == pytest.approx(-1, abs=1e-11)

    def test_tolerance_is_relative_and_can_be_widened(self):
        assert classify_learning_rate(20, 0.101) == "divergent"
        assert classify_learning_rate(20, 0.101, rtol=0.02) == "marginal"
        assert classify_learning_rate(2e-200, 1e200) == "marginal"


BAD_RANGES = [
    ((0, 1), "^L must lie"),
    ((2, 0), "^mu must lie"),
    ((1, 2), "^mu must not exceed L"),
    ((np.nan, 1), "^L must be f"),
]


@pytest.mark.parametrize(("arguments", "match"), [*BAD_RANGES, (([1, 2], [1, 1, 1]), r"L \(2,\), mu \(3,\)")])
@pytest.mark.parametrize("function", [tune for tune, _ in TUNINGS.values()] + [exact_line_search_ratio])
def test_bad_ranges_of_curvature_are_refused(function, arguments, match):
    with pytest.raises(ValueError, match=match):
        function(*arguments)


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: spectral_radius(np.nan, 0.1), "^curvature must be finite"),
        (lambda: spectral_radius(1.0, -0.1), "^lr must lie"),
        (lambda: spectral_radius(1.0, 0.1, momentum=1), "^momentum must lie"),
        (lambda: spectral_radius([1.0, 2.0], [0.1, 0.1, 0.1]), r"curvature \(2,\), lr \(3,\)"),
        (lambda: max_stable_lr(-1.0), "^L must lie"),
        (lambda: max_stable_lr(1.0, momentum=-0.1), "^momentum must lie"),
        (lambda: max_stable_lr([1.0, 2.0], momentum=[0.1] * 3), r"L \(2,\), momentum \(3,\)"),
        (lambda: classify_learning_rate(0, 0.1), "^L must lie"),
        (lambda: classify_learning_rate(1, 0), "^lr must lie"),
        (lambda: classify_learning_rate(1, np.nan), "^lr must be finite"),
    ],
)
def test_bad_arguments_are_refused_by_name(call, match):
    with pytest.raises(ValueError, match=match):
        call()
