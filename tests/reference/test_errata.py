"""Numerical proofs of the errata table in ``reference/README.md``: test ``test_errata_NN_...`` belongs to row NN.

Each test computes what the chapter says and what is true, with NumPy, SciPy and torch alone: nothing of
``reference`` takes part, so these are independent of what they justify.
"""

import itertools
import math

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
import torch.nn.functional as F
from scipy import special, stats
from torch.utils.flop_counter import FlopCounterMode

SHEAR = np.array([[1.0, 1e6], [0.0, 1.0]])
LIFT = np.array([[0.0, 2.0], [0.0, 0.0]])  # nilpotent: both eigenvalues are 0
SHIFT = np.eye(50, k=-1)


def radius(W):
    """Spectral radius."""
    return np.abs(np.linalg.eigvals(W)).max()


def norm(W):
    """Largest singular value."""
    return np.linalg.norm(W, 2)


def eigenvalue_ratio(W):
    sizes = np.abs(np.linalg.eigvals(W))
    return sizes.max() / sizes.min()


def random_layers(count, n, std, seed):
    return std * np.random.default_rng(seed).standard_normal((count, n, n))


def product(layers):
    """W_L ... W_2 W_1."""
    total = np.eye(layers[0].shape[1])
    for layer in layers:
        total = layer @ total
    return total


def central(f, x, h):
    return (f(x + h) - f(x - h)) / (2 * h)


def descend(gradient, x0, lr, steps):
    x = np.array(x0, dtype=float)
    for _ in range(steps):
        x = x - lr * gradient(x)
    return x


def patched_entropy(p):
    """Entropy as the chapter computes it."""
    return -np.sum(p * np.log(p + 1e-10))


# --- Linear algebra ---------------------------------------------------------------------------------------------


def test_errata_01_condition_number():
    assert eigenvalue_ratio(SHEAR) == 1.0
    np.testing.assert_allclose(np.linalg.cond(SHEAR), 1e12, rtol=1e-4, atol=0)
    symmetric = SHEAR + SHEAR.T + 1e7 * np.eye(2)  # normal matrices are the case in which the two agree
    np.testing.assert_allclose(np.linalg.cond(symmetric), eigenvalue_ratio(symmetric), rtol=1e-12, atol=0)


def test_errata_02_conditioning_is_not_stability():
    B, y = np.array([[1e-20, 1.0], [1.0, 1.0]]), np.array([1.0, 2.0])
    assert np.linalg.cond(B) < 2.7
    multiplier = B[1, 0] / B[0, 0]
    x2 = (y[1] - multiplier * y[0]) / (B[1, 1] - multiplier * B[0, 1])
    x1 = (y[0] - B[0, 1] * x2) / B[0, 0]
    assert x1 == 0.0  # an unstable algorithm on a well-conditioned problem: the answer is 1
    np.testing.assert_allclose(np.linalg.solve(B, y), [1, 1], rtol=1e-15, atol=0)


def test_errata_03_exploding_is_about_jacobian_products():
    rng = np.random.default_rng(3)
    layers = random_layers(30, 100, np.sqrt(2 / 100), 4)
    lengths = {}
    for name, slope in [("linear", np.ones_like), ("relu", lambda a: (a > 0).astype(float))]:
        h = x = rng.standard_normal(100)
        jacobian = np.eye(100)
        for W in layers:
            before = W @ h
            jacobian = (slope(before)[:, None] * W) @ jacobian
            h = slope(before) * before
        lengths[name] = np.linalg.norm(jacobian @ x) / np.linalg.norm(x)
    # The same weights, so the same eigenvalues: it is the activation's slopes that decide.
    assert lengths["linear"] > 5_000
    assert 0.1 < lengths["relu"] < 10


def test_errata_04_eigenvectors_may_turn_around():
    reverse = np.diag([-0.5, 2.0])
    np.testing.assert_array_equal(reverse @ [1.0, 0.0], [-0.5, 0.0])
    turn = np.array([[0.0, -1.0], [1.0, 0.0]])
    np.testing.assert_allclose(np.linalg.eigvals(turn).imag, [1, -1], rtol=0, atol=1e-15)
    angles = np.linspace(0, np.pi, 50)
    x = np.stack([np.cos(angles), np.sin(angles)])
    np.testing.assert_allclose(np.sum(x * (turn @ x), axis=0), 0, rtol=0, atol=1e-15)  # every direction turns


