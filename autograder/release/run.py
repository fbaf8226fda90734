"""The commands `release` and `verify`: which assignments, through the gate, and what a person gets to see."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

from rich.console import Console
from rich.text import Text

from autograder.errors import BadInput
from autograder.release.gate import Report, judge, prepare
from autograder.release.inputs import RECORD, fingerprint, is_current, lock_file, output_hashes
from autograder.release.material import MATERIAL, class_material
from autograder.release.matrix import draw, kill_matrices
from autograder.release.page import gate_page
from autograder.release.problem import GateClosed, Problem
from autograder.release.publish import replace_folders, restore
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
        If a name, a master or the lock file cannot be used, or `dist` lies in `student_dir`.
    """
    if student_dir.resolve() in (dist.resolve(), *dist.resolve().parents):
        raise BadInput(
            f"{dist}: hidden tests and solutions would be among what students get.",
            fix=f"Give --dist a folder that is not in {student_dir}.",
        )
    console, lock = Console(stderr=True), lock or lock_file()
    inputs: dict[Path, str] = {}
    for folder in find_assignments(names, root):
        made_of, folders = fingerprint(folder, lock=lock), _outputs(folder, student_dir, dist)
        for target in folders.values():
            restore(target)
        if not force and is_current(folders["dist"] / RECORD, made_of, folders, mutants=mutate):
            console.print(f"{folder.name}: unchanged", highlight=False)
        else:
            inputs[folder] = made_of
    closed: dict[str, Sequence[Problem]] = {}
    doing = "compiling and checking"
    published = []
    with ThreadPoolExecutor(1) as behind:  # pages are written while the next assignment is graded
        for folder, report in _reports(list(inputs), doing, jobs, lock, grade, console, mutate=mutate):
            if report.errors or not report.build:
                closed[folder.name] = report.errors
                continue
            folders = _outputs(folder, student_dir, dist)
            published.append(
                behind.submit(_publish, report, inputs[folder], folders, console, mutants=mutate)
            )
    for done in published:
        done.result()
    if closed:
        raise GateClosed(closed)


def _outputs(folder: Path, student_dir: Path, dist: Path) -> dict[str, Path]:
    return {"student": student_dir / folder.name, "dist": dist / folder.name}


def _reports(
    folders: Sequence[Path],
    doing: str,
    jobs: int,
    lock: Path,
    grade: Grade | None,
    console: Console,
    *,
    mutate: bool,
) -> Iterator[tuple[Path, Report]]:
    """The gate's reports, in order; the next assignments are compiled while one is graded."""
    ahead = ThreadPoolExecutor(1)
    try:
        waiting = [ahead.submit(prepare, folder, lock=lock) for folder in folders]
        with nullcontext(grade) if grade else sealed_grader(jobs) as grader:
            for folder, prepared in zip(folders, waiting, strict=True):
                with console.status(f"{folder.name}: {doing}"):
                    report = judge(prepared.result(), grade=grader, mutate=mutate)
                yield folder, report
    finally:
        ahead.shutdown(cancel_futures=True)


def _publish(
    report: Report, inputs: str, folders: Mapping[str, Path], console: Console, *, mutants: bool
) -> None:
    """Put a release and its bundle in the place of the ones before."""
    assert report.build
    outputs = {"autograder.zip": report.build.bundle, "solution.ipynb": report.build.solution}
    outputs["gate.html"] = gate_page(report).encode()
    outputs[MATERIAL] = class_material(report)
    hashed = {f"dist/{key}": data for key, data in outputs.items()}
    hashed |= {f"student/{key}": data for key, data in report.build.student.items()}
    record = {"inputs": inputs, "mutants": mutants, "outputs": output_hashes(hashed)}
    outputs[RECORD] = (json.dumps(record, indent=1, sort_keys=True) + "\n").encode()
    replace_folders({folders["student"]: report.build.student, folders["dist"]: outputs})
    console.print(f"{report.master.name}: released, {_summary(report)}", highlight=False, soft_wrap=True)


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
    progress, out, folders = Console(stderr=True), Console(), find_assignments(names, root)
    closed: dict[str, Sequence[Problem]] = {}
    doing = "grading every attempt"
    for folder, report in _reports(folders, doing, jobs, lock or lock_file(), grade, progress, mutate=mutate):
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
