"""Experiments on conditioning: iterations against condition number, and optimisers on a rotated quadratic."""

from collections.abc import Callable
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reference.arrays import finite_between

Array = NDArray[Any]
Method = Literal["gradient descent", "momentum"]
Optimiser = Literal["gradient descent", "momentum", "adam", "newton"]


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(allowed)}, not {value!r}")


def _positive_count(name: str, value: int) -> None:
    if value < 1:
        raise ValueError(f"{name} must be at least 1, not {value}")


def _count(step: Callable[[Array], Array], state: Array, tol: float) -> int:
    count = 0
    while np.hypot(state[0, 0], state[0, 1]) > tol:
        state = step(state)
        count += 1
    return count


def iterations_vs_condition_number(
    kappas: ArrayLike,
    *,
    tol: float = 1e-6,
    method: Method = "gradient descent",
) -> Array:
    """Count the iterations on ``(x1**2 + kappa*x2**2)/2`` from (1, 1) until ``|x| <= tol``.

    Parameters
    ----------
    kappas : array_like, shape (K,), at least 1
    tol : float, positive
    method : {"gradient descent", "momentum"}
        Each with the best constants for its own kappa: learning rate ``2/(L + mu)``, or Polyak's
        ``(2/(sqrt(L) + sqrt(mu)))**2`` with momentum ``((sqrt(L) - sqrt(mu))/(sqrt(L) + sqrt(mu)))**2``.

    Returns
    -------
    ndarray of int, shape (K,)
        Proportional to kappa for gradient descent, to its square root with momentum.

    Raises
    ------
    ValueError
        If a kappa is below 1 or not finite, tol is not a positive finite number, or the method is unknown.

    Notes
    -----
    One learning rate for all kappas would compare nothing: the bound ``2/L`` depends on kappa.
    """
    _one_of("method", method, get_args(Method))
    finite_between("tol", tol, low=0)
    numbers = finite_between("kappas", np.atleast_1d(kappas), low=1, include_low=True)

    def iterations(kappa: float) -> int:
        curvature = np.array([1.0, kappa])
        root = np.sqrt(kappa)
        lr, beta = (2 / (kappa + 1), 0.0)
        if method == "momentum":
            lr, beta = (2 / (root + 1)) ** 2, ((root - 1) / (root + 1)) ** 2

        def step(state: Array) -> Array:  # rows: x now, x before
            now, before = state
            return np.array([now - lr * curvature * now + beta * (now - before), now])

        return _count(step, np.ones((2, 2)), tol)

    return np.array([iterations(float(kappa)) for kappa in numbers])


def random_rotation(n: int, rng: np.random.Generator) -> Array:
    """Return an orthogonal matrix of shape (n, n), uniform over all of them (Mezzadri, Notices AMS 54, 2007)."""
    Q, R = np.linalg.qr(rng.standard_normal((n, n)))
    return Q * np.sign(np.diag(R))


def rotated_quadratic_experiment(
    optimiser: Optimiser,
    *,
    rng: np.random.Generator,
    kappa: float = 1e4,
    n: int = 20,
    num_steps: int = 500,
    learning_rates: ArrayLike | None = None,
) -> tuple[float, float]:
    """Return the loss reached on an axis-aligned quadratic and on the same one rotated.

    Parameters
    ----------
    optimiser : {"gradient descent", "momentum", "adam", "newton"}
        Momentum 0.9; Adam with its usual constants. Both runs start from the same point relative to the bowl.
    rng : numpy.random.Generator
        Draws the start and the rotation.
    kappa, n : float, int
        Curvatures are n numbers from 1 to kappa, evenly spaced in the logarithm.
    num_steps : int
    learning_rates : array_like, positive, optional
        All are tried and the lowest final loss counts. Default: 25 from 1e-6 to 1.

    Returns
    -------
    aligned, rotated : float
        Equal but for rounding for all but Adam: dividing by a diagonal is not invariant under rotation, so
        Adam is no stand-in for the inverse Hessian.

    Raises
    ------
    ValueError
        If the optimiser is unknown, kappa is below 1 or not finite, n or num_steps is below 1, or learning rates
        are none, or not positive finite numbers.
    """
    _one_of("optimiser", optimiser, get_args(Optimiser))
    finite_between("kappa", kappa, low=1, include_low=True)
    _positive_count("n", n)
    _positive_count("num_steps", num_steps)
    curvature = np.geomspace(1.0, kappa, n)
    start = rng.standard_normal(n)
    rotation = random_rotation(n, rng)
    rates = np.geomspace(1e-6, 1.0, 25) if learning_rates is None else np.atleast_1d(learning_rates)
    _positive_count("the number of learning_rates", rates.size)
    finite_between("learning_rates", rates, low=0)

    def best_loss(Q: Array) -> float:
        H = (Q * curvature) @ Q.T
        x = np.tile(Q @ start, (len(rates), 1))  # one row for each learning rate
        velocity, square = np.zeros_like(x), np.zeros_like(x)
        for t in range(1, num_steps + 1):
            gradient = x @ H
            if optimiser == "newton":
                x = x - np.linalg.solve(H, gradient.T).T
            elif optimiser == "adam":
                velocity = 0.9 * velocity + 0.1 * gradient
                square = 0.999 * square + 0.001 * gradient**2
                scale = np.sqrt(square / (1 - 0.999**t)) + 1e-8
                x = x - rates[:, None] * velocity / (1 - 0.9**t) / scale
            else:
                velocity = (0.9 if optimiser == "momentum" else 0.0) * velocity + gradient
                x = x - rates[:, None] * velocity
        return float(np.nanmin(np.einsum("ri,ij,rj->r", x, H, x) / 2))

    with np.errstate(over="ignore", invalid="ignore"):  # rates beyond 2/L diverge; they lose
        return best_loss(np.eye(n)), best_loss(rotation)
