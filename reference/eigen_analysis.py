"""Eigenvalues, singular values and condition numbers of weight matrices, and what each of them does not say.

All functions take one matrix or a batch of them, of any array namespace.
"""

from __future__ import annotations

from typing import Any

import array_api_compat
import numpy as np
from array_api_compat import array_namespace
from matplotlib.axes import Axes
from matplotlib.patches import Circle

from reference.arrays import Array, as_floating, as_matrices, require_finite


def eigvals(W: Any) -> Array:
    """Eigenvalues, always complex and in no particular order.

    Parameters
    ----------
    W : array, shape (..., n, n)
        Real, square. It need not be symmetric: the eigenvalues of a real matrix come in conjugate pairs, and a
        complex pair turns vectors as well as stretching them.

    Returns
    -------
    complex array, shape (..., n)

    Raises
    ------
    ValueError
        If W is not square, is empty or is not finite.
    """
    W = as_matrices("W", W)
    if W.shape[-1] != W.shape[-2]:
        raise ValueError(f"W must be square to have eigenvalues, but its shape is {tuple(W.shape)}")
    return array_namespace(W).linalg.eigvals(W)  # complex even if all are real, unlike numpy.linalg's


def spectral_radius(W: Any) -> Array:
    """Largest modulus of an eigenvalue, shape (...); the growth rate of W^k as k -> infinity.

    Parameters and errors are those of `eigvals`. It is at most the largest singular value and says nothing about
    small k: see `nonnormal_matrix`.
    """
    values = eigvals(W)
    xp = array_namespace(values)
    return xp.max(xp.abs(values), axis=-1)


def singular_values(W: Any) -> Array:
    """Singular values in descending order, the factors by which W stretches along its principal axes.

    Parameters
    ----------
    W : array, shape (..., m, n)

    Returns
    -------
    array, shape (..., min(m, n))
        Each right to about eps times the largest one.

    Raises
    ------
    ValueError
        If W has fewer than two axes, is empty or is not finite.

    Notes
    -----
    Not from the eigenvalues of W'W: forming that product loses every singular value below sqrt(eps) times the
    largest (Golub and Van Loan, *Matrix Computations*, 4th ed., 2013, section 8.6).
    """
    W = as_matrices("W", W)
    return array_namespace(W).linalg.svdvals(W)


def condition_number(W: Any, *, rank_rtol: float = 0.0) -> Array:
    """2-norm condition number, largest over smallest singular value: 1 at best, infinite for rank-deficient W.

    Parameters
    ----------
    W : array, shape (..., m, n)
    rank_rtol
        A smallest singular value of at most this times the largest counts as zero. In floating point a singular
        matrix often has one near eps times the largest; ``max(m, n) * eps`` is the usual way to call it zero.

    Returns
    -------
    array, shape (...)
        Relative error about eps times the value itself.

    Raises
    ------
    ValueError
        If W has fewer than two axes, is empty or is not finite, or rank_rtol is outside [0, 1).

    Notes
    -----
    The ratio of eigenvalue moduli is something else unless W is normal: for [[1, 1e6], [0, 1]] it is 1 and the
    condition number is 1e12. Scaling W does not change it.
    """
    if not 0 <= rank_rtol < 1:
        raise ValueError(f"rank_rtol must lie in [0, 1), but is {rank_rtol!r}")
    sigma = singular_values(W)
    xp = array_namespace(sigma)
    largest, smallest = sigma[..., 0], sigma[..., -1]
    deficient = smallest <= rank_rtol * largest
    return xp.where(deficient, xp.inf, largest / xp.where(deficient, 1, smallest))


