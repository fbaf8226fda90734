"""Reads submissions as they come: any notebook version, whatever is missing in it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from autograder.errors import BadSubmission


@dataclass(frozen=True)
class Cell:
    """A code cell and the questions that are checked right after it because its metadata says so."""

    source: str
    checks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Notebook:
    """The code cells of a submission and the assignment that it says it is."""

    cells: tuple[Cell, ...]
    assignment: str | None = None


def parse(data: bytes, *, script: bool = False) -> Notebook:
    """Read a notebook (nbformat 3 to 4.x) or, with `script`, a Python file.

    Raises
    ------
    BadSubmission
        With the reason and the fix, in words for a student or grader.
    """
    if script:
        return Notebook((Cell(_text(data)),))
    document = load(data)
    code = tuple(cell for cell in map(_code_cell, cells_of(document)) if cell is not None)
    if not code:
        raise BadSubmission("The notebook has no code cell.", fix="Submit the notebook with your answers.")
    metadata = _dict(_dict(document).get("metadata"))
    name = _dict(metadata.get("otter")).get("assignment_name")
    return Notebook(code, name if isinstance(name, str) else None)


def load(data: bytes) -> Any:
    """The JSON document of a notebook, whatever it holds.

    Raises
    ------
    BadSubmission
        If it is empty or not JSON.
    """
    text = _text(data)
    if not text.strip():
        raise BadSubmission("The file is empty.", fix="Save the notebook and submit it again.")
    try:
        return json.loads(text, object_pairs_hook=_unique)
    except (ValueError, RecursionError, MemoryError):
        raise BadSubmission(
            "The file is not a Jupyter notebook (it is not valid JSON).",
            fix="Save the notebook in Jupyter and submit the .ipynb file itself.",
        ) from None


def _text(data: bytes) -> str:
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    return data.decode("utf-8", errors="replace")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object. Of doubled names one would be read here and the other elsewhere, so there are none."""
    names = dict(pairs)
    if len(names) != len(pairs):
        raise BadSubmission(
            "The notebook names something twice in one place.", fix="Open it in Jupyter and save it again."
        )
    return names


def cells_of(document: Any) -> list[Any]:
    """The cells of a notebook in any of its formats; `BadSubmission` if it has none."""
    if not isinstance(document, dict):
        raise BadSubmission("The file is JSON, but not a Jupyter notebook.", fix="Submit the .ipynb file.")
    cells = document.get("cells")
    if isinstance(cells, list):
        return cells
    sheets = document.get("worksheets")  # nbformat 3
    if isinstance(sheets, list):
        found = [_dict(sheet).get("cells") for sheet in sheets]
        return [cell for cells in found if isinstance(cells, list) for cell in cells]
    raise BadSubmission("The notebook has no cells.", fix="Submit the notebook with your answers.")


def _code_cell(cell: Any) -> Cell | None:
    cell = _dict(cell)
    if cell.get("cell_type") != "code":
        return None
    metadata = _dict(cell.get("metadata"))
    tags = metadata.get("tags")
    if _dict(metadata.get("otter")).get("ignore") or (isinstance(tags, list) and "otter_ignore" in tags):
        return None
    return Cell(source_of(cell), checks_of(cell))


def checks_of(cell: dict[str, Any]) -> tuple[str, ...]:
    """The questions that a cell checks because its metadata says so."""
    tests = _dict(_dict(cell.get("metadata")).get("otter")).get("tests")
    return tuple(name for name in tests if isinstance(name, str)) if isinstance(tests, list) else ()


def source_of(cell: dict[str, Any]) -> str:
    """A cell's source, joined where it is a list of lines."""
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    return source if isinstance(source, str) else ""


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
