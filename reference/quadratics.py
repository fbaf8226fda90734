"""Quadratic functions f(x) = 1/2 x'Ax - b'x, one or a batch of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from array_api_compat import array_namespace

from reference.arrays import Array, apply_matrix, as_floating, common_shape, require_finite


@dataclass(frozen=True, eq=False)
class Quadratic:
    """f(x) = 1/2 x'Ax - b'x.

    Parameters
    ----------
    A : array, shape (..., n, n)
        Need not be symmetric: f sees only the symmetric part, so the gradient is 1/2 (A + A')x - b.
        Leading axes make a batch of functions. A decides namespace, dtype (integers become float64) and device.
    b : array, shape (..., n), optional
        Zero by default.

    Raises
    ------
    ValueError
        If A is not square, b does not fit A, or either is not finite.

    Notes
    -----
    L and mu are the largest and smallest curvature, the extreme eigenvalues of the Hessian: for all x, y,
    mu |x - y| <= |grad f(x) - grad f(y)| <= L |x - y| where f is convex (Nesterov, *Lectures on Convex
    Optimization*, 2018, sections 1.2 and 2.1).
    """

    A: Array
    b: Any = None

    def __post_init__(self) -> None:
        A = as_floating("A", self.A, min_ndim=2)
        xp = array_namespace(A)
        n = A.shape[-1]
        if A.shape[-2] != n or n == 0:
            raise ValueError(f"A must be square, but its shape is {tuple(A.shape)}")
        require_finite("A", A)
        if self.b is None:
            b = xp.zeros_like(A[..., 0])
        else:
            b = as_floating("b", self.b, like=A, min_ndim=1)
            require_finite("b", b)
            if b.shape[-1] != n:
                raise ValueError(f"b must have shape (..., {n}) to fit A, but its shape is {tuple(b.shape)}")
            batch = common_shape(A=A.shape[:-2], b=b.shape[:-1])
            b = xp.broadcast_to(b, (*batch, n))
        # Copies: the eigenvalues are cached, so a later change to the caller's arrays must not reach them.
        object.__setattr__(self, "A", xp.astype(A, A.dtype, copy=True))
        object.__setattr__(self, "b", xp.astype(b, b.dtype, copy=True))

    def value(self, x: Array) -> Array:
        """f(x) for x of shape (..., n), shape (...)."""
        x = self._point(x)
        return array_namespace(x).sum(x * (apply_matrix(self.hessian, x) / 2 - self.b), axis=-1)

    def gradient(self, x: Array) -> Array:
        """1/2 (A + A')x - b for x of shape (..., n), same shape (with A's batch axes)."""
        return apply_matrix(self.hessian, self._point(x)) - self.b

    def curvature(self, direction: Array) -> Array:
        """Second derivative d'Hd along ``direction`` d of shape (..., n) and any length, shape (...)."""
        d = self._point(direction)
        return array_namespace(d).sum(d * apply_matrix(self.hessian, d), axis=-1)

    @cached_property
    def hessian(self) -> Array:
        """The symmetric part of A, shape (..., n, n); the same at every x."""
        return (self.A + array_namespace(self.A).matrix_transpose(self.A)) / 2

    @cached_property
    def eigenvalues(self) -> Array:
        """Curvatures along the principal axes, ascending, shape (..., n)."""
        return array_namespace(self.A).linalg.eigvalsh(self.hessian)

    @property
    def L(self) -> Array:
        """Largest curvature, shape (...); the gradient's Lipschitz constant where f is convex."""
        return self.eigenvalues[..., -1]

    @property
    def mu(self) -> Array:
        """Smallest curvature, shape (...); the constant of strong convexity if positive."""
        return self.eigenvalues[..., 0]

    @property
    def condition_number(self) -> Array:
        """L / mu, shape (...); infinite if the Hessian is singular to working precision.

        Raises
        ------
        ValueError
            If some Hessian has a negative eigenvalue or is zero: then f is unbounded below, or linear, and no
            step size converges.
        """
        xp = array_namespace(self.A)
        if xp.any((self.mu < -self._rounding) | (self.L <= 0)):
            raise ValueError("A must be positive semidefinite and not zero to have a condition number")
        singular = self.mu <= self._rounding
        return xp.where(singular, xp.inf, self.L / xp.where(singular, xp.ones_like(self.mu), self.mu))

    @property
    def minimizer(self) -> Array:
        """The only x with gradient zero, shape (..., n).

        Raises
        ------
        ValueError
            If some Hessian is not positive definite to working precision.
        """
        self.require_positive_definite()
        xp = array_namespace(self.A)
        return xp.linalg.solve(self.hessian, self.b[..., None])[..., 0]

    def require_positive_definite(self) -> None:
        """Raise ValueError unless every Hessian is positive definite to working precision."""
        if array_namespace(self.A).any(self.mu <= self._rounding):
            raise ValueError("A must be positive definite (smallest eigenvalue clearly above zero)")

    @property
    def _rounding(self) -> Array:
        """Size of an eigenvalue that is zero in exact arithmetic: n eps |H|."""
        xp = array_namespace(self.A)
        return self.A.shape[-1] * xp.finfo(self.A.dtype).eps * xp.max(xp.abs(self.eigenvalues), axis=-1)

    def _point(self, x: Array) -> Array:
        # Finiteness is not asked for: a diverging run must be able to reach infinity.
        x = as_floating("x", x, like=self.A, min_ndim=1)
        if x.shape[-1] != self.A.shape[-1]:
            raise ValueError(
                f"x must have shape (..., {self.A.shape[-1]}), but its shape is {tuple(x.shape)}"
            )
        common_shape(A=self.b.shape[:-1], x=x.shape[:-1])
        return x
