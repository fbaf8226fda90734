"""Matrix-free curvature against dense automatic differentiation and closed forms; and its memory."""

import contextlib
import itertools
import pathlib
import resource

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.linalg import LinearOperator, eigsh
from torch.nn.functional import cross_entropy

from reference.hessian_conditioning import nullity
from reference.hessian_vector_products import CurvatureOperator, HessianOperator, ggn_operator, hvp
from reference.lanczos import lanczos

# torch's forward mode compiles some of its own formulas with torch.jit.script, which torch itself has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated:DeprecationWarning")

HIDDEN, CLASSES = 4, 3


def network(dtype=torch.float64, seed=0):
    """A small network with tanh: nested parameters and its logits as a function of them."""
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape):
        return torch.randn(*shape, generator=generator, dtype=torch.float64).to(dtype)

    params = {
        "first": {"weight": normal(5, HIDDEN), "bias": normal(HIDDEN)},
        "second": [normal(HIDDEN, CLASSES), normal(CLASSES)],
    }
    X, y = normal(9, 5), torch.tensor([0, 1, 2, 2, 1, 0, 0, 1, 2])

    def logits(p, X=X):
        hidden = torch.tanh(X @ p["first"]["weight"] + p["first"]["bias"])
        return hidden @ p["second"][0] + p["second"][1]

    return params, logits, X, y


def network_loss():
    params, logits, _, y = network()
    return params, lambda p: cross_entropy(logits(p), y)


def dense(loss, params):
    """The whole Hessian by reverse over reverse mode, over the entries numbered as the operator numbers them."""
    operator = CurvatureOperator(lambda v: v, params)
    flat = operator.ravel(params)
    sizes = [5 * HIDDEN, HIDDEN, HIDDEN * CLASSES, CLASSES]

    def of_flat(x):
        a, b, c, d = x.split(sizes)
        return loss(
            {
                "first": {"weight": a.reshape(5, HIDDEN), "bias": b},
                "second": [c.reshape(HIDDEN, CLASSES), d],
            }
        )

    return torch.func.jacrev(torch.func.grad(of_flat))(flat).numpy()


def test_operator_agrees_with_the_dense_hessian_column_by_column():
    params, loss = network_loss()
    operator = HessianOperator(loss, params)
    expected = dense(loss, params)
    assert operator.shape == expected.shape == (39, 39)
    assert operator.dtype == np.float64
    np.testing.assert_allclose(operator.matmat(np.eye(39)), expected, rtol=0, atol=1e-13)


def test_hvp_of_a_single_tensor_with_closed_form():
    x, v = torch.tensor([[1.0, -2.0], [0.5, 3.0]]), torch.tensor([[0.3, 1.0], [-1.0, 2.0]])
    torch.testing.assert_close(hvp(lambda t: (t**4).sum(), x, v), 12 * x**2 * v)


def test_hvp_agrees_with_double_backward():
    params, loss = network_loss()
    leaf = params["first"]["weight"].clone().requires_grad_()

    def of_leaf(w):
        return loss({**params, "first": {**params["first"], "weight": w}})

    v = torch.linspace(-1, 2, leaf.numel(), dtype=leaf.dtype).reshape(leaf.shape)
    (gradient,) = torch.autograd.grad(of_leaf(leaf), leaf, create_graph=True)
    (expected,) = torch.autograd.grad((gradient * v).sum(), leaf)
    torch.testing.assert_close(hvp(of_leaf, leaf.detach(), v), expected, rtol=1e-12, atol=1e-14)


def test_hvp_keeps_the_structure_and_leaves_no_gradient_behind():
    params, loss = network_loss()
    params["first"]["weight"].requires_grad_()
    result = hvp(loss, params, params)
    assert result.keys() == params.keys()
    assert isinstance(result["second"], list)
    assert result["first"]["weight"].shape == (5, HIDDEN)
    assert params["first"]["weight"].grad is None


