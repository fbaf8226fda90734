"""The spectrum of a large symmetric matrix as a whole: density, condition and trace from matrix-vector products."""

from dataclasses import dataclass

import numpy as np
from array_api_compat import array_namespace
from numpy.typing import ArrayLike

from reference.arrays import Array, Doubles, as_floating, finite_between
from reference.lanczos import Matvec, apply, lanczos, no_columns

# Residual, relative to a node, up to which the node stands for an eigenvalue.
CONVERGED = 1e-2


@dataclass(frozen=True, eq=False)
class SpectralDensity:
    """A discrete distribution that stands for that of the eigenvalues.

    Attributes
    ----------
    nodes, weights : NumPy array, shape (num_vectors, m)
        Each row is the estimate from one random vector; its weights sum to 1.
    residuals : NumPy array, shape (num_vectors, m)
        An eigenvalue lies within this distance of the node.
    """

    nodes: Doubles
    weights: Doubles
    residuals: Doubles

    def pdf(self, grid: ArrayLike, *, width: float) -> Doubles:
        """Return the density at the points of a grid, smoothed by a Gaussian of standard deviation width > 0."""
        finite_between("width", width, low=0)
        z = (np.asarray(grid, float)[..., None] - self.nodes.ravel()) / width
        return np.exp(-(z**2) / 2) @ self.weights.ravel() / (len(self.nodes) * width * np.sqrt(2 * np.pi))

    def moments(self, order: int) -> Doubles:
        """Return each vector's estimate of the mean of ``eigenvalue**order``, shape (num_vectors,)."""
        return (self.weights * self.nodes**order).sum(axis=1)


@dataclass(frozen=True)
class TraceEstimate:
    """A trace and its standard error."""

    value: float
    standard_error: float
    num_samples: int


@dataclass(frozen=True)
class ConditionEstimate:
    """What stands in for a condition number where a matrix is singular or indefinite.

    Attributes
    ----------
    lmax, lmin : float
        Largest and smallest eigenvalue; lmin is negative where there is negative curvature. Unless `exact`,
        the true ones may lie further out.
    lmin_pos : float
        Smallest eigenvalue above the threshold that was found, to 1 %; infinite if none was. Unless `exact`,
        there may be smaller ones.
    null_dim : float
        Number of eigenvalues within the threshold of zero.
    null_dim_error : float
        Standard error of `null_dim`; 0 if `exact`.
    exact : bool
        Whether the whole spectrum was computed.
    """

    lmax: float
    lmin_pos: float
    lmin: float
    null_dim: float
    null_dim_error: float
    exact: bool


def spectral_density(
    matvec: Matvec,
    n: int,
    *,
    num_vectors: int,
    num_steps: int,
    rng: np.random.Generator,
    like: Array | None = None,
) -> SpectralDensity:
    """Estimate the distribution of the eigenvalues by stochastic Lanczos quadrature.

    Parameters
    ----------
    matvec, n, num_steps, rng, like
        As in `reference.lanczos.lanczos`; each of num_vectors random vectors costs num_steps products.
    num_vectors : int

    Returns
    -------
    SpectralDensity

    Notes
    -----
    The eigenvalues of the tridiagonal matrix and the squares of the first entries of its eigenvectors are the
    nodes and weights of a Gauss quadrature, exact for polynomials of degree up to ``2*num_steps - 1``, of the
    distribution that the starting vector sees; over random vectors its mean is that of the eigenvalues
    (Golub and Welsch 1969; Ubaru, Chen and Saad, SIAM J. Matrix Anal. Appl. 38, 2017).
    """
    if num_vectors < 1:
        raise ValueError("num_vectors must be at least 1")
    runs = [lanczos(matvec, n, num_steps=num_steps, rng=rng, like=like) for _ in range(num_vectors)]
    pairs = [run.ritz() for run in runs]
    return SpectralDensity(
        nodes=np.array([values for values, _ in pairs]),
        weights=np.array([vectors[0] ** 2 for _, vectors in pairs]),
        residuals=np.array([r.residual * np.abs(v[-1]) for r, (_, v) in zip(runs, pairs, strict=True)]),
    )


