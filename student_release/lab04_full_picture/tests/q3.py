from otter.test_files import test_case

OK_FORMAT = False

name = "q3"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="A gradient of the network on the page is wrong: go through rules 1 and 2 on paper.")
def test_q3_the_page(backward_output):
    import numpy as np

    H, y = np.array([[1.0, 0.0, 1.0, 2.0]]), np.array([2])
    P = np.array([[0.6652409557748219, 0.09003057317038046, 0.24472847105479767]])
    W2 = np.array([[1.0, 0.0, 0.0], [5.0, -5.0, 5.0], [0.0, 1.0, -1.0], [0.0, -1.0, 1.0]])
    got = backward_output(H, P, W2, y)
    assert got is not None, "backward_output returned None: is a return missing?"
    d0, d1, d2 = 0.6652409557748219, 0.09003057317038046, -0.7552715289452023
    want = {
        "Z": [[d0, d1, d2]],
        "W2": [[d0, d1, d2], [0, 0, 0], [d0, d1, d2], [2 * d0, 2 * d1, 2 * d2]],
        "b2": [d0, d1, d2],
        "H": [[d0, 5 * d0 - 5 * d1 + 5 * d2, d1 - d2, d2 - d1]],
    }
    for name, value in want.items():
        assert name in got, f"the dict has no {name}"
        assert np.shape(got[name]) == np.shape(value), (
            f"d{name} has the shape {np.shape(got[name])}, but {name} has {np.shape(value)}"
        )
        assert not np.allclose(got[name], -np.asarray(value), rtol=1e-9, atol=0), (
            f"d{name} has the wrong sign: prediction minus truth"
        )
        np.testing.assert_allclose(got[name], value, rtol=1e-12, atol=1e-12, err_msg=f"d{name} of the page")

@test_case(points=1, hidden=False, 
    failure_message="The loss is a mean over the examples, and every gradient must be that of the mean.")
def test_q3_mean_over_the_examples(backward_output):
    import numpy as np

    H = np.array([[1.0, 2.0], [0.0, 1.0], [3.0, 0.0], [1.0, 1.0]])
    P, y = np.full((4, 3), 1 / 3), np.array([0, 1, 2, 2])
    W2 = np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 0.0]])
    got = backward_output(H, P, W2, y)
    assert got is not None, "backward_output returned None: is a return missing?"
    dZ = np.array([[-2, 1, 1], [1, -2, 1], [1, 1, -2], [1, 1, -2]]) / 12
    assert np.shape(got["Z"]) == (4, 3), f"dZ has the shape {np.shape(got['Z'])}, but Z has (4, 3)"
    assert not np.allclose(got["Z"], 4 * dZ, rtol=1e-9, atol=0), (
        "this is the gradient of the sum over the examples; divide by N"
    )
    np.testing.assert_allclose(got["Z"], dZ, rtol=1e-12, atol=1e-12, err_msg="dZ of four examples")
    assert np.shape(got["b2"]) == (3,), f"db2 has the shape {np.shape(got['b2'])}, but b2 has (3,)"
    np.testing.assert_allclose(
        got["b2"],
        [1 / 12, 1 / 12, -1 / 6],
        rtol=1e-12,
        atol=1e-12,
        err_msg="db2: add up dZ over the examples, nothing more",
    )
