from otter.test_files import test_case

OK_FORMAT = False

name = "q5"
points = 5

@test_case(points=1, hidden=False, 
    failure_message="The singular values of [[3, 0, 0], [0, -4, 0]] are 4 and 3, in this order.")
def test_q5_values_by_hand(singular_values):
    import numpy as np

    got = singular_values(np.array([[3.0, 0.0, 0.0], [0.0, -4.0, 0.0]]))
    assert got is not None, "singular_values returned None: is a return missing?"
    got = np.asarray(got)
    assert got.shape != (3,), "W^T W is 3 by 3, but a 2 by 3 matrix has only 2 singular values"
    assert got.shape == (2,), f"the shape must be (2,), not {got.shape}"
    assert not np.allclose(got, [16, 9], rtol=1e-9, atol=0), "these are the squares: eigenvalues of W W^T"
    assert not np.allclose(got, [3, 4], rtol=1e-9, atol=0), "the order must be descending"
    np.testing.assert_allclose(got, [4, 3], rtol=1e-9, atol=0, err_msg="singular values")

@test_case(points=1, hidden=False, 
    failure_message="The edges are wrong for 100 by 100 He weights, whose standard deviation is sqrt(2 / 100).")
def test_q5_edges_of_square_he(singular_value_edges):
    import numpy as np

    got = singular_value_edges(100, 100, np.sqrt(2 / 100))
    assert got is not None and len(got) == 2, f"a pair (low, high) is wanted, got {got!r}"
    assert not np.isclose(got[1], 0.4, rtol=1e-9, atol=0), (
        "std is squared in your edge: lengths grow with the standard deviation, not with the variance"
    )
    assert not np.isclose(got[1], np.sqrt(2), rtol=1e-9, atol=0), (
        "sqrt(2) is the radius of the eigenvalues' disc; the largest stretch is larger"
    )
    np.testing.assert_allclose(got, (0, 2 * np.sqrt(2)), rtol=1e-9, atol=1e-12, err_msg="(low, high)")
