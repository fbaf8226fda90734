"""The Hessian as a small dense matrix: its kind of critical point, its condition number, Newton's method.

Too large for a matrix? See `reference.hessian_vector_products`, `extreme_eigenpairs` and `spectral_density`.
"""

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import scipy.linalg
from array_api_compat import array_namespace, device, is_numpy_array

from reference.arrays import Array, Doubles, as_floating, as_point, evaluate, finite_between, to_numpy
from reference.finite_differences import (
    directional_derivative,
    displacement_at,
    jacobian,
    optimal_step,
    representable_step,
)

CriticalPoint = Literal["not critical", "minimum", "maximum", "saddle", "inconclusive"]

# Asymmetry, relative to the largest entry, that no difference error explains in float64.
ASYMMETRY = 1e-3


def _symmetric(H: Any, name: str = "H", *, like: Array | None = None) -> Array:
    matrix = as_point(name, H, like=like)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise ValueError(f"{name} must be a square matrix, not an array of shape {tuple(matrix.shape)}")
    if _asymmetry(matrix) > array_namespace(matrix).finfo(matrix.dtype).eps ** 0.5:
        raise ValueError(f"{name} must be symmetric")
    return (matrix + matrix.T) / 2


def _asymmetry(matrix: Array) -> float:
    """Return the largest difference from the transpose, relative to the largest entry."""
    xp = array_namespace(matrix)
    largest = float(xp.max(xp.abs(matrix)))
    return float(xp.max(xp.abs(matrix - matrix.T))) / largest if largest > 0 else 0.0


def _cholesky(matrix: Array, message: str) -> Array:
    try:
        return array_namespace(matrix).linalg.cholesky(matrix)
    except (ValueError, RuntimeError):  # NumPy's LinAlgError is the one, torch's the other
        raise ValueError(message) from None


def _solve_triangular(C: Array, B: Array, *, lower: bool) -> Array:
    """Solve C X = B for a triangular C; the array API has no such function."""
    if is_numpy_array(C):
        return scipy.linalg.solve_triangular(C, B, lower=lower)
    return array_namespace(C).linalg.solve_triangular(C, B, upper=not lower)


def _second_differences(f: Callable[[Array], Any], x: Array) -> Array:
    steps = representable_step(x, optimal_step(x, order=3))
    h = [displacement_at(x, (i,), steps[i]) for i in range(x.shape[0])]

    def entry(i: int, j: int) -> float:
        # For i = j the middle terms are both f(x): the usual second difference with step 2h.
        corners = (x + h[i] + h[j], x + h[i] - h[j], x - h[i] + h[j], x - h[i] - h[j])
        a, b, c, d = (float(evaluate(f, corner)) for corner in corners)
        return (a - b - c + d) / float(4 * steps[i] * steps[j])

    n = len(h)
    upper = np.array([[entry(i, j) if i <= j else 0.0 for j in range(n)] for i in range(n)])
    return as_floating("H", upper + np.triu(upper, 1).T, like=x)


def hessian(f: Callable[[Array], Any] | None, x: Any, *, grad: Callable[[Array], Any] | None = None) -> Array:
    """Return the matrix of second derivatives by finite differences.

    Parameters
    ----------
    f : callable or None
        Scalar function; not used when `grad` is given.
    x : array, shape (n,)
        Decides namespace, dtype and device.
    grad : callable, optional
        Gradient of f. With it the error is about 1e-10 instead of 1e-7 for functions of size 1 in float64.

    Returns
    -------
    array, shape (n, n)
        Symmetric. Units of f over those of x squared.

    Raises
    ------
    ValueError
        If x is not a vector, or the derivative of `grad` is not symmetric: then `grad` is not the gradient of
        any function, or the second derivatives are not continuous at x (Schwarz's theorem does not apply).

    Notes
    -----
    From f the step is ``eps**(1/4)*max(1, |x|)``, which balances ``h**2`` against ``eps/h**2``; from `grad` it
    is that of a central difference. Cost: ``2n(n + 1)`` calls of f, or 2n of grad.
    """
    point = as_point("x", x)
    if point.ndim != 1:
        raise ValueError(f"x must be a vector, not an array of shape {tuple(point.shape)}")
    if grad is None:
        if f is None:
            raise ValueError("hessian needs f or grad")
        return _second_differences(f, point)
    J = jacobian(grad, point)
    if _asymmetry(J) > ASYMMETRY:
        raise ValueError(
            "the derivative of grad is not symmetric: check grad, and that f is twice continuously differentiable"
        )
    return (J + J.T) / 2


def hvp_finite_difference(grad: Callable[[Array], Any], x: Any, v: Any) -> Array:
    """Return the Hessian times v, in the shape of x, from two gradients and without the Hessian."""
    return directional_derivative(grad, x, v)


