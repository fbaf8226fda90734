from otter.test_files import test_case

OK_FORMAT = False

name = "q10"
points = 6

@test_case(points=1, hidden=False, 
    failure_message="The first step from (10, 1) in the valley is wrong: is the loss lowest there among all points of the line?")
def test_q10_first_step_in_the_valley(exact_line_search_path):
    import numpy as np

    got = exact_line_search_path(np.diag([2.0, 20.0]), np.zeros(2), np.array([10.0, 1.0]), 1)
    got = np.asarray(got, dtype=float)
    assert got.shape == (2, 2), f"1 step makes a path of shape (2, 2), not {got.shape}"
    step = got[0] - got[1]
    assert np.isclose(step[0], step[1], rtol=1e-6, atol=1e-9), (
        f"the step must follow the gradient (20, 20), but it is {-step}"
    )
    assert step[0] > 0, "this step goes uphill: check the sign of the step length"
    np.testing.assert_allclose(
        step[0] / 20, 1 / 11, rtol=1e-6, atol=0, err_msg="step length along the gradient (20, 20)"
    )

@test_case(points=1, hidden=False, 
    failure_message="Successive gradients are not perpendicular in the valley.")
def test_q10_right_angles_in_the_valley(exact_line_search_path):
    import numpy as np

    A, b = np.diag([2.0, 20.0]), np.array([4.0, -20.0])
    path = np.asarray(exact_line_search_path(A, b, np.array([7.0, 3.0]), 4), dtype=float)
    assert path.shape == (5, 2), f"4 steps make a path of shape (5, 2), not {path.shape}"
    assert np.isfinite(path).all(), "the path contains nan or inf"
    g = path @ A - b
    cosines = (g[1:] * g[:-1]).sum(axis=1) / (np.linalg.norm(g[1:], axis=1) * np.linalg.norm(g[:-1], axis=1))
    np.testing.assert_allclose(
        cosines,
        0,
        rtol=0,
        atol=1e-5,
        err_msg="cosine between successive gradients, which are A x - b (here b is not zero)",
    )
