from otter.test_files import test_case

OK_FORMAT = False

name = "q7"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="The points of each class should be one series with its own label.")
def test_q7_points_of_each_class(plot_regions):
    import matplotlib.pyplot as plt
    import numpy as np
    from plotted import curves, find_curve, legend_labels

    rng = np.random.default_rng(70)
    X, y = rng.normal(size=(14, 2)), np.array([2, 0, 1, 1, 0, 2, 2, 0, 1, 0, 0, 2, 1, 1])
    fig, ax = plt.subplots()
    try:
        returned = plot_regions(ax, lambda Q: (Q[:, 0] > 0).astype(int) + (Q[:, 0] > 0.5), X, y)
        assert returned is not None, "plot_regions must return ax"
        assert curves(ax), "no points have been drawn on ax"
        for number in range(3):
            drawn = find_curve(ax, X[y == number], rtol=0, atol=1e-9)
            assert drawn is not None, (
                f"no series shows the points of class {number}, each at (X[i, 0], X[i, 1])"
            )
            assert drawn.label == f"class {number}", (
                f"the series of class {number} has the label {drawn.label!r}"
            )
        shown = sorted(label for label in legend_labels(ax) if label.startswith("class"))
        assert shown == ["class 0", "class 1", "class 2"], f"the legend shows {shown}"
    finally:
        plt.close(fig)

@test_case(points=1, hidden=False, 
    failure_message="The regions are missing, upside down, or do not reach beyond the points.")
def test_q7_regions(plot_regions):
    import matplotlib.pyplot as plt
    import numpy as np
    from plotted import contour_lines

    X, y = np.array([[0.0, 0.0], [4.0, 1.0], [1.0, 2.0]]), np.array([0, 1, 0])
    asked = []

    def predict(Q):
        assert np.ndim(Q) == 2 and np.shape(Q)[1] == 2, (
            f"predict wants points of shape (M, 2), but got {np.shape(Q)}"
        )
        asked.append(np.array(Q))
        return (Q[:, 0] > 3).astype(int)

    fig, ax = plt.subplots()
    try:
        plot_regions(ax, predict, X, y)
        assert asked, "predict has not been called"
        grid = np.vstack(asked)
        assert len(grid) >= 10_000, f"predict was asked at {len(grid)} points; 100 by 100 are wanted"
        low, high = grid.min(axis=0), grid.max(axis=0)
        assert (low < [0, 0]).all() and (high > [4, 2]).all(), (
            f"the grid reaches from {low} to {high}: a little beyond the points on all four sides is wanted"
        )
        lines = contour_lines(ax)
        assert lines, "no regions: use ax.contourf"
        highest = max(np.max(part.levels) for part in ax.collections if hasattr(part, "levels"))
        assert highest > 1, (
            "the region of class 1 is not filled: the last level must lie above the last class"
        )
        edge = np.vstack(lines)
        inside = edge[np.all((edge > low + 1e-9) & (edge < high - 1e-9), axis=1)]
        assert len(inside), "the regions have no boundary between them: look at levels"
        assert np.abs(inside[:, 0] - 3).max() < 0.15, (
            "the boundary of the regions should be the line x1 = 3, from bottom to top; have the axes been exchanged?"
        )
    finally:
        plt.close(fig)
