"""The result of grading one submission, as plain data that every part of the package shares."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

Status = Literal["graded", "partial", "error"]
OF_A_CELL = "Code cell "  # how a note begins on a cell that ended in an error
FOR_THE_INSTRUCTOR = "For the instructor"  # how a note begins that no student should read
GRADER_FAILED = "The grader failed"  # how the message of an error begins that is not the submission's


@dataclass(frozen=True)
class CaseManifest:
    """A test case as the bundle declares it."""

    name: str
    hidden: bool
    points: float


@dataclass(frozen=True)
class QuestionManifest:
    """A question as the bundle declares it; `max_score` is the sum of its cases' points."""

    name: str
    all_or_nothing: bool
    cases: tuple[CaseManifest, ...]

    @property
    def max_score(self) -> float:
        return sum(case.points for case in self.cases)


def full_marks(questions: Iterable[QuestionManifest | QuestionResult]) -> float:
    """What a submission can earn on these questions."""
    return sum(question.max_score for question in questions)


@dataclass(frozen=True)
class CaseResult:
    """One test case, examined.

    `message` is safe to show to the student, but not yet escaped. `used` tells whether the test looked at a value
    of the notebook or called something of it.
    """

    name: str
    hidden: bool
    points: float
    passed: bool
    message: str = ""
    used: bool = True


@dataclass(frozen=True)
class QuestionResult:
    """One question, scored."""

    name: str
    score: float
    max_score: float
    cases: tuple[CaseResult, ...]

    @property
    def in_one(self) -> bool:
        """Whether the points are not those of the cases that passed."""
        earned = sum(case.points for case in self.cases if case.passed)
        return abs(earned - self.score) > 1e-9


@dataclass(frozen=True)
class Verdict:
    """The result of grading one submission.

    `status` is `graded` (all questions were examined as usual), `partial` (a limit or a crash of the
    student's code cost some of them) or `error` (nothing could be graded: `score` means nothing).
    """

    status: Status
    score: float
    max_score: float
    questions: tuple[QuestionResult, ...] = ()
    message: str = ""
    seconds: float = 0.0
    notes: tuple[str, ...] = ()
    missing_walls: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def result(self, question: str) -> QuestionResult | None:
        """How a question came out; None if it was not examined."""
        return next((result for result in self.questions if result.name == question), None)

    @property
    def student_notes(self) -> tuple[str, ...]:
        """The notes that are the student's business."""
        return tuple(note for note in self.notes if note and not note.startswith(FOR_THE_INSTRUCTOR))

    @property
    def grader_failed(self) -> bool:
        """Whether nothing is known about the submission: another try may grade it."""
        return self.status == "error" and self.message.startswith(GRADER_FAILED)

    @classmethod
    def failed(cls, message: str, *, max_score: float = 0.0, seconds: float = 0.0) -> Verdict:
        return cls("error", 0.0, max_score, message=message, seconds=seconds)


def score_question(
    manifest: QuestionManifest, passed: Mapping[str, tuple[bool, str] | tuple[bool, str, bool]]
) -> QuestionResult:
    """Score a question from the outcome of its cases, by otter's rules.

    Parameters
    ----------
    manifest
        What the bundle declares; points and names come from here alone.
    passed
        Case name -> (passed, message), or (passed, message, used). A case without an entry counts as failed.
    """
    cases = tuple(
        CaseResult(case.name, case.hidden, case.points, *passed.get(case.name, (False, "")))
        for case in manifest.cases
    )
    if manifest.all_or_nothing:
        score = manifest.max_score if all(case.passed for case in cases) else 0.0
    else:
        score = sum(case.points for case in cases if case.passed)
    return QuestionResult(manifest.name, score, manifest.max_score, cases)


def from_json(data: Any, manifest: tuple[QuestionManifest, ...]) -> Verdict:
    """Rebuild a verdict from an examiner's message and check it against the bundle's manifest.

    Raises
    ------
    ValueError
        If a case is missing, unknown or doubled, or a number is not what the manifest allows.
    """
    status, message = data["status"], str(data["message"])
    if status not in ("graded", "partial", "error"):
        raise ValueError(f"unknown status {status!r}")
    total = full_marks(manifest)
    seconds = float(data["seconds"])
    if not (math.isfinite(seconds) and seconds >= 0):
        raise ValueError(f"seconds is {seconds}")
    extras: dict[str, Any] = {
        "message": message,
        "seconds": seconds,
        "notes": tuple(str(note) for note in data["notes"]),
        "missing_walls": tuple(str(wall) for wall in data["missing_walls"]),
    }
    if status == "error":
        return Verdict("error", 0.0, total, **extras)
    if [question["name"] for question in data["questions"]] != [question.name for question in manifest]:
        raise ValueError("the questions examined are not those of the bundle")
    questions = []
    for declared, got in zip(manifest, data["questions"], strict=True):
        if [case["name"] for case in got["cases"]] != [case.name for case in declared.cases]:
            raise ValueError(f"{declared.name}: the cases examined are not those of the bundle")
        outcome = {
            case["name"]: (case["passed"] is True, str(case["message"]), case.get("used") is True)
            for case in got["cases"]
        }
        questions.append(score_question(declared, outcome))
    score = sum(question.score for question in questions)
    return Verdict(status, score, total, tuple(questions), **extras)
