from otter.test_files import test_case

OK_FORMAT = False

name = "q6"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="There must be one series per curve, with the epochs as horizontal coordinates.")
def test_q6_series_against_epochs(plot_information):
    import matplotlib.pyplot as plt
    import numpy as np
    from plotted import curves, find_curve

    epochs = np.array([1.0, 10.0, 50.0, 100.0])
    data = {"first": np.array([1.5, 1.4, 0.8, 0.3]), "second": np.array([1.2, 0.7, 0.25, 0.05])}
    fig, ax = plt.subplots()
    try:
        returned = plot_information(ax, epochs, data)
        assert returned is not None, "plot_information must return ax"
        assert curves(ax), "nothing has been drawn on ax"
        for name, values in data.items():
            counted = np.column_stack([np.arange(4), values])
            assert find_curve(ax, counted, rtol=1e-9, atol=1e-9) is None, (
                "the horizontal coordinates are 0, 1, 2, 3: pass the epochs too"
            )
            wanted = np.column_stack([epochs, values])
            assert find_curve(ax, wanted, rtol=1e-9, atol=1e-9) is not None, (
                f"no series shows the curve {name}: its points are {wanted.tolist()}"
            )
    finally:
        plt.close(fig)

@test_case(points=1, hidden=False, 
    failure_message="Legend, unit or axis labels are missing.")
def test_q6_legend_and_unit(plot_information):
    import matplotlib.pyplot as plt
    from plotted import legend_labels

    fig, ax = plt.subplots()
    try:
        plot_information(ax, [2, 4], {"alpha": [1.0, 0.5], "beta": [0.4, 0.2]}, unit="bits")
        shown = legend_labels(ax)
        assert len(shown) == 2 and shown[0].startswith("alpha") and shown[1].startswith("beta"), (
            f"the legend shows {shown}, expected one label per curve, starting with alpha and beta"
        )
        assert not any("infinite" in label for label in shown), (
            "nothing is infinite here, but the legend says so"
        )
        assert "bits" in ax.get_ylabel(), (
            f"the y label is {ax.get_ylabel()!r}: it must contain the unit, here bits"
        )
        assert ax.get_xlabel(), "the x axis has no label"
    finally:
        plt.close(fig)
