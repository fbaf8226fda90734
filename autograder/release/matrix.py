"""The kill matrix: for each question, which attempt is caught by which test case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from autograder.release.master import Master, Question
from autograder.release.rules_run import Runs


@dataclass(frozen=True)
class Row:
    """An attempt and the outcome of each case; `passed` is empty if it could not be graded."""

    title: str
    kind: str
    place: str
    passed: tuple[bool, ...]
    score: float
    max_score: float

    @property
    def as_expected(self) -> bool:
        if self.kind == "right":
            return bool(self.passed) and all(self.passed) and self.score == self.max_score
        return bool(self.passed) and self.score < self.max_score


@dataclass(frozen=True)
class KillMatrix:
    """One question's attempts (rows) and test cases (columns)."""

    question: Question
    rows: tuple[Row, ...]

    def caught(self, case: int) -> int:
        """How many wrong attempts a case catches."""
        return sum(not row.passed[case] for row in self.rows if row.kind == "wrong" and row.passed)


def kill_matrices(master: Master, runs: Runs) -> Iterator[KillMatrix]:
    """One matrix for each auto-graded question, wrong attempts first."""
    for question in master.graded:
        rows = []
        for attempt in sorted(runs.attempts, key=lambda attempt: attempt.kind, reverse=True):
            if attempt.question == question.name:
                result = runs.result(attempt)
                passed = tuple(case.passed for case in result.cases) if result else ()
                score, most = (result.score, result.max_score) if result else (0.0, question.points)
                rows.append(Row(attempt.title, attempt.kind, attempt.place, passed, score, most))
        yield KillMatrix(question, tuple(rows))


def draw(matrix: KillMatrix, console: Console) -> RenderableType:
    """A table for the terminal; plain ASCII where the terminal cannot show more."""
    ascii_only = not (console.encoding or "").lower().startswith("utf")
    failed, passed, wrong_end = ("x", ".", "!") if ascii_only else ("×", "·", "⚠")
    question = matrix.question
    title = f"{question.name}, {question.points:g} points"
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, padding=(0, 1))
    table.add_column("attempt", overflow="fold")
    for number, case in enumerate(question.tests, start=1):
        table.add_column(f"{number}{'h' if case.hidden else ''}", justify="center")
    table.add_column("score", justify="right")
    for row in matrix.rows:
        marks = [Text(passed, "dim") if ok else Text(failed, "bold red") for ok in row.passed]
        marks += [Text("?", "bold red")] * (len(question.tests) - len(marks))
        style = "" if row.as_expected else "bold red"
        name = Text(f"{row.kind}: {row.title}" + ("" if row.as_expected else f" {wrong_end}"), style)
        table.add_row(name, *marks, f"{row.score:g}")
    names = [f"{n}{'h' if case.hidden else ''} {case.name}" for n, case in enumerate(question.tests, start=1)]
    return Group(table, Text("  ".join(names), "dim"), Text(""))