def test_errata_05_eigh_for_symmetric_matrices():
    A = np.array([[4.0, 2.0], [2.0, 3.0]])  # the chapter's matrix
    assert np.all(np.diff(np.linalg.eigvalsh(A)) > 0) and not np.all(np.diff(np.linalg.eigvals(A)) > 0)
    frame, _ = np.linalg.qr(np.random.default_rng(2).standard_normal((7, 3)))
    projector = frame @ frame.T  # repeated eigenvalues 1 and 0
    projector = (projector + projector.T) / 2

    def gap(vectors):
        return np.abs(vectors.conj().T @ vectors - np.eye(7)).max()

    assert gap(np.linalg.eigh(projector).eigenvectors) < 1e-13
    assert gap(np.linalg.eig(projector).eigenvectors) > 1e-2


def test_errata_06_angle_by_arccos():
    def by_arccos(x, y):
        with np.errstate(invalid="ignore"):
            return np.arccos(np.dot(x, y) / (np.linalg.norm(x) * np.linalg.norm(y)))

    def by_arctan(x, y):
        u, v = x / np.linalg.norm(x), y / np.linalg.norm(y)
        return 2 * np.arctan2(np.linalg.norm(u - v), np.linalg.norm(u + v))

    vectors = np.random.default_rng(0).standard_normal((1000, 3))
    assert np.mean([np.isnan(by_arccos(x, x)) for x in vectors]) > 0.1
    assert all(by_arctan(x, x) == 0 for x in vectors)
    x, y = np.array([1.0, 0.0]), np.array([math.cos(1e-9), math.sin(1e-9)])
    assert by_arccos(x, y) == 0.0
    np.testing.assert_allclose(by_arctan(x, y), 1e-9, rtol=1e-12, atol=0)


def test_errata_07_two_conventions_for_a_layer():
    layer = torch.nn.Linear(784, 256)
    assert tuple(layer.weight.shape) == (256, 784)  # (outputs, inputs): y = W x + b
    X = torch.randn(32, 784, generator=torch.Generator().manual_seed(0))
    with pytest.raises(RuntimeError):
        X @ layer.weight
    torch.testing.assert_close(X @ layer.weight.T + layer.bias, layer(X), rtol=1e-5, atol=1e-6)


def test_errata_08_lora_learns_the_update():
    rng = np.random.default_rng(8)
    W, A, B = rng.standard_normal((40, 30)), rng.standard_normal((4, 30)), np.zeros((40, 4))
    np.testing.assert_array_equal(W + B @ A, W)  # LoRA's start changes nothing and needs no SVD
    U, s, Vt = np.linalg.svd(W, full_matrices=False)
    assert norm(W - (U[:, :4] * s[:4]) @ Vt[:4]) > 0.5 * norm(W)  # a truncated SVD of W changes much
    update = rng.standard_normal((40, 4)) @ A
    assert np.linalg.matrix_rank(update) == 4 and np.linalg.matrix_rank(W + update) == 30


def test_errata_09_storage_of_a_truncated_svd():
    def numbers(k, m, n):
        return sum(part.size for part in (np.empty((m, k)), np.empty(k), np.empty((k, n))))

    assert numbers(100, 512, 512) == 100 * (512 + 512 + 1)
    assert 1 - 512 * (512 + 512) / 512**2 == -1.0  # the chapter's last panel announces -100 per cent
    assert numbers(255, 512, 512) < 512**2 < numbers(256, 512, 512)


def test_errata_10_energy_is_not_variance():
    image = 10 + np.random.default_rng(10).standard_normal((60, 50))
    energy = np.linalg.svd(image, compute_uv=False) ** 2
    variance = np.linalg.svd(image - image.mean(axis=0), compute_uv=False) ** 2
    assert energy[0] / energy.sum() > 0.98  # of one component, which is the mean brightness
    assert variance[0] / variance.sum() < 0.15


