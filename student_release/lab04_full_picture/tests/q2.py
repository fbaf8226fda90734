from otter.test_files import test_case

OK_FORMAT = False

name = "q2"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="The loss is wrong for the page, or for a network that knows nothing.")
def test_q2_known_losses(mean_loss):
    import numpy as np

    got = mean_loss(np.array([[2.0, 0.0, 1.0]]), np.array([2]))
    assert got is not None, "mean_loss returned None: is a return missing?"
    assert np.ndim(got) == 0, f"one number is wanted, but the shape is {np.shape(got)}"
    assert not np.isclose(got, -1.4076059644443804, rtol=1e-9, atol=0), (
        "the sign is wrong: a surprise is not negative"
    )
    assert not np.isclose(got, 1.4076059644443804 / np.log(2), rtol=1e-9, atol=0), (
        "this is in bits; take the natural logarithm"
    )
    assert not np.isclose(got, 0.24472847105479767, rtol=1e-9, atol=0), (
        "this is the probability; the loss is minus its logarithm"
    )
    np.testing.assert_allclose(
        got, 1.4076059644443804, rtol=1e-12, atol=0, err_msg="mean_loss([[2, 0, 1]], [2])"
    )
    got = mean_loss(np.zeros((4, 3)), np.array([0, 2, 1, 2]))
    assert np.ndim(got) == 0, f"one number is wanted for the whole batch, but the shape is {np.shape(got)}"
    assert not np.isclose(got, 4 * np.log(3), rtol=1e-9, atol=0), (
        "this is the sum over the examples; take the mean"
    )
    np.testing.assert_allclose(
        got, np.log(3), rtol=1e-12, atol=0, err_msg="four examples, three classes, all scores 0: ln 3"
    )

@test_case(points=1, hidden=False, 
    failure_message="A confident mistake has a large loss, but not an infinite one, and not nan.")
def test_q2_confident_mistake(mean_loss):
    import numpy as np

    got = mean_loss(np.array([[1000.0, 0.0, -1000.0]]), np.array([1]))
    assert got is not None, "mean_loss returned None: is a return missing?"
    assert not np.isnan(got), (
        "the result is nan: an exponential overflowed. Subtract the largest score of the row first"
    )
    assert not np.isinf(got), (
        "the result is infinite: the probability was rounded to 0 before its logarithm. Start from the formula with the logits"
    )
    assert not 20 < got < 40, (
        f"the result is {got}: a small constant in the logarithm hides how wrong this prediction is"
    )
    np.testing.assert_allclose(got, 1000, rtol=1e-12, atol=0, err_msg="scores (1000, 0, -1000), true class 1")
