from otter.test_files import test_case

OK_FORMAT = False

name = "q1"
points = 3

@test_case(points=1, hidden=False, 
    failure_message="The z-score of the example is wrong: the miss divided by the standard error, s / sqrt(n).")
def test_q1_example(z_score):
    import numpy as np

    got = z_score([0, 1] * 200, 0.45)
    assert got is not None, "z_score returned None: is a return missing?"
    assert np.shape(got) == (), f"one number is wanted, but the shape is {np.shape(got)}"
    assert not np.isclose(got, 0.1, rtol=0.01, atol=0), (
        "this is the miss divided by s: the root of n is missing"
    )
    assert not np.isclose(got, 40, rtol=0.01, atol=0), "you divide s by n: the standard error is s / sqrt(n)"
    assert not np.isclose(got, 4, rtol=0.01, atol=0), "this is with the variance in place of s: take its root"
    assert not np.isclose(got, -2, rtol=0.01, atol=0), (
        "the sign: average minus claim, not claim minus average"
    )
    np.testing.assert_allclose(got, 2.0, rtol=0.005, atol=0, err_msg="z_score([0, 1] * 200, 0.45)")
