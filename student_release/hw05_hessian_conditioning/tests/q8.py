from otter.test_files import test_case

OK_FORMAT = False

name = "q8"
points = 6

@test_case(points=1, hidden=False, 
    failure_message="For eigenvalues 5, -8, 3, 1, 0.5, -2 the two of largest magnitude are -8 and 5, in this order.")
def test_q8_signs_and_order(top_eigs):
    import numpy as np

    d = np.array([5.0, -8.0, 3.0, 1.0, 0.5, -2.0])
    got = top_eigs(lambda v: d * np.asarray(v).reshape(6), 6, 2)
    assert got is not None and len(got) == 2, f"a pair (values, vectors) is wanted, got {got!r}"
    values = np.asarray(got[0], dtype=float)
    assert values.shape == (2,), f"two values are wanted, but the shape is {values.shape}"
    assert not np.allclose(values, [8.0, 5.0], rtol=1e-4, atol=1e-4), (
        "8 is not an eigenvalue: the sign of -8 has been lost"
    )
    assert not np.allclose(values, [5.0, 3.0], rtol=1e-4, atol=1e-4), (
        "5 and 3 are the largest, but not the largest in magnitude"
    )
    assert not np.allclose(values, [5.0, -8.0], rtol=1e-4, atol=1e-4), "largest magnitude first: -8 before 5"
    np.testing.assert_allclose(
        values, [-8.0, 5.0], rtol=1e-6, atol=0, err_msg="two eigenvalues of largest magnitude"
    )

@test_case(points=1, hidden=False, 
    failure_message="A column of vectors is not a unit eigenvector for the value in the same place.")
def test_q8_vectors_belong_to_values(top_eigs):
    import numpy as np

    d = np.concatenate([[1.0, 9.0, -6.0], np.linspace(-2, 2, 37)])
    got = top_eigs(lambda v: d * np.asarray(v).reshape(40), 40, 2)
    assert got is not None and len(got) == 2, f"a pair (values, vectors) is wanted, got {got!r}"
    values, vectors = (np.asarray(part, dtype=float) for part in got)
    assert vectors.shape == (40, 2), f"vectors must have shape (n, k) = (40, 2), not {vectors.shape}"
    for i, place in enumerate((1, 2)):
        np.testing.assert_allclose(
            np.linalg.norm(vectors[:, i]), 1.0, rtol=1e-6, atol=0, err_msg=f"length of column {i}"
        )
        assert abs(vectors[place, i]) > 0.999, (
            f"column {i} belongs to the eigenvalue {d[place]}, whose eigenvector has its only entry in row {place}"
        )
    np.testing.assert_allclose(values, [9.0, -6.0], rtol=1e-6, atol=0, err_msg="values")
