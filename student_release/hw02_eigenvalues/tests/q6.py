from otter.test_files import test_case

OK_FORMAT = False

name = "q6"
points = 6

@test_case(points=1, hidden=False, 
    failure_message="The condition number is wrong for a diagonal or a triangular matrix: it is a ratio of singular values.")
def test_q6_kappa_by_hand(condition_number):
    import numpy as np

    got = condition_number(np.array([[2.0, 0.0], [0.0, -8.0]]))
    assert got is not None, "condition_number returned None: is a return missing?"
    assert np.ndim(got) == 0, f"one number is wanted, but the result has shape {np.shape(got)}"
    assert got > 1, f"the ratio is upside down or signed: a condition number is at least 1, but you say {got}"
    assert not np.isclose(got, 16.0, rtol=1e-9, atol=0), (
        "diag(2, -8): this is 16, the square of the condition number (or the determinant)"
    )
    np.testing.assert_allclose(got, 4.0, rtol=1e-9, atol=0, err_msg="condition_number(diag(2, -8))")
    got = condition_number(np.array([[1.0, 1.5], [0.0, 1.0]]))
    assert not np.isclose(got, 1.0, rtol=1e-6, atol=0), (
        "[[1, 1.5], [0, 1]] has eigenvalue ratio 1, but section 5 shows a vector that it doubles and one that it halves"
    )
    np.testing.assert_allclose(
        got, 4.0, rtol=1e-9, atol=0, err_msg="condition_number([[1, 1.5], [0, 1]]), singular values 2 and 1/2"
    )

@test_case(points=1, hidden=False, 
    failure_message="Multiplying diag(2, 8) by a number must change both singular values in the same way.")
def test_q6_scaling_by_hand(kappa_under_scaling):
    import numpy as np

    got = kappa_under_scaling(np.diag([2.0, 8.0]), [0.5, 1.0, 3.0])
    assert got is not None, "kappa_under_scaling returned None: is a return missing?"
    got = np.asarray(got, dtype=float)
    assert got.shape == (3,), (
        f"three scales make three condition numbers, but the result has shape {got.shape}"
    )
    assert not np.allclose(got, [2, 4, 12], rtol=1e-9, atol=0), (
        "you multiply the condition number by the scale; but numerator and denominator are both multiplied"
    )
    np.testing.assert_allclose(
        got, 4.0, rtol=1e-9, atol=0, err_msg="kappa_under_scaling(diag(2, 8), [0.5, 1, 3])"
    )
