"""What a run changed: who gained and who lost since the run before, question by question."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from autograder.batch.ledger import Entry
from autograder.batch.standing import Standing
from autograder.gradebook.sheets import csv_text
from autograder.gradebook.tables import number

GAINED, LOST, EVEN = "gained", "lost", "even"
NOW_GRADED, NO_LONGER_GRADED = "now graded", "no longer graded"
REGRADED, RESUBMITTED = "regraded", "resubmitted"
_SHOWN = 20
_COLUMNS = "submission change cause old_status new_status old_score new_score difference questions".split()


@dataclass(frozen=True)
class Change:
    """A submission whose result is not what it was.

    Attributes
    ----------
    kind
        ``gained``, ``lost``, ``even`` (other questions, the same total), ``now graded`` or
        ``no longer graded``.
    cause
        ``regraded`` where the same submission was graded again, ``resubmitted`` where it is another file.
    questions
        Question -> its old and new points, where they differ.
    """

    submission: str
    kind: str
    cause: str
    old: Standing
    new: Standing
    questions: Mapping[str, tuple[float | None, float | None]]


def changes(before: Mapping[str, Any], entries: Iterable[Entry]) -> list[Change]:
    """The submissions of both runs whose results differ, by name."""
    found = []
    for entry in entries:
        if entry.name not in before:
            continue
        old, new = Standing(**before[entry.name]), Standing.of(entry)
        names = dict.fromkeys([*old.questions, *new.questions])
        differ = {
            name: (old.questions.get(name), new.questions.get(name))
            for name in names
            if old.questions.get(name) != new.questions.get(name)
        }
        kind = _kind(old, new, bool(differ))
        if kind:
            cause = REGRADED if old.sha256 == new.sha256 else RESUBMITTED
            found.append(Change(entry.name, kind, cause, old, new, differ))
    return found


def _kind(old: Standing, new: Standing, differ: bool) -> str:
    if "error" in (old.status, new.status):
        return "" if old.status == new.status else NOW_GRADED if old.status == "error" else NO_LONGER_GRADED
    if not math.isclose(new.score, old.score):
        return GAINED if new.score > old.score else LOST
    return EVEN if differ or old.status != new.status else ""


def changes_csv(found: Iterable[Change]) -> str:
    """The changes as CSV."""
    return csv_text(
        _COLUMNS,
        (
            [
                change.submission,
                change.kind,
                change.cause,
                change.old.status,
                change.new.status,
                _score(change.old),
                _score(change.new),
                change.new.score - change.old.score if _comparable(change) else None,
                _by_question(change),
            ]
            for change in found
        ),
    )


def summary(found: list[Change], compared: int) -> list[str]:
    """The changes as lines for people; empty where nothing was compared."""
    if not compared:
        return []
    kinds = Counter(change.kind for change in found)
    parts = [f"{kinds[GAINED]} gained", f"{kinds[LOST]} lost"]
    parts += [f"{kinds[kind]} {kind}" for kind in (EVEN, NOW_GRADED, NO_LONGER_GRADED) if kinds[kind]]
    said = [f"since the run before: {', '.join(parts)}, {compared - len(found)} as before"]
    both = [change for change in found if _comparable(change)]
    for name in dict.fromkeys(name for change in both for name in change.questions):
        pairs = [change.questions[name] for change in both if name in change.questions]
        up = sum((new or 0) > (old or 0) for old, new in pairs)
        down = sum((new or 0) < (old or 0) for old, new in pairs)
        said.append(f"  {name}: {up} gained, {down} lost")
    for change in sorted(found, key=lambda change: change.new.score - change.old.score)[:_SHOWN]:
        scores = f"{_score(change.old) or change.old.status} → {_score(change.new) or change.new.status}"
        questions = _by_question(change) if _comparable(change) else ""
        cause = ", resubmitted" if change.cause == RESUBMITTED else ""
        said.append(
            f"  {change.submission}: {scores}{f' ({questions}{cause})' if questions or cause else ''}"
        )
    if len(found) > _SHOWN:
        said.append(f"  … and {len(found) - _SHOWN} more")
    return said


def _comparable(change: Change) -> bool:
    return change.kind in (GAINED, LOST, EVEN)


def _score(standing: Standing) -> str:
    return "" if standing.status == "error" else number(standing.score)


def _by_question(change: Change) -> str:
    def points(value: float | None) -> str:
        return "none" if value is None else number(value)

    return "; ".join(f"{name} {points(old)} → {points(new)}" for name, (old, new) in change.questions.items())
