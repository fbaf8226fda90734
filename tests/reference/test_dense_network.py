"""The page of hand calculation, every intermediate of deeper networks against torch.autograd, and the shapes' guards."""

from itertools import pairwise

import numpy as np
import pytest
import torch

from reference.dense_network import forward_backward, relu, relu_slope
from reference.mlp_backpropagation import mlp_backward

WIDTHS = (3, 6, 5, 7, 4)  # pairwise distinct, so that a transposed product cannot fit


def problem(widths=WIDTHS, examples=8, scale=1.0):
    rng = np.random.default_rng(4)
    weights = [scale * rng.normal(size=shape) for shape in pairwise(widths)]
    biases = [rng.normal(size=n) for n in widths[1:]]
    return weights, biases, rng.normal(size=(examples, widths[0])), rng.integers(0, widths[-1], size=examples)


def test_the_page_by_hand():
    W1 = np.array([[1.0, -1, 2, 0], [0, 1, -1, 1]])
    W2 = np.array([[1.0, 0, 0], [5, -5, 5], [0, 1, -1], [0, -1, 1]])
    page = forward_backward([W1, W2], [[0, -2, 1, 0], [1, 1, 0]], np.array([[1.0, 2.0]]), [2])
    np.testing.assert_array_equal(page.pre_activations[0], [[1, -1, 1, 2]])
    np.testing.assert_array_equal(page.outputs[1], [[1, 0, 1, 2]])
    np.testing.assert_array_equal(page.pre_activations[1], [[2, 0, 1]])
    total = np.e**2 + 1 + np.e
    p0, p1, p2 = np.e**2 / total, 1 / total, np.e / total
    np.testing.assert_allclose(page.loss, np.log(total) - 1, rtol=1e-14, atol=0)
    d = np.array([p0, p1, p2 - 1])
    np.testing.assert_allclose(page.d_pre_activations[1], [d], rtol=1e-13, atol=0)
    np.testing.assert_allclose(page.d_weights[1], [d, 0 * d, d, 2 * d], rtol=1e-13, atol=0)
    np.testing.assert_allclose(
        page.d_biases[0], [d[0], 0, d[1] - d[2], d[2] - d[1]], rtol=1e-13, atol=1e-15
    )  # unit 1 is not active


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
@pytest.mark.parametrize("widths", [WIDTHS, (2, 5, 3), (4, 3)])
@pytest.mark.parametrize("scale", [0.3, 3.0])
def test_every_intermediate_agrees_with_autograd(widths, activation, scale):
    weights, biases, X, y = problem(widths, scale=scale)
    W, b = ([torch.tensor(part, requires_grad=True) for part in parts] for parts in (weights, biases))
    outputs, pre = [torch.tensor(X, requires_grad=True)], []
    for w, c in zip(W, b, strict=True):
        pre.append(torch.nn.functional.linear(outputs[-1], w.T, c))
        outputs.append(getattr(torch, activation)(pre[-1]))
    outputs.pop()
    loss = torch.nn.functional.cross_entropy(pre[-1], torch.tensor(y))
    got = forward_backward(weights, biases, X, y, activation=activation)
    assert float(got.loss) == pytest.approx(loss.item(), rel=1e-12)
    for mine, theirs in [(got.outputs, outputs), (got.pre_activations, pre)]:
        for value, tensor in zip(mine, theirs, strict=True):
            np.testing.assert_allclose(value, tensor.detach().numpy(), rtol=1e-11, atol=1e-12)
    for mine, theirs in [
        (got.d_outputs, outputs),
        (got.d_pre_activations, pre),
        (got.d_weights, W),
        (got.d_biases, b),
    ]:
        for value, gradient in zip(mine, torch.autograd.grad(loss, theirs, retain_graph=True), strict=True):
            assert value.shape == tuple(gradient.shape)
            np.testing.assert_allclose(value, gradient.numpy(), rtol=1e-8, atol=1e-13)


