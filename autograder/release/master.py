"""A master notebook as a model of questions: what otter will read in it, cell by cell.

All rules, attempts and mutants read this model; otter itself is asked what a block cell is and which
lines it removes, so that the model and the compiled release cannot drift apart.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import nbformat
import yaml
from otter.assign.blocks import BlockType, is_assignment_config_cell, is_block_boundary_cell
from otter.assign.solutions import replace_solutions
from otter.assign.tests_manager import BEGIN_TEST_CONFIG_REGEX, END_TEST_CONFIG_REGEX
from otter.assign.utils import is_ignore_cell

from autograder.release.notebook import Notebook, parse_code, read
from autograder.release.problem import Problem

FILE_KEYS = ("files", "autograder_files", "student_files")


@dataclass(frozen=True)
class Cell:
    """A cell of the master; `index` counts from 0."""

    index: int
    kind: str
    source: str
    data: Mapping[str, Any] = field(repr=False)

    @property
    def id(self) -> str:
        return self.data.get("id", "")

    def __str__(self) -> str:
        return f"cell {self.index + 1}" + (f" ({self.id})" if self.id else "")

    @property
    def lines(self) -> list[str]:
        return re.split("\r?\n", self.source)

    @cached_property
    def removed_lines(self) -> frozenset[int]:
        """Numbers (from 1) of the lines that otter takes out or replaces in a solution cell."""
        lines = [_NumberedLine(line) for line in self.lines]
        for number, line in enumerate(lines, start=1):
            line.number = number
        try:
            kept = replace_solutions(lines, "python")
        except AssertionError:  # unbalanced markers: a rule of its own says so
            return frozenset()
        return frozenset(range(1, len(lines) + 1)) - {
            line.number for line in kept if isinstance(line, _NumberedLine)
        }

    def tree(self) -> ast.Module:
        """Syntax tree of a code cell; an empty one if the cell does not parse (a rule says so)."""
        try:
            return parse_code(self.source)
        except SyntaxError:
            return ast.Module(body=[], type_ignores=[])


class _NumberedLine(str):
    """A line that remembers its number; otter returns kept lines as the very objects it was given."""

    number: int


@dataclass(frozen=True)
class TestCase:
    """One test cell: its config block, and the code after it."""

    __test__ = False  # not a test class for pytest

    cell: Cell
    config: Mapping[str, Any]
    code: str
    body: tuple[ast.stmt, ...]
    hidden: bool

    @property
    def function(self) -> ast.FunctionDef | None:
        return next((node for node in self.body if isinstance(node, ast.FunctionDef)), None)

    @property
    def name(self) -> str:
        return self.function.name if self.function else ""

    @property
    def points(self) -> Any:
        return self.config.get("points")

    @property
    def failure_message(self) -> str:
        return str(self.config.get("failure_message") or "")

    @cached_property
    def source(self) -> str:
        """The test function as its author wrote it."""
        return (ast.get_source_segment(self.code, self.function) or "") if self.function else ""


@dataclass(frozen=True)
class Question:
    """A question: its config, and the cells of its blocks in order."""

    name: str
    cell: Cell
    config: Mapping[str, Any]
    text: tuple[Cell, ...]
    prompts: tuple[Cell, ...]
    solution: tuple[Cell, ...]
    tests: tuple[TestCase, ...]
    order: tuple[str, ...]

    @property
    def manual(self) -> bool:
        return bool(self.config.get("manual"))

    @property
    def points(self) -> Any:
        return self.config.get("points")

    @property
    def answer(self) -> Cell | None:
        """The code cell that students fill in."""
        return next((cell for cell in self.solution if cell.kind == "code"), None)

    @property
    def defines(self) -> frozenset[str]:
        """Names that the answer cell binds at top level."""
        return frozenset(bound_names(self.answer.tree().body)) if self.answer else frozenset()


@dataclass(frozen=True)
class Master:
    """A master notebook, parsed. `problems` are those of its block structure and YAML."""

    name: str
    notebook: Notebook = field(repr=False)
    cells: tuple[Cell, ...] = field(repr=False)
    config: Mapping[str, Any]
    config_cell: Cell | None
    questions: tuple[Question, ...]
    problems: tuple[Problem, ...]

    @property
    def graded(self) -> tuple[Question, ...]:
        """The questions that the grader scores."""
        return tuple(question for question in self.questions if not question.manual)

    @property
    def given(self) -> tuple[Cell, ...]:
        """Cells outside all questions, which students get as they are."""
        inside = {cell.index for q in self.questions for cell in (*q.text, *q.prompts, *q.solution)}
        inside |= {case.cell.index for q in self.questions for case in q.tests}
        return tuple(c for c in self.cells if c.kind != "raw" and c.index not in inside)

    @property
    def files(self) -> tuple[str, ...]:
        """Files that otter puts beside the notebooks."""
        lists = [self.config.get(key) for key in FILE_KEYS]
        named = [str(file) for files in lists if isinstance(files, list) for file in files]
        return tuple(dict.fromkeys(named))


def parse(data: bytes, name: str) -> Master:
    """Read a master notebook; a broken structure becomes `problems`, never an exception.

    Raises
    ------
    BadInput
        If `data` is not a notebook at all.
    """
    notebook = read(data, f"{name}.ipynb")
    cells = tuple(Cell(i, c["cell_type"], c["source"], c) for i, c in enumerate(notebook["cells"]))
    return _Parser(name, notebook, cells).parse()


def bound_names(body: list[ast.stmt]) -> Iterator[str]:
    """Names that statements bind in their own scope: definitions, imports, assignments, loop variables."""
    for statement in body:
        for node in walk_scope(statement):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield node.name
            elif isinstance(node, ast.Import | ast.ImportFrom):
                yield from (alias.asname or alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id


def walk_scope(node: ast.AST) -> Iterator[ast.AST]:
    """A node and all below it, but not what is inside functions, classes and lambdas."""
    yield node
    inner_scopes = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
    if not isinstance(node, inner_scopes):
        for child in ast.iter_child_nodes(node):
            yield from walk_scope(child)


class _Loader(yaml.SafeLoader):
    """YAML as otter reads it, but a key given twice is an error: YAML silently keeps the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=deep) for key, _ in node.value]
        if doubled := next((key for i, key in enumerate(keys) if key in keys[:i]), None):
            raise yaml.YAMLError(f"the key {doubled!r} is given twice")
        return super().construct_mapping(node, deep)


