"""Checks along random directions: right verdicts at a cost that does not grow with the dimension."""

import numpy as np
import pytest
import torch
from smooth_functions import coupled, coupled_gradient, wave, wave_gradient

from reference.directional_checks import directional_check, random_direction, taylor_test, vjp_check

X = np.array([0.4, -1.3, 2.2, 0.9])
X2 = np.random.default_rng(3).uniform(-2, 2, size=(3, 5))


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("factor", [2.0, 1.01])
def test_one_wrong_entry_of_a_hundred_is_found_in_every_draw(seed, factor):
    x = np.linspace(-2, 2, 100)

    def wrong(v):
        gradient = wave_gradient(v)
        gradient[17] *= factor
        return gradient

    assert directional_check(wave, wave_gradient, x, rng=rng(seed)).ok
    assert not directional_check(wave, wrong, x, rng=rng(seed)).ok


def test_two_opposite_errors_do_not_cancel():
    def wrong(x):
        return wave_gradient(x) + np.array([0.1, 0, 0, 0.1])

    assert not any(directional_check(wave, wrong, X, rng=rng(seed)).ok for seed in range(20))


def test_a_million_dimensions_cost_at_most_four_calls():
    calls = []
    x = rng().uniform(-1, 1, size=1_000_000)

    def f(v):
        calls.append(1)
        return wave(v)

    assert directional_check(f, wave_gradient, x, rng=rng()).ok
    assert len(calls) <= 4
    assert not directional_check(f, lambda v: 1.01 * wave_gradient(v), x, rng=rng(), num_directions=1).ok


@pytest.mark.parametrize(
    ("f", "gradient", "x", "ok"),
    [
        (wave, wave_gradient, X2, True),
        (wave, wave_gradient, X.astype(np.float32), True),
        (wave, lambda x: 1.01 * wave_gradient(x), X.astype(np.float32), False),
        (lambda x: wave(x.astype(np.float32)), wave_gradient, X, True),
        (lambda x: wave(x) + 1e3, wave_gradient, X, True),
        (lambda x: wave(x) + 1e3, lambda x: 1.01 * wave_gradient(x), X, False),
        (coupled, coupled_gradient, X, True),
        (lambda x: np.sum(x**3), lambda x: 3 * x**2, np.array([2, 4, 6]), True),
        (lambda x: 5.0, np.zeros_like, X, True),
        (wave, np.zeros_like, X, False),
        (lambda x: 1e-6 * wave(x), lambda x: 2e-6 * wave_gradient(x), X, False),
        (wave, lambda x: -wave_gradient(x), X, False),
        (wave, lambda x: wave_gradient(x) * np.nan, X, False),
        (lambda x: np.nan, wave_gradient, X, False),
    ],
)
def test_verdict(f, gradient, x, ok):
    report = directional_check(f, gradient, x, rng=rng(), num_directions=3)
    assert report.ok is ok, report


def test_a_direction_orthogonal_to_the_gradient_raises_no_false_alarm():
    """Both derivatives are nearly zero, and what is left of them is truncation."""
    v = random_direction((4,), rng(7))
    weights = np.array([v[1], -v[0], v[3], -v[2]])

    def f(x):
        return weights @ x + np.sum(x**3)

    report = directional_check(f, lambda x: weights + 3 * x**2, np.zeros(4), rng=rng(7))
    assert abs(report.analytic) < 1e-12 < abs(report.numeric)
    assert report.ok


def test_report_holds_the_two_directional_derivatives_of_the_worst_direction():
    report = directional_check(wave, lambda x: 3 * wave_gradient(x), X, rng=rng(), num_directions=4)
    assert report.analytic == pytest.approx(3 * report.numeric, rel=1e-8)
    draws = rng()
    directions = [random_direction((4,), draws) * np.maximum(1, np.abs(X)) for _ in range(4)]
    errors = [
        2
        * abs(wave_gradient(X) @ v)
        / max(np.linalg.norm(3 * wave_gradient(X) * v), 3 * abs(wave_gradient(X) @ v))
        for v in directions
    ]
    assert report.max_rel == pytest.approx(max(errors), rel=1e-6)
    assert report.numeric == pytest.approx(wave_gradient(X) @ directions[int(np.argmax(errors))], rel=1e-8)