def test_one_hidden_layer_of_tanh_is_the_perceptron_of_the_homework():
    weights, biases, X, y = problem((5, 4, 3))
    params = {"W1": weights[0], "b1": biases[0], "W2": weights[1], "b2": biases[1]}
    got = forward_backward(weights, biases, X, y, activation="tanh")
    mine = {"W1": got.d_weights[0], "b1": got.d_biases[0], "W2": got.d_weights[1], "b2": got.d_biases[1]}
    for name, expected in mlp_backward(params, X, y).items():
        np.testing.assert_allclose(mine[name], expected, rtol=1e-11, atol=1e-14)


def test_soft_targets_equal_to_labels_give_the_same():
    weights, biases, X, y = problem()
    hard, soft = (forward_backward(weights, biases, X, labels) for labels in (y, np.eye(4)[y]))
    np.testing.assert_allclose(hard.d_weights[0], soft.d_weights[0], rtol=1e-12, atol=1e-15)


def test_namespace_and_dtype_are_those_of_the_inputs(backend):
    weights, biases, X, y = problem()
    for activation in ("relu", "tanh", "sigmoid"):
        got = forward_backward(weights, biases, backend.array(X), y, activation=activation)
        want = forward_backward(weights, biases, X, y, activation=activation)
        for name in ("outputs", "pre_activations", "d_pre_activations", "d_outputs", "d_weights", "d_biases"):
            for mine, theirs in zip(getattr(got, name), getattr(want, name), strict=True):
                assert backend.owns(mine)
                np.testing.assert_allclose(np.asarray(mine), theirs, **backend.tolerance)


def test_relu_and_its_slope_agree_with_torch_and_hide_no_nan(backend):
    values = [-np.inf, -2.0, -0.0, 0.0, 3.0, np.inf, np.nan]
    a = backend.array(values)
    assert backend.owns(relu(a))
    assert backend.owns(relu_slope(a))
    np.testing.assert_array_equal(np.asarray(relu(a)), torch.relu(torch.tensor(values)).numpy())
    np.testing.assert_array_equal(np.asarray(relu_slope(a)), [0, 0, 0, 0, 1, 1, np.nan])


def test_sigmoid_far_out_neither_overflows_nor_cancels():
    with np.errstate(all="raise", under="ignore"):
        got = forward_backward(
            [[[1.0]], [[1.0, 2.0]]], [[0.0], [0.0, 0.0]], [[-50.0], [800.0]], [0, 1], activation="sigmoid"
        )
    np.testing.assert_allclose(got.outputs[1][:, 0], [np.exp(-50), 1], rtol=1e-13, atol=0)
    d = (
        0.5 * (0.5 - 0.0) * np.exp(-50)
    )  # mean of two examples; half of the gap between the two outgoing weights
    np.testing.assert_allclose(got.d_pre_activations[0][0, 0], d, rtol=1e-12, atol=0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weights": [], "biases": []}, "one at least"),
        ({"biases": [np.zeros(2)]}, "as many weights as biases"),
        ({"weights": [np.ones((2, 3)), np.ones((4, 2))]}, "layer 1 gets 3 inputs"),
        ({"biases": [np.zeros(1), np.zeros(2)]}, "layer 0 gets 2 inputs"),
        ({"weights": [np.ones(2), np.ones((3, 2))]}, "layer 0 gets 2 inputs"),
        ({"activation": "gelu"}, "activation must be one of relu, tanh, sigmoid"),
        ({"labels": [0, 5]}, "labels must be class indices from 0 to 1"),
        ({"X": [[1.0, np.nan], [0.0, 1.0]]}, "X must be finite"),
        ({"weights": [np.full((2, 3), -np.inf), np.ones((3, 2))]}, r"weights\[0\] must be finite"),
        ({"biases": [np.zeros(3), np.array([0.0, np.nan])]}, r"biases\[1\] must be finite"),
    ],
)
def test_bad_arguments_are_named(change, message):
    arguments = {
        "weights": [np.ones((2, 3)), np.ones((3, 2))],
        "biases": [np.zeros(3), np.zeros(2)],
        "X": np.ones((2, 2)),
        "labels": [0, 1],
    } | change
    with pytest.raises(ValueError, match=message):
        forward_backward(**arguments)
