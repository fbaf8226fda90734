from otter.test_files import test_case

OK_FORMAT = False

name = "q1"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="The unit vector of (3, 4) is wrong: divide by the square root of the sum of squares.")
def test_q1_one_vector(unit):
    import numpy as np

    x = np.array([3.0, 4.0])
    got = unit(x)
    assert got is not None, "unit returned None: is a return missing?"
    assert np.shape(got) == (2,), f"a vector of shape (2,) is wanted, but the shape is {np.shape(got)}"
    assert not np.allclose(got, x / 7, rtol=1e-9, atol=0), (
        "you divide by the sum of the entries, 7; the length of (3, 4) is 5"
    )
    assert not np.allclose(got, x / 25, rtol=1e-9, atol=0), (
        "you divide by the squared length: take its square root"
    )
    np.testing.assert_allclose(got, [0.6, 0.8], rtol=1e-12, atol=0, err_msg="unit([3, 4])")
    np.testing.assert_array_equal(x, [3.0, 4.0], err_msg="the argument has been changed")

@test_case(points=1, hidden=False, 
    failure_message="In a table each row is a vector and is divided by its own length; a row of zeros stays.")
def test_q1_rows_of_a_table(unit):
    import numpy as np

    got = unit([[3, 4], [0, -2]])
    assert got is not None, "unit returned None: is a return missing?"
    assert np.shape(got) == (2, 2), f"shape (2, 2) is wanted, but it is {np.shape(got)}"
    assert not np.allclose(got, [[0.6, 2.0], [0, -1]], rtol=1e-9, atol=1e-12), (
        "the lengths are right, but they were divided along the wrong axis: shape (2,) against (2, 2) divides COLUMNS. keepdims=True helps"
    )
    assert not np.allclose(np.linalg.norm(got), 1, rtol=1e-9, atol=0), (
        "the whole table has been divided by one length; each row has its own: see axis"
    )
    np.testing.assert_allclose(
        got, [[0.6, 0.8], [0, -1]], rtol=1e-12, atol=1e-15, err_msg="unit([[3, 4], [0, -2]])"
    )
    got = np.asarray(unit([[0, 0, 0], [0, 0, 5]]))
    assert got.shape == (2, 3), f"shape (2, 3) is wanted, but it is {got.shape}"
    assert not np.isnan(got).any(), (
        "a row of zeros became nan: 0 / 0. It has no direction and should stay zero"
    )
    np.testing.assert_allclose(got, [[0, 0, 0], [0, 0, 1]], rtol=1e-12, atol=1e-15, err_msg="a row of zeros")
