"""Chains, Jacobians from products and curvatures against autograd, closed forms and eigenvalues."""

import array_api_compat
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from smooth_functions import coupled_hessian, coupled_torch

from reference.differentiation import chain, curvature_along, jacobian_by_columns, jacobian_by_rows

LINKS = {
    "shrink": (lambda x: 0.7 * x - 0.2, lambda x: 0.7 + 0 * x),
    "exp": (lambda x: of(x).exp(x), lambda x: of(x).exp(x)),
    "tanh": (lambda x: of(x).tanh(x), lambda x: 1 - of(x).tanh(x) ** 2),
    "cube": (lambda x: x**3 + x, lambda x: 3 * x**2 + 1),
    "sin": (lambda x: of(x).sin(2 * x), lambda x: 2 * of(x).cos(2 * x)),
}
names = st.lists(st.sampled_from(sorted(LINKS)), max_size=6)


def of(x):
    return array_api_compat.array_namespace(x)


def map_2x3_to_4(x):
    """A torch map from shape (2, 3) to shape (4, 1)."""
    return torch.stack([x.sum(), x.cos().prod(), x[0, 0] * x[1, 2] ** 3, x[0, 1].exp() * x[1, 0]])[:, None]


POINT = np.random.default_rng(4).normal(size=(2, 3))


def tensor(values):
    return torch.tensor(np.asarray(values), dtype=torch.float64)


def forward_product(x, v):
    return torch.func.jvp(map_2x3_to_4, (tensor(x),), (tensor(v),))[1].numpy()


def backward_product(x, w):
    return torch.func.vjp(map_2x3_to_4, tensor(x))[1](tensor(w))[0].numpy()


@given(names=names, x=st.floats(-1.5, 1.5))
def test_chain_agrees_with_autograd(names, x):
    links = [LINKS[name] for name in names]
    t = torch.tensor([x, -x / 2], dtype=torch.float64, requires_grad=True)
    composed = t
    for g, _ in links:
        composed = g(composed)
    (expected,) = torch.autograd.grad((composed + 0 * t).sum(), t)
    result = chain(links, [x, -x / 2])
    np.testing.assert_allclose(result.values[-1], composed.detach().numpy(), rtol=1e-11, atol=1e-300)
    np.testing.assert_allclose(result.slope, expected.numpy(), rtol=1e-9, atol=1e-12)


def test_chain_of_the_chapter_keeps_every_step():
    links = [(np.square, lambda x: 2 * x), LINKS["exp"], (np.sin, np.cos)]
    result = chain(links, 0.5)
    e = np.exp(0.25)
    np.testing.assert_allclose(result.values, [0.5, 0.25, e, np.sin(e)], rtol=1e-15, atol=0)
    np.testing.assert_allclose(result.slopes, [1.0, e, np.cos(e)], rtol=1e-15, atol=0)
    np.testing.assert_allclose(result.slope, np.cos(e) * e, rtol=1e-15, atol=0)


def test_chain_calls_each_function_once():
    calls = []
    links = [(lambda x: calls.append("g") or x + 1, lambda x: calls.append("dg") or 1 + 0 * x)] * 3
    chain(links, np.ones(2))
    assert sorted(calls) == ["dg"] * 3 + ["g"] * 3


@pytest.mark.parametrize("mode", ["columns", "rows"])
def test_jacobian_agrees_with_autograd_for_any_shape(mode):
    expected = torch.func.jacrev(map_2x3_to_4)(tensor(POINT)).numpy()
    if mode == "columns":
        got = jacobian_by_columns(forward_product, POINT)
    else:
        got = jacobian_by_rows(backward_product, POINT, (4, 1))
    assert got.shape == (4, 1, 2, 3)
    np.testing.assert_allclose(got, expected, rtol=1e-13, atol=1e-15)


