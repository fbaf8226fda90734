"""The commands `release` and `verify`: which assignments, through the gate, and what a person gets to see."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from autograder.errors import BadInput
from autograder.release.gate import Report, examine
from autograder.release.inputs import RECORD, fingerprint, is_current, lock_file, output_hashes
from autograder.release.problem import GateClosed
from autograder.release.publish import replace_folders
from autograder.release.rules_run import Grade, sealed_grade

ASSIGNMENTS = Path("assignments")


def find_assignments(names: Sequence[str], root: Path = ASSIGNMENTS) -> list[Path]:
    """Folders of the named assignments, or of all that have a master notebook.

    Raises
    ------
    BadInput
        If a name is not an assignment, or there is none at all.
    """
    known = {
        path.parent.name: path.parent
        for path in sorted(root.glob("*/*.ipynb"))
        if path.stem == path.parent.name
    }
    if not known:
        raise BadInput(f"{root}: no assignments here.", fix="Run this in the course's folder.")
    for name in names:
        if name not in known:
            raise BadInput(f"{name}: no such assignment in {root}.", fix=f"There are: {', '.join(known)}.")
    return [known[name] for name in dict.fromkeys(names or known)]


def release(
    names: Sequence[str],
    *,
    student_dir: Path,
    dist: Path,
    jobs: int,
    force: bool,
    root: Path = ASSIGNMENTS,
    lock: Path | None = None,
    grade: Grade = sealed_grade,
) -> None:
    """Compile and gate assignments, and write the releases of those that pass.

    Parameters
    ----------
    names
        Assignments under `root`; all of them if empty.
    student_dir, dist
        Where ``<name>/`` goes for students, and for graders.
    jobs
        How many notebooks are graded at once.
    force
        Also rebuild what has not changed.

    Raises
    ------
    GateClosed
        If an assignment does not pass; nothing of it is written. The others are still released.
    BadInput
        If a name, a master or the lock file cannot be used.
    """
    console = Console(stderr=True)
    lock = lock or lock_file()
    closed: list[GateClosed] = []
    for folder in find_assignments(names, root):
        try:
            console.print(
                _release_one(folder, student_dir, dist, jobs, force, lock, grade, console), highlight=False
            )
        except GateClosed as problem:
            closed.append(problem)
    if len(closed) == 1:
        raise closed[0]
    if closed:
        raise GateClosed(
            ", ".join(one.assignment for one in closed),
            [problem for one in closed for problem in one.problems],
        )


def _release_one(
    folder: Path,
    student_dir: Path,
    dist: Path,
    jobs: int,
    force: bool,
    lock: Path,
    grade: Grade,
    console: Console,
) -> str:
    name = folder.name
    student, ours = student_dir / name, dist / name
    inputs = fingerprint(folder, lock=lock)
    if not force and is_current(ours / RECORD, inputs, {"student": student, "dist": ours}):
        return f"{name}: unchanged"
    with console.status(f"{escape(name)}: compiling and checking"):
        report = examine(folder, lock=lock, grade=grade, jobs=jobs)
    if report.errors or not report.build:
        raise GateClosed(name, report.errors)
    outputs = {"autograder.zip": report.build.bundle, "solution.ipynb": report.build.solution}
    hashed = {f"dist/{key}": data for key, data in outputs.items()}
    hashed |= {f"student/{key}": data for key, data in report.build.student.items()}
    record = {"inputs": inputs, "outputs": output_hashes(hashed)}
    outputs[RECORD] = (json.dumps(record, indent=1, sort_keys=True) + "\n").encode()
    replace_folders({student: report.build.student, ours: outputs})
    return f"{name}: released, {_summary(report)}"


def _summary(report: Report) -> str:
    questions = report.master.graded
    cases = sum(len(question.tests) for question in questions)
    points = sum(question.points for question in questions)
    warnings = f", {len(report.warnings)} warnings" if report.warnings else ""
    return (
        f"{len(questions)} questions, {cases} test cases, {points:g} points, "
        f"{len(report.attempts)} attempts as expected in {report.seconds:.1f} s{warnings}"
    )
