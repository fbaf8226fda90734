"""`export`: the class's results in the files that common learning platforms import."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, timedelta
from pathlib import Path
from urllib.parse import quote

from autograder.errors import BadInput
from autograder.gradebook.course import Assignment
from autograder.gradebook.course_results import CourseResults, Result
from autograder.gradebook.records import Student
from autograder.gradebook.sheets import csv_text
from autograder.gradebook.students import many
from autograder.gradebook.tables import file_name, number, write

Row = list[str | float | None]
Files = dict[str, str]  # path -> text


def canvas_files(found: CourseResults) -> Files:
    """Canvas's gradebook, a file for each assignment with the students who have a score in it.

    Canvas finds students by ID, SIS User ID or SIS Login ID. It takes an empty cell for “no grade” and erases the
    grade that is there; a student without a row keeps it.
    """
    return {
        str("canvas" / file_name(quote(assignment.key, safe=" "), ".csv")): _canvas_csv(found, place)
        for place, assignment in enumerate(found.course.assignments)
    }


def _canvas_csv(found: CourseResults, place: int) -> str:
    assignment = found.course.assignments[place]
    title = f"{assignment.title} ({assignment.canvas_id})" if assignment.canvas_id else assignment.title
    most = found.results[found.students[0]][place].max_score
    points: Row = ["Points Possible", "", "", "", "", most]
    rows: list[Row] = [
        [
            ", ".join(filter(None, _names(student)[::-1])),
            student.platform_id,
            student.sid,
            student.login,
            student.section,
            score,
        ]
        for student in found.students
        if (score := found.results[student][place].score) is not None
    ]
    return csv_text(["Student", "ID", "SIS User ID", "SIS Login ID", "Section", title], [points, *rows])


def moodle_csv(found: CourseResults) -> str:
    """Moodle's grade import. An identifier that a student lacks is left out for all.

    On a row without the identifier that it was told to look at, Moodle goes on with the student before.

    Raises
    ------
    BadInput
        If neither ids, e-mails nor usernames are known for all.
    """
    fields = {"ID number": "sid", "Email address": "email", "Username": "login"}
    whole = {
        heading: field
        for heading, field in fields.items()
        if all(getattr(student, field) for student in found.students)
    }
    if not whole:
        reason = "Moodle needs ids, e-mails or usernames, and the roster lacks some of each"
        raise BadInput(f"{found.course.roster}: {reason}.", fix="Complete one of these columns.")
    rows: list[Row] = [
        [
            *_names(student),
            *(getattr(student, field) for field in whole.values()),
            *(result.score for result in found.results[student]),
        ]
        for student in found.students
    ]
    titles = [assignment.title for assignment in found.course.assignments]
    return csv_text(["First name", "Last name", *whole, *titles], rows)


def gradescope_csv(found: CourseResults) -> str:
    """The grading platform's table of grades, as it exports it."""
    header = ["First Name", "Last Name", "SID", "Email", "Sections"]
    for assignment in found.course.assignments:
        extra = ("Max Points", "Submission Time", "Lateness (H:M:S)")
        header += [assignment.title, *(f"{assignment.title} - {name}" for name in extra)]
    rows = []
    for student in found.students:
        row: Row = [*_names(student), student.sid, student.email, student.section]
        total = timedelta()
        for assignment, result in zip(found.course.assignments, found.results[student], strict=True):
            late = _late_by(assignment, result)
            total += late
            time = (
                f"{result.submitted_at.astimezone(UTC):%Y-%m-%d %H:%M:%S %z}" if result.submitted_at else ""
            )
            row += [result.score, result.max_score, time, _hours(late)]
        rows.append([*row, _hours(total)])
    return csv_text([*header, "Total Lateness (H:M:S)"], rows)


def course_csv(found: CourseResults) -> str:
    """The whole course for the instructor: scores, lateness, penalties, weighted totals and what is open."""
    header = ["name", "sid", "email", "section", "total_percent"]
    for assignment in found.course.assignments:
        names = ("status", "late days", "free late days", "penalty")
        header += [assignment.title, *(f"{assignment.title}: {name}" for name in names)]
    rows = []
    for student in found.students:
        row: Row = [student.name, student.sid, student.email, student.section]
        row.append(found.total(student))
        for result in found.results[student]:
            late = result.lateness
            row += [result.score, result.status, late.days, late.free, late.penalty]
        rows.append(row)
    return csv_text(header, rows)


PLATFORMS: dict[str, Callable[[CourseResults], Files]] = {
    "canvas": canvas_files,
    "moodle": lambda found: {"moodle.csv": moodle_csv(found)},
    "gradescope": lambda found: {"gradescope.csv": gradescope_csv(found)},
}


def write_exports(found: CourseResults, out: Path, formats: Iterable[str] = tuple(PLATFORMS)) -> list[Path]:
    """Write `course.csv` and each platform's files; return their paths."""
    texts = {"course.csv": course_csv(found)}
    for name in formats:
        texts |= PLATFORMS[name](found)
    for name, text in texts.items():
        write(out / name, text)
    return [out / name for name in texts]


def overview(found: CourseResults) -> list[str]:
    """What there is, and what is open, as lines for people."""
    totals = [total for student in found.students if (total := found.total(student)) is not None]
    mean = f", mean total {number(round(sum(totals) / len(totals), 1))} %" if totals else ""
    said = [f"{found.course.title}: {len(found.students)} students{mean}"]
    if len(totals) < len(found.students):
        said.append(f"  {len(found.students) - len(totals)} without a total: a result of theirs is open")
    for place, assignment in enumerate(found.course.assignments):
        without = Counter(r[place].status for r in found.results.values() if r[place].score is None)
        if without:
            why = ", ".join(f"{count} {status}" for status, count in without.items())
            left_out = many(without.total(), "student")
            said.append(
                f"  {assignment.title}: {left_out} without a score and so without a row for Canvas ({why})"
            )
    return [*said, *(f"  {note}" for note in found.notes)]


def _names(student: Student) -> tuple[str, str]:
    """Given names and family name; the last word of a name that the roster has not parted."""
    if student.first or student.last:
        return student.first, student.last
    first, _, last = student.name.rpartition(" ")
    return first, last


def _late_by(assignment: Assignment, result: Result) -> timedelta:
    if not (assignment.deadline and result.submitted_at):
        return timedelta()
    return max(timedelta(), result.submitted_at - assignment.deadline)


def _hours(span: timedelta) -> str:
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