# --- Calculus ---------------------------------------------------------------------------------------------------


def test_errata_11_step_of_the_central_difference():
    points = np.linspace(0.2, 1.0, 401)
    exact = np.cos(np.exp(points**2)) * np.exp(points**2) * 2 * points

    def error(h):
        slopes = central(lambda x: np.sin(np.exp(x**2)), points, h)
        return np.median(np.abs(slopes - exact) / np.abs(exact))

    best = np.finfo(float).eps ** (1 / 3)
    assert error(1e-7) > 2 * error(best)
    assert error(1e-8) > 5 * error(1e-7)  # smaller is worse: a digit for each factor of ten
    assert np.median(np.abs(central(np.sin, points, 1e-7) - np.cos(points))) > 10 * np.median(
        np.abs(central(np.sin, points, best) - np.cos(points))
    )
    assert central(np.square, 1e10, 1e-7) == 0.0  # true value 2e10: the step is lost in rounding
    np.testing.assert_allclose(central(np.square, 1e10, 6e-6 * 1e10), 2e10, rtol=1e-9, atol=0)
    assert (
        central(np.square, 3.0, 0.5) == 6.0
    )  # the demonstration's function shows no truncation error at all
    assert abs(central(np.exp, 0.0, 0.5) - 1) > 0.04


def test_errata_12_critical_points():
    H = np.array([[2.0, 4.0], [4.0, 2.0]])
    np.testing.assert_allclose(np.linalg.eigvalsh(H), [-2, 6], rtol=1e-14, atol=0)
    np.testing.assert_array_equal(H @ [1.0, 1.0], [6, 6])  # the gradient at (1, 1): not a critical point
    # x^4 + y^4 and x^3 - 3 x y^2 share the Hessian 0 at the origin: a minimum, and none.
    ring = np.exp(2j * np.pi * np.arange(12) / 12)
    assert (ring.real**4 + ring.imag**4).min() > 0 > (ring.real**3 - 3 * ring.real * ring.imag**2).min()


def test_errata_13_indefinite_hessians_have_no_condition():
    for steepness in (1.0, 100.0):  # the ratio of sizes is 1, then 100: descent leaves the saddle in both
        H = np.diag([steepness, -1.0])
        far = descend(lambda x, H=H: H @ x, [1.0, 1e-6], 1 / steepness, int(40 * steepness))
        assert 0.5 * far @ H @ far < -1


def test_errata_14_symmetric_if_continuous():
    def peano(x, y):
        return x * y * (x**2 - y**2) / (x**2 + y**2)

    d_dx = [central(lambda x, y=y: peano(x, y), 0.0, 1e-6) for y in (-1e-2, 1e-2)]
    d_dy = [central(lambda y, x=x: peano(x, y), 0.0, 1e-6) for x in (-1e-2, 1e-2)]
    np.testing.assert_allclose(np.diff(d_dx) / 2e-2, -1, rtol=1e-6, atol=0)
    np.testing.assert_allclose(np.diff(d_dy) / 2e-2, +1, rtol=1e-6, atol=0)


# --- Probability and information ---------------------------------------------------------------------------------


def test_errata_15_categorical_is_one_draw():
    p = [0.1, 0.3, 0.4, 0.2]  # the chapter's probabilities
    np.testing.assert_allclose(stats.multinomial.pmf(np.eye(4), 1, p), p, rtol=1e-12, atol=0)
    np.testing.assert_allclose(stats.multinomial.pmf([1, 1, 0, 0], 2, p), 2 * 0.1 * 0.3, rtol=1e-12, atol=0)


def test_errata_16_beta_density_at_the_ends():
    grid = np.linspace(0, 1, 1000)
    density = stats.beta.pdf(grid, 0.5, 0.5)
    assert np.isinf(density[[0, -1]]).all() and np.isfinite(density[1:-1]).all()
    assert math.isclose(stats.beta.cdf(1.0, 0.5, 0.5), 1.0, rel_tol=1e-12)


