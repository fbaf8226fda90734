from otter.test_files import test_case

OK_FORMAT = False

name = "q4"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="A gradient of the network on the page is wrong: the ReLU stops what arrives at units that were not active.")
def test_q4_the_page(backward_hidden):
    import numpy as np

    X, A = np.array([[1.0, 2.0]]), np.array([[1.0, -1.0, 1.0, 2.0]])
    dH = np.array([[0.6652, -0.9, 0.8453, -0.8453]])
    got = backward_hidden(X, A, dH)
    assert got is not None, "backward_hidden returned None: is a return missing?"
    want = {
        "A": [[0.6652, 0, 0.8453, -0.8453]],
        "W1": [[0.6652, 0, 0.8453, -0.8453], [1.3304, 0, 1.6906, -1.6906]],
        "b1": [0.6652, 0, 0.8453, -0.8453],
    }
    for name, value in want.items():
        assert name in got, f"the dict has no {name}"
        assert np.shape(got[name]) == np.shape(value), (
            f"d{name} has the shape {np.shape(got[name])}, but {name} has {np.shape(value)}"
        )
        if name == "A":
            assert not np.allclose(got[name], np.maximum(dH, 0), rtol=1e-9, atol=0), (
                "the ReLU was applied to dH itself: its sign does not matter, that of A does"
            )
            assert not np.allclose(got[name], dH, rtol=1e-9, atol=0), (
                "unit 1 was not active (A = -1), so nothing passes through it"
            )
            assert not np.allclose(got[name], dH * np.maximum(A, 0), rtol=1e-9, atol=0), (
                "the derivative of the ReLU is 1 where A is positive, not A"
            )
        np.testing.assert_allclose(got[name], value, rtol=1e-12, atol=1e-12, err_msg=f"d{name} of the page")

@test_case(points=1, hidden=False, 
    failure_message="The gradients of a batch are wrong: the mean is already in dH, so the examples are only added up.")
def test_q4_batch(backward_hidden):
    import numpy as np

    X = np.array([[1.0, 0.0], [0.0, 2.0], [3.0, -1.0]])
    A, dH = np.array([[1.0], [0.5], [-2.0]]), np.array([[0.25], [-0.5], [7.0]])
    got = backward_hidden(X, A, dH)
    assert got is not None, "backward_hidden returned None: is a return missing?"
    assert np.shape(got["W1"]) == (2, 1), f"dW1 has the shape {np.shape(got['W1'])}, but W1 has (2, 1)"
    assert np.shape(got["b1"]) == (1,), f"db1 has the shape {np.shape(got['b1'])}, but b1 has (1,)"
    assert not np.allclose(got["W1"], np.array([[0.25], [-1.0]]) / 3, rtol=1e-9, atol=0), (
        "you divide by N a second time; it is in dH already"
    )
    np.testing.assert_allclose(
        got["W1"], [[0.25], [-1.0]], rtol=1e-12, atol=1e-12, err_msg="dW1 of three examples"
    )
    np.testing.assert_allclose(got["b1"], [-0.25], rtol=1e-12, atol=1e-12, err_msg="db1 of three examples")
