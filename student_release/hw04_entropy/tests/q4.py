from otter.test_files import test_case

OK_FORMAT = False

name = "q4"
points = 7

@test_case(points=1, hidden=False, 
    failure_message="log_softmax is wrong for small logits, or changes when a constant is added to all logits of an example.")
def test_q4_log_softmax_and_shift(log_softmax):
    import numpy as np

    z = np.log([[1.0, 2.0, 5.0], [3.0, 3.0, 2.0]])
    want = np.log([[0.125, 0.25, 0.625], [0.375, 0.375, 0.25]])
    got = log_softmax(z)
    assert got is not None, "log_softmax returned None: is a return missing?"
    got = np.asarray(got)
    assert got.shape == (2, 3), f"the result must have the shape of the logits, (2, 3), but has {got.shape}"
    assert not np.allclose(got, np.exp(want), rtol=1e-9, atol=1e-12), (
        "these are the probabilities, not their logarithms"
    )
    assert not np.allclose(np.exp(got).sum(axis=0), 1, rtol=1e-9, atol=1e-9), (
        "each column of probabilities sums to 1: softmax goes along the last axis, over the classes of one example"
    )
    np.testing.assert_allclose(
        got, want, rtol=1e-12, atol=1e-14, err_msg="logits log(1, 2, 5) and log(3, 3, 2)"
    )
    np.testing.assert_allclose(
        np.asarray(log_softmax(z + 7)), want, rtol=1e-12, atol=1e-14, err_msg="the same logits, each plus 7"
    )

@test_case(points=1, hidden=False, 
    failure_message="log_softmax fails for the logits 1000, 0, -1000.")
def test_q4_log_softmax_of_extreme_logits(log_softmax):
    import numpy as np

    got = log_softmax([1000, 0, -1000])
    assert got is not None, "log_softmax returned None: is a return missing?"
    got = np.asarray(got)
    assert not np.isnan(got).any(), (
        f"you get {got}: exp(1000) overflows. What may be subtracted from all logits?"
    )
    assert not np.isinf(got).any(), (
        f"you get {got}: exp(-1000) is 0 in float64, so the logarithm must not be taken of a probability"
    )
    np.testing.assert_allclose(
        got, [0, -1000, -2000], rtol=1e-12, atol=1e-12, err_msg="log_softmax([1000, 0, -1000])"
    )

@test_case(points=1, hidden=False, 
    failure_message="The loss or the gradient of two simple examples is wrong.")
def test_q4_loss_and_gradient_by_hand(softmax_loss):
    import numpy as np

    z, labels = np.log([[1.0, 2.0, 5.0], [3.0, 3.0, 2.0]]), np.array([2, 0])
    got = softmax_loss(z, labels)
    assert got is not None and len(got) == 2, f"a pair (loss, gradient) is wanted, got {got!r}"
    loss, gradient = got
    assert np.ndim(loss) == 0, f"the loss must be one number, but its shape is {np.shape(loss)}"
    total = -np.log(0.625) - np.log(0.375)
    assert not np.isclose(loss, total, rtol=1e-9, atol=0), (
        "this is the sum of the two losses; the default is their mean"
    )
    assert not np.isclose(loss, total / 6, rtol=1e-9, atol=0), (
        "divide by the number of examples, not by N times K"
    )
    np.testing.assert_allclose(
        loss, total / 2, rtol=1e-12, atol=0, err_msg="mean of -log(0.625) and -log(0.375)"
    )
    want = np.array([[0.125, 0.25, -0.375], [-0.625, 0.375, 0.25]])
    gradient = np.asarray(gradient)
    assert gradient.shape == (2, 3), (
        f"the gradient must have the shape of the logits, but has {gradient.shape}"
    )
    assert not np.allclose(gradient, want, rtol=1e-9, atol=1e-12), (
        "this is the gradient of the sum; the mean over 2 examples has half of it"
    )
    assert not np.allclose(gradient, -want / 2, rtol=1e-9, atol=1e-12), "the sign of the gradient is wrong"
    np.testing.assert_allclose(
        gradient, want / 2, rtol=1e-12, atol=1e-14, err_msg="gradient of the mean loss"
    )
    loss, gradient = softmax_loss(z, labels, reduction="sum")
    np.testing.assert_allclose(loss, total, rtol=1e-12, atol=0, err_msg="reduction='sum': the loss")
    np.testing.assert_allclose(
        np.asarray(gradient), want, rtol=1e-12, atol=1e-14, err_msg="reduction='sum': the gradient"
    )
