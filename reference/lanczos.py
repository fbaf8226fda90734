"""The Lanczos method: extreme eigenvalues of a symmetric matrix that can only be multiplied with vectors."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import DTypeLike
from scipy.linalg import eigh_tridiagonal

from reference.finite_differences import Array

Matvec = Callable[[Array], Any]
Which = Literal["LM", "LA", "SA"]

# How often eigenvalues are computed while the basis grows; each time costs about m**2.
CHECK_EVERY = 5
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


@dataclass(frozen=True, eq=False)
class Eigenpairs:
    """Eigenvalues with their signs, eigenvectors in columns, and how far each pair is from exact.

    Attributes
    ----------
    values : ndarray, shape (k,)
    vectors : ndarray, shape (n, k), orthonormal
    residuals : ndarray, shape (k,)
        ``|A v - value*v|``: an eigenvalue of A lies within this distance of the value.
    converged : bool
        Whether all residuals met the tolerance.
    num_matvecs : int
    """

    values: Array
    vectors: Array
    residuals: Array
    converged: bool
    num_matvecs: int


def _orthogonalise(vector: Array, basis: Array) -> Array:
    """Take off the part in the span of orthonormal columns; twice is enough (Parlett, section 6.9)."""
    for _ in range(2):
        vector = vector - basis @ (basis.T @ vector)
    return vector


class _Recurrence:
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
    Matrix Computations, section 10.3).
    """
    capacity = _checked_steps(n, num_steps)
    recurrence = _Recurrence(matvec, n, capacity, rng, dtype, np.empty((n, 0), dtype), 0.0)
    for _ in range(capacity):
        recurrence.step()
    return recurrence.result()


def _checked_steps(n: int, num_steps: int) -> int:
    if n < 1 or num_steps < 1:
        raise ValueError("n and num_steps must be at least 1")
    return min(n, num_steps)


def _rank(values: Array, which: Which) -> Array:
    """Return numbers that are larger the more wanted the value is."""
    return np.asarray({"LM": np.abs(values), "LA": values, "SA": -values}[which])


def _wanted_pairs(
    recurrence: _Recurrence, capacity: int, k: int, which: Which, tol: float
) -> tuple[Array, Array]:
    """Grow the basis until the k most wanted Ritz pairs have converged or it is full; return them."""
    while True:
        recurrence.step()
        size = recurrence.num_steps
        if size < capacity and (size < k or size % CHECK_EVERY):
            continue
        state = recurrence.result()
        values, vectors = state.ritz()
        chosen = np.argsort(-_rank(values, which), kind="stable")[:k]
        bounds = state.residual * np.abs(vectors[-1, chosen])
        if size == capacity or (bounds <= tol * max(recurrence.scale, np.abs(values).max())).all():
            return values[chosen], state.basis @ vectors[:, chosen].astype(state.basis.dtype)


def top_eigs(
    matvec: Matvec,
    n: int,
    k: int,
    *,
    rng: np.random.Generator,
    which: Which = "LM",
    tol: float = 1e-6,
    max_steps: int | None = None,
    dtype: DTypeLike = np.float64,
) -> Eigenpairs:
    """Return k extreme eigenpairs of a symmetric matrix, eigenvalues with their signs.

    Parameters
    ----------
    matvec, n, rng, dtype
        As in `lanczos`.
    k : int
        Between 1 and n.
    which : {"LM", "LA", "SA"}
        Largest magnitude, largest, or smallest: "SA" finds negative curvature.
    tol : float
        Residual accepted, relative to the largest magnitude of an eigenvalue.
    max_steps : int, optional
        Largest basis. Default: ``20*k + 100``. Memory: max_steps * n numbers.

    Returns
    -------
    Eigenpairs
        Most wanted first.

    Notes
    -----
    One starting vector sees each multiple eigenvalue once. So the search is repeated on the orthogonal
    complement of what was found (deflation) until that holds nothing more wanted: at least twice in all.
    """
    if not 1 <= k <= n:
        raise ValueError(f"k must lie between 1 and {n}, not {k}")
    count = 0

    def counted(vector: Array) -> Array:
        nonlocal count
        count += 1
        return np.asarray(matvec(vector), dtype=dtype).reshape(n)

    values, vectors, scale = np.empty(0), np.empty((n, 0), dtype), 0.0
    while vectors.shape[1] < n:
        room, missing = n - vectors.shape[1], k - len(values)
        capacity = min(room, _checked_steps(n, 20 * k + 100 if max_steps is None else max_steps))
        recurrence = _Recurrence(counted, n, capacity, rng, dtype, vectors, scale)
        new_values, new_vectors = _wanted_pairs(recurrence, capacity, max(missing, 1), which, tol)
        scale = max(recurrence.scale, float(np.abs(new_values).max()))
        if missing == 0 and _rank(new_values, which)[0] <= _rank(values, which)[-1] + tol * scale:
            break
        values = np.concatenate([values, new_values])
        vectors = np.concatenate([vectors, new_vectors], axis=1)
        keep = np.argsort(-_rank(values, which), kind="stable")[:k]
        values, vectors = values[keep], vectors[:, keep]
    residuals = np.array(
        [np.linalg.norm(counted(v) - value * v) for value, v in zip(values, vectors.T, strict=True)]
    )
    # Deflating vectors that are themselves inexact up to tol costs up to tol once more.
    return Eigenpairs(values, vectors, residuals, bool((residuals <= 2 * tol * scale).all()), count)
