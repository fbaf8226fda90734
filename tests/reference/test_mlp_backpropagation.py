"""Backpropagation by hand against torch: a different author, a different method."""

import numpy as np
import pytest
import torch

from reference.mlp_backpropagation import mlp_backward, mlp_loss

N, D, H, C = 5, 7, 4, 3  # pairwise distinct, so that a transposed product cannot fit


def problem(scale=1.0):
    rng = np.random.default_rng(8)
    shapes = {"W1": (D, H), "b1": (H,), "W2": (H, C), "b2": (C,)}
    params = {name: scale * rng.normal(size=shape) for name, shape in shapes.items()}
    return params, rng.normal(size=(N, D)), rng.integers(0, C, size=N)


def torch_loss(params, X, y, l2):
    hidden = torch.tanh(torch.tensor(X) @ params["W1"] + params["b1"])
    logits = hidden @ params["W2"] + params["b2"]
    penalty = (params["W1"] ** 2).sum() + (params["W2"] ** 2).sum()
    return torch.nn.functional.cross_entropy(logits, torch.tensor(y)) + l2 / 2 * penalty


@pytest.mark.parametrize("l2", [0.0, 0.3])
@pytest.mark.parametrize("scale", [0.1, 1.0, 300.0])
def test_loss_and_gradients_agree_with_autograd(l2, scale):
    params, X, y = problem(scale)
    tensors = {name: torch.tensor(value, requires_grad=True) for name, value in params.items()}
    loss = torch_loss(tensors, X, y, l2)
    loss.backward()
    assert mlp_loss(params, X, y, l2=l2) == pytest.approx(loss.item(), rel=1e-12)
    gradients = mlp_backward(params, X, y, l2=l2)
    assert list(gradients) == list(params)
    for name, gradient in gradients.items():
        assert gradient.shape == params[name].shape
        np.testing.assert_allclose(gradient, tensors[name].grad.numpy(), rtol=1e-9, atol=1e-13, err_msg=name)


def test_labels_may_be_a_list():
    params, X, y = problem()
    assert mlp_loss(params, X, y.tolist()) == mlp_loss(params, X, y)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda y: y[:, None], r"shape \(5,\), but has shape \(5, 1\)"),
        (lambda y: y[:3], r"shape \(5,\), but has shape \(3,\)"),
        (lambda y: np.eye(C)[y], r"shape \(5,\), but has shape \(5, 3\)"),
        (lambda y: y.astype(float), "dtype float64"),
        (lambda y: y > 0, "dtype bool"),
        (lambda y: y - C, "classes from 0 to 2"),
        (lambda y: np.full_like(y, C), "classes from 0 to 2"),
    ],
)
@pytest.mark.parametrize("function", [mlp_loss, mlp_backward])
def test_labels_that_numpy_would_take_silently_are_refused(function, change, message):
    params, X, y = problem()
    with pytest.raises(ValueError, match=f"^y must hold .*{message}"):
        function(params, X, change(y))


def test_arguments_are_not_changed():
    params, X, y = problem()
    copies = {name: value.copy() for name, value in params.items()}, X.copy(), y.copy()
    mlp_backward(params, X, y, l2=0.1)
    np.testing.assert_array_equal(X, copies[1])
    np.testing.assert_array_equal(y, copies[2])
    for name, value in params.items():
        np.testing.assert_array_equal(value, copies[0][name])
