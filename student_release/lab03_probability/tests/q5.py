from otter.test_files import test_case

OK_FORMAT = False

name = "q5"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="The histogram is missing, or its area is not 1.")
def test_q5_histogram(plot_sample):
    import matplotlib.pyplot as plt
    import numpy as np

    rng = np.random.default_rng(51)
    sample = rng.normal(3, 2, 700)
    sample = sample[(sample > -5) & (sample < 11)]
    fig, ax = plt.subplots()
    try:
        returned = plot_sample(
            ax, sample, lambda x: np.exp(-(((x - 3) / 2) ** 2) / 2) / np.sqrt(8 * np.pi), -5, 11
        )
        assert returned is not None, "plot_sample must return ax"
        bars = np.array([(bar.get_x(), bar.get_width(), bar.get_height()) for bar in ax.patches])
        assert len(bars) >= 10, f"at least 10 bars are wanted, but there are {len(bars)}"
        area = float(np.sum(bars[:, 1] * bars[:, 2]))
        assert not np.isclose(np.sum(bars[:, 2]), sample.size, rtol=1e-6, atol=0), (
            "the bars are counts, and dwarf the curve: look for an option of ax.hist that makes their area 1"
        )
        np.testing.assert_allclose(area, 1, rtol=1e-6, atol=0, err_msg="area of all bars together")
        counts = [np.sum((sample >= x) & (sample < x + w)) for x, w, _ in bars]
        share = bars[:, 1] * bars[:, 2] * sample.size
        np.testing.assert_allclose(
            share, counts, rtol=0, atol=1.5, err_msg="bars against the counts in their bins"
        )
    finally:
        plt.close(fig)

@test_case(points=1, hidden=False, 
    failure_message="The curve is missing, does not reach the ends, or holds points that are infinite.")
def test_q5_beta_with_infinite_ends(plot_sample):
    import matplotlib.pyplot as plt
    import numpy as np
    from plotted import curves
    from scipy import stats

    sample = np.random.default_rng(52).beta(0.5, 0.5, 300)
    fig, ax = plt.subplots()
    try:
        returned = plot_sample(ax, sample, stats.beta(0.5, 0.5).pdf, 0, 1)
        assert returned is not None, "plot_sample must return ax"
        drawn = [curve.xy for curve in curves(ax) if len(curve.xy) >= 100]
        assert drawn, "no curve with at least 100 points has been drawn"
        assert all(np.isfinite(xy).all() for xy in drawn), (
            "a point of the curve is not finite: this density is infinite at 0 and 1. See the claim above the question"
        )
        xy = drawn[0]
        assert xy[:, 0].min() <= 0.01 and xy[:, 0].max() >= 0.99, (
            f"the curve goes from {xy[:, 0].min():.3f} to {xy[:, 0].max():.3f}: it should come within 1 % of 0 and of 1"
        )
        want = 1 / (np.pi * np.sqrt(xy[:, 0] * (1 - xy[:, 0])))
        np.testing.assert_allclose(xy[:, 1], want, rtol=1e-6, atol=0, err_msg="height of the curve")
    finally:
        plt.close(fig)
