"""Random numbers: otter's `seed`, NumPy's old and new generators, tests that seed themselves."""

from __future__ import annotations

from tests.autograder.other_masters.building import Answers

MASTER = """
# %%
# ASSIGNMENT CONFIG
name: answers
export_cell: {pdf: false}
generate: {seed: 90}
tests: {files: true, ok_format: false}
# %%
import random
import numpy as np
# %%
# BEGIN QUESTION
name: q1
points: 3
# %%
#: `sample`, five draws of NumPy's normal distribution; `card`, one of `range(52)` by `random`.
# %%
# BEGIN SOLUTION
# %%
sample = np.random.normal(size=5)  # SOLUTION
card = random.randrange(52)  # SOLUTION
# %%
# END SOLUTION
# %%
# BEGIN TESTS
# %%
def test_size(sample):
    assert len(sample) == 5
# %%
# HIDDEN
def test_seeded(sample, np):
    np.random.seed(90)
    np.testing.assert_allclose(sample, np.random.normal(size=5))
# %%
# HIDDEN
def test_card(card):
    import random
    random.seed(90)
    assert card == random.randrange(52)
# %%
# END TESTS
# %%
# END QUESTION
# %%
# BEGIN QUESTION
name: q2
points: 5
# %%
#: `walk(n)`, positions of a random walk by `np.random.choice`; `shuffled(items)` by `random.shuffle`, as a new list.
# %%
# BEGIN SOLUTION
# %%
def walk(n):
    return np.cumsum(np.random.choice([-1, 1], size=n))  # SOLUTION
def shuffled(items):
    # BEGIN SOLUTION
    items = list(items)
    random.shuffle(items)
    return items
    # END SOLUTION
# %%
# END SOLUTION
# %%
# BEGIN TESTS
# %%
def test_steps(walk, np):
    assert set(np.abs(np.diff(walk(50)))) == {1}
# %%
# HIDDEN
def test_walk(walk, np):
    np.random.seed(3)
    got = walk(20)
    np.random.seed(3)
    assert np.array_equal(got, np.cumsum(np.random.choice([-1, 1], size=20)))
# %%
# HIDDEN
def test_walk_goes_on(walk, np):
    np.random.seed(4)
    expected = [np.cumsum(np.random.choice([-1, 1], size=5)) for _ in range(2)]
    np.random.seed(4)
    assert np.array_equal([walk(5), walk(5)], expected)
# %%
# HIDDEN
def test_shuffled(shuffled):
    import random
    items = list(range(20))
    random.seed(1)
    got = shuffled(items)
    expected = list(range(20))
    random.seed(1)
    random.shuffle(expected)
    assert got == expected and items == list(range(20))
# %%
# HIDDEN
def test_type(walk, np):
    assert isinstance(walk(8), np.ndarray) and len(walk(8)) == 8
# %%
# END TESTS
# %%
# END QUESTION
# %%
# BEGIN QUESTION
name: q3
points: 3
# %%
#: `estimate(n, rng)`: a Monte Carlo estimate of pi; `rng`, a Generator seeded with 7; `u`, three uniforms from it.
# %%
# BEGIN SOLUTION
# %%
def estimate(n, rng):
    return 4 * np.mean(np.sum(rng.random((n, 2)) ** 2, axis=1) < 1)  # SOLUTION
rng = np.random.default_rng(7)  # SOLUTION
u = rng.random(3)  # SOLUTION
# %%
# END SOLUTION
# %%
# BEGIN TESTS
# %%
def test_estimate(estimate, np):
    assert abs(estimate(2000, np.random.default_rng(0)) - np.pi) < 0.2
    assert estimate(100, np.random.default_rng(1)) == estimate(100, np.random.default_rng(1))
# %%
# HIDDEN
def test_rng(rng, u, np):
    fresh = np.random.default_rng(7)
    assert np.array_equal(u, fresh.random(3)) and rng.random() == fresh.random()
    assert isinstance(rng, np.random.Generator)
# %%
# HIDDEN
def test_bounds(estimate, np):
    assert 0 <= estimate(10, np.random.default_rng(2)) <= 4
# %%
# END TESTS
# %%
# END QUESTION
"""

FILES: dict[str, str] = {}

FULL = {"q1": 3, "q2": 5, "q3": 3}

SUBMISSIONS = {
    "solution": Answers(FULL),
    "release": Answers(dict.fromkeys(FULL, 0), base="release"),
    "partly wrong": Answers(
        {"q1": 2, "q2": 3, "q3": 2},
        {
            "q1": "random.random()\nsample = np.random.randn(5)\ncard = random.randrange(52)",
            "q2": "def walk(n):\n    return np.cumsum(np.sign(np.random.random(n) - 0.5)).astype(int)\n"
            "def shuffled(items):\n    items = items[:]\n    random.shuffle(items)\n    return items",
            "q3": "def estimate(n, rng):\n    x, y = rng.random((2, n))\n    return 4 * ((x**2 + y**2) < 1).mean()\n"
            "rng = np.random.default_rng(8)\nu = rng.random(3)",
        },
    ),
    "seeds of one's own": Answers(
        {"q1": 1, "q2": 3, "q3": 3},
        {
            "q1": "np.random.seed(1)\nrandom.seed(1)\nsample = np.random.normal(size=5)\ncard = random.randrange(52)",
            "q2": "def walk(n):\n    np.random.seed(3)\n    return np.cumsum(np.random.choice([-1, 1], size=n))\n"
            "def shuffled(items):\n    random.seed(5)\n    return random.sample(items, len(items))",
        },
    ),
}
