"""Compiles an assignment for tests, without the gate: the gate has tests of its own."""

from __future__ import annotations

from pathlib import Path

from autograder.release.compile import compile_once
from autograder.release.inputs import lock_file
from autograder.release.master import parse
from autograder.release.publish import replace_folders

ROOT = Path(__file__).resolve().parents[2]


def compile_assignment(name: str, root: Path) -> None:
    """Lay out the release, the bundle and the solution of assignment `name` under `root`, as `make` does."""
    folder = ROOT / "assignments" / name
    data = (folder / f"{name}.ipynb").read_bytes()
    build = compile_once(parse(data, name), data, folder, lock=lock_file())
    ours = {"autograder.zip": build.bundle, "solution.ipynb": build.solution}
    replace_folders({root / "student_release" / name: build.student, root / "dist" / name: ours})
    (root / "assignments").symlink_to(ROOT / "assignments")
