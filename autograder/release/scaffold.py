"""The command `new`: an assignment with one question, small but whole, whose gate opens at once."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import Any

from autograder.errors import BadInput
from autograder.release.notebook import Notebook, write
from autograder.release.publish import replace_folders

ASSIGNMENTS = Path("assignments")
_CELL = re.compile(r"^# %% \[(raw|markdown|code)\] ([a-z0-9-]+)\n", re.MULTILINE)


def new(name: str, *, root: Path = ASSIGNMENTS) -> Path:
    """Write ``<root>/<name>/`` with a master, attempts and one question.

    Returns
    -------
    folder : Path
        The new folder.

    Raises
    ------
    BadInput
        If the name cannot be a folder's and a notebook's name, or is taken.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise BadInput(
            f"{name}: not a name for an assignment.", fix="Use small letters, digits and _: hw02_fields."
        )
    folder = root / name
    if folder.exists():
        raise BadInput(f"{folder} is there already.", fix="Choose another name.")
    template = files("autograder.release").joinpath("templates")
    master = template.joinpath("master.txt").read_text()
    attempts = template.joinpath("attempts.txt").read_text()
    replace_folders(
        {
            folder: {
                f"{name}.ipynb": write(notebook_from_text(master.replace("NAME", name))),
                "attempts/q1.py": attempts.encode(),
            }
        }
    )
    return folder


def notebook_from_text(text: str) -> Notebook:
    """A notebook from cells written as ``# %% [kind] id``, each followed by its source."""
    starts = list(_CELL.finditer(text))
    cells = []
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        source = text[start.end() : following.start() if following else len(text)].strip("\n")
        cell: dict[str, Any] = {"cell_type": start[1], "id": start[2], "metadata": {}, "source": source}
        cells.append(cell | ({"outputs": [], "execution_count": None} if start[1] == "code" else {}))
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
