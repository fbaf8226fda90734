"""What must not reach the students, in forms that can be searched for: statements, lines, literals, names."""

from __future__ import annotations

import ast
import base64
import re
from collections.abc import Iterable, Iterator, Mapping
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
    ast.Compare,
    ast.BoolOp,
    ast.IfExp,
    ast.Call,
    ast.Subscript,
)
_LOOPS: tuple[type[ast.AST], ...] = (ast.ListComp, ast.GeneratorExp, ast.DictComp, ast.SetComp, ast.Lambda)
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
                yield from _lines("model answer", question.name, cell, range(1, len(cell.lines) + 1))
            elif cell.kind == "code":
                yield from _lines("solution line", question.name, cell, sorted(cell.removed_lines))
                yield from _statements(question.name, cell)
                kept = "\n".join(line for n, line in enumerate(cell.lines, 1) if n not in cell.removed_lines)
                yield from _literals(question.name, cell, said + kept)


def hidden_test_secrets(master: Master) -> Iterator[Secret]:
    """Names, messages and assertions of hidden tests."""
    public = squeeze(" ".join(case.source for q in master.questions for case in q.tests if not case.hidden))
    for question in master.questions:
        for case in (case for case in question.tests if case.hidden):
            for kind, text in (("name", case.name), ("message", case.failure_message)):
                if text:
                    yield Secret(
                        f"hidden test's {kind}", question.name, case.cell, text, searchable=squeeze(text)
                    )
            for text in filter(None, map(_assertion, ast.walk(case.function) if case.function else ())):
                if len(squeeze(text)) >= MIN_TEXT and squeeze(text) not in public:
                    yield Secret("hidden test", question.name, case.cell, text, searchable=squeeze(text))


def _assertion(node: ast.AST) -> str:
    """What a statement asserts, without its message; "" if it asserts nothing."""
    if isinstance(node, ast.Assert):
        return ast.unparse(node.test)
    if isinstance(node, ast.Call) and "assert" in ast.unparse(node.func):
        kept = [keyword for keyword in node.keywords if keyword.arg != "err_msg"]
        return ast.unparse(ast.Call(node.func, node.args, kept))
    return ""


def _lines(kind: str, question: str, cell: Cell, numbers: Iterable[int]) -> Iterator[Secret]:
    plain = _plain_lines(cell) if cell.kind == "code" else frozenset()
    for number in numbers:
        text = _CODE_AROUND.sub("", cell.lines[number - 1]).strip()
        marker = re.search(r"# (BEGIN|END) (SOLUTION|PROMPT)", cell.lines[number - 1])
        if len(squeeze(text)) >= MIN_TEXT and not marker and number not in plain:
            yield Secret(kind, question, cell, text, searchable=squeeze(text))


def _plain_lines(cell: Cell) -> frozenset[int]:
    """Lines that hold nothing but statements too common to be anybody's secret."""
    common: set[int] = set()
    for node in ast.walk(cell.tree()):
        if isinstance(node, ast.stmt) and (isinstance(node, _NOT_SECRET) or _own_weight(node) < MIN_WEIGHT):
            common |= set(range(node.lineno, _header_end(node) + 1))
    return frozenset(common)


def _header_end(node: ast.stmt) -> int:
    """Last line of a statement without the block below it."""
    body = getattr(node, "body", None)
    return max(node.lineno, body[0].lineno - 1) if body else node.end_lineno or node.lineno


def _statements(question: str, cell: Cell) -> Iterator[Secret]:
    for node in ast.walk(cell.tree()):
        removed = isinstance(node, ast.stmt) and node.lineno in cell.removed_lines
        if removed and not isinstance(node, _NOT_SECRET) and weight(node) >= MIN_WEIGHT:
            text = ast.unparse(node).splitlines()[0]
            yield Secret("solution statement", question, cell, text, statement=ast.dump(node))


