from otter.test_files import test_case

OK_FORMAT = False

name = "q4"
points = 5

@test_case(points=1, hidden=False, 
    failure_message="A relative error that can be computed by hand is wrong: divide by the size of the entries, entry by entry, then take the largest.")
def test_q4_values_by_hand(relative_error):
    import numpy as np

    got = relative_error(np.array([100.0, -2.0, 3.0]), np.array([100.0, -2.5, 3.0]))
    assert got is not None, "relative_error returned None: is a return missing?"
    assert np.ndim(got) == 0, f"one number is wanted, but the result has shape {np.shape(got)}"
    assert not np.isclose(got, 0.5, rtol=1e-6, atol=0), "0.5 is the absolute error; the entries are about 2"
    assert not np.isclose(got, 0.2 / 3, rtol=0.5, atol=0), (
        f"{got} looks like a mean over the entries: it shrinks when right entries are added. The largest is wanted."
    )
    assert got > 0.09, (
        f"{got:.2g} is too small: measured against the largest entry, or a norm, an error in a small entry disappears"
    )
    assert 0.2 / 2.01 < got < 0.2 * 2.01, (
        f"|-2 - (-2.5)| / 2.5 = 0.2 (a factor of 2 is accepted), but you say {got}"
    )

@test_case(points=1, hidden=False, 
    failure_message="A special case is wrong: two zeros agree, and arrays of different shapes must raise ValueError.")
def test_q4_zeros_and_shapes(relative_error):
    import numpy as np

    got = relative_error(np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    assert got == 0, f"[0, 1] and [0, 1] are equal, so the error is 0, but you say {got}"
    try:
        got = relative_error(np.ones(3), np.ones((3, 1)))
    except ValueError:
        return
    raise AssertionError(f"shapes (3,) and (3, 1) differ: raise ValueError instead of returning {got}")
