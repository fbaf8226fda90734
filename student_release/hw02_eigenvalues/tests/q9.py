from otter.test_files import test_case

OK_FORMAT = False

name = "q9"
points = 7

@test_case(points=1, hidden=False, 
    failure_message="The lengths of the signals are wrong for the two small layers of the prompt.")
def test_q9_forward_by_hand(propagate_norms):
    import numpy as np

    weights = [np.array([[3.0, 0.0], [0.0, -4.0]]), np.array([[1.0, 1.0]])]
    for activation, want in (("linear", [np.sqrt(2), 5.0, 1.0]), ("relu", [np.sqrt(2), 3.0, 3.0])):
        got = propagate_norms(weights, np.array([1.0, 1.0]), activation)
        assert got is not None, "propagate_norms returned None: is a return missing?"
        got = np.asarray(got, dtype=float)
        assert got.shape != (2,), "two numbers for two layers: the length of x itself, entry 0, is missing"
        assert got.shape == (3,), f"two layers make three lengths, but the result has shape {got.shape}"
        assert not np.allclose(got, np.square(want), rtol=1e-9, atol=0), (
            "these are the squares of the lengths"
        )
        np.testing.assert_allclose(
            got, want, rtol=1e-9, atol=0, err_msg=f"lengths of the signals, {activation}"
        )

@test_case(points=1, hidden=False, 
    failure_message="The lengths of the gradients are wrong for the two small layers of the prompt.")
def test_q9_backward_by_hand(backpropagate_norms):
    import numpy as np

    weights = [np.array([[3.0, 0.0], [0.0, -4.0]]), np.array([[1.0, 1.0]])]
    for activation, first in (("linear", 10.0), ("relu", 6.0)):
        got = backpropagate_norms(weights, np.array([1.0, 1.0]), np.array([2.0]), activation)
        assert got is not None, "backpropagate_norms returned None: is a return missing?"
        got = np.asarray(got, dtype=float)
        assert got.shape == (3,), f"two layers make three lengths, but the result has shape {got.shape}"
        want = np.array([first, np.sqrt(8), 2.0])
        assert not np.allclose(got, want[::-1], rtol=1e-9, atol=0), (
            "the order is reversed: entry 0 is the gradient with respect to x"
        )
        assert activation == "linear" or not np.isclose(got[0], 10.0, rtol=1e-9, atol=0), (
            "relu: entry 0 is that of the linear network. Unit 2 of layer 1 is off (-4 before the ReLU), so no gradient passes through it"
        )
        np.testing.assert_allclose(
            got, want, rtol=1e-9, atol=0, err_msg=f"lengths of the gradients, {activation}"
        )
