"""Oracles: math.hypot, mpmath with fifty digits, vectors built at a known angle, identities and invariances."""

import math

import mpmath
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from strategies import nonzero_vectors, orthogonal_matrices, vectors

from reference.vectors import (
    angle,
    cosine_similarity,
    hyperplane_distance,
    norm,
    projection,
    unit_vector,
)

EPS = {"float64": 2.0**-52, "float32": 2.0**-23}


def pair_at(theta, n, rng):
    """Two unit vectors in n dimensions that make the angle theta."""
    u, w = np.linalg.qr(rng.normal(size=(n, 2)))[0].T
    return u, math.cos(theta) * u + math.sin(theta) * w


def exact_angle(x, y):
    with mpmath.workdps(50):
        x, y = mpmath.matrix(x.tolist()), mpmath.matrix(y.tolist())
        u, v = x / mpmath.norm(x), y / mpmath.norm(y)
        return float(2 * mpmath.atan2(mpmath.norm(u - v), mpmath.norm(u + v)))


class TestNorm:
    def test_agrees_with_math_hypot_in_batches(self, backend, rng):
        x = backend.array(rng.normal(size=(4, 3, 5)))
        result = norm(x)
        assert backend.owns(result) and tuple(result.shape) == (4, 3)
        want = [[math.hypot(*row) for row in table] for table in np.asarray(x, dtype=float)]
        np.testing.assert_allclose(result, want, rtol=4 * EPS[backend.dtype], atol=0)

    @pytest.mark.parametrize("size", [1e-320, 1e-200, 1.0, 1e200, 3e307])
    def test_squares_neither_vanish_nor_overflow(self, size):
        np.testing.assert_allclose(
            norm([3 * size, -4 * size]), 5 * size, rtol=1e-3 if size < 1e-300 else 1e-15, atol=0
        )
        np.testing.assert_allclose(
            unit_vector([3 * size, -4 * size]), [0.6, -0.8], rtol=1e-3 if size < 1e-300 else 1e-15, atol=0
        )

    @given(vectors(4), vectors(4))
    def test_triangle_inequality(self, x, y):
        assert norm(x + y) <= (norm(x) + norm(y)) * (1 + 1e-14)

    @pytest.mark.parametrize("x", [3.0, [], np.zeros((2, 0)), [1.0, math.nan], [math.inf], [True], [1j]])
    def test_bad_input_is_named(self, x):
        with pytest.raises(ValueError, match=r"^x must"):
            norm(x)


class TestUnitVector:
    def test_zero_has_no_direction_and_stays_zero(self, backend):
        result = unit_vector(backend.array([[0.0, 0.0], [0.0, -2.0]]))
        assert backend.owns(result)
        np.testing.assert_array_equal(result, [[0, 0], [0, -1]])

    @given(nonzero_vectors(5), st.floats(1e-6, 1e6))
    def test_length_is_one_and_the_direction_stays(self, x, factor):
        u = unit_vector(factor * x)
        np.testing.assert_allclose(math.hypot(*u), 1, rtol=1e-15, atol=0)
        np.testing.assert_allclose(u * math.hypot(*x), x, rtol=1e-14, atol=1e-300)  # subnormal products

    def test_whole_numbers_become_float64(self):
        assert unit_vector([0, 3]).dtype == np.float64

    def test_torch_agrees(self, rng):
        x = rng.normal(size=(6, 3))
        want = torch.nn.functional.normalize(torch.tensor(x), dim=-1)
        np.testing.assert_allclose(unit_vector(x), want, rtol=1e-15, atol=0)


class TestAngle:
    @pytest.mark.parametrize(
        "theta", [0.0, 1e-12, 1e-9, 1e-4, 1.0, math.pi / 2, 3.0, math.pi - 1e-9, math.pi]
    )
    @pytest.mark.parametrize("n", [2, 3, 40])
    def test_is_accurate_from_end_to_end(self, theta, n, rng):
        x, y = pair_at(theta, n, rng)
        np.testing.assert_allclose(angle(1e3 * x, 1e-7 * y), theta, rtol=0, atol=4e-15)

    @given(nonzero_vectors(3), nonzero_vectors(3))
    def test_agrees_with_fifty_digits(self, x, y):
        np.testing.assert_allclose(angle(x, y), exact_angle(x, y), rtol=0, atol=2e-15)

    def test_in_every_library_and_precision(self, backend):
        result = angle(backend.array([[1.0, 0.0], [0.0, 2.0]]), backend.array([1.0, 1.0]))
        assert backend.owns(result)
        np.testing.assert_allclose(result, [math.pi / 4] * 2, rtol=0, atol=4 * EPS[backend.dtype])

    def test_arccos_loses_what_this_keeps(self):
        x, y = np.array([1.0, 0.0]), np.array([1.0, 1e-9])
        assert np.arccos(x @ y / (np.linalg.norm(x) * np.linalg.norm(y))) == 0
        np.testing.assert_allclose(angle(x, y), 1e-9, rtol=1e-15, atol=0)

    @given(nonzero_vectors(4), nonzero_vectors(4), orthogonal_matrices(4))
    def test_turning_both_keeps_it_and_swapping_too(self, x, y, Q):
        want = angle(x, y)
        np.testing.assert_allclose(angle(Q @ x, Q @ y), want, rtol=0, atol=1e-14)
        np.testing.assert_allclose(angle(y, x), want, rtol=0, atol=1e-15)
        np.testing.assert_allclose(angle(-x, y), math.pi - want, rtol=0, atol=1e-15)

    @pytest.mark.parametrize("function", [angle, cosine_similarity])
    def test_zero_vectors_and_misfits_are_refused(self, function):
        for x, y, reason in [
            ([0, 0], [1, 0], "x must not be the zero vector"),
            ([1, 0], [[1, 0], [0, 0]], "y must not be the zero vector"),
            ([1, 0], [1, 0, 0], "equally many entries"),
            (np.ones((2, 3)), np.ones((4, 3)), "do not broadcast"),
        ]:
            with pytest.raises(ValueError, match=reason):
                function(x, y)


