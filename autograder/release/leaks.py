"""What must not reach the students, in forms that can be searched for: text, syntax trees, numbers, words.

Code is compared by its syntax, so that neither layout nor quotes hide it, and once more with its own names
numbered, so that new names do not hide it either. Texts are compared without white space.
"""

from __future__ import annotations

import ast
import base64
import builtins
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations
from typing import Any

from autograder.release.master import Cell, Master, Question, TestCase
from autograder.release.mutants import COSMETIC
from autograder.release.notebook import Notebook, parse_code, read, texts

# Below these, a match is chance: `return x` and `1.0` stand in every notebook.
MIN_WEIGHT = 2
MIN_TEXT = 16
MIN_DIGITS = 4
MIN_STRING = 8
MIN_CALL, MIN_CALL_WORDS = 30, 4  # characters and words of a lone call; np.asarray(x, dtype=float) has 3
MIN_CONSTANTS = 3  # in a list, tuple, set or dict
# Without names: on today's ten assignments 8 protects all 97 questions, and 7 mistakes a figure for an answer.
MIN_WORDS = 8
RUN = 3  # statements in a row: many short ones are an answer as well

_OPERATIONS: tuple[type[ast.AST], ...] = (
    ast.BinOp,
    ast.Compare,
    ast.BoolOp,
    ast.IfExp,
    ast.Call,
    ast.Subscript,
)
_LOOPS: tuple[type[ast.AST], ...] = (ast.ListComp, ast.GeneratorExp, ast.DictComp, ast.SetComp, ast.Lambda)
_DISPLAYS = (ast.Dict, ast.List, ast.Set, ast.Tuple)
# What a person who changes names would leave: builtins, and libraries under their usual names.
_KNOWN = frozenset(dir(builtins)) | {"math", "np", "plt", "scipy", "torch"}
_NAME = re.compile(r"((?:\bName\(id|\barg\(arg|\bFunctionDef\(name)=)'(\w+)'")  # in a dumped syntax tree
_NO_WORDS = (ast.Name, ast.Starred, ast.stmt, ast.arg, ast.arguments, ast.expr_context)
_SIGNS = (ast.operator, ast.unaryop, ast.boolop, ast.cmpop)
_MESSAGES = frozenset({"err_msg", "msg"})
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
    tree: str = ""  # its syntax tree, if it is code
    number: Any = None  # its value, if it is a number
    searchable: str = ""  # its text without white space, if that is long enough to look for
    words: str = ""  # its text, if it counts only where no word goes on around it


@dataclass(frozen=True)
class Exposed:
    """One place that students see, and what stands in it."""

    place: str
    squeezed: str = field(repr=False)
    words: str = field(repr=False)
    trees: frozenset[str] = field(repr=False)
    numbers: frozenset[Any] = field(repr=False)

    def shows(self, secret: Secret) -> bool:
        return bool(
            (secret.searchable and secret.searchable in self.squeezed)
            or (secret.tree and secret.tree in self.trees)
            or (secret.number is not None and secret.number in self.numbers)
            or (secret.words and re.search(rf"(?<!\w){re.escape(secret.words)}(?!\w)", self.words))
        )


def squeeze(text: str) -> str:
    """Text without white space, and without a formatter's choice of quotes and trailing commas."""
    return re.sub(r",(?=[)\]}])", "", re.sub(r"\s+", "", text).replace("'", '"'))


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
    for claim in filter(None, map(_asserted, ast.walk(case.function) if case.function else ())):
        text, source = ast.unparse(claim), ast.get_source_segment(case.code, claim) or ""
        if len(squeeze(text)) >= MIN_TEXT:
            tree, searchable = ast.dump(claim), squeeze(source)
            yield Secret("hidden test", question.name, case.cell, text, tree, searchable=searchable)


def _asserted(node: ast.AST) -> ast.expr | None:
    """What a statement asserts, without its message; None if it asserts nothing."""
    if isinstance(node, ast.Assert):
        return node.test
    if isinstance(node, ast.Call) and "assert" in getattr(node.func, "attr", getattr(node.func, "id", "")):
        return _without(node, _MESSAGES)
    return None


def _without(call: ast.Call, names: frozenset[str]) -> ast.Call:
    """A call without some of its keywords; in the source, it ends with the last argument that it keeps."""
    kept = [keyword for keyword in call.keywords if keyword.arg not in names]
    shorter = ast.copy_location(ast.Call(call.func, call.args, kept), call)
    ends: list[ast.expr | ast.keyword] = [*call.args, *kept, call.func]
    shorter.end_lineno, shorter.end_col_offset = max((e.end_lineno or 0, e.end_col_offset or 0) for e in ends)
    return shorter


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
            tree = ast.dump(_value(node))
            yield Secret("solution statement", question, cell, _first_line(node), tree)
    for run in _runs(cell.tree()):
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
        elif _is_table(node):
            found = {"tree": ast.dump(node), "searchable": squeeze(text)}
        secret = Secret("literal of the solution", question, cell, text, **found)
        if found and node.lineno in cell.removed_lines and not said.shows(secret):
            yield secret


