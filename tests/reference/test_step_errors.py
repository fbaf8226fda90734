"""The V-shaped curve of a difference quotient's error: its slopes and its minimum follow from theory."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from reference.step_errors import plot_step_error, step_errors

POINTS = np.random.default_rng(2).uniform(0.3, 1.2, size=60)


def f(x):
    return np.sin(x) * np.exp(0.3 * x)


def df(x):
    return np.exp(0.3 * x) * (np.cos(x) + 0.3 * np.sin(x))


@pytest.mark.parametrize(("method", "order"), [("central", 2), ("forward", 1)])
def test_slopes_and_minimum(method, order):
    best = np.finfo(float).eps ** (1 / (order + 1))
    truncation = np.geomspace(30 * best, 3e-2, 9)
    rounding = np.geomspace(1e-12, best / 30, 9)
    right = np.polyfit(np.log(truncation), np.log(step_errors(f, df, POINTS, truncation, method=method)), 1)[
        0
    ]
    left = np.polyfit(np.log(rounding), np.log(step_errors(f, df, POINTS, rounding, method=method)), 1)[0]
    assert right == pytest.approx(order, abs=0.2)
    assert left == pytest.approx(-1, abs=0.3)
    steps = np.logspace(-12, -1, 34)
    lowest = steps[np.argmin(step_errors(f, df, POINTS, steps, method=method))]
    assert 0.1 < lowest / best < 10


def test_error_is_relative():
    steps = [1e-3]
    large = step_errors(lambda x: 1e6 * f(x), lambda x: 1e6 * df(x), POINTS, steps)
    np.testing.assert_allclose(large, step_errors(f, df, POINTS, steps), rtol=1e-6, atol=0)
    # Central difference: h**2/6 * |f'''| / |f'|, with f''' = e^(.3x) ((.3**3 - .9) sin x + (.27 - 1) cos x).
    third = np.exp(0.3 * POINTS) * ((0.027 - 0.9) * np.sin(POINTS) + (0.27 - 1) * np.cos(POINTS))
    np.testing.assert_allclose(large, np.median(1e-6 / 6 * np.abs(third / df(POINTS))), rtol=1e-4, atol=0)


def test_plot_shows_both_methods_in_log_log_axes():
    ax = Figure().subplots()
    steps = np.logspace(-8, -1, 8)
    assert plot_step_error(ax, f, df, POINTS[:5], steps) is ax
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    for line in ax.lines:
        expected = step_errors(f, df, POINTS[:5], steps, method=line.get_label())
        np.testing.assert_array_equal(line.get_xdata(), steps)
        np.testing.assert_array_equal(line.get_ydata(), expected)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["central", "forward"]
    assert ax.get_xlabel() and ax.get_ylabel()
