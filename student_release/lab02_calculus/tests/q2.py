from otter.test_files import test_case

OK_FORMAT = False

name = "q2"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="The derivative of exp(x) sin(x) at 0.7 is wrong: the imaginary part of f(x + ih), divided by h.")
def test_q2_complex_step_of_a_product(complex_step):
    import numpy as np

    got = complex_step(lambda x: np.exp(x) * np.sin(x), 0.7)
    assert got is not None, "complex_step returned None: is a return missing?"
    assert np.shape(got) == (), f"one number is wanted for one x, but the shape is {np.shape(got)}"
    assert not np.iscomplexobj(got), f"the result is the complex number {got}: a slope is real"
    assert abs(got) > 1e-15, f"the result is {got}: was it divided by h?"
    want = np.exp(0.7) * (np.sin(0.7) + np.cos(0.7))
    np.testing.assert_allclose(got, want, rtol=1e-13, atol=0, err_msg="exp(x) sin(x) at x = 0.7")

@test_case(points=1, hidden=False, 
    failure_message="A function that throws the imaginary part away must be refused with a TypeError.")
def test_q2_refuses_real_results(complex_step):
    import numpy as np

    np.testing.assert_allclose(
        complex_step(lambda x: x * x, 3.0), 6.0, rtol=1e-13, atol=0, err_msg="x^2 at x = 3"
    )
    try:
        got = complex_step(lambda x: np.abs(x), 0.7)
    except TypeError:
        return
    raise AssertionError(f"np.abs returns real numbers: a TypeError is wanted, but you say {got}")
