"""A gradient checker is judged by its verdicts on gradients that are known to be right or wrong."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import check_grad
from smooth_functions import coupled, coupled_gradient, coupled_torch, wave, wave_gradient

from reference.gradient_checking import (
    GradientReport,
    check_gradient,
    check_parameter_gradients,
    relative_error,
)
from reference.mlp_backpropagation import mlp_backward, mlp_loss

X = np.array([0.4, -1.3, 2.2, 0.9])
X2 = np.random.default_rng(3).uniform(-2, 2, size=(3, 5))
finite = st.floats(allow_nan=False, allow_infinity=False)


def one_bad_entry(x, factor=1.01):
    gradient = wave_gradient(x)
    gradient[2] *= factor
    return gradient


# Each: f, gradient, x, whether the gradient is right.
BATTERY = {
    "right": (wave, wave_gradient, X, True),
    "right, values of 1e6": (lambda x: 1e6 * wave(x), lambda x: 1e6 * wave_gradient(x), X, True),
    "right, values of 1e-6": (lambda x: 1e-6 * wave(x), lambda x: 1e-6 * wave_gradient(x), X, True),
    "right, x of 1e6": (lambda x: wave(x / 1e6), lambda x: wave_gradient(x / 1e6) / 1e6, 1e6 * X, True),
    "right, one entry zero": (lambda x: wave(x[1:]), lambda x: np.r_[0, wave_gradient(x[1:])], X, True),
    "right, all zero": (lambda x: 3.0, np.zeros_like, X, True),
    "right, zero at a minimum": (lambda x: np.sum(np.cosh(x)), np.sinh, np.zeros(3), True),
    "right, two-dimensional": (wave, wave_gradient, X2, True),
    "right, zero-dimensional": (wave, wave_gradient, 0.7, True),
    "right, integers": (lambda x: np.sum(x**3), lambda x: 3 * x**2, np.array([2, 4, 6]), True),
    "right, offset 1e3": (lambda x: wave(x) + 1e3, wave_gradient, X, True),
    "right, offset 1e6": (lambda x: wave(x) + 1e6, wave_gradient, X, True),
    "right, float32": (wave, wave_gradient, X.astype(np.float32), True),
    "right, computed in float32": (lambda x: wave(x.astype(np.float32)), wave_gradient, X, True),
    "right, coupled": (coupled, coupled_gradient, X, True),
    "right, very unequal entries": (
        lambda x: np.sum(x**4 * [1e6, 1, 1, 1]),
        lambda x: 4 * x**3 * [1e6, 1, 1, 1],
        X,
        True,
    ),
    "wrong by 1 %": (wave, lambda x: 1.01 * wave_gradient(x), X, False),
    "wrong by 1 %, values of 1e6": (
        lambda x: 1e6 * wave(x),
        lambda x: 1.01e6 * wave_gradient(x),
        X,
        False,
    ),
    "wrong by 1 %, offset 1e3": (lambda x: wave(x) + 1e3, lambda x: 1.01 * wave_gradient(x), X, False),
    "wrong by 1 %, float32": (wave, lambda x: 1.01 * wave_gradient(x), X.astype(np.float32), False),
    "wrong by 1 %, computed in float32": (
        lambda x: wave(x.astype(np.float32)),
        lambda x: 1.01 * wave_gradient(x),
        X,
        False,
    ),
    "one entry wrong by 1 %": (wave, one_bad_entry, X, False),
    "one entry of 500 wrong": (wave, one_bad_entry, np.linspace(-2, 2, 500), False),
    "a small entry wrong": (
        lambda x: np.sum(x**4 * [1e6, 1, 1, 1]),
        lambda x: 4 * x**3 * [1e6, 1, 1, 1.01],
        X,
        False,
    ),
    "twice, values of 1e-6": (lambda x: 1e-6 * wave(x), lambda x: 2e-6 * wave_gradient(x), X, False),
    "twice, values of 1e-12": (lambda x: 1e-12 * wave(x), lambda x: 2e-12 * wave_gradient(x), X, False),
    "zero instead of one entry": (wave, lambda x: np.r_[0, wave_gradient(x[1:])], X, False),
    "all zero instead of the gradient": (wave, np.zeros_like, X, False),
    "not zero where it is": (lambda x: 3.0, np.ones_like, X, False),
    "sign": (wave, lambda x: -wave_gradient(x), X, False),
    "two-dimensional, transposed": (wave, lambda x: wave_gradient(x).T, X2, False),
    "two-dimensional, row sums": (wave, lambda x: wave_gradient(x).sum(axis=1), X2, False),
    "right numbers with a broadcasting shape": (wave, lambda x: wave_gradient(x)[None], X, False),
    "NaN in the gradient": (wave, lambda x: wave_gradient(x) * [1, 1, np.nan, 1], X, False),
    "infinity in the gradient": (wave, lambda x: wave_gradient(x) * [1, np.inf, 1, 1], X, False),
    "NaN in the function": (lambda x: np.nan, wave_gradient, X, False),
    # h = 6e-6 is more than a quarter of a period: the difference proves nothing and must not let 1 % pass.
    "wrong by 1 %, too rough for differences": (
        lambda x: np.sum(np.sin(3e5 * x)),
        lambda x: 1.01 * 3e5 * np.cos(3e5 * x),
        X / 3,
        False,
    ),
    # Truncation, h**2/6*1e6 = 6e-6 of the gradient, is above the tolerance but known.
    "right, with ripples": (lambda x: np.sum(np.sin(1e3 * x)), lambda x: 1e3 * np.cos(1e3 * x), X / 3, True),
    "wrong by 1 %, with ripples": (
        lambda x: np.sum(np.sin(1e3 * x)),
        lambda x: 1.01e3 * np.cos(1e3 * x),
        X / 3,
        False,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BATTERY)
def test_verdict(name):
    f, gradient, x, right = BATTERY[name]
    report = check_gradient(f, gradient, x)
    assert report.ok is right, str(report)
    assert (0 <= report.max_rel <= report.tol) is right
    assert (report.likely_cause == "none") is right


CAUSES = {
    "sign": (wave, lambda x: -wave_gradient(x), X),
    "factor 2": (wave, lambda x: 2 * wave_gradient(x), X),
    "mean against sum": (wave, lambda x: wave_gradient(x) / 7, X),
    "scale": (wave, lambda x: 1.37 * wave_gradient(x), X),
    "transpose": (wave, lambda x: wave_gradient(x).T, X2),
    "shape": (wave, lambda x: wave_gradient(x)[0], X2),
    "missing term": (lambda x: wave(x) + 0.05 * x @ x, wave_gradient, X),
    "kink": (lambda x: np.sum(np.maximum(x, 0)), lambda x: (x > 0).astype(float), np.array([1.0, -1e-6])),
    "not finite": (wave, lambda x: wave_gradient(x) * np.nan, X),
    "unknown": (wave, lambda x: wave_gradient(x) * [1, 1.1, 1, 0.8], X),
}


@pytest.mark.parametrize("cause", CAUSES)
def test_likely_cause_is_named(cause):
    f, gradient, x = CAUSES[cause]
    report = check_gradient(f, gradient, x)
    assert report.likely_cause == cause, str(report)
    assert cause in str(report)
    assert report.explanation


def test_cause_is_seen_through_the_rounding_of_a_large_offset():
    report = check_gradient(lambda x: wave(x) + 1e5, lambda x: -wave_gradient(x), X)
    assert report.likely_cause == "sign"


def test_cause_is_seen_through_an_error_within_the_tolerance():
    """The negative but for 5e-7, which is within the tolerance of 1e-6 whatever the size of the gradient."""
    report = check_gradient(lambda x: 1e3 * wave(x), lambda x: -1e3 * (1 + 5e-7) * wave_gradient(x), X)
    assert report.likely_cause == "sign"


def test_wrong_numbers_in_the_transposed_shape_are_no_transpose():
    assert check_gradient(wave, lambda x: wave_gradient(x).T, X2).likely_cause == "transpose"
    assert check_gradient(wave, lambda x: 2 * wave_gradient(x).T, X2).likely_cause == "shape"


def test_an_error_of_exactly_the_tolerance_passes():
    def gradient(x):
        return 1.01 * wave_gradient(x)

    worst = check_gradient(wave, gradient, X).max_rel
    report = check_gradient(wave, gradient, X, tol=worst)
    assert report.ok
    assert report.likely_cause == "none"


@pytest.mark.parametrize(
    ("slope", "is_kink"),
    [(0.0, True), (0.5, True), (0.4, True), (-0.01, False), (0.51, False), (-5.0, False)],
)
def test_a_kink_excuses_only_slopes_between_those_of_its_two_sides(slope, is_kink):
    """At the distance 0.5h from the kink of ReLU, the difference sees slopes 0 and 0.5."""
    h = 1e-5
    x = np.array([-h / 2])
    report = check_gradient(
        lambda v: np.sum(np.maximum(v, 0)), lambda v: np.array([slope]), x, step=h, tol=1e-3
    )
    assert (report.likely_cause == "kink") is is_kink, str(report)


def test_report_points_at_the_worst_entry_and_shows_both_values():
    def gradient(x):
        values = wave_gradient(x)
        values[1, 3] += 0.5
        values[2, 0] += 1e-3
        return values

    report = check_gradient(wave, gradient, X2)
    assert report.index == (1, 3)
    assert report.analytic == gradient(X2)[1, 3]
    assert report.numeric == pytest.approx(wave_gradient(X2)[1, 3], rel=1e-8)
    a, n = gradient(X2)[1, 3], wave_gradient(X2)[1, 3]
    assert report.max_rel == pytest.approx(0.5 / max(abs(a), abs(n)), rel=1e-6)
    assert "(1, 3)" in str(report)
    assert f"{report.analytic:.8g}" in str(report)
    assert f"{report.numeric:.8g}" in str(report)


def test_report_of_a_right_gradient_says_so_and_cannot_be_changed():
    report = check_gradient(wave, wave_gradient, X)
    assert str(report).startswith("gradient agrees")
    assert isinstance(report, GradientReport)
    with pytest.raises(AttributeError):
        report.ok = False


def test_tolerance_is_the_line_between_right_and_wrong():
    for factor, tol, ok in [(1.009, 1e-2, True), (1.012, 1e-2, False), (1 + 3e-7, None, True), (1 + 3e-6, None, False)]:  # fmt: skip
        assert check_gradient(wave, lambda x, c=factor: c * wave_gradient(x), X, tol=tol).ok is ok


@pytest.mark.parametrize(
    ("dtype", "tol"), [(np.float64, 1e-6), (np.float32, 2e-3), (np.float16, 1e-1), (np.longdouble, 1e-6)]
)
def test_default_tolerance_follows_the_coarser_precision(dtype, tol):
    assert check_gradient(wave, wave_gradient, X.astype(dtype)).tol == tol
    coarse = min(dtype, np.float32, key=lambda d: np.finfo(d).precision)
    report = check_gradient(lambda x: wave(x).astype(np.float32), wave_gradient, X.astype(dtype))
    assert report.tol == {np.float32: 2e-3, np.float16: 1e-1}[coarse]
    assert report.ok


def test_step_can_be_given():
    small = 1e-6 * X
    f, gradient = (lambda x: wave(1e6 * x)), (lambda x: 1e6 * wave_gradient(1e6 * x))
    assert not check_gradient(f, gradient, small).ok
    assert check_gradient(f, gradient, small, step=6e-12).ok
    assert not check_gradient(f, lambda x: 1.01 * gradient(x), small, step=6e-12).ok


def test_argument_is_not_changed():
    x = X.copy()

    def greedy(v):
        gradient = wave_gradient(v)
        v[:] = 0
        return gradient

    assert check_gradient(wave, greedy, x).ok
    np.testing.assert_array_equal(x, X)


def test_agrees_with_torch_gradcheck_on_a_right_and_a_wrong_backward_pass():
    class Wrong(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return (x**3).sum()

        @staticmethod
        def backward(ctx, cotangent):
            (x,) = ctx.saved_tensors
            return cotangent * 3.1 * x**2

    for f in (coupled_torch, Wrong.apply):

        def gradient(x, f=f):
            t = torch.tensor(x, requires_grad=True)
            return torch.autograd.grad(f(t), t)[0].numpy()

        theirs = torch.autograd.gradcheck(f, torch.tensor(X, requires_grad=True), raise_exception=False)
        ours = check_gradient(lambda x, f=f: f(torch.tensor(x)).detach().numpy(), gradient, X).ok
        assert ours is theirs is (f is coupled_torch)


def test_agrees_with_scipy_check_grad():
    assert check_grad(coupled, coupled_gradient, X) < 1e-5
    assert check_gradient(coupled, coupled_gradient, X).ok


@pytest.mark.parametrize(
    ("a", "n", "floor", "expected"),
    [
        (0.0, 0.0, 0.0, 0.0),
        ([0.0, 1.0], [0.0, 1.0], 0.0, 0.0),
        (0.0, 1e-300, 0.0, 1.0),
        (1e-300, 0.0, 0.0, 1.0),
        (2.0, 1.0, 0.0, 0.5),
        (-1.0, 1.0, 0.0, 2.0),
        ([1.0, 1e-9], [1.0, 2e-9], 0.0, 0.5),
        ([1.0, 1e-9], [1.0, 2e-9], 1.0, 1e-9),
        ([1.0, 1e-9], [1.0, 2e-9], [0.0, 1e-6], 1e-3),
        (1e308, -1e308, 0.0, 2.0),
        (5e-324, 0.0, 0.0, 1.0),
        (np.nan, 1.0, 0.0, np.inf),
        (1.0, np.nan, 0.0, np.inf),
        (np.inf, np.inf, 0.0, np.inf),
        ([], [], 0.0, 0.0),
    ],
)
def test_relative_error(a, n, floor, expected):
    assert relative_error(a, n, atol_scale=floor) == pytest.approx(expected, rel=1e-12)


def test_relative_error_judges_small_entries_by_their_own_size_unless_told_otherwise():
    assert relative_error([1e-9], [2e-9]) == 0.5


def test_relative_error_does_not_broadcast():
    with pytest.raises(ValueError, match="shapes differ"):
        relative_error(np.ones(3), np.ones((1, 3)))
    with pytest.raises(ValueError, match="shapes differ"):
        relative_error(np.ones((1, 3)), np.ones(3))


@given(
    a=arrays(np.float64, 4, elements=finite),
    b=arrays(np.float64, 4, elements=finite),
    exponent=st.integers(-30, 30),
)
def test_relative_error_is_symmetric_bounded_and_zero_only_for_equals(a, b, exponent):
    error = relative_error(a, b)
    assert error == relative_error(b, a)
    assert 0 <= error <= 2
    assert relative_error(a, a) == 0
    if (
        np.abs(a).min() > 1e-200
        and np.abs(b).min() > 1e-200
        and max(np.abs(a).max(), np.abs(b).max()) < 1e200
    ):
        scaled = relative_error(a * 2.0**exponent, b * 2.0**exponent)
        assert scaled == pytest.approx(error, rel=1e-12)


@given(x=arrays(np.float64, 3, elements=st.floats(-3, 3)), factor=st.sampled_from([0.5, 0.98, 1.02, -1, 4]))
def test_right_gradients_pass_and_wrong_ones_fail_everywhere(x, factor):
    assert check_gradient(wave, wave_gradient, x).ok
    assert not check_gradient(wave, lambda v: factor * wave_gradient(v), x).ok


def mlp(l2=0.3):
    rng = np.random.default_rng(0)
    shapes = {"W1": (7, 4), "b1": (4,), "W2": (4, 3), "b2": (3,)}
    params = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    X, y = rng.normal(size=(5, 7)), np.array([0, 2, 1, 1, 0])
    return params, (lambda p: mlp_loss(p, X, y, l2=l2)), (lambda p: mlp_backward(p, X, y, l2=l2))


def test_parameters_of_a_network_are_checked_one_array_at_a_time():
    params, loss, backward = mlp()
    reports = check_parameter_gradients(loss, backward, params)
    assert list(reports) == ["W1", "b1", "W2", "b2"]
    assert all(report.ok for report in reports.values())


def test_bug_in_one_layer_is_named_by_its_layer():
    params, loss, _ = mlp(l2=0.3)
    _, _, backward_without_regulariser = mlp(l2=0.0)

    def forgets_regulariser_of_second_layer(p):
        return {**mlp()[2](p), "W2": backward_without_regulariser(p)["W2"]}

    reports = check_parameter_gradients(loss, forgets_regulariser_of_second_layer, params)
    assert {name: r.ok for name, r in reports.items()} == {"W1": True, "b1": True, "W2": False, "b2": True}
    assert reports["W2"].likely_cause == "missing term"
    assert "0.3 times x" in reports["W2"].explanation


def test_tolerance_of_parameter_gradients_can_be_given():
    params, loss, backward = mlp()
    scaled = {name: 1.001 * np.asarray(value) for name, value in backward(params).items()}
    assert not check_parameter_gradients(loss, lambda p: scaled, params)["b1"].ok
    assert check_parameter_gradients(loss, lambda p: scaled, params, tol=1e-2)["b1"].ok