def test_errata_17_cross_entropy_has_a_floor():
    p = np.array([0.7, 0.2, 0.1])
    q = np.random.default_rng(17).dirichlet([1, 1, 1], 2000)
    losses = -np.sum(p * np.log(q), axis=1)
    floor = special.entr(p).sum()
    assert floor > 0.8 and np.all(losses > floor)
    np.testing.assert_allclose(losses - floor, special.rel_entr(p, q).sum(axis=1), rtol=0, atol=1e-12)


def test_errata_18_constant_in_the_logarithm():
    assert patched_entropy(np.array([1.0, 0.0, 0.0])) < -9e-11 and special.entr([1.0, 0.0, 0.0]).sum() == 0
    rare = np.array([1e-12, 1 - 1e-12])
    assert patched_entropy(rare) < -7e-11
    np.testing.assert_allclose(special.entr(rare).sum(), 2.8631e-11, rtol=1e-4, atol=0)
    capped = -np.sum([1.0, 0.0] * np.log(np.array([0.0, 1.0]) + 1e-10))
    np.testing.assert_allclose(capped, 23.026, rtol=1e-4, atol=0)
    assert special.rel_entr([1.0, 0.0], [0.0, 1.0]).sum() == np.inf


def test_errata_19_nats_and_bits():
    p, q = np.array([0.7, 0.2, 0.1]), np.array([0.5, 0.3, 0.2])
    nats, bits = np.sum(p * np.log(p / q)), np.sum(p * np.log2(p / q))
    np.testing.assert_allclose([nats, bits], [0.0851, 0.1228], rtol=0, atol=5e-5)
    np.testing.assert_allclose(bits, nats / math.log(2), rtol=1e-12, atol=0)


def test_errata_20_standard_deviation_and_likelihood():
    x = np.array([1.0, 2.0, 3.0])
    assert torch.std(torch.tensor(x)).item() == 1.0 and math.isclose(np.std(x), math.sqrt(2 / 3))
    likelihood = {s: stats.norm.logpdf(x, 2, s).sum() for s in (np.std(x), np.std(x, ddof=1))}
    assert max(likelihood, key=likelihood.get) == np.std(x)
    samples = np.random.default_rng(20).normal(5, 2, (20_000, 5))
    estimates = samples.var(axis=1)
    z = (estimates.mean() - 4 * 4 / 5) / (estimates.std() / math.sqrt(20_000))
    assert abs(z) < 4 and estimates.mean() < 3.4  # biased by (n - 1) / n


def test_errata_21_regularised_training_is_not_maximum_likelihood():
    rng = np.random.default_rng(21)
    X = rng.standard_normal((30, 3))
    y = X @ [1.0, -2.0, 0.5] + rng.standard_normal(30)

    def fit(decay):
        return np.linalg.solve(X.T @ X + decay * np.eye(3), X.T @ y)

    def log_likelihood(w):
        return -0.5 * np.sum((y - X @ w) ** 2)

    assert log_likelihood(fit(10.0)) < log_likelihood(fit(0.0)) - 1
    gradient_of_posterior = X.T @ (y - X @ fit(10.0)) - 10.0 * fit(10.0)  # Gaussian prior: the MAP estimate
    np.testing.assert_allclose(gradient_of_posterior, 0, rtol=0, atol=1e-12)


def test_errata_22_dropout_does_not_learn_from_more_data():
    drop, at = 0.5, 1.0
    spreads, posteriors = [], []
    for n in (100, 10_000):
        rng = np.random.default_rng(22)
        x = rng.standard_normal(n)
        y = 2 * x + rng.standard_normal(n)
        w = (x @ y) / (x @ x) * (1 - drop)  # minimises the mean over masks m of (y - m w x / (1 - drop))^2
        masks = rng.random(100_000) > drop
        spreads.append(np.var(masks * w * at / (1 - drop)))
        posteriors.append(at**2 / (x @ x))  # flat prior, known noise variance 1
    assert posteriors[0] / posteriors[1] > 50  # a Bayesian becomes sure
    assert 0.8 < spreads[0] / spreads[1] < 1.2  # the spread of dropout's predictions stays


# --- Optimisation and the exercises ------------------------------------------------------------------------------