def test_one_product_for_each_input_or_each_output():
    calls = []
    A = np.arange(15.0).reshape(3, 5)
    np.testing.assert_array_equal(jacobian_by_columns(lambda x, v: calls.append(1) or A @ v, np.ones(5)), A)
    assert len(calls) == 5
    calls.clear()
    np.testing.assert_array_equal(
        jacobian_by_rows(lambda x, w: calls.append(1) or A.T @ w, np.ones(5), (3,)), A
    )
    assert len(calls) == 3


def test_a_number_as_output_gives_the_gradient_in_one_product():
    x = np.array([0.3, -0.8])
    got = jacobian_by_rows(lambda x, w: w * np.cos(x), x, ())
    np.testing.assert_allclose(got, np.cos(x), rtol=1e-15, atol=0)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_tensors_stay_tensors(dtype):
    A = torch.arange(6, dtype=dtype).reshape(2, 3)
    x = torch.ones(3, dtype=dtype)
    for got in (
        jacobian_by_columns(lambda x, v: A @ v, x),
        jacobian_by_rows(lambda x, w: A.T @ w, x, (2,)),
    ):
        assert got.dtype == dtype
        assert torch.equal(got, A)
    result = chain([LINKS["tanh"], LINKS["cube"]], x)
    assert result.slope.dtype == result.values[-1].dtype == dtype
    curvature = curvature_along(A[:, :2].T @ A[:, :2], x[:2])
    assert curvature.dtype == dtype
    np.testing.assert_allclose(float(curvature), (1 + 49) / 2, rtol=1e-6, atol=0)


@given(scale=st.sampled_from([1e-200, 1e-3, 1.0, 1e5, 1e200]), seed=st.integers(0, 50))
def test_curvature_lies_between_the_eigenvalues_and_ignores_the_length(scale, seed):
    rng = np.random.default_rng(seed)
    H = rng.normal(size=(4, 4))
    H, v = H + H.T, rng.normal(size=4)
    got = float(curvature_along(H, scale * v))
    low, *_, high = np.linalg.eigvalsh(H)
    assert low - 1e-12 <= got <= high + 1e-12
    np.testing.assert_allclose(got, v @ H @ v / (v @ v), rtol=1e-10, atol=1e-12)


def test_curvature_along_eigenvectors_are_the_eigenvalues():
    H = np.array([[[2.0, 4.0], [4.0, 2.0]], [[5.0, -2.0], [-2.0, 2.0]]])
    values, vectors = np.linalg.eigh(H)
    got = curvature_along(H[:, None], np.moveaxis(vectors, -1, -2))
    assert got.shape == (2, 2)
    np.testing.assert_allclose(got, values, rtol=1e-13, atol=1e-14)


def test_curvature_is_the_second_derivative_along_the_direction():
    x, v = np.array([0.3, -0.7, 1.1]), np.array([2.0, -1.0, 0.5])
    unit = tensor(v / np.linalg.norm(v))

    def slope(t):
        return torch.func.jvp(lambda s: coupled_torch(tensor(x) + s * unit), (t,), (torch.ones_like(t),))[1]

    zero = torch.tensor(0.0, dtype=torch.float64)
    expected = torch.func.jvp(slope, (zero,), (torch.ones_like(zero),))[1]
    np.testing.assert_allclose(curvature_along(coupled_hessian(x), v), expected, rtol=1e-12, atol=0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: chain([], [np.nan]), "x must be finite"),
        (lambda: jacobian_by_columns(lambda x, v: v, []), "x must have at least one entry"),
        (lambda: jacobian_by_rows(lambda x, w: x, [1.0], (0, 3)), "output_shape"),
        (lambda: jacobian_by_rows(lambda x, w: w, [1.0, 2.0], (3,)), "is it a jvp"),
        (lambda: curvature_along(np.eye(3), [1.0, 2.0]), r"H must have shape \(..., 2, 2\)"),
        (lambda: curvature_along(np.ones((2, 3)), [1.0, 2.0, 3.0]), "H must have shape"),
        (lambda: curvature_along(np.eye(2), [[1.0, 2.0], [0.0, 0.0]]), "zero vector"),
        (lambda: curvature_along(np.eye(2), [np.inf, 0.0]), "finite"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
