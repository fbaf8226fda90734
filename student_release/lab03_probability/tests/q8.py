from otter.test_files import test_case

OK_FORMAT = False

name = "q8"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="The maximum is missing or in the wrong place: the mean, and the standard deviation that divides by n.")
def test_q8_maximum(plot_likelihood):
    import matplotlib.pyplot as plt
    import numpy as np
    from plotted import curves, find_curve, legend_labels

    x = [1.0, 2.0, 6.0, 3.0]
    fig, ax = plt.subplots()
    try:
        returned = plot_likelihood(ax, x, np.linspace(0, 6, 23), np.linspace(1, 4, 17))
        assert returned is not None, "plot_likelihood must return ax"
        assert any(curve.xy.shape == (1, 2) for curve in curves(ax)), "no single marker has been drawn"

        def marked(mu, sigma):
            return find_curve(ax, [[mu, sigma]], rtol=0, atol=1e-9) is not None

        assert not marked(3, np.std(x, ddof=1)), (
            "this sigma divides by n - 1: the maximum of the likelihood divides by n"
        )
        assert not marked(3, np.var(x)), "this is the variance: sigma is its root"
        assert not marked(np.std(x), 3), "the marker has its coordinates swapped: mu is horizontal"
        assert marked(3, np.std(x)), (
            "there is no marker at the mean and the standard deviation: compute both from the data"
        )
        assert "maximum" in legend_labels(ax), f"the legend shows {legend_labels(ax)}, expected maximum"
    finally:
        plt.close(fig)

@test_case(points=1, hidden=False, 
    failure_message="The contours are not those of the log-likelihood: mu goes to the right, sigma goes up.")
def test_q8_contours(plot_likelihood):
    import matplotlib.pyplot as plt
    import numpy as np
    from plotted import contour_error, contour_lines

    x = np.array([1.0, 2.0, 6.0, 3.0])

    def exact(mu, sigma):
        squares = np.sum((x - x.mean()) ** 2) + 4 * (x.mean() - mu) ** 2
        return -4 * np.log(sigma) - squares / (2 * sigma**2)

    fig, ax = plt.subplots()
    try:
        plot_likelihood(ax, x, np.linspace(1, 5, 61), np.linspace(1.4, 2.8, 47))
        lines = contour_lines(ax)
        assert lines, "no contour lines or bands have been drawn"
        everything = np.vstack(lines)
        low, high = everything.min(axis=0), everything.max(axis=0)
        assert low[0] >= 1 - 1e-9 and high[0] <= 5 + 1e-9, (
            f"the contours go from {low[0]:.2f} to {high[0]:.2f}, mus from 1 to 5"
        )
        assert low[1] >= 1.4 - 1e-9 and high[1] <= 2.8 + 1e-9, (
            f"the contours go from {low[1]:.2f} up to {high[1]:.2f}, sigmas from 1.4 to 2.8"
        )
        error = contour_error(ax, exact)
        assert error < 0.02, (
            f"along a contour the log-likelihood varies by {error:.2f} of its range: is it the right function?"
        )
        assert ax.get_xlabel() and ax.get_ylabel(), "both axes need a label"
    finally:
        plt.close(fig)
