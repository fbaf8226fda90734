"""The results of a whole course: runs, roster, marks and times, put together for every student."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from autograder.batch.ledger import Ledger
from autograder.batch.run import LEDGER
from autograder.errors import GO_ON_FIX, BadInput
from autograder.gradebook.course import Assignment, Course
from autograder.gradebook.join import ClassRecords, Holding, join
from autograder.gradebook.lateness import Lateness, lateness, read_times, time_key
from autograder.gradebook.records import NOT_YET_MARKED, Student
from autograder.gradebook.roster import read_roster
from autograder.gradebook.rubric import Rubric, read_rubric
from autograder.gradebook.students import MISSING, UNDECIDED, status_of, summary

NO_TIME = "no submission time"
_OPEN = ("error", NOT_YET_MARKED, UNDECIDED, NO_TIME)


@dataclass(frozen=True)
class Result:
    """A student's result in one assignment.

    Attributes
    ----------
    status
        The verdict's, or ``missing``, ``undecided``, ``not yet marked``, ``no submission time``.
    score
        After the penalty for lateness; None where there is no score yet.
    """

    status: str
    max_score: float
    score: float | None = None
    submitted_at: datetime | None = None
    lateness: Lateness = field(default_factory=Lateness)


@dataclass(frozen=True)
class CourseResults:
    """Results by student, in the roster's order, and by assignment, in the course's."""

    course: Course
    students: tuple[Student, ...]
    results: Mapping[Student, tuple[Result, ...]]
    notes: tuple[str, ...] = ()

    def total(self, student: Student) -> float | None:
        """The weighted total in percent, or None where a result is open; what is missing counts as 0."""
        results = self.results[student]
        if any(result.status in _OPEN for result in results):
            return None
        weights = [assignment.weight for assignment in self.course.assignments]
        shares = [(result.score or 0.0) / result.max_score if result.max_score else 0.0 for result in results]
        return 100 * sum(w * share for w, share in zip(weights, shares, strict=True)) / sum(weights)


def course_results(course: Course) -> CourseResults:
    """Read the ledgers, the roster, the marks and the times of a course.

    Raises
    ------
    BadInput
        If one of the files is missing or is not what it should be.
    """
    students = read_roster(course.roster)
    notes: list[str] = []
    found: dict[str, list[Result]] = {}
    left = dict.fromkeys(students, course.late_days)
    for assignment in sorted(course.assignments, key=_deadline):
        joined, times = _records(assignment, students)
        notes += [f"{assignment.title}: {line.strip()}" for line in summary(joined)]
        found[assignment.key] = []
        for holding in joined.holdings:
            result = _result(assignment, holding, joined, times, free_days=left[holding.student])
            left[holding.student] -= result.lateness.free
            found[assignment.key].append(result)
    columns = zip(*(found[assignment.key] for assignment in course.assignments), strict=True)
    return CourseResults(course, students, dict(zip(students, columns, strict=True)), tuple(notes))


def _deadline(assignment: Assignment) -> float:
    """Free late days are used in the order of the deadlines."""
    return assignment.deadline.timestamp() if assignment.deadline else 0.0


def _records(
    assignment: Assignment, students: Sequence[Student]
) -> tuple[ClassRecords, dict[str, datetime] | None]:
    path = assignment.run / LEDGER
    if not path.is_file():
        fix = f"Grade it with --out {assignment.run}, or correct assignments.{assignment.key}.run."
        raise BadInput(f"{assignment.run} holds no {LEDGER}.", fix=fix)
    ledger = Ledger(path)
    try:
        facts, manifest = ledger.run()
        entries = list(ledger.entries())
    finally:
        ledger.close()
    if not facts.get("complete", True):
        raise BadInput(f"The run in {assignment.run} was not finished.", fix=GO_ON_FIX)
    times = read_times(assignment.submitted_at) if assignment.submitted_at else None
    recorded = {name: datetime.fromisoformat(text) for name, text in facts.get("handed_in", {}).items()}
    named = {entry.name: time_key(entry.name) for entry in entries}
    given = {name: times[key] for name, key in named.items() if key in times} if times else {}
    rubric = None
    if assignment.written:
        rubric = read_rubric(
            assignment.written,
            submissions=named,
            questions=[question.name for question in manifest],
            maxima=assignment.criteria or None,
        )
    elif "written" in facts:
        rubric = Rubric.from_json(facts["written"])
    joined = join(
        entries,
        manifest,
        assignment=facts["assignment"],
        students=students,
        rubric=rubric,
        times=recorded | given,
        submitters=facts.get("submitters"),
    )
    return joined, times


def _result(
    assignment: Assignment,
    holding: Holding,
    joined: ClassRecords,
    times: Mapping[str, datetime] | None,
    *,
    free_days: int,
) -> Result:
    """One student's result; `times` are those of the CSV, or None where the files' own count."""
    record = holding.counts
    if record is None:
        most = joined.max_score
        return Result(UNDECIDED if holding.records else MISSING, most)
    student = holding.student
    submitted = record.submitted_at
    if times is not None:
        keys = map(time_key, (record.submission, student.sid, student.email))
        submitted = next((times[key] for key in keys if key in times), None)
    status, score = status_of(record), record.score
    if assignment.deadline is None:
        return Result(status, record.max_score, score, submitted)
    if submitted is None:
        return Result(NO_TIME if score is not None else status, record.max_score)
    late = lateness(submitted, assignment.deadline, assignment.late, free_days=free_days)
    if score is not None:
        score *= 1 - late.penalty
    return Result(status, record.max_score, score, submitted, late)
