from otter.test_files import test_case

OK_FORMAT = False

name = "q3"
points = 6

@test_case(points=1, hidden=False, 
    failure_message="At large steps the two series do not show the median relative errors of the two formulas.")
def test_q3_errors_at_large_steps(plot_step_error):
    import matplotlib.pyplot as plt
    import numpy as np
    from plotted import curves, log10_curves

    x, hs = np.array([0.3, 1.1, 0.8, 2.0, 2.6]), np.array([1e-1, 1e-2, 1e-3])
    exact = 5 * np.cos(x)
    want = {
        "forward": [np.abs((5 * np.sin(x + h) - 5 * np.sin(x)) / h - exact) for h in hs],
        "central": [np.abs(5 * np.cos(x) * np.sin(h) / h - exact) for h in hs],
    }
    fig, ax = plt.subplots()
    try:
        returned = plot_step_error(ax, lambda t: 5 * np.sin(t), lambda t: 5 * np.cos(t), x, hs)
        assert returned is not None, "plot_step_error must return ax"
        assert curves(ax), "nothing has been drawn on ax"
        shown = {c.label.strip().lower(): c.xy for c in log10_curves(ax, x_log=True, y_log=True)}
        for name, errors in want.items():
            assert name in shown, f"no series is labelled {name}; there are {sorted(shown)}"
            xy = shown[name][np.argsort(-shown[name][:, 0])]
            assert xy.shape == (3, 2), (
                f"{name}: 3 steps were given, but {len(xy)} points with a logarithm are drawn"
            )
            assert np.allclose(xy[:, 0], np.log10(hs), rtol=1e-6, atol=1e-6), (
                f"{name}: the steps belong on the horizontal axis, with logarithms: {xy[:, 0]}"
            )
            got, absolute = 10 ** xy[:, 1], np.median(errors, axis=1)
            assert not np.allclose(got, absolute, rtol=1e-3, atol=0), (
                f"{name}: this is the absolute error. Divide by the size of the derivative."
            )
            mean = np.mean(np.array(errors) / np.abs(exact), axis=1)
            assert not np.allclose(got, mean, rtol=1e-3, atol=0) or name == "central", (
                f"{name}: this is the mean over the points; the median is asked"
            )
            relative = np.median(np.array(errors) / np.abs(exact), axis=1)
            np.testing.assert_allclose(
                got, relative, rtol=1e-4, atol=0, err_msg=f"{name}: median relative errors at steps {hs}"
            )
    finally:
        plt.close(fig)

@test_case(points=1, hidden=False, 
    failure_message="The legend must name the series forward and central, and both axes need a label.")
def test_q3_legend_and_axis_labels(plot_step_error):
    import matplotlib.pyplot as plt
    import numpy as np
    from plotted import legend_labels

    fig, ax = plt.subplots()
    try:
        plot_step_error(ax, np.sin, np.cos, np.array([0.3, 0.9]), np.array([1e-2, 1e-3, 1e-5]))
        shown = sorted(text.strip().lower() for text in legend_labels(ax))
        assert shown == ["central", "forward"], f"the legend shows {shown}, expected forward and central"
        assert ax.get_xlabel() and ax.get_ylabel(), "an axis has no label: ax.set_xlabel, ax.set_ylabel"
    finally:
        plt.close(fig)
