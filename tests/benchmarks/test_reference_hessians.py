"""Curvature of a network beside three published packages: products, extreme eigenvalues, trace.

They are no part of the project's environment: a test is skipped where its peer is not installed. README.md beside
this file says how to bring them in.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from scipy.sparse.linalg import eigsh
from torch.nn.functional import cross_entropy

from reference.extreme_eigenpairs import top_eigs
from reference.hessian_vector_products import HessianOperator
from reference.spectral_density import hutchinson_trace
from tests.benchmarks.timing import cpu_seconds, show

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.filterwarnings("ignore"),  # the peers' own
]

K, TOL, SAMPLES = 5, 1e-4, 20


class Problem:
    """A classifier with 198,000 parameters and one batch, and its curvature by ours."""

    def __init__(self):
        torch.manual_seed(0)
        layers = [torch.nn.Linear(a, b) for a, b in itertools.pairwise([256, 512, 128, 10])]
        self.model = torch.nn.Sequential(layers[0], torch.nn.Tanh(), layers[1], torch.nn.Tanh(), layers[2])
        self.X, self.y = torch.randn(256, 256), torch.arange(256) % 10
        self.operator = self.hessian(torch.float32)
        self.n = self.operator.shape[0]
        self.v = np.random.default_rng(0).standard_normal(self.n).astype(np.float32)

    def hessian(self, dtype):
        params = {name: p.detach().to(dtype) for name, p in self.model.named_parameters()}

        def loss(p):
            return cross_entropy(torch.func.functional_call(self.model, p, (self.X.to(dtype),)), self.y)

        return HessianOperator(loss, params)

    def exact_eigenvalues(self):
        """By SciPy in float64, to twelve digits."""
        operator = self.hessian(torch.float64).to_scipy()
        values = eigsh(operator, k=K, which="LM", return_eigenvectors=False, tol=1e-12)
        return values[np.argsort(-np.abs(values))]

    def top(self):
        return top_eigs(
            self.operator.matvec, self.n, K, tol=TOL, rng=np.random.default_rng(0), like=self.operator.like
        )

    def trace(self):
        return hutchinson_trace(
            self.operator.matvec, self.n, SAMPLES, rng=np.random.default_rng(0), like=self.operator.like
        )


@pytest.fixture(scope="module")
def problem():
    return Problem()


@pytest.fixture(scope="module")
def exact(problem):
    return problem.exact_eigenvalues()


def compare(problem, exact, name, product, eigenvalues, trace):
    """The same three tasks by ours and by a peer, whose calls return NumPy numbers."""
    ours = problem.operator.matvec(problem.v)
    theirs = product()
    np.testing.assert_allclose(theirs, ours, rtol=0, atol=1e-4 * np.abs(ours).max())
    seconds = cpu_seconds({"ours": lambda: problem.operator.matvec(problem.v), name: product})
    show(f"one Hessian-vector product, {problem.n} parameters", seconds, {})

    def error(values):
        values = np.asarray(values, dtype=np.float64)
        found = values[np.argsort(-np.abs(values))][:K]
        return float(np.max(np.abs(found - exact))) / abs(exact[0])

    found, traces = {}, {}
    calls = {
        "ours": lambda: found.update(ours=problem.top().values),
        name: lambda: found.update({name: eigenvalues()}),
    }
    seconds = cpu_seconds(calls, repeats=1)
    errors = {key: error(values) for key, values in found.items()}
    show(f"{K} eigenvalues of largest magnitude; error relative to the largest", seconds, errors)
    assert errors["ours"] < TOL
    calls = {
        "ours": lambda: traces.update(ours=problem.trace()),
        name: lambda: traces.update({name: trace()}),
    }
    show(f"trace from {SAMPLES} products", cpu_seconds(calls, repeats=1), {})
    print(
        f"  ours {traces['ours'].value:.2f} +- {traces['ours'].standard_error:.2f}, {name} {traces[name]:.2f}"
    )


def test_beside_curvlinops(problem, exact):
    curvlinops = pytest.importorskip("curvlinops", reason="needs `pip install curvlinops-for-pytorch`")
    operator = curvlinops.HessianLinearOperator(
        problem.model,
        torch.nn.CrossEntropyLoss(),
        list(problem.model.parameters()),
        [(problem.X, problem.y)],
        check_deterministic=False,
    )
    v = torch.tensor(problem.v)
    compare(
        problem,
        exact,
        "curvlinops with eigsh",
        lambda: (operator @ v).detach().numpy(),
        lambda: eigsh(operator.to_scipy(), k=K, which="LM", tol=TOL, return_eigenvectors=False),
        lambda: float(curvlinops.hutchinson_trace(operator, SAMPLES)),
    )


def test_beside_hessian_eigenthings(problem, exact):
    peer = pytest.importorskip("hessian_eigenthings", reason="needs `pip install hessian-eigenthings`")
    operator = peer.HessianOperator(
        problem.model, [(problem.X, problem.y)], peer.supervised_loss(torch.nn.CrossEntropyLoss())
    )
    v = torch.tensor(problem.v)
    steps = 110  # its default, 10, is far from convergence; ours takes 105 at a time
    compare(
        problem,
        exact,
        "hessian-eigenthings",
        lambda: operator.matvec(v).numpy(),
        lambda: peer.lanczos(
            operator, k=K, max_iter=steps, tol=TOL, reorthogonalize=True, seed=0
        ).eigenvalues.numpy(),
        lambda: float(peer.hutchinson(operator, num_samples=SAMPLES, seed=0).estimate),
    )


def test_beside_pyhessian(problem, exact):
    peer = pytest.importorskip("pyhessian", reason="needs `pip install pyhessian`")
    hessian = peer.hessian(
        problem.model, torch.nn.CrossEntropyLoss(), data=(problem.X, problem.y), cuda=False
    )
    unravelled = list(torch.tensor(problem.v).split([p.numel() for p in problem.model.parameters()]))
    pieces = [piece.reshape(p.shape) for piece, p in zip(unravelled, problem.model.parameters(), strict=True)]

    def product():
        image = peer.hessian_vector_product(hessian.gradsH, hessian.params, pieces)
        return torch.cat([part.reshape(-1) for part in image]).detach().numpy()

    compare(
        problem,
        exact,
        "pyhessian",
        product,
        lambda: hessian.eigenvalues(maxIter=100, tol=1e-3, top_n=K)[0],
        lambda: float(np.mean(hessian.trace(maxIter=SAMPLES, tol=0.0))),
    )
