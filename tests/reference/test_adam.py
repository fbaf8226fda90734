"""Adam against torch.optim, and against what its formula says about single steps."""

import numpy as np
import pytest
import torch
from array_api_compat import array_namespace

from reference.adam import adam
from reference.gradient_descent import gradient_descent

START = np.array([3.0, -1.0, 2.0])


def gradient(x):
    """Gradient of sum (x - 1)^4 / 4 + x_0 x_1, not diagonal and not quadratic."""
    xp = array_namespace(x)
    swapped = xp.stack([x[..., 1], x[..., 0], 0 * x[..., 2]], axis=-1)
    return (x - 1) ** 3 + swapped


def torch_path(x0, lr, num_steps, **options):
    x = torch.tensor(x0, requires_grad=True)
    optimiser = torch.optim.Adam([x], lr=lr, **options)
    path = [x.detach().numpy().copy()]
    for _ in range(num_steps):
        optimiser.zero_grad()
        ((x - 1) ** 4 / 4).sum().add(x[0] * x[1]).backward()
        optimiser.step()
        path.append(x.detach().numpy().copy())
    return np.array(path)


@pytest.mark.parametrize("options", [{}, {"beta1": 0.5, "beta2": 0.8, "eps": 0.1}, {"beta1": 0.0}])
@pytest.mark.parametrize("lr", [0.01, 0.3])
def test_path_is_that_of_torch(lr, options):
    betas = options.get("beta1", 0.9), options.get("beta2", 0.999)
    expected = torch_path(START, lr, 60, betas=betas, eps=options.get("eps", 1e-8))
    np.testing.assert_allclose(adam(gradient, START, lr, 60, **options), expected, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e6])
def test_first_step_has_length_lr_in_every_parameter(scale):
    path = adam(lambda x: scale * gradient(x), START, 0.1, 1, eps=0.0)
    np.testing.assert_allclose(path[1], START - 0.1 * np.sign(gradient(START)), rtol=1e-12, atol=0)


def test_scale_of_the_loss_does_not_matter():
    paths = [adam(lambda x, s=s: s * gradient(x), START, 0.1, 40, eps=0.0) for s in (1.0, 1e4)]
    np.testing.assert_allclose(paths[0], paths[1], rtol=1e-9, atol=1e-11)


def test_rotation_matters_unlike_for_gradient_descent():
    H = np.diag([1.0, 100.0])
    Q = np.array([[np.cos(0.7), -np.sin(0.7)], [np.sin(0.7), np.cos(0.7)]])
    start = np.array([1.0, 1.0])

    def turned_back(method):
        plain = method(lambda x: x @ H, start, 0.01, 30)
        turned = method(lambda x: x @ (Q @ H @ Q.T), Q @ start, 0.01, 30) @ Q
        return np.abs(plain - turned).max()

    assert turned_back(gradient_descent) < 1e-12
    assert turned_back(adam) > 1e-2


def test_rates_and_starts_make_a_batch():
    starts, rates = np.stack([START, -START]), np.array([[0.1], [0.02], [0.5]])
    paths = adam(gradient, starts, rates, 7)
    assert paths.shape == (8, 3, 2, 3)
    for i, rate in enumerate(rates[:, 0]):
        for j, start in enumerate(starts):
            np.testing.assert_allclose(paths[:, i, j], adam(gradient, start, rate, 7), rtol=1e-13, atol=0)


def test_namespace_and_dtype_are_those_of_the_start(backend):
    x0 = backend.array(START)
    path = adam(gradient, x0, 0.1, 5)
    assert backend.owns(path) and tuple(path.shape) == (6, 3)
    np.testing.assert_allclose(np.asarray(path), adam(gradient, START, 0.1, 5), **backend.tolerance)


def test_start_is_copied_and_whole_numbers_become_floats():
    x0 = np.array([3, -1, 2])
    path = adam(gradient, x0, 0.1, 2)
    assert path.dtype == np.float64
    path[0] = 0
    np.testing.assert_array_equal(x0, [3, -1, 2])


def test_gradient_is_called_once_per_step():
    calls = []
    adam(lambda x: calls.append(1) or x, START, 0.1, 9)
    assert len(calls) == 9
    np.testing.assert_array_equal(adam(gradient, START, 0.1, 0), START[None])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"x0": [1.0, np.nan]}, "x0 must be finite"),
        ({"x0": 1.0}, "x0 must have at least 1 axes"),
        ({"lr": -0.1}, "lr must lie in"),
        ({"lr": np.ones(4), "x0": np.ones((3, 2))}, "do not broadcast"),
        ({"beta1": 1.0}, "beta1 must lie in"),
        ({"beta2": -0.1}, "beta2 must lie in"),
        ({"eps": np.inf}, "eps must be finite"),
        ({"num_steps": -1}, "num_steps must not be negative"),
        ({"num_steps": 2.5}, "num_steps must be an integer"),
        ({"grad": lambda x: x[..., :1]}, "grad must return the shape of x"),
    ],
)
def test_bad_arguments_are_named(change, message):
    arguments = {"grad": gradient, "x0": START, "lr": 0.1, "num_steps": 3} | change
    with pytest.raises(ValueError, match=message):
        adam(**arguments)