class _Parser:
    """Walks the cells once, with the block it is in as its only state."""

    def __init__(self, name: str, notebook: Notebook, cells: tuple[Cell, ...]) -> None:
        self.name, self.notebook, self.cells = name, notebook, cells
        self.problems: list[Problem] = []
        self.config: dict[str, Any] = {}
        self.config_cell: Cell | None = None
        self.questions: list[Question] = []
        self.begin: Cell | None = None  # the open question's first cell
        self.begin_config: dict[str, Any] = {}
        self.block: BlockType | None = None  # the open block inside it
        self.parts: dict[str, list[Cell]] = {}
        self.order: list[str] = []

    def parse(self) -> Master:
        for cell in self.cells:
            if is_ignore_cell(nbformat.from_dict(cell.data)):
                continue
            boundary = _boundary(cell)
            if cell.kind == "markdown" and re.search(r"^\s*```otter", cell.source, re.MULTILINE):
                self._problem(cell, "write otter's blocks as raw cells, not as ```otter fences.")
            elif cell.kind == "raw" and is_assignment_config_cell(nbformat.from_dict(cell.data)):
                self._assignment_config(cell)
            elif boundary:
                self._cross(cell, *boundary)
            elif self.begin:
                self.parts.setdefault(self.block.value if self.block else "text", []).append(cell)
                self.order.append(cell.kind if not self.block else "")
        if self.begin:
            self._problem(self.begin, "this question has no # END QUESTION cell.")
            self._close()
        return Master(
            self.name,
            self.notebook,
            self.cells,
            self.config,
            self.config_cell,
            tuple(self.questions),
            tuple(self.problems),
        )

    def _problem(self, cell: Cell, reason: str, *, rule: str = "blocks") -> None:
        question = str(self.begin_config.get("name", "")) if self.begin else ""
        self.problems.append(Problem(reason, str(cell), question, rule))

    def _is_sound(self, cell: Cell) -> bool:
        return not any(problem.place == str(cell) for problem in self.problems)

    def _yaml(self, cell: Cell, text: str | None = None) -> dict[str, Any]:
        try:
            config = yaml.load(cell.source if text is None else text, Loader=_Loader)
        except (yaml.YAMLError, ValueError) as error:  # a ValueError: a date that no calendar has
            reason = " ".join(str(error).split())
            self._problem(cell, f"this is not valid YAML: {reason}.", rule="yaml")
            return {}
        if config is not None and not isinstance(config, dict):
            self._problem(cell, "a config is written as `key: value` lines.", rule="yaml")
            return {}
        return config or {}

    def _assignment_config(self, cell: Cell) -> None:
        if self.config_cell:
            self._problem(cell, f"the assignment is configured twice, first in {self.config_cell}.")
        else:
            self.config, self.config_cell = self._yaml(cell), cell

    def _cross(self, cell: Cell, kind: BlockType, end: bool) -> None:
        words = f"# {'END' if end else 'BEGIN'} {kind.name}"
        if kind is BlockType.QUESTION:
            if self.block:
                self._problem(cell, f"{words} stands inside a {self.block.name} block.")
                self.block = None
            if bool(self.begin) is not end:
                missing = "has no # BEGIN QUESTION" if end else "stands inside another question"
                self._problem(cell, f"{words} {missing}.")
            if self.begin:
                self._close()
            if not end:
                self.begin, self.begin_config = cell, self._yaml(cell)
                if "name" not in self.begin_config and self._is_sound(cell):
                    self._problem(cell, "the question has no name.")
        elif not self.begin:
            self._problem(cell, f"{words} stands outside a question.")
        elif (self.block is kind) if end else (self.block is None):
            self.block = None if end else kind
            self.order += [] if end else [kind.value]
        else:
            inside = f"inside a {self.block.name} block" if self.block else "without its begin"
            self._problem(cell, f"{words} stands {inside}.")
            self.block = None if end else kind

    def _close(self) -> None:
        assert self.begin
        config = self.begin_config
        blocks = {kind: tuple(self.parts.get(kind, ())) for kind in ("text", "prompt", "solution", "tests")}
        tests = tuple(self._test(cell) for cell in blocks["tests"] if cell.kind == "code")
        for cell in blocks["tests"]:
            if cell.kind != "code":
                self._problem(cell, "only code cells may stand in a TESTS block.")
        self.questions.append(
            Question(
                str(config.get("name", "")),
                self.begin,
                config,
                blocks["text"],
                blocks["prompt"],
                blocks["solution"],
                tests,
                tuple(part for part in self.order if part),
            )
        )
        self.begin, self.begin_config, self.block, self.parts, self.order = None, {}, None, {}, []

    def _test(self, cell: Cell) -> TestCase:
        lines, config, start = cell.lines, {}, 0
        if re.match(BEGIN_TEST_CONFIG_REGEX, lines[0], flags=re.IGNORECASE):
            ends = (n for n, line in enumerate(lines) if re.match(END_TEST_CONFIG_REGEX, line, re.IGNORECASE))
            end = next(ends, None)
            if end is None:
                self._problem(cell, "the test config is not closed by a # END TEST CONFIG line.")
            else:
                config, start = self._yaml(cell, "\n".join(lines[1:end])), end + 1
        code = "\n".join(lines[start:])
        try:
            body = tuple(ast.parse(code).body)
        except SyntaxError as error:
            body = ()
            self._problem(
                cell, f"not Python: {error.msg}, line {start + (error.lineno or 1)}.", rule="syntax"
            )
        by_comment = lines[0].lstrip().startswith("#") and re.search(r"\bhidden\b", lines[0], re.IGNORECASE)
        return TestCase(cell, config, code, body, bool(config.get("hidden", bool(by_comment))))


def _boundary(cell: Cell) -> tuple[BlockType, bool] | None:
    """Which block this cell begins or ends, as otter sees it."""
    node = nbformat.from_dict(cell.data)
    if cell.kind != "raw":
        return None
    for kind in BlockType:
        for end in (False, True):
            if is_block_boundary_cell(node, kind, end=end):
                return kind, end
    return None
