"""The commands `release` and `verify`: which assignments, through the gate, and what a person gets to see."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.text import Text

from autograder.errors import BadInput
from autograder.release.gate import Report, examine
from autograder.release.inputs import RECORD, fingerprint, is_current, lock_file, output_hashes
from autograder.release.material import MATERIAL, class_material
from autograder.release.matrix import draw, kill_matrices
from autograder.release.page import gate_page
from autograder.release.problem import GateClosed, Problem
from autograder.release.publish import replace_folders
from autograder.release.rules_run import Grade, sealed_grader

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
    grade: Grade | None = None,
    mutate: bool = True,
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
    mutate
        Grade mutants of the solutions as well, for the gate's page.

    Raises
    ------
    GateClosed
        If an assignment does not pass; nothing of it is written. The others are still released.
    BadInput
        If a name, a master or the lock file cannot be used.
    """
    console = Console(stderr=True)
    closed: dict[str, Sequence[Problem]] = {}
    with nullcontext(grade) if grade else sealed_grader(jobs) as grader:
        check = partial(examine, lock=lock or lock_file(), grade=grader, mutate=mutate)
        for folder in find_assignments(names, root):
            try:
                _release_one(folder, student_dir / folder.name, dist / folder.name, force, console, check)
            except GateClosed as shut:
                closed |= shut.problems
    if closed:
        raise GateClosed(closed)


def _release_one(
    folder: Path, student: Path, ours: Path, force: bool, console: Console, check: partial[Report]
) -> None:
    inputs = fingerprint(folder, lock=check.keywords["lock"])
    folders, mutants = {"student": student, "dist": ours}, check.keywords["mutate"]
    if not force and is_current(ours / RECORD, inputs, folders, mutants=mutants):
        console.print(f"{folder.name}: unchanged", highlight=False)
        return
    with console.status(f"{folder.name}: compiling and checking"):
        report = check(folder)
    if report.errors or not report.build:
        raise GateClosed({folder.name: report.errors})
    outputs = {"autograder.zip": report.build.bundle, "solution.ipynb": report.build.solution}
    outputs["gate.html"] = gate_page(report).encode()
    outputs[MATERIAL] = class_material(report)
    hashed = {f"dist/{key}": data for key, data in outputs.items()}
    hashed |= {f"student/{key}": data for key, data in report.build.student.items()}
    record = {"inputs": inputs, "mutants": mutants, "outputs": output_hashes(hashed)}
    outputs[RECORD] = (json.dumps(record, indent=1, sort_keys=True) + "\n").encode()
    replace_folders({student: report.build.student, ours: outputs})
    console.print(f"{folder.name}: released, {_summary(report)}", highlight=False, soft_wrap=True)


def verify(
    names: Sequence[str],
    *,
    jobs: int = 1,
    root: Path = ASSIGNMENTS,
    lock: Path | None = None,
    grade: Grade | None = None,
    mutate: bool = True,
) -> None:
    """Run all attempts and mutants, and print the kill matrix; nothing is written.

    Parameters
    ----------
    names, jobs, mutate
        As for `release`.

    Raises
    ------
    GateClosed
        If any rule of the gate is broken; among others, if a wrong attempt earns full marks on its question,
        or a right one loses a point.
    BadInput
        If a name, a master or the lock file cannot be used.
    """
    progress, out = Console(stderr=True), Console()
    closed: dict[str, Sequence[Problem]] = {}
    with nullcontext(grade) if grade else sealed_grader(jobs) as grader:
        for folder in find_assignments(names, root):
            with progress.status(f"{folder.name}: grading every attempt"):
                report = examine(folder, lock=lock or lock_file(), grade=grader, mutate=mutate)
            _print(folder.name, report, out)
            if report.errors:
                closed[folder.name] = report.errors
    if closed:
        raise GateClosed(closed)


def _print(name: str, report: Report, out: Console) -> None:
    out.print(Text(name, "bold"))
    for matrix in kill_matrices(report.master, report.runs) if report.runs else ():
        out.print(draw(matrix, out), highlight=False)
    for warning in report.warnings:
        out.print(Text(f"warning: {warning}"), soft_wrap=True)
    out.print(Text(f"{name}: {_summary(report)}"), soft_wrap=True)


def _summary(report: Report) -> str:
    questions = report.master.graded
    cases = sum(len(question.tests) for question in questions)
    points = sum(question.points for question in questions if isinstance(question.points, int | float))
    parts = [f"{len(questions)} questions", f"{cases} test cases", f"{points:g} points"]
    if report.runs:
        rows = [row for matrix in kill_matrices(report.master, report.runs) for row in matrix.rows]
        parts.append(f"{sum(row.as_expected for row in rows)} of {len(rows)} attempts as expected")
    if report.mutants:
        scores = list(report.mutants.scores(report.master))
        parts.append(f"{sum(s.killed for s in scores)} of {sum(s.total for s in scores)} mutants killed")
    if report.warnings:
        parts.append(f"{len(report.warnings)} warning{'s' if len(report.warnings) > 1 else ''}")
    return f"{', '.join(parts)}; {report.seconds:.0f} s"
