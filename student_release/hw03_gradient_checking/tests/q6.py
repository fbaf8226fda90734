from otter.test_files import test_case

OK_FORMAT = False

name = "q6"
points = 8

@test_case(points=1, hidden=False, 
    failure_message="mlp_backward is wrong for a network whose weight matrices are zero, which can be done by hand: mean over the batch, columns of P - Y.")
def test_q6_backward_by_hand(mlp_backward):
    import numpy as np

    params = {"W1": np.zeros((3, 2)), "b1": np.array([0.5, -1.0]), "W2": np.zeros((2, 4)), "b2": np.zeros(4)}
    X, y = np.arange(15.0).reshape(5, 3), np.array([0, 2, 2, 1, 2])
    got = mlp_backward(params, X, y)
    assert isinstance(got, dict), f"a dictionary is wanted, not {type(got).__name__}"
    assert sorted(got) == ["W1", "W2", "b1", "b2"], f"the keys must be W1, b1, W2, b2, not {sorted(got)}"
    for name, value in params.items():
        assert np.shape(got[name]) == value.shape, (
            f"{name} has shape {value.shape}, its gradient {np.shape(got[name])}"
        )
    want = np.array([0.25 - 1 / 5, 0.25 - 1 / 5, 0.25 - 3 / 5, 0.25])
    assert not np.allclose(got["b2"], 5 * want, rtol=1e-6, atol=1e-9), (
        "b2: this is the gradient of the sum over the batch. The loss is a mean."
    )
    np.testing.assert_allclose(
        got["b2"], want, rtol=1e-9, atol=1e-12, err_msg="b2: all P are 1/4, and the labels are 0, 2, 2, 1, 2"
    )
    np.testing.assert_allclose(
        got["W2"],
        np.outer(np.tanh([0.5, -1.0]), want),
        rtol=1e-9,
        atol=1e-12,
        err_msg="W2: every hidden row is tanh(b1)",
    )
    np.testing.assert_allclose(got["W1"], np.zeros((3, 2)), rtol=0, atol=1e-12, err_msg="W1, when W2 is zero")

@test_case(points=1, hidden=False, 
    failure_message="mlp_autograd is wrong for a network whose weight matrices are zero: does cross_entropy get logits, in float64, and is the regulariser there?")
def test_q6_autograd_by_hand(mlp_autograd):
    import numpy as np

    params = {
        "W1": np.zeros((3, 2)),
        "b1": np.array([0.5, -1.0]),
        "W2": np.zeros((2, 4)),
        "b2": np.log([1.0, 2.0, 3.0, 4.0]),
    }
    X, y = np.arange(15.0).reshape(5, 3), np.array([0, 2, 2, 1, 2])
    got = mlp_autograd(params, X, y)
    assert isinstance(got, dict), f"a dictionary is wanted, not {type(got).__name__}"
    assert sorted(got) == ["W1", "W2", "b1", "b2"], f"the keys must be W1, b1, W2, b2, not {sorted(got)}"
    got = {name: np.asarray(value) for name, value in got.items()}
    for name, value in params.items():
        assert got[name].shape == value.shape, (
            f"{name} has shape {value.shape}, its gradient {got[name].shape}"
        )
        assert got[name].dtype == np.float64, f"{name}: the gradient is {got[name].dtype}, not float64"
    p, share = np.array([0.1, 0.2, 0.3, 0.4]), np.array([0.2, 0.2, 0.6, 0.0])
    assert not np.allclose(got["b2"], 5 * (p - share), rtol=1e-6, atol=1e-9), (
        "b2: the loss is a mean, not a sum"
    )
    twice = np.exp(p) / np.exp(p).sum()
    twice = p * (twice - share - p @ (twice - share))
    assert not np.allclose(got["b2"], twice, rtol=1e-6, atol=1e-9), (
        "b2: softmax was applied twice. cross_entropy takes logits and applies it itself."
    )
    np.testing.assert_allclose(
        got["b2"],
        p - share,
        rtol=1e-9,
        atol=1e-12,
        err_msg="b2: P = (1, 2, 3, 4) / 10, and the labels are 0, 2, 2, 1, 2",
    )
    weighted = mlp_autograd({**params, "W1": np.ones((3, 2))}, 0 * X, y, l2=0.5)
    np.testing.assert_allclose(
        np.asarray(weighted["W1"]),
        np.full((3, 2), 0.5),
        rtol=1e-9,
        atol=1e-12,
        err_msg="W1 = 1, X = 0, l2 = 0.5",
    )
