"""Oracles: torch's modules and autograd, determinants, Newman's exact exponents, mean-field growth rates."""

import itertools
import math

import numpy as np
import pytest
import torch
from scipy.special import digamma
from scipy.stats import ortho_group

from reference.initialisers import he_normal, xavier_normal
from reference.matrix_products import backpropagate_norms, lyapunov_exponents, propagate_norms

RTOL = {"float64": 1e-12, "float32": 1e-4}
TORCH = {"linear": lambda a: a, "relu": torch.relu, "tanh": torch.tanh}
WIDTHS = [5, 7, 4, 3]


def layers(rng):
    return [rng.normal(size=(out, into)) for into, out in itertools.pairwise(WIDTHS)]


@pytest.mark.parametrize("activation", TORCH)
@pytest.mark.parametrize("batch", [(), (6,)])
def test_norms_and_gradients_agree_with_torch(backend, rng, activation, batch):
    weights, x, cotangent = layers(rng), rng.normal(size=(*batch, 5)), rng.normal(size=(*batch, 3))
    signals = [torch.tensor(x, requires_grad=True)]
    for W in weights:
        signals.append(TORCH[activation](signals[-1] @ torch.tensor(W).T))
        signals[-1].retain_grad()
    (signals[-1] * torch.tensor(cotangent)).sum().backward()

    arrays = [backend.array(W) for W in weights]
    forward = propagate_norms(arrays, backend.array(x), activation)
    backward = backpropagate_norms(arrays, backend.array(x), backend.array(cotangent), activation)
    assert backend.owns(forward) and backend.owns(backward)
    expected = [h.detach().norm(dim=-1).numpy() for h in signals]
    np.testing.assert_allclose(forward, expected, rtol=RTOL[backend.dtype], atol=0)
    gradients = [h.grad.norm(dim=-1).numpy() for h in signals]
    np.testing.assert_allclose(backward, gradients, rtol=RTOL[backend.dtype], atol=1e-6 * np.max(gradients))


@pytest.mark.parametrize(
    ("initialise", "activation", "growth"),
    [
        (xavier_normal, "linear", 1.0),
        (he_normal, "linear", math.sqrt(2)),
        (he_normal, "relu", 1.0),
        (xavier_normal, "relu", math.sqrt(0.5)),
    ],
)
def test_growth_per_layer_is_what_initialisation_and_activation_say(rng, initialise, activation, growth):
    n, depth = 256, 30
    weights = [initialise((n, n), rng) for _ in range(depth)]
    x, cotangent = rng.normal(size=(2, n))
    forward = propagate_norms(weights, x, activation)
    backward = backpropagate_norms(weights, x, cotangent, activation)
    for ratio in (forward[-1] / forward[0], backward[0] / backward[-1]):
        # The logarithm of the ratio has a variance of about 5 depth / (4 n), and thus a deviation of 0.4.
        assert abs(math.log(ratio) - depth * math.log(growth)) < 4 * 0.4


def test_no_layers_leave_the_input_alone():
    np.testing.assert_array_equal(propagate_norms([], [3.0, 4.0]), [5])
    np.testing.assert_array_equal(backpropagate_norms([], [3.0, 4.0], [0.0, 2.0]), [2])


def test_a_dead_relu_stops_the_gradient():
    norms = backpropagate_norms([[[1.0]], [[1.0]]], [-1.0], [1.0], "relu")
    np.testing.assert_array_equal(norms, [0, 0, 1])


def test_relu_does_not_hide_a_product_that_overflowed():
    weights = [np.full((2, 2), 1e200), np.array([[1e200, -1e200]]), [[1.0]]]
    with np.errstate(over="ignore", invalid="ignore"):
        forward = propagate_norms(weights, [1e200, 1e200], "relu")
        backward = backpropagate_norms(weights, [1e200, 1e200], [1.0], "relu")
    np.testing.assert_array_equal(np.isnan(forward), [False, False, True, True])
    np.testing.assert_array_equal(np.isnan(backward), [True, True, True, False])


def test_bad_chains_are_named(rng):
    good, x = layers(rng), np.ones(5)
    for function in (
        propagate_norms,
        lambda weights, x, *rest: backpropagate_norms(weights, x, np.ones(3), *rest),
    ):
        with pytest.raises(ValueError, match=r"^weights\[1\] "):
            function([good[0], good[2]], x)
        with pytest.raises(ValueError, match=r"^weights\[0\] "):
            function([np.full((7, 5), math.nan)], x)
        with pytest.raises(ValueError, match=r"^weights\[0\] "):
            function([np.ones(5)], x)
        with pytest.raises(ValueError, match=r"^x "):
            function(good, [math.inf] * 5)
        with pytest.raises(ValueError, match=r"^x "):
            function(good, 1.0)
        with pytest.raises(ValueError, match=r"^activation "):
            function(good, x, "sigmoid")
    for cotangent in (np.ones(4), np.ones((1, 3)), [math.nan] * 3):
        with pytest.raises(ValueError, match=r"^cotangent "):
            backpropagate_norms(good, x, cotangent)


