"""What a run keeps of the run before, to tell afterwards who gained and who lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.batch.ledger import Entry, Ledger
from autograder.errors import BadInput

_DECIDING = ("bundle_sha256", "grader_version", "limits", "engine")


@dataclass(frozen=True)
class Standing:
    """A submission's result, in short."""

    sha256: str
    status: str
    score: float
    questions: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, entry: Entry) -> Standing:
        questions = {question.name: question.score for question in entry.verdict.questions}
        return cls(entry.sha256, entry.verdict.status, entry.verdict.score, questions)


def snapshot(entries: Iterable[Entry]) -> dict[str, Any]:
    """All results in short, as JSON."""
    return {entry.name: vars(Standing.of(entry)) for entry in entries}


def earlier_run(
    ledger: Ledger, facts: Mapping[str, Any], shas: Mapping[str, str], *, force: bool
) -> dict[str, Any]:
    """Facts that a new run takes over from the one before it.

    ``before`` is the standing of everybody after the last run that was completed. A run that goes on after
    an interruption, or that repeats the last one exactly, compares with the same standing as that one did.
    ``roster`` and ``written`` stay until others are given. ``force_after``, the last verdict before a run with
    `force`, stays until that run is completed.
    """
    try:
        old, _ = ledger.run()
        standing = snapshot(ledger.entries())
    except BadInput:  # no run yet
        return {}
    kept = {"roster", "written"} if old.get("assignment") == facts["assignment"] else {"roster"}
    taken = {name: old[name] for name in kept & old.keys()}
    if old.get("assignment") != facts["assignment"]:
        return taken
    same_files = {name: result["sha256"] for name, result in standing.items()} == shas
    alike = all(old.get(name) == facts.get(name) for name in _DECIDING)
    interrupted = not old.get("complete", True)
    if interrupted or (alike and same_files and not force):
        standing = old.get("before", {})
    if interrupted and alike and force and "force_after" in old:
        taken["force_after"] = old["force_after"]
    return taken | {"before": standing}
