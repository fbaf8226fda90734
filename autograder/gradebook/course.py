"""`course.toml`: the assignments of a course, their weights, deadlines and what lateness costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from autograder.gradebook.rubric import Maxima
from autograder.gradebook.toml import Section

FILES = "files"


@dataclass(frozen=True)
class LatePolicy:
    """What lateness costs.

    Attributes
    ----------
    grace_days
        Days, or a part of one, after the deadline that do not count as late.
    penalty_per_day
        Share of the score that is lost for each day begun after that.
    max_penalty
        The largest share that is lost.
    """

    grace_days: float = 0.0
    penalty_per_day: float = 0.0
    max_penalty: float = 1.0


@dataclass(frozen=True)
class Assignment:
    """An assignment of the course.

    Attributes
    ----------
    run
        The ``--out`` folder in which it was graded.
    submitted_at
        A CSV with the times at which submissions were handed in, or None to take the files' own.
    criteria
        Written question -> criterion -> the most points; empty where the marks' own file says so.
    """

    key: str
    run: Path
    title: str
    weight: float
    deadline: datetime | None = None
    submitted_at: Path | None = None
    late: LatePolicy = field(default_factory=LatePolicy)
    written: Path | None = None
    criteria: Maxima = field(default_factory=dict)
    canvas_id: int = 0


@dataclass(frozen=True)
class Course:
    """A course; `late_days` are days of lateness that each student may use without a penalty, in all."""

    title: str
    roster: Path
    late_days: int
    assignments: tuple[Assignment, ...]


def read_course(file: Path) -> Course:
    """Read and check a course file. Its paths are relative to it.

    Raises
    ------
    BadInput
        With the file, the key, the reason and the fix.
    """
    root = Section.load(file)
    title = root.text("title", default=file.stem)
    roster = root.path("roster")
    late_days = root.whole("late_days", default=0)
    late = _late(root.section("late"), LatePolicy())
    table = root.section("assignments")
    assignments = tuple(_assignment(key, section, late) for key, section in table.sections())
    if not assignments:
        root.fail("assignments", "none are listed", fix="Add a table such as [assignments.hw01].")
    root.done()
    titles: dict[str, str] = {}
    for assignment in assignments:
        if assignment.title in titles:
            reason = f"{assignment.title!r} is the title of {titles[assignment.title]} too"
            table.fail(f"{assignment.key}.title", reason, fix="Give each assignment its own title.")
        titles[assignment.title] = assignment.key
    if not any(assignment.weight for assignment in assignments):
        table.fail(assignments[0].key, "all weights are 0", fix="Give one a weight.")
    assert roster is not None  # without a default the key is required
    return Course(title, roster, late_days, assignments)


def _assignment(key: str, section: Section, late: LatePolicy) -> Assignment:
    run = section.path("run")
    deadline = section.moment("deadline")
    times = section.text("submitted_at", default="")
    if deadline and not times:
        reason = "missing, and there is a deadline"
        fix = f'Give "{FILES}" for the times of the files themselves, or a CSV with submission,submitted_at.'
        section.fail("submitted_at", reason, fix=fix)
    written = section.path("written", default="")
    criteria = _criteria(section.section("criteria"))
    if criteria and not written:
        section.fail("written", "missing, and there are criteria", fix="Name the CSV with the marks.")
    assert run is not None
    found = Assignment(
        key=key,
        run=run,
        title=section.text("title", default=key),
        weight=section.number("weight", default=1.0),
        deadline=deadline,
        submitted_at=section.path("submitted_at", default="") if times != FILES else None,
        late=_late(section.section("late"), late),
        written=written,
        criteria=criteria,
        canvas_id=section.whole("canvas_id", default=0),
    )
    section.done()
    return found


def _late(section: Section, default: LatePolicy) -> LatePolicy:
    late = LatePolicy(
        grace_days=section.number("grace_days", default=default.grace_days),
        penalty_per_day=section.number("penalty_per_day", most=1.0, default=default.penalty_per_day),
        max_penalty=section.number("max_penalty", most=1.0, default=default.max_penalty),
    )
    section.done()
    return late


def _criteria(section: Section) -> Mapping[str, Mapping[str, float]]:
    found = {}
    for question, criteria in section.sections():
        found[question] = criteria.numbers(least=0.0)
        if not sum(found[question].values()):
            section.fail(question, "no criterion has points", fix="List criterion = points.")
    return found
