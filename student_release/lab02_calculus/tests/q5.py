from otter.test_files import test_case

OK_FORMAT = False

name = "q5"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="The path on the chapter's bowl is wrong: start included, each step against the gradient, points in order.")
def test_q5_path_on_the_bowl(plot_descent):
    import matplotlib.pyplot as plt
    import numpy as np
    from plotted import curves, find_curve

    start = np.array([1.8, 1.5])
    down = start * 0.8 ** np.arange(21)[:, None]
    fig, ax = plt.subplots()
    try:
        returned = plot_descent(
            ax,
            lambda p: p[..., 0] ** 2 + p[..., 1] ** 2,
            lambda p: np.stack([2 * p[..., 0], 2 * p[..., 1]], axis=-1),
            start,
            0.1,
            20,
        )
        assert returned is not None, "plot_descent must return ax"
        assert curves(ax), "no path has been drawn on ax"

        def drawn(xy):
            return find_curve(ax, xy, rtol=1e-9, atol=1e-9) is not None

        assert not drawn(start * 1.2 ** np.arange(21)[:, None]), (
            "the path climbs: go against the gradient, with a minus sign"
        )
        assert not drawn(down[1:]), "the path must begin with start itself"
        assert not drawn(down[:-1]), "20 steps make 21 points: one step is missing"
        assert not drawn(down[:, ::-1]), "the coordinates of the path are swapped"
        assert drawn(down), (
            "no line shows the 21 points (1.8, 1.5), (1.44, 1.2), ...: the lines drawn have "
            f"{[len(curve.xy) for curve in curves(ax)]} points"
        )
    finally:
        plt.close(fig)

@test_case(points=1, hidden=False, 
    failure_message="On a tilted valley the contour lines, the arrows or the scale of the axes are wrong.")
def test_q5_field_of_a_tilted_valley(plot_descent):
    import matplotlib.pyplot as plt
    import numpy as np
    from plotted import contour_error, has_equal_aspect

    def valley(x, y):
        return x**2 + x * y + 2 * y**2 + x

    def slopes(p):
        x, y = p[..., 0], p[..., 1]
        return np.stack([2 * x + y + 1, x + 4 * y], axis=-1)

    fig, ax = plt.subplots()
    try:
        plot_descent(ax, lambda p: valley(p[..., 0], p[..., 1]), slopes, [1.5, -1.5], 0.05, 3)
        assert contour_error(ax, valley) < np.inf, "there are no contour lines: ax.contour"
        assert contour_error(ax, lambda x, y: valley(y, x)) > 0.05, "x and y of the contour lines are swapped"
        assert contour_error(ax, valley) < 0.05, "the contour lines are not lines of equal height of f"
        fields = [c for c in ax.collections if hasattr(c, "U") and len(c.get_offsets()) >= 49]
        assert fields, "there is no field of at least 7 x 7 arrows: ax.quiver"
        tails = np.asarray(fields[0].get_offsets(), dtype=float)
        arrows = np.column_stack([np.ravel(fields[0].U), np.ravel(fields[0].V)]).astype(float)
        assert np.ptp(tails, axis=0).min() > 3, "the arrows must cover the square from -2 to 2"
        want = slopes(tails)
        steep = np.linalg.norm(want, axis=1) > 0.1
        cosine = np.sum(arrows * want, axis=1)[steep] / (
            np.linalg.norm(arrows, axis=1) * np.linalg.norm(want, axis=1)
        )[steep]  # fmt: skip
        assert not np.all(cosine < -0.999), "the arrows point downhill: draw the gradient itself"
        assert np.all(cosine > 0.999), (
            f"{np.sum(~(cosine > 0.999))} of {cosine.size} arrows do not point along the gradient at their tails"
        )
        assert has_equal_aspect(ax), "the axes have different scales: ax.set_aspect('equal')"
    finally:
        plt.close(fig)
