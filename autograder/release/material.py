"""class_report.json: what the class report needs to know of a release. For instructors only, never for students."""

from __future__ import annotations

import json
import re
from typing import Any

from autograder.batch.bundle import MATERIAL, hash_content
from autograder.release.gate import Report
from autograder.release.notebook import read
from autograder.release.rules_run import UNTOUCHED
from autograder.verdict import QuestionResult

__all__ = ["MATERIAL", "class_material"]

_ADDRESS = re.compile(r"0x[0-9a-f]{4,}")


def class_material(report: Report) -> bytes:
    """The released code cells, and how each wrong attempt and the untouched release fail, as JSON.

    The messages are those that a student with the same answer sees, so that equal failures can be recognised.
    """
    assert report.build and report.runs
    name = f"{report.master.name}.ipynb"
    cells = read(report.build.student[name], name)["cells"]
    attempts = [
        _failure(result, attempt.title, attempt.expects, attempt.place)
        for attempt in report.runs.attempts
        if attempt.kind == "wrong" and (result := report.runs.result(attempt))
    ]
    untouched = report.runs.verdicts[UNTOUCHED].questions
    document = {
        "bundle_sha256": hash_content(report.build.bundle)[0],
        "released": [cell["source"] for cell in cells if cell["cell_type"] == "code"],
        "attempts": [*attempts, *(_failure(result, "", "", "") for result in untouched)],
    }
    return (json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()


def _failure(result: QuestionResult, title: str, expects: str, place: str) -> dict[str, Any]:
    """One attempt; the one without a title is the question as it was released."""
    failed = [
        {"name": case.name, "message": _ADDRESS.sub("0x0", case.message)}
        for case in result.cases
        if not case.passed
    ]
    return {"question": result.name, "title": title, "expects": expects, "place": place, "failed": failed}