@settings(max_examples=10)
@given(seed=st.integers(0, 2**32 - 1), a=st.floats(-5, 5))
def test_operator_is_linear_and_symmetric(seed, a):
    params, loss = network_loss()
    H = HessianOperator(loss, params)
    u, v = np.random.default_rng(seed).normal(size=(2, 39))
    np.testing.assert_allclose(H.matvec(a * u + v), a * H.matvec(u) + H.matvec(v), rtol=0, atol=1e-12)
    assert u @ H.matvec(v) == pytest.approx(v @ H.matvec(u), rel=1e-10, abs=1e-12)


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        (lambda p: (2 * p["a"]).sum(), [0, 0, 0, 0]),  # linear in a, and b is not used
        (lambda p: p["a"].sum() - p["b"].sum(), [0, 0, 0, 0]),  # linear: the gradient has no graph
        (lambda p: (p["a"] ** 3).sum(), [6, 12, 0, 0]),  # b is not used
        (lambda p: (p["a"] ** 3).sum() + p["b"].sum(), [6, 12, 0, 0]),  # b has a constant gradient
    ],
)
def test_parameters_without_curvature_have_zero_rows(loss, expected):
    params = {"a": torch.tensor([1.0, 2.0]), "b": torch.tensor([1.0, 5.0])}
    with torch.no_grad():
        np.testing.assert_allclose(
            HessianOperator(loss, params).matvec(np.ones(4)), expected, rtol=1e-6, atol=0
        )


@pytest.mark.parametrize(
    "make",
    [
        lambda w: HessianOperator(lambda w: (w**3).sum(), w),
        lambda w: HessianOperator(lambda w, batch: batch * (w**3).sum(), w, batches=[0.25, 0.75]),
        lambda w: ggn_operator(lambda w: w**2, lambda z: (z**2).sum() * 0.75, w),
    ],
    ids=["graph", "batches", "Gauss-Newton"],
)
def test_operator_stays_at_the_parameters_it_was_made_with(make):
    weights = torch.tensor([1.0, 2.0], requires_grad=True)
    expected = make(weights).matvec(np.ones(2))
    operator = make(weights)
    with torch.no_grad():
        weights += 1.0
    for _ in range(2):
        np.testing.assert_array_equal(operator.matvec(np.ones(2)), expected)
    assert weights.grad is None
    assert not np.array_equal(make(weights).matvec(np.ones(2)), expected)


def test_ravel_and_unravel_are_inverse_and_number_entries_leaf_by_leaf():
    params, loss = network_loss()
    operator = HessianOperator(loss, params)
    vector = np.arange(39.0)
    tree = operator.unravel(vector)
    np.testing.assert_array_equal(tree["first"]["weight"].numpy(), np.arange(20.0).reshape(5, 4))
    np.testing.assert_array_equal(tree["second"][1].numpy(), [36, 37, 38])
    np.testing.assert_array_equal(operator.ravel(tree), vector)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_dtype_of_the_parameters_is_kept(dtype):
    params, logits, _, y = network(dtype)
    exact_params, exact_loss = network_loss()
    H = HessianOperator(lambda p: cross_entropy(logits(p), y), params)
    v = np.linspace(-1, 1, 39)
    got = H.matvec(v)
    assert got.dtype == H.dtype == torch.empty(0, dtype=dtype).numpy().dtype
    tolerance = {torch.float64: 1e-13, torch.float32: 2e-5}[dtype]
    np.testing.assert_allclose(got, dense(exact_loss, exact_params) @ v, rtol=0, atol=tolerance)


def test_column_vectors_keep_their_shape_and_wrong_ones_are_named():
    params, loss = network_loss()
    H = HessianOperator(loss, params)
    v = np.linspace(-1, 1, 39)
    np.testing.assert_array_equal(H.matvec(v[:, None]), H.matvec(v)[:, None])
    np.testing.assert_array_equal(H.matvec(v[::-1]), H.matvec(v[::-1].copy()))
    for bad in (v[:-1], v[None], np.zeros((39, 2))):
        with pytest.raises(ValueError, match="39 x 39"):
            H.matvec(bad)


