from otter.test_files import test_case

OK_FORMAT = False

name = "q4"
points = 3

@test_case(points=1, hidden=False, 
    failure_message="The limit of the valley, H = diag(2, 20), is wrong: which of its two directions runs away first, and when?")
def test_q4_limit_of_the_valley(max_stable_lr):
    import numpy as np

    got = max_stable_lr(np.diag([2.0, 20.0]))
    assert got is not None, "max_stable_lr returned None: is a return missing?"
    assert np.ndim(got) == 0, f"one number is wanted, but the result has shape {np.shape(got)}"
    assert not np.isclose(got, 0.05, rtol=1e-6, atol=0), (
        "0.05 is 1 / L, where the factor of the steep direction is 0. It may go down to -1 before it runs away."
    )
    assert not np.isclose(got, 1.0, rtol=1e-6, atol=0), (
        "1.0 is the limit of the flat direction; the steep one is stricter."
    )
    assert not np.isclose(got, 2 / np.sqrt(404), rtol=1e-6, atol=0), (
        "this is 2 / (Frobenius norm), which mixes all directions: np.linalg.norm of a matrix needs the argument 2"
    )
    assert not np.isclose(got, 1 / 11, rtol=1e-6, atol=0), (
        "1/11 is 2 / (2 + 20): a sum of curvatures. Only the steepest direction counts for the limit."
    )
    np.testing.assert_allclose(got, 0.1, rtol=1e-6, atol=0, err_msg="max_stable_lr(diag(2, 20))")
