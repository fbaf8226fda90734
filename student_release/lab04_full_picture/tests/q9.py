from otter.test_files import test_case

OK_FORMAT = False

name = "q9"
points = 3

@test_case(points=1, hidden=False, 
    failure_message="A series is wrong, an axis has no label, or a constant factor does not give a straight line.")
def test_q9_picture(plot_depth):
    import matplotlib.pyplot as plt
    import numpy as np
    from plotted import curves, legend_labels, log10_curves

    fig, ax = plt.subplots()
    try:
        returned = plot_depth(ax, {"shrinking": [1e-6, 1e-4, 1e-2], "steady": [1.0, 0.9, 1.1]})
        assert returned is not None, "plot_depth must return ax"
        assert curves(ax), "nothing has been drawn on ax"
        drawn = [series.xy for series in log10_curves(ax) if len(series.xy) == 3]
        assert not any(np.allclose(xy[:, 1], [1e-6, 1e-4, 1e-2], rtol=1e-6, atol=0) for xy in drawn), (
            "the vertical axis is not logarithmic: ax.set_yscale or ax.semilogy"
        )
        shrinking = [xy for xy in drawn if np.allclose(xy[:, 1], [-6, -4, -2], rtol=0, atol=1e-9)]
        assert shrinking, "no series has the norms 1e-6, 1e-4, 1e-2"
        assert not np.allclose(shrinking[0][:, 0], [0, 1, 2], rtol=0, atol=1e-9), (
            "layers are counted from 1, not from 0"
        )
        np.testing.assert_allclose(
            shrinking[0][:, 0], [1, 2, 3], rtol=0, atol=1e-9, err_msg="numbers of the layers"
        )
        assert sorted(legend_labels(ax)) == ["shrinking", "steady"], f"the legend shows {legend_labels(ax)}"
        assert ax.get_xlabel() and ax.get_ylabel(), "label both axes"
    finally:
        plt.close(fig)
