"""A small assignment with secrets in its hidden tests, and a warm pool that grades notebooks against it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from hashlib import sha256

from autograder.batch.bundle import Bundle
from autograder.batch.engine import Engine
from autograder.batch.pool import Pool, Task
from autograder.batch.submissions import Submission
from autograder.sandbox.limits import Limits
from autograder.verdict import Verdict

# In the text of every hidden test.
SECRET = "hidden-5e1f9c"
# An input of a hidden test; its digits appear nowhere else.
SECRET_INPUT = 7310.640625
LIMITS = Limits(
    cell_timeout=2, test_timeout=2, submission_timeout=20, memory=512 << 20, processes=60, file_bytes=64 << 20
)
POINTS = {"q1": 3.0, "q2": 3.0, "q3": 3.0, "q4": 3.0}

_EXCEPTION_TEST = """from otter.test_files import test_case

OK_FORMAT = False

name = {name!r}
points = 3

@test_case(points=1, hidden=False)
def test_{name}_public({arguments}):
    import numpy as np
{public}

@test_case(points=2, hidden=True, failure_message="A hidden case failed.")
def test_{name}_hidden({arguments}):
    import numpy as np
    secret = {secret!r}
{hidden}
"""

_DOCTEST = f"""OK_FORMAT = True

test = {{
    "name": "q3",
    "points": 3,
    "suites": [{{
        "cases": [
            {{"code": ">>> shout('a')\\n'A!'\\n>>> len(shout('abc')) == 4\\nTrue", "hidden": False, "points": 1}},
            {{"code": ">>> shout('{SECRET}')\\n'{SECRET.upper()}!'\\n>>> all(shout(c) == c + '!' for c in 'XYZ')\\nTrue",
             "hidden": True, "points": 2}},
        ],
        "scored": True, "setup": "", "teardown": "", "type": "doctest",
    }}],
}}
"""

_TESTS = {
    "q1": (
        "square",
        "    x = np.array([1.0, 2.0, 3.0])\n    np.testing.assert_allclose(square(x), [1.0, 4.0, 9.0], rtol=1e-12, atol=0)",
        f"    x = np.array([{SECRET_INPUT!r}, -2.5])\n    want = x * x\n"
        "    np.testing.assert_allclose(square(x), want, rtol=1e-12, atol=0)",
    ),
    "q2": (
        "total",
        "    np.testing.assert_allclose(total([1.0, 2.0]), 3.0, rtol=1e-12, atol=0)",
        f"    np.testing.assert_allclose(total([{SECRET_INPUT!r}, 0.25, 4.0]), {SECRET_INPUT + 4.25!r}, rtol=1e-12, atol=0)\n"
        "    assert all(map(lambda n: total([n, n]) == 2 * n, [5.0, 6.0]))",
    ),
    "q4": (
        "twice",
        "    assert twice(lambda x: x + 1, 3) == 5",
        f"    assert twice(lambda x: x / 2, {SECRET_INPUT!r}) == {SECRET_INPUT / 4!r}",
    ),
}

# One right answer cell for each question.
ANSWERS = {
    "q1": "import numpy as np\ndef square(x):\n    return np.asarray(x) ** 2",
    "q2": "def total(xs):\n    return float(sum(xs))",
    "q3": "def shout(text):\n    return text.upper() + '!'",
    "q4": "def twice(f, x):\n    return f(f(x))",
}


def bundle() -> Bundle:
    """The assignment as an autograder zip."""
    files = {
        f"tests/{name}.py": _EXCEPTION_TEST.format(
            name=name, arguments=arguments, public=public, hidden=hidden, secret=SECRET
        )
        for name, (arguments, public, hidden) in _TESTS.items()
    }
    files["tests/q3.py"] = _DOCTEST
    files["otter_config.json"] = json.dumps({"lang": "python", "assignment_name": "hostile"})
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, text in sorted(files.items()):
            archive.writestr(name, text)
    data = memory.getvalue()
    return Bundle("hostile", data, sha256(data).hexdigest())


def notebook(cells: Sequence[str], **metadata: object) -> bytes:
    """A notebook of code cells."""
    return json.dumps(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": metadata,
            "cells": [
                {
                    "cell_type": "code",
                    "id": f"c{number}",
                    "metadata": {},
                    "source": source,
                    "outputs": [],
                    "execution_count": None,
                }
                for number, source in enumerate(cells)
            ],
        }
    ).encode()


def answers(**replaced: str) -> list[str]:
    """A cell that imports otter, then each question's answer (or its replacement) and its check."""
    cells = ["import otter\ngrader = otter.Notebook('hostile.ipynb')"]
    for name, source in ANSWERS.items():
        cells += [replaced.get(name, source), f"grader.check({name!r})"]
    return cells


def scores(verdict: Verdict) -> dict[str, float]:
    return {question.name: question.score for question in verdict.questions}


class Grader:
    """A warm pool."""

    def __init__(self, engine: Engine, limits: Limits = LIMITS, jobs: int = 1) -> None:
        self.pool = Pool(bundle(), engine, limits, jobs)

    def __enter__(self) -> Grader:
        self.pool.__enter__()
        return self

    def __exit__(self, *exc: object) -> None:
        self.pool.__exit__(*exc)

    def grade(self, submission: Submission) -> Verdict:
        [(_, verdict)] = self.pool.grade([Task("s", lambda: submission)])
        return verdict

    def run(self, cells: Sequence[str]) -> Verdict:
        return self.grade(Submission(notebook(cells)))