class TestCosineSimilarity:
    @given(nonzero_vectors(3), nonzero_vectors(3))
    def test_is_the_cosine_of_the_angle(self, x, y):
        np.testing.assert_allclose(cosine_similarity(x, y), math.cos(exact_angle(x, y)), rtol=0, atol=1e-15)

    def test_never_leaves_its_range(self, rng):
        x = rng.normal(size=(2000, 3))
        assert (np.sum(x * x, axis=-1) / np.linalg.norm(x, axis=-1) ** 2 > 1).any()  # the plain formula does
        assert cosine_similarity(x, x).max() == 1 and cosine_similarity(x, -x).min() == -1

    def test_lengths_do_not_count_and_torch_agrees(self, backend, rng):
        x, y = rng.normal(size=(5, 7)), rng.normal(size=7)
        result = cosine_similarity(backend.array(x), backend.array(1e3 * y))
        assert backend.owns(result)
        want = torch.nn.functional.cosine_similarity(torch.tensor(x), torch.tensor(y).expand(5, 7))
        np.testing.assert_allclose(result, want, rtol=0, atol=8 * EPS[backend.dtype])


class TestProjection:
    def test_known_shadow(self, backend):
        result = projection(backend.array([[2.0, 3.0], [-1.0, 5.0]]), backend.array([4.0, 0.0]))
        assert backend.owns(result)
        np.testing.assert_array_equal(result, [[2, 0], [-1, 0]])

    @given(vectors(4), nonzero_vectors(4), st.floats(-3, 3))
    def test_no_point_of_the_line_is_nearer(self, x, y, t):
        shadow = projection(x, y)
        assert np.linalg.norm(x - shadow) <= np.linalg.norm(x - t * y) + 1e-12
        np.testing.assert_allclose((x - shadow) @ y, 0, rtol=0, atol=1e-13 * (1 + norm(x) * norm(y)))

    @given(vectors(3), nonzero_vectors(3))
    def test_projecting_twice_is_projecting_once(self, x, y):
        once = projection(x, y)
        np.testing.assert_allclose(projection(once, y), once, rtol=1e-14, atol=1e-14)

    def test_zero_line_is_refused_and_zero_point_is_not(self):
        np.testing.assert_array_equal(projection([0, 0], [1, 1]), [0, 0])
        with pytest.raises(ValueError, match="y must not be the zero vector"):
            projection([1, 1], [0, 0])


class TestHyperplaneDistance:
    def test_line_in_the_plane(self, backend):
        result = hyperplane_distance(
            backend.array([[0.0, 0.0], [4.0, 3.0]]), backend.array([3.0, 4.0]), -10.0
        )
        assert backend.owns(result)
        np.testing.assert_allclose(result, [-2, 2.8], rtol=8 * EPS[backend.dtype], atol=0)

    @given(vectors(3), nonzero_vectors(3), st.floats(-5, 5))
    def test_walking_that_far_along_the_normal_reaches_the_plane(self, x, w, b):
        foot = x - hyperplane_distance(x, w, b) * w / math.hypot(*w)
        np.testing.assert_allclose(w @ foot + b, 0, rtol=0, atol=1e-12 * (1 + norm(x) * norm(w) + abs(b)))

    @given(vectors(3), nonzero_vectors(3), st.floats(-5, 5))
    def test_scaling_the_equation_keeps_the_plane(self, x, w, b):
        want = hyperplane_distance(x, w, b)
        np.testing.assert_allclose(hyperplane_distance(x, 8 * w, 8 * b), want, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(hyperplane_distance(x, -w, -b), -want, rtol=1e-12, atol=1e-12)

    def test_a_neuron_is_its_distance_times_the_length_of_its_weights(self, rng):
        w, x, b = rng.normal(size=5), rng.normal(size=(8, 5)), 0.3
        preactivation = x @ w + b
        np.testing.assert_allclose(
            hyperplane_distance(x, w, b) * norm(w), preactivation, rtol=1e-13, atol=1e-14
        )

    def test_bad_input_is_named(self):
        with pytest.raises(ValueError, match="w must not be the zero vector"):
            hyperplane_distance([1, 1], [0, 0])
        with pytest.raises(ValueError, match="b must be finite"):
            hyperplane_distance([1, 1], [1, 0], math.nan)
        with pytest.raises(ValueError, match="x and w must have equally many entries"):
            hyperplane_distance([1, 1], [1, 0, 0])
        with pytest.raises(ValueError, match="do not broadcast"):
            hyperplane_distance(np.ones((2, 3)), np.ones(3), np.ones(4))
