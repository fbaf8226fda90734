"""Small wrong variants of a solution, made by machine: what the hand-written attempts have not thought of.

No mutation library is used: those that exist mutate files on disk and run a test suite against each, while
here a mutant is an answer cell and the suite is the sealed grader.
"""

from __future__ import annotations

import ast
import copy
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.errors import BadInput
from autograder.release.master import Question

FILE = "mutants.toml"

# How a picture looks is not graded, nor what `zip` says of lists that do not belong together; a mutant of these
# arguments would only ask for tests of taste.
COSMETIC = frozenset(
    "alpha c color colors cmap edgecolor edgecolors facecolor facecolors figsize fontsize framealpha levels "
    "linestyle linestyles linewidth linewidths loc ls lw marker markersize ms ncols pad s size strict width zorder".split()
)
_SWAPS: dict[type, tuple[type, ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
}


@dataclass(frozen=True)
class Mutant:
    """A changed answer cell. `change` is the statement before and after; it names the mutant in `mutants.toml`."""

    question: str
    operator: str
    statement: str
    change: str
    source: str = field(repr=False)

    @property
    def key(self) -> str:
        return f"{self.question} mutant {self.change}"


_OPPOSITES = {"max": "min", "min": "max", "argmax": "argmin", "argmin": "argmax"}
Change = tuple[str, ast.AST | None]


def mutants(question: Question) -> Iterator[Mutant]:
    """All mutants of a question's solution, none of them equal to it or to each other."""
    if not question.answer:
        return
    tree = question.answer.tree()
    lists = _list_names(tree)
    seen, names = {ast.unparse(tree)}, Counter[str]()
    for path, node in _solution_nodes(tree, question.answer.removed_lines):
        for operator, replacement in _changes(node):
            mutated = copy.deepcopy(tree)
            after = _replace(mutated, path, replacement)
            source = ast.unparse(ast.fix_missing_locations(mutated))
            if source in seen or (operator == "missing copy" and _argument_name(node) in lists):
                continue
            seen.add(source)
            before = _head(_enclosing(tree, path))
            change = f"{before} -> {after}"
            names[change] += 1
            change += f" ({names[change]})" if names[change] > 1 else ""
            yield Mutant(question.name, operator, before, change, source + "\n")


def read_equivalent(folder: Path) -> dict[tuple[str, str], str]:
    """Mutants that a person found to be as good as the solution.

    An entry names one mutant, or a statement all of whose mutants are meant (where contour lines are drawn)::

        [[equivalent]]
        question = "q3"
        mutant = "x = x0.copy() -> x = x0"  # or: statement = "x = x0.copy()"
        reason = "x0 is a fresh array here"

    Returns
    -------
    reasons : dict
        (question, mutant or statement) -> reason.

    Raises
    ------
    BadInput
        If the file is not valid.
    """
    path = folder / FILE
    if not path.exists():
        return {}
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))["equivalent"]
        for entry in entries:
            if not str(entry["reason"]).strip() or ("mutant" in entry) == ("statement" in entry):
                raise ValueError("an entry has a question, a mutant or a statement, and a reason")
        return {(e["question"], e.get("mutant") or e["statement"]): str(e["reason"]) for e in entries}
    except (OSError, ValueError, KeyError, TypeError) as error:
        form = "`verify` prints the mutants that are alive."
        raise BadInput(f"{path}: {type(error).__name__}: {error}.", fix=form) from None


def _list_names(tree: ast.AST) -> set[str]:
    """Names that are bound to fresh lists: an array made of one is a copy in any case."""
    return {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.List | ast.ListComp)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _argument_name(node: ast.AST) -> str:
    return (
        node.args[0].id
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Name)
        else ""
    )


Way = tuple[tuple[str, int | None], ...]


def _solution_nodes(tree: ast.Module, lines: frozenset[int]) -> Iterator[tuple[Way, ast.AST]]:
    """Nodes of the solution's own statements, each with the way to it from the root."""

    def walk(node: ast.AST, path: Way, inside: bool) -> Iterator[tuple[Way, ast.AST]]:
        if isinstance(node, ast.stmt):
            inside = node.lineno in lines
        if inside and not _is_docstring(node):
            yield path, node
        for name, value in ast.iter_fields(node):
            if isinstance(node, ast.keyword) and node.arg in COSMETIC:
                continue
            for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
                if isinstance(child, ast.AST):
                    yield from walk(child, (*path, (name, index)), inside)

    yield from walk(tree, (), False)


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _child(node: ast.AST, step: tuple[str, int | None]) -> Any:
    value = getattr(node, step[0])
    return value if step[1] is None else value[step[1]]


def _enclosing(tree: ast.AST, path: Way) -> ast.stmt:
    """The innermost statement on the way."""
    found: Any = tree
    node: Any = tree
    for step in path:
        node = _child(node, step)
        found = node if isinstance(node, ast.stmt) else found
    return found


def _replace(tree: ast.Module, path: Way, replacement: ast.AST | None) -> str:
    """Put a node in another's place (`pass` for None), and return the changed statement's first line."""
    parent: Any = tree
    for step in path[:-1]:
        parent = _child(parent, step)
    name, index = path[-1]
    new = ast.Pass() if replacement is None else copy.deepcopy(replacement)
    if index is None:
        setattr(parent, name, new)
    else:
        getattr(parent, name)[index] = new
    return _head(_enclosing(tree, path))


def _head(statement: ast.AST) -> str:
    return ast.unparse(statement).splitlines()[0]


