from otter.test_files import test_case

OK_FORMAT = False

name = "q9"
points = 7

@test_case(points=1, hidden=False, 
    failure_message="The first steps of momentum_path are wrong: with beta = 0 it is gradient descent, and the velocity is a sum.")
def test_q9_heavy_ball_first_steps(momentum_path):
    import numpy as np

    def grad(x):
        return np.array([2.0, 20.0]) * np.asarray(x)

    got = np.asarray(momentum_path(grad, np.array([10.0, 1.0]), 0.05, 0.5, 2), dtype=float)
    assert got.shape == (3, 2), f"2 steps make a path of shape (3, 2), not {got.shape}"
    assert not np.allclose(got[1], [9.5, 0.5], rtol=1e-9, atol=1e-9), (
        "your first step is (1 - beta) times too short: that is the moving average. Heavy ball adds the full gradient."
    )
    assert not np.allclose(got[1], [10.0, 1.0], rtol=1e-9, atol=1e-9), (
        "your first step does not move: update the velocity first, then step with the new velocity."
    )
    np.testing.assert_allclose(
        got,
        [[10, 1], [9, 0], [7.6, -0.5]],
        rtol=1e-9,
        atol=1e-9,
        err_msg="lr = 0.05, beta = 0.5 in the valley",
    )
    plain = np.asarray(momentum_path(grad, np.array([10.0, 1.0]), 0.05, 0.0, 2), dtype=float)
    np.testing.assert_allclose(
        plain,
        [[10, 1], [9, 0], [8.1, 0]],
        rtol=1e-9,
        atol=1e-9,
        err_msg="beta = 0 must give plain gradient descent",
    )

@test_case(points=1, hidden=False, 
    failure_message="The first steps of nesterov_path are wrong: at which point is the gradient taken, and which points are returned?")
def test_q9_nesterov_first_steps(nesterov_path):
    import numpy as np

    def grad(x):
        return np.array([2.0, 20.0]) * np.asarray(x)

    got = np.asarray(nesterov_path(grad, np.array([10.0, 1.0]), 0.05, 0.5, 2), dtype=float)
    assert got.shape == (3, 2), f"2 steps make a path of shape (3, 2), not {got.shape}"
    assert not np.allclose(got[1], [8.5, -0.5], rtol=1e-9, atol=1e-9), (
        "these are the look-ahead points y_k; x_k are wanted."
    )
    assert not np.allclose(got[2], [7.6, -0.5], rtol=1e-9, atol=1e-9), (
        "this is the heavy ball: for Nesterov the gradient is taken at the look-ahead point y_k, not at x_k"
    )
    assert not np.allclose(got[2], [8.15, 0.5], rtol=1e-9, atol=1e-9), (
        "the gradient is taken at y_k, but the step must start from y_k too, not from x_k"
    )
    np.testing.assert_allclose(
        got, [[10, 1], [9, 0], [7.65, 0]], rtol=1e-9, atol=1e-9, err_msg="lr = 0.05, beta = 0.5 in the valley"
    )
