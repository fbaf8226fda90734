from otter.test_files import test_case

OK_FORMAT = False

name = "q3"
points = 5

@test_case(points=1, hidden=False, 
    failure_message="Each path must be one series with all its points in order, x1 to the right and x2 upwards.")
def test_q3_series_follow_paths(plot_paths):
    import matplotlib.pyplot as plt
    import numpy as np
    from plotted import find_curve

    paths = [
        np.array([[10.0, 1.0], [9.0, 0.0], [8.1, 0.5], [7.0, -0.2]]),
        np.array([[-6.0, 4.0], [-3.0, -2.0], [-1.0, 1.0]]),
    ]
    fig, ax = plt.subplots()
    try:
        returned = plot_paths(ax, lambda x1, x2: x1**2 + 10 * x2**2, paths, ["first", "second"])
        assert returned is not None, "plot_paths must return ax"
        for i, path in enumerate(paths):
            assert find_curve(ax, path[:, ::-1], rtol=1e-9, atol=1e-9) is None, (
                "x1 and x2 are swapped: path[:, 0] belongs on the horizontal axis"
            )
            assert find_curve(ax, path, rtol=1e-9, atol=1e-9) is not None, (
                f"no series shows the {len(path)} points of paths[{i}], in order, from {path[0]} to {path[-1]}"
            )
    finally:
        plt.close(fig)

@test_case(points=1, hidden=False, 
    failure_message="The legend must show the given labels, in the order of the paths, and both axes need a label.")
def test_q3_legend_and_axis_labels(plot_paths):
    import matplotlib.pyplot as plt
    import numpy as np
    from plotted import find_curve, legend_labels

    paths = [np.array([[2.0, 1.0], [1.0, 0.5]]), np.array([[-1.0, 2.0], [0.5, -1.0], [0.2, 0.3]])]
    labels = ["slow", "fast"]
    fig, ax = plt.subplots()
    try:
        plot_paths(ax, lambda x1, x2: x1**2 + 10 * x2**2, paths, labels)
        shown = legend_labels(ax)
        assert shown, "there is no legend: give each series its label and call ax.legend()"
        assert [text for text in shown if text in labels] == labels, (
            f"the legend shows {shown}, expected {labels}"
        )
        for path, label in zip(paths, labels, strict=True):
            curve = find_curve(ax, path, rtol=1e-9, atol=1e-9)
            assert curve is None or curve.label in ("", label), (
                f"the series of path {label} is labelled {curve.label}"
            )
        assert ax.get_xlabel() and ax.get_ylabel(), "an axis has no label: ax.set_xlabel, ax.set_ylabel"
    finally:
        plt.close(fig)
