from otter.test_files import test_case

OK_FORMAT = False

name = "q5"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="The curves of two simple methods are not where they should be: degrees to the right, final loss upwards.")
def test_q5_curves(plot_turning):
    import matplotlib.pyplot as plt
    import numpy as np
    from plotted import curves, log10_curves

    def stay(grad, hess, x0, lr, num_steps):
        return np.tile(np.asarray(x0, dtype=float), (num_steps + 1, 1))

    def by_sign(grad, hess, x0, lr, num_steps):
        x = np.asarray(x0, dtype=float)
        return np.array([x, x - lr * np.sign(np.asarray(grad(x), dtype=float))])

    fig, ax = plt.subplots()
    try:
        plot_turning(
            ax, {"stay": (stay, 1.0), "sign": (by_sign, 0.5)}, [2, 6], [1, 1], [0, np.pi / 4, np.pi / 2], 1
        )
        drawn = [c.xy for c in curves(ax) if len(c.xy) == 3]
        assert len(drawn) >= 2, "two methods at three angles: two curves of three points are wanted"
        assert not np.allclose(drawn[0][:, 0], [0, np.pi / 4, np.pi / 2], rtol=1e-6, atol=1e-9), (
            "the angles are drawn in radians"
        )
        np.testing.assert_allclose(
            drawn[0][:, 0], [0, 45, 90], rtol=1e-9, atol=1e-9, err_msg="the angles in degrees"
        )
        got = [c.xy[:, 1] for c in log10_curves(ax) if len(c.xy) == 3]
        # At 45 degrees the start is (0, sqrt 2) and the gradient (-2, 4) sqrt 2: signs matter, and Q too.
        turned = (
            0.5 * np.array([0.5, np.sqrt(2) - 0.5]) @ np.array([[4, -2], [-2, 4]]) @ [0.5, np.sqrt(2) - 0.5]
        )
        for want, name in [([4, 4, 4], "stay: the loss at the start"), ([1, turned, 1], "sign")]:
            error = min(np.abs(y - np.log10(want)).max() for y in got)
            assert error < 1e-6, f"no curve shows the final losses {np.round(want, 4)} of the method {name}"
    finally:
        plt.close(fig)

@test_case(points=1, hidden=False, 
    failure_message="The picture lacks a legend with the names, a logarithmic axis, or the unit of the angle.")
def test_q5_labels(plot_turning):
    import matplotlib.pyplot as plt
    import numpy as np
    from plotted import curves, legend_labels

    def stay(grad, hess, x0, lr, num_steps):
        return np.tile(np.asarray(x0, dtype=float), (num_steps + 1, 1))

    fig, ax = plt.subplots()
    try:
        out = plot_turning(ax, {"left": (stay, 1.0), "right": (stay, 1.0)}, [1, 50], [3, 2], [0.1, 0.2], 2)
        assert out is not None, "return ax"
        assert len(curves(ax)) >= 2, "two curves are wanted on the ax that is given"
        names = " ".join(legend_labels(ax))
        assert "left" in names and "right" in names, f"the legend must name the methods, but says {names!r}"
        assert ax.get_yscale() == "log" or "log" in str(ax.get_ylabel()), (
            "losses belong on a logarithmic axis"
        )
        x_label = str(ax.get_xlabel()).lower()
        assert "degree" in x_label or "°" in x_label, (
            f"the label of the x axis must say degrees, but is {x_label!r}"
        )
        assert str(ax.get_ylabel()), "label the y axis too"
    finally:
        plt.close(fig)
