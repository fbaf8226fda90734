"""Oracles: torch.autograd, products in closed form at the origin, bounds of a random stack."""

import math

import numpy as np
import pytest
import torch

from reference.residual_flow import dead_relu_branch, residual_jacobian


@pytest.mark.parametrize(("skip", "scale"), [(1.0, 1.0), (0.0, 1.3), (0.9, -0.5)])
def test_jacobian_agrees_with_autograd(backend, rng, skip, scale):
    weights, x = rng.normal(size=(4, 5, 5)) / 2, rng.normal(size=5)

    def stack(h):
        for W in torch.tensor(weights):
            h = skip * h + scale * torch.tanh(W @ h)
        return h

    got = residual_jacobian(backend.array(weights), backend.array(x), skip=skip, scale=scale)
    assert backend.owns(got)
    want = torch.autograd.functional.jacobian(stack, torch.tensor(x))
    np.testing.assert_allclose(got, want.numpy(), **backend.tolerance)


def test_jacobian_at_the_origin_is_the_product_over_all_paths(rng):
    first, second = weights = rng.normal(size=(2, 3, 3))
    want = np.eye(3) + first + second + second @ first
    np.testing.assert_allclose(residual_jacobian(weights, np.zeros(3)), want, rtol=1e-13, atol=1e-13)


def test_scaled_branches_keep_all_singular_values_near_one(rng):
    depth, n = 100, 40
    weights, x = rng.normal(size=(depth, n, n)) / math.sqrt(n), rng.normal(size=n)
    sigma = np.linalg.svd(residual_jacobian(weights, x, scale=depth**-0.5), compute_uv=False)
    assert math.exp(-2) < sigma[-1] < sigma[0] < math.exp(2)
    unscaled = np.linalg.svd(residual_jacobian(weights, x), compute_uv=False)
    assert unscaled[0] > 50


@pytest.mark.parametrize("n", [1, 4])
def test_dead_branch_cancels_the_skip_everywhere(n, rng):
    A, B = (torch.tensor(part) for part in dead_relu_branch(n))
    for point in 3 * rng.normal(size=(10, n)):
        x = torch.tensor(point, requires_grad=True)
        (x + B @ torch.relu(A @ x)).sum().backward()
        assert torch.count_nonzero(x.grad) == 0


def test_bad_arguments_are_refused():
    with pytest.raises(ValueError, match="shapes"):
        residual_jacobian(np.ones((2, 3, 4)), np.ones(4))
    with pytest.raises(ValueError, match="scale must be finite"):
        residual_jacobian(np.ones((2, 3, 3)), np.ones(3), scale=math.inf)
    with pytest.raises(ValueError, match="weights must be finite"):
        residual_jacobian(np.full((2, 3, 3), np.nan), np.ones(3))
    with pytest.raises(ValueError, match="at least 1"):
        dead_relu_branch(0)
