from otter.test_files import test_case

OK_FORMAT = False

name = "q7"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="The circle, its image or an axis of the ellipse is missing or wrong.")
def test_q7_ellipse_and_axes(plot_circle_image):
    import matplotlib.pyplot as plt
    import numpy as np
    from plotted import circle_radii, curves

    A = np.array([[1.0, 2.0], [2.0, -2.0]])
    fig, ax = plt.subplots()
    try:
        returned = plot_circle_image(ax, A)
        assert returned is not None, "plot_circle_image must return ax"
        drawn = [curve.xy for curve in curves(ax)]
        assert drawn, "nothing has been drawn on ax"
        assert np.any(np.abs(np.array(circle_radii(ax)) - 1) < 0.01), "the unit circle is missing"

        def is_image(xy):
            back = np.linalg.solve(A, xy.T)
            reach = np.ptp(back, axis=1) if len(xy) >= 50 else np.zeros(2)
            return np.allclose(np.hypot(*back), 1, rtol=1e-6, atol=0) and reach.min() > 1.9

        assert any(is_image(xy) for xy in drawn), "no curve of at least 50 points is the image of the circle"
        ends = [sorted(xy.tolist()) for xy in drawn if xy.shape == (2, 2)]
        for value, v in ((2.0, np.array([2.0, 1.0]) / 5**0.5), (-3.0, np.array([1.0, -2.0]) / 5**0.5)):

            def drawn_along(direction):
                want = sorted([(-direction).tolist(), direction.tolist()])
                return any(np.allclose(end, want, rtol=1e-6, atol=1e-9) for end in ends)

            assert not drawn_along(v), (
                f"for [[1, 2], [2, -2]] the axis of the eigenvalue {value:.0f} has length 1 to either side: multiply by the eigenvalue"
            )
            assert not drawn_along(value * v * [1, -1]), (
                f"for [[1, 2], [2, -2]] the axis of the eigenvalue {value:.0f} is mirrored: eigenvectors are the COLUMNS"
            )
            assert drawn_along(value * v), (
                f"for [[1, 2], [2, -2]] no line has the ends {np.round(value * v, 3).tolist()} and the opposite: the axis of the eigenvalue {value:.0f}"
            )
    finally:
        plt.close(fig)

@test_case(points=1, hidden=False, 
    failure_message="The legend must tell the eigenvalues, and both axes need equal scales.")
def test_q7_labels_and_scales(plot_circle_image):
    import matplotlib.pyplot as plt
    from plotted import has_equal_aspect, legend_labels

    fig, ax = plt.subplots()
    try:
        plot_circle_image(ax, [[4, 2], [2, 3]])
        shown = " | ".join(legend_labels(ax))
        for value in ("1.44", "5.56"):
            assert value in shown, f"the legend shows {shown!r}, without the eigenvalue {value}"
        assert has_equal_aspect(ax), "one unit must be as long on both axes, or the circle is an ellipse too"
    finally:
        plt.close(fig)
