"""The map of the course in assignments/README.md names assignments and questions that exist, and leaves none out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from autograder.release.master import parse

ROOT = Path(__file__).resolve().parents[2]
MASTERS = {
    path.parent.name[:5].rstrip("_"): parse(path.read_bytes(), path.parent.name)
    for path in ROOT.glob("assignments/*/*.ipynb")
    if path.stem == path.parent.name
}
MAP = (ROOT / "assignments/README.md").read_text().split("## The chapter, and where it is done", 1)[1]
NAMED = set(re.findall(r"\b((?:hw|lab)\d\d)\b", MAP))
QUESTIONS = set(re.findall(r"\b((?:hw|lab)\d\d) (q\d+)\b", MAP))


def test_every_assignment_named_exists_and_every_one_is_named():
    assert set(MASTERS) == NAMED


def test_every_question_named_exists():
    known = {(name, question.name) for name, master in MASTERS.items() for question in master.questions}
    assert known >= QUESTIONS
    assert len(QUESTIONS) > 90


@pytest.mark.parametrize("name", MASTERS)
def test_every_question_has_its_place(name):
    missing = {question.name for question in MASTERS[name].questions} - {q for n, q in QUESTIONS if n == name}
    assert not missing, f"{name}: not in the map"


def test_the_order_names_titles_of_the_notebooks():
    for short, title in re.findall(r"\| \d+ \| ((?:hw|lab)\d\d) ([^|]+?) \|", MAP):
        first = next(
            cell.source
            for cell in MASTERS[short].cells
            if cell.source.startswith("# ") and "CONFIG" not in cell.source
        )
        assert first.splitlines()[0].endswith(f": {title}")
