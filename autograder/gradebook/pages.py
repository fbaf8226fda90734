"""Writes the pages of a run: one for each submission, and the class report."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from autograder.batch.content import unpack
from autograder.gradebook.class_report import class_report
from autograder.gradebook.comments import read_comments
from autograder.gradebook.copies import Prints, fingerprints
from autograder.gradebook.feedback import feedback_page
from autograder.gradebook.records import Record
from autograder.gradebook.tables import file_name, write
from autograder.verdict import QuestionManifest


def write_pages(
    records: Iterable[Record],
    manifest: tuple[QuestionManifest, ...],
    facts: dict[str, Any],
    out: Path,
    *,
    content: Callable[[str], bytes | None] = lambda sha256: None,
) -> None:
    """Write `feedback/` and `report.html`.

    Parameters
    ----------
    content
        Gives the packed content that was kept of a submission by its hash; one is open at a time.
    """
    records = list(records)
    comments = read_comments(out)
    answers: dict[str, dict[str, Prints]] = {}
    for record in records:
        kept = unpack(content(record.entry.sha256))
        page = feedback_page(record, facts["assignment"], content=kept, comments=comments)
        write(out / "feedback" / file_name(record.submission, ".html"), page)
        if kept and record.counts:
            answers[record.submission] = {
                answer.question: fingerprints("\n".join(answer.code)) for answer in kept.answers
            }
    write(out / "report.html", class_report(records, manifest, facts, answers=answers, comments=comments))
