"""Plots in global variables, on `plt.gca()`, and by functions; the tests read the axes."""

from __future__ import annotations

from tests.autograder.other_masters.building import Answers

MASTER = """
# %%
# ASSIGNMENT CONFIG
name: answers
export_cell: {pdf: false}
tests: {files: true, ok_format: false}
# %%
import numpy as np
import matplotlib.pyplot as plt
%matplotlib inline
x = np.linspace(0, 2 * np.pi, 50)
# %%
# BEGIN QUESTION
name: q1
points: 4
# %%
#: Plot sine and cosine of `x` with a legend. Keep figure and axes as `fig` and `ax`.
# %%
# BEGIN SOLUTION
# %%
# BEGIN SOLUTION
fig, ax = plt.subplots(figsize=(6, 4))
ax.plot(x, np.sin(x), label="sine")
ax.plot(x, np.cos(x), "--", label="cosine", color="C3")
ax.set_xlabel("x")
ax.set_title("Waves")
ax.legend()
plt.show()
# END SOLUTION
# %%
# END SOLUTION
# %%
# BEGIN TESTS
# %%
def test_lines(ax, x, np):
    assert len(ax.lines) == 2, "two lines"
    assert np.allclose(ax.lines[0].get_ydata(), np.sin(x))
# %%
def test_words(fig, ax):
    assert ax.get_title() == "Waves" and ax.get_xlabel() == "x"
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["sine", "cosine"]
    assert fig.axes[0] is ax or fig.axes[0] == ax
    assert tuple(fig.get_size_inches()) == (6, 4)
# %%
# HIDDEN
def test_style(ax, x, np):
    import matplotlib
    from matplotlib.axes import Axes
    assert isinstance(ax, Axes)
    line = ax.get_lines()[1]
    assert line.get_linestyle() == "--" and line.get_label() == "cosine"
    assert matplotlib.colors.to_hex(line.get_color()) == "#d62728"
    np.testing.assert_allclose(line.get_xydata(), np.column_stack([x, np.cos(x)]))
# %%
# HIDDEN
def test_type(plt, fig, ax):
    assert isinstance(fig, plt.Figure) and isinstance(ax, plt.Axes)
    assert ax.get_legend() is not None
# %%
# END TESTS
# %%
# END QUESTION
# %%
# BEGIN QUESTION
name: q2
points: 3
# %%
#: Write `bars(names, heights)`: it draws a bar chart on the current axes.
# %%
# BEGIN SOLUTION
# %%
def bars(names, heights):
    # BEGIN SOLUTION
    plt.bar(names, heights, color="teal")
    plt.ylabel("height")
    plt.ylim(0, 10)
    # END SOLUTION
# %%
# END SOLUTION
# %%
# BEGIN TESTS
# %%
def test_bars(bars, plt):
    plt.close("all")
    bars(["a", "b", "c"], [1, 5, 2])
    ax = plt.gca()
    assert [bar.get_height() for bar in ax.patches] == [1, 5, 2]
    assert ax.get_ylabel() == "height"
# %%
# HIDDEN
def test_ticks(bars):
    import matplotlib.pyplot as plt
    fig, ax = plt.subplots()
    plt.sca(ax)
    bars(["a", "b"], [3, 4])
    fig.canvas.draw()
    assert [label.get_text() for label in ax.get_xticklabels()] == ["a", "b"]
    assert ax.get_ylim() == (0, 10)
    plt.close(fig)
# %%
# HIDDEN
def test_colour(bars, plt):
    from matplotlib.patches import Rectangle
    plt.figure()
    bars(["a"], [3])
    (bar,) = plt.gca().patches
    assert isinstance(bar, Rectangle)
    assert bar.get_facecolor() == (0.0, 0.5019607843137255, 0.5019607843137255, 1.0)
# %%
# END TESTS
# %%
# END QUESTION
# %%
# BEGIN QUESTION
name: q3
points: 3
# %%
#: Write `scatter(ax, points, title=None)`: it draws on `ax` and returns it.
# %%
# BEGIN SOLUTION
# %%
def scatter(ax, points, title=None):
    # BEGIN SOLUTION
    ax.scatter(*np.transpose(points), s=40, marker="o")
    ax.set_title(title or "points")
    return ax
    # END SOLUTION
# %%
# END SOLUTION
# %%
# BEGIN TESTS
# %%
def test_points(scatter, np):
    import matplotlib.pyplot as plt
    fig, ax = plt.subplots()
    points = np.array([[0, 1], [2, 3], [4, 9]])
    out = scatter(ax, points, title="mine")
    assert out is ax
    assert np.array_equal(ax.collections[0].get_offsets(), points)
    assert ax.get_title() == "mine"
# %%
# HIDDEN
def test_default(scatter, plt):
    plt.close("all")
    out = scatter(plt.gca(), [(0, 1)])
    assert out.get_title() == "points"
    assert len(out.collections) == 1 and not out.lines
# %%
# HIDDEN
def test_sizes(scatter, plt):
    assert scatter(plt.subplots()[1], [(0, 1), (1, 1)]).collections[0].get_sizes()[0] == 40
# %%
# END TESTS
# %%
# END QUESTION
"""

FILES: dict[str, str] = {}

FULL = {"q1": 4, "q2": 3, "q3": 3}

SUBMISSIONS = {
    "solution": Answers(FULL),
    "release": Answers(dict.fromkeys(FULL, 0), base="release"),
    "partly wrong": Answers(
        {"q1": 2, "q2": 2, "q3": 2},
        {
            "q1": "fig = plt.figure()\nax = fig.add_subplot()\nax.plot(x, np.sin(x))\nax.plot(x, np.cos(x))\n"
            "ax.set_title('Waves'); ax.set_xlabel('x'); ax.legend(['sine', 'cosine'])",
            "q2": "def bars(names, heights):\n    plt.bar(names, heights)\n    plt.ylabel('height')\n    plt.ylim(0, 10)",
            "q3": "def scatter(ax, points, title=None):\n    for p in points:\n        ax.scatter(*p, s=40)\n"
            "    ax.set_title(title or 'points')\n    return ax",
        },
    ),
    "an error and a gap": Answers(
        {"q1": 0, "q2": 3, "q3": 0},
        {
            "q1": "fig, ax = plt.subplots()\nax.plot(x, np.sine(x))",
            "q3": "def scatter(ax, points, title=None):\n    ax.scatter(points)",
        },
    ),
}
