"""The part of a solved notebook that one question needs, so that hundreds of answers to it run in seconds."""

from __future__ import annotations

import ast
import builtins
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress

from autograder.release.master import Question, bound_names, walk_scope
from autograder.release.notebook import Notebook, parse_code, write

# Calls that leave nothing behind for later cells but a picture or a seed, on which no test can rely.
_IDLE = re.compile(r"print|display|grader\.\w+|plt\.\w+|(\w+\.)*(manual_)?seed")


def excerpt(solution: Notebook, question: Question, source: str) -> bytes:
    """The solution notebook with `source` as the answer to `question`, cut down to what that needs.

    Kept are the answer, its check, and each earlier code cell that binds or changes a name which a kept cell or
    a test of the question asks for, or calls something that may act beyond its own names, such as a module's
    settings. Imports that nobody asks for are left out: pictures, other questions' work and big libraries would
    only cost time. If a cell cannot be parsed, all cells before the check are kept.
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
    """A code cell, parsed once for all answers.

    `touched` are the names that it binds or changes, `free` those that it asks for and `used` all in it; `acts`
    says that it calls something on what is not its own. `imports` stand alone on their lines.
    """

    touched: frozenset[str]
    free: frozenset[str]
    used: frozenset[str]
    acts: bool
    imports: tuple[ast.Import | ast.ImportFrom, ...]


@lru_cache(maxsize=256)
def _code(source: str) -> _Code:
    try:
        tree = ast.parse(source)
        imports = tuple(_lone_imports(tree))
    except SyntaxError:  # with magics, lines are counted in another text
        tree, imports = parse_code(source), ()
    nodes = [node for statement in tree.body for node in walk_scope(statement)]
    own = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    parts = [node for node in nodes if isinstance(node, ast.Attribute | ast.Subscript)]
    changed = {_root(node) for node in parts if not isinstance(node.ctx, ast.Load)}
    used, acts = frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name)), False
    for call in (node.value for node in nodes if isinstance(node, ast.Expr)):
        if isinstance(call, ast.Call) and not _IDLE.fullmatch(ast.unparse(call.func)):
            # `rng.shuffle(x)` acts on rng and may change x, `show(x)` acts on x.
            subject = _root(call.args[0] if isinstance(call.func, ast.Name) and call.args else call.func)
            acts |= subject not in own
            if "plt" not in used:  # what a picture shows stays as it is
                changed |= {node.id for node in call.args if isinstance(node, ast.Name)}
    touched = frozenset(changed | set(bound_names(tree.body)))
    return _Code(touched, frozenset(free_names(tree)), used, acts, imports)


def _root(node: ast.AST) -> str:
    """The name at the start of ``model.layers[0].weight``, or ""."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _lone_imports(tree: ast.Module) -> Iterator[ast.Import | ast.ImportFrom]:
    lines = Counter(line for node in tree.body for line in _lines(node))
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom) and all(lines[line] == 1 for line in _lines(node)):
            yield node


def _lines(node: ast.stmt) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def _needed(cells: list[dict[str, str]], source: str, names: set[str]) -> list[dict[str, str]]:
    codes = [_code(cell["source"]) for cell in cells]
    wanted, before = {"*", *names, *free_names(parse_code(source))}, set[str]()
    while wanted != before:
        before = wanted
        keep = [code.acts or not wanted.isdisjoint(code.touched) for code in codes]
        wanted = wanted.union(*(code.free for code in compress(codes, keep)))
    return [
        {**cell, "source": _without_imports(cell["source"], code, wanted)}
        for cell, code in compress(zip(cells, codes, strict=True), keep)
    ]


def _without_imports(source: str, code: _Code, wanted: set[str]) -> str:
    """Leave out the import statements at the top level that bind nothing wanted."""
    lines = source.split("\n")
    for node in code.imports:
        if not (wanted | code.used) & set(bound_names([node])):
            for line in _lines(node):
                lines[line - 1] = "pass"
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
        elif isinstance(node, ast.pattern):
            bound |= {name for key in ("name", "rest") if (name := getattr(node, key, None))}
    return used - bound - set(dir(builtins))
