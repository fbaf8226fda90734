"""Gradient checking, entry by entry: is a gradient written by hand the gradient of the function?

Functions are called with arrays of the namespace, dtype and device of x; verdicts are reached in NumPy float64.
`reference.directional_checks` holds the checks whose cost does not grow with the dimension.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from array_api_compat import array_namespace
from numpy.typing import ArrayLike

from reference.arrays import Array, Doubles, as_floating, as_point, evaluate, finite_between, to_numpy
from reference.finite_differences import coarser_precision, finite_difference, optimal_step
from reference.gradient_diagnosis import Cause, diagnose, kink_jump

Function = Callable[[Array], Any]

# Relative error above which a gradient is called wrong, for rounding units up to the first number: well above
# eps**(2/3), the error of a central difference, and in float64 and float32 well below the 1 % of a subtle bug.
TOLERANCES = ((1e-12, 1e-6), (1e-6, 2e-3), (1.0, 1e-1))
# Entries this much smaller than the largest one are judged on its scale: rounding in either gradient is.
SMALL_ENTRY = 1e-3
# Rounding errors of f that are still believed, in units of eps*|f|.
ROUNDING_UNITS = 8
# A slope on either side of a kink is at most half the jump away from a central difference across it.
KINK_SHARE = 0.501


@dataclass(frozen=True)
class GradientReport:
    """Outcome of `check_gradient`; the entry named is the worst one.

    Attributes
    ----------
    ok : bool
        Whether the largest relative error is within `tol`.
    max_rel : float
        Largest relative error that the error of the differences does not explain; infinite when shapes differ or a number is not finite.
    index : tuple of int, or None
        Where it is; None when the shapes differ.
    analytic, numeric : float
        Both derivatives at that index, in the units of f over those of x; NaN when the shapes differ.
    likely_cause : str
        "none" when ok; see `reference.gradient_diagnosis.Cause`.
    explanation : str
        One sentence on the cause.
    tol : float
    """

    ok: bool
    max_rel: float
    index: tuple[int, ...] | None
    analytic: float
    numeric: float
    likely_cause: Cause
    explanation: str
    tol: float

    def __str__(self) -> str:
        verdict = "gradient agrees" if self.ok else f"gradient is wrong ({self.likely_cause})"
        where = (
            "" if self.index is None else f" at {self.index}: {self.analytic:.8g}, numeric {self.numeric:.8g}"
        )
        return f"{verdict}: relative error {self.max_rel:.2e}, tolerance {self.tol:.0e}{where}. {self.explanation}"


def elementwise_relative(a: Doubles, b: Doubles, floor: ArrayLike, explained: ArrayLike = 0.0) -> Doubles:
    """Return ``(|a - b| - explained) / max(|a|, |b|, floor)``, at least 0, and infinite where not finite."""
    scale = np.maximum(np.maximum(np.abs(a), np.abs(b)), floor)
    # Divide before subtracting, so that huge values do not overflow; 0/0 becomes 0 by the choice of divisor.
    divisor = np.where(scale == 0, 1, scale)
    with np.errstate(invalid="ignore"):
        error = np.maximum(np.abs(a / divisor - b / divisor) - explained / divisor, 0)
    return np.where(np.isfinite(a) & np.isfinite(b), error, np.inf)


def relative_error(analytic: Any, numeric: Any, *, atol_scale: ArrayLike = 0.0) -> float:
    """Return the largest entry of ``|a - n| / max(|a|, |n|, atol_scale)``.

    Parameters
    ----------
    analytic, numeric : arrays, one shape
    atol_scale : number or array, nonnegative, broadcast to that shape
        Size below which entries are not judged by their own size but by this one.

    Returns
    -------
    float
        Between 0 and 2; 0 where both are zero, infinite where either is not finite. Symmetric.

    Raises
    ------
    ValueError
        If the shapes differ: broadcasting would compare the wrong entries.
    """
    a, b = (to_numpy(as_floating(n, v)) for n, v in (("analytic", analytic), ("numeric", numeric)))
    if a.shape != b.shape:
        raise ValueError(f"shapes differ: {a.shape} and {b.shape}")
    return float(elementwise_relative(a, b, atol_scale).max(initial=0.0))


def default_tolerance(eps: float) -> float:
    """Return the relative error accepted of a central difference in a precision with this rounding unit."""
    return next(tolerance for bound, tolerance in TOLERANCES if eps <= bound)


def _shape_report(analytic: Doubles, numeric: Doubles, tol: float) -> GradientReport:
    transposed = analytic.T.shape == numeric.shape and relative_error(analytic.T, numeric) <= tol
    cause: Cause = "transpose" if transposed else "shape"
    text = f"the gradient has shape {analytic.shape}, but x has shape {numeric.shape}"
    return GradientReport(False, np.inf, None, np.nan, np.nan, cause, text, tol)


def check_gradient(
    f: Function, grad: Function, x: Any, *, tol: float | None = None, step: Any = None
) -> GradientReport:
    """Compare a gradient with central differences at every entry of x.

    Parameters
    ----------
    f : callable
        Scalar function of an array of the shape of x.
    grad : callable
        Gradient to be checked; returns an array of the shape of x.
    x : array, any shape
        Decides namespace, dtype and device; integers are promoted to float64.
    tol : float, optional
        Largest relative error accepted. Default by the coarser precision of x and f(x): 1e-6 for float64,
        2e-3 for float32, 0.1 for less.
    step : number or array, optional
        Difference step. Default: `optimal_step`.

    Returns
    -------
    GradientReport
        A wrong shape or a NaN is a verdict, not an exception.

    Notes
    -----
    Each entry is judged by its own size, but never more strictly than 1e-3 of the largest entry. What the
    error of the difference itself explains is first taken off: rounding ``8*eps*|f|/h``, and truncation,
    estimated by doubling the step. The truncation allowance is capped at 1e-3 of the largest entry, so that a function too rough for
    differences cannot pass by its own roughness. Cost: 4*size + 1 calls of f.
    """
    point = as_point("x", x)
    xp = array_namespace(point)
    value = evaluate(f, point)
    precision = coarser_precision(point, value)
    limit = default_tolerance(precision.eps) if tol is None else tol
    wanted = finite_between(
        "step", optimal_step(point, dtype=precision.dtype) if step is None else step, like=point, low=0
    )
    steps = xp.broadcast_to(wanted, point.shape)

    numeric = to_numpy(finite_difference(f, point, step=steps))
    analytic = to_numpy(evaluate(grad, point))
    if analytic.shape != numeric.shape:
        return _shape_report(analytic, numeric, limit)

    largest = max(float(np.abs(numeric).max()), float(np.abs(analytic).max()))
    h = to_numpy(steps)
    rounding = ROUNDING_UNITS * precision.eps * np.abs(to_numpy(value)).max() / h
    truncation = np.abs(numeric - to_numpy(finite_difference(f, point, step=2 * steps)))
    uncertainty = rounding + np.minimum(truncation, SMALL_ENTRY * np.abs(numeric).max())
    floor = SMALL_ENTRY * largest
    errors = elementwise_relative(analytic, numeric, floor, uncertainty)

    index = tuple(int(i) for i in np.unravel_index(int(np.argmax(errors)), errors.shape))
    worst = float(errors[index])
    cause: Cause = "none"
    explanation = ""
    if worst == np.inf:
        cause, explanation = "not finite", "NaN or infinity in the function or in its gradient"
    elif worst > limit and abs(analytic[index] - numeric[index]) <= KINK_SHARE * kink_jump(
        f, point, index, float(h[index]), eps=precision.eps
    ):
        cause, explanation = (
            "kink",
            "the function bends here: check at another point before you doubt the gradient",
        )
    elif worst > limit:
        allowed = limit * np.maximum(np.maximum(np.abs(analytic), np.abs(numeric)), floor) + uncertainty
        cause, explanation = diagnose(analytic, numeric, to_numpy(point), allowed)
    return GradientReport(
        worst <= limit, worst, index, float(analytic[index]), float(numeric[index]), cause, explanation, limit
    )


def check_parameter_gradients(
    f: Callable[[dict[str, Any]], Any],
    grad: Callable[[dict[str, Any]], Mapping[str, Any]],
    params: Mapping[str, Any],
    *,
    tol: float | None = None,
) -> dict[str, GradientReport]:
    """Check the gradient with respect to each array of a dictionary of parameters.

    Parameters and errors are those of `check_gradient`, with a dictionary of arrays in the place of x.

    Returns
    -------
    dict of GradientReport
        One report for each name, so that a bug in one layer is named by its layer.
    """

    def of_one(name: str) -> GradientReport:
        def with_value(value: Array) -> dict[str, Any]:
            return {**params, name: value}

        return check_gradient(
            lambda value: f(with_value(value)),
            lambda value: grad(with_value(value))[name],
            params[name],
            tol=tol,
        )

    return {name: of_one(name) for name in params}
