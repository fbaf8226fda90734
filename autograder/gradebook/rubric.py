"""Written questions: marks that people gave, criterion by criterion, from a CSV file."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.errors import BadInput
from autograder.gradebook.records import Mark, WrittenQuestion
from autograder.gradebook.sheets import Row, Sheet, name_key, read_sheet

COLUMNS = {
    "submission": ("submission",),
    "question": ("question",),
    "criterion": ("criterion", "criteria"),
    "points": ("points", "score"),
    "max": ("max", "max points", "max score", "points possible"),
    "comment": ("comment", "comments", "feedback"),
}
_NEED = ("submission", "question", "criterion", "points")
_SHOWN = 3

Maxima = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Rubric:
    """Marks for written questions.

    Attributes
    ----------
    maxima
        Question -> criterion -> the most points for it.
    marks
        (submission, question, criterion) -> points, or None where nobody has marked yet, and a comment.
    """

    maxima: Maxima = field(default_factory=dict)
    marks: Mapping[tuple[str, str, str], tuple[float | None, str]] = field(default_factory=dict)

    def of(self, submission: str) -> tuple[WrittenQuestion, ...]:
        """All written questions of one submission; what is not in the file is not yet marked."""
        return tuple(
            WrittenQuestion(
                question,
                tuple(
                    Mark(criterion, points, most, comment)
                    for criterion, most in criteria.items()
                    for points, comment in [self.marks.get((submission, question, criterion), (None, ""))]
                ),
            )
            for question, criteria in self.maxima.items()
        )

    @property
    def max_score(self) -> float:
        return sum(sum(criteria.values()) for criteria in self.maxima.values())

    def to_json(self) -> dict[str, Any]:
        return {"maxima": self.maxima, "marks": [[*key, *mark] for key, mark in self.marks.items()]}

    @classmethod
    def from_json(cls, data: Any) -> Rubric:
        return cls(data["maxima"], {tuple(key): (points, text) for *key, points, text in data["marks"]})


def read_rubric(
    path: Path, *, submissions: Collection[str], questions: Collection[str] = (), maxima: Maxima | None = None
) -> Rubric:
    """Read ``submission,question,criterion,points[,max][,comment]``; empty points are not yet marked.

    Parameters
    ----------
    submissions
        The names that the gradebook has.
    questions
        The questions that the bundle grades; a written one needs another name.
    maxima
        Question -> criterion -> the most points, where they are not in a column ``max``.

    Raises
    ------
    BadInput
        For unknown submissions, questions and criteria, points above the most, and marks given twice.
    """
    sheet = read_sheet(path, COLUMNS, need=_NEED)
    problems: list[str] = []
    allowed = maxima if maxima is not None else _maxima(sheet, problems)
    named: dict[str, list[str]] = defaultdict(list)
    for name in submissions:
        named[name_key(name)].append(name)
    marks: dict[tuple[str, str, str], tuple[float | None, str]] = {}
    lines: dict[tuple[str, str, str], int] = {}
    for clash in sorted(set(allowed) & set(questions)):
        problems.append(f"{clash!r} is graded by the tests; the written part needs another name")
    for row in sheet.rows:
        question, criterion = row["question"], row["criterion"]
        called = named.get(name_key(row["submission"]), [])
        submission = called[0] if len(called) == 1 else None
        key = (submission or row["submission"], question, criterion)
        points = _number(row["points"])
        if submission is None:
            problem = (
                f"{'several submissions are' if called else 'no submission is'} called {row['submission']!r}"
            )
        elif question not in allowed:
            problem = f"no written question is called {question!r}; there are {', '.join(allowed) or 'none'}"
        elif criterion not in allowed[question]:
            problem = f"{question} has no criterion {criterion!r}; it has {', '.join(allowed[question])}"
        elif key in lines:
            problem = f"line {lines[key]} has marked {submission}, {question}, {criterion} already"
        elif points is not None and not 0 <= points <= allowed[question][criterion]:
            most = allowed[question][criterion]
            problem = f"{row['points']!r} is not a number of points from 0 to {most:g} ({criterion})"
        else:
            marks[key] = (points, row["comment"])
            lines[key] = row.line
            continue
        problems.append(f"line {row.line}: {problem}")
    if problems:
        more = f" (and {len(problems) - _SHOWN} more)" if len(problems) > _SHOWN else ""
        raise BadInput(f"{path}: {'; '.join(problems[:_SHOWN])}{more}.", fix="Correct the table.")
    return Rubric(allowed, marks)


def _maxima(sheet: Sheet, problems: list[str]) -> dict[str, dict[str, float]]:
    """The most points for each criterion, from the column ``max``, which may be empty in repeated rows."""
    if "max" not in sheet.fields:
        raise BadInput(
            f"{sheet.path} does not say how many points there are.",
            fix="Add a column max, or list the criteria in course.toml.",
        )
    found: dict[str, dict[str, float]] = {}
    lacking: dict[tuple[str, str], Row] = {}
    for row in sheet.rows:
        question, criterion = row["question"], row["criterion"]
        most = _number(row["max"])
        known = found.get(question, {}).get(criterion)
        if most is None:
            if known is None:
                lacking.setdefault((question, criterion), row)
        elif not most > 0:
            problems.append(f"line {row.line}: {row['max']!r} is not a most of points")
        elif known is not None and known != most:
            problems.append(f"line {row.line}: {criterion} has {most:g} points here and {known:g} before")
        else:
            found.setdefault(question, {})[criterion] = most
    for (question, criterion), row in lacking.items():
        if criterion not in found.get(question, {}):
            problems.append(f"line {row.line}: no row says the most points for {question}, {criterion}")
            found.setdefault(question, {})[criterion] = math.inf
    return found


def _number(text: str) -> float | None:
    """A number with a point or a comma; None where there is no text, NaN where it is no number."""
    if not text:
        return None
    if not re.fullmatch(r"-?\d+([.,]\d*)?|-?[.,]\d+", text):
        return math.nan
    value = float(text.replace(",", "."))
    return value if math.isfinite(value) else math.nan