def test_errata_23_momentum_is_a_sum():
    w = torch.zeros(1, requires_grad=True)
    sgd = torch.optim.SGD([w], lr=1.0, momentum=0.9)
    steps = []
    for _ in range(200):
        before = w.item()
        w.grad = torch.ones(1)
        sgd.step()
        steps.append(before - w.item())
    np.testing.assert_allclose(
        steps[-1], 10, rtol=1e-3, atol=0
    )  # g / (1 - beta); an average would settle at 1


def test_errata_24_rate_at_the_limit_never_converges():
    assert 1 - 0.1 * 20 == -1.0
    x = descend(lambda x: np.array([2.0, 20.0]) * x, [10.0, 1.0], 0.1, 1000)
    assert abs(x[1]) == 1.0 and x[0] ** 2 + 10 * x[1] ** 2 > 9.99


def test_errata_25_xavier_and_he():
    weight = torch.empty(700, 300)  # fan_out 700, fan_in 300
    torch.manual_seed(25)
    np.testing.assert_allclose(torch.nn.init.xavier_normal_(weight).var(), 2 / 1000, rtol=0.02, atol=0)
    np.testing.assert_allclose(torch.nn.init.kaiming_normal_(weight).var(), 2 / 300, rtol=0.02, atol=0)
    x = np.random.default_rng(25).standard_normal(100)
    for variance, lowest, highest in [
        (1 / 100, 0.05, 20),
        (2 / 100, 1e3, 1e6),
    ]:  # 2^15 = 3.3e4 in a linear net
        growth = np.linalg.norm(product(random_layers(30, 100, variance**0.5, 26)) @ x) / np.linalg.norm(x)
        assert lowest < growth < highest


def test_errata_26_scale_leaves_the_condition_number():
    Z = np.random.default_rng(26).standard_normal((100, 100))
    kappas = [np.linalg.cond(scale * Z) for scale in (1, math.sqrt(1 / 100), math.sqrt(2 / 100), -1e6)]
    np.testing.assert_allclose(kappas, kappas[0], rtol=1e-10, atol=0)


def test_errata_27_numerical_gradient_of_the_exercise():
    def chapter(f, x, eps=1e-5):
        numerical = np.zeros_like(x)
        for i in range(len(x)):
            plus, minus = x.copy(), x.copy()
            plus[i] += eps
            minus[i] -= eps
            numerical[i] = (f(plus) - f(minus)) / (2 * eps)
        return numerical

    def f(x):
        return np.sum(x**2)

    np.testing.assert_allclose(chapter(f, np.array([1.0, 2.0, 3.0])), [2, 4, 6], rtol=1e-8, atol=0)
    np.testing.assert_allclose(chapter(f, np.array([1, 2, 3])), [5e4, 15e4, 25e4], rtol=1e-4, atol=0)
    matrix = chapter(f, np.array([[1.0, 2.0], [3.0, 4.0]]))
    np.testing.assert_allclose(matrix, [[6, 6], [14, 14]], rtol=1e-8, atol=0)  # row sums; right is 2 x
    single = chapter(f, np.array([1, 2, 3], dtype=np.float32))
    assert np.max(np.abs(single / np.array([2, 4, 6]) - 1)) > 1e-3


def test_errata_28_one_hot_targets():
    right = np.array([0.3, 0.2, 0.2, 0.15, 0.15])  # the chapter's first epoch
    target = np.eye(5)[0]
    assert special.entr(target).sum() == 0
    np.testing.assert_allclose(special.rel_entr(target, right).sum(), -math.log(0.3), rtol=1e-14, atol=0)
    wrong = np.array([0.02, 0.92, 0.02, 0.02, 0.02])  # confident, and mistaken
    assert special.entr(wrong).sum() < special.entr(right).sum()
    assert -math.log(wrong[0]) > -math.log(right[0])


def test_errata_29_each_function_needs_its_own_rate():
    def steps(curvature, lr):
        x, count = np.ones(2), 0
        while np.linalg.norm(x) > 1e-6 and count < 5000 and np.all(np.isfinite(x)):
            x, count = x - lr * curvature * x, count + 1
        return count if np.linalg.norm(x) <= 1e-6 else math.inf

    bowl, ravine = np.array([2.0, 2.0]), np.array([2.0, 200.0])
    with np.errstate(over="ignore", invalid="ignore"):
        assert steps(bowl, 0.009) > steps(ravine, 0.009)  # one rate for both: the ravine looks easier
        assert steps(ravine, 0.1) == math.inf
    assert (steps(bowl, 2 / 4), steps(ravine, 2 / 202)) == (1, 709)


