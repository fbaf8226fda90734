from otter.test_files import test_case

OK_FORMAT = False

name = "q6"
points = 6

@test_case(points=1, hidden=False, 
    failure_message="Newton's step from (10, 1) in the ravine must lead to the minimum, and at a saddle a ValueError is wanted.")
def test_q6_newton_in_the_ravine(newton_step):
    import numpy as np

    got = newton_step(np.array([20.0, 200.0]), np.diag([2.0, 200.0]))
    assert got is not None, "newton_step returned None: is a return missing?"
    got = np.asarray(got, dtype=float)
    assert got.shape == (2,), f"a step of shape (2,) is wanted, not {got.shape}"
    assert not np.allclose(got, [10.0, 1.0], rtol=1e-6, atol=1e-9), "this step goes up: check the sign"
    np.testing.assert_allclose(
        got, [-10.0, -1.0], rtol=1e-9, atol=1e-12, err_msg="step from (10, 1) to the minimum"
    )
    try:
        got = newton_step(np.array([6.0, 6.0]), np.array([[2.0, 4.0], [4.0, 2.0]]))
    except ValueError:
        return
    raise AssertionError(f"[[2, 4], [4, 2]] is not positive definite, but you return {got}")

@test_case(points=1, hidden=False, 
    failure_message="precondition is wrong for a diagonal M, or its result is not symmetric for a full one.")
def test_q6_precondition_by_a_diagonal(precondition):
    import numpy as np

    got = precondition(np.diag([2.0, 200.0]), np.diag([1.0, 100.0]))
    assert got is not None, "precondition returned None: is a return missing?"
    got = np.asarray(got, dtype=float)
    assert got.shape == (2, 2), f"a matrix of shape (2, 2) is wanted, not {got.shape}"
    assert not np.allclose(got, np.diag([2.0, 20000.0]), rtol=1e-6, atol=1e-6), (
        "M belongs on the other side of the division: the steep direction has become steeper"
    )
    assert not np.allclose(got, np.diag([2.0, 20.0]), rtol=1e-6, atol=1e-6), (
        "only one of the two factors of M has been divided out"
    )
    np.testing.assert_allclose(
        got, 2 * np.eye(2), rtol=1e-9, atol=1e-9, err_msg="H = diag(2, 200), M = diag(1, 100)"
    )
    got = np.asarray(precondition([[2, 1], [1, 5]], [[1, 0], [0, 4]]), dtype=float)
    assert np.allclose(got, got.T, rtol=1e-9, atol=1e-9), (
        f"a Hessian is symmetric, but for H = [[2, 1], [1, 5]], M = diag(1, 4) you return {got.tolist()}: "
        "is it the inverse of M times H?"
    )
    np.testing.assert_allclose(
        got, [[2, 0.5], [0.5, 1.25]], rtol=1e-9, atol=1e-9, err_msg="H = [[2, 1], [1, 5]], M = diag(1, 4)"
    )