def _literals(question: str, cell: Cell, said: str) -> Iterator[Secret]:
    """Literals of the solution, without those that the question's own text gives away on purpose.

    A string counts where it stands in quotes: as words in a sentence it says nothing about a solution.
    """
    for node in ast.walk(cell.tree()):
        if not isinstance(node, ast.Constant) or node.lineno not in cell.removed_lines:
            continue
        value, kind = node.value, "literal of the solution"
        if isinstance(value, str) and len(squeeze(value)) >= MIN_STRING:
            if squeeze(value) not in squeeze(said):
                for quote in "'\"":
                    yield Secret(kind, question, cell, repr(value), searchable=squeeze(quote + value + quote))
        elif telling(value) and repr(value) not in said:
            yield Secret(kind, question, cell, repr(value), number=value)


def telling(value: Any) -> bool:
    """Whether a number has enough digits to be an answer."""
    if isinstance(value, bool) or not isinstance(value, int | float | complex):
        return False
    digits = re.sub(r"e[+-]?\d+$|\D", "", repr(value)).strip("0")
    return len(digits) >= MIN_DIGITS


def weight(node: ast.AST) -> int:
    """How much a statement says: its operations, calls and look-ups; -1 and np.linalg.norm are one word each."""
    return sum(
        isinstance(child, _OPERATIONS + _LOOPS)
        or (isinstance(child, ast.UnaryOp) and not isinstance(child.operand, ast.Constant))
        or (isinstance(child, ast.Attribute) and not isinstance(child.value, ast.Name | ast.Attribute))
        for child in ast.walk(node)
    )


def _own_weight(statement: ast.stmt) -> int:
    """Weight of a statement without the block below it."""
    blocks = (
        item for name in ("body", "orelse", "finalbody", "handlers") for item in getattr(statement, name, [])
    )
    return weight(statement) - sum(map(weight, blocks))


def exposed(files: Mapping[str, bytes], notebook: str) -> Iterator[Exposed]:
    """Every place in the student files: cells with all their fields, metadata, attachments, other files."""
    for name, data in files.items():
        if name == notebook:
            yield from _exposed_cells(read(data, name))
        else:
            text = data.decode(errors="replace")
            yield expose(name, text, text if name.endswith(".py") else "")


def _exposed_cells(notebook: Notebook) -> Iterator[Exposed]:
    rest = {key: value for key, value in notebook.items() if key != "cells"}
    yield expose("notebook metadata", "\n".join(texts(rest)))
    for index, cell in enumerate(notebook["cells"]):
        text = "\n".join(
            [*texts(cell), *_decoded(cell.get("attachments", {})), *_decoded(cell.get("outputs", []))]
        )
        code = cell["source"] if cell["cell_type"] == "code" else ""
        yield expose(f"cell {index + 1} ({cell.get('id', '')}) of the release", text, code)


def _decoded(value: Any) -> Iterator[str]:
    """Texts inside base64 data: a picture can carry its program's source in its metadata."""
    for text in texts(value):
        if len(text) >= MIN_TEXT and re.fullmatch(r"[A-Za-z0-9+/=\s]+", text):
            try:
                yield base64.b64decode(text).decode(errors="replace")
            except ValueError:
                continue


def expose(place: str, text: str, code: str = "") -> Exposed:
    """What a searcher finds in a text, and in the syntax tree of the code in it."""
    try:
        tree: ast.AST = parse_code(code)
    except SyntaxError:
        tree = ast.Module(body=[], type_ignores=[])
    nodes = list(ast.walk(tree))
    statements = frozenset(ast.dump(node) for node in nodes if isinstance(node, ast.stmt))
    numbers = {node.value for node in nodes if isinstance(node, ast.Constant) and telling(node.value)}
    found = re.findall(r"(?<![\w.])\d+\.?\d*(?:[eE][+-]?\d+)?(?![\w.]*\w)", text)
    numbers |= {value for value in map(_as_number, found) if telling(value)}
    return Exposed(place, squeeze(text), statements, frozenset(numbers))


def _as_number(text: str) -> int | float:
    return int(text) if text.isdigit() else float(text)
