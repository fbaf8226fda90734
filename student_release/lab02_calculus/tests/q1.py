from otter.test_files import test_case

OK_FORMAT = False

name = "q1"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="The forward difference of x^3 at 2 with step 0.1 is wrong: climb divided by distance, from x to x + h.")
def test_q1_forward_difference_of_a_cube(forward_difference):
    import numpy as np

    got = forward_difference(lambda x: x**3, 2.0, 0.1)
    assert got is not None, "forward_difference returned None: is a return missing?"
    assert np.shape(got) == (), f"one number is wanted for one x, but the shape is {np.shape(got)}"
    assert not np.isclose(got, 11.41, rtol=1e-6, atol=0), "this is the secant to the left; go to x + h"
    assert not np.isclose(got, 12.01, rtol=1e-6, atol=0), "this is the central difference"
    assert not np.isclose(got, 1.261, rtol=1e-6, atol=0), "this is the climb alone: divide by h"
    np.testing.assert_allclose(got, 12.61, rtol=1e-9, atol=0, err_msg="forward, x^3 at x = 2, h = 0.1")

@test_case(points=1, hidden=False, 
    failure_message="The central difference of x^3 at 2 with step 0.1 is wrong: how far is it from x - h to x + h?")
def test_q1_central_difference_of_a_cube(central_difference):
    import numpy as np

    got = central_difference(lambda x: x**3, 2.0, 0.1)
    assert got is not None, "central_difference returned None: is a return missing?"
    assert np.shape(got) == (), f"one number is wanted for one x, but the shape is {np.shape(got)}"
    assert not np.isclose(got, 24.02, rtol=1e-6, atol=0), "from x - h to x + h it is 2h, not h"
    assert not np.isclose(got, 0.2402, rtol=1e-6, atol=0), "a / 2 * h multiplies by h: write a / (2 * h)"
    assert not np.isclose(got, 0.1201, rtol=1e-6, atol=0), "a / 2 * h multiplies by h: write a / (2 * h)"
    assert not np.isclose(got, 12.0025, rtol=1e-6, atol=0), "take steps of h to both sides, not of h / 2"
    np.testing.assert_allclose(got, 12.01, rtol=1e-9, atol=0, err_msg="central, x^3 at x = 2, h = 0.1")