def _changes(node: ast.AST) -> Iterator[Change]:
    for kind, make in _OPERATORS:
        if isinstance(node, kind):
            yield from make(node)


def _binary(node: Any) -> Iterator[Change]:
    for other in _SWAPS.get(type(node.op), ()):
        yield "operator", ast.BinOp(node.left, other(), node.right)
    if isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Div):
        yield "dropped term", node.left
    if isinstance(node.op, ast.Add | ast.Mult):
        yield "dropped term", node.right
    if isinstance(node.op, ast.MatMult):
        if isinstance(node.left, ast.Name) and node.left.id[0].isupper():  # vectors have small letters
            yield (
                "transposed",
                ast.BinOp(ast.Attribute(node.left, "T", ast.Load()), ast.MatMult(), node.right),
            )
        yield "operator", ast.BinOp(node.left, ast.Mult(), node.right)
    if isinstance(node.op, ast.Pow):
        yield "dropped power", node.left


def _augmented(node: Any) -> Iterator[Change]:
    for other in _SWAPS.get(type(node.op), ()):
        yield "operator", ast.AugAssign(node.target, other(), node.value)
    yield "dropped statement", None


def _unary(node: Any) -> Iterator[Change]:
    if isinstance(node.op, ast.USub | ast.Not):
        yield "sign" if isinstance(node.op, ast.USub) else "condition", node.operand


def _compare(node: Any) -> Iterator[Change]:
    for index, op in enumerate(node.ops):
        for other in _SWAPS.get(type(op), ()):
            yield (
                "comparison",
                ast.Compare(
                    node.left, [*node.ops[:index], other(), *node.ops[index + 1 :]], node.comparators
                ),
            )


def _boolean(node: Any) -> Iterator[Change]:
    yield "condition", ast.BoolOp(_SWAPS[type(node.op)][0](), node.values)


def _constant(node: Any) -> Iterator[Change]:
    value = node.value
    if isinstance(value, bool):
        yield "constant", ast.Constant(not value)
    elif isinstance(value, int):
        yield "off by one", ast.Constant(value + 1)
        if value > 0:
            yield "off by one", ast.Constant(value - 1)
    elif isinstance(value, float):
        yield "constant", ast.Constant(value * 2 if value else 1.0)


def _call(node: Any) -> Iterator[Change]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name == "copy" or name == "deepcopy":
        subject = node.args[0] if node.args else getattr(node.func, "value", None)
        if subject is not None:
            yield "missing copy", subject
    if name == "array" and node.args and isinstance(node.args[0], ast.Name | ast.Attribute | ast.Subscript):
        yield "missing copy", _renamed(node, "asarray")
    if name == "range" and len(node.args) == 1:
        for op in (ast.Add(), ast.Sub()):
            yield "off by one", ast.Call(node.func, [ast.BinOp(node.args[0], op, ast.Constant(1))], [])
    if name == "abs" and node.args:
        yield "dropped call", node.args[0]
    if name in _OPPOSITES:
        yield "operator", _renamed(node, _OPPOSITES[name])


def _renamed(node: ast.Call, name: str) -> ast.Call:
    function = node.func
    new = (
        ast.Attribute(function.value, name, ast.Load())
        if isinstance(function, ast.Attribute)
        else ast.Name(name, ast.Load())
    )
    return ast.Call(new, node.args, node.keywords)


def _keyword(node: Any) -> Iterator[Change]:
    if node.arg == "dtype":
        yield "float32", ast.keyword("dtype", ast.Constant("float32"))
    if node.arg == "axis" and isinstance(node.value, ast.Constant) and node.value.value in (0, 1):
        yield "swapped axes", ast.keyword("axis", ast.Constant(1 - node.value.value))


def _attribute(node: Any) -> Iterator[Change]:
    if node.attr == "T":
        yield "transposed", node.value


def _subscript(node: Any) -> Iterator[Change]:
    index = node.slice
    if isinstance(node.ctx, ast.Load) and isinstance(index, ast.UnaryOp | ast.Constant):
        text = ast.unparse(index)
        if text in ("0", "-1"):
            other = ast.parse("-1" if text == "0" else "0", mode="eval").body
            yield "first or last element", ast.Subscript(node.value, other, ast.Load())


def _slice(node: Any) -> Iterator[Change]:
    if node.lower:
        yield "first or last element", ast.Slice(None, node.upper, node.step)
    if node.upper:
        yield "first or last element", ast.Slice(node.lower, None, node.step)


def _branch(node: Any) -> Iterator[Change]:
    changed = copy.copy(node)
    changed.test = ast.UnaryOp(ast.Not(), node.test)
    yield "condition", changed


def _expression_statement(node: Any) -> Iterator[Change]:
    if isinstance(node.value, ast.Call):
        yield "dropped statement", None


_OPERATORS: tuple[tuple[Any, Callable[[Any], Iterator[Change]]], ...] = (
    (ast.BinOp, _binary),
    (ast.AugAssign, _augmented),
    (ast.UnaryOp, _unary),
    (ast.Compare, _compare),
    (ast.BoolOp, _boolean),
    (ast.Constant, _constant),
    (ast.Call, _call),
    (ast.keyword, _keyword),
    (ast.Attribute, _attribute),
    (ast.Subscript, _subscript),
    (ast.Slice, _slice),
    (ast.If | ast.IfExp, _branch),
    (ast.Expr, _expression_statement),
)
