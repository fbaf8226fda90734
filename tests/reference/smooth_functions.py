"""Test functions whose value, derivatives of all orders and curvature differ from one another.

exp is its own derivative, and x**2 has no truncation error: with them a wrong derivative can look right.
"""

import numpy as np
import torch


def wave(x):
    """Sum over entries of sin(x)*exp(0.3x)."""
    return np.sum(np.sin(x) * np.exp(0.3 * x))


def wave_gradient(x):
    return np.exp(0.3 * x) * (np.cos(x) + 0.3 * np.sin(x))


def coupled_torch(x):
    """A scalar function of a vector tensor that mixes all entries; for autograd."""
    weights = torch.arange(1, x.numel() + 1, dtype=x.dtype) / x.numel()
    flat = x.reshape(-1)
    return (
        torch.sin(weights @ flat) * torch.exp(0.3 * flat[0])
        + torch.log(1 + (flat**2).sum())
        + (flat**3).sum()
    )


def coupled(x):
    """`coupled_torch` written again in NumPy."""
    flat = np.asarray(x).reshape(-1)
    weights = np.arange(1, flat.size + 1) / flat.size
    return np.sin(weights @ flat) * np.exp(0.3 * flat[0]) + np.log(1 + (flat**2).sum()) + (flat**3).sum()


def coupled_gradient(x):
    """Its gradient by reverse-mode automatic differentiation."""
    tensor = torch.tensor(np.asarray(x, dtype=np.float64), requires_grad=True)
    (gradient,) = torch.autograd.grad(coupled_torch(tensor), tensor)
    return gradient.numpy()


def coupled_hessian(x):
    """Its Hessian by automatic differentiation."""
    return torch.autograd.functional.hessian(
        coupled_torch, torch.tensor(np.asarray(x, dtype=np.float64))
    ).numpy()
