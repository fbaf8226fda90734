"""`grades.csv` and one results file per submission."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from autograder.batch.ledger import Entry
from autograder.gradebook.safe import cell, plain
from autograder.verdict import QuestionManifest, QuestionResult, Verdict, full_marks

UNSEALED = "unsealed"
_MAX_NAME = 240


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all, never through a link."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="") as file:
            file.write(text)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def file_name(name: str, suffix: str) -> Path:
    """Where the file of a submission goes: its own path, or, where no disk takes that, a shortened one.

    Submission ``a.ipynb`` has the file ``a.ipynb.json``, which could also be the folder of another
    submission; folders therefore never end in the suffix.
    """
    *folders, last = name.split("/")
    parents = [f"{part}_" if part.rstrip("_").endswith(suffix) else part for part in folders]
    return Path(*(_short(part, "") for part in parents), _short(f"{last}{suffix}", suffix))


def _short(part: str, suffix: str) -> str:
    if len(os.fsencode(part)) <= _MAX_NAME:
        return part
    digest = hashlib.sha256(part.encode("utf-8", "replace")).hexdigest()[:16]
    return f"{part[:40]}~{digest}{suffix}"


def number(value: float) -> str:
    """A score as people write it: 4, 2.5, 0.333."""
    return f"{round(value, 4):g}"


def message_of(verdict: Verdict) -> str:
    """What the gradebook says about a verdict beside its score."""
    walls = f"{UNSEALED}: missing {', '.join(verdict.missing_walls)}." if verdict.missing_walls else ""
    return " ".join(part for part in (walls, verdict.message) if part)


def grades_csv(entries: Iterable[Entry], manifest: tuple[QuestionManifest, ...]) -> str:
    """The gradebook: one row for every submission found."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    names = [question.name for question in manifest]
    writer.writerow(
        ["submission", "status", "score", "max_score", *names, "graded_at", "seconds", "sha256", "message"]
    )
    total = full_marks(manifest)
    for entry in entries:
        verdict = entry.verdict
        scores = {question.name: number(question.score) for question in verdict.questions}
        failed = verdict.status == "error"
        writer.writerow(
            [
                cell(entry.name),
                verdict.status,
                "" if failed else number(verdict.score),
                number(total),
                *("" if failed else scores.get(name, "") for name in names),
                entry.graded_at,
                number(verdict.seconds),
                entry.sha256,
                cell(message_of(verdict)),
            ]
        )
    return table.getvalue()


def results_json(entry: Entry) -> dict[str, Any]:
    """One submission's result in the grading platform's format."""
    verdict = entry.verdict
    if verdict.status == "error":
        return {
            "score": 0,
            "output": plain(f"This submission was not graded. {verdict.message}"),
            "stdout_visibility": "hidden",
            "tests": [],
        }
    return {
        "score": verdict.score,
        "execution_time": verdict.seconds,
        "output": plain("\n".join([message_of(verdict), *verdict.student_notes]).strip()),
        "stdout_visibility": "hidden",
        "tests": [test for question in verdict.questions for test in _tests(question)],
    }


def _tests(question: QuestionResult) -> list[dict[str, Any]]:
    """A question's entries: one for each case, or one in all where the points are not the cases'."""
    if question.in_one:
        return [
            {
                "name": question.name,
                "score": question.score,
                "max_score": question.max_score,
                "status": "passed" if question.score else "failed",
                "visibility": "after_published" if any(c.hidden for c in question.cases) else "visible",
            }
        ]
    return [
        {
            "name": f"{question.name}: {case.name}",
            "score": case.points if case.passed else 0,
            "max_score": case.points,
            "status": "passed" if case.passed else "failed",
            "visibility": "after_published" if case.hidden else "visible",
            "output": plain(case.message),
        }
        for case in question.cases
    ]


def write_tables(entries: list[Entry], manifest: tuple[QuestionManifest, ...], out: Path) -> None:
    """Write `grades.csv` and `results/`."""
    write(out / "grades.csv", grades_csv(entries, manifest))
    for entry in entries:
        write(
            out / "results" / file_name(entry.name, ".json"), json.dumps(results_json(entry), indent=2) + "\n"
        )
