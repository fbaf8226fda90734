"""The gradebook of a run: everything that is made from its ledger, and what to tell about it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder.batch.ledger import Entry, Ledger
from autograder.errors import GO_ON_FIX
from autograder.gradebook import changes, students
from autograder.gradebook.join import ClassRecords, join
from autograder.gradebook.pages import write_pages
from autograder.gradebook.records import Student
from autograder.gradebook.roster import read_roster
from autograder.gradebook.rubric import Rubric, read_rubric
from autograder.gradebook.tables import write, write_tables
from autograder.verdict import QuestionManifest


def check(*, roster: Path | None, written: Path | None, submissions: Collection[str]) -> None:
    """Complain about a roster and marks before anything is graded.

    Raises
    ------
    BadInput
        If a file is not what it should be.
    """
    if roster:
        read_roster(roster)
    if written:
        read_rubric(written, submissions=submissions)


def attach(ledger: Ledger, *, roster: Path | None = None, written: Path | None = None) -> None:
    """Read a roster and marks for written questions into the ledger, where they stay for later reports.

    Raises
    ------
    BadInput
        If a file is not what it should be.
    """
    if roster:
        ledger.attach(roster=[asdict(student) for student in read_roster(roster)])
    if written:
        _, manifest = ledger.run()
        names = {entry.name for entry in ledger.entries()}
        questions = [question.name for question in manifest]
        rubric = read_rubric(written, submissions=names, questions=questions)
        ledger.attach(written=rubric.to_json())


def class_records(
    entries: Sequence[Entry], manifest: Sequence[QuestionManifest], facts: dict[str, Any]
) -> ClassRecords:
    """The submissions of a run, joined with what its ledger knows about them."""
    return join(
        entries,
        manifest,
        assignment=facts["assignment"],
        students=[Student(**student) for student in facts.get("roster", ())],
        rubric=Rubric.from_json(facts["written"]) if "written" in facts else None,
        times={name: datetime.fromisoformat(text) for name, text in facts.get("handed_in", {}).items()},
        submitters=facts.get("submitters"),
    )


def write_book(ledger: Ledger, out: Path) -> tuple[dict[str, Any], ClassRecords, list[str]]:
    """Write all tables and pages of a run.

    Returns
    -------
    tuple
        The run's facts, its records, and what needs attention, line by line.
    """
    facts, manifest = ledger.run()
    entries = list(ledger.entries())
    joined = class_records(entries, manifest, facts)
    write_tables(entries, manifest, out)
    said = list(facts.get("notes", ()))
    if not facts.get("complete", True):
        said.insert(0, f"not finished: what this run did not come to is left out. {GO_ON_FIX}")
    for name in ("students.csv", "changes.csv"):  # of a run before
        (out / name).unlink(missing_ok=True)
    if joined.holdings or "written" in facts:
        said += _lost_marks(facts, {entry.name for entry in entries})
        write(out / "students.csv", students.students_csv(joined, manifest))
        said += students.summary(joined)
    if facts.get("before"):
        before = facts["before"]
        found = changes.changes(before, entries)
        write(out / "changes.csv", changes.changes_csv(found))
        said += changes.summary(found, sum(entry.name in before for entry in entries))
    write_pages(joined.records, manifest, facts, out, content=ledger.content)
    return facts, joined, said


def _lost_marks(facts: dict[str, Any], submissions: set[str]) -> list[str]:
    """Marks that were given to submissions of an earlier run."""
    marked = {name for name, *_ in facts.get("written", {}).get("marks", ())} - submissions
    lost = students.many(len(marked), "submission")
    return [f"written questions: marks of {lost} not in this run"] if marked else []
