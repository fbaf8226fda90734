"""Pages for students and for the instructor: self-contained HTML, everything escaped by the template engine."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, select_autoescape

from autograder.batch.ledger import Entry
from autograder.gradebook.safe import plain
from autograder.gradebook.tables import file_name, message_of, number, write
from autograder.verdict import QuestionManifest

_TEMPLATES = Environment(
    loader=PackageLoader("autograder.gradebook", "templates"),
    autoescape=select_autoescape(default=True, default_for_string=True),
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters |= {"number": number, "plain": plain}


def feedback(entry: Entry, assignment: str) -> str:
    """One submission's feedback page."""
    return _TEMPLATES.get_template("feedback.html").render(
        entry=entry, assignment=assignment, verdict=entry.verdict, message=message_of(entry.verdict)
    )


def report(entries: list[Entry], manifest: tuple[QuestionManifest, ...], facts: dict[str, Any]) -> str:
    """The class report."""
    graded = [entry.verdict for entry in entries if entry.verdict.status != "error"]
    scores = sorted(verdict.score for verdict in graded)
    cases = Counter(
        (question.name, case.name)
        for verdict in graded
        for question in verdict.questions
        for case in question.cases
        if case.passed
    )
    return _TEMPLATES.get_template("report.html").render(
        facts=facts,
        entries=entries,
        manifest=manifest,
        total=sum(question.max_score for question in manifest),
        counts=Counter(entry.verdict.status for entry in entries),
        graded=len(graded),
        scores=scores,
        cases=cases,
        message_of=message_of,
    )


def write_pages(
    entries: list[Entry], manifest: tuple[QuestionManifest, ...], facts: dict[str, Any], out: Path
) -> None:
    """Write `feedback/` and `report.html`."""
    for entry in entries:
        write(out / "feedback" / file_name(entry.name, ".html"), feedback(entry, facts["assignment"]))
    write(out / "report.html", report(entries, manifest, facts))
