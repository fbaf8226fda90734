from otter.test_files import test_case

OK_FORMAT = False

name = "q7"
points = 5

@test_case(points=1, hidden=False, 
    failure_message="The points of a small network are not (i, sigma_i / sigma_1) from i = 1 on with a logarithmic axis.")
def test_q7_points_of_a_small_network(plot_layer_spectra):
    import matplotlib.pyplot as plt
    import numpy as np
    import torch
    from plotted import curves, log10_curves

    state = {
        "weight": torch.tensor([[0.0, 20.0, 0.0, 0.0], [2.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.2]]),
        "bias": torch.tensor([5.0, 4.0, 3.0]),
    }
    fig, ax = plt.subplots()
    try:
        returned = plot_layer_spectra(ax, state)
        assert returned is not None, "plot_layer_spectra must return ax"
        shown = [curve.xy for curve in log10_curves(ax)]
        assert shown, "nothing has been drawn on ax"
        assert (
            not any(
                c.xy.shape == (3, 2) and np.allclose(c.xy[:, 1], [1, 0.1, 0.01], rtol=1e-4, atol=0)
                for c in curves(ax)
            )
            or ax.get_yscale() == "log"
        ), "the axis of the singular values is linear: small ones cannot be told from zero"
        assert len(shown) == 1, (
            f"one series is wanted, for the weight (a bias is not a matrix), but there are {len(shown)}"
        )
        xy = shown[0]
        assert xy.shape == (3, 2), (
            f"the weight is 3 by 4 and has 3 singular values, but the series has {len(xy)} points"
        )
        assert xy[0, 0] != 0, "the first singular value belongs to i = 1, not to 0"
        assert not np.allclose(xy[:, 1], np.log10([20, 2, 0.2]), rtol=0, atol=1e-4), (
            "divide each layer by its largest singular value"
        )
        np.testing.assert_allclose(
            xy, [[1, 0], [2, -1], [3, -2]], rtol=0, atol=1e-4, err_msg="points as (i, log10 of the ratio)"
        )
    finally:
        plt.close(fig)

@test_case(points=1, hidden=False, 
    failure_message="The legend must show the names of the matrices in the order of the dictionary, and both axes need a label.")
def test_q7_legend_and_axis_labels(plot_layer_spectra):
    import matplotlib.pyplot as plt
    import torch
    from plotted import legend_labels

    generator = torch.Generator().manual_seed(71)
    state = {
        "first.weight": torch.randn(4, 3, generator=generator),
        "first.bias": torch.randn(4, generator=generator),
        "a.last.weight": torch.randn(2, 4, generator=generator),
    }
    fig, ax = plt.subplots()
    try:
        plot_layer_spectra(ax, state)
        shown = legend_labels(ax)
        assert shown == ["first.weight", "a.last.weight"], (
            f"the legend shows {shown}, expected ['first.weight', 'a.last.weight']"
        )
        assert ax.get_xlabel() and ax.get_ylabel(), "an axis has no label: ax.set_xlabel, ax.set_ylabel"
    finally:
        plt.close(fig)
