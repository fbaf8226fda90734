from otter.test_files import test_case

OK_FORMAT = False

name = "q10"
points = 8

@test_case(points=1, hidden=False, 
    failure_message="The first steps of adam are wrong: check the bias corrections, the root, and where t begins.")
def test_q10_first_steps_of_adam(adam):
    import numpy as np

    def grad(x):
        return np.array([2.0, 200.0]) * np.asarray(x)

    got = adam(grad, np.array([10.0, 1.0]), 0.1, 1)
    assert got is not None, "adam returned None: is a return missing?"
    got = np.asarray(got, dtype=float)
    assert got.shape == (2,), (
        f"only the last point is wanted, shape (2,), but the result has shape {got.shape}"
    )
    assert not np.allclose(
        got, [10 - 0.1 * 0.1 / np.sqrt(1e-3), 1 - 0.1 * 0.1 / np.sqrt(1e-3)], rtol=1e-6, atol=0
    ), "the first step is sqrt(10) times too long: the bias corrections are missing"
    assert not np.allclose(got, [10 - 0.1 / 20, 1 - 0.1 / 200], rtol=1e-6, atol=0), (
        "this divides by the second moment itself: Adam divides by its square root"
    )
    np.testing.assert_allclose(
        got,
        [9.9, 0.9],
        rtol=1e-6,
        atol=0,
        err_msg="the first step has length lr in every coordinate, whatever the curvature",
    )
    got = np.asarray(adam(grad, [10, 1], 0.1, 2), dtype=float)
    np.testing.assert_allclose(
        got, [9.800027459, 0.800412228], rtol=1e-6, atol=0, err_msg="two steps, lr = 0.1"
    )

@test_case(points=1, hidden=False, 
    failure_message="rotation_gap is wrong for a single step of gradient descent: gradient and Hessian of the turned function, or its start.")
def test_q10_gradient_descent_sees_no_gap(rotation_gap):
    import numpy as np

    def one_step(grad, x0, lr, num_steps):
        return np.asarray(x0) - lr * np.asarray(grad(x0))

    Q = np.array([[0.6, -0.8], [0.8, 0.6]])
    got = rotation_gap(one_step, [1.0, 4.0], Q, [2.0, 1.0], [0.05, 0.2], 1)
    assert got is not None and len(got) == 2, f"a pair (aligned, rotated) is wanted, got {got!r}"
    # lr = 0.2 leaves (1.6, 0.2), which has the loss 1.28 + 0.08.
    aligned, rotated = got
    assert not np.isclose(aligned, 2.72, rtol=1e-9, atol=0), (
        "aligned is twice too large: where is the factor 1/2?"
    )
    assert not np.isclose(aligned, 3.085, rtol=1e-9, atol=0), (
        "the lowest loss over all learning rates is wanted"
    )
    np.testing.assert_allclose(aligned, 1.36, rtol=1e-9, atol=0, err_msg="aligned")
    np.testing.assert_allclose(
        rotated,
        1.36,
        rtol=1e-9,
        atol=0,
        err_msg="rotated: gradient descent turns with the function, so nothing changes",
    )
