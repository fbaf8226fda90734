from otter.test_files import test_case

OK_FORMAT = False

name = "q6"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="The Jacobian of the chapter's map at (2, 3) is wrong: a row for each output, a column for each input.")
def test_q6_jacobian_of_the_map(map_jacobian):
    import numpy as np

    got = map_jacobian(np.array([2.0, 3.0]))
    assert got is not None, "map_jacobian returned None: is a return missing?"
    assert np.shape(got) != (2, 3), "this is the transpose: outputs are rows, inputs are columns"
    assert np.shape(got) == (3, 2), f"three outputs and two inputs make (3, 2), not {np.shape(got)}"
    assert not np.allclose(got, [[4, 0], [2, 3], [0, 6]], rtol=1e-9, atol=0), (
        "second row: when x1 grows by 1, x1 x2 grows by x2"
    )
    np.testing.assert_allclose(
        got, [[4, 0], [3, 2], [0, 6]], rtol=1e-12, atol=0, err_msg="Jacobian at x = (2, 3)"
    )

@test_case(points=1, hidden=False, 
    failure_message="The Jacobian of the layer is wrong: row i of W times the slope of tanh at output i.")
def test_q6_jacobian_of_a_layer(layer_jacobian):
    import numpy as np

    W, b, x = np.array([[1.0, -2.0, 0.5], [0.3, 1.0, 2.0]]), np.array([0.1, -0.4]), np.array([0.2, 0.3, -0.5])
    got = layer_jacobian(W, b, x)
    assert got is not None, "layer_jacobian returned None: is a return missing?"
    assert np.shape(got) != (3, 2), "this is the transpose: outputs are rows, inputs are columns"
    assert np.shape(got) == (2, 3), f"two outputs and three inputs make (2, 3), not {np.shape(got)}"
    a = np.tanh([0.2 - 0.6 - 0.25 + 0.1, 0.06 + 0.3 - 1.0 - 0.4])
    assert not np.allclose(got, W, rtol=1e-9, atol=0), "this is W alone: the slope of tanh is missing"
    assert not np.allclose(got, a[:, None] * W, rtol=1e-9, atol=0), (
        "this has tanh itself where its slope belongs"
    )
    np.testing.assert_allclose(
        got,
        [(1 - a[0] ** 2) * W[0], (1 - a[1] ** 2) * W[1]],
        rtol=1e-10,
        atol=0,
        err_msg="layer of 2 outputs",
    )
