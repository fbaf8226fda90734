"""Finite differences against automatic differentiation, high precision, SciPy and exact arithmetic."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
import scipy.special
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import approx_fprime
from scipy.optimize._numdiff import approx_derivative
from smooth_functions import coupled, coupled_gradient, wave, wave_gradient

from reference.finite_differences import (
    Precision,
    coarser_precision,
    directional_derivative,
    finite_difference,
    jacobian,
    optimal_step,
    representable_step,
)

# Relative to the largest entry. Forward: sqrt(eps); central: eps**(2/3); complex: eps; some slack for f''.
ACCURACY = {
    ("forward", np.float64): 2e-7,
    ("forward", np.float32): 5e-3,
    ("central", np.float64): 1e-9,
    ("central", np.float32): 5e-4,
    ("complex", np.float64): 1e-14,
    ("complex", np.float32): 2e-6,
}
CALLS = {"forward": 13, "central": 24, "complex": 12}
numbers = st.floats(-1e12, 1e12).map(float)


def vector_valued(x):
    """A map from shape (2, 3) to shape (4,)."""
    return np.array([np.sum(x), np.prod(np.cos(x)), x[0, 0] * x[1, 2] ** 3, np.exp(0.2 * x[0, 1]) * x[1, 0]])


def point(*shape, dtype=np.float64):
    return np.random.default_rng(5).uniform(-2, 2, size=shape).astype(dtype)


@pytest.mark.parametrize(("method", "dtype"), ACCURACY, ids=lambda v: getattr(v, "__name__", v))
@pytest.mark.parametrize("shape", [(), (5,), (2, 3), (2, 1, 3)])
def test_gradient_agrees_with_the_closed_form(method, dtype, shape):
    x = point(*shape, dtype=dtype)
    expected = wave_gradient(x.astype(np.float64))
    got = finite_difference(wave, x, method=method)
    assert got.shape == shape
    assert got.dtype == dtype
    np.testing.assert_allclose(got, expected, rtol=0, atol=ACCURACY[method, dtype] * np.abs(expected).max())


@pytest.mark.parametrize("method", ["forward", "central", "complex"])
def test_gradient_of_a_coupled_function_agrees_with_autograd(method):
    x = point(7)
    expected = coupled_gradient(x)
    atol = 10 * ACCURACY[method, np.float64] * np.abs(expected).max()
    np.testing.assert_allclose(finite_difference(coupled, x, method=method), expected, rtol=0, atol=atol)


def test_gradient_agrees_with_fifty_digits():
    x = np.array([0.3, 1.7, 4.2])
    with mpmath.workdps(50):
        expected = [float(mpmath.diff(mpmath.gamma, mpmath.mpf(float(value)))) for value in x]
    got = finite_difference(lambda x: np.sum(scipy.special.gamma(x)), x)
    np.testing.assert_allclose(got, expected, rtol=2e-9, atol=0)


@pytest.mark.parametrize("scale", [1e-8, 1.0, 1e5, 1e10])
def test_step_grows_with_large_x_so_that_the_gradient_stays_accurate(scale):
    x = scale * np.array([1.0, -0.7, 1.9])
    got = finite_difference(lambda x: np.sum((x / scale) ** 2 * np.sin(np.log(np.abs(x / scale)))), x, method="central",
                            step=None if scale >= 1 else 6e-6 * scale)  # fmt: skip
    u = x / scale
    expected = (2 * u * np.sin(np.log(np.abs(u))) + u * np.cos(np.log(np.abs(u)))) / scale
    np.testing.assert_allclose(got, expected, rtol=1e-8, atol=0)


@pytest.mark.parametrize("method", ["forward", "central"])
def test_jacobian_agrees_with_scipy(method):
    x = point(2, 3)
    scipy_method = {"forward": "2-point", "central": "3-point"}[method]
    expected = approx_derivative(lambda v: vector_valued(v.reshape(2, 3)), x.ravel(), method=scipy_method)
    got = jacobian(vector_valued, x, method=method)
    assert got.shape == (4, 2, 3)
    np.testing.assert_allclose(
        got.reshape(4, 6), expected, rtol=0, atol=3e-7 if method == "forward" else 1e-9
    )


def test_complex_jacobian_is_exact_to_rounding():
    x = point(2, 3)

    def in_torch(t):
        return torch.stack(
            [t.sum(), torch.cos(t).prod(), t[0, 0] * t[1, 2] ** 3, torch.exp(0.2 * t[0, 1]) * t[1, 0]]
        )

    expected = torch.func.jacrev(in_torch)(torch.tensor(x)).numpy()
    np.testing.assert_allclose(jacobian(vector_valued, x, method="complex"), expected, rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize("method", ["forward", "central", "complex"])
def test_number_of_calls(method):
    calls = []
    finite_difference(lambda x: calls.append(1) or wave(x), point(3, 4), method=method)
    assert len(calls) == CALLS[method]


def test_integers_are_promoted():
    got = finite_difference(lambda x: np.sum(x**3), np.array([2, 4, 6]))
    assert got.dtype == np.float64
    np.testing.assert_allclose(got, [12, 48, 108], rtol=1e-9, atol=0)


def test_dtype_of_the_result_is_that_of_x_whatever_the_function_returns():
    x = point(3, dtype=np.float32)
    assert finite_difference(lambda v: float(wave(v.astype(np.float64))), x).dtype == np.float32
    assert jacobian(lambda v: np.sin(v.astype(np.float64)), x, method="forward").dtype == np.float32


def test_a_function_that_returns_unsigned_integers_does_not_wrap_around():
    got = finite_difference(lambda x: np.uint8(round(200 - 50 * float(x[0]))), np.array([1.0]), step=0.5)
    np.testing.assert_allclose(got, [-50.0], rtol=1e-15, atol=0)


def test_argument_is_not_changed_even_by_a_function_that_writes_to_it():
    x = point(4)
    before = x.copy()

    def greedy(v):
        value = wave(v)
        v[:] = np.nan
        return value

    for method in ("central", "forward"):
        got = finite_difference(greedy, x, method=method)
        np.testing.assert_allclose(got, wave_gradient(before), rtol=0, atol=1e-6)
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize(
    ("order", "dtype", "expected"),
    [(2, np.float64, 6.0554544523933395e-06), (1, np.float64, 2.0**-26), (2, np.float32, 4.9215666e-3), (3, np.float64, 2.0**-13)],
)  # fmt: skip
def test_optimal_step_at_numbers_of_size_one(order, dtype, expected):
    step = optimal_step(np.array([0.0, 1.0, -0.5, 8.0], dtype=dtype), order=order)
    assert step.dtype == dtype
    np.testing.assert_allclose(step, expected * np.array([1, 1, 1, 8]), rtol=1e-6, atol=0)


def test_optimal_step_for_a_function_in_lower_precision():
    np.testing.assert_allclose(optimal_step([1.0], dtype=np.float32), [4.9215666e-3], rtol=1e-6, atol=0)


@pytest.mark.parametrize(("method", "order"), [("forward", 1), ("central", 2)])
def test_optimal_step_is_near_the_best_of_a_grid(method, order):
    points = np.linspace(0.4, 2.3, 40)
    steps = np.logspace(-11, -1, 41)

    def median_error(h):
        errors = [finite_difference(wave, p, method=method, step=h) - wave_gradient(p) for p in points]
        return np.median(np.abs(errors))

    best = steps[np.argmin([median_error(h) for h in steps])]
    assert 0.1 < best / float(optimal_step(1.0, order=order)) < 10


@given(x=numbers, exponent=st.floats(-8, 2))
def test_representable_step_is_exact_in_rational_arithmetic(x, exponent):
    wanted = 10**exponent * max(1.0, abs(x))
    h = float(representable_step(x, wanted))
    assert h == pytest.approx(wanted, rel=1e-6)
    assert Fraction(x + h) - Fraction(x - h) == pytest.approx(2 * Fraction(h), rel=1e-15)
    if abs(x) >= h:
        away = np.copysign(h, x)
        assert Fraction(x) + Fraction(away) == Fraction(x + away)
        assert Fraction(x) - Fraction(away) == Fraction(x - away)


@given(x=st.floats(0.5, 4), h=st.floats(1e-3, 1e-1))
def test_central_difference_of_a_cubic_has_exactly_the_error_of_theory(x, h):
    got = float(finite_difference(lambda v: v**3, x, step=h))
    used = float(representable_step(x, h))
    assert got == pytest.approx(3 * x**2 + used**2, rel=1e-9)


@given(x=st.floats(-4, 4), h=st.floats(1e-3, 1e-1))
def test_forward_difference_of_a_square_steps_away_from_zero(x, h):
    got = float(finite_difference(lambda v: v**2, x, method="forward", step=h))
    used = float(representable_step(x, h)) * (-1 if x < 0 else 1)
    assert got == pytest.approx(2 * x + used, rel=1e-9, abs=1e-9)


@given(a=st.floats(-3, 3), b=st.floats(-3, 3))
def test_numerical_gradient_is_linear_in_the_function(a, b):
    x = point(3)
    combined = finite_difference(lambda v: a * wave(v) + b * coupled(v), x)
    separate = a * finite_difference(wave, x) + b * finite_difference(coupled, x)
    np.testing.assert_allclose(combined, separate, rtol=0, atol=1e-8)


@pytest.mark.parametrize("method", ["forward", "central", "complex"])
def test_directional_derivative_is_gradient_times_direction(method):
    x, v = point(6), np.array([1.0, -2.0, 0.5, 0.0, 3.0, 1e-3])
    got = directional_derivative(coupled, x, v, method=method)
    assert got.shape == ()
    atol = 100 * ACCURACY[method, np.float64]
    np.testing.assert_allclose(got, coupled_gradient(x) @ v, rtol=0, atol=atol)


@pytest.mark.parametrize("length", [1e-9, 1.0, 1e9])
def test_directional_derivative_does_not_care_for_the_length_of_the_direction(length):
    x, v = point(6), np.array([1.0, -2.0, 0.5, 0.0, 3.0, 1e-3])
    expected = coupled_gradient(x) @ v * length
    np.testing.assert_allclose(directional_derivative(coupled, x, length * v), expected, rtol=1e-8, atol=0)


@pytest.mark.parametrize("v", [(0.0, 1.0), (1.0, 1.0), (1.0, 0.0), (1e6, 1.0)])
@pytest.mark.parametrize("make", [np.asarray, torch.asarray])
def test_directional_derivative_moves_no_entry_too_far(v, make):
    """A step that suits the large entry of x would take the sine over a whole period."""
    scale = 1e-6
    got = directional_derivative(
        lambda x: scale * float(x[0]) + np.sin(float(x[1])), make(np.array([1e6, 0.7])), np.array(v)
    )
    np.testing.assert_allclose(float(got), scale * v[0] + np.cos(0.7) * v[1], rtol=1e-9, atol=0)


def test_directional_derivative_of_an_array_function_with_a_step_of_ones_own():
    x, v = point(2, 3), point(2, 3)[::-1].copy()
    expected = np.tensordot(jacobian(vector_valued, x, method="complex"), v, axes=2)
    np.testing.assert_allclose(directional_derivative(vector_valued, x, v), expected, rtol=0, atol=1e-8)
    coarse = directional_derivative(vector_valued, x, v, step=0.1)
    assert 1e-5 < np.abs(coarse - expected).max() < 0.5


def test_directional_derivative_costs_two_calls_in_a_million_dimensions():
    calls = []
    x = np.linspace(-1, 1, 1_000_000)
    got = directional_derivative(lambda v: calls.append(1) or np.sum(np.sin(v)), x, np.ones_like(x))
    assert len(calls) == 2
    np.testing.assert_allclose(got, np.cos(x).sum(), rtol=1e-8, atol=0)


def test_agrees_with_the_forward_difference_of_scipy():
    x = point(5)
    step = float(optimal_step(0.0, order=1))
    np.testing.assert_allclose(
        finite_difference(coupled, x, method="forward"), approx_fprime(x, coupled, step), rtol=0, atol=2e-6
    )


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: finite_difference(wave, [1j]), ValueError, "x must hold real numbers"),
        (lambda: finite_difference(wave, []), ValueError, "at least one"),
        (lambda: finite_difference(wave, [np.nan, 1]), ValueError, "finite"),
        (lambda: finite_difference(wave, [np.inf]), ValueError, "finite"),
        (lambda: finite_difference(np.sin, [1.0, 2.0]), ValueError, "one number"),
        (lambda: finite_difference(wave, [1.0], method="backward"), ValueError, "method"),
        (lambda: finite_difference(wave, [1.0], step=-1e-5), ValueError, "step must"),
        (lambda: finite_difference(wave, [1.0], step=0), ValueError, "step must"),
        (lambda: finite_difference(wave, [1.0], step=np.inf), ValueError, "step must"),
        (lambda: finite_difference(wave, [1.0], step=np.nan), ValueError, "step must"),
        (lambda: finite_difference(wave, [1.0, 1e10], step=1e-7), ValueError, "too small"),
        (lambda: finite_difference(lambda x: np.sum(np.abs(x)), [1.0], method="complex"), TypeError, "analytic"),
        (lambda: finite_difference(wave, [1.0], method="complex", step=0), ValueError, "step must"),
        (lambda: optimal_step([1.0], order=0), ValueError, "order"),
        (lambda: directional_derivative(wave, [1.0, 2.0], [1.0]), ValueError, "shape"),
        (lambda: directional_derivative(wave, [1.0, 2.0], [0.0, 0.0]), ValueError, "zero vector"),
    ],
)  # fmt: skip
def test_bad_arguments_are_named(call, error, message):
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize("make", [np.asarray, torch.asarray])
def test_the_coarser_precision_is_that_of_the_point_or_of_the_value(make):
    double, single = make(np.ones(2)), make(np.ones(3, dtype=np.float32))
    assert coarser_precision(double, double) == Precision(double.dtype, 2.0**-52)
    assert coarser_precision(double, single) == Precision(single.dtype, 2.0**-23)
    assert coarser_precision(single, double) == Precision(single.dtype, 2.0**-23)
