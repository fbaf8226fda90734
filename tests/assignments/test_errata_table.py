"""The errata table in ``reference/README.md`` points to tests and questions that exist."""

from __future__ import annotations

import ast
import re
from functools import cache
from typing import NamedTuple

import pytest

from autograder.release.master import Master, parse
from tests.autograder.building import ROOT

PROOFS = ROOT / "tests/reference/test_errata.py"


class Row(NamedTuple):
    number: int
    says: str
    true: str
    source: str
    taught: str
    proved: str

    @property
    def places(self) -> list[tuple[str, str | None]]:
        """Assignment (``hw02``) and question (``q6`` or None)."""
        found = re.findall(r"((?:hw|lab)\d\d)(?: (q\d+))?", self.taught)
        return [(name, question or None) for name, question in found]

    @property
    def tests(self) -> list[str]:
        return re.findall(r"`(test_\w+)`", self.proved)


def read_rows() -> list[Row]:
    lines = (ROOT / "reference/README.md").read_text().split("## Errata", 1)[1].splitlines()
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if re.match(r"\| \d", line)]
    return [Row(int(number), *rest) for number, *rest in cells]


ROWS = read_rows()
each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.number))


@cache
def master(short: str) -> Master | None:
    """The assignment whose name starts with ``short``, or None if its folder is not there."""
    for path in ROOT.glob(f"assignments/{short}_*/{short}_*.ipynb"):
        return parse(path.read_bytes(), path.parent.name)
    return None


def cases_of(name: str) -> dict[str, set[str]]:
    """Question -> names of its test cases."""
    found = master(name)
    return {q.name: {case.name for case in q.tests} for q in found.questions} if found else {}


def test_rows_are_numbered_and_complete():
    assert [row.number for row in ROWS] == list(range(1, len(ROWS) + 1))
    assert len(ROWS) >= 44 and all(all(row[1:]) for row in ROWS)


def test_every_proof_has_its_row():
    functions = [
        node.name for node in ast.parse(PROOFS.read_text()).body if isinstance(node, ast.FunctionDef)
    ]
    proofs = [name for name in functions if name.startswith("test_")]
    assert proofs == [next(name for name in row.tests if name.startswith("test_errata_")) for row in ROWS]
    assert [int(name.split("_")[2]) for name in proofs] == [row.number for row in ROWS]


@each_row
def test_row_names_questions_that_exist(row):
    assert row.places
    for name, question in row.places:
        assert master(name) is not None, f"there is no assignment {name}"
        assert question is None or question in cases_of(name), f"{name} has no {question}"


@each_row
def test_row_names_tests_of_its_questions(row):
    known = {test for name, question in row.places for test in cases_of(name).get(question, ())}
    assert {name for name in row.tests if not name.startswith("test_errata_")} <= known
