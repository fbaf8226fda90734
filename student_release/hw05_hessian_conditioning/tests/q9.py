from otter.test_files import test_case

OK_FORMAT = False

name = "q9"
points = 5

@test_case(points=2, hidden=False, 
    failure_message="The points for the eigenvalues 0.5, -4, 0, 2 are not where the prompt puts them.")
def test_q9_example(plot_curvatures):
    import matplotlib.pyplot as plt
    import numpy as np
    from plotted import log10_curves

    fig, ax = plt.subplots()
    try:
        returned = plot_curvatures(ax, [0.5, -4.0, 0.0, 2.0])
        assert returned is not None, "plot_curvatures must return ax"
        shown = {
            curve.label: curve.xy[np.argsort(curve.xy[:, 0])] for curve in log10_curves(ax) if curve.label
        }
        want = {
            "negative": [[0, np.log10(4)]],
            "positive": [[1, np.log10(2)], [2, np.log10(0.5)]],
            "zero": [[3, np.log10(4e-10)]],
        }
        for label, points in want.items():
            assert label in shown, f"there is no series labelled {label}; the labels are {sorted(shown)}"
            got = shown[label]
            assert got.shape == np.shape(points), (
                f"series {label}: {len(points)} points expected, got {len(got)}"
            )
            assert not np.allclose(got[:, 0], np.array(points)[:, 0] + 1, rtol=0, atol=1e-9), (
                "the largest has rank 0, not 1"
            )
            np.testing.assert_allclose(
                got, points, rtol=1e-6, atol=1e-6, err_msg=f"series {label}, as (rank, log10 of the height)"
            )
    finally:
        plt.close(fig)

@test_case(points=1, hidden=False, 
    failure_message="Both axes need a label, and the legend names the series that are there, and no others.")
def test_q9_legend_and_labels(plot_curvatures):
    import matplotlib.pyplot as plt
    from plotted import legend_labels

    fig, ax = plt.subplots()
    try:
        plot_curvatures(ax, [3.0, -1.0, 2.0, -0.5])
        shown = sorted(legend_labels(ax))
        assert shown == ["negative", "positive"], f"the legend shows {shown}, expected negative and positive"
        assert ax.get_xlabel() and ax.get_ylabel(), "an axis has no label: ax.set_xlabel, ax.set_ylabel"
    finally:
        plt.close(fig)
