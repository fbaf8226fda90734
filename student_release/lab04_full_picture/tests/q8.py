from otter.test_files import test_case

OK_FORMAT = False

name = "q8"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="With one layer there is no activation, and the gradient is X' (P - Y) / N.")
def test_q8_single_layer(gradient_norms):
    import numpy as np

    X, y = np.array([[3.0, 4.0]]), np.array([0])
    for name in ("sigmoid", "tanh", "relu"):
        got = gradient_norms([np.zeros((2, 2))], name, X, y)
        assert got is not None, "gradient_norms returned None: is a return missing?"
        assert np.shape(got) == (1,), f"one layer makes shape (1,), not {np.shape(got)}"
        assert not np.allclose(got, 12.5, rtol=1e-6, atol=0), "this is the squared norm: take the root"
        np.testing.assert_allclose(
            got, [5 / np.sqrt(2)], rtol=1e-9, atol=0, err_msg=f"x = (3, 4), W = 0, {name}"
        )

@test_case(points=1, hidden=False, 
    failure_message="The norms of three layers are wrong: check their order, and that the last layer has no activation.")
def test_q8_three_layers(gradient_norms):
    import numpy as np

    weights = [np.array([[0.5, -1.0, 2.0]]), 3 * np.eye(3)[:, :2], np.array([[1.0, -1.0], [0.5, 2.0]])]
    got = gradient_norms(weights, "sigmoid", np.array([[1.0]]), np.array([1]))
    assert got is not None, "gradient_norms returned None: is a return missing?"
    assert np.shape(got) == (3,), f"three layers make shape (3,), not {np.shape(got)}"
    h1 = 1 / (1 + np.exp(-weights[0][0]))
    h2 = 1 / (1 + np.exp(-h1 @ weights[1]))
    z = h2 @ weights[2]
    d3 = np.array([1.0, -1.0]) / (1 + np.exp(z[1] - z[0]))
    d2 = weights[2] @ d3 * h2 * (1 - h2)
    d1 = weights[1] @ d2 * h1 * (1 - h1)
    want = [np.linalg.norm(d1), np.linalg.norm(np.outer(h1, d2)), np.linalg.norm(np.outer(h2, d3))]
    assert not np.allclose(got, want[::-1], rtol=1e-6, atol=0), (
        "the order is from last to first; it should be from first to last"
    )
    np.testing.assert_allclose(got, want, rtol=1e-9, atol=0, err_msg="three layers of sigmoids, one example")