class TestLyapunovExponents:
    def test_diagonal_factors(self, backend):
        diagonals = np.array([[2.0, 0.5, -8.0], [1.0, 0.5, 0.125], [4.0, -0.5, 1.0]])
        result = lyapunov_exponents(backend.array(diagonals[:, :, None] * np.eye(3)))
        assert backend.owns(result)
        np.testing.assert_allclose(result, [math.log(2), 0, -math.log(2)], rtol=1e-6, atol=1e-7)

    def test_sum_is_the_mean_log_determinant(self, rng):
        weights = rng.normal(size=(50, 2, 4, 4))
        expected = np.linalg.slogdet(weights).logabsdet.mean(axis=0)
        np.testing.assert_allclose(lyapunov_exponents(weights).sum(-1), expected, rtol=1e-12, atol=0)

    def test_one_chain_of_a_batch_is_that_chain(self, rng):
        weights = rng.normal(size=(20, 3, 4, 4))
        for k in range(3):
            np.testing.assert_allclose(
                lyapunov_exponents(weights)[k], lyapunov_exponents(weights[:, k]), rtol=1e-10, atol=0
            )

    def test_powers_of_one_matrix_grow_with_its_eigenvalues(self, rng):
        W = np.triu(rng.normal(size=(4, 4)), 1) + np.diag([0.1, 3.0, 0.5, 1.5])
        basis = rng.normal(size=(4, 4))
        W = np.linalg.solve(basis, W @ basis)
        result = lyapunov_exponents(np.tile(W, (400, 1, 1)))
        np.testing.assert_allclose(result, np.log([3.0, 1.5, 0.5, 0.1]), rtol=0, atol=0.03)

    def test_the_first_factor_is_applied_first(self, rng):
        weights = rng.normal(size=(4, 3, 3))
        product = np.linalg.multi_dot(weights[::-1])
        # With the identity as first frame the factors' R multiply up to the R of the whole product.
        expected = np.log(np.abs(np.diag(np.linalg.qr(product).R))) / 4
        np.testing.assert_allclose(lyapunov_exponents(weights), np.sort(expected)[::-1], rtol=1e-11, atol=0)

    def test_rotations_neither_grow_nor_shrink(self):
        weights = ortho_group(5, seed=1).rvs(200)
        np.testing.assert_allclose(lyapunov_exponents(weights), 0, rtol=0, atol=1e-14)

    @pytest.mark.parametrize("scale", [1e-200, 1e200])
    def test_products_far_beyond_the_range_of_floats(self, rng, scale):
        weights = rng.normal(size=(100, 3, 3))
        np.testing.assert_allclose(
            lyapunov_exponents(scale * weights),
            lyapunov_exponents(weights) + math.log(scale),
            rtol=1e-13,
            atol=0,
        )

    def test_gaussian_factors_have_newmans_exponents(self, rng):
        # Newman, Commun. Math. Phys. 103, 1986: (log 2 + digamma((n - i + 1)/2))/2 for entries of variance 1.
        n, chains, depth = 4, 40, 400
        found = lyapunov_exponents(rng.normal(size=(depth, chains, n, n)))
        expected = (math.log(2) + digamma((n - np.arange(n)) / 2)) / 2
        z = (found.mean(0) - expected) / (found.std(0) / math.sqrt(chains))
        assert np.all(np.abs(z) < 4)

    def test_a_singular_factor_sends_one_direction_to_minus_infinity(self):
        with np.errstate(divide="raise"):
            result = lyapunov_exponents([np.diag([2.0, 0.0]), np.diag([2.0, 3.0])])
        np.testing.assert_allclose(result, [math.log(2), -math.inf], rtol=1e-15, atol=0)

    @pytest.mark.parametrize(
        "bad", [np.ones((2, 2)), np.ones((3, 2, 4)), np.ones((0, 2, 2)), np.full((1, 2, 2), math.nan)]
    )
    def test_bad_stacks_are_named(self, bad):
        with pytest.raises(ValueError, match=r"^weights "):
            lyapunov_exponents(bad)
