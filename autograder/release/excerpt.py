"""The part of a solved notebook that one question needs, so that hundreds of answers to it run in seconds."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from autograder.release.master import Question, bound_names
from autograder.release.notebook import Notebook, parse_code, write


def excerpt(solution: Notebook, question: Question, source: str) -> bytes:
    """The solution notebook with `source` as the answer to `question`, cut down to what that needs.

    Kept are the answer, its check, and each earlier code cell that binds a name which a kept cell or a test
    of the question asks for, without imports that nobody asks for: pictures, other questions' work and big
    libraries would only cost time. If a cell cannot be parsed, all cells before the check are kept.
    """
    cells = [dict(cell) for cell in solution["cells"] if cell["cell_type"] == "code"]
    position = next(i for i, cell in enumerate(cells) if question.answer and cell["id"] == question.answer.id)
    cells[position]["source"] = source
    before, own = cells[:position], cells[position : position + 2]
    try:
        kept = _needed(before, source, {"grader", *_arguments(question)})
    except SyntaxError:
        kept = before
    return write({**solution, "cells": [*kept, *own]})


@dataclass(frozen=True)
class _Code:
    """A code cell, parsed once for all answers: its tree, and the names that it binds and asks for."""

    tree: ast.Module
    bound: frozenset[str]
    free: frozenset[str]


@lru_cache(maxsize=256)
def _code(source: str) -> _Code:
    tree = parse_code(source)
    return _Code(tree, frozenset(bound_names(tree.body)), frozenset(free_names(tree)))


def _needed(cells: list[dict[str, str]], source: str, names: set[str]) -> list[dict[str, str]]:
    wanted = names | free_names(parse_code(source))
    kept = []
    for cell in reversed(cells):
        code = _code(cell["source"])
        if wanted & code.bound:
            wanted |= code.free
            kept.append({**cell, "source": _without_imports(cell["source"], code.tree, wanted)})
    return kept[::-1]


def _without_imports(source: str, tree: ast.Module, wanted: set[str]) -> str:
    """Leave out the import statements at the top level that bind nothing wanted."""
    wanted = wanted | {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    lines = source.split("\n")
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom) and not wanted & set(bound_names([node])):
            last = node.end_lineno or node.lineno
            lines[node.lineno - 1 : last] = ["pass"] * (last - node.lineno + 1)
    return "\n".join(lines)


def _arguments(question: Question) -> Iterable[str]:
    functions = [case.function for case in question.tests if case.function]
    return (argument.arg for function in functions for argument in function.args.args)


def free_names(tree: ast.AST) -> set[str]:
    """Names that code uses and does not bind itself, anywhere; builtins are not counted."""
    bound = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    used: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (bound if isinstance(node.ctx, ast.Store) else used).add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            bound.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            bound |= {alias.asname or alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ExceptHandler) and node.name:
            bound.add(node.name)
    return used - bound - set(dir(builtins))