def test_scipy_finds_the_extreme_eigenvalues_through_the_operator():
    params, loss = network_loss()
    operator = HessianOperator(loss, params).to_scipy()
    assert isinstance(operator, LinearOperator)
    assert operator.dtype == np.float64
    expected = np.linalg.eigvalsh(dense(loss, params))
    values = eigsh(operator, k=4, which="BE", return_eigenvectors=False, v0=np.ones(39))
    np.testing.assert_allclose(np.sort(values), [*expected[:2], *expected[-2:]], rtol=0, atol=1e-10)
    V = np.random.default_rng(0).normal(size=(39, 3))
    np.testing.assert_allclose(operator @ V, dense(loss, params) @ V, rtol=0, atol=1e-12)
    np.testing.assert_allclose(operator.T @ V[:, 0], operator @ V[:, 0], rtol=0, atol=0)


def test_batches_are_added():
    params, logits, X, y = network()

    def loss(p, batch):
        inputs, labels = batch
        return cross_entropy(logits(p, inputs), labels, reduction="sum") / 9

    whole = HessianOperator(loss, params, batches=[(X, y)])
    parts = HessianOperator(loss, params, batches=[(X[:2], y[:2]), (X[2:7], y[2:7]), (X[7:], y[7:])])
    v = np.linspace(-1, 1, 39)
    expected = dense(lambda p: cross_entropy(logits(p), y), params) @ v
    for _ in range(2):
        np.testing.assert_allclose(whole.matvec(v), expected, rtol=0, atol=1e-13)
        np.testing.assert_allclose(parts.matvec(v), expected, rtol=0, atol=1e-13)


def test_batches_must_be_there_each_time():
    params, logits, X, y = network()

    def loss(p, batch):
        return cross_entropy(logits(p, batch[0]), batch[1])

    with pytest.raises(ValueError, match="only once"):
        HessianOperator(loss, params, batches=(pair for pair in [(X, y)]))
    with pytest.raises(ValueError, match="no batches"):
        HessianOperator(loss, params, batches=[]).matvec(np.zeros(39))


@pytest.mark.parametrize(
    "params",
    [
        {"a": torch.zeros(2), "b": torch.zeros(2, dtype=torch.float64)},
        {"a": torch.zeros(2, dtype=torch.int64)},
        {},
    ],
)
def test_parameters_must_be_of_one_floating_dtype(params):
    with pytest.raises(ValueError, match="one dtype"):
        HessianOperator(lambda p: torch.zeros(()), params)


def test_logistic_regression_has_its_closed_form():
    rng = np.random.default_rng(3)
    A, y, w = rng.normal(size=(30, 4)), rng.integers(0, 2, 30).astype(float), rng.normal(size=4)

    def loss(t):
        return torch.nn.functional.binary_cross_entropy_with_logits(
            torch.tensor(A) @ t, torch.tensor(y), reduction="sum"
        )

    p = 1 / (1 + np.exp(-A @ w))
    expected = A.T @ np.diag(p * (1 - p)) @ A
    np.testing.assert_allclose(
        HessianOperator(loss, torch.tensor(w)).matmat(np.eye(4)), expected, rtol=0, atol=1e-12
    )
    # The model is linear in w, so the Gauss-Newton matrix is the Hessian.
    ggn = ggn_operator(lambda t: torch.tensor(A) @ t, lambda z: torch.nn.functional.softplus(z).sum() - z @ torch.tensor(y), torch.tensor(w))  # fmt: skip
    np.testing.assert_allclose(ggn.matmat(np.eye(4)), expected, rtol=0, atol=1e-12)


def test_gauss_newton_matrix_agrees_with_its_definition_and_is_not_the_hessian():
    params, logits, _, y = network()

    def loss_of_outputs(z):
        return cross_entropy(z, y)

    operator = ggn_operator(logits, loss_of_outputs, params)
    flatten = CurvatureOperator(lambda v: v, params)
    outputs = logits(params)
    jacobian = torch.func.jacrev(logits)(params)
    leaves = [jacobian["first"]["weight"], jacobian["first"]["bias"], *jacobian["second"]]
    J = torch.cat([leaf.reshape(27, -1) for leaf in leaves], dim=1).numpy()
    H = torch.func.jacrev(torch.func.grad(loss_of_outputs))(outputs).reshape(27, 27).numpy()
    G = operator.matmat(np.eye(39))
    assert flatten.shape == operator.shape
    np.testing.assert_allclose(G, J.T @ H @ J, rtol=0, atol=1e-12)
    assert np.linalg.eigvalsh(G)[0] > -1e-12
    expected = dense(lambda p: cross_entropy(logits(p), y), params)
    assert np.linalg.eigvalsh(expected)[0] < -1e-3
    assert np.abs(G - expected).max() > 1e-2