def hutchinson_trace(
    matvec: Matvec, n: int, num_samples: int, *, rng: np.random.Generator, like: Array | None = None
) -> TraceEstimate:
    """Estimate the trace of a square matrix as the mean of ``v'Av`` over vectors of random signs.

    Parameters
    ----------
    matvec : callable
        Maps a vector of shape (n,) to the product with A, shape (n,).
    n : int
    num_samples : int
        At least 2, so that there is an error bar. Each costs one product.
    rng : numpy.random.Generator
    like : array, optional
        The random vectors take its namespace, dtype and device; the sums are done in float64. Default: NumPy
        float64.

    Notes
    -----
    Unbiased; for symmetric A the variance of one sample is ``2*(|A|_F^2 - sum_i a_ii^2)``, so the estimate is
    exact for a diagonal A (Hutchinson 1990; Avron and Toledo, J. ACM 58, 2011).
    """
    if num_samples < 2:
        raise ValueError("num_samples must be at least 2: one sample has no error bar")

    template = no_columns(n, like)
    xp = array_namespace(template)

    def sample() -> float:
        v = as_floating("v", 2.0 * rng.integers(0, 2, size=n, dtype=np.int8) - 1.0, like=template)
        return float(xp.sum(v * apply(matvec, v), dtype=xp.float64))

    samples = np.array([sample() for _ in range(num_samples)])
    return TraceEstimate(
        float(samples.mean()), float(samples.std(ddof=1) / np.sqrt(num_samples)), num_samples
    )


def condition_estimate(
    matvec: Matvec,
    n: int,
    *,
    num_steps: int,
    rng: np.random.Generator,
    num_vectors: int = 4,
    rtol: float = 1e-8,
    like: Array | None = None,
) -> ConditionEstimate:
    """Describe the conditioning of a symmetric matrix that may be singular or indefinite.

    Parameters
    ----------
    matvec, n, num_steps, num_vectors, rng, like
        As in `spectral_density`. With ``num_steps >= n`` one vector is enough and the answer exact.
    rtol : float
        Eigenvalues up to rtol times the largest magnitude count as zero.

    Returns
    -------
    ConditionEstimate

    Notes
    -----
    The Hessian of a network is singular by its symmetries, so that the ratio of its extreme eigenvalues is
    rounding error: what can be stated is the largest eigenvalue, the smallest positive one, the most negative
    one, and how many are zero. Extreme eigenvalues converge first; the smallest positive one lies inside the
    spectrum and may need very many steps. The weight of the nodes near zero, times n, estimates how many
    eigenvalues are zero.
    """
    exact = num_steps >= n
    density = spectral_density(
        matvec, n, num_vectors=1 if exact else num_vectors, num_steps=num_steps, rng=rng, like=like
    )
    nodes = density.nodes
    threshold = rtol * float(np.abs(nodes).max())
    zero = np.abs(nodes) <= threshold
    # A node inside the spectrum may lie in a gap: it counts if its residual proves an eigenvalue next to it.
    positive = nodes[(nodes > threshold) & (density.residuals <= CONVERGED * nodes)]
    # One node per eigenvalue when exact; else a node stands for as many eigenvalues as it has weight.
    shares = zero.sum(axis=1) if exact else n * (density.weights * zero).sum(axis=1)
    error = 0.0 if exact else float(shares.std(ddof=1) / np.sqrt(num_vectors)) if num_vectors > 1 else np.inf
    return ConditionEstimate(
        lmax=float(nodes.max()),
        lmin_pos=float(positive.min()) if positive.size else np.inf,
        lmin=float(nodes.min()),
        null_dim=float(shares.mean()),
        null_dim_error=error,
        exact=exact,
    )
