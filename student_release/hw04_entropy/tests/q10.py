from otter.test_files import test_case

OK_FORMAT = False

name = "q10"
points = 5

@test_case(points=1, hidden=False, 
    failure_message="The temperature of a boastful model with two classes is wrong: at the best T it says 80 per cent where it is right in 8 of 10.")
def test_q10_boastful_model(temperature_scale):
    import numpy as np

    logits = np.tile([4.0, 0.0], (10, 1))
    labels = np.array([0, 0, 1, 0, 0, 0, 0, 1, 0, 0])
    got = temperature_scale(logits, labels)
    assert got is not None, "temperature_scale returned None: is a return missing?"
    assert np.ndim(got) == 0, f"one number is wanted, but the shape is {np.shape(got)}"
    assert not np.isclose(got, np.log(4) / 4, rtol=1e-2, atol=0), "this is 1 / T: the logits are divided by T"
    assert not np.isclose(got, 0.695, rtol=1e-2, atol=0), "divide the logits by T, not the probabilities"
    np.testing.assert_allclose(
        got,
        4 / np.log(4),
        rtol=1e-3,
        atol=0,
        err_msg="ten examples with logits (4, 0), eight of them of class 0",
    )

@test_case(points=1, hidden=False, 
    failure_message="The temperature of a modest model, which is right more often than it says, is wrong.")
def test_q10_modest_model(temperature_scale):
    import numpy as np

    logits = [[1, 0] for _ in range(20)]
    labels = [0] * 19 + [1]
    got = temperature_scale(logits, labels)
    assert got is not None, "temperature_scale returned None: is a return missing?"
    assert got > 0, f"a temperature is positive, but you say {got}"
    assert got < 1, (
        f"this model says 73 per cent and is right in 95: it must become bolder, T < 1, but you say {got}"
    )
    np.testing.assert_allclose(
        got,
        1 / np.log(19),
        rtol=1e-3,
        atol=0,
        err_msg="twenty examples with logits (1, 0), nineteen of them of class 0",
    )
