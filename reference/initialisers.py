"""Random weights whose variance keeps signals at one size from layer to layer.

Weights have shape (fan_out, fan_in) or, for convolutions, (channels out, channels in, *kernel), as in PyTorch; a
layer computes W x. The Xavier variance is 2/(fan_in + fan_out), not 1/n, and the He variance 2/fan_in makes up for
the half of the signal that a ReLU removes, so that a *linear* network grows with it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np


def fan_in_fan_out(shape: Sequence[int]) -> tuple[int, int]:
    """Numbers of inputs to, and outputs from, one unit of a layer with weights of this shape.

    Parameters
    ----------
    shape
        (fan_out, fan_in), or (channels out, channels in, *kernel), where the kernel's size multiplies both.

    Raises
    ------
    ValueError
        If there are fewer than two sizes or one is not positive.
    """
    if len(shape) < 2 or min(shape) < 1:
        raise ValueError(f"shape must hold at least two positive sizes, but is {tuple(shape)}")
    kernel = math.prod(shape[2:])
    return shape[1] * kernel, shape[0] * kernel


def xavier_normal(
    shape: Sequence[int], rng: np.random.Generator, *, gain: float = 1.0, dtype: Any = np.float64
):
    """Gaussian weights of variance gain^2 2/(fan_in + fan_out).

    Parameters
    ----------
    shape
        (fan_out, fan_in, *kernel).
    rng
        Source of randomness; equal states give equal weights.
    gain
        Factor on the standard deviation.
    dtype
        float64 or float32.

    Returns
    -------
    array of that shape and dtype

    Raises
    ------
    ValueError
        If there are fewer than two sizes, one is not positive, or gain is not a finite positive number.

    References
    ----------
    Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks", AISTATS 2010.
    """
    return _normal(shape, rng, _checked(gain) * math.sqrt(2 / sum(fan_in_fan_out(shape))), dtype)


def xavier_uniform(
    shape: Sequence[int], rng: np.random.Generator, *, gain: float = 1.0, dtype: Any = np.float64
):
    """Uniform weights with the variance of `xavier_normal`: on +- gain sqrt(6/(fan_in + fan_out))."""
    return _uniform(shape, rng, _checked(gain) * math.sqrt(2 / sum(fan_in_fan_out(shape))), dtype)


def he_normal(
    shape: Sequence[int], rng: np.random.Generator, *, mode: str = "fan_in", dtype: Any = np.float64
):
    """Gaussian weights of variance 2/fan_in, for layers that a ReLU follows.

    Parameters
    ----------
    shape
        (fan_out, fan_in, *kernel).
    rng
        Source of randomness; equal states give equal weights.
    mode
        "fan_in" keeps the size of activations, "fan_out" that of gradients.
    dtype
        float64 or float32.

    Returns
    -------
    array of that shape and dtype

    Raises
    ------
    ValueError
        If there are fewer than two sizes, one is not positive, or the mode is unknown.

    References
    ----------
    He et al., "Delving deep into rectifiers", ICCV 2015.
    """
    return _normal(shape, rng, math.sqrt(2 / _fan(shape, mode)), dtype)


def he_uniform(
    shape: Sequence[int], rng: np.random.Generator, *, mode: str = "fan_in", dtype: Any = np.float64
):
    """Uniform weights with the variance of `he_normal`: on +- sqrt(6/fan)."""
    return _uniform(shape, rng, math.sqrt(2 / _fan(shape, mode)), dtype)


def _fan(shape: Sequence[int], mode: str) -> int:
    fan_in, fan_out = fan_in_fan_out(shape)
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(f"mode must be 'fan_in' or 'fan_out', but is {mode!r}")
    return fan_in if mode == "fan_in" else fan_out


def _checked(gain: float) -> float:
    if not 0 < gain < math.inf:
        raise ValueError(f"gain must be a finite positive number, but is {gain!r}")
    return gain


def _normal(shape: Sequence[int], rng: np.random.Generator, std: float, dtype: Any) -> np.ndarray:
    return rng.standard_normal(shape, dtype=dtype) * std


def _uniform(shape: Sequence[int], rng: np.random.Generator, std: float, dtype: Any) -> np.ndarray:
    return (rng.random(shape, dtype=dtype) * 2 - 1) * (math.sqrt(3) * std)