def _literal_nodes(node: ast.AST) -> Iterator[ast.expr]:
    """Constants and displays, but no docstrings, prompts, words of f-strings, and nothing about looks."""
    for child in ast.iter_child_nodes(node):
        words = isinstance(child, ast.Constant) and isinstance(node, ast.Expr | ast.JoinedStr)
        if not words and not (isinstance(child, ast.keyword) and child.arg in COSMETIC):
            if isinstance(child, (*_DISPLAYS, ast.Constant)):
                yield child
            yield from _literal_nodes(child)


def _is_table(node: ast.AST) -> bool:
    """Whether this is a list, tuple, set or dict of several constants and nothing else."""
    if not isinstance(node, _DISPLAYS):
        return False
    inside = [child for child in ast.walk(node) if isinstance(child, ast.expr)]
    plain = all(isinstance(child, (*_DISPLAYS, ast.Constant, ast.UnaryOp)) for child in inside)
    several = sum(isinstance(child, ast.Constant) for child in inside) >= MIN_CONSTANTS
    return plain and several and len(squeeze(ast.unparse(node))) >= MIN_STRING


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


def _tells(statement: ast.stmt, amount: int) -> bool:
    """Whether a statement of this weight says enough to be a secret; the value of one long call does too."""
    if isinstance(statement, _NOT_SECRET):
        return False
    value = _value(statement)
    if isinstance(value, ast.Call) and not isinstance(statement, ast.Expr):
        value = _without(value, COSMETIC)
        long = len(squeeze(ast.unparse(value))) >= MIN_CALL and _word_count(value) >= MIN_CALL_WORDS
        return long or amount >= MIN_WEIGHT
    return amount >= MIN_WEIGHT


def _value(statement: ast.AST) -> ast.AST:
    """What a statement computes, whatever it does with it."""
    plain = isinstance(statement, ast.Return | ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr)
    return getattr(statement, "value", None) or statement if plain else statement


def _runs(tree: ast.AST) -> Iterator[list[ast.stmt]]:
    """A few statements in a row, as far as they say enough to be recognised without their names."""
    bodies = (getattr(n, name, None) for n in ast.walk(tree) for name in ("body", "orelse", "finalbody"))
    for body in (body for body in bodies if isinstance(body, list)):  # a lambda's is not
        counts = [(_word_count(node), weight(node)) for node in body]
        common = [isinstance(_value(node), (*_NOT_SECRET, ast.Constant)) for node in body]
        for start, end in ((i, j) for i, j in combinations(range(len(body) + 1), 2) if j - i <= RUN):
            words, weights = map(sum, zip(*counts[start:end], strict=True))
            if words >= MIN_WORDS and weights >= MIN_WEIGHT and not any(common[start:end]):
                yield body[start:end]


def _word_count(node: ast.AST) -> int:
    """Calls, operations, attributes, constants: what is left of code without its names."""
    return sum(not isinstance(child, _NO_WORDS + _SIGNS) for child in ast.walk(node))


def shape(run: Sequence[ast.stmt]) -> str:
    """Syntax trees of statements, or of the value of a single one, with their own names numbered."""
    numbers: dict[str, int] = {}

    def numbered(name: re.Match[str]) -> str:
        return name[0] if name[2] in _KNOWN else f"{name[1]}{numbers.setdefault(name[2], len(numbers))}"

    nodes = run if len(run) > 1 else [_value(run[0])]
    return _NAME.sub(numbered, "\n".join(map(ast.dump, nodes)))


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


@lru_cache(maxsize=256)  # a release is searched for solutions and for hidden tests
def expose(place: str, text: str, code: str = "") -> Exposed:
    """What a searcher finds in a text, and in the syntax tree of the code in it."""
    try:
        tree: ast.AST = parse_code(code)
    except SyntaxError:
        tree = ast.Module(body=[], type_ignores=[])
    numbers = {
        node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and telling(node.value)
    }
    for variant in (text, re.sub(r"(?<=\d)(?:[,_]|\{,\}|\\,)(?=\d{3}(?!\d))", "", text)):  # 1,234,567.5
        found = re.findall(r"(?<![\w.])(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]*\w)", variant)
        numbers |= {value for value in map(_as_number, found) if telling(value)}
    return Exposed(place, squeeze(text), " ".join(text.split()), frozenset(_trees(tree)), frozenset(numbers))


def _trees(tree: ast.AST) -> Iterator[str]:
    """All that a secret's syntax tree can be equal to."""
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            yield ast.dump(_value(node))
        elif isinstance(node, ast.Constant) or _is_table(node):
            yield ast.dump(node)
        if claim := _asserted(node):
            yield ast.dump(claim)
    yield from map(shape, _runs(tree))


def _as_number(text: str) -> int | float:
    return int(text) if text.isdigit() else float(text)