def test_gauss_newton_matrix_of_cross_entropy_is_the_fisher_information():
    """Mean over inputs and over labels drawn from the model of the squared gradient of -log p."""
    params, logits, X, y = network()
    G = ggn_operator(logits, lambda z: cross_entropy(z, y), params)
    v = np.linspace(-1, 1, 39)
    fisher = 0.0
    for x in X:
        probabilities = torch.softmax(logits(params, x), -1)
        for label in range(CLASSES):
            gradient = torch.func.grad(lambda p, x=x, c=label: -torch.log_softmax(logits(p, x), -1)[c])(
                params
            )
            fisher += float(probabilities[label]) * float(G.ravel(gradient).numpy() @ v) ** 2 / len(X)
    assert v @ G.matvec(v) == pytest.approx(fisher, rel=1e-10)


def test_shifting_all_logits_makes_the_hessian_of_the_last_layer_singular():
    params, loss = network_loss()
    H = dense(loss, params)
    # Adding t to each weight of one hidden unit, or to all biases, changes no probability.
    assert nullity(H) == HIDDEN + 1
    operator = HessianOperator(loss, params)
    for unit in range(HIDDEN):
        shift = operator.unravel(np.zeros(39))
        shift["second"][0][unit] += 1.0
        assert operator.matvec(operator.ravel(shift)).abs().max() < 1e-14


@contextlib.contextmanager
def address_space_limited_to(extra_bytes):
    """Let this process allocate that much more and no further; without /proc there is no limit."""
    statm = pathlib.Path("/proc/self/statm")
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = (
        int(statm.read_text().split()[0]) * resource.getpagesize() + extra_bytes if statm.exists() else soft
    )
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def test_million_parameters_need_no_quadratic_memory():
    """A full matrix would take 4 TB; a few gradients and five basis vectors fit into 512 MB."""
    generator = torch.Generator().manual_seed(0)
    sizes = [784, 1000, 210, 10]
    layers = [torch.randn(a, b, generator=generator) / a**0.5 for a, b in itertools.pairwise(sizes)]
    X, y = torch.randn(32, 784, generator=generator), torch.arange(32) % 10

    def loss(weights):
        h = X.to(weights[0].dtype)
        for W in weights[:-1]:
            h = torch.tanh(h @ W)
        return cross_entropy(h @ weights[-1], y)

    H = HessianOperator(loss, layers)
    n = H.shape[0]
    assert n == 784 * 1000 + 1000 * 210 + 210 * 10
    v = np.random.default_rng(0).normal(size=n).astype(np.float32)
    with address_space_limited_to(512 * 2**20):
        product = H.matvec(v)
        result = lanczos(H.matvec, n, num_steps=5, rng=np.random.default_rng(1), like=v)
        with pytest.raises(MemoryError):  # the guard itself works
            np.ones(n * 128)

    # The quadratic form is the second derivative along v, here by differences of the loss in float64.
    t = 1e-4
    exact, direction = [W.double() for W in layers], [d.double() for d in H.unravel(v)]
    before, here, after = (
        float(loss([W + s * d for W, d in zip(exact, direction, strict=True)])) for s in (-t, 0, t)
    )
    assert float(v @ product) == pytest.approx((before - 2 * here + after) / t**2, rel=1e-4)
    # Five float32 vectors of a million entries stay orthonormal to the rounding of float32.
    np.testing.assert_allclose(result.basis.T @ result.basis, np.eye(5), rtol=0, atol=1e-5)
    q = result.basis[:, 2]
    np.testing.assert_allclose(q @ H.matvec(q), result.diagonal[2], rtol=1e-3, atol=1e-6)
