"""Oracles: torch.autograd of cosine_similarity, orthogonality, homogeneity of degree -1."""

import numpy as np
import pytest
import torch

from reference.cosine_gradient import cosine_gradient


def test_gradient_agrees_with_autograd(backend, rng):
    q, x = rng.normal(size=6), rng.normal(size=(9, 6))
    points = torch.tensor(x, requires_grad=True)
    torch.nn.functional.cosine_similarity(torch.tensor(q), points, dim=1).sum().backward()
    got = cosine_gradient(backend.array(q), backend.array(x))
    assert backend.owns(got)
    np.testing.assert_allclose(got, points.grad.numpy(), **backend.tolerance)


def test_gradient_is_orthogonal_to_the_vector_and_so_steps_lengthen_it(rng):
    q, x = rng.normal(size=5), rng.normal(size=5)
    gradient = cosine_gradient(q, x)
    np.testing.assert_allclose(gradient @ x, 0, rtol=0, atol=1e-15)
    after = np.linalg.norm(x + 0.3 * gradient) ** 2
    np.testing.assert_allclose(after, x @ x + 0.09 * gradient @ gradient, rtol=1e-13, atol=0)


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_gradient_shrinks_with_length(rng, scale):
    q, x = rng.normal(size=4), rng.normal(size=4)
    np.testing.assert_allclose(
        cosine_gradient(q, scale * x) * scale, cosine_gradient(q, x), rtol=1e-12, atol=1e-15
    )


def test_zero_vectors_are_refused():
    with pytest.raises(ValueError, match="zero"):
        cosine_gradient([1, 2], [[0, 0], [1, 1]])
