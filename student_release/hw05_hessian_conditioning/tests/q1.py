from otter.test_files import test_case

OK_FORMAT = False

name = "q1"
points = 6

@test_case(points=2, hidden=False, 
    failure_message="The Hessian of x^2 + 4xy + y^2 is wrong: compare with the example in the prompt, and with the picture of the step.")
def test_q1_hessian_of_a_quadratic(hessian):
    import numpy as np

    got = hessian(lambda x: x[0] ** 2 + 4 * x[0] * x[1] + x[1] ** 2, np.array([1.0, 1.0]))
    assert got is not None, "hessian returned None: is a return missing?"
    got = np.asarray(got, dtype=float)
    assert got.shape == (2, 2), f"for x of shape (2,) the Hessian has shape (2, 2), not {got.shape}"
    want = np.array([[2.0, 4.0], [4.0, 2.0]])
    for factor in (0.25, 0.5, 2.0, 4.0):
        assert not np.allclose(got, factor * want, rtol=1e-3, atol=1e-3), (
            f"every entry is {factor} times too large: check the denominator 4 h_i h_j"
        )
    assert not np.allclose(got, np.diag([2.0, 2.0]), rtol=1e-3, atol=1e-3), (
        "the mixed derivatives are missing: 4xy couples x and y"
    )
    error = np.abs(got - want).max()
    assert not 4e-5 < error < 0.5, (
        f"the error is {error:.0e}, on a function without any error from cutting off the series: "
        "this is rounding, divided by h squared. Look at the red line in the picture."
    )
    np.testing.assert_allclose(got, want, rtol=0, atol=4e-5, err_msg="Hessian of x^2 + 4xy + y^2 at (1, 1)")

@test_case(points=1, hidden=False, 
    failure_message="The Hessian of x^2 y + z^3 at the whole numbers (1, 2, 3) is wrong.")
def test_q1_hessian_at_whole_numbers(hessian):
    import numpy as np

    got = np.asarray(hessian(lambda x: x[0] ** 2 * x[1] + x[2] ** 3, np.array([1, 2, 3])), dtype=float)
    assert got.shape == (3, 3), f"for x of shape (3,) the Hessian has shape (3, 3), not {got.shape}"
    want = np.array([[4.0, 2.0, 0.0], [2.0, 0.0, 0.0], [0.0, 0.0, 18.0]])
    worst = np.unravel_index(np.argmax(np.abs(got - want)), (3, 3))
    assert np.abs(got - want).max() <= 2e-4, (
        f"entry {tuple(map(int, worst))} is {got[worst]:.6g}, expected {want[worst]:g}"
    )
