from otter.test_files import test_case

OK_FORMAT = False

name = "q10"
points = 7

@test_case(points=1, hidden=False, 
    failure_message="The remainders of a quadratic, which can be done by hand, are wrong.")
def test_q10_remainders_by_hand(taylor_test):
    import numpy as np

    hs = np.array([0.1, 0.01, 0.001])
    got = taylor_test(
        lambda x: x[0] ** 2 + 3 * x[1],
        lambda x: np.array([2 * x[0], 3.0]),
        np.array([1.0, 2.0]),
        np.array([1.0, -1.0]),
        hs,
    )
    assert isinstance(got, tuple) and len(got) == 2, f"a tuple (remainders, slope) is wanted, not {got!r}"
    remainders, slope = np.asarray(got[0], dtype=float), got[1]
    assert remainders.shape == (3,), f"3 steps make 3 remainders, but the shape is {remainders.shape}"
    assert not np.allclose(remainders, np.abs(hs**2 - hs), rtol=1e-6, atol=0), (
        "this is |f(x + h v) - f(x)|: the linear part, h times g.v, must be taken off too"
    )
    assert not np.allclose(remainders, hs, rtol=1e-6, atol=0), (
        "these are the remainders divided by h: then the slopes are 1 and 0. Do not divide."
    )
    np.testing.assert_allclose(
        remainders, hs**2, rtol=1e-6, atol=0, err_msg=f"remainders at steps {hs} are h^2 here"
    )
    assert abs(slope - 2) < 0.01, f"h^2 has slope 2 on logarithmic axes, but you say {slope}"

@test_case(points=1, hidden=False, 
    failure_message="The picture must show each array of remainders against the steps, on logarithmic axes, with legend and axis labels.")
def test_q10_picture(plot_taylor):
    import matplotlib.pyplot as plt
    import numpy as np
    from plotted import curves, legend_labels, log10_curves

    hs = np.array([1e-1, 1e-2, 1e-3, 1e-4])
    remainders, labels = [3 * hs**2, 0.1 * hs], ["right", "wrong"]
    fig, ax = plt.subplots()
    try:
        returned = plot_taylor(ax, hs, remainders, labels)
        assert returned is not None, "plot_taylor must return ax"
        assert curves(ax), "nothing has been drawn on ax"
        shown = [text for text in legend_labels(ax) if text in labels]
        assert shown == labels, f"the legend shows {legend_labels(ax)}, expected {labels} in this order"
        assert ax.get_xlabel() and ax.get_ylabel(), "an axis has no label: ax.set_xlabel, ax.set_ylabel"
        drawn = log10_curves(ax, x_log=True, y_log=True)
        for values, label in zip(remainders, labels, strict=True):
            want = np.log10(np.column_stack([hs, values]))
            found = [
                c.label
                for c in drawn
                if c.xy.shape == want.shape and np.allclose(c.xy, want, rtol=1e-6, atol=1e-6)
            ]
            assert found, f"no series shows the points (h, remainder) of {label} on two logarithmic axes"
            assert label in found or found == [""], f"the series of {label} is labelled {found[0]}"
    finally:
        plt.close(fig)
