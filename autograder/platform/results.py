"""`results.json`, in the platform's format (Gradescope, "Autograder Specifications")."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder.batch.ledger import Entry
from autograder.gradebook.safe import plain
from autograder.gradebook.tables import results_json, write
from autograder.verdict import FOR_THE_INSTRUCTOR, OF_A_CELL, Verdict


def document(verdict: Verdict) -> dict[str, Any]:
    """A verdict as the platform wants it.

    What was noted while hidden cases ran is told when they are. Missing walls and notes for the instructor are in
    a test that students never see; one without points does not keep them from seeing their total.
    """
    seconds = round(verdict.seconds, 3)
    if verdict.status == "error":
        return results_json(Entry("", "", "", replace(verdict, missing_walls=()))) | {
            "execution_time": seconds
        }
    early = [
        note for note in verdict.notes if note.startswith(OF_A_CELL)
    ]  # written before the first hidden case ran
    ours = [note for note in verdict.notes if note.startswith(FOR_THE_INSTRUCTOR)]
    late = [note for note in verdict.student_notes if note not in early]
    if verdict.message and not verdict.notes:
        late.append(verdict.message)
    if verdict.missing_walls:
        ours.append(f"unsealed: missing {', '.join(verdict.missing_walls)}.")
    result = results_json(
        Entry("", "", "", replace(verdict, missing_walls=(), message="", notes=tuple(early)))
    )
    result["execution_time"] = seconds
    result["tests"] += [
        *_told("Notes", late, "after_published"),
        *_told(FOR_THE_INSTRUCTOR, ours, "hidden"),
    ]
    return result


def _told(name: str, notes: Sequence[str], visibility: str) -> list[dict[str, Any]]:
    """An entry without points, if there is something to tell."""
    text = plain("\n".join(dict.fromkeys(notes)))
    entry = {"name": name, "score": 0, "max_score": 0, "visibility": visibility, "output": text}
    return [entry] if notes else []


def write_results(path: Path, verdict: Verdict) -> None:
    """Write `results.json` whole or not at all, readable by its owner alone."""
    write(path, json.dumps(document(verdict), indent=1, allow_nan=False) + "\n")
