"""Kinks are found where they are, smooth curvature is not called a kink, and causes are told apart."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from smooth_functions import coupled, wave

from reference.gradient_diagnosis import diagnose, kink_report

H = 1e-5


def relu(x):
    return np.sum(np.maximum(x, 0))


def test_exactly_the_straddling_entries_of_relu_are_reported():
    x = np.array([1.0, -1e-6, -2.0, 9e-6, -8e-6, 1.2e-5, 0.0, -3e-5])
    assert kink_report(relu, x, step=H) == [(1,), (3,), (4,), (6,)]


def test_default_step_is_that_of_a_central_difference():
    assert kink_report(relu, np.array([[5e-6, 7e-6]])) == [(0, 0)]


@given(t=st.floats(-0.9, 0.9), slope=st.floats(0.01, 100), tilt=st.floats(-5, 5))
def test_kinks_are_found_wherever_they_lie_within_the_step(t, slope, tilt):
    def bent(x):
        return np.sum(slope * np.maximum(x - 0.5, 0) + tilt * np.sin(x))

    assert kink_report(bent, np.array([0.5 + t * H]), step=H) == [(0,)]


@pytest.mark.parametrize(
    "f",
    [
        wave,
        coupled,
        lambda x: np.sum(x**2),
        lambda x: np.sum(x**4),
        lambda x: np.sum(x**3),
        lambda x: 1e3 + np.sum(x**2),
        lambda x: 7.0,
        lambda x: 3 + np.sum(np.tanh(40 * x)),
    ],
)
@pytest.mark.parametrize("x", [np.zeros(2), np.array([0.3, -1.7]), np.array([1e3, 2e3])])
def test_smooth_functions_have_no_kinks(f, x):
    with np.errstate(over="ignore", invalid="ignore"):
        assert kink_report(f, x) == []


def single_precision(x):
    return np.sum(np.float32(x) ** 2) + np.float32(3)


@pytest.mark.parametrize("step", [None, 1e-3])
def test_rounding_of_a_function_in_single_precision_is_no_kink(step):
    rng = np.random.default_rng(0)
    for _ in range(50):
        assert kink_report(single_precision, rng.uniform(-2, 2, size=4), step=step) == []


def test_kinks_of_a_function_in_single_precision_are_found():
    """The default step is that of float32, 5e-3: in float64 it would be smaller than the distance of the kink."""

    def bent(x):
        return np.sum(np.maximum(np.float32(x), 0))

    assert kink_report(bent, np.array([1e-3, 1.0, -2e-3])) == [(0,), (2,)]


def test_cost_of_a_report_is_one_call_and_six_for_each_entry():
    calls = []
    kink_report(lambda x: calls.append(1) or relu(x), np.ones((2, 3)))
    assert len(calls) == 1 + 6 * 6


def test_argument_is_not_changed():
    x = np.array([0.5, 2.0])
    kink_report(lambda v: v.fill(0) or 0.0, x)
    np.testing.assert_array_equal(x, [0.5, 2.0])


TRUE = np.array([[1.0, -2.0, 0.7], [0.4, 3.0, -1.1], [0.2, 0.9, -0.6]])
X = np.array([[0.5, 1.5, -1.0], [2.0, -0.3, 0.8], [-0.9, 1.2, 0.1]])


@pytest.mark.parametrize(
    ("analytic", "cause", "words"),
    [
        (-TRUE, "sign", "negative"),
        (2 * TRUE, "factor 2", "factor 2"),
        (TRUE / 2, "factor 2", "factor 2"),
        (TRUE.T, "transpose", "transpose"),
        (TRUE * 32, "mean against sum", "factor 32"),
        (TRUE / 5, "mean against sum", "factor 5"),
        (TRUE * 3, "mean against sum", "factor 3"),
        (-2 * TRUE, "scale", "multiplied by -0.5"),
        (TRUE / 1.25, "scale", "multiplied by 1.25"),
        (np.where(TRUE > 2, 0, TRUE), "missing term", "1 of 9 entries are 0"),
        (np.zeros_like(TRUE), "missing term", "9 of 9 entries are 0"),
        (TRUE - 0.1 * X, "missing term", "0.1 times x"),
        (TRUE + 0.25, "missing term", "-0.25, is missing"),
        (np.where(TRUE > 2, 5, TRUE), "unknown", "1 of 9 entries are wrong"),
    ],
)
def test_causes_are_told_apart(analytic, cause, words):
    got, explanation = diagnose(analytic, TRUE, X, np.full_like(TRUE, 1e-9))
    assert got == cause
    assert words in explanation


def test_a_single_number_is_not_over_explained():
    allowed = np.array([1e-9])
    assert diagnose(np.array([0.0]), np.array([1.3]), np.array([2.0]), allowed)[0] == "missing term"
    assert diagnose(np.array([1.3]), np.array([0.0]), np.array([2.0]), allowed)[0] == "unknown"


def test_at_the_origin_no_multiple_of_x_is_found():
    analytic, numeric = np.array([1.0, 2.0]), np.array([1.5, 2.9])
    assert diagnose(analytic, numeric, np.zeros(2), np.full(2, 1e-9))[0] == "unknown"
