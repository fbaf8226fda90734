"""Extreme eigenvalues, with their signs, of a symmetric matrix that can only be multiplied with vectors."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from array_api_compat import array_namespace, device

from reference.arrays import Array, Doubles, as_floating
from reference.lanczos import Matvec, Recurrence, apply, checked_steps, no_columns

Which = Literal["LM", "LA", "SA"]

# How often eigenvalues are computed while the basis grows; each time costs about m**2.
CHECK_EVERY = 5
# Relative residual at which a search for something more wanted than what was found can be judged.
RIVAL_TOL = 1e-2


@dataclass(frozen=True, eq=False)
class Eigenpairs:
    """Eigenvalues with their signs, eigenvectors in columns, and how far each pair is from exact.

    Attributes
    ----------
    values : NumPy array, shape (k,)
    vectors : array, shape (n, k), orthonormal
        In the namespace, dtype and device of the run.
    residuals : NumPy array, shape (k,)
        ``|A v - value*v|``: an eigenvalue of A lies within this distance of the value.
    converged : bool
        Whether all residuals met the tolerance.
    num_matvecs : int
    """

    values: Doubles
    vectors: Array
    residuals: Doubles
    converged: bool
    num_matvecs: int


def _rank(values: Doubles, which: Which) -> Doubles:
    """Return numbers that are larger the more wanted the value is."""
    return np.asarray({"LM": np.abs(values), "LA": values, "SA": -values}[which])


def _least_gain(values: Doubles, which: Which, error: float) -> float:
    """Return the rank above which a rival displaces the last of the values; both may be off by `error`."""
    return float(_rank(values, which)[-1]) + 2 * error


@dataclass(frozen=True, eq=False)
class _Search:
    """The most wanted Ritz pairs of a basis that has grown far enough, or to its limit."""

    values: Doubles
    vectors: Array
    bounds: Doubles
    converged: bool


def _search(recurrence: Recurrence, k: int, which: Which, tol: float) -> _Search:
    """Grow the basis until the k most wanted Ritz pairs have converged or it is full."""
    capacity = len(recurrence.rows)
    while True:
        size = recurrence.num_steps
        if size == capacity or (size >= k and size % CHECK_EVERY == 0):
            state = recurrence.result()
            values, vectors = state.ritz()
            chosen = np.argsort(-_rank(values, which), kind="stable")[:k]
            bounds = state.residual * np.abs(vectors[-1, chosen])
            converged = bool((bounds <= tol * max(recurrence.scale, np.abs(values).max())).all())
            if converged or size == capacity:
                combined = state.basis @ as_floating("vectors", vectors[:, chosen], like=state.basis)
                return _Search(values[chosen], combined, bounds, converged)
        recurrence.step()


def top_eigs(
    matvec: Matvec,
    n: int,
    k: int,
    *,
    rng: np.random.Generator,
    which: Which = "LM",
    tol: float = 1e-6,
    max_steps: int | None = None,
    like: Array | None = None,
) -> Eigenpairs:
    """Return k extreme eigenpairs of a symmetric matrix, eigenvalues with their signs.

    Parameters
    ----------
    matvec, n, rng, like
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

    Raises
    ------
    ValueError
        If k, which or max_steps is none of those allowed.

    Notes
    -----
    One starting vector sees each multiple eigenvalue once. So the search is repeated on the orthogonal
    complement of what was found (deflation) until that holds nothing more wanted: at least twice in all. The
    last search goes on only to 1 % of the largest magnitude, or until what it finds may be more wanted.
    """
    if not 1 <= k <= n:
        raise ValueError(f"k must lie between 1 and {n}, not {k}")
    if which not in get_args(Which):
        raise ValueError(f"which must be one of {', '.join(get_args(Which))}, not {which!r}")
    count = 0

    def counted(vector: Array) -> Array:
        nonlocal count
        count += 1
        return apply(matvec, vector)

    values, vectors, scale = np.empty(0), no_columns(n, like), 0.0
    xp = array_namespace(vectors)
    while vectors.shape[1] < n:
        room, missing = n - vectors.shape[1], k - len(values)
        capacity = min(room, checked_steps(n, 20 * k + 100 if max_steps is None else max_steps))
        recurrence = Recurrence(counted, n, capacity, rng, vectors, scale)
        if missing == 0:
            rival = _search(recurrence, 1, which, max(tol, RIVAL_TOL))
            if _rank(rival.values, which)[0] + rival.bounds[0] <= _least_gain(values, which, tol * scale):
                break
        found = _search(recurrence, max(missing, 1), which, tol)
        scale = recurrence.scale
        if missing == 0 and _rank(found.values, which)[0] <= _least_gain(values, which, tol * scale):
            break
        values = np.concatenate([values, found.values])
        vectors = xp.concat([vectors, found.vectors], axis=1)
        keep = np.argsort(-_rank(values, which), kind="stable")[:k]
        values, vectors = values[keep], xp.take(vectors, xp.asarray(keep, device=device(vectors)), axis=1)
        if len(values) == k and not found.converged:
            break
    residuals = np.array(
        [
            float(xp.linalg.vector_norm(counted(vectors[:, i]) - value * vectors[:, i]))
            for i, value in enumerate(values.tolist())
        ]
    )
    # Deflating vectors that are themselves inexact up to tol costs up to tol once more.
    return Eigenpairs(values, vectors, residuals, bool((residuals <= 2 * tol * scale).all()), count)
