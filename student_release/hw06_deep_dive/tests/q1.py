from otter.test_files import test_case

OK_FORMAT = False

name = "q1"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="The example of the prompt does not come out. The message below names the field.")
def test_q1_quarter_turn_with_stretch(layer_geometry):
    import numpy as np

    got = layer_geometry([[0, -2], [1, 0]])
    assert got is not None, "layer_geometry returned None: is a return missing?"
    assert np.shape(got.singular_values) == (2,), f"two singular values are wanted, not {got.singular_values}"
    np.testing.assert_allclose(
        got.singular_values, [2, 1], rtol=1e-12, atol=0, err_msg="singular_values, the larger first"
    )
    assert got.rank == 2, f"the rank is 2, but you say {got.rank}"
    assert np.shape(got.polar_factor) == (2, 2), "polar_factor has the shape of W"
    np.testing.assert_allclose(
        got.polar_factor,
        [[0, -1], [1, 0]],
        rtol=0,
        atol=1e-12,
        err_msg="polar_factor: U @ Vt (svd returns Vt)",
    )
    assert np.shape(got.departure) == (), "departure is one number"
    assert not np.isclose(got.departure, np.sqrt(18), rtol=1e-6, atol=0), (
        "divide by the squared Frobenius norm"
    )
    np.testing.assert_allclose(
        got.departure, np.sqrt(18) / 5, rtol=1e-12, atol=0, err_msg="departure of [[0, -2], [1, 0]]"
    )

@test_case(points=1, hidden=False, 
    failure_message="The shift matrix has only the eigenvalue 0, and still almost full rank: count singular values.")
def test_q1_shift_matrix(layer_geometry):
    import numpy as np

    got = layer_geometry(np.eye(6, k=1))
    assert got is not None, "layer_geometry returned None: is a return missing?"
    assert got.rank != 0, "all eigenvalues of this matrix are 0, but five of its rows are independent"
    assert got.rank == 5, f"a shift of six coordinates has rank 5, but you say {got.rank}"
    assert np.shape(got.singular_values) == (6,), f"six singular values are wanted, not {got.singular_values}"
    np.testing.assert_allclose(
        got.singular_values,
        [1, 1, 1, 1, 1, 0],
        rtol=0,
        atol=1e-12,
        err_msg="singular values of the shift matrix",
    )
    assert np.shape(got.departure) == (), "departure is one number"
    np.testing.assert_allclose(
        got.departure,
        np.sqrt(2) / 5,
        rtol=1e-12,
        atol=0,
        err_msg="departure of the shift matrix: it is not normal",
    )
