"""Notebooks as plain dictionaries: reading them, and writing them so that equal content has equal bytes."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Collection, Iterator
from typing import Any

from IPython.core.inputtransformer2 import TransformerManager

from autograder.errors import BadInput

Notebook = dict[str, Any]
# What Jupyter writes about its kernel whenever it saves; a release keeps the name alone.
LANGUAGE_INFO = frozenset(
    "codemirror_mode file_extension mimetype name nbconvert_exporter pygments_lexer version".split()
)


def read(data: bytes, name: str) -> Notebook:
    """Parse a notebook of format 4 and join its line lists into strings.

    Raises
    ------
    BadInput
        If `data` is not such a notebook.
    """
    try:
        notebook = json.loads(data)
        if notebook["nbformat"] != 4:
            raise ValueError(f"nbformat is {notebook['nbformat']}")
        for cell in notebook["cells"]:
            if cell["cell_type"] not in ("code", "markdown", "raw"):
                raise ValueError(f"cell type {cell['cell_type']!r}")
            if isinstance(cell["source"], list):
                cell["source"] = "".join(cell["source"])
            if not isinstance(cell["source"], str) or not isinstance(cell.get("id", ""), str):
                raise ValueError("a cell's source or id is not text")
        if not isinstance(notebook.setdefault("metadata", {}), dict):
            raise ValueError("the metadata is not an object")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadInput(
            f"{name}: not a Jupyter notebook of format 4 ({type(error).__name__}: {error}).",
            fix="Open it in Jupyter and save it again.",
        ) from None
    return notebook


def write(notebook: Notebook) -> bytes:
    """Serialise in one fixed form: sorted keys, one space of indent, UTF-8."""
    return (json.dumps(notebook, sort_keys=True, indent=1, ensure_ascii=False) + "\n").encode()


def normalise(notebook: Notebook, *, known_ids: Collection[str]) -> Notebook:
    """Drop outputs, counts and all of the kernel but its name; cells that otter added (random ids) get fixed ids."""
    notebook = {**notebook, "nbformat_minor": max(5, notebook.get("nbformat_minor", 5))}
    if isinstance(language := notebook["metadata"].get("language_info"), dict):
        short = {key: value for key, value in language.items() if key == "name"}
        notebook["metadata"] = {**notebook["metadata"], "language_info": short}
    taken = set(known_ids)
    cells = []
    for cell in notebook["cells"]:
        cell = dict(cell)
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
        if cell.get("id") not in known_ids:
            cell["id"] = _fresh_id(cell["source"], taken)
            taken.add(cell["id"])
        cells.append(cell)
    return {**notebook, "cells": cells}


def _fresh_id(source: str, taken: Collection[str]) -> str:
    check = re.match(r'grader\.check\("([A-Za-z0-9_-]+)"\)', source)
    stem = f"{check[1]}-check" if check else "otter"
    names = (stem if n == 1 else f"{stem}-{n}" for n in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def parse_code(source: str) -> ast.Module:
    """Syntax tree of a code cell, IPython's magics and shell escapes included; may raise SyntaxError."""
    return ast.parse(TransformerManager().transform_cell(source))


def texts(value: Any) -> Iterator[str]:
    """All strings inside JSON data, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
