from otter.test_files import test_case

OK_FORMAT = False

name = "q10"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="The information of four values is wrong: put the MLE into the second derivatives, and turn their sign.")
def test_q10_four_values(information_matrix):
    import numpy as np

    got = information_matrix([1.0, 2.0, 6.0, 3.0])
    assert got is not None, "information_matrix returned None: is a return missing?"
    assert np.shape(got) == (2, 2), f"a matrix of shape (2, 2) is wanted, but the shape is {np.shape(got)}"
    got = np.asarray(got)
    assert not np.all(np.diag(got) < 0), "both are negative: J is MINUS the second derivatives"
    np.testing.assert_allclose(
        got[[0, 1], [1, 0]], [0, 0], rtol=0, atol=1e-9, err_msg="off the diagonal: sum of (x - mean) is 0"
    )
    assert not np.allclose(np.diag(got), [2 / 7, 4 / 7], rtol=1e-9, atol=0), (
        "this is the information of ONE value: multiply by n"
    )
    assert not np.allclose(np.diag(got), [6 / 7, 12 / 7], rtol=1e-9, atol=0), (
        "your variance divides by n - 1; at the top it divides by n"
    )
    assert not np.isclose(got[1, 1], 8 / 49, rtol=1e-9, atol=0), (
        "your second derivative is by the variance; wanted is by sigma"
    )
    assert not np.allclose(np.diag(got), [7 / 8, 7 / 16], rtol=1e-9, atol=0), (
        "this is the inverse, the covariance of the MLE"
    )
    np.testing.assert_allclose(
        got, [[8 / 7, 0], [0, 16 / 7]], rtol=1e-9, atol=1e-9, err_msg="n = 4, variance 3.5"
    )
