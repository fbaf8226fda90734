"""What assignments/plotted.py takes for a drawn series, and what not."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest

from assignments import plotted


@pytest.fixture
def ax():
    figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


def test_each_line_of_hlines_is_a_curve(ax):
    ax.plot([1, 2, 3], [5, 4, 6], label="measured")
    ax.hlines([7.5, 8.0], 1, 3, label="limits")
    ax.hlines([2.5, 2.5], [0, 4], [1, 6])
    measured, *lines = plotted.curves(ax)
    assert measured.label == "measured"
    assert [line.label for line in lines] == ["limits", "limits", "", ""]
    want = [[[1, 7.5], [3, 7.5]], [[1, 8], [3, 8]], [[0, 2.5], [1, 2.5]], [[4, 2.5], [6, 2.5]]]
    np.testing.assert_array_equal([line.xy for line in lines], want)


def test_hlines_are_found_like_lines_of_plot(ax):
    ax.hlines(100.0, 4, 64, label="largest")
    ax.set(xscale="log", yscale="log")
    assert plotted.find_curve(ax, [[4, 100], [64, 100]], rtol=0, atol=0).label == "largest"
    (curve,) = plotted.log10_curves(ax, x_log=True)
    np.testing.assert_allclose(curve.xy, [[np.log10(4), 2], [np.log10(64), 2]], rtol=1e-15, atol=0)


def test_bars_stems_contours_and_areas_are_no_curves(ax):
    x, y = np.array([0.0, 1.0, 2.0]), np.array([1.0, 0.0, 3.0])
    ax.errorbar(x, y, yerr=[0.5, 0, 1], fmt="o")
    ax.stem(x, y, basefmt=" ")
    ax.vlines(x, 0, y)
    ax.fill_between(x, y)
    ax.contour(x, y, np.add.outer(y, x))
    drawn = plotted.curves(ax)
    assert {curve.xy.shape for curve in drawn} == {(3, 2), (2, 2)}
    base_line = [curve for curve in drawn if len(curve.xy) == 2]
    assert len(base_line) == 1  # stem draws it with plot


class TestContours:
    """Level sets of x^2 + 4 y^2, drawn in the ways in which students draw them."""

    X, Y = np.linspace(-3, 3, 61), np.linspace(-2, 2, 41)

    @staticmethod
    def bowl(x, y):
        return x**2 + 4 * y**2

    def surface(self, f):
        return f(*np.meshgrid(self.X, self.Y))

    @pytest.mark.parametrize("levels", [20, 8, [1, 2, 4, 8], [3]])
    @pytest.mark.parametrize("draw", ["contour", "contourf"])
    def test_the_right_function(self, ax, draw, levels):
        if draw == "contourf" and levels == [3]:
            levels = [3, 4]  # a band has two
        getattr(ax, draw)(self.X, self.Y, self.surface(self.bowl), levels=levels)
        assert plotted.contour_error(ax, self.bowl) < 0.01

    @pytest.mark.parametrize("levels", [20, [3]])
    def test_another_function(self, ax, levels):
        ax.contour(self.X, self.Y, self.surface(lambda x, y: self.bowl(y, x)), levels=levels)
        assert plotted.contour_error(ax, self.bowl) > 0.02

    def test_nothing_drawn(self, ax):
        assert plotted.contour_error(ax, self.bowl) == np.inf
