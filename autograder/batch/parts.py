"""After a corrected bundle: only the questions that were corrected are examined again."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import replace

from autograder.batch.bundle import Bundle
from autograder.batch.ledger import Ledger
from autograder.verdict import QuestionManifest, Verdict, full_marks


class Parts:
    """Which questions of a submission are decided by verdicts that the ledger holds.

    Parameters
    ----------
    ledger, bundle
        Where earlier verdicts are, and what is graded now.
    manifest
        The bundle's questions. Where a test file is not named like its question, nothing is taken over.
    decides
        Hash of what else decides a score: the grader and its limits.
    """

    def __init__(
        self, ledger: Ledger, bundle: Bundle, manifest: Collection[QuestionManifest], decides: str
    ) -> None:
        self._ledger = ledger
        self._order = [question.name for question in manifest]
        named = set(self._order) == set(bundle.questions)
        self._hashes = {name: decides + bundle.questions[name] for name in self._order} if named else {}

    def keys(self, sha256: str) -> dict[str, str]:
        """Question -> the key of that part of the verdict on a submission."""
        return {
            name: hashlib.sha256((decides + sha256).encode()).hexdigest()
            for name, decides in self._hashes.items()
        }

    def missing(self, sha256: str) -> tuple[str, ...] | None:
        """The questions that must be examined, or None if that is all of them."""
        found = self._found(sha256)
        return tuple(name for name in self._order if name not in found) if found else None

    def complete(self, sha256: str, asked: Collection[str], fresh: Verdict | None) -> Verdict | None:
        """The verdict on a submission of which only the questions `asked` were examined, if any were.

        None where something went wrong this time: then everything is examined again.
        """
        found = {name: verdict for name, verdict in self._found(sha256).items() if name not in asked}
        verdict = fresh or next(iter(found.values()), None)
        if verdict is None or verdict.status != "graded" or set(self._order) != {*found, *asked}:
            return None
        results = [found.get(name, verdict).result(name) for name in self._order]
        questions = tuple(result for result in results if result is not None)
        seen = {case.name for question in questions if question.name in asked for case in question.cases}
        notes = [note for earlier in found.values() for note in earlier.notes]
        kept = [note for note in notes if not any(repr(case) in note for case in seen)]
        return replace(
            verdict,
            questions=questions,
            score=sum(question.score for question in questions),
            max_score=full_marks(questions),
            notes=tuple(dict.fromkeys((*verdict.notes, *kept))),
        )

    def _found(self, sha256: str) -> Mapping[str, Verdict]:
        """Question -> an earlier verdict that decides it; one that was replaced by a worse one decides nothing."""
        keys = self._ledger.parts(self.keys(sha256))
        verdicts = {key: self._ledger.verdict(key) for key in set(keys.values())}
        return {
            name: verdict
            for name, key in keys.items()
            if (verdict := verdicts[key]) and verdict.status == "graded" and verdict.result(name)
        }
