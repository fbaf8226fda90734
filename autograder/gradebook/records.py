"""What the gradebook knows about one submission: its verdict, whose it is, and the marks given by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from autograder.batch.ledger import Entry
from autograder.verdict import Verdict

NOT_YET_MARKED = "not yet marked"


@dataclass(frozen=True)
class Student:
    """A student on the roster. What the roster does not say is empty.

    Attributes
    ----------
    name
        As the roster writes it, given name first.
    sid
        The school's id.
    platform_id
        The id in the learning platform, in Canvas the column ``ID``.
    submission
        The submission that the roster gives to the student: a name or a pattern such as ``ada*/*``.
    """

    name: str
    sid: str = ""
    email: str = ""
    login: str = ""
    platform_id: str = ""
    section: str = ""
    first: str = ""
    last: str = ""
    submission: str = ""


@dataclass(frozen=True)
class Mark:
    """The marks for one criterion of a written question; `points` is None until somebody has marked it."""

    criterion: str
    points: float | None
    max_points: float
    comment: str = ""


@dataclass(frozen=True)
class WrittenQuestion:
    """A question that people mark."""

    name: str
    marks: tuple[Mark, ...]

    @property
    def max_score(self) -> float:
        return sum(mark.max_points for mark in self.marks)

    @property
    def score(self) -> float | None:
        """The sum of the points, or None where a criterion is not yet marked."""
        points = [mark.points for mark in self.marks if mark.points is not None]
        return sum(points) if len(points) == len(self.marks) else None


@dataclass(frozen=True)
class Record:
    """One submission, joined with all that is known about it.

    Attributes
    ----------
    max_score
        Of the bundle's questions and the written ones.
    students
        Whose it is: nobody where it is unknown, several where a group handed in.
    candidates
        The students whom it could belong to, where that is not clear.
    submitted_at
        When it was handed in, where that is known.
    counts
        False for a submission in whose place another of the same student counts, or where it is undecided
        which one does.
    instead
        The submissions that count in its place; empty where that is undecided.
    """

    entry: Entry
    max_score: float
    students: tuple[Student, ...] = ()
    candidates: tuple[Student, ...] = ()
    written: tuple[WrittenQuestion, ...] = ()
    submitted_at: datetime | None = None
    counts: bool = True
    instead: tuple[str, ...] = ()

    @property
    def submission(self) -> str:
        return self.entry.name

    @property
    def verdict(self) -> Verdict:
        return self.entry.verdict

    @property
    def student(self) -> Student | None:
        """The student, where it is exactly one."""
        return self.students[0] if len(self.students) == 1 else None

    @property
    def marked(self) -> bool:
        """Whether all written questions are marked."""
        return all(question.score is not None for question in self.written)

    @property
    def score(self) -> float | None:
        """The total, or None where the submission is not graded or not yet marked: never a silent 0."""
        scores = [question.score for question in self.written if question.score is not None]
        if self.verdict.status == "error" or len(scores) < len(self.written):
            return None
        return self.verdict.score + sum(scores)
