"""Gradient checks beside `scipy.optimize.check_grad` and `torch.autograd.gradcheck`."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.optimize import approx_fprime, check_grad

from reference.directional_checks import directional_check
from reference.finite_differences import finite_difference
from reference.gradient_checking import check_gradient
from tests.benchmarks.timing import cpu_seconds, show

pytestmark = pytest.mark.benchmark


def wave(x):
    return np.sum(np.sin(x) * np.exp(0.3 * x))


def wave_gradient(x):
    return np.exp(0.3 * x) * (np.cos(x) + 0.3 * np.sin(x))


def torch_wave(x):
    return (torch.sin(x) * torch.exp(0.3 * x)).sum()


@torch.enable_grad()  # it also runs inside a backward pass, where gradients are off
def torch_gradient(x):
    x = x.clone().requires_grad_()
    return torch.autograd.grad(torch_wave(x), x)[0]


def point(n):
    return np.random.default_rng(0).uniform(-2, 2, size=n)


def detects(check):
    """Smallest relative error of a whole gradient that a check rejects; it must accept the right gradient."""
    assert check(1.0)
    return min(size for size in 10.0 ** -np.arange(1, 10) if not check(1.0 + size))


class Scaled(torch.autograd.Function):
    """`torch_wave` with a gradient that is wrong by a factor."""

    @staticmethod
    def forward(ctx, x, factor):
        ctx.save_for_backward(x)
        ctx.factor = factor
        return torch_wave(x)

    @staticmethod
    def backward(ctx, cotangent):
        return ctx.factor * cotangent * torch_gradient(ctx.saved_tensors[0]), None


@pytest.mark.parametrize("n", [10, 300])
def test_entry_by_entry(n):
    x = point(n)
    exact = wave_gradient(x)
    t = torch.tensor(x, requires_grad=True)
    seconds = cpu_seconds(
        {
            "ours": lambda: check_gradient(wave, wave_gradient, x),
            "ours, in torch": lambda: check_gradient(torch_wave, torch_gradient, t),
            "scipy check_grad": lambda: check_grad(wave, wave_gradient, x),
            "torch gradcheck": lambda: torch.autograd.gradcheck(torch_wave, t),
        }
    )
    errors = {
        "ours": np.abs(finite_difference(wave, x) - exact).max(),
        "scipy check_grad": np.abs(approx_fprime(x, wave) - exact).max(),
    }
    show(f"every entry of a gradient in {n} dimensions; error of the numerical gradient", seconds, errors)
    smallest = {
        "ours": detects(lambda c: check_gradient(wave, lambda x: c * wave_gradient(x), x).ok),
        "torch gradcheck": detects(
            lambda c: torch.autograd.gradcheck(lambda x: Scaled.apply(x, c), t, raise_exception=False)
        ),
    }
    print("  smallest relative error rejected: " + ", ".join(f"{k} {v:.0e}" for k, v in smallest.items()))
    assert errors["ours"] < errors["scipy check_grad"] / 10
    assert smallest["ours"] < smallest["torch gradcheck"]
    # Four calls of f for each entry instead of one, and a report instead of a number.
    assert seconds["ours"] < 12 * seconds["scipy check_grad"]


def test_along_one_direction_of_a_million():
    n = 1_000_000
    x = point(n)
    t = torch.tensor(x, requires_grad=True)

    def seeded():
        return np.random.default_rng(1)

    seconds = cpu_seconds(
        {
            "ours": lambda: directional_check(wave, wave_gradient, x, rng=seeded()),
            "ours, in torch": lambda: directional_check(torch_wave, torch_gradient, t, rng=seeded()),
            "scipy check_grad, one direction": lambda: check_grad(
                wave, wave_gradient, x, direction="random", rng=seeded()
            ),
            "torch gradcheck, fast mode": lambda: torch.autograd.gradcheck(torch_wave, t, fast_mode=True),
            "one gradient": lambda: wave_gradient(x),
        },
        repeats=3,
    )
    report = directional_check(wave, wave_gradient, x, rng=seeded())
    by_scipy = check_grad(wave, wave_gradient, x, direction="random", rng=seeded())
    draws = seeded().standard_normal(n)
    errors = {
        "ours": abs(report.analytic - report.numeric) / np.linalg.norm(wave_gradient(x)),
        "scipy check_grad, one direction": by_scipy / np.linalg.norm(wave_gradient(x) * draws),
    }
    show("one direction of 1,000,000; error relative to the norm of the gradient", seconds, errors)
    assert errors["ours"] < errors["scipy check_grad, one direction"]
