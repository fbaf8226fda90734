"""What must not reach the students, in forms that can be searched for: statements, lines, literals, names."""

from __future__ import annotations

import ast
import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.release.master import Cell, Master
from autograder.release.notebook import Notebook, parse_code, read, texts

# Below these, a match is chance: `return x` and `1.0` stand in every notebook.
MIN_WEIGHT = 2
MIN_TEXT = 16
MIN_DIGITS = 4
MIN_STRING = 8

_OPERATIONS: tuple[type[ast.AST], ...] = (
    ast.BinOp,
    ast.UnaryOp,
    ast.Compare,
    ast.BoolOp,
    ast.IfExp,
    ast.Lambda,
)
_LOOKUPS: tuple[type[ast.AST], ...] = (ast.Call, ast.Subscript, ast.Attribute)
_LOOPS: tuple[type[ast.AST], ...] = (ast.ListComp, ast.GeneratorExp, ast.DictComp, ast.SetComp)
# Around what a line says: white space, `return`, the target of an assignment, a marker.
_CODE_AROUND = re.compile(r"^\W+(return\s+|[\w, ]+ [-+*/@]?= )?|# SOLUTION( NO PROMPT)?\s*$")
_NOT_SECRET = (ast.Import, ast.ImportFrom, ast.Raise, ast.Pass, ast.FunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Secret:
    """Something that students must not see. `cell` is where the master has it."""

    kind: str
    question: str
    cell: Cell = field(repr=False)
    text: str
    statement: str = ""  # its syntax tree, if it is a statement
    number: Any = None  # its value, if it is a number
    searchable: str = ""  # its text without white space, if that is long enough to look for


@dataclass(frozen=True)
class Exposed:
    """One place that students see, and what stands in it."""

    place: str
    squeezed: str = field(repr=False)
    statements: frozenset[str] = field(repr=False)
    numbers: frozenset[Any] = field(repr=False)

    def shows(self, secret: Secret) -> bool:
        return bool(
            (secret.searchable and secret.searchable in self.squeezed)
            or (secret.statement and secret.statement in self.statements)
            or (secret.number is not None and secret.number in self.numbers)
        )


def squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


def solution_secrets(master: Master) -> Iterator[Secret]:
    """Statements, lines and non-trivial literals that otter removes from answer cells, and model answers."""
    for question in master.questions:
        said = " ".join(cell.source for cell in (*question.text, *question.prompts))
        for cell in question.solution:
            if cell.kind == "markdown":
                yield from _lines("model answer", question.name, cell, enumerate(cell.lines, 1))
            elif cell.kind == "code":
                numbered = enumerate(cell.lines, 1)
                removed = [(n, line) for n, line in numbered if n in cell.removed_lines]
                yield from _lines("solution line", question.name, cell, iter(removed))
                yield from _statements(question.name, cell)
                kept = "\n".join(line for n, line in enumerate(cell.lines, 1) if n not in cell.removed_lines)
                yield from _literals(question.name, cell, said + kept)


def hidden_test_secrets(master: Master) -> Iterator[Secret]:
    """Names, messages and assertions of hidden tests."""
    public = {
        ast.dump(node)
        for question in master.questions
        for case in question.tests
        if not case.hidden
        for statement in case.body
        for node in ast.walk(statement)
        if isinstance(node, ast.stmt)
    }
    for question in master.questions:
        for case in (case for case in question.tests if case.hidden):
            for kind, text in (("name", case.name), ("message", case.failure_message)):
                if text:
                    yield Secret(
                        f"hidden test's {kind}", question.name, case.cell, text, searchable=squeeze(text)
                    )
            for node in ast.walk(case.function) if case.function else ():
                asserts = isinstance(node, ast.Assert) or (
                    isinstance(node, ast.Expr) and "assert" in ast.unparse(node).partition("(")[0]
                )
                if asserts and isinstance(node, ast.stmt) and ast.dump(node) not in public:
                    text = ast.unparse(node)
                    yield Secret(
                        "hidden test", question.name, case.cell, text, ast.dump(node), None, squeeze(text)
                    )


def _lines(kind: str, question: str, cell: Cell, lines: Iterator[tuple[int, str]]) -> Iterator[Secret]:
    for _, line in lines:
        text = _CODE_AROUND.sub("", line).strip()
        secret = squeeze(text)
        marker = re.search(r"# (BEGIN|END) (SOLUTION|PROMPT)", line)
        common = re.match(r"(from|import|raise|def|class|@)\b", text)
        if len(secret) >= MIN_TEXT and not marker and not common:
            yield Secret(kind, question, cell, text, searchable=secret)


def _statements(question: str, cell: Cell) -> Iterator[Secret]:
    for node in ast.walk(cell.tree()):
        removed = isinstance(node, ast.stmt) and node.lineno in cell.removed_lines
        if removed and not isinstance(node, _NOT_SECRET) and weight(node) >= MIN_WEIGHT:
            text = ast.unparse(node).splitlines()[0]
            yield Secret("solution statement", question, cell, text, statement=ast.dump(node))


def _literals(question: str, cell: Cell, said: str) -> Iterator[Secret]:
    """Literals of the solution, without those that the question's own text gives away on purpose."""
    for node in ast.walk(cell.tree()):
        if not isinstance(node, ast.Constant) or node.lineno not in cell.removed_lines:
            continue
        value = node.value
        if (
            isinstance(value, str)
            and len(squeeze(value)) >= MIN_STRING
            and squeeze(value) not in squeeze(said)
        ):
            yield Secret("literal of the solution", question, cell, repr(value), searchable=squeeze(value))
        elif _telling(value) and repr(value) not in said:
            yield Secret("literal of the solution", question, cell, repr(value), number=value)


def _telling(value: Any) -> bool:
    """Whether a number has enough digits to be an answer."""
    if isinstance(value, bool) or not isinstance(value, int | float | complex):
        return False
    digits = re.sub(r"e[+-]?\d+$|\D", "", repr(value)).strip("0")
    return len(digits) >= MIN_DIGITS


def weight(node: ast.AST) -> int:
    """How much a statement says: its operations, calls and look-ups."""
    return sum(isinstance(child, _OPERATIONS + _LOOKUPS + _LOOPS) for child in ast.walk(node))


def exposed(files: Mapping[str, bytes], notebook: str) -> Iterator[Exposed]:
    """Every place in the student files: cells with all their fields, metadata, attachments, other files."""
    for name, data in files.items():
        if name == notebook:
            yield from _exposed_cells(read(data, name))
        else:
            text = data.decode(errors="replace")
            yield _expose(name, text, text if name.endswith(".py") else "")


def _exposed_cells(notebook: Notebook) -> Iterator[Exposed]:
    rest = {key: value for key, value in notebook.items() if key != "cells"}
    yield _expose("notebook metadata", "\n".join(texts(rest)), "")
    for index, cell in enumerate(notebook["cells"]):
        text = "\n".join(
            [*texts(cell), *_decoded(cell.get("attachments", {})), *_decoded(cell.get("outputs", []))]
        )
        code = cell["source"] if cell["cell_type"] == "code" else ""
        yield _expose(f"cell {index + 1} ({cell.get('id', '')}) of the release", text, code)


def _decoded(value: Any) -> Iterator[str]:
    """Texts inside base64 data: a picture can carry its program's source in its metadata."""
    for text in texts(value):
        if len(text) >= MIN_TEXT and re.fullmatch(r"[A-Za-z0-9+/=\s]+", text):
            try:
                yield base64.b64decode(text).decode(errors="replace")
            except ValueError:
                continue


def _expose(place: str, text: str, code: str) -> Exposed:
    try:
        tree: ast.AST = parse_code(code)
    except SyntaxError:
        tree = ast.Module(body=[], type_ignores=[])
    nodes = list(ast.walk(tree))
    statements = frozenset(ast.dump(node) for node in nodes if isinstance(node, ast.stmt))
    numbers = {node.value for node in nodes if isinstance(node, ast.Constant) and _telling(node.value)}
    found = re.findall(r"(?<![\w.])\d+\.?\d*(?:[eE][+-]?\d+)?(?![\w.]*\w)", text)
    numbers |= {value for value in map(_as_number, found) if _telling(value)}
    return Exposed(place, squeeze(text), statements, frozenset(numbers))


def _as_number(text: str) -> int | float:
    return int(text) if text.isdigit() else float(text)
