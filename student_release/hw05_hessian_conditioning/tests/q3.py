from otter.test_files import test_case

OK_FORMAT = False

name = "q3"
points = 5

@test_case(points=1, hidden=False, 
    failure_message="The condition number of the bowl or of the ravine is wrong: their Hessians are diag(2, 2) and diag(2, 200).")
def test_q3_bowl_and_ravine(condition_number):
    import numpy as np

    for diagonal, want in (((2.0, 2.0), 1.0), ((2.0, 200.0), 100.0), ((200.0, 2.0), 100.0)):
        got = condition_number(np.diag(diagonal))
        assert got is not None, "condition_number returned None: is a return missing?"
        assert np.ndim(got) == 0, f"one number is wanted, but the result has shape {np.shape(got)}"
        np.testing.assert_allclose(got, want, rtol=1e-9, atol=0, err_msg=f"curvatures {diagonal}")

@test_case(points=1, hidden=False, 
    failure_message="For an indefinite matrix a ValueError is wanted, not a number.")
def test_q3_saddle_is_refused(condition_number):
    got = None
    try:
        got = condition_number([[2.0, 4.0], [4.0, 2.0]])
    except ValueError:
        return
    raise AssertionError(
        f"the eigenvalues of [[2, 4], [4, 2]] are -2 and 6: there is no minimum, but you return {got}"
    )
