"""The scaffold of a new assignment passes the gate at once, on the sealed grader's real path."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.errors import BadInput
from autograder.release.gate import examine
from autograder.release.rules_run import Grade, sealed_grade
from autograder.release.scaffold import new
from tests.autograder.release import stand_in


@pytest.mark.parametrize("grade", [stand_in.grade, sealed_grade], ids=["stand-in", "sealed"])
def test_a_new_assignment_passes_the_gate(tmp_path: Path, lock: Path, grade: Grade) -> None:
    folder = new("hw42_answers", root=tmp_path)
    report = examine(folder, lock=lock, grade=grade)
    assert [str(problem) for problem in report.problems] == []
    assert report.build and report.runs
    assert report.runs.verdicts["the solution"].score == 4


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
