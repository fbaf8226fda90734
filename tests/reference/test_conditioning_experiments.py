"""Iterations grow with the condition number as theory says, and Adam alone notices a rotation."""

import numpy as np
import pytest
import torch

from reference.conditioning_experiments import (
    iterations_vs_condition_number,
    random_rotation,
    rotated_quadratic_experiment,
)

KAPPAS = np.array([10.0, 100.0, 1000.0])


def test_gradient_descent_iterations_follow_from_the_rate():
    """|x_k| = sqrt(2) * rho**k from (1, 1), with rho = (kappa - 1)/(kappa + 1)."""
    rho = (KAPPAS - 1) / (KAPPAS + 1)
    for tol in (1e-6, 1e-3):
        expected = np.ceil(np.log(tol / np.sqrt(2)) / np.log(rho))
        np.testing.assert_array_equal(iterations_vs_condition_number(KAPPAS, tol=tol), expected)


def test_exponents_are_one_and_one_half():
    plain = iterations_vs_condition_number(KAPPAS)
    momentum = iterations_vs_condition_number(10 * KAPPAS, method="momentum")
    assert np.polyfit(np.log(KAPPAS), np.log(plain), 1)[0] == pytest.approx(1, abs=0.05)
    assert np.polyfit(np.log(10 * KAPPAS), np.log(momentum), 1)[0] == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("kappa", [10.0, 250.0])
def test_momentum_iterations_agree_with_torch_sgd(kappa):
    root = kappa**0.5
    x = torch.ones(2, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.SGD([x], lr=(2 / (1 + root)) ** 2, momentum=((root - 1) / (root + 1)) ** 2)
    count = 0
    while x.detach().norm() > 1e-6:
        optimiser.zero_grad()
        (torch.tensor([1.0, kappa], dtype=torch.float64) * x**2 / 2).sum().backward()
        optimiser.step()
        count += 1
    assert iterations_vs_condition_number(kappa, method="momentum").tolist() == [count]


def test_perfect_conditioning_takes_one_step_and_none_when_already_there():
    assert iterations_vs_condition_number(1.0).tolist() == [1]
    assert iterations_vs_condition_number(1.0, method="momentum").tolist() == [1]
    assert iterations_vs_condition_number([5.0], tol=2.0).tolist() == [0]


def test_random_rotation_is_orthogonal_and_uniform():
    Q = random_rotation(6, np.random.default_rng(0))
    np.testing.assert_allclose(Q.T @ Q, np.eye(6), rtol=0, atol=1e-14)
    draws = np.random.default_rng(1)
    corners = np.array([random_rotation(3, draws)[0, 0] for _ in range(3000)])
    # A coordinate of a uniform point on the sphere in three dimensions is uniform on [-1, 1].
    assert abs(corners.mean()) < 4 * np.sqrt(1 / 3 / 3000)
    assert np.mean(corners**2) == pytest.approx(1 / 3, abs=4 * np.sqrt(4 / 45 / 3000))


@pytest.mark.parametrize("optimiser", ["gradient descent", "momentum"])
def test_linear_methods_do_not_notice_a_rotation(optimiser):
    aligned, rotated = rotated_quadratic_experiment(optimiser, rng=np.random.default_rng(1))
    assert aligned == pytest.approx(rotated, rel=1e-8)
    assert 1e-6 < aligned < 100


def test_newton_needs_one_step_either_way():
    aligned, rotated = rotated_quadratic_experiment("newton", rng=np.random.default_rng(1), num_steps=1)
    assert max(aligned, rotated) < 1e-18


def test_adam_is_good_only_along_the_axes():
    aligned, rotated = rotated_quadratic_experiment("adam", rng=np.random.default_rng(1))
    assert aligned < 1e-12 < 1e-3 < rotated


def test_without_ill_conditioning_the_experiment_shows_nothing():
    aligned, rotated = rotated_quadratic_experiment("adam", rng=np.random.default_rng(1), kappa=1.0, n=5)
    assert max(aligned, rotated) < 1e-12


@pytest.mark.parametrize(
    ("name", "build"),
    [
        ("gradient descent", lambda x, lr: torch.optim.SGD([x], lr=lr)),
        ("momentum", lambda x, lr: torch.optim.SGD([x], lr=lr, momentum=0.9)),
        ("adam", lambda x, lr: torch.optim.Adam([x], lr=lr)),
    ],
)
def test_optimisers_agree_with_torch(name, build):
    n, kappa, lr, steps = 4, 30.0, 0.01, 25
    aligned, rotated = rotated_quadratic_experiment(
        name, rng=np.random.default_rng(2), kappa=kappa, n=n, num_steps=steps, learning_rates=lr
    )
    draws = np.random.default_rng(2)
    start = draws.standard_normal(n)
    curvature = torch.tensor(np.geomspace(1, kappa, n))
    for Q, expected in [(np.eye(n), aligned), (random_rotation(n, draws), rotated)]:
        H = torch.tensor(Q) @ torch.diag(curvature) @ torch.tensor(Q.T)
        x = torch.tensor(Q @ start, requires_grad=True)
        optimiser = build(x, lr)
        for _ in range(steps):
            optimiser.zero_grad()
            (x @ H @ x / 2).backward()
            optimiser.step()
        reached = x.detach()
        assert float(reached @ H @ reached / 2) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("kappas", "options", "message"),
    [
        ([4.0], {"method": "newton"}, "method must be one of gradient descent, momentum, not 'newton'"),
        ([4.0], {"tol": 0.0}, "tol must"),
        ([4.0], {"tol": -1e-6}, "tol must"),
        ([4.0], {"tol": np.nan}, "tol must"),
        ([4.0], {"tol": np.inf}, "tol must"),
        ([4.0, 0.9], {}, "kappas must"),
        ([0.0], {}, "kappas must"),
        ([4.0, np.nan], {}, "kappas must"),
        ([np.inf], {}, "kappas must"),
    ],
)
def test_iterations_that_would_never_end_are_refused(kappas, options, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        iterations_vs_condition_number(kappas, **options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"optimiser": "sgd"},
            "optimiser must be one of gradient descent, momentum, adam, newton, not 'sgd'",
        ),
        ({"kappa": 0.5}, "kappa must"),
        ({"kappa": np.inf}, "kappa must"),
        ({"n": 0}, "n must be at least 1, not 0"),
        ({"num_steps": 0}, "num_steps must be at least 1, not 0"),
        ({"learning_rates": []}, "the number of learning_rates must be at least 1"),
        ({"learning_rates": [0.1, -0.1]}, "learning_rates must"),
        ({"learning_rates": [0.1, np.nan]}, "learning_rates must"),
        ({"learning_rates": np.inf}, "learning_rates must"),
    ],
)
def test_experiments_without_a_meaning_are_refused(options, message):
    arguments = {"optimiser": "adam", "rng": np.random.default_rng(0), "num_steps": 2} | options
    with pytest.raises(ValueError, match=f"^{message}"):
        rotated_quadratic_experiment(**arguments)


def test_the_best_learning_rate_counts():
    options = {"rng": np.random.default_rng(3), "n": 5, "kappa": 100.0, "num_steps": 50}
    both = rotated_quadratic_experiment("gradient descent", learning_rates=[1.0, 0.015, 1e-4], **options)
    options["rng"] = np.random.default_rng(3)
    good = rotated_quadratic_experiment("gradient descent", learning_rates=0.015, **options)
    assert both == pytest.approx(good, rel=1e-12)
