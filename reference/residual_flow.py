"""What skip connections do to gradients: the Jacobian of a stack of tanh layers, and a branch that cancels its skip."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
from array_api_compat import array_namespace

from reference.arrays import Array, Doubles, as_floating, require_finite


def residual_jacobian(weights: Any, x: Any, *, skip: float = 1.0, scale: float = 1.0) -> Array:
    """Jacobian of x_L with respect to x_0 = x, where x_l = skip x_{l-1} + scale tanh(W_l x_{l-1}).

    Parameters
    ----------
    weights : array, shape (L, n, n)
        W_1 (applied first) to W_L.
    x : array, shape (n,)
        Decides namespace, dtype and device.
    skip
        1 for a residual stack, 0 for a plain one.
    scale
        Factor of the branches; 1/sqrt(L) keeps the singular values of a random residual stack bounded in L.

    Returns
    -------
    array, shape (n, n)

    Raises
    ------
    ValueError
        If shapes do not fit or a value is not finite.

    Notes
    -----
    The product of skip I + scale D_l W_l with the slopes D_l = diag(1 - tanh^2). With skip = 1 it multiplies out
    to 2^L terms, of which the identity is one (He et al., *Identity Mappings in Deep Residual Networks*, 2016).
    """
    x = as_floating("x", x)
    weights = as_floating("weights", weights, like=x)
    if x.ndim != 1 or weights.ndim != 3 or weights.shape[1:] != (x.shape[0], x.shape[0]):
        raise ValueError(
            f"weights and x must have shapes (L, n, n) and (n,), but have {tuple(weights.shape)} and {tuple(x.shape)}"
        )
    for name, value in (("weights", weights), ("x", x), ("skip", as_floating("skip", skip))):
        require_finite(name, value)
    require_finite("scale", as_floating("scale", scale))
    xp = array_namespace(x)
    jacobian = xp.eye(x.shape[0], dtype=x.dtype, device=x.device)
    for layer in range(weights.shape[0]):
        W = weights[layer, ...]
        branch = xp.tanh(W @ x)
        jacobian = skip * jacobian + scale * (1 - branch**2)[:, None] * (W @ jacobian)
        x = skip * x + scale * branch
    return jacobian


def dead_relu_branch(n: int) -> tuple[Doubles, Doubles]:
    """Weights A, B such that x + B relu(A x) is 0 for every x: no gradient passes, although there is a skip.

    Parameters
    ----------
    n
        Number of entries of x, at least 1.

    Returns
    -------
    A : array, shape (2n, n)
    B : array, shape (n, 2n)

    Raises
    ------
    ValueError
        If n is below 1.

    Notes
    -----
    relu(x) - relu(-x) = x. The Jacobian of the branch is then -I, whose eigenvalue -1 makes I + J singular.
    """
    identity = np.eye(_as_size(n))
    return np.vstack([identity, -identity]), np.hstack([-identity, identity])


def _as_size(n: int) -> int:
    if operator.index(n) < 1:
        raise ValueError(f"n must be at least 1, but is {n}")
    return operator.index(n)