def classify_critical(grad: Any, H: Any, *, grad_tol: float = 1e-6, eig_tol: float = 1e-8) -> CriticalPoint:
    """Classify a point by its gradient and Hessian.

    Parameters
    ----------
    grad : array, shape (n,)
    H : array, shape (n, n), symmetric
    grad_tol : float
        Distance from a critical point, in the units of x, that counts as none: the gradient is compared with
        ``grad_tol * |H|``, so that the answer does not change when f is multiplied by a constant.
    eig_tol : float
        Eigenvalues up to ``eig_tol`` times the largest magnitude count as zero.

    Returns
    -------
    {"not critical", "minimum", "maximum", "saddle", "inconclusive"}
        "inconclusive" for a semidefinite Hessian: x**4, -x**4 and x**3 all have H = 0 at 0. Eigenvalues of
        both signs mean a saddle even beside zero ones.
    """
    eigenvalues = _eigenvalues(_symmetric(H))
    size = float(np.abs(eigenvalues).max())
    gradient = to_numpy(as_point("grad", grad))
    if gradient.shape != eigenvalues.shape:
        raise ValueError(f"grad has shape {gradient.shape}, but H has {eigenvalues.size} rows")
    if np.linalg.norm(gradient) > grad_tol * size:
        return "not critical"
    rising = eigenvalues > eig_tol * size
    falling = eigenvalues < -eig_tol * size
    if rising.any() and falling.any():
        return "saddle"
    if rising.all():
        return "minimum"
    return "maximum" if falling.all() else "inconclusive"


def _eigenvalues(matrix: Array) -> Doubles:
    """Return the eigenvalues of a symmetric matrix, ascending, computed in its own precision and place."""
    return to_numpy(array_namespace(matrix).linalg.eigvalsh(matrix))


def condition_number(H: Any) -> float:
    """Return the largest over the smallest eigenvalue of a symmetric positive semidefinite matrix.

    Returns
    -------
    float
        At least 1; infinite when the smallest eigenvalue is zero to rounding, ``n*eps`` of the largest.

    Raises
    ------
    ValueError
        If H is not symmetric, or has a negative eigenvalue: convergence rates in terms of the condition number
        hold for convex functions, and a quadratic with negative curvature has no minimum to converge to.
    """
    matrix = _symmetric(H)
    eigenvalues = _eigenvalues(matrix)
    eps = float(array_namespace(matrix).finfo(matrix.dtype).eps)
    zero = len(eigenvalues) * eps * float(np.abs(eigenvalues).max())
    if eigenvalues[0] < -zero:
        raise ValueError(f"H has the negative eigenvalue {eigenvalues[0]:.6g}: it is indefinite or concave")
    return float(eigenvalues[-1] / eigenvalues[0]) if eigenvalues[0] > zero else np.inf


def nullity(H: Any, *, rtol: float = 1e-10) -> int:
    """Return the number of eigenvalues of a symmetric matrix up to `rtol` times the largest magnitude.

    A network with a softmax has at least as many as its last layer has inputs, biases counted:
    adding the same number to all logits changes no probability.
    """
    magnitudes = np.abs(_eigenvalues(_symmetric(H)))
    return int((magnitudes <= rtol * magnitudes.max()).sum())


def newton_step(grad: Any, H: Any, *, damping: float = 0.0) -> Array:
    """Return the step p that solves ``(H + damping*I) p = -grad``.

    Parameters
    ----------
    grad : array, shape (n,)
    H : array, shape (n, n), symmetric
        Decides namespace, dtype and device.
    damping : float, nonnegative
        In the units of H (Levenberg and Marquardt).

    Raises
    ------
    ValueError
        If the damping is negative or not finite, or the matrix is not positive definite: its Newton step need
        not go down, and at a saddle leads to it.

    Notes
    -----
    Solved by Cholesky's method; the inverse is never formed. The step follows any change of variables
    x = Tz, as gradient descent does not (Nocedal and Wright, Numerical Optimization, chapter 3).
    """
    finite_between("damping", damping, low=0, include_low=True)
    matrix = _symmetric(H)
    gradient = as_point("grad", grad, like=matrix)
    xp = array_namespace(matrix)
    identity = xp.eye(matrix.shape[0], dtype=matrix.dtype, device=device(matrix))
    C = _cholesky(matrix + damping * identity, "the Hessian is not positive definite here: raise damping")
    half = _solve_triangular(C, gradient[:, None], lower=True)
    return -_solve_triangular(C.T, half, lower=False)[:, 0]


def precondition(H: Any, M: Any) -> Array:
    """Return ``C^-1 H C^-T`` for the preconditioner ``M = C C'``, with C lower triangular.

    Parameters
    ----------
    H : array, shape (n, n), symmetric
        Decides namespace, dtype and device.
    M : array, shape (n, n), symmetric positive definite
        M = H gives the identity, M = diag(H) is Jacobi's choice.

    Returns
    -------
    array, shape (n, n)
        Symmetric, with the eigenvalues of ``M^-1 H``: the Hessian that gradient descent meets after the
        change of variables z = C'x.
    """
    matrix = _symmetric(H)
    C = _cholesky(_symmetric(M, "M", like=matrix), "M must be positive definite")
    half = _solve_triangular(C, matrix, lower=True)
    result = _solve_triangular(C, half.T, lower=True)
    return (result + result.T) / 2
