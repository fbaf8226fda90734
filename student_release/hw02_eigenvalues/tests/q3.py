from otter.test_files import test_case

OK_FORMAT = False

name = "q3"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="Each eigenvalue must be one point: real part to the right, imaginary part upwards.")
def test_q3_one_point_for_each_eigenvalue(plot_spectrum):
    import matplotlib.pyplot as plt
    import numpy as np
    from plotted import curves

    M = np.array([[1.0, -2.0, 0.5], [2.0, 1.0, 0.3], [0.0, 0.0, -0.7]])
    want = np.array([[1.0, 2.0], [1.0, -2.0], [-0.7, 0.0]])
    fig, ax = plt.subplots()
    try:
        returned = plot_spectrum(ax, M, 2.5)
        assert returned is not None, "plot_spectrum must return ax"
        shown = [curve.xy for curve in curves(ax)]
        assert shown, "no points have been drawn on ax (a histogram does not count)"
        drawn = np.vstack(shown)
        near = [bool((np.abs(drawn - point).max(axis=1) < 1e-6).any()) for point in want]
        swapped = [bool((np.abs(drawn - point[::-1]).max(axis=1) < 1e-6).any()) for point in want]
        assert all(near) or not all(swapped), (
            "real and imaginary parts are swapped: the real part belongs on the horizontal axis"
        )
        flat = bool((np.abs(drawn - [1.0, 0.0]).max(axis=1) < 1e-6).any())
        assert all(near) or not flat, (
            "the eigenvalues 1 + 2i and 1 - 2i are drawn at (1, 0): the imaginary part is lost"
        )
        assert all(near), f"no point is drawn at {want[near.index(False)]} (real part, imaginary part)"
    finally:
        plt.close(fig)

@test_case(points=1, hidden=False, 
    failure_message="There must be a circle of the given radius around 0 in a view with equal scales, and both axes need a label.")
def test_q3_circle_and_labels(plot_spectrum):
    import matplotlib.pyplot as plt
    import numpy as np
    from plotted import circle_radii, has_equal_aspect

    fig, ax = plt.subplots()
    try:
        plot_spectrum(ax, np.array([[1.0, -2.0, 0.5], [2.0, 1.0, 0.3], [0.0, 0.0, -0.7]]), 2.5)
        radii = circle_radii(ax)
        assert radii, "there is no circle around 0 (a closed line, a Circle patch or a contour line)"
        assert any(abs(r - 2.5) < 0.03 for r in radii), (
            f"the circle has radius {radii[0]:.3f}, but radius = 2.5 was asked for"
        )
        assert has_equal_aspect(ax), (
            "one unit must be as long on both axes: ax.set_aspect with the argument equal"
        )
        assert ax.get_xlabel() and ax.get_ylabel(), "an axis has no label: ax.set_xlabel, ax.set_ylabel"
    finally:
        plt.close(fig)
