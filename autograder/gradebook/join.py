"""Joins verdicts with the roster and the marks given by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from autograder.batch.ledger import Entry
from autograder.gradebook.matching import Match, Matcher
from autograder.gradebook.records import Record, Student
from autograder.gradebook.rubric import Rubric
from autograder.verdict import QuestionManifest, full_marks


@dataclass(frozen=True)
class Holding:
    """What one student has handed in.

    Attributes
    ----------
    records
        All submissions, the latest last.
    counts
        The one that counts: the latest of those that are known best to be the student's. None where there is
        none, or where two were handed in at the same moment.
    """

    student: Student
    records: tuple[Record, ...] = ()
    counts: Record | None = None


@dataclass(frozen=True)
class ClassRecords:
    """The whole class: every submission, and every student on the roster in its order."""

    records: tuple[Record, ...]
    holdings: tuple[Holding, ...] = ()
    max_score: float = 0.0


def join(
    entries: Iterable[Entry],
    manifest: Sequence[QuestionManifest],
    *,
    assignment: str = "",
    students: Sequence[Student] = (),
    rubric: Rubric | None = None,
    times: Mapping[str, datetime] | None = None,
    submitters: Mapping[str, Sequence[str]] | None = None,
) -> ClassRecords:
    """Join all that is known about the submissions of one assignment.

    Parameters
    ----------
    times
        Submission -> when it was handed in.
    submitters
        Submission -> the ids and e-mails that the platform's export lists for it.
    """
    rubric, times = rubric or Rubric(), times or {}
    total = full_marks(manifest) + rubric.max_score
    matcher = Matcher(students, assignment=assignment, submitters=submitters)
    matches: dict[str, Match] = {}
    records: dict[str, Record] = {}
    owned: dict[Student, list[Record]] = defaultdict(list)
    for entry in entries:
        match = matches[entry.name] = matcher.match(entry.name) if students else Match()
        record = Record(
            entry,
            total,
            students=match.students,
            candidates=match.candidates,
            written=rubric.of(entry.name),
            submitted_at=times.get(entry.name),
        )
        records[entry.name] = record
        for student in match.students:
            owned[student].append(record)
    holdings = tuple(_holding(student, owned.get(student, []), matches) for student in students)
    counting = {holding.student: holding.counts.submission for holding in holdings if holding.counts}
    counted = set(counting.values())
    for name, record in records.items():
        if record.students and name not in counted:
            others = dict.fromkeys(counting[student] for student in record.students if student in counting)
            records[name] = replace(record, counts=False, instead=tuple(others))
    return ClassRecords(tuple(records.values()), holdings, total)


def _holding(student: Student, records: list[Record], matches: Mapping[str, Match]) -> Holding:
    def moment(record: Record) -> float:
        return record.submitted_at.timestamp() if record.submitted_at else 0.0

    records = sorted(records, key=moment)
    if not records:
        return Holding(student)
    best = max(matches[record.submission].rank for record in records)
    known = [record for record in records if matches[record.submission].rank == best]
    undecided = len(known) > 1 and moment(known[-1]) == moment(known[-2])
    return Holding(student, tuple(records), None if undecided else known[-1])
