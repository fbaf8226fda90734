"""What students see, in forms in which secrets can be searched for: text, syntax trees, numbers, words.

Code is compared by its syntax, so that neither layout nor quotes hide it, and once more with its own names
numbered, so that new names do not hide it either. Texts are compared without white space.
"""

from __future__ import annotations

import ast
import base64
import builtins
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING, Any

from autograder.release.notebook import Notebook, parse_code, read, texts

if TYPE_CHECKING:
    from autograder.release.leaks import Secret

# Below these, a match is chance: `return x` and `1.0` stand in every notebook.
MIN_WEIGHT = 2
MIN_TEXT = 16
MIN_DIGITS = 4
MIN_STRING = 8
MIN_CONSTANTS = 3  # in a list, tuple, set or dict
# Without names: on today's ten assignments 8 protects all 97 questions, and 7 mistakes a figure for an answer.
MIN_WORDS = 8
RUN = 3  # statements in a row: many short ones are an answer as well
DISPLAYS = (ast.Dict, ast.List, ast.Set, ast.Tuple)
NOT_SECRET = (ast.Import, ast.ImportFrom, ast.Raise, ast.Pass, ast.FunctionDef, ast.ClassDef)

_OPERATIONS: tuple[type[ast.AST], ...] = (
    ast.BinOp,
    ast.Compare,
    ast.BoolOp,
    ast.IfExp,
    ast.Call,
    ast.Subscript,
)
_LOOPS: tuple[type[ast.AST], ...] = (ast.ListComp, ast.GeneratorExp, ast.DictComp, ast.SetComp, ast.Lambda)
# What a person who changes names would leave: builtins, and libraries under their usual names.
_KNOWN = frozenset(dir(builtins)) | {"math", "np", "plt", "scipy", "torch"}
_NAME = re.compile(r"((?:\bName\(id|\barg\(arg|\bFunctionDef\(name)=)'(\w+)'")  # in a dumped syntax tree
_NO_WORDS = (ast.Name, ast.Starred, ast.stmt, ast.arg, ast.arguments, ast.expr_context)
_SIGNS = (ast.operator, ast.unaryop, ast.boolop, ast.cmpop)
_MESSAGES = frozenset({"err_msg", "msg"})


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
            yield ast.dump(value_of(node))
        elif isinstance(node, ast.Constant) or is_table(node):
            yield ast.dump(node)
        if claim := asserted(node):
            yield ast.dump(claim)
    yield from map(shape, runs(tree))


def _as_number(text: str) -> int | float:
    return int(text) if text.isdigit() else float(text)


def shape(run: Sequence[ast.stmt]) -> str:
    """Syntax trees of statements, or of the value of a single one, with their own names numbered."""
    numbers: dict[str, int] = {}

    def numbered(name: re.Match[str]) -> str:
        return name[0] if name[2] in _KNOWN else f"{name[1]}{numbers.setdefault(name[2], len(numbers))}"

    nodes = run if len(run) > 1 else [value_of(run[0])]
    return _NAME.sub(numbered, "\n".join(map(ast.dump, nodes)))


def runs(tree: ast.AST) -> Iterator[list[ast.stmt]]:
    """A few statements in a row, as far as they say enough to be recognised without their names."""
    bodies = (getattr(n, name, None) for n in ast.walk(tree) for name in ("body", "orelse", "finalbody"))
    for body in (body for body in bodies if isinstance(body, list)):  # a lambda's is not
        counts = [(word_count(node), weight(node)) for node in body]
        common = [isinstance(value_of(node), (*NOT_SECRET, ast.Constant)) for node in body]
        for start, end in ((i, j) for i, j in combinations(range(len(body) + 1), 2) if j - i <= RUN):
            words, weights = map(sum, zip(*counts[start:end], strict=True))
            if words >= MIN_WORDS and weights >= MIN_WEIGHT and not any(common[start:end]):
                yield body[start:end]


def value_of(statement: ast.AST) -> ast.AST:
    """What a statement computes, whatever it does with it."""
    plain = isinstance(statement, ast.Return | ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr)
    return getattr(statement, "value", None) or statement if plain else statement


def asserted(node: ast.AST) -> ast.expr | None:
    """What a statement asserts, without its message; None if it asserts nothing."""
    if isinstance(node, ast.Assert):
        return node.test
    if isinstance(node, ast.Call) and "assert" in getattr(node.func, "attr", getattr(node.func, "id", "")):
        return without(node, _MESSAGES)
    return None


def without(call: ast.Call, names: frozenset[str]) -> ast.Call:
    """A call without some of its keywords; in the source, it ends with the last argument that it keeps."""
    kept = [keyword for keyword in call.keywords if keyword.arg not in names]
    shorter = ast.copy_location(ast.Call(call.func, call.args, kept), call)
    ends: list[ast.expr | ast.keyword] = [*call.args, *kept, call.func]
    shorter.end_lineno, shorter.end_col_offset = max((e.end_lineno or 0, e.end_col_offset or 0) for e in ends)
    return shorter


def is_table(node: ast.AST) -> bool:
    """Whether this is a list, tuple, set or dict of several constants and nothing else."""
    if not isinstance(node, DISPLAYS):
        return False
    inside = [child for child in ast.walk(node) if isinstance(child, ast.expr)]
    plain = all(isinstance(child, (*DISPLAYS, ast.Constant, ast.UnaryOp)) for child in inside)
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


def word_count(node: ast.AST) -> int:
    """Calls, operations, attributes, constants: what is left of code without its names."""
    return sum(not isinstance(child, _NO_WORDS + _SIGNS) for child in ast.walk(node))
