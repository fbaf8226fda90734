from otter.test_files import test_case

OK_FORMAT = False

name = "q12"
points = 5

@test_case(points=1, hidden=False, 
    failure_message="The entropy of one or two queries does not come out: the message tells which slip it looks like.")
def test_q12_few_queries(attention_entropy):
    import numpy as np

    got = attention_entropy([[1, 1]], [[[1, 0], [0, 1]]], False)
    assert got is not None, "attention_entropy returned None: is a return missing?"
    assert np.shape(got) == (), f"one number is wanted, but the shape is {np.shape(got)}"
    np.testing.assert_allclose(got, np.log(2), rtol=1e-12, atol=0, err_msg="two equal scores")
    queries, keys = [[3, 4], [0, 1]], [[[1, 0], [0, 1], [0, 0]], [[5, 0], [0, 2], [1, 1]]]
    want = []
    for scores in ([3, 4, 0], [0, 2, 1]):
        p = np.exp(np.array(scores) / np.sqrt(2))
        p /= p.sum()
        want.append(-(p * np.log(p)).sum())
    got = attention_entropy(queries, keys, True)
    assert np.shape(got) == (), f"one number is wanted, but the shape is {np.shape(got)}"
    assert not np.isclose(got, 0.9523216, rtol=1e-5, atol=0), (
        "scaled scores are divided by the root of d, not by d"
    )
    assert not np.isclose(got, sum(want), rtol=1e-9, atol=0), "average over the queries, do not add them up"
    np.testing.assert_allclose(
        got, np.mean(want), rtol=1e-10, atol=0, err_msg="two queries with three keys, scaled"
    )

@test_case(points=1, hidden=False, 
    failure_message="The picture lacks a curve, the line of the largest entropy, a legend, or the right axes.")
def test_q12_picture(plot_attention):
    import matplotlib.pyplot as plt
    import numpy as np
    from plotted import curves, legend_labels

    fig, ax = plt.subplots()
    try:
        out = plot_attention(ax, [4, 64], 8, 150, np.random.default_rng(72))
        assert out is not None, "return ax"
        drawn = [c.xy for c in curves(ax)]
        assert ax.get_xscale() == "log", "the axis of d must be logarithmic"
        assert ax.get_xlabel() and ax.get_ylabel(), "label both axes"
        assert len(legend_labels(ax)) >= 2, "a legend must tell the two curves apart"
        flat = [xy for xy in drawn if len(xy) >= 2 and np.allclose(xy[:, 1], np.log(8), rtol=1e-9, atol=0)]
        assert flat, "a horizontal line at the largest entropy, log(8) here, is missing"
        found = [
            xy for xy in drawn if xy.shape == (2, 2) and np.allclose(xy[:, 0], [4, 64], rtol=1e-9, atol=0)
        ]
        found = [xy for xy in found if not np.allclose(xy[:, 1], np.log(8), rtol=1e-9, atol=0)]
        assert len(found) >= 2, "two curves with one point for each d are wanted, without and with scaling"
        low = min(xy[1, 1] for xy in found)
        high = max(xy[1, 1] for xy in found)
        assert 0.15 < low < 0.6, (
            f"without scaling about 0.33 nats are left at d = 64, but your lower curve says {low:.2f}"
        )
        assert 1.5 < high < 1.85, (
            f"with scaling about 1.72 nats are left at d = 64, but your upper curve says {high:.2f}"
        )
    finally:
        plt.close(fig)
