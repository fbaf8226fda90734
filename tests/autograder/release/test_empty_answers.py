"""Empty answers: how they are made of a solution, and what the gate says of a test that one of them passes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.release.master import parse
from autograder.release.rules_empty import EMPTY, empty_answers
from tests.autograder.release import stand_in
from tests.autograder.release.building import (
    ANSWER,
    NAME,
    Notebook,
    changed_answer,
    examine,
    find,
    good_master,
    replaced,
    write_assignment,
)

pytestmark = pytest.mark.usefixtures("fast_otter")


def answers_to(notebook: Notebook) -> dict[str, dict[str, Any]]:
    """Title of each empty answer -> the names that its cell defines."""
    (question,) = parse(json.dumps(notebook).encode(), NAME).graded
    defined: dict[str, dict[str, Any]] = {}
    for answer in empty_answers(question):
        exec(answer.source, defined.setdefault(answer.title, {"np": np}))
    return defined


def test_an_empty_answer_has_the_signature_and_returns_a_constant() -> None:
    answers = answers_to(good_master())
    assert list(answers) == list(EMPTY)
    results = [names["step"](x=1, gradient=2, rate=3) for names in answers.values()]
    assert results[0] is None and np.isnan(results[1]) and results[2] == []
    assert [np.shape(result) for result in results[3:]] == [(0, 1)]


def test_a_pair_is_also_empty_in_each_place() -> None:
    answers = answers_to(changed_answer("    if rate:\n        return x\n    return x, float(rate)"))
    assert answers["an empty list"]["step"](1, 2, 3) == []
    assert answers["an empty list in each place"]["step"](1, 2, 3) == ([], [])


def test_records_and_conditions_keep_their_form() -> None:
    answers = answers_to(changed_answer('    return {"x": x, "all": [x, rate]} if rate else None'))
    assert answers["nothing in each place"]["step"](1, 2, 3) == {"x": None, "all": [None, None]}


def test_a_function_that_is_returned_stays_one() -> None:
    body = "    def move(y):\n        return y - rate\n\n    def unused(y):\n        return y\n\n    return move, x"
    move, rest = answers_to(changed_answer(body))["an empty list in each place"]["step"](1, 2, 3)
    assert move(5) == [] and rest == []


def test_methods_and_values_are_emptied_and_given_code_is_kept() -> None:
    notebook = good_master()
    lines = ["limit = 7", "class Rate:", "    def __init__(self, rate):", "        self.rate = rate"]
    solution = ["    def twice(self):", "        return 2 * self.rate", "best = 3.0"]
    given = ["def given(x):", "    return x"]
    find(notebook, "q1-answer")["source"] = "\n".join(
        [*given, *lines, "# BEGIN SOLUTION", *solution, "# END SOLUTION", "", ANSWER]
    )
    names = answers_to(notebook)["an empty list"]
    assert names["Rate"](5).rate == 5 and names["Rate"](5).twice() == []
    assert names["best"] == [] and names["limit"] == 7 and names["given"](4) == 4


WEAK = {
    "a number without its shape": (
        "q1-test-random", "step(x, gradient, 0.3), x - 0.3 * gradient", "step(x[0], gradient[0], 0.3), x[0] - 0.3 * gradient[0]",
        "test_q1_random passes answers that return an empty list, an array of shape (0, 1): compare",
    ),
    "all of nothing": (
        "q1-test-random", "np.testing.assert_allclose(step(x, gradient, 0.3), x - 0.3 * gradient, rtol=1e-12, atol=1e-14)",
        "assert all(abs(a - b) < 1e-12 for a, b in zip(step(x, gradient, 0.3), x - 0.3 * gradient, strict=False))",
        "test_q1_random passes answers that return an empty list, an array of shape (0, 1): compare",
    ),
    "only the arguments": (
        "q1-test-pure", "    assert np.shape(step(x, np.ones(3), 0.1)) == (3,)\n", "    step(x, np.ones(3), 0.1)\n",
        "test_q1_keeps_its_argument passes answers that return nothing, nan, an empty list",
    ),
}  # fmt: skip


@pytest.mark.parametrize("how", WEAK)
def test_the_gate_names_the_case_that_an_empty_answer_passes(tmp_path: Path, lock: Path, how: str) -> None:
    cell, old, new, words = WEAK[how]
    folder = write_assignment(tmp_path, replaced(cell, old, new))
    report = examine(folder, lock=lock, grade=stand_in.grade, mutate=False)
    (problem,) = report.errors
    assert (problem.rule, problem.question) == ("empty-answers-fail", "q1")
    assert cell in problem.place and words in problem.reason


def test_an_empty_answer_that_cannot_be_graded_closes_the_gate(tmp_path: Path, lock: Path) -> None:
    def forgets(*arguments: Any, **options: Any) -> dict[str, Any]:
        verdicts = stand_in.grade(*arguments, **options)
        return {name: verdict for name, verdict in verdicts.items() if name != "q1 empty: nan"}

    folder = write_assignment(tmp_path, good_master())
    (problem,) = examine(folder, lock=lock, grade=forgets, mutate=False).errors
    assert problem.rule == "empty-answers-fail" and "returns nan could not be graded" in problem.reason
