"""The written questions of homework 6: rubric, exemplars and criteria agree, and join the gradebook."""

from __future__ import annotations

import csv
import json
import re
import tomllib

import pytest

from autograder.gradebook.rubric import read_rubric
from tests.autograder.building import ROOT

FOLDER = ROOT / "assignments" / "hw06_deep_dive"
CELLS = {
    cell["id"]: "".join(cell["source"])
    for cell in json.loads((FOLDER / "hw06_deep_dive.ipynb").read_text())["cells"]
}
CRITERIA = tomllib.loads((FOLDER / "criteria.toml").read_text())["criteria"]
each_question = pytest.mark.parametrize("question", CRITERIA)


def table(text, header):
    """Rows, as lists of cells, of the table whose header starts with `header`."""
    rows = text.split(f"| {header} |", 1)[1].split("\n\n")[0].splitlines()[2:]
    return [[entry.strip() for entry in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows]


def test_every_written_question_has_its_criteria():
    written = [
        re.search(r"name: (q\d+)", text)[1]
        for text in CELLS.values()
        if re.search(r"^manual: true", text, re.M)
    ]
    assert written == list(CRITERIA)


@each_question
def test_points_are_those_of_the_criteria(question):
    assert f"points: {sum(CRITERIA[question].values())}\n" in CELLS[f"{question}-begin"] + "\n"
    assert set(CRITERIA[question].values()) == {4}


@each_question
def test_prompt_and_rubric_name_the_criteria(question):
    rubric = table(CELLS[f"{question}-model-answer"], "criterion")
    assert [row[0].strip("`") for row in rubric] == list(CRITERIA[question])
    assert all(len(row) == 6 and all(row) for row in rubric)  # a description of each of 0 to 4
    assert re.findall(r"^- `(\w+)`:", CELLS[f"{question}-prompt"], re.M) == list(CRITERIA[question])


@each_question
def test_there_is_an_exemplar_at_each_level(question):
    exemplars = table(CELLS[f"{question}-model-answer"], "level")
    assert [row[0] for row in exemplars] == ["0", "1", "2", "3", "4"]
    assert len({row[1] for row in exemplars}) == 5 and all(len(row) == 2 for row in exemplars)


def test_students_do_not_get_the_exemplars():
    released = (ROOT / "student_release" / "hw06_deep_dive" / "hw06_deep_dive.ipynb").read_text()
    assert "q15-prompt" in released and "Exemplars" not in released and "Model answer" not in released


@pytest.mark.parametrize("in_file", [True, False])
def test_marks_join_the_gradebook(tmp_path, in_file):
    path = tmp_path / "marks.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["submission", "question", "criterion", "points", *(["max"] if in_file else [])])
        for question, criteria in CRITERIA.items():
            for criterion, most in criteria.items():
                writer.writerow(["emmy.ipynb", question, criterion, 3, *([most] if in_file else [])])
    rubric = read_rubric(
        path, submissions=["emmy.ipynb"], questions=["q1", "q2"], maxima=None if in_file else CRITERIA
    )
    assert rubric.max_score == 56
    assert sum(mark.points for question in rubric.of("emmy.ipynb") for mark in question.marks) == 42