def kappa_under_scaling(W: Any, scales: Any) -> Array:
    """Condition numbers of c W for each c in ``scales``: all equal, as both ends of the spectrum scale with c.

    Parameters
    ----------
    W : array, shape (m, n)
    scales : array, shape (S,)
        Factors, none zero.

    Returns
    -------
    array, shape (S,)
        Each from a singular value decomposition of its own, so that the equality is seen and not assumed.

    Raises
    ------
    ValueError
        If W is not one finite matrix, or scales are not a row of finite nonzero numbers.
    """
    W = as_matrices("W", W)
    if W.ndim != 2:
        raise ValueError(f"W must be one matrix, but its shape is {tuple(W.shape)}")
    scales = as_floating("scales", scales, like=W)
    require_finite("scales", scales)
    if scales.ndim != 1 or array_namespace(scales).any(scales == 0):
        raise ValueError("scales must be a one-dimensional array without zeros")
    return condition_number(scales[:, None, None] * W)


def num_real_eigs(W: Any, *, rtol: float | None = None) -> Array:
    """Number of real eigenvalues.

    Parameters
    ----------
    W : array, shape (..., n, n)
    rtol
        An imaginary part of at most rtol times the largest singular value counts as zero. The default,
        eps^(2/3), is 3.7e-11 in float64. It forgives the rounding of well-separated eigenvalues only: a double
        one moves by about sqrt(eps), may turn into a complex pair and is then not counted. For double ones pass
        at least 1e-7 in float64.

    Returns
    -------
    integer array, shape (...)

    Raises
    ------
    ValueError
        As `eigvals`, or if rtol is negative or NaN.
    """
    W = as_matrices("W", W)
    xp = array_namespace(W)
    relative = float(xp.finfo(W.dtype).eps) ** (2 / 3) if rtol is None else rtol
    if not relative >= 0:
        raise ValueError(f"rtol must not be negative, but is {rtol!r}")
    values = eigvals(W)
    return xp.count_nonzero(xp.abs(xp.imag(values)) <= relative * singular_values(W)[..., :1], axis=-1)


def nonnormal_matrix(size: int = 8, *, eigenvalue: float = 0.4, coupling: float = 2.0) -> np.ndarray:
    """A matrix whose powers grow a lot before they shrink: spectral radius below 1, transient far above 1.

    Parameters
    ----------
    size
        Number of rows, at least 2.
    eigenvalue
        The only eigenvalue, on the diagonal.
    coupling
        The entries above the diagonal, by which each coordinate feeds the one before it.

    Returns
    -------
    array, shape (size, size), float64

    Raises
    ------
    ValueError
        If size is below 2.

    Notes
    -----
    A Jordan block with a coupling: (W^k)_{0j} = C(k, j) eigenvalue^(k-j) coupling^j. The default has spectral
    radius 0.4, and its tenth power has a norm above 1000. See Trefethen and Embree, *Spectra and
    Pseudospectra*, 2005, chapter 14.
    """
    if size < 2:
        raise ValueError(f"size must be at least 2, but is {size}")
    return eigenvalue * np.eye(size) + coupling * np.eye(size, k=1)


def plot_spectrum(ax: Axes, W: Any, radius: float) -> Axes:
    """Draw the eigenvalues of W in the complex plane over a circle of the given radius, and return ``ax``.

    Parameters
    ----------
    ax
        Axes to draw on; both axes get the same scale, or the circle would be an ellipse.
    W : array, shape (n, n)
    radius
        Of the reference circle around 0, the edge that the circular law predicts.

    Raises
    ------
    ValueError
        As `eigvals`, or if the radius is not positive.
    """
    if not radius > 0:
        raise ValueError(f"radius must be positive, but is {radius!r}")
    values = np.asarray(array_api_compat.to_device(eigvals(W), "cpu"))
    ax.add_patch(Circle((0, 0), radius, fill=False, color="black", label=f"radius {radius:.3g}"))
    ax.scatter(values.real, values.imag, s=8, label="eigenvalues")
    ax.set_aspect("equal")
    ax.set_xlabel("real part")
    ax.set_ylabel("imaginary part")
    ax.legend()
    return ax
