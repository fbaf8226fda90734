"""What a chain of layers does to the size of a signal, forwards and backwards, and in the limit of great depth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from array_api_compat import array_namespace

from reference.arrays import Array, as_floating, require_finite
from reference.dense_network import relu, relu_slope


def _tanh_slope(a: Array) -> Array:
    return 1 / array_namespace(a).cosh(a) ** 2


#: Activation and its derivative, both as functions of the pre-activation. ReLU has derivative 0 at 0.
ACTIVATIONS: dict[str, tuple[Callable[[Array], Array], Callable[[Array], Array]]] = {
    "linear": (lambda a: a, lambda a: 0 * a + 1),
    "relu": (relu, relu_slope),
    "tanh": (lambda a: array_namespace(a).tanh(a), _tanh_slope),
}


def propagate_norms(weights: Sequence[Any], x: Any, activation: str = "linear") -> Array:
    """Euclidean norms of x and of every layer's output h_l = activation(W_l h_{l-1}).

    Parameters
    ----------
    weights : sequence of L arrays, shapes (n_l, n_{l-1})
    x : array, shape (n_0,) or (batch, n_0)
        Decides namespace, dtype and device. A batch gets one norm for each example: averaging activations
        before taking the norm would measure their mean and not their size.
    activation
        "linear", "relu" or "tanh".

    Returns
    -------
    array, shape (L + 1,) or (L + 1, batch)

    Raises
    ------
    ValueError
        If shapes do not chain, a value is not finite, or the activation is unknown.
    """
    function, _ = _activation(activation)
    x, matrices = _chain(weights, x)
    xp = array_namespace(x)
    signals = [x]
    for W in matrices:
        signals.append(function(signals[-1] @ xp.matrix_transpose(W)))
    return xp.stack([xp.linalg.vector_norm(h, axis=-1) for h in signals])


def backpropagate_norms(weights: Sequence[Any], x: Any, cotangent: Any, activation: str = "linear") -> Array:
    """Euclidean norms of the gradient of <cotangent, h_L> with respect to every h_l, from x = h_0 to h_L.

    Parameters
    ----------
    weights : sequence of L arrays, shapes (n_l, n_{l-1})
    x : array, shape (n_0,) or (batch, n_0)
        Decides namespace, dtype and device.
    cotangent : array, shape (n_L,) or (batch, n_L)
        Gradient of the loss with respect to the output.
    activation
        "linear", "relu" or "tanh".

    Returns
    -------
    array, shape (L + 1,) or (L + 1, batch); entry L is the norm of the cotangent

    Raises
    ------
    ValueError
        As `propagate_norms`, or if the cotangent does not have the shape of the output.

    Notes
    -----
    dx_{l-1} = W_l' D_l dx_l with D_l = diag(activation'(W_l h_{l-1})): the gradient sees the singular values of
    the product of Jacobians D_l W_l, not the eigenvalues of the weights (Pascanu et al., ICML 2013).
    """
    function, slope = _activation(activation)
    x, matrices = _chain(weights, x)
    xp = array_namespace(x)
    slopes, signal = [], x
    for W in matrices:
        before = signal @ xp.matrix_transpose(W)
        slopes.append(slope(before))
        signal = function(before)
    gradient = as_floating("cotangent", cotangent, like=x)
    require_finite("cotangent", gradient)
    if gradient.shape != signal.shape:
        raise ValueError(f"cotangent must have shape {tuple(signal.shape)}, but has {tuple(gradient.shape)}")
    norms = [xp.linalg.vector_norm(gradient, axis=-1)]
    for W, d in zip(reversed(matrices), reversed(slopes), strict=True):
        gradient = (gradient * d) @ W
        norms.append(xp.linalg.vector_norm(gradient, axis=-1))
    return xp.stack(norms[::-1])


def lyapunov_exponents(weights: Any) -> Array:
    """Growth rates per layer, in nats, of the volumes that W_L ... W_2 W_1 stretches; in descending order.

    Parameters
    ----------
    weights : array, shape (L, ..., n, n)
        W_1 (applied first) to W_L; further axes are independent chains.

    Returns
    -------
    array, shape (..., n)
        Their sum is log \\|det(W_L ... W_1)\\| / L exactly. As L grows they tend to log(singular values of the
        product) / L, by Oseledets' theorem. -inf where the product is singular.

    Raises
    ------
    ValueError
        If weights are not a stack of finite square matrices.

    Notes
    -----
    The product itself overflows or, at best, shows its largest singular value only, as its columns align. Here
    each factor is applied to an orthonormal frame, Q_l R_l = W_l Q_{l-1}, and log \\|diag R_l\\| is added up
    (Benettin et al., Meccanica 15, 1980; Eckmann and Ruelle, Rev. Mod. Phys. 57, 1985).
    """
    weights = as_floating("weights", weights, min_ndim=3)
    if 0 in weights.shape or weights.shape[-1] != weights.shape[-2]:
        raise ValueError(f"weights must be a stack of square matrices, but have shape {tuple(weights.shape)}")
    require_finite("weights", weights)
    xp = array_namespace(weights)
    depth = weights.shape[0]
    frame, upper = xp.linalg.qr(weights[0, ...])
    total = _log_abs_diagonal(upper)
    for layer in range(1, depth):
        frame, upper = xp.linalg.qr(weights[layer, ...] @ frame)
        total = total + _log_abs_diagonal(upper)
    return xp.sort(total / depth, axis=-1, descending=True)


def _log_abs_diagonal(upper: Array) -> Array:
    xp = array_namespace(upper)
    size = xp.abs(xp.linalg.diagonal(upper))
    return xp.where(size > 0, xp.log(xp.where(size > 0, size, 1)), -xp.inf)


def _activation(name: str) -> tuple[Callable[[Array], Array], Callable[[Array], Array]]:
    if name not in ACTIVATIONS:
        raise ValueError(f"activation must be one of {', '.join(ACTIVATIONS)}, but is {name!r}")
    return ACTIVATIONS[name]


def _chain(weights: Sequence[Any], x: Any) -> tuple[Array, list[Array]]:
    """The checked input and weight matrices, each fitting the one before it."""
    x = as_floating("x", x, min_ndim=1)
    require_finite("x", x)
    width, matrices = x.shape[-1], []
    for index, value in enumerate(weights):
        W = as_floating(f"weights[{index}]", value, like=x)
        require_finite(f"weights[{index}]", W)
        if W.ndim != 2 or W.shape[1] != width:
            raise ValueError(f"weights[{index}] must have shape (n, {width}), but has {tuple(W.shape)}")
        width = W.shape[0]
        matrices.append(W)
    return x, matrices