# --- The deep dive ------------------------------------------------------------------------------------------------


def test_errata_30_not_every_layer_has_eigenvectors():
    with pytest.raises(np.linalg.LinAlgError):
        np.linalg.eigvals(np.ones((256, 784)))
    shear = np.array([[1.0, 1.5], [0.0, 1.0]])
    vectors = np.linalg.eig(shear).eigenvectors
    assert np.linalg.matrix_rank(vectors, tol=1e-6) == 1  # Q has no inverse
    assert radius(shear) == 1.0
    np.testing.assert_allclose(norm(shear), 2.0, rtol=1e-12, atol=0)  # the largest stretch


def test_errata_31_eigenvalues_do_not_multiply():
    assert radius(LIFT) == radius(LIFT.T) == 0 and radius(LIFT.T @ LIFT) == 4
    layers = random_layers(30, 50, np.sqrt(1 / 50), 8)
    P = product(layers)
    assert np.prod([radius(W) for W in layers]) > 2 * radius(P)
    assert norm(P) > 3 * radius(P)


def test_errata_32_one_large_eigenvalue_does_not_explode():
    first, second = np.diag([2.0, 0.1]), np.diag([0.1, 2.0])
    assert min(radius(first), radius(second)) == 2 and norm(second @ first) == 0.2
    up = 30 * LIFT / 2
    assert radius(up) == radius(up.T) == 0 and radius(up.T @ up) == 900  # nor does a small one protect
    layers = random_layers(30, 20, 0.1, 32)
    layers *= 0.95 / np.linalg.norm(layers, 2, axis=(1, 2))[:, None, None]
    assert norm(product(layers)) <= 0.95**30  # every largest singular value below 1: sufficient for vanishing


def test_errata_33_zero_eigenvalues_and_full_rank():
    np.testing.assert_array_equal(np.linalg.eigvals(SHIFT), 0)
    assert np.linalg.matrix_rank(SHIFT) == 49
    np.testing.assert_allclose(np.linalg.svd(SHIFT, compute_uv=False)[:49], 1, rtol=1e-14, atol=0)


def test_errata_34_the_hessian_decides():
    generator = torch.Generator().manual_seed(34)
    X = torch.randn(50, 3, dtype=torch.float64, generator=generator) * torch.tensor([1.0, 3.0, 10.0])
    target = torch.randn(50, 2, dtype=torch.float64, generator=generator)

    def loss(flat):
        return ((X @ flat.reshape(2, 3).T - target) ** 2).mean()

    kappas = []
    for smallest in (1.0, 1e-3):
        W = torch.tensor([[1.0, 0.0, 0.0], [0.0, smallest, 0.0]], dtype=torch.float64)
        kappas.append(torch.linalg.cond(torch.autograd.functional.hessian(loss, W.flatten())).item())
    np.testing.assert_allclose(kappas, torch.linalg.cond(X).item() ** 2, rtol=1e-9, atol=0)


def test_errata_35_steep_directions_set_the_limit():
    steep, flat = 20.0, 2.0
    right_for_steep = 1 / steep
    assert right_for_steep < 1 / flat  # too small for the flat direction, by the condition number
    assert abs(1 - right_for_steep * flat) == 0.9
    right_for_flat = 1 / flat
    assert abs(1 - right_for_flat * steep) > 1  # and the other way round the steep one explodes


def test_errata_36_anisotropy_not_curvature():
    assert np.linalg.cond(1e6 * np.diag([2.0, 2.0])) == 1.0  # curved very much
    np.testing.assert_allclose(np.linalg.cond(1e-6 * np.diag([2.0, 200.0])), 100, rtol=1e-12, atol=0)


