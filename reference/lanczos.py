"""The Lanczos method: a symmetric matrix that can only be multiplied, reduced to tridiagonal form."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike
from scipy.linalg import eigh_tridiagonal

from reference.finite_differences import Array

Matvec = Callable[[Array], Any]

# A residual of this many units of rounding is none; n of them add up to sqrt(n).
ROUNDING_UNITS = 10


@dataclass(frozen=True, eq=False)
class LanczosResult:
    """``A Q = Q T`` but for a last residual: T is tridiagonal, the columns of Q are orthonormal.

    Attributes
    ----------
    diagonal : ndarray, shape (m,)
    off_diagonal : ndarray, shape (m - 1,)
        Nonnegative.
    basis : ndarray, shape (n, m)
    residual : float
        Norm of what is left of ``A q_m``: 0 when Q spans an invariant subspace.
    """

    diagonal: Array
    off_diagonal: Array
    basis: Array
    residual: float

    def ritz(self) -> tuple[Array, Array]:
        """Return the eigenvalues of T, ascending, shape (m,), and its eigenvectors, shape (m, m)."""
        return eigh_tridiagonal(self.diagonal, self.off_diagonal)


def _orthogonalise(vector: Array, basis: Array) -> Array:
    """Take off the part in the span of orthonormal columns; twice is enough (Parlett, section 6.9)."""
    for _ in range(2):
        vector = vector - basis @ (basis.T @ vector)
    return vector


class Recurrence:
    """The growing basis. One row for a vector, so that a step appends without moving what is there."""

    def __init__(
        self,
        matvec: Matvec,
        n: int,
        capacity: int,
        rng: np.random.Generator,
        dtype: DTypeLike,
        deflated: Array,
        scale: float,
    ) -> None:
        self.matvec, self.rng, self.deflated = matvec, rng, deflated
        self.rows = np.empty((capacity, n), dtype)
        self.alphas: list[float] = []
        self.betas: list[float] = []
        self.num_steps = 0
        self.scale = scale  # the largest norm of a product so far, here or in an earlier search
        self.residual = self._fresh()

    def _outside(self, vector: Array) -> Array:
        """Return the part orthogonal to the basis and the deflated vectors: full reorthogonalisation."""
        return _orthogonalise(_orthogonalise(vector, self.deflated), self.rows[: self.num_steps].T)

    def _fresh(self) -> Array:
        vector = self._outside(self.rng.standard_normal(self.rows.shape[1]).astype(self.rows.dtype))
        # A second pass after scaling: the first loses digits when nearly all of the space is taken.
        return self._outside(vector / np.linalg.norm(vector))

    def step(self) -> None:
        """Extend the basis by the normalised residual, or by a random vector where that is zero."""
        norm = float(np.linalg.norm(self.residual))
        n = self.rows.shape[1]
        broken_down = norm <= ROUNDING_UNITS * np.sqrt(n) * float(np.finfo(self.rows.dtype).eps) * self.scale
        if broken_down:
            self.residual = self._fresh()
        if self.num_steps > 0:
            self.betas.append(0.0 if broken_down else norm)
        q = self.residual / np.linalg.norm(self.residual)
        self.rows[self.num_steps] = q
        image = np.asarray(self.matvec(q), dtype=self.rows.dtype).reshape(n)
        self.alphas.append(float(q @ image))
        self.scale = max(self.scale, float(np.linalg.norm(image)))
        self.num_steps += 1
        self.residual = self._outside(image)

    def result(self) -> LanczosResult:
        basis = self.rows[: self.num_steps].T
        return LanczosResult(
            np.array(self.alphas), np.array(self.betas), basis, float(np.linalg.norm(self.residual))
        )


def lanczos(
    matvec: Matvec, n: int, *, num_steps: int, rng: np.random.Generator, dtype: DTypeLike = np.float64
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
    dtype : dtype
        Of the basis.

    Returns
    -------
    LanczosResult

    Notes
    -----
    Each new vector is made orthogonal to all earlier ones, twice: without that, rounding brings converged
    eigenvalues back as ghost copies. When the Krylov space is exhausted, the method goes on with a random
    vector orthogonal to it, so n steps give all eigenvalues with their multiplicities (Golub and Van Loan,
    Matrix Computations, section 10.3). The squares of the entries must be representable.
    """
    capacity = checked_steps(n, num_steps)
    recurrence = Recurrence(matvec, n, capacity, rng, dtype, np.empty((n, 0), dtype), 0.0)
    for _ in range(capacity):
        recurrence.step()
    return recurrence.result()


def checked_steps(n: int, num_steps: int) -> int:
    if n < 1 or num_steps < 1:
        raise ValueError("n and num_steps must be at least 1")
    return min(n, num_steps)
