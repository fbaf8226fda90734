"""Errors of a class by kind: what stopped notebooks, and what public tests ran into."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from autograder.batch.ledger import Entry
from autograder.verdict import OF_A_CELL

_NAMED = re.compile(r"^([A-Za-z_][A-Za-z0-9_]{0,60})(?::|$)", re.MULTILINE)
_ERROR = re.compile(
    r"^((?:[A-Za-z_][A-Za-z0-9_]{0,60})?(?:Error|Exception|Exit|Interrupt|Iteration|Warning))(?::|$)",
    re.MULTILINE,
)
_CELL = re.compile(rf"^{OF_A_CELL}\d+: ")
_SAID = (
    ("ran for more than", "over the time limit"),
    ("time was up", "over the time limit"),
    ("notebook's process ended", "exit, crash or out of memory"),
    ("its state was lost", "exit, crash or out of memory"),
    ("ended the program", "exit, crash or out of memory"),
    ("was stopped", "stopped by the grader"),
)
_KNOWN = {
    "AssertionError": "a wrong result (AssertionError)",
    "NotImplementedError": "not attempted (NotImplementedError)",
}
NOT_GRADED, RUNNING, TESTS = "not graded", "while the notebook ran", "in public tests"


@dataclass(frozen=True)
class Fault:
    """A kind of error, where it happened, and the submissions that met it."""

    where: str
    kind: str
    submissions: tuple[str, ...]


def count_faults(entries: Iterable[Entry]) -> list[Fault]:
    """Kinds of errors, each submission counted once in each kind; the most frequent first."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for entry in entries:
        for kind in dict.fromkeys(_faults(entry)):
            found[kind].append(entry.name)
    order = (NOT_GRADED, RUNNING, TESTS)
    rows = [Fault(where, kind, tuple(names)) for (where, kind), names in found.items()]
    return sorted(rows, key=lambda row: (order.index(row.where), -len(row.submissions), row.kind))


def _faults(entry: Entry) -> Iterator[tuple[str, str]]:
    verdict = entry.verdict
    if verdict.status == "error":
        yield NOT_GRADED, _plainly(verdict.message)
    for note in verdict.notes:
        if note:
            yield RUNNING, _kind(_CELL.sub("", note), _NAMED)
    for question in verdict.questions:
        for case in question.cases:
            if not (case.passed or case.hidden) and case.message:
                yield TESTS, _kind(case.message, _ERROR)


def _kind(text: str, pattern: re.Pattern[str]) -> str:
    for words, kind in _SAID:
        if words in text:
            return kind
    named = pattern.search(text)
    if named:
        return _KNOWN.get(named[1], named[1])
    return "another message" if pattern is _ERROR else _plainly(text)


def _plainly(text: str) -> str:
    """The first sentence, numbers left out, so that equal reasons are counted together."""
    first = re.split(r"(?<=[.:])\s", text.strip(), maxsplit=1)[0]
    return re.sub(r"\d+", "N", first)[:120]
