"""The roster: who takes the course, read from the exports of common platforms."""

from __future__ import annotations

from pathlib import Path

from autograder.errors import BadInput
from autograder.gradebook.records import Student
from autograder.gradebook.sheets import Row, read_sheet

COLUMNS = {
    "name": ("name", "full name", "student name", "student", "display name"),
    "first": ("first name", "firstname", "given name", "first", "forename"),
    "last": ("last name", "lastname", "surname", "family name", "last"),
    "sid": ("sis user id", "sid", "student id", "student number", "id number", "OrgDefinedId", "id"),
    "email": ("email", "email address", "e-mail", "e-mail address", "mail"),
    "login": ("sis login id", "login id", "login", "username", "user name", "netid"),
    "platform_id": ("canvas id", "canvas user id", "platform id", "id"),
    "section": ("section", "sections"),
    "submission": ("submission", "submission pattern", "pattern", "file", "folder"),
    "role": ("role",),
}
_UNIQUE = ("sid", "email", "login", "platform_id")
_WORDS = {"sid": "id", "platform_id": "platform id"}
_STUDENT_ROLES = ("", "student", "learner")
_NO_STUDENT = ("points possible", "test student")


def read_roster(path: Path) -> tuple[Student, ...]:
    """Read a roster.

    Headings are recognised in any case, from the exports of Canvas, Moodle and Gradescope and from tables
    made by hand. Beside a ``SIS User ID`` or ``SIS Login ID``, the column ``ID`` is the platform's own id,
    otherwise it is the school's. People with another role than student, and Canvas's test student, are left out,
    and so are lines above the first person without a word in any of these columns: Canvas writes one for the
    assignments that are posted by hand.

    Raises
    ------
    BadInput
        If nobody can be told from the table, or two people have the same id, e-mail or login.
    """
    sheet = read_sheet(path, COLUMNS)
    if not sheet.fields.keys() & {"name", "last", "sid", "email", "login"}:
        raise BadInput(
            f"{path} has no column of names, ids or e-mails.",
            fix="Call the columns name (or first name and last name), sid, email.",
        )
    students: list[Student] = []
    known: set[Student] = set()
    no_id = ""
    if sheet.fields.get("sid") == sheet.fields.get("platform_id"):
        no_id = "sid" if any(name.startswith("sis ") for name in sheet.headings) else "platform_id"
    seen: dict[tuple[str, str], int] = {}
    for row in sheet.rows:
        student = _student(row, no_id)
        if student is None or not (students or any(row.fields.values())):
            continue
        if not (student.name or student.sid or student.email or student.login):
            raise BadInput(f"{path}, line {row.line}: nobody is named here.", fix="Delete or complete it.")
        for field in _UNIQUE:
            value = getattr(student, field).casefold()
            before = seen.setdefault((field, value), row.line)
            if value and before != row.line:
                raise BadInput(
                    f"{path}, lines {before} and {row.line}: the same {_WORDS.get(field, field)} {value!r}.",
                    fix="Keep one line for each student.",
                )
        if student in known:
            raise BadInput(
                f"{path}, line {row.line}: a second {student.name!r}, and nothing tells the two apart.",
                fix="Add their ids or e-mails.",
            )
        known.add(student)
        students.append(student)
    if not students:
        raise BadInput(f"{path} lists no students.", fix="Give one line for each student.")
    return tuple(students)


def _student(row: Row, no_id: str) -> Student | None:
    """The student of a row; `no_id` is the one of the two ids that the column ``ID`` is not."""
    name, first, last = row["name"], row["first"], row["last"]
    if not (first or last) and name.count(",") == 1:
        last, _, first = (part.strip() for part in name.partition(","))
    if first or last:
        name = f"{first} {last}".strip()
    if name.casefold() in _NO_STUDENT or row["role"].casefold() not in _STUDENT_ROLES:
        return None
    return Student(
        name=name,
        sid="" if no_id == "sid" else row["sid"],
        email=row["email"],
        login=row["login"],
        platform_id="" if no_id == "platform_id" else row["platform_id"],
        section=row["section"],
        first=first,
        last=last,
        submission=row["submission"],
    )
