"""Error of a difference quotient against its step: truncation to the right of the minimum, rounding to its left."""

from collections.abc import Callable
from typing import Any

import numpy as np
from array_api_compat import array_namespace
from numpy.typing import ArrayLike

from reference.arrays import Array, Doubles, as_point, evaluate, to_numpy
from reference.finite_differences import Method, finite_difference


def step_errors(
    f: Callable[[Array], Any],
    df: Callable[[Array], Any],
    x: Any,
    steps: ArrayLike,
    *,
    method: Method = "central",
) -> Doubles:
    """Return the relative error of the difference quotient for each step: the V-shaped curve.

    Parameters
    ----------
    f, df : callable
        A function of one number that works elementwise on arrays, and its derivative.
    x : array, any shape
        Points; decides namespace, dtype and device. The median over them removes the scatter of rounding errors.
    steps : array_like, shape (S,)
    method : {"central", "forward", "complex"}

    Returns
    -------
    NumPy array, shape (S,)
        Slope in log-log axes: the order of the method to the right of the minimum, -1 to its left.
    """
    points = as_point("x", x)
    points = array_namespace(points).reshape(points, (-1,))
    exact = to_numpy(evaluate(df, points))

    def median_error(h: float) -> float:
        numeric = [float(finite_difference(f, points[i], method=method, step=h)) for i in range(len(exact))]
        return float(np.median(np.abs(numeric - exact) / np.abs(exact)))

    return np.array([median_error(h) for h in np.atleast_1d(steps)])


def plot_step_error(
    ax: Any, f: Callable[[Array], Any], df: Callable[[Array], Any], x: Any, steps: ArrayLike
) -> Any:
    """Draw `step_errors` of the central and the forward difference in log-log axes and return the Axes."""
    for method in ("central", "forward"):
        ax.loglog(steps, step_errors(f, df, x, steps, method=method), marker=".", label=method)
    ax.set(xlabel="step h", ylabel="relative error")
    ax.legend()
    return ax