@pytest.mark.parametrize("large", [1e3, 1e5])
@pytest.mark.parametrize("make", [np.asarray, torch.tensor])
def test_each_entry_of_x_has_a_step_of_its_own_size(large, make):
    """A step that suits the large entry would take the sine over whole periods."""
    scales = np.array([1e-3, 1.0])

    def forward(x):
        return np.array([scales[0] * float(x[0]), np.sin(float(x[1]))])

    def slopes(x):
        return np.array([scales[0], np.cos(float(x[1]))])

    x = make(np.array([large, 0.7]))
    for seed in range(20):
        for factor, ok in ((1.0, True), (1.01, False)):
            wrong = np.array([1.0, factor])
            report = directional_check(
                lambda x: forward(x).sum(), lambda x, wrong=wrong: wrong * slopes(x), x, rng=rng(seed)
            )
            assert report.ok is ok, report
            backward = vjp_check(
                forward, lambda x, w, wrong=wrong: wrong * slopes(x) * np.asarray(w), x, rng=rng(seed)
            )
            assert backward.ok is ok, backward


def test_tolerance_can_be_given():
    def gradient(x):
        return 1.001 * wave_gradient(x)

    assert not directional_check(wave, gradient, X, rng=rng()).ok
    assert directional_check(wave, gradient, X, rng=rng(), tol=1e-2).ok


def test_wrong_shape_is_an_error():
    with pytest.raises(ValueError, match=r"the gradient has shape \(1, 4\), but x has shape \(4,\)"):
        directional_check(wave, lambda x: wave_gradient(x)[None], X, rng=rng())


def test_random_directions_have_no_small_entries_and_both_signs():
    v = random_direction((200, 50), rng())
    assert v.shape == (200, 50)
    assert 0.5 <= np.abs(v).min() < 0.51
    assert 1.49 < np.abs(v).max() < 1.5
    # 10,000 signs: standard error of the mean is 0.01.
    assert abs(np.sign(v).mean()) < 0.04
    assert np.std(np.abs(v)) == pytest.approx(1 / np.sqrt(12), rel=0.03)
    np.testing.assert_array_equal(random_direction((3,), rng(4)), random_direction((3,), rng(4)))


V = np.array([0.7, -0.4, 1.0, 0.5])


def test_taylor_remainder_of_the_right_gradient_has_slope_two():
    result = taylor_test(coupled, coupled_gradient, X, V)
    assert result.slope == pytest.approx(2, abs=0.05)
    np.testing.assert_allclose(result.rates, [2, 2], rtol=0, atol=0.1)
    assert result.rates.shape == (2,)


@pytest.mark.parametrize("factor", [1.01, 1.001, 0.5, -1])
def test_taylor_remainder_of_a_wrong_gradient_has_slope_one(factor):
    result = taylor_test(
        coupled, lambda x: factor * coupled_gradient(x), X, V, steps=[1e-4, 3e-5, 1e-5, 3e-6]
    )
    assert result.slope == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize(("factor", "slope"), [(1.0, 2), (2.0, 1)])
@pytest.mark.parametrize("make", [np.asarray, torch.tensor])
def test_default_steps_of_a_taylor_test_suit_float32(factor, slope, make):
    x, v = make(X.astype(np.float32)), make(V.astype(np.float32))

    def f(x):
        return (x**4).sum()

    result = taylor_test(f, lambda x: factor * 4 * x**3, x, v)
    assert result.slope == pytest.approx(slope, abs=0.2)


def test_taylor_remainders_are_those_of_the_definition():
    steps = [0.3, 0.1, 0.05]
    result = taylor_test(coupled, coupled_gradient, X, V, steps=steps)
    expected = [abs(coupled(X + h * V) - coupled(X) - h * coupled_gradient(X) @ V) for h in steps]
    np.testing.assert_array_equal(result.steps, steps)
    np.testing.assert_allclose(result.remainders, expected, rtol=1e-9, atol=1e-13)
    np.testing.assert_allclose(
        result.slope, np.polyfit(np.log(steps), np.log(expected), 1)[0], rtol=1e-6, atol=0
    )


def test_taylor_test_does_not_care_for_the_length_of_the_direction():
    assert taylor_test(coupled, coupled_gradient, X, 1e4 * V).slope == pytest.approx(2, abs=0.05)


def test_taylor_remainder_of_a_linear_function_is_nothing_but_rounding():
    weights = np.array([0.1, 0.7, -0.3, 1.1])
    assert taylor_test(lambda x: weights @ x, lambda x: weights, X, V).slope == np.inf
    assert taylor_test(lambda x: weights @ x, lambda x: weights * 1.01, X, V).slope == pytest.approx(
        1, abs=1e-3
    )


def test_taylor_slope_is_three_without_curvature_along_the_direction():
    assert taylor_test(lambda x: np.sum(x**3), lambda x: 3 * x**2, np.zeros(4), V).slope == pytest.approx(
        3, abs=0.01
    )


def test_taylor_test_works_on_matrices_and_wants_one_shape():
    assert taylor_test(wave, wave_gradient, X2, np.ones_like(X2)).slope == pytest.approx(2, abs=0.05)
    with pytest.raises(ValueError, match="shape"):
        taylor_test(wave, wave_gradient, X2, np.ones(15))


