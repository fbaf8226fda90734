"""Oracles: torch's scaled_dot_product_attention and Categorical, autograd, moments of random dot products."""

import math

import mpmath
import numpy as np
import pytest
import torch
import torch.nn.functional as F

from reference.attention_scaling import attention_entropy, attention_weights, softmax_slope


def test_weights_agree_with_torch_attention(backend, rng):
    queries, keys = rng.normal(size=(3, 4)), rng.normal(size=(3, 6, 4))
    got = attention_weights(backend.array(queries), backend.array(keys))
    assert backend.owns(got)
    values = torch.eye(6, dtype=torch.float64).expand(3, 6, 6)
    want = F.scaled_dot_product_attention(torch.tensor(queries)[:, None, :], torch.tensor(keys), values)
    np.testing.assert_allclose(got, want[:, 0].numpy(), **backend.tolerance)


@pytest.mark.parametrize("scaled", [True, False])
def test_entropy_agrees_with_torch(rng, scaled):
    queries, keys = rng.normal(size=(5, 7)), 3 * rng.normal(size=(5, 4, 7))
    scores = np.einsum("nd,nkd->nk", queries, keys) / (math.sqrt(7) if scaled else 1)
    want = torch.distributions.Categorical(logits=torch.tensor(scores)).entropy().numpy()
    np.testing.assert_allclose(attention_entropy(queries, keys, scaled=scaled), want, rtol=1e-11, atol=1e-13)


def test_slope_is_the_trace_of_the_jacobian(rng):
    query, keys = rng.normal(size=5), rng.normal(size=(3, 5))
    scores = torch.tensor(keys @ query)
    J = torch.autograd.functional.jacobian(lambda s: torch.softmax(s, dim=0), scores)
    got = softmax_slope(query, keys, scaled=False)
    np.testing.assert_allclose(got, torch.trace(J).item(), rtol=1e-12, atol=0)


def test_only_scaled_attention_keeps_its_entropy(rng):
    means = {True: [], False: []}
    for d in (4, 1024):
        queries, keys = rng.standard_normal((200, d)), rng.standard_normal((200, 16, d))
        for scaled, row in means.items():
            row.append(attention_entropy(queries, keys, scaled=scaled).mean())
    assert max(means[True]) - min(means[True]) < 0.1
    assert means[False][0] > 1.5 and means[False][1] < 0.2


def test_enormous_scores_are_exact():
    got = attention_entropy([1e5, 0.0], [[1, 0], [1, 7], [-1, 0]], scaled=False)
    np.testing.assert_allclose(got, math.log(2), rtol=1e-12, atol=0)


@pytest.mark.parametrize("gap", [1e-8, 1.0, 10.0, 30.0, 36.0, 40.0, 700.0])
def test_confident_attention_keeps_its_digits(gap):
    """For two keys: one weight is p = 1/(1 + exp(-gap)), and 1 - p of a rounded p has no digits left."""
    with mpmath.workdps(400):
        p = 1 / (1 + mpmath.exp(-mpmath.mpf(gap)))
        slope = float(2 * p * (1 - p))
        bits = float(-(p * mpmath.log(p) + (1 - p) * mpmath.log(1 - p)))
    query, keys = np.array([gap]), np.array([[1.0], [0.0]])
    np.testing.assert_allclose(softmax_slope(query, keys, scaled=False), slope, rtol=1e-14, atol=0)
    np.testing.assert_allclose(attention_entropy(query, keys, scaled=False), bits, rtol=1e-14, atol=0)


def test_confident_attention_among_many_keys_keeps_its_digits(rng):
    query, keys = rng.normal(size=6), 12 * rng.normal(size=(5, 6))
    with mpmath.workdps(60):
        scores = [
            mpmath.fsum(mpmath.mpf(a) * mpmath.mpf(b) for a, b in zip(query, key, strict=True))
            for key in keys
        ]
        weights = [mpmath.exp(score) for score in scores]
        p = [weight / mpmath.fsum(weights) for weight in weights]
        assert max(p) > 0.999
        slope = float(mpmath.fsum(a * (1 - a) for a in p))
        nats = float(-mpmath.fsum(a * mpmath.log(a) for a in p))
    np.testing.assert_allclose(softmax_slope(query, keys, scaled=False), slope, rtol=1e-12, atol=0)
    np.testing.assert_allclose(attention_entropy(query, keys, scaled=False), nats, rtol=1e-12, atol=0)


@pytest.mark.parametrize(
    ("queries", "keys"),
    [(np.ones(3), np.ones((2, 4))), (np.ones((2, 3)), np.ones((4, 3))), (np.ones(3), np.ones((0, 3)))],
)
def test_shapes_that_do_not_fit_are_refused(queries, keys):
    with pytest.raises(ValueError, match="queries and keys must have shapes"):
        attention_weights(queries, keys)


def test_infinite_keys_are_refused():
    with pytest.raises(ValueError, match="keys must be finite"):
        attention_weights(np.ones(2), [[math.inf, 1.0]])
