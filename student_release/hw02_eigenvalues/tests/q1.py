from otter.test_files import test_case

OK_FORMAT = False

name = "q1"
points = 5

@test_case(points=1, hidden=False, 
    failure_message="The weights must be a float64 array of shape (fan_out, fan_in).")
def test_q1_shapes(xavier_normal, he_normal):
    import numpy as np

    for draw in (xavier_normal, he_normal):
        got = draw(3, 8, np.random.default_rng(0))
        assert got is not None, "a function returned None: is a return missing?"
        assert np.shape(got) != (8, 3), "the shape is (fan_in, fan_out), the transpose of what is asked for"
        assert np.shape(got) == (3, 8), (
            f"fan_out = 3 and fan_in = 8 make the shape (3, 8), not {np.shape(got)}"
        )
        assert np.asarray(got).dtype == np.float64, f"float64 is wanted, not {np.asarray(got).dtype}"

@test_case(points=1, hidden=False, 
    failure_message="The spread of he_normal is wrong for 100 outputs and 400 inputs: variance 2 / fan_in, and the standard deviation is its root.")
def test_q1_he_spread(he_normal):
    import numpy as np

    spread = float(np.std(he_normal(100, 400, np.random.default_rng(1))))
    assert not np.isclose(spread, 2 / 400, rtol=0.03, atol=0), (
        "the standard deviation is 2 / 400, which should be the variance: NumPy wants the standard deviation, its root"
    )
    assert not np.isclose(spread, np.sqrt(2 / 100), rtol=0.03, atol=0), (
        "this is sqrt(2 / fan_out): fan_in, the number of inputs, is the second argument"
    )
    assert not np.isclose(spread, np.sqrt(1 / 400), rtol=0.03, atol=0), (
        "this is sqrt(1 / fan_in): the factor 2 that makes up for the ReLU is missing"
    )
    np.testing.assert_allclose(
        spread, np.sqrt(2 / 400), rtol=0.02, atol=0, err_msg="standard deviation of he_normal(100, 400)"
    )
