from otter.test_files import test_case

OK_FORMAT = False

name = "q5"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="A layer gives wrong numbers: which axis of W belongs to the inputs in this layout?")
def test_q5_both_layouts(dense):
    import numpy as np

    W = [[1, 2, 3], [4, 5, 6]]
    got = dense([1, 1], W, [0, 0, 10])
    assert got is not None, "dense returned None: is a return missing?"
    assert np.shape(got) == (3,), f"one example and 3 outputs make shape (3,), not {np.shape(got)}"
    np.testing.assert_allclose(got, [5, 7, 19], rtol=1e-12, atol=0, err_msg="dense([1, 1], W, [0, 0, 10])")
    got = dense([[1, 1, 1], [1, 0, 0]], W, [0, 10], layout="out_in")
    assert np.shape(got) == (2, 2), f"2 examples and 2 outputs make shape (2, 2), not {np.shape(got)}"
    assert not np.allclose(got, [[6, 1], [25, 14]], rtol=1e-9, atol=0), (
        "rows and columns are swapped: each ROW of the result belongs to an example"
    )
    np.testing.assert_allclose(
        got, [[6, 25], [1, 14]], rtol=1e-12, atol=0, err_msg="the same W with layout=out_in"
    )

@test_case(points=1, hidden=False, 
    failure_message="A bias of a wrong shape must be refused, also where NumPy would broadcast it.")
def test_q5_bias_is_refused(dense):
    import numpy as np

    X, W = np.ones((3, 2)), np.ones((2, 4))
    got = dense(X, W, np.arange(4))
    assert got is not None, "dense returned None: is a return missing?"
    assert np.shape(got) == (3, 4), f"3 examples and 4 outputs make shape (3, 4), not {np.shape(got)}"
    np.testing.assert_allclose(
        got, [[2, 3, 4, 5]] * 3, rtol=1e-12, atol=0, err_msg="the bias goes to each row"
    )
    for shape in ((1,), (3, 1), (2,)):
        try:
            dense(X, W, np.ones(shape))
        except ValueError:
            continue
        raise AssertionError(f"a bias of shape {shape} was accepted; right is (4,) and nothing else")
