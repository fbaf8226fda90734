from otter.test_files import test_case

OK_FORMAT = False

name = "q1"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="A value of f is wrong: compare the formula in the prompt term by term, the factor 1/2 and the sign of b too.")
def test_q1_value_by_hand(quadratic):
    import numpy as np

    f, _ = quadratic(np.diag([2.0, 20.0]), np.array([1.0, 2.0]))
    got = f(np.array([3.0, -2.0]))
    assert got is not None, "f(x) returned None: is a return missing?"
    assert np.ndim(got) == 0, f"f(x) must be one number, but its shape is {np.shape(got)}"
    assert not np.isclose(got, 99.0, rtol=1e-12, atol=1e-12), (
        "f(3, -2) is 99 where 50 is right: the quadratic term comes out twice as large. Where is the factor 1/2?"
    )
    assert not np.isclose(got, 48.0, rtol=1e-12, atol=1e-12), (
        "f(3, -2) is 48 where 50 is right: the term b^T x is subtracted, not added."
    )
    np.testing.assert_allclose(
        got,
        50.0,
        rtol=1e-12,
        atol=1e-12,
        err_msg="f(3, -2) for A = diag(2, 20), b = (1, 2): 98 / 2 - (3 - 4) = 50",
    )

@test_case(points=1, hidden=False, 
    failure_message="A gradient is wrong for a symmetric matrix A: check the sign of b, and what becomes of the factor 1/2.")
def test_q1_gradient_symmetric(quadratic):
    import numpy as np

    _, grad = quadratic(np.array([[2.0, 1.0], [1.0, 20.0]]), np.array([1.0, 2.0]))
    got = np.asarray(grad(np.array([3.0, -2.0])), dtype=float)
    assert got.shape == (2,), f"grad(x) must have the shape of x, (2,), but has {got.shape}"
    assert not np.allclose(got, [7.0, -76.0], rtol=1e-12, atol=1e-12), (
        "your gradient has 2 A x in it: the factor 1/2 of f cancels that 2."
    )
    assert not np.allclose(got, [5.0, -35.0], rtol=1e-12, atol=1e-12), (
        "b enters f with a minus, and so it does here."
    )
    np.testing.assert_allclose(
        got, [3.0, -39.0], rtol=1e-12, atol=1e-12, err_msg="grad(3, -2) for A = [[2, 1], [1, 20]], b = (1, 2)"
    )
