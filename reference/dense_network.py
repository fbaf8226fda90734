"""One forward and one backward pass through a dense classifier of any depth, with every intermediate result.

The gradient of each intermediate is kept as well as that of each parameter, so that a page of hand calculation can
be compared line by line. (`reference.mlp_backpropagation` is one hidden layer of tanh with weight decay.)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from array_api_compat import array_namespace

from reference.arrays import Array, as_floating, require_finite
from reference.logits import cross_entropy_from_logits, cross_entropy_gradient


def relu(a: Array) -> Array:
    """max(a, 0) entry by entry; NaN where a is NaN."""
    return array_namespace(a).where(a <= 0, 0, a)


def relu_slope(a: Array) -> Array:
    """Derivative of `relu`, from its argument or from its value; 0 at 0, as in torch, and NaN where a is NaN."""
    xp = array_namespace(a)
    return xp.where(xp.isnan(a), a, xp.astype(a > 0, a.dtype))


def _tanh(a: Array) -> Array:
    return array_namespace(a).tanh(a)


def _sigmoid(a: Array) -> Array:
    xp = array_namespace(a)
    small = xp.exp(-xp.abs(a))  # never overflows
    return xp.where(a >= 0, 1 / (1 + small), small / (1 + small))


#: Activation and its slope, the latter as a function of the activation's *value*. The ReLU's slope at 0 is 0.
ACTIVATIONS: dict[str, tuple[Callable[[Array], Array], Callable[[Array], Array]]] = {
    "relu": (relu, relu_slope),
    "tanh": (_tanh, lambda h: 1 - h**2),
    "sigmoid": (_sigmoid, lambda h: h * (1 - h)),
}


@dataclass(frozen=True)
class Pass:
    """Everything that one forward and one backward pass compute; d means the gradient of the mean loss."""

    loss: Array
    """Mean cross-entropy in nats, shape ()."""
    outputs: tuple[Array, ...]
    """Inputs, then the output of each hidden layer after its activation: L arrays of shape (N, n_l)."""
    pre_activations: tuple[Array, ...]
    """Output of each layer before its activation, shape (N, n_l); the last ones are the logits."""
    d_pre_activations: tuple[Array, ...]
    d_outputs: tuple[Array, ...]
    """The first of them is the gradient with respect to the inputs."""
    d_weights: tuple[Array, ...]
    d_biases: tuple[Array, ...]


def forward_backward(
    weights: Sequence[Array], biases: Sequence[Array], X: Array, labels: Array, *, activation: str = "relu"
) -> Pass:
    """Compute the loss of softmax cross-entropy and its gradient with respect to everything.

    Parameters
    ----------
    weights : L >= 1 arrays, shape (n_l, n_{l+1})
        Rows of X are examples, and layers compute ``X @ W + b``; PyTorch stores the transpose.
    biases : L arrays, shape (n_{l+1},)
    X : array, shape (N, n_0)
        Decides namespace, device and dtype.
    labels : integer array, shape (N,), or array, shape (N, n_L)
        Classes, or target distributions.
    activation
        "relu", "tanh" or "sigmoid", after every layer but the last.

    Raises
    ------
    ValueError
        If there is no layer, numbers or shapes of weights and biases do not fit, X, a weight or a bias is not
        finite, the activation is unknown, or labels do not fit the logits.

    Notes
    -----
    For each matrix product forward there are two backward, ``d_weights = outputs' d_pre`` and
    ``d_outputs = d_pre weights'`` (Goodfellow, Bengio and Courville, *Deep Learning*, 2016, section 6.5).
    """
    if activation not in ACTIVATIONS:
        raise ValueError(f"activation must be one of {', '.join(ACTIVATIONS)}, but is {activation!r}")
    act, slope = ACTIVATIONS[activation]
    x = as_floating("X", X, min_ndim=2)
    require_finite("X", x)
    Ws, bs = _checked_layers(weights, biases, x)
    outputs, pre = [x], []
    for W, b in zip(Ws, bs, strict=True):
        pre.append(outputs[-1] @ W + b)
        outputs.append(act(pre[-1]))
    outputs.pop()  # the logits have no activation
    xp = array_namespace(x)
    d = cross_entropy_gradient(pre[-1], labels)
    d_pre, d_outputs = [d], [d @ xp.matrix_transpose(Ws[-1])]
    for W, h in zip(Ws[-2::-1], outputs[:0:-1], strict=True):
        d_pre.insert(0, d_outputs[0] * slope(h))
        d_outputs.insert(0, d_pre[0] @ xp.matrix_transpose(W))
    return Pass(
        loss=cross_entropy_from_logits(pre[-1], labels),
        outputs=tuple(outputs),
        pre_activations=tuple(pre),
        d_pre_activations=tuple(d_pre),
        d_outputs=tuple(d_outputs),
        d_weights=tuple(xp.matrix_transpose(h) @ d for h, d in zip(outputs, d_pre, strict=True)),
        d_biases=tuple(xp.sum(d, axis=0) for d in d_pre),
    )


def _checked_layers(
    weights: Sequence[Array], biases: Sequence[Array], x: Array
) -> tuple[list[Array], list[Array]]:
    if len(weights) != len(biases) or not weights:
        raise ValueError(
            f"there must be as many weights as biases, and one at least, not {len(weights)} and {len(biases)}"
        )
    Ws = [as_floating(f"weights[{i}]", W, like=x) for i, W in enumerate(weights)]
    bs = [as_floating(f"biases[{i}]", b, like=x) for i, b in enumerate(biases)]
    inputs = x.shape[-1]
    for i, (W, b) in enumerate(zip(Ws, bs, strict=True)):
        if W.ndim != 2 or W.shape[0] != inputs or b.shape != W.shape[1:]:
            raise ValueError(
                f"layer {i} gets {inputs} inputs: weights of shape ({inputs}, n) and biases of shape (n,) are wanted, "
                f"not {tuple(W.shape)} and {tuple(b.shape)}"
            )
        require_finite(f"weights[{i}]", W)
        require_finite(f"biases[{i}]", b)
        inputs = W.shape[1]
    return Ws, bs
