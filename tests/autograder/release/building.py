"""A small good assignment, made in code, for tests that break one thing in it."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from autograder.release.gate import Report, judge, prepare
from autograder.release.rules_run import Grade

NAME = "hw99_demo"
Notebook = dict[str, Any]

ANSWER = '''def step(x, gradient, rate):
    """One step of gradient descent."""
    # BEGIN SOLUTION
    direction = -np.asarray(gradient, dtype=float)
    return np.asarray(x, dtype=float) + rate * direction
    # END SOLUTION
    """ # BEGIN PROMPT
    raise NotImplementedError("Complete question 1.")
    """  # END PROMPT'''

ATTEMPTS = """# %% right: in one line
def step(x, gradient, rate):
    return np.array(x, float) - rate * np.array(gradient, float)

# %% right: by scaling the gradient first
def step(x, gradient, rate):
    move = np.multiply(rate, gradient)
    return np.subtract(x, move)

# %% wrong: steps uphill
# expects: The step goes uphill
def step(x, gradient, rate):
    return np.asarray(x) + rate * np.asarray(gradient)

# %% wrong: forgets the rate
def step(x, gradient, rate):
    return np.asarray(x) - np.asarray(gradient)

# %% wrong: changes x in place
def step(x, gradient, rate):
    x -= rate * np.asarray(gradient)
    return x
"""


def cell(kind: str, id: str, source: str) -> dict[str, Any]:
    made = {"cell_type": kind, "id": id, "metadata": {}, "source": source}
    return made | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def raw(id: str, source: str) -> dict[str, Any]:
    return cell("raw", id, source)


def test_cell(id: str, body: str, *, points: int, hidden: bool, message: str) -> dict[str, Any]:
    config = f'points: {points}\nfailure_message: "{message}"' + ("\nhidden: true" if hidden else "")
    return cell("code", id, f'""" # BEGIN TEST CONFIG\n{config}\n"""  # END TEST CONFIG\n\n\n{body}')


test_cell.__test__ = False  # type: ignore[attr-defined]


def good_cells() -> list[dict[str, Any]]:
    uphill = """def test_q1_downhill(step):
    import numpy as np

    got = step(np.array([1.0, 2.0]), np.array([2.0, 2.0]), 0.5)
    # one step from (1, 2) by hand
    np.testing.assert_allclose(got, [0.0, 1.0], rtol=1e-12, atol=1e-12, err_msg="step from (1, 2)")"""
    random = """def test_q1_random(step):
    import numpy as np

    rng = np.random.default_rng(7)
    x, gradient = rng.normal(size=5), rng.normal(size=5)
    np.testing.assert_allclose(step(x, gradient, 0.3), x - 0.3 * gradient, rtol=1e-12, atol=1e-14)"""
    pure = '''def test_q1_keeps_its_argument(step):
    import numpy as np

    x = np.array([1.0, 2.0, 3.0])
    assert np.shape(step(x, np.ones(3), 0.1)) == (3,)
    assert x.tolist() == [1.0, 2.0, 3.0], "the argument has changed"'''
    config = f"""# ASSIGNMENT CONFIG
name: {NAME}
export_cell: {{pdf: false, run_tests: true, force_save: false, ignore_log: true}}
files: [plotted.py]
tests: {{files: true, ok_format: false}}
show_question_points: true"""
    return [
        raw("config", config),
        cell("markdown", "title", "# Gradient descent\n\nA very short homework."),
        cell("code", "imports", "import numpy as np"),
        raw("q1-begin", "# BEGIN QUESTION\nname: q1\npoints: 4"),
        cell("markdown", "q1-text", "**Question 1.** Write `step(x, gradient, rate)`."),
        raw("q1-solution-begin", "# BEGIN SOLUTION"),
        cell("code", "q1-answer", ANSWER),
        raw("q1-solution-end", "# END SOLUTION"),
        raw("q1-tests-begin", "# BEGIN TESTS"),
        test_cell(
            "q1-test-downhill", uphill, points=1, hidden=False, message="The step goes uphill or too far."
        ),
        test_cell("q1-test-random", random, points=2, hidden=True, message="Wrong on a random point."),
        test_cell("q1-test-pure", pure, points=1, hidden=True, message="The arguments must not change."),
        raw("q1-tests-end", "# END TESTS"),
        raw("q1-end", "# END QUESTION"),
        raw("q2-begin", "# BEGIN QUESTION\nname: q2\nmanual: true\npoints: 5"),
        cell("markdown", "q2-text", "**Question 2.** Why does a large rate diverge?"),
        raw("q2-solution-begin", "# BEGIN SOLUTION"),
        cell("markdown", "q2-answer", "The factor 1 - rate * L is then larger than one in absolute value."),
        raw("q2-solution-end", "# END SOLUTION"),
        raw("q2-end", "# END QUESTION"),
        cell("code", "closing", 'print("Done.")'),
    ]


def good_master() -> Notebook:
    """A master that passes every rule."""
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return {"cells": good_cells(), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def find(notebook: Notebook, id: str) -> dict[str, Any]:
    return next(cell for cell in notebook["cells"] if cell["id"] == id)


def replaced(id: str, old: str, new: str, notebook: Notebook | None = None) -> Notebook:
    """The good master with `old` exchanged for `new` in one cell; `old` must be there."""
    notebook = copy.deepcopy(notebook or good_master())
    target = find(notebook, id)
    assert old in target["source"], f"{old!r} is not in {id}"
    target["source"] = target["source"].replace(old, new)
    return notebook


def inserted(after: str, *cells: dict[str, Any], notebook: Notebook | None = None) -> Notebook:
    """The good master with more cells after one of its cells."""
    notebook = copy.deepcopy(notebook or good_master())
    index = notebook["cells"].index(find(notebook, after)) + 1
    notebook["cells"][index:index] = cells
    return notebook


def removed(*ids: str, notebook: Notebook | None = None) -> Notebook:
    """The good master without some of its cells."""
    notebook = copy.deepcopy(notebook or good_master())
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] not in ids]
    return notebook


def write_assignment(root: Path, notebook: Notebook, attempts: str = ATTEMPTS) -> Path:
    """An assignments folder with this one assignment in it; returns the assignment's folder."""
    folder = root / NAME
    (folder / "attempts").mkdir(parents=True, exist_ok=True)
    (folder / f"{NAME}.ipynb").write_text(json.dumps(notebook))
    (folder / "attempts" / "q1.py").write_text(attempts)
    (root / "plotted.py").write_text('"""Reads pictures."""\n')
    return folder


def changed_answer(body: str) -> Notebook:
    """The good master with another solution in its answer cell."""
    notebook = good_master()
    start, end = ANSWER.index("    direction"), ANSWER.index("\n    # END SOLUTION")
    find(notebook, "q1-answer")["source"] = ANSWER[:start] + body + ANSWER[end:]
    return notebook


def examine(folder: Path, *, lock: Path, grade: Grade, mutate: bool = True) -> Report:
    """The gate's report on one assignment."""
    return judge(prepare(folder, lock=lock), grade=grade, mutate=mutate)
