from otter.test_files import test_case

OK_FORMAT = False

name = "q8"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="The best matrix of rank 1 is wrong: keep the largest singular value with its two vectors.")
def test_q8_diagonal(low_rank):
    import numpy as np

    got = low_rank([[2, 0, 0], [0, -5, 0]], 1)
    assert got is not None, "low_rank returned None: is a return missing?"
    assert np.shape(got) == (2, 3), f"the result has the shape of A, (2, 3), not {np.shape(got)}"
    assert not np.allclose(got, [[2, 0, 0], [0, 0, 0]], rtol=0, atol=1e-9), (
        "you keep 2 and drop 5: the LARGEST singular values stay, not the first column or the smallest value"
    )
    np.testing.assert_allclose(got, [[0, 0, 0], [0, -5, 0]], rtol=0, atol=1e-12, err_msg="k = 1")
    np.testing.assert_allclose(
        low_rank([[2, 0, 0], [0, -5, 0]], 2),
        [[2, 0, 0], [0, -5, 0]],
        rtol=0,
        atol=1e-12,
        err_msg="k = 2 is A again",
    )

@test_case(points=1, hidden=False, 
    failure_message="A matrix of rank 2 must come back from its first two terms: U has columns, Vt has rows.")
def test_q8_rank_two(low_rank):
    import numpy as np

    A = np.array([[1.0, 2.0, 0.0, 2.0], [2.0, 4.0, 1.0, 4.0], [0.0, 0.0, 3.0, 0.0], [1.0, 2.0, -1.0, 2.0]])
    got = low_rank(A, 2)
    assert got is not None, "low_rank returned None: is a return missing?"
    assert np.shape(got) == (4, 4), f"the result has the shape of A, (4, 4), not {np.shape(got)}"
    assert np.linalg.matrix_rank(got, tol=1e-9) == 2, "the result does not have rank 2: count the terms"
    np.testing.assert_allclose(got, A, rtol=0, atol=1e-12, err_msg="A has rank 2, so A_2 is A")
