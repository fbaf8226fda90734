"""A data file and a helper module for notebook and tests; handed in as .zip and .ipynb."""

from __future__ import annotations

from tests.autograder.other_masters.building import Answers

MASTER = """
# %%
# ASSIGNMENT CONFIG
name: answers
export_cell: {pdf: false}
files: [units.py, heights.csv]
autograder_files: [oracle.py]
generate: {zips: false, show_stdout: true}
tests: {files: true, ok_format: false}
# %%
import csv
from units import inches
# %%
# BEGIN QUESTION
name: q1
points: 3
# %%
#: `heights`, the column of `heights.csv` as floats; `tallest` in inches by the helper `inches`.
# %%
# BEGIN SOLUTION
# %%
# BEGIN SOLUTION
with open("heights.csv") as file:
    heights = [float(row["cm"]) for row in csv.DictReader(file)]
tallest = inches(max(heights))
# END SOLUTION
# %%
# END SOLUTION
# %%
# BEGIN TESTS
# %%
def test_heights(heights):
    assert heights == [170.0, 182.5, 165.0]
# %%
# HIDDEN
def test_file(heights):
    with open("heights.csv") as file:
        assert [float(line.split(",")[1]) for line in file.read().split()[1:]] == heights
# %%
# HIDDEN
def test_tallest(tallest, inches):
    import units
    assert tallest == units.inches(182.5) == inches(182.5)
# %%
# END TESTS
# %%
# END QUESTION
# %%
# BEGIN QUESTION
name: q2
points: 2
# %%
#: `mean(values)`
# %%
# BEGIN SOLUTION
# %%
def mean(values):
    return sum(values) / len(values)  # SOLUTION
# %%
# END SOLUTION
# %%
# BEGIN TESTS
# %%
def test_mean(mean):
    assert mean([1, 2, 6]) == 3
# %%
# HIDDEN
def test_oracle(mean):
    from oracle import true_mean
    assert mean([2.5, 4.5]) == true_mean([2.5, 4.5])
# %%
# END TESTS
# %%
# END QUESTION
"""

FILES = {
    "units.py": "def inches(cm):\n    return cm / 2.54\n",
    "heights.csv": "name,cm\nAda,170\nBo,182.5\nCy,165\n",
    "oracle.py": "from statistics import fmean as true_mean\n",
}

FULL = {"q1": 3, "q2": 2}

_WRONG = "heights = []\nfor line in open('heights.csv'):\n    if 'cm' not in line:\n        heights.append(float(line.split(',')[1]))\ntallest = max(heights)"

SUBMISSIONS = {
    "solution": Answers(FULL),
    "release": Answers({"q1": 0, "q2": 0}, base="release", form="zip"),
    "partly wrong": Answers(
        {"q1": 2, "q2": 1}, {"q1": _WRONG, "q2": "def mean(v):\n    return int(sum(v) / len(v))"}
    ),
    "a zip": Answers({"q1": 3, "q2": 0}, {"q2": "def mean(v):\n    return sum(v) / 0"}, form="zip"),
}