@pytest.mark.parametrize(
    ("f", "gradient"),
    [
        (lambda x: np.nan, coupled_gradient),
        (lambda x: np.inf, coupled_gradient),
        (lambda x: coupled(x) if x[2] == X[2] else np.nan, coupled_gradient),
        (coupled, lambda x: coupled_gradient(x) * np.nan),
        (coupled, lambda x: coupled_gradient(x) + np.array([0, np.inf, 0, 0])),
    ],
)
def test_taylor_slope_is_nan_where_a_number_is_not_finite(f, gradient):
    result = taylor_test(f, gradient, X, V)
    assert np.isnan(result.slope)
    assert result.rates.shape == (2,)
    assert np.isnan(result.rates).all()


@pytest.mark.parametrize("gradient", [lambda x: 1.2, lambda x: coupled_gradient(x)[:, None]])
def test_a_gradient_that_would_broadcast_has_no_taylor_slope(gradient):
    with pytest.raises(ValueError, match=r"the gradient has shape \(.*\), but x has shape \(4,\)"):
        taylor_test(coupled, gradient, X, V)


@pytest.mark.parametrize(
    "steps",
    [[1e-3], [], 0.1, [[0.1, 0.2]], [0.1, 0.1], [0.1, 0.0], [0.1, -0.2], [0.1, np.nan], [0.1, np.inf]],
)
def test_a_slope_needs_two_steps(steps):
    with pytest.raises(ValueError, match=r"^steps must "):
        taylor_test(coupled, coupled_gradient, X, V, steps=steps)


def test_a_direction_of_zeros_leads_nowhere():
    with pytest.raises(ValueError, match="zero vector"):
        taylor_test(coupled, coupled_gradient, X, 0 * V)


A = np.random.default_rng(9).normal(size=(6, 4))


def layer(x):
    return np.tanh(A @ x)


def layer_vjp(x, w):
    return A.T @ ((1 - np.tanh(A @ x) ** 2) * w)


def test_right_backward_pass_is_accepted():
    report = vjp_check(layer, layer_vjp, X, rng=rng())
    assert report.ok
    assert report.analytic == pytest.approx(report.numeric, rel=1e-7)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda x, w: layer_vjp(x, np.ones_like(w)),
        lambda x, w: -layer_vjp(x, w),
        lambda x, w: 1.001 * layer_vjp(x, w),
        lambda x, w: A.T @ w,
        lambda x, w: layer_vjp(x, w[::-1]),
        lambda x, w: layer_vjp(x, w)[::-1],
        lambda x, w: layer_vjp(x, w) * np.nan,
        lambda x, w: np.zeros_like(x),
    ],
)
def test_wrong_backward_pass_is_rejected(wrong):
    for seed in range(5):
        assert not vjp_check(layer, wrong, X, rng=rng(seed)).ok


def test_backward_pass_that_ignores_its_cotangent_is_right_for_a_cotangent_of_ones():
    jacobian = (1 - layer(X) ** 2)[:, None] * A
    np.testing.assert_allclose(layer_vjp(X, np.ones(6)), jacobian.sum(axis=0), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_backward_pass_of_a_matrix_layer_in_torch(dtype):
    W = torch.tensor(A.T.astype(dtype))

    def forward(x):
        return torch.sigmoid(torch.tensor(x) @ W).numpy()

    def vjp(x, w):
        t = torch.tensor(x, requires_grad=True)
        return torch.autograd.grad(torch.sigmoid(t @ W), t, torch.tensor(w))[0].numpy()

    x = np.random.default_rng(1).normal(size=(5, 4)).astype(dtype)
    assert vjp_check(forward, vjp, x, rng=rng()).ok
    assert not vjp_check(forward, lambda x, w: 1.02 * vjp(x, w), x, rng=rng()).ok
    assert vjp_check(forward, lambda x, w: 1.02 * vjp(x, w), x, rng=rng(), tol=0.1).ok


def test_a_direction_that_moves_no_output_raises_no_false_alarm():
    v = random_direction((4,), rng(7))
    weights = np.array([v[1], -v[0], v[3], -v[2]])

    def forward(x):
        return np.array([weights @ x + np.sum(x**3)])

    assert vjp_check(
        forward, lambda x, w: w * (weights + 3 * x**2), np.zeros(4), rng=rng(7), num_directions=1
    ).ok


def test_offset_of_the_output_is_not_held_against_the_backward_pass():
    assert vjp_check(lambda x: layer(x) + 1e4, layer_vjp, X, rng=rng()).ok


def test_backward_pass_of_the_wrong_shape_is_an_error():
    with pytest.raises(ValueError, match=r"the result of vjp has shape \(1, 4\), but x has shape \(4,\)"):
        vjp_check(layer, lambda x, w: layer_vjp(x, w)[None], X, rng=rng())
