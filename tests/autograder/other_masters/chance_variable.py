"""Random numbers: otter's `seed_variable`."""

from __future__ import annotations

from tests.autograder.other_masters.building import Answers

MASTER = """
# %%
# ASSIGNMENT CONFIG
name: answers
export_cell: {pdf: false}
seed: {variable: SEED, autograder_value: 17, student_value: 4}
tests: {files: true, ok_format: false}
# %%
import numpy as np
SEED = 4 # SEED
# %%
# BEGIN QUESTION
name: q1
points: 2
# %%
#: `draws`, ten numbers of `np.random.default_rng(SEED)`.
# %%
# BEGIN SOLUTION
# %%
draws = np.random.default_rng(SEED).random(10)  # SOLUTION
# %%
# END SOLUTION
# %%
# BEGIN TESTS
# %%
def test_draws(draws, SEED, np):
    assert len(draws) == 10 and (0 <= draws).all() and SEED in (4, 17)
# %%
# HIDDEN
def test_autograder(draws, np):
    assert np.allclose(draws, np.random.default_rng(17).random(10))
# %%
# END TESTS
# %%
# END QUESTION
# %%
# BEGIN QUESTION
name: q2
points: 2
# %%
#: `flip(n)`: `n` coin flips, the same at each call.
# %%
# BEGIN SOLUTION
# %%
def flip(n):
    return list(np.random.default_rng(SEED).integers(0, 2, n))  # SOLUTION
# %%
# END SOLUTION
# %%
# BEGIN TESTS
# %%
def test_same(flip):
    assert flip(9) == flip(9) and len(flip(9)) == 9
# %%
# HIDDEN
def test_flip(flip, np):
    assert flip(30) == np.random.default_rng(17).integers(0, 2, 30).tolist()
# %%
# END TESTS
# %%
# END QUESTION
"""

FILES: dict[str, str] = {}

FULL = {"q1": 2, "q2": 2}

SUBMISSIONS = {
    "solution": Answers(FULL),
    "release": Answers({"q1": 0, "q2": 0}, base="release"),
    "partly wrong": Answers(
        {"q1": 1, "q2": 1},
        {
            "q1": "SEED = 5\ndraws = np.random.default_rng(4).random(10)\nSEED = 4",
            "q2": "def flip(n):\n    return [0, 1] * n if n < 0 else [1] * n",
        },
    ),
}
