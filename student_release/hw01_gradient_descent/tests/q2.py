from otter.test_files import test_case

OK_FORMAT = False

name = "q2"
points = 7

@test_case(points=1, hidden=False, 
    failure_message="The path must have num_steps + 1 rows, and row 0 is the start.")
def test_q2_path_begins_at_start(gradient_descent):
    import numpy as np

    got = gradient_descent(lambda x: np.array([2.0, 20.0]) * np.asarray(x), np.array([10.0, 1.0]), 0.01, 3)
    assert got is not None, "gradient_descent returned None: is a return missing?"
    got = np.asarray(got, dtype=float)
    assert got.ndim == 2, f"the whole path is wanted, one row per point, but the result has shape {got.shape}"
    assert got.shape != (3, 2), "3 rows for 3 steps: x0 itself, or the last point, is missing."
    assert got.shape == (4, 2), f"3 steps in 2 dimensions make a path of shape (4, 2), not {got.shape}"
    assert not (got == got[0]).all() or (got[0] == [10.0, 1.0]).all(), (
        f"every row is {got[0]}: x -= ... changes the one array that all rows share. Store copies."
    )
    np.testing.assert_allclose(got[0], [10.0, 1.0], rtol=1e-12, atol=1e-12, err_msg="row 0 must be x0")

@test_case(points=1, hidden=False, 
    failure_message="The first two steps on the valley with learning rate 0.05 are wrong: compare with the example in the prompt.")
def test_q2_two_steps_by_hand(gradient_descent):
    import numpy as np

    got = gradient_descent(lambda x: np.array([2.0, 20.0]) * np.asarray(x), np.array([10.0, 1.0]), 0.05, 2)
    got = np.asarray(got, dtype=float)
    assert got.shape == (3, 2), f"2 steps make a path of shape (3, 2), not {got.shape}"
    assert not np.allclose(got[1], [11.0, 2.0], rtol=1e-9, atol=1e-9), (
        "your first step goes uphill: check the sign."
    )
    assert not np.isclose(np.linalg.norm(got[1] - got[0]), 0.05, rtol=1e-9, atol=1e-9), (
        "your step has length lr: do not divide the gradient by its norm. Long gradients make long steps."
    )
    np.testing.assert_allclose(
        got,
        [[10, 1], [9, 0], [8.1, 0]],
        rtol=1e-9,
        atol=1e-9,
        err_msg="x_{k+1} = x_k - lr * grad(x_k) from (10, 1)",
    )
