"""The Lanczos method: a symmetric matrix that can only be multiplied, reduced to tridiagonal form."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from array_api_compat import array_namespace, device
from scipy.linalg import eigh_tridiagonal

from reference.arrays import Array, Doubles, as_floating, evaluate

Matvec = Callable[[Array], Any]

# A residual of this many units of rounding is none; n of them add up to sqrt(n).
ROUNDING_UNITS = 10
# What is left of a vector is accurate if it is at least this share of it.
LARGE_PART = 0.7


@dataclass(frozen=True, eq=False)
class LanczosResult:
    """``A Q = Q T`` but for a last residual: T is tridiagonal, the columns of Q are orthonormal.

    T is small and always in NumPy; Q has the namespace, dtype and device of the run.

    Attributes
    ----------
    diagonal : NumPy array, shape (m,)
    off_diagonal : NumPy array, shape (m - 1,)
        Nonnegative.
    basis : array, shape (n, m)
    residual : float
        Norm of what is left of ``A q_m``: 0 when Q spans an invariant subspace.
    """

    diagonal: Doubles
    off_diagonal: Doubles
    basis: Array
    residual: float

    def ritz(self) -> tuple[Doubles, Doubles]:
        """Return the eigenvalues of T, ascending, shape (m,), and its eigenvectors, shape (m, m)."""
        return eigh_tridiagonal(self.diagonal, self.off_diagonal)


def _orthogonalise(vector: Array, basis: Array) -> Array:
    """Take off the part in the span of orthonormal columns.

    A second time if that was a large part, whose rounding errors then count; twice is enough (Parlett, The
    Symmetric Eigenvalue Problem, chapter 6).
    """
    before = _norm(vector)
    for _ in range(2):
        vector = vector - basis @ (basis.T @ vector)
        if _norm(vector) > LARGE_PART * before:
            break
    return vector


def _norm(vector: Array) -> float:
    return float(array_namespace(vector).linalg.vector_norm(vector))


def apply(matvec: Matvec, vector: Array) -> Array:
    """Return the product with a vector, shape (n,), in the namespace, dtype and device of the vector."""
    product = as_floating("matvec(v)", evaluate(matvec, vector), like=vector)
    return array_namespace(vector).reshape(product, vector.shape)


class Recurrence:
    """The growing basis. One row for a vector, so that a step appends without moving what is there."""

    def __init__(
        self,
        matvec: Matvec,
        n: int,
        capacity: int,
        rng: np.random.Generator,
        deflated: Array,
        scale: float,
    ) -> None:
        self.matvec, self.rng, self.deflated = matvec, rng, deflated
        xp = array_namespace(deflated)
        self.rows = xp.empty((capacity, n), dtype=deflated.dtype, device=device(deflated))
        self.eps = float(xp.finfo(deflated.dtype).eps)
        self.alphas: list[float] = []
        self.betas: list[float] = []
        self.num_steps = 0
        self.scale = scale  # the largest norm of a product so far, here or in an earlier search
        self.residual = self._fresh()

    def _outside(self, vector: Array) -> Array:
        """Return the part orthogonal to the basis and the deflated vectors: full reorthogonalisation."""
        return _orthogonalise(_orthogonalise(vector, self.deflated), self.rows[: self.num_steps].T)

    def _fresh(self) -> Array:
        draw = self.rng.standard_normal(self.rows.shape[1])
        return self._outside(as_floating("draw", draw, like=self.rows))

    def step(self) -> None:
        """Extend the basis by the normalised residual, or by a random vector where that is zero."""
        norm = _norm(self.residual)
        broken_down = norm <= ROUNDING_UNITS * np.sqrt(self.rows.shape[1]) * self.eps * self.scale
        if broken_down:
            self.residual = self._fresh()
        if self.num_steps > 0:
            self.betas.append(0.0 if broken_down else norm)
        q = self.residual / _norm(self.residual)
        self.rows[self.num_steps, :] = q
        image = apply(self.matvec, q)
        self.alphas.append(float(q @ image))
        self.scale = max(self.scale, _norm(image))
        # The two large parts first, so that one pass over all of the basis is enough for the rounding errors.
        rest = image - self.alphas[-1] * q
        if self.num_steps > 0:
            rest = rest - self.betas[-1] * self.rows[self.num_steps - 1, :]
        self.num_steps += 1
        self.residual = self._outside(rest)

    def result(self) -> LanczosResult:
        basis = self.rows[: self.num_steps, :].T
        return LanczosResult(np.array(self.alphas), np.array(self.betas), basis, _norm(self.residual))


def lanczos(
    matvec: Matvec, n: int, *, num_steps: int, rng: np.random.Generator, like: Array | None = None
) -> LanczosResult:
    """Reduce a symmetric matrix to tridiagonal form on a Krylov space.

    Parameters
    ----------
    matvec : callable
        Maps a vector of shape (n,) to the product with the matrix, shape (n,).
    n : int
    num_steps : int
        Number of products; at most n are done. Memory: num_steps * n numbers.
    rng : numpy.random.Generator
        Draws the starting vector.
    like : array, optional
        The basis, and so the vectors that matvec gets, take its namespace, dtype and device. Default: NumPy
        float64.

    Returns
    -------
    LanczosResult

    Notes
    -----
    Each new vector is made orthogonal to all earlier ones: without that, rounding brings converged
    eigenvalues back as ghost copies. When the Krylov space is exhausted, the method goes on with a random
    vector orthogonal to it, so n steps give all eigenvalues with their multiplicities (Golub and Van Loan,
    Matrix Computations, chapter 10). The squares of the entries must be representable.
    """
    capacity = checked_steps(n, num_steps)
    recurrence = Recurrence(matvec, n, capacity, rng, no_columns(n, like), 0.0)
    for _ in range(capacity):
        recurrence.step()
    return recurrence.result()


def no_columns(n: int, like: Array | None) -> Array:
    """Return an array of shape (n, 0) with the namespace, dtype and device of ``like``."""
    like = as_floating("like", np.empty(0) if like is None else like)
    return array_namespace(like).empty((n, 0), dtype=like.dtype, device=device(like))


def checked_steps(n: int, num_steps: int) -> int:
    if n < 1 or num_steps < 1:
        raise ValueError("n and num_steps must be at least 1")
    return min(n, num_steps)
