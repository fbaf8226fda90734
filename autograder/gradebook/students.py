"""`students.csv`: one row for every student on the roster, and one for every submission that is nobody's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.gradebook.join import ClassRecords, Holding
from autograder.gradebook.records import NOT_YET_MARKED, Record, Student
from autograder.gradebook.sheets import csv_text
from autograder.gradebook.tables import message_of
from autograder.verdict import QuestionManifest

MISSING, UNKNOWN, AMBIGUOUS, DUPLICATE, UNDECIDED = (
    "missing",
    "unknown",
    "ambiguous",
    "duplicate",
    "undecided",
)
_NOBODY = Student("")
_SHOWN = 10


@dataclass(frozen=True)
class Line:
    """A row of the table."""

    status: str
    student: Student = _NOBODY
    record: Record | None = None
    message: str = ""


def lines(joined: ClassRecords) -> list[Line]:
    """The table's rows: the students in the roster's order, then the submissions that do not count.

    Without a roster they are the submissions alone.
    """
    if not joined.holdings:
        return [
            Line(status_of(record), record=record, message=message_of(record.verdict))
            for record in joined.records
        ]
    table = [_line(holding) for holding in joined.holdings]
    for holding in joined.holdings:
        rest = (record for record in holding.records if record is not holding.counts)
        table += [
            Line(DUPLICATE, holding.student, record, _why_not(holding))
            for record in rest
            if len(holding.records) > 1
        ]
    for record in joined.records:
        if record.candidates:
            people = ", ".join(_who(student) for student in record.candidates[:5])
            table.append(Line(AMBIGUOUS, record=record, message=f"It could belong to {people}."))
        elif not record.students:
            table.append(Line(UNKNOWN, record=record, message="It matches nobody on the roster."))
    return table


def _line(holding: Holding) -> Line:
    record = holding.counts
    if record is not None:
        return Line(status_of(record), holding.student, record, message_of(record.verdict))
    if not holding.records:
        return Line(MISSING, holding.student)
    names = ", ".join(record.submission for record in holding.records)
    hint = "Name the one that counts in the roster's column submission."
    return Line(UNDECIDED, holding.student, message=f"Handed in at the same moment: {names}. {hint}")


def _why_not(holding: Holding) -> str:
    if holding.counts is None:
        return "It is undecided which submission of this student counts."
    return f"{holding.counts.submission} counts."


def status_of(record: Record) -> str:
    """What became of a submission: its verdict's status, or that people have still to mark it."""
    if record.verdict.status != "error" and not record.marked:
        return NOT_YET_MARKED
    return record.verdict.status


def _who(student: Student) -> str:
    known = [text for text in (student.sid, student.email, student.login) if text]
    return f"{student.name} ({known[0]})" if student.name and known else student.name or "".join(known[:1])


def students_csv(joined: ClassRecords, manifest: Sequence[QuestionManifest]) -> str:
    """The table as CSV; the score of a duplicate is in `grades.csv` alone."""
    written = [question.name for record in joined.records[:1] for question in record.written]
    names = [question.name for question in manifest]
    header = "status name sid email section submission score max_score".split()
    rows = []
    for line in lines(joined):
        student, record = line.student, line.record
        scores = _scores(record) if record and line.status != DUPLICATE else {}
        rows.append(
            [
                line.status,
                student.name,
                student.sid,
                student.email,
                student.section,
                record.submission if record else "",
                scores.get(""),
                record.max_score if record else None,
                *(scores.get(name) for name in (*names, *written)),
                record.submitted_at.isoformat(timespec="seconds") if record and record.submitted_at else "",
                line.message,
            ]
        )
    return csv_text([*header, *names, *written, "submitted_at", "message"], rows)


def _scores(record: Record) -> dict[str, float | None]:
    """Question -> its points; the total is under the empty name."""
    scores: dict[str, float | None] = {question.name: question.score for question in record.written}
    if record.verdict.status != "error":
        scores |= {question.name: question.score for question in record.verdict.questions}
    return scores | {"": record.score}


def summary(joined: ClassRecords) -> list[str]:
    """What needs attention, as lines for people; empty where nothing does."""
    table = lines(joined)
    counts = Counter(line.status for line in table)
    said = []
    if joined.holdings:
        parts = [
            f"{len(joined.holdings)} students",
            f"{counts[MISSING]} missing",
            f"{counts[UNKNOWN]} unknown",
            many(counts[DUPLICATE], "duplicate"),
        ]
        parts += [f"{counts[status]} {status}" for status in (AMBIGUOUS, UNDECIDED) if counts[status]]
        said.append(f"roster: {', '.join(parts)}")
    unmarked = sum(one.counts and status_of(one) == NOT_YET_MARKED for one in joined.records)
    if unmarked:
        said.append(f"written questions: {many(unmarked, 'submission')} {NOT_YET_MARKED}")
    for status in (UNKNOWN, AMBIGUOUS, UNDECIDED) if joined.holdings else ():
        told = [line for line in table if line.status == status]
        said += [f"  {status}: {_name(line)}. {line.message}" for line in told[:_SHOWN]]
        if len(told) > _SHOWN:
            said.append(f"  … and {len(told) - _SHOWN} more {status}, in students.csv")
    return said


def _name(line: Line) -> str:
    return line.record.submission if line.record else _who(line.student)


def many(count: int, noun: str) -> str:
    """A count with its noun."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
