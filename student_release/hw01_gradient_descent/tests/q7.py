from otter.test_files import test_case

OK_FORMAT = False

name = "q7"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="The points are not (step, error) from step 0 on with a logarithmic error axis.")
def test_q7_points_from_step_zero(plot_convergence):
    import matplotlib.pyplot as plt
    import numpy as np
    from plotted import curves, find_curve, log10_curves

    error = np.array([8.0, 4.0, 2.0, 1.0, 0.5])
    steps = np.arange(5.0)
    fig, ax = plt.subplots()
    try:
        returned = plot_convergence(ax, [error], ["halving"])
        assert returned is not None, "plot_convergence must return ax"
        assert curves(ax), "nothing has been drawn on ax"
        assert (
            ax.get_yscale() == "log"
            or find_curve(ax, np.column_stack([steps, error]), rtol=1e-9, atol=1e-9) is None
        ), "the error axis is linear: on it a constant rate is not a straight line"
        shifted = np.column_stack([steps + 1, error])
        assert find_curve(ax, shifted, rtol=1e-9, atol=1e-9) is None, (
            "the first error belongs to step 0, not to step 1"
        )
        natural = np.column_stack([steps, np.log(error)])
        assert find_curve(ax, natural, rtol=1e-9, atol=1e-9) is None, (
            "this is the natural logarithm: log10 is wanted"
        )
        want = np.column_stack([steps, np.log10(error)])
        shown = [curve.xy for curve in log10_curves(ax)]
        assert any(xy.shape == want.shape and np.allclose(xy, want, rtol=1e-6, atol=1e-6) for xy in shown), (
            f"no series shows the errors {error} at steps 0 to 4; the first one begins, as (step, log10 of the error), "
            f"with {shown[0][:3].round(3).tolist()}"
        )
    finally:
        plt.close(fig)

@test_case(points=1, hidden=False, 
    failure_message="The legend must show the given labels in order, and both axes need a label.")
def test_q7_legend_and_axis_labels(plot_convergence):
    import matplotlib.pyplot as plt
    from plotted import legend_labels

    fig, ax = plt.subplots()
    try:
        plot_convergence(ax, [[1.0, 0.5, 0.25], [1.0, 0.1]], ["slow", "fast"])
        shown = legend_labels(ax)
        assert shown == ["slow", "fast"], f"the legend shows {shown}, expected ['slow', 'fast']"
        assert ax.get_xlabel() and ax.get_ylabel(), "an axis has no label: ax.set_xlabel, ax.set_ylabel"
    finally:
        plt.close(fig)
