from otter.test_files import test_case

OK_FORMAT = False

name = "q5"
points = 5

@test_case(points=1, hidden=False, 
    failure_message="A curve of the chapter's four epochs is wrong: which distribution is the entropy of, and which one gives the weights?")
def test_q5_four_epochs(training_curves):
    import numpy as np

    predictions = np.array(
        [
            [[0.3, 0.2, 0.2, 0.15, 0.15]],
            [[0.5, 0.15, 0.15, 0.1, 0.1]],
            [[0.8, 0.07, 0.07, 0.03, 0.03]],
            [[0.95, 0.02, 0.01, 0.01, 0.01]],
        ]
    )
    got = training_curves(predictions, np.array([[1, 0, 0, 0, 0]]))
    assert got is not None, "training_curves returned None: is a return missing?"
    keys = ["prediction entropy", "cross-entropy", "KL divergence"]
    assert sorted(got) == sorted(keys), f"the keys must be {keys}, but are {sorted(got)}"
    for key in keys:
        assert np.shape(got[key]) == (4,), f"{key}: 4 epochs make shape (4,), not {np.shape(got[key])}"
        assert not np.isnan(got[key]).any(), f"{key} contains nan: see questions 1 to 3 for zeros"
    assert np.any(np.asarray(got["prediction entropy"]) > 0.1), (
        "the prediction entropy is about 0: that is the entropy of the one-hot targets, wanted is that of the predictions"
    )
    want = [1.574103, 1.376227, 0.761205, 0.265124]
    np.testing.assert_allclose(
        got["prediction entropy"], want, rtol=1e-5, atol=0, err_msg="prediction entropy in nats"
    )
    want = [1.203973, 0.693147, 0.223144, 0.051293]
    np.testing.assert_allclose(got["cross-entropy"], want, rtol=1e-5, atol=0, err_msg="cross-entropy in nats")
    np.testing.assert_allclose(
        got["KL divergence"],
        want,
        rtol=1e-5,
        atol=0,
        err_msg="KL: with one-hot targets it equals the cross-entropy",
    )

@test_case(points=1, hidden=False, 
    failure_message="The curves must be means over the examples, one number per epoch.")
def test_q5_mean_over_examples(training_curves):
    import numpy as np

    predictions = np.array([[[0.5, 0.5], [0.5, 0.5], [0.25, 0.75]]])
    targets = np.array([[1.0, 0.0], [0.5, 0.5], [0.25, 0.75]])
    got = training_curves(predictions, targets, base=2)
    assert got is not None, "training_curves returned None: is a return missing?"
    third = 2 - 0.75 * np.log2(3)
    loss = np.asarray(got["cross-entropy"], dtype=float)
    assert loss.shape == (1,), f"1 epoch of 3 examples makes shape (1,), not {loss.shape}"
    assert not np.isclose(loss[0], 2 + third, rtol=1e-6, atol=0), (
        "this is the sum over the examples; the mean is wanted"
    )
    np.testing.assert_allclose(
        loss, (2 + third) / 3, rtol=1e-9, atol=0, err_msg="cross-entropy in bits, base=2"
    )
    np.testing.assert_allclose(
        got["prediction entropy"], (2 + third) / 3, rtol=1e-9, atol=0, err_msg="prediction entropy in bits"
    )
    np.testing.assert_allclose(
        got["KL divergence"],
        1 / 3,
        rtol=1e-9,
        atol=1e-12,
        err_msg="KL in bits: two of the predictions are perfect",
    )
