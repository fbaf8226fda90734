"""Hypothesis strategies for linear algebra. Every example shrinks towards identity matrices and zero vectors."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

SMALL = st.integers(-5, 5).map(float)


def vectors(n, *, bound=10.0):
    """Vectors of shape (n,) with entries of size at most ``bound`` and no subnormal numbers."""
    return arrays(np.float64, n, elements=st.floats(-bound, bound, allow_subnormal=False))


def nonzero_vectors(n, *, bound=10.0):
    """Vectors of shape (n,) with norm at least 1e-3."""
    return vectors(n, bound=bound).filter(lambda v: np.linalg.norm(v) >= 1e-3)


@st.composite
def orthogonal_matrices(draw, n):
    """Products of up to n Householder reflections: each orthogonal matrix of shape (n, n) is one."""
    Q = np.eye(n)
    for v in draw(arrays(np.float64, (n, n), elements=SMALL)):
        if v.any():
            Q = Q - 2 * np.outer(Q @ v, v) / (v @ v)
    return Q


@st.composite
def spd_matrices(draw, n, *, max_condition=1e3):
    """Symmetric positive definite matrices of shape (n, n) with eigenvalues from 1/sqrt(c) to sqrt(c)."""
    limit = np.log10(max_condition) / 2
    exponents = draw(arrays(np.float64, n, elements=st.floats(-limit, limit)))
    Q = draw(orthogonal_matrices(n))
    A = (Q * 10.0**exponents) @ Q.T
    return (A + A.T) / 2
