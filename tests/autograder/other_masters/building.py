"""Turns a master's text into a notebook, has plain otter compile it, and fills in students' answers.

In the text ``# %%`` begins a cell. One that starts with a marker of otter's blocks is raw, one that starts with
``#: `` is Markdown, and lines that start with ``#> `` are the output that the instructor saved.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

_RAW = re.compile(r"# (ASSIGNMENT CONFIG|BEGIN QUESTION)\n[^#]*|# (BEGIN|END) (QUESTION|SOLUTION|TESTS)")


@dataclass(frozen=True)
class Answers:
    """One student's work.

    Attributes
    ----------
    scores
        Question -> points that `otter run` gives.
    cells
        Question -> source of the answer cell.
    base
        ``solution`` or ``release``: where the answers to all other questions come from.
    form
        How it is handed in: ``ipynb``, ``zip`` (as otter exports it) or ``py``.
    """

    scores: Mapping[str, float]
    cells: Mapping[str, str] = field(default_factory=dict)
    base: str = "solution"
    form: str = "ipynb"


@dataclass(frozen=True)
class Compiled:
    """What otter made of a master."""

    bundle: Path
    notebooks: Mapping[str, Any]  # "solution" and "release"

    def submission(self, answers: Answers, folder: Path) -> Path:
        """Write a student's work into `folder`."""
        notebook = nbformat.from_dict(self.notebooks[answers.base])
        for question, source in answers.cells.items():
            notebook.cells[_answer_cell(notebook, question)].source = source
        folder.mkdir(parents=True, exist_ok=True)
        if answers.form == "py":
            code = [
                cell.source
                for cell in notebook.cells
                if cell.cell_type == "code" and "otter" not in cell.source and "grader." not in cell.source
            ]  # with a grader, otter looks for the notebook beside the script
            path = folder / "answers.py"
            path.write_text("\n\n".join(code))
            return path
        text = nbformat.writes(notebook)
        if answers.form == "zip":
            path = folder / "answers_2026_10_05T10_00_00_000000.zip"
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("answers.ipynb", text)
                archive.writestr("__zip_filename__", path.name)
            return path
        path = folder / "answers.ipynb"
        path.write_text(text)
        return path


def _answer_cell(notebook: Any, question: str) -> int:
    """Index of the last code cell before the question's check."""
    checks = [
        index for index, cell in enumerate(notebook.cells) if cell.source == f'grader.check("{question}")'
    ]
    return next(index for index in range(checks[0] - 1, -1, -1) if notebook.cells[index].cell_type == "code")


def notebook_of(text: str) -> Any:
    """The master notebook that `text` describes."""
    cells = []
    for number, source in enumerate(re.split(r"^# %%\n", text.strip() + "\n", flags=re.MULTILINE)):
        source = source.strip()
        if _RAW.fullmatch(source):
            cell = nbformat.v4.new_raw_cell(source)
        elif source.startswith("#: "):
            cell = nbformat.v4.new_markdown_cell(source.replace("#: ", ""))
        else:
            lines = source.splitlines()
            output = "".join(line[3:] + "\n" for line in lines if line.startswith("#> "))
            cell = nbformat.v4.new_code_cell("\n".join(line for line in lines if not line.startswith("#> ")))
            if output:
                cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=output)]
        cell.id = f"c{number}"
        cells.append(cell)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cells = [cell for cell in cells if cell.source]
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def compile_master(text: str, files: Mapping[str, str], folder: Path) -> Compiled:
    """`otter assign`, as an instructor calls it, in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook_of(text), folder / "answers.ipynb")
    for name, content in files.items():
        (folder / name).write_text(content)
    done = subprocess.run(
        [sys.executable, "-m", "otter", "assign", "--no-run-tests", "--no-pdfs", "answers.ipynb", "made"],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"otter assign failed:\n{done.stdout}{done.stderr}")
    (bundle,) = (folder / "made" / "autograder").glob("*.zip")
    notebooks = {
        "solution": nbformat.read(folder / "made" / "autograder" / "answers.ipynb", as_version=4),
        "release": nbformat.read(folder / "made" / "student" / "answers.ipynb", as_version=4),
    }
    return Compiled(bundle, notebooks)


def repacked(bundle: Path, changes: Mapping[str, str | None]) -> bytes:
    """The bundle with other texts in place of some members, or without those whose text is None."""
    memory = io.BytesIO()
    with zipfile.ZipFile(bundle) as old, zipfile.ZipFile(memory, "w") as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, text in changes.items():
            if text is not None:
                new.writestr(name, text)
    return memory.getvalue()
