"""Answers that are empty: written by machine for every question, and refused by every case of good tests.

NumPy broadcasts an empty array against a number, so that `assert_allclose([], 5.0)` passes, and `all` of nothing
is true. A test that forgets to look at the shape first gives such an answer full marks.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from autograder.release.master import Master, Question
from autograder.release.problem import Problem, Rules
from autograder.verdict import Verdict

rules = Rules()
Found = Iterator[Problem]

# What an answer returns instead of its result. An array of shape (0, 1) broadcasts against vectors as well.
EMPTY = {
    "nothing": "None",
    "nan": "float('nan')",
    "an empty list": "[]",
    "an array of shape (0, 1)": "__import__('numpy').empty((0, 1))",
}


@dataclass(frozen=True)
class EmptyAnswer:
    """An answer cell whose functions return something empty; `title` says what."""

    question: str
    title: str
    source: str = field(repr=False)

    @property
    def key(self) -> str:
        """A name for its notebook, unique within the assignment."""
        return f"{self.question} empty: {self.title}"


@dataclass(frozen=True)
class EmptyRuns:
    """The empty answers of an assignment, and the verdicts on them."""

    answers: tuple[EmptyAnswer, ...]
    verdicts: Mapping[str, Verdict]


def empty_answers(question: Question) -> Iterator[EmptyAnswer]:
    """Empty answers to a question: one constant for everything, and one for each part of a pair or a record.

    A function that the solution returns is kept, with the constant as its result, so that an answer which
    builds functions is as empty as one that builds numbers.
    """
    seen: set[str] = set()
    for whole in (True, False):
        for title, text in EMPTY.items():
            value = ast.parse(text, mode="eval").body
            source = _emptied(question, value, whole=whole)
            if source and source not in seen:
                seen.add(source)
                yield EmptyAnswer(question.name, title if whole else f"{title} in each place", source)


def _emptied(question: Question, value: ast.expr, *, whole: bool) -> str:
    if not question.answer:
        return ""
    tree, own = copy.deepcopy(question.answer.tree()), question.answer.removed_lines
    for node in tree.body:
        members = node.body if isinstance(node, ast.ClassDef) else [node]
        for member in members:
            if isinstance(member, ast.FunctionDef) and own & _lines(member) and member.name[:2] != "__":
                _empty_function(member, value, whole=whole)
        if isinstance(node, ast.Assign) and own & _lines(node):
            node.value = _empty_value(node.value, value, {}, whole=whole)
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def _lines(statement: ast.stmt) -> set[int]:
    return set(range(statement.lineno, (statement.end_lineno or statement.lineno) + 1))


def _empty_function(function: ast.FunctionDef, value: ast.expr, *, whole: bool) -> None:
    """Replace the body by the return of a constant, in the shape of what the function returned last."""
    results = [node.value for node in _own_nodes(function) if isinstance(node, ast.Return) and node.value]
    inner = {node.name: node for node in function.body if isinstance(node, ast.FunctionDef)}
    result = _empty_value(results[-1], value, inner, whole=whole) if results else value
    kept = [node for name, node in inner.items() if name in _names(result)]
    for node in kept:
        _empty_function(node, value, whole=whole)
    function.body = [*kept, ast.Return(copy.deepcopy(result))]
    function.decorator_list = []


def _empty_value(
    result: ast.expr, value: ast.expr, inner: Mapping[str, ast.FunctionDef], *, whole: bool
) -> ast.expr:
    """The constant in the place of a result, or in each place of a tuple, a list, a dict or a condition."""
    if whole:
        return value
    if isinstance(result, ast.Name) and result.id in inner:
        return result
    if isinstance(result, ast.IfExp):
        return _empty_value(result.body, value, inner, whole=whole)
    if isinstance(result, ast.Tuple | ast.List) and result.elts:
        parts = [_empty_value(part, value, inner, whole=whole) for part in result.elts]
        return type(result)(parts, ast.Load())
    if isinstance(result, ast.Dict) and result.keys and all(isinstance(k, ast.Constant) for k in result.keys):
        return ast.Dict(
            result.keys, [_empty_value(part, value, inner, whole=whole) for part in result.values]
        )
    return value


def _names(result: ast.expr) -> set[str]:
    return {node.id for node in ast.walk(result) if isinstance(node, ast.Name)}


def _own_nodes(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Nodes of a function's body in the order of the text, without those of functions inside it."""
    waiting: list[ast.AST] = list(reversed(function.body))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            waiting += reversed(list(ast.iter_child_nodes(node)))


@rules
def empty_answers_fail(master: Master, tried: EmptyRuns) -> Found:
    """Every case fails answers that return nothing, nan, or an empty list or array: it compares shapes too."""
    for question in master.graded:
        passed: dict[int, list[str]] = {}
        for answer in (answer for answer in tried.answers if answer.question == question.name):
            verdict = tried.verdicts.get(answer.key)
            result = verdict.result(question.name) if verdict else None
            if result is None:
                reason = f"an answer that returns {answer.title} could not be graded."
                yield Problem(reason, str(question.answer), question.name)
            for index, case in enumerate(result.cases if result else ()):
                if case.passed:
                    passed.setdefault(index, []).append(answer.title)
        for index, titles in sorted(passed.items()):
            test = question.tests[index]
            reason = f"{test.name} passes answers that return {', '.join(titles)}: compare shapes first."
            yield Problem(reason, str(test.cell), question.name)
