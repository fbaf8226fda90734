"""The scaffold of a new assignment passes the gate at once, on the sealed grader's real path."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest

from autograder.errors import BadInput
from autograder.release.attempts import read_attempts
from autograder.release.gate import read_problems
from autograder.release.master import parse
from autograder.release.rules_run import Grade, sealed_grader
from autograder.release.scaffold import new
from tests.autograder.release import building, stand_in
from tests.autograder.release.building import examine


@pytest.mark.parametrize(
    "grader", [nullcontext(stand_in.grade), sealed_grader(1)], ids=["stand-in", "sealed"]
)
def test_a_new_assignment_passes_the_gate(
    tmp_path: Path, lock: Path, grader: AbstractContextManager[Grade]
) -> None:
    folder = new("hw42_answers", root=tmp_path)
    with grader as grade:
        report = examine(folder, lock=lock, grade=grade)
    assert [str(problem) for problem in report.problems] == []
    assert report.build and report.runs
    assert report.runs.verdicts["the solution"].score == 4


@pytest.mark.parametrize("name", ["null", "true", "on"])
def test_a_name_that_yaml_takes_for_a_value_stays_a_name(tmp_path: Path, name: str) -> None:
    folder = new(name, root=tmp_path)
    assert read_problems(parse((folder / f"{name}.ipynb").read_bytes(), name), read_attempts(folder)) == []


@pytest.mark.parametrize("name", ["HW1", "../up", "a b", "", "1hw"])
def test_a_bad_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match="not a name"):
        new(name, root=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_assignment_is_never_overwritten(tmp_path: Path) -> None:
    folder = new("hw42_answers", root=tmp_path)
    (folder / "mine.txt").write_text("mine")
    with pytest.raises(BadInput, match="is there already"):
        new("hw42_answers", root=tmp_path)
    assert (folder / "mine.txt").read_text() == "mine"


def test_a_case_that_never_calls_the_answer_closes_the_gate(tmp_path: Path, lock: Path) -> None:
    calls = "np.shape(step(x, np.ones(3), 0.1)) == (3,)"
    notebook = building.replaced("q1-test-pure", calls, "callable(step)")
    folder = building.write_assignment(tmp_path / "assignments", notebook)
    with sealed_grader(1) as grade:
        report = examine(folder, lock=lock, grade=grade, mutate=False)
    found = {problem.rule: problem for problem in report.errors}
    assert "cases-use-the-answer" in found, report.errors
    problem = found["cases-use-the-answer"]
    assert "test_q1_keeps_its_argument never calls the answer" in str(problem) and problem.question == "q1"
    assert sum(problem.rule == "cases-use-the-answer" for problem in report.errors) == 1
