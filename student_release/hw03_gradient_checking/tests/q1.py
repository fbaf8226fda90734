from otter.test_files import test_case

OK_FORMAT = False

name = "q1"
points = 6

@test_case(points=1, hidden=False, 
    failure_message="The numerical gradient of a function of two numbers is wrong: one entry moves at a time, by h to both sides.")
def test_q1_vector_by_hand(numerical_gradient):
    import numpy as np

    got = numerical_gradient(lambda x: x[0] ** 2 * x[1], np.array([3.0, 2.0]))
    assert got is not None, "numerical_gradient returned None: is a return missing?"
    assert np.shape(got) == (2,), f"x has shape (2,), but the result has shape {np.shape(got)}"
    got = np.asarray(got, dtype=float)
    assert not np.allclose(got, [24.0, 18.0], rtol=1e-3, atol=0), (
        "twice too large: the two points are 2h apart, not h"
    )
    assert not np.allclose(got, [21.0, 21.0], rtol=1e-3, atol=0), (
        "both entries are the same: all entries of x moved at once. Move one at a time."
    )
    np.testing.assert_allclose(
        got,
        [12.0, 9.0],
        rtol=1e-6,
        atol=0,
        err_msg="gradient of x0^2 x1 at (3, 2); an error near 1e-5 is that of a one-sided difference",
    )

@test_case(points=1, hidden=False, 
    failure_message="The result is wrong for a matrix x or for whole numbers: every entry needs its own difference, in float64.")
def test_q1_matrix_and_whole_numbers(numerical_gradient):
    import numpy as np

    x = np.array([[1.0, 2.0, -1.0], [3.0, 4.0, 0.5]])
    got = np.asarray(numerical_gradient(lambda v: np.sum(v**2), x))
    assert got.shape == (2, 3), f"x has shape (2, 3), but the result has shape {got.shape}"
    assert not np.allclose(got, [[4.0] * 3, [15.0] * 3], rtol=1e-3, atol=0), (
        "each row holds the same number: x[i] is a whole row of a matrix. Visit every entry."
    )
    np.testing.assert_allclose(got, 2 * x, rtol=1e-6, atol=0, err_msg="gradient of the sum of squares")
    got = np.asarray(numerical_gradient(lambda v: np.sum(v**2), np.array([1, 2, 3])))
    assert got.dtype.kind == "f", f"whole numbers in x, but the result must be float64, not {got.dtype}"
    np.testing.assert_allclose(
        got, [2.0, 4.0, 6.0], rtol=1e-6, atol=0, err_msg="gradient of the sum of squares at [1, 2, 3]"
    )
