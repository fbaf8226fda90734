from otter.test_files import test_case

OK_FORMAT = False

name = "q3"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="A plain angle is wrong: is it in radians, and are both vectors divided by their lengths?")
def test_q3_plain_angles(angle):
    import numpy as np

    got = angle([1, 0], [0, 3])
    assert got is not None, "angle returned None: is a return missing?"
    assert np.shape(got) == (), f"one number is wanted, but the shape is {np.shape(got)}"
    assert not np.isclose(got, 90, rtol=1e-6, atol=0), "this is in degrees; wanted are radians, here pi / 2"
    np.testing.assert_allclose(got, np.pi / 2, rtol=0, atol=1e-14, err_msg="angle([1, 0], [0, 3])")
    np.testing.assert_allclose(
        angle([1, 2, 3], [4, 5, 6]),
        0.22572612855273393,
        rtol=0,
        atol=1e-13,
        err_msg="angle([1, 2, 3], [4, 5, 6])",
    )
    np.testing.assert_allclose(
        angle([2, 0], [-1, 1]), 0.75 * np.pi, rtol=0, atol=1e-14, err_msg="angle([2, 0], [-1, 1])"
    )

@test_case(points=1, hidden=False, 
    failure_message="Small angles or equal vectors go wrong: read the claim about arccos above the question.")
def test_q3_small_angles(angle):
    import numpy as np

    got = angle([1, 0], [1, 1e-9])
    assert got is not None, "angle returned None: is a return missing?"
    assert np.shape(got) == (), f"one number is wanted, but the shape is {np.shape(got)}"
    assert got != 0, (
        "an angle of 1e-9 became 0: a cosine cannot tell it from 0, so do not take the way over arccos"
    )
    np.testing.assert_allclose(got, 1e-9, rtol=0, atol=1e-14, err_msg="angle([1, 0], [1, 1e-9])")
    for x in ([1.1, 1.2, 1.3], [0.1, 0.7, 0.3], [1, 2, 3]):
        got = angle(x, x)
        assert not np.isnan(got), f"the angle between {x} and itself is nan: its computed cosine is above 1"
        np.testing.assert_allclose(got, 0, rtol=0, atol=1e-14, err_msg=f"angle({x}, {x})")
