"""Doctest-like tests kept in the notebook's metadata: all or nothing, points by list and by case, messages."""

from __future__ import annotations

from tests.autograder.other_masters.building import Answers

MASTER = '''
# %%
# ASSIGNMENT CONFIG
name: answers
export_cell: {pdf: false}
tests: {files: false, ok_format: true}
# %%
import math
import numpy as np
import pandas as pd
# %%
# BEGIN QUESTION
name: q1
points: 2
all_or_nothing: true
# %%
#: `double(x)`
# %%
# BEGIN SOLUTION
# %%
def double(x):
    return 2 * x  # SOLUTION
# %%
# END SOLUTION
# %%
# BEGIN TESTS
# %%
double(4)
#> 8
# %%
double("ab") == "abab"
#> True
# %%
""" # BEGIN TEST CONFIG
hidden: true
points: 1
""" # END TEST CONFIG
values = [double(i) for i in range(4)]
total = sum(values)
print(*values, sep="-")
#> 0-2-4-6
# %%
# HIDDEN
double(np.arange(3))
#> array([0, 2, 4])
# %%
# END TESTS
# %%
# END QUESTION
# %%
# BEGIN QUESTION
name: q2
points: [0.5, 1.5, 2]
# %%
#: `halve(x)` rounds down; a negative number is a `ValueError`.
# %%
# BEGIN SOLUTION
# %%
def halve(x):
    # BEGIN SOLUTION
    if x < 0:
        raise ValueError("negative")
    return x // 2
    # END SOLUTION
# %%
# END SOLUTION
# %%
# BEGIN TESTS
# %%
halve(5)
#> 2
# %%
def fails(x):
    try:
        halve(x)
        return False
    except ValueError:
        return True
fails(-1), fails(1)
#> (True, False)
# %%
# HIDDEN
import math
assert math.isclose(halve(9.0), 4)
np.allclose([halve(n) for n in range(6)], [0, 0, 1, 1, 2, 2])
#> True
# %%
# END TESTS
# %%
# END QUESTION
# %%
# BEGIN QUESTION
name: q3
points: {each: 2}
# %%
#: A frame `squares` with columns `n` and `square` for 1 to 4, a dictionary `lengths`, and a `Dog` that prints as `Dog(3)`.
# %%
# BEGIN SOLUTION
# %%
# BEGIN SOLUTION
squares = pd.DataFrame({"n": range(1, 5), "square": [1, 4, 9, 16]})
lengths = {w: len(w) for w in ["b", "aa"]}
class Dog:
    def __init__(self, age):
        self.age = age
    def __repr__(self):
        return f"Dog({self.age})"
# END SOLUTION
# %%
# END SOLUTION
# %%
# BEGIN TESTS
# %%
squares.shape
#> (4, 2)
# %%
squares.tail(2)
#>    n  square
#> 2  3       9
#> 3  4      16
# %%
# HIDDEN
squares.square.sum() == 30 and set(squares.columns) == {"n", "square"}
#> True
# %%
lengths
#> {'b': 1, 'aa': 2}
# %%
# HIDDEN
Dog(3)
#> Dog(3)
# %%
# HIDDEN
dogs = [Dog(1), Dog(2)]
dogs[0].age += 1
dogs
#> [Dog(2), Dog(2)]
# %%
# END TESTS
# %%
# END QUESTION
# %%
# BEGIN QUESTION
name: q4
points: 4
# %%
#: `greet(name)` prints a greeting and returns how many letters the name has.
# %%
# BEGIN SOLUTION
# %%
def greet(name):
    # BEGIN SOLUTION
    print("Hello,", name)
    return len(name)
    # END SOLUTION
# %%
# END SOLUTION
# %%
# BEGIN TESTS
# %%
""" # BEGIN TEST CONFIG
points: 1
success_message: Well said.
failure_message: Say hello first.
""" # END TEST CONFIG
greet("Ada")
#> Hello, Ada
#> 3
# %%
""" # BEGIN TEST CONFIG
hidden: true
""" # END TEST CONFIG
greet("Emmy Noether") + 1
#> Hello, Emmy Noether
#> 13
# %%
# END TESTS
# %%
# END QUESTION
'''

FILES: dict[str, str] = {}

FULL = {"q1": 2, "q2": 4, "q3": 12, "q4": 4}

SUBMISSIONS = {
    "solution": Answers(FULL),
    "release": Answers(dict.fromkeys(FULL, 0), base="release"),
    "partly wrong": Answers(
        {"q1": 0, "q2": 2, "q3": 6, "q4": 1},
        {
            "q1": "def double(x):\n    return float(x) * 2 if isinstance(x, int) else x + x",
            "q2": "def halve(x):\n    if x < 0:\n        raise ValueError\n    return int(round(x / 2 + 0.01)) if x != 5 else 2",
            "q3": "squares = pd.DataFrame({'n': [1, 2, 3, 4], 'square': [1, 4, 9, 15]})\nlengths = {'b': 1, 'aa': 2}\n"
            "class Dog:\n    def __init__(self, age): self.age = age\n    def __repr__(self): return 'Dog(3)'",
            "q4": "def greet(name):\n    print('Hello,', name.split()[0])\n    return len(name)",
        },
    ),
    "an error and a gap": Answers(
        {"q1": 2, "q2": 0, "q3": 2, "q4": 0},
        {
            "q2": "def halve(x):\n    return y // 2",
            "q3": "lengths = dict(b=1, aa=2)\nsquares = pd.DataFram()",
            "q4": "def greet(name):\n    return input(name)",
        },
    ),
}