def test_errata_37_adam_knows_the_axes():
    def adam(H, x, lr, steps):
        w = torch.tensor(x, requires_grad=True)
        optimiser = torch.optim.Adam([w], lr=lr)
        for _ in range(steps):
            w.grad = torch.tensor(H @ w.detach().numpy())
            optimiser.step()
        return w.detach().numpy()

    rng = np.random.default_rng(37)
    curvature, start = np.geomspace(1, 1e4, 20), rng.standard_normal(20)
    # An inverse Hessian would lead from here to 0. Adam's step is the sign of the gradient, whatever the curvature.
    first = adam(np.diag(curvature), start, 0.1, 1)
    np.testing.assert_allclose(first, start - 0.1 * np.sign(start), rtol=0, atol=1e-6)

    def best(H, x):
        ends = [adam(H, x, lr, 300) for lr in (0.03, 0.1, 0.3)]
        return min(0.5 * end @ H @ end for end in ends)

    Q, _ = np.linalg.qr(rng.standard_normal((20, 20)))
    assert best((Q * curvature) @ Q.T, Q @ start) > 1e3 * best(np.diag(curvature), start)


def test_errata_38_cost_of_the_gradient():
    widths = [200, 300, 300, 10]
    layers = [torch.nn.Linear(*sizes) for sizes in itertools.pairwise(widths)]
    network = torch.nn.Sequential(layers[0], torch.nn.Tanh(), layers[1], torch.nn.Tanh(), layers[2])
    x = torch.randn(64, 200, requires_grad=True)
    with FlopCounterMode(display=False) as forward:
        loss = F.cross_entropy(network(x), torch.zeros(64, dtype=torch.long))
    with FlopCounterMode(display=False) as backward:
        loss.backward()
    assert (
        backward.get_total_flops() == 2 * forward.get_total_flops()
    )  # two products for each one of the loss


def test_errata_39_a_quarter_to_the_fiftieth():
    assert 0.25**50 < 1e-30 and np.float32(0.25) ** np.float32(50) > np.finfo(np.float32).tiny
    slope = special.expit(0.0) * special.expit(-0.0)
    assert slope == 0.25  # the largest slope of the sigmoid is far from "slightly less than 1"
    for weight, factor in [(1.0, 0.25), (4.0, 1.0), (6.0, 1.5)]:  # the weight belongs to the factor
        assert weight * slope == factor


def test_errata_40_clipping_leaves_the_factors():
    torch.manual_seed(40)
    network = torch.nn.Sequential(
        *[m for _ in range(8) for m in (torch.nn.Linear(10, 10), torch.nn.Sigmoid())]
    )
    (network(torch.randn(5, 10)) ** 2).sum().backward()

    def sizes():
        return network[0].weight.grad.norm().item(), network[-2].weight.grad.norm().item()

    before = sizes()
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1e-3)
    after = sizes()
    assert after[1] < before[1] / 10
    np.testing.assert_allclose(after[0] / after[1], before[0] / before[1], rtol=1e-5, atol=0)


def test_errata_41_a_skip_can_be_cancelled():
    x = torch.tensor([1.0, -2.0, 3.0], requires_grad=True)
    y = x + (-x)  # x + F(x) with F(x) = -x: I + J = 0
    (y * torch.tensor([1.0, 2.0, 3.0])).sum().backward()
    assert torch.count_nonzero(x.grad) == 0


def test_errata_42_dot_products_see_length():
    q, k = np.array([1.0, 0.0]), np.array([[1.0, 0.0], [10.0, 10.0]])
    assert np.argmax(k @ q) == 1 and np.argmax(k @ q / np.linalg.norm(k, axis=1)) == 0
    rng = np.random.default_rng(42)
    for d in (4, 64, 1024):
        scores = np.sum(rng.standard_normal((4000, d)) * rng.standard_normal((4000, d)), axis=1)
        assert abs(scores.mean()) < 4 * math.sqrt(d / 4000)  # the mean is 0 ...
        np.testing.assert_allclose(scores.std(), math.sqrt(d), rtol=0.06, atol=0)  # ... the spread sqrt(d)


