"""Name the likely cause of a gradient that disagrees with the numerical one."""

from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from reference.arrays import Array, as_point, evaluate
from reference.finite_differences import (
    coarser_precision,
    displacement_at,
    optimal_step,
    representable_step,
)

Cause = Literal[
    "none",
    "shape",
    "not finite",
    "kink",
    "sign",
    "factor 2",
    "transpose",
    "mean against sum",
    "scale",
    "missing term",
    "unknown",
]

# A smooth slope jump grows at least in proportion to the step, that of a kink hardly at all. Comparing steps
# that differ by WIDE, the dividing line lies half-way (in powers of two) between 1/WIDE and 1 - t.
WIDE = 32
KINK_RATIO = 1 / 16
# Kink tests subtract three values of f; this many units of rounding count as noise.
ROUNDING_UNITS = 32


def _slope_jump(
    f: Callable[[Array], Any], x: Array, index: tuple[int, ...], h: float, eps: float
) -> tuple[float, float]:
    """Return |right slope - left slope| over h at one entry of x, and the rounding error of that number."""
    shift = displacement_at(x, index, h)
    left, middle, right = (float(evaluate(f, point)) for point in (x - shift, x, x + shift))
    noise = ROUNDING_UNITS * eps * max(abs(left), abs(middle), abs(right)) / h
    return abs((right - middle) - (middle - left)) / h, noise


def kink_jump(f: Callable[[Array], Any], x: Array, index: tuple[int, ...], h: float, *, eps: float) -> float:
    """Return by how much the slope of f jumps between x - h and x + h along one entry; 0 if f is smooth.

    For smooth f the one-sided slopes differ by h*f'', 1/32 of their difference over 32h. For a kink at
    distance t*h from x they differ by the same jump over both steps, up to the factor 1 - t: kinks with
    t < 0.93 are found. `eps` is the rounding unit of f.
    """
    jump, noise = _slope_jump(f, x, index, h, eps)
    wide_jump, _ = _slope_jump(f, x, index, WIDE * h, eps)
    return jump if jump > max(noise, KINK_RATIO * wide_jump) else 0.0


def kink_report(f: Callable[[Array], Any], x: Any, *, step: Any = None) -> list[tuple[int, ...]]:
    """Return the indices at which a central difference straddles a kink, such as that of ReLU at 0.

    Parameters
    ----------
    f : callable
        Scalar function of an array of the shape of x; one call and six for each entry.
    x : array, any shape
    step : number or array, optional
        Step of the difference whose trustworthiness is in question. Default: `optimal_step` for the coarser
        precision of x and f(x).

    Returns
    -------
    list of index tuples
        There a numerical derivative is a mixture of two slopes and proves nothing about a gradient.

    Notes
    -----
    Rounding is judged by |f|, in the coarser precision of x and f(x): where large terms cancel to almost nothing,
    it can pass for a kink.
    """
    point = as_point("x", x)
    precision = coarser_precision(point, evaluate(f, point))
    wanted = optimal_step(point, dtype=precision.dtype) if step is None else step
    steps = representable_step(point, wanted)
    return [
        index
        for index in np.ndindex(tuple(point.shape))
        if kink_jump(f, point, index, float(steps[index]), eps=precision.eps) > 0
    ]


def _fits(candidate: Array, target: Array, allowed: Array) -> bool:
    return candidate.shape == target.shape and bool((np.abs(candidate - target) <= allowed).all())


def diagnose(analytic: Array, numeric: Array, x: Array, allowed: Array) -> tuple[Cause, str]:
    """Return the likely cause of a mismatch and one sentence about it.

    Parameters
    ----------
    analytic, numeric, x : NumPy arrays of float64, one shape
        The gradient under test, the numerical gradient, and the point.
    allowed : NumPy array, same shape
        Largest difference between the two that finite differences leave unexplained.

    Notes
    -----
    One number can be explained in many ways, so a diagnosis from a single entry is the weakest. A factor of 2
    may also be a mean over two examples.
    """
    if _fits(-analytic, numeric, allowed):
        return "sign", "the gradient is the negative of the true one"
    if _fits(2 * analytic, numeric, allowed) or _fits(analytic, 2 * numeric, 2 * allowed):
        return "factor 2", "all entries are wrong by the factor 2: look for a square or a 1/2"
    if x.ndim == 2 and _fits(analytic.T, numeric, allowed):
        return "transpose", "the gradient is the transpose of the true one"

    size = float(np.vdot(analytic, analytic))
    factor = float(np.vdot(analytic, numeric)) / size if size > 0 else 0.0
    if factor != 0 and _fits(factor * analytic, numeric, allowed * max(1.0, abs(factor))):
        count = max(abs(factor), 1 / abs(factor))
        if count > 2.5 and abs(count - round(count)) < 1e-3 * count:
            return "mean against sum", f"all entries are wrong by the factor {round(count)}: the batch size?"
        return "scale", f"all entries must be multiplied by {factor:.6g}"

    residual = numeric - analytic
    wrong = np.abs(residual) > allowed
    if (analytic[wrong] == 0).all():
        return "missing term", f"{wrong.sum()} of {x.size} entries are 0 but should not be"
    if x.size > 1:
        along_x = float(np.vdot(x, residual)) / max(float(np.vdot(x, x)), np.finfo(x.dtype).tiny)
        if _fits(along_x * x, residual, allowed):
            return "missing term", f"{along_x:.6g} times x is missing: the gradient of a regulariser?"
        if _fits(np.full_like(residual, residual.mean()), residual, allowed):
            return "missing term", f"the same number, {residual.mean():.6g}, is missing in all entries"
    return "unknown", f"{wrong.sum()} of {x.size} entries are wrong"
