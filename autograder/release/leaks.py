"""What must not reach the students: what of a solution and of hidden tests is secret."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from autograder.release.exposed import (
    DISPLAYS,
    MIN_STRING,
    MIN_TEXT,
    MIN_WEIGHT,
    NOT_SECRET,
    Exposed,
    asserted,
    expose,
    is_table,
    runs,
    shape,
    squeeze,
    telling,
    value_of,
    weight,
    without,
    word_count,
)
from autograder.release.master import Cell, Master, Question, TestCase
from autograder.release.mutants import COSMETIC

MIN_CALL, MIN_CALL_WORDS = 30, 4  # characters and words of a lone call; np.asarray(x, dtype=float) has 3
# Around what a line says: white space, `return`, the target of an assignment, a marker.
_CODE_AROUND = re.compile(r"^\W+(return\s+|[\w, ]+ [-+*/@]?= )?|# SOLUTION( NO PROMPT)?\s*$")


@dataclass(frozen=True)
class Secret:
    """Something that students must not see. `cell` is where the master has it."""

    kind: str
    question: str
    cell: Cell = field(repr=False)
    text: str
    tree: str = ""  # its syntax tree, if it is code
    number: Any = None  # its value, if it is a number
    searchable: str = ""  # its text without white space, if that is long enough to look for
    words: str = ""  # its text, if it counts only where no word goes on around it


def solution_secrets(master: Master) -> Iterator[Secret]:
    """Statements, lines and non-trivial literals that otter removes from answer cells, and model answers."""
    for question in master.questions:
        text = "\n".join(cell.source for cell in (*question.text, *question.prompts))
        for cell in question.solution:
            if cell.kind == "markdown":
                yield from _lines("model answer", question.name, cell, range(1, len(cell.lines) + 1))
            elif cell.kind == "code":
                yield from _lines("solution line", question.name, cell, sorted(cell.removed_lines))
                yield from _statements(question.name, cell)
                kept = "\n".join(line for n, line in enumerate(cell.lines, 1) if n not in cell.removed_lines)
                said = expose("the question", f"{text}\n{kept}", kept)
                yield from _literals(question.name, cell, said)


def hidden_test_secrets(master: Master) -> Iterator[Secret]:
    """Names, messages and assertions of hidden tests."""
    cases = [(question, case) for question in master.questions for case in question.tests]
    public = [case for _, case in cases if not case.hidden]
    code = "\n".join(case.source for case in public)
    said = expose("the public tests", "\n".join([code, *(case.failure_message for case in public)]), code)
    for question, case in ((question, case) for question, case in cases if case.hidden):
        name, message = case.name, " ".join(case.failure_message.split())
        yield Secret("hidden test's name", question.name, case.cell, name, words=name)
        told = Secret("hidden test's message", question.name, case.cell, message, words=message)
        yield from (secret for secret in (told, *_assertions(question, case)) if not said.shows(secret))


def _assertions(question: Question, case: TestCase) -> Iterator[Secret]:
    for claim in filter(None, map(asserted, ast.walk(case.function) if case.function else ())):
        text, source = ast.unparse(claim), ast.get_source_segment(case.code, claim) or ""
        if len(squeeze(text)) >= MIN_TEXT:
            tree, searchable = ast.dump(claim), squeeze(source)
            yield Secret("hidden test", question.name, case.cell, text, tree, searchable=searchable)


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
        if isinstance(node, ast.stmt) and not _tells(node, _own_weight(node)):
            common |= set(range(node.lineno, _header_end(node) + 1))
    return frozenset(common)


def _header_end(node: ast.stmt) -> int:
    """Last line of a statement without the block below it."""
    body = getattr(node, "body", None)
    return max(node.lineno, body[0].lineno - 1) if body else node.end_lineno or node.lineno


def _statements(question: str, cell: Cell) -> Iterator[Secret]:
    for node in ast.walk(cell.tree()):
        if isinstance(node, ast.stmt) and node.lineno in cell.removed_lines and _tells(node, weight(node)):
            tree = ast.dump(value_of(node))
            yield Secret("solution statement", question, cell, _first_line(node), tree)
    for run in runs(cell.tree()):
        if all(node.lineno in cell.removed_lines for node in run):
            yield Secret("solution with other names", question, cell, _first_line(run[0]), shape(run))


def _first_line(node: ast.AST) -> str:
    return ast.unparse(node).splitlines()[0]


def _literals(question: str, cell: Cell, said: Exposed) -> Iterator[Secret]:
    """Literals of the solution, without those that the question's own text gives away on purpose.

    In a text, a string counts where it stands in quotes: as words in a sentence it says nothing about a solution.
    """
    for node in _literal_nodes(cell.tree()):
        value, text = getattr(node, "value", None), ast.unparse(node)
        found: dict[str, Any] = {}
        if isinstance(value, str) and len(squeeze(value)) >= MIN_STRING:
            if squeeze(value) not in said.squeezed:
                found = {"tree": ast.dump(node), "searchable": squeeze(f"'{value}'")}
        elif telling(value):
            found = {"number": value}
        elif is_table(node):
            found = {"tree": ast.dump(node), "searchable": squeeze(text)}
        secret = Secret("literal of the solution", question, cell, text, **found)
        if found and node.lineno in cell.removed_lines and not said.shows(secret):
            yield secret


def _literal_nodes(node: ast.AST) -> Iterator[ast.expr]:
    """Constants and displays, but no docstrings, prompts, words of f-strings, and nothing about looks."""
    for child in ast.iter_child_nodes(node):
        words = isinstance(child, ast.Constant) and isinstance(node, ast.Expr | ast.JoinedStr)
        if not words and not (isinstance(child, ast.keyword) and child.arg in COSMETIC):
            if isinstance(child, (*DISPLAYS, ast.Constant)):
                yield child
            yield from _literal_nodes(child)


def _own_weight(statement: ast.stmt) -> int:
    """Weight of a statement without the block below it."""
    blocks = (
        item for name in ("body", "orelse", "finalbody", "handlers") for item in getattr(statement, name, [])
    )
    return weight(statement) - sum(map(weight, blocks))


def _tells(statement: ast.stmt, amount: int) -> bool:
    """Whether a statement of this weight says enough to be a secret; the value of one long call does too."""
    if isinstance(statement, NOT_SECRET):
        return False
    value = value_of(statement)
    if isinstance(value, ast.Call) and not isinstance(statement, ast.Expr):
        value = without(value, COSMETIC)
        long = len(squeeze(ast.unparse(value))) >= MIN_CALL and word_count(value) >= MIN_CALL_WORDS
        return long or amount >= MIN_WEIGHT
    return amount >= MIN_WEIGHT
