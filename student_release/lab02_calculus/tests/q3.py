from otter.test_files import test_case

OK_FORMAT = False

name = "q3"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="The derivative of (x^2 + 1)^3 is wrong at 2: outer slope, taken at x^2 + 1, times inner slope.")
def test_q3_slope_of_the_cube_at_two(slope_of_cube):
    import numpy as np

    got = slope_of_cube(2.0)
    assert got is not None, "slope_of_cube returned None: is a return missing?"
    assert np.shape(got) == (), f"one number is wanted for one x, but the shape is {np.shape(got)}"
    assert not np.isclose(got, 75, rtol=1e-9, atol=0), "75 is the outer slope alone: the inner one is missing"
    assert not np.isclose(got, 48, rtol=1e-9, atol=0), (
        "the outer slope 3 z^2 belongs at z = x^2 + 1 = 5, not at x = 2"
    )
    assert not np.isclose(got, 79, rtol=1e-9, atol=0), "slopes of a chain are multiplied, not added"
    np.testing.assert_allclose(got, 300.0, rtol=1e-12, atol=0, err_msg="slope of (x^2 + 1)^3 at x = 2")

@test_case(points=1, hidden=False, 
    failure_message="The derivative of sin(exp(x^2)) is wrong: three machines, three factors, each where it works.")
def test_q3_slope_of_the_wave(slope_of_wave):
    import numpy as np

    got = slope_of_wave(0.5)
    assert got is not None, "slope_of_wave returned None: is a return missing?"
    assert np.shape(got) == (), f"one number is wanted for one x, but the shape is {np.shape(got)}"
    assert not np.isclose(got, 0.2828566, rtol=1e-5, atol=0), (
        "the slope of the middle machine, exp, is missing"
    )
    np.testing.assert_allclose(got, 0.3631949148017262, rtol=1e-12, atol=0, err_msg="slope_of_wave(0.5)")
    got, want = slope_of_wave(0.8), np.cos(np.exp(0.64)) * np.exp(0.64) * 1.6
    assert not np.isclose(got, want / 1.6, rtol=1e-9, atol=0), (
        "right at 0.5 but not at 0.8: the innermost slope is missing, which happens to be 1 at 0.5"
    )
    np.testing.assert_allclose(got, want, rtol=1e-12, atol=0, err_msg="slope_of_wave(0.8)")