def test_errata_43_arcface_discards_magnitude():
    rng = np.random.default_rng(43)
    W, x = rng.standard_normal((5, 8)), rng.standard_normal(8)

    def logits(x, s=64.0, margin=0.5, label=2):
        cosine = W @ x / (np.linalg.norm(W, axis=1) * np.linalg.norm(x))
        return s * np.cos(np.arccos(cosine) + margin * (np.arange(5) == label))

    np.testing.assert_allclose(logits(10 * x), logits(x), rtol=1e-12, atol=0)
    np.testing.assert_allclose(W @ (10 * x), 10 * (W @ x), rtol=1e-12, atol=0)  # plain logits keep it


def test_errata_44_tooling():
    fig = plt.figure()
    try:
        assert fig.add_subplot(projection="3d").name == "3d"  # without importing Axes3D
    finally:
        plt.close(fig)
    draws = []
    for consumed in (0, 1):  # one more draw anywhere, and everything behind a global seed changes
        np.random.seed(42)  # noqa: NPY002 (the chapter's way is what is examined)
        np.random.standard_normal(consumed)  # noqa: NPY002
        draws.append((np.random.standard_normal(), np.random.default_rng(42).standard_normal()))  # noqa: NPY002
    assert draws[0][0] != draws[1][0] and draws[0][1] == draws[1][1]


# --- Further ones --------------------------------------------------------------------------------------------------


def test_errata_45_sign_of_a_dot_product():
    x, y = np.array([1.0, 0.0]), np.array([-0.01, 1.0])
    assert x @ y < 0 and math.degrees(math.acos(x @ y / np.linalg.norm(y))) < 91  # nearly perpendicular
    x, y = np.array([1.0, 0.0]), np.array([0.01, 1.0])
    assert x @ y > 0 and math.degrees(math.acos(x @ y / np.linalg.norm(y))) > 89


def test_errata_46_compression_counts_numbers_not_bytes():
    pixels = np.zeros((512, 512), dtype=np.uint8)
    factors = 100 * (512 + 512 + 1) * np.dtype(np.float32).itemsize
    assert 100 * (512 + 512) / 512**2 < 0.4  # the chapter: 61 per cent saved
    assert factors > 1.5 * pixels.nbytes  # on disk more than half as much again


def test_errata_47_gradient_is_jacobian_transposed_times_gradient():
    torch.manual_seed(47)
    W1, W2 = torch.randn(4, 3), torch.randn(2, 4)
    x = torch.randn(3, requires_grad=True)
    loss = ((W2 @ torch.tanh(W1 @ x)) ** 2).sum()
    (gradient,) = torch.autograd.grad(loss, x)
    with torch.no_grad():
        h = torch.tanh(W1 @ x)
        jacobian = W2 @ torch.diag(1 - h**2) @ W1
        assert jacobian.shape == (2, 3)  # a product of Jacobians is a matrix, not a gradient
        torch.testing.assert_close(jacobian.T @ (2 * W2 @ h), gradient, rtol=1e-5, atol=1e-6)


def test_errata_48_plain_networks_may_be_deep():
    rng = np.random.default_rng(48)
    gradient = first = rng.standard_normal(20)
    for _ in range(1000):  # orthogonal linear layers without skips
        gradient = np.linalg.qr(rng.standard_normal((20, 20)))[0].T @ gradient
    np.testing.assert_allclose(np.linalg.norm(gradient), np.linalg.norm(first), rtol=1e-10, atol=0)


def test_errata_49_contrastive_loss_sees_differences():
    similarity = torch.randn(6, 6, generator=torch.Generator().manual_seed(49), dtype=torch.float64)
    matching = torch.arange(6)
    loss = F.cross_entropy(similarity, matching)
    torch.testing.assert_close(F.cross_entropy(similarity + 100, matching), loss, rtol=1e-10, atol=0)
    torch.testing.assert_close(F.cross_entropy(similarity - 100, matching), loss, rtol=1e-10, atol=0)


def test_errata_50_a_neuron_is_not_weak_for_orthogonal_inputs():
    w, b = np.array([1.0, 0.0]), 3.0
    orthogonal, aligned = np.array([0.0, 5.0]), np.array([0.5, 0.0])
    assert max(0, w @ orthogonal + b) == 3.0  # the bias decides
    assert max(0, w @ aligned - 1) == 0.0  # and here an aligned input leaves a neuron silent
