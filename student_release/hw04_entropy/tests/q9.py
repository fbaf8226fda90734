from otter.test_files import test_case

OK_FORMAT = False

name = "q9"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="The points of a small example are wrong: mean confidence across, accuracy up, one point per bin with examples in it.")
def test_q9_points_of_five_examples(plot_reliability):
    import matplotlib.pyplot as plt
    import numpy as np
    from plotted import curves

    probabilities = np.array(
        [[0.45, 0.35, 0.2], [0.3, 0.5, 0.2], [0.95, 0.05, 0.0], [0.02, 0.01, 0.97], [0.13, 0.87, 0.0]]
    )
    labels = np.array([0, 2, 0, 2, 0])
    fig, ax = plt.subplots()
    try:
        returned = plot_reliability(ax, probabilities, labels, num_bins=5)
        assert returned is not None, "plot_reliability must return ax"
        assert curves(ax), "nothing has been drawn on ax (bars do not count)"
        shown = [curve.xy[np.isfinite(curve.xy).all(axis=1)] for curve in curves(ax)]
        shown = [xy[np.argsort(xy[:, 0])] for xy in shown]

        def has(points):
            return any(
                xy.shape == np.shape(points) and np.allclose(xy, points, rtol=1e-6, atol=1e-6) for xy in shown
            )

        assert not has([[0.5, 0.475], [2 / 3, 0.93]]), (
            "the axes are swapped: confidence goes across, accuracy up"
        )
        assert not has([[0.5, 0.5], [0.9, 2 / 3]]), "across goes the mean confidence of a bin, not its middle"
        assert has([[0.475, 0.5], [0.93, 2 / 3]]), (
            "no series shows the points (0.475, 1/2) and (0.93, 2/3): the series drawn are "
            f"{[xy.round(3).tolist() for xy in shown]}"
        )
    finally:
        plt.close(fig)

@test_case(points=1, hidden=False, 
    failure_message="The diagonal, an axis label or the calibration error in the title is missing or wrong.")
def test_q9_diagonal_and_error(plot_reliability):
    import matplotlib.pyplot as plt
    import numpy as np
    from plotted import curves

    probabilities = np.array(
        [[0.45, 0.35, 0.2], [0.3, 0.5, 0.2], [0.95, 0.05, 0.0], [0.02, 0.01, 0.97], [0.13, 0.87, 0.0]]
    )
    fig, ax = plt.subplots()
    try:
        plot_reliability(ax, probabilities, np.array([0, 2, 0, 2, 0]), num_bins=5)
        lines = [curve.xy for curve in curves(ax) if len(curve.xy) >= 2]
        on_diagonal = [xy for xy in lines if np.allclose(xy[:, 0], xy[:, 1], rtol=0, atol=1e-9)]
        assert any(xy.min() < 0.01 and xy.max() > 0.99 for xy in on_diagonal), (
            "the diagonal from (0, 0) to (1, 1) is missing"
        )
        assert ax.get_xlabel() and ax.get_ylabel(), "an axis has no label: ax.set_xlabel, ax.set_ylabel"
        after = ax.get_title().partition("ECE =")[2].split()
        assert after, (
            f"the title is {ax.get_title()!r}: it must contain the calibration error, as in ECE = 0.123"
        )
        ece = float(after[0].strip("(),;:$"))
        assert not abs(ece - 0.144) < 6e-4, (
            "weight each bin by its number of examples: this is a plain mean over the bins"
        )
        assert not abs(abs(ece) - 0.148) < 6e-4, (
            "take the absolute value in each bin, before the bins are added up"
        )
        assert abs(ece - 0.168) < 6e-4, (
            f"ECE is {ece}, right is (2 |1/2 - 0.475| + 3 |2/3 - 0.93|) / 5 = 0.168"
        )
    finally:
        plt.close(fig)
