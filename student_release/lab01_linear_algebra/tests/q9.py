from otter.test_files import test_case

OK_FORMAT = False

name = "q9"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="The cost is wrong: count the columns, the rows and the singular values.")
def test_q9_cost(compression):
    import numpy as np

    A = np.arange(1.0, 25.0).reshape(4, 6)
    got = compression(A, 2)
    assert got is not None, "compression returned None: is a return missing?"
    assert isinstance(got, dict) and sorted(got) == ["energy", "saved", "stored"], (
        "wanted is a dict with the keys stored, saved and energy"
    )
    for key in ("stored", "saved"):
        assert np.shape(got[key]) == (), f"{key} must be one number, but its shape is {np.shape(got[key])}"
    assert got["stored"] != 20, "20 numbers are the columns and the rows; the 2 singular values are missing"
    np.testing.assert_allclose(
        got["stored"], 22, rtol=0, atol=1e-9, err_msg="stored, for shape (4, 6) and k = 2"
    )
    assert not np.isclose(got["saved"], 22 / 24, rtol=1e-9, atol=0), (
        "this is the share that is stored, not that saved"
    )
    assert not np.isclose(got["saved"], 100 / 12, rtol=1e-9, atol=0), "a share, not per cent, is wanted"
    np.testing.assert_allclose(
        got["saved"], 1 / 12, rtol=1e-9, atol=0, err_msg="saved, for shape (4, 6) and k = 2"
    )

@test_case(points=1, hidden=False, 
    failure_message="The energy is wrong: squares of singular values, and no mean subtracted.")
def test_q9_energy(compression):
    import numpy as np

    got = compression([[3, 0, 0], [0, 4, 0]], 1)
    assert got is not None, "compression returned None: is a return missing?"
    energy = got["energy"]
    assert np.shape(energy) == (), f"the energy must be one number, but its shape is {np.shape(energy)}"
    assert not np.isclose(energy, 4 / 7, rtol=1e-9, atol=0), "you add up singular values: square them first"
    assert not np.isclose(energy, 0.8, rtol=1e-9, atol=0), (
        "this is the square root of the share: both sums hold squares"
    )
    np.testing.assert_allclose(
        energy, 0.64, rtol=1e-12, atol=0, err_msg="the singular values are 4 and 3, so 16 / 25"
    )
