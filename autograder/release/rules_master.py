"""Rules about a master's structure: blocks, names, config, answer cells, markers, metadata."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import nbformat
from otter.assign.solutions import replace_solutions
from otter.assign.utils import is_ignore_cell

from autograder.release.keys import unknown_assignment_keys, unknown_question_keys, unknown_test_keys
from autograder.release.master import FILE_KEYS, Cell, Master, Question
from autograder.release.notebook import LANGUAGE_INFO, parse_code
from autograder.release.problem import Problem, Rules

rules = Rules()
Found = Iterator[Problem]

# Any comment that looks like a marker: those about solutions however they are spelt, the others in capitals.
MARKER = re.compile(
    r"#+\s*(?i:((BEGIN|END)\s*_?\s*)?(SOLUTIONS?|HIDDEN|(NO\s+)?PROMPT)(\s+NO\s+PROMPT)?)\s*$"
    r"|#+\s*(?i:(BEGIN|END)\s*_?\s*(TESTS?(\s+CONFIG)?|QUESTION|IGNORE|PLUGIN(\s+EXPORT)?))\s*$"
    r"|#+\s*(SEED|IGNORE|ASSIGNMENT CONFIG)\s*$"
)
EXACT_MARKERS = frozenset(
    f"# {words}"
    for words in (
        "SOLUTION",
        "SOLUTION NO PROMPT",
        "BEGIN SOLUTION",
        "BEGIN SOLUTION NO PROMPT",
        "END SOLUTION",
        "BEGIN PROMPT",
        "END PROMPT",
    )
)
CELL_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
RANDOM_ID = re.compile(r"[0-9a-f]{8}|[0-9a-f-]{36}")
NOTEBOOK_METADATA = {"kernelspec": {"display_name", "language", "name"}, "language_info": LANGUAGE_INFO}


@rules
def blocks(master: Master) -> Found:
    """Blocks are closed and nested as otter wants them, and their configs are valid YAML."""
    yield from master.problems
    if not master.graded:
        yield Problem("there is no auto-graded question.")


@rules
def raw_cells(master: Master) -> Found:
    """Every raw cell is one of otter's blocks; a misspelt one would reach the students."""
    known = {question.cell.index for question in master.questions}
    for cell in master.cells:
        first = cell.lines[0].strip()
        exact = r"# (ASSIGNMENT CONFIG|(BEGIN|END) (QUESTION|PROMPT|SOLUTION|TESTS))"
        if cell.kind == "raw" and cell.index not in known and not re.fullmatch(exact, first):
            yield Problem(f"otter does not know the block {first!r}.", str(cell))


@rules
def dropped_cells(master: Master) -> Found:
    """No cell is dropped by accident: otter ignores every cell whose first line begins with "# ignore"."""
    for cell in master.cells:
        if is_ignore_cell(nbformat.from_dict(cell.data)) and cell.lines[0].strip() != "# IGNORE":
            reason = f"otter drops this cell, because its first line begins with {cell.lines[0][:8]!r}."
            yield Problem(reason, str(cell))


@rules
def assignment_config(master: Master) -> Found:
    """The assignment is configured once, under its folder's name, for test files of the exception format."""
    where = str(master.config_cell or "")
    if not master.config_cell:
        yield Problem("there is no # ASSIGNMENT CONFIG cell.")
        return
    if master.config.get("name") != master.name:
        yield Problem(f"`name` is {master.config.get('name')!r}, not the folder's {master.name!r}.", where)
    tests = master.config.get("tests")
    tests = tests if isinstance(tests, dict) else {}
    if tests.get("ok_format", True) is not False:
        reason = "doctest-like tests define their functions and never call them, so that everybody passes:"
        yield Problem(f"{reason} set `tests: {{files: true, ok_format: false}}`.", where)
    if tests.get("files", False) is not True:
        yield Problem("tests belong in files: set `tests: {files: true, ok_format: false}`.", where)


@rules
def files(master: Master) -> Found:
    """Shared files are named in lists, and each lies in the assignment's folder or beside it."""
    for key in FILE_KEYS:
        if key in master.config and not isinstance(master.config[key], list):
            reason = f"`{key}` is {master.config[key]!r}, not a list: write `{key}: [plotted.py]`."
            yield Problem(reason, str(master.config_cell))


@rules
def known_keys(master: Master) -> Found:
    """Every key in otter's blocks is one that otter knows."""
    if master.config_cell:
        for reason in unknown_assignment_keys(master.config):
            yield Problem(reason, str(master.config_cell))
    for question in master.questions:
        for reason in unknown_question_keys(question.config):
            yield Problem(reason, str(question.cell), question.name)
        for case in question.tests:
            for reason in unknown_test_keys(case.config):
                yield Problem(reason, str(case.cell), question.name)


@rules
def unique_questions(master: Master) -> Found:
    """Question names are unique (otter merges equal ones), and each can be a file name."""
    seen: dict[str, Cell] = {}
    for question in master.questions:
        if question.name in seen:
            reason = f"the name {question.name!r} is taken by {seen[question.name]}."
            yield Problem(reason, str(question.cell), question.name)
        elif question.name and not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", question.name):
            yield Problem("a name is letters, digits and _.", str(question.cell), question.name)
        seen.setdefault(question.name, question.cell)


@rules
def unique_test_names(master: Master) -> Found:
    """Test functions have unique names: of two equal ones, otter keeps the last and says nothing."""
    seen: dict[str, Cell] = {}
    for question in master.questions:
        for case in question.tests:
            if case.name and case.name in seen:
                reason = f"{case.name} is already the name of the test in {seen[case.name]}."
                yield Problem(reason, str(case.cell), question.name)
            seen.setdefault(case.name, case.cell)


@rules
def cell_ids(master: Master) -> Found:
    """Every cell has a unique id that a person gave it, so that diffs and messages stay readable."""
    how = 'open the file as text and write words and hyphens, as in "id": "q3-answer".'
    nameless = [cell for cell in master.cells if not cell.id]
    if nameless:
        reason = f"{len(nameless)} of {len(master.cells)} cells have no id: save the notebook in Jupyter, then {how}"
        yield Problem(reason, str(nameless[0]))
    seen: dict[str, Cell] = {}
    for cell in (cell for cell in master.cells if cell.id):
        if cell.id in seen:
            yield Problem(f"the id {cell.id!r} is already that of {seen[cell.id]}: {how}", str(cell))
        elif not CELL_ID.fullmatch(cell.id) or RANDOM_ID.fullmatch(cell.id):
            yield Problem(f"the id {cell.id!r} is not readable: {how}", str(cell))
        seen.setdefault(cell.id, cell)


@rules
def question_order(master: Master) -> Found:
    """An auto-graded question is its text, one answer cell in a SOLUTION block, then its TESTS."""
    for question in master.graded:
        codes = [cell for cell in question.solution if cell.kind == "code"]
        shape = [part for i, part in enumerate(question.order) if [part] != list(question.order[i - 1 : i])]
        if shape != ["markdown", "solution", "tests"]:
            reason = f"its parts are {', '.join(shape) or 'missing'}; they must be text, SOLUTION, TESTS."
            yield Problem(reason, str(question.cell), question.name)
        if len(codes) != 1 or len(question.solution) != 1:
            reason = f"the SOLUTION block has {len(question.solution)} cells, not just one code cell."
            yield Problem(reason, str(question.cell), question.name)
        elif not codes[0].removed_lines and _balanced(codes[0]):
            yield Problem("no line of the answer cell is marked as solution.", str(codes[0]), question.name)


@rules
def written_questions(master: Master) -> Found:
    """A question graded by hand has points, text and a model answer, and no tests."""
    for question in master.questions:
        if not question.manual:
            continue
        if question.tests:
            yield Problem("a manual question has tests.", str(question.tests[0].cell), question.name)
        points = question.points
        if isinstance(points, bool) or not isinstance(points, int | float) or points <= 0:
            yield Problem("a manual question needs `points`.", str(question.cell), question.name)
        if not question.text:
            yield Problem("the question has no text.", str(question.cell), question.name)
        if not any(cell.kind == "markdown" for cell in question.solution):
            yield Problem("there is no model answer in a SOLUTION block.", str(question.cell), question.name)


@rules
def markers(master: Master) -> Found:
    """Solution markers are spelt exactly, balanced, on whole statements, and only in answer cells."""
    answers = {cell.index: q for q in master.questions for cell in q.solution if cell.kind == "code"}
    blocks = {case.cell.index for question in master.questions for case in question.tests}
    for cell in master.cells:
        if cell.kind == "raw" or cell.index in blocks:
            continue
        question = answers.get(cell.index)
        for number, line in enumerate(cell.lines, start=1):
            found = MARKER.search(line)
            if not found or (
                cell.kind == "markdown" and re.match(r"\s*#+ ", line) and not found[0].isupper()
            ):
                continue  # a heading such as "# Solution" in a text is not a marker
            name = question.name if question else ""
            if found[0].rstrip() not in EXACT_MARKERS:
                reason = f"line {number}: {found[0]!r} is not a marker that belongs in an answer cell."
                yield Problem(reason, str(cell), name)
            elif question is None:
                reason = (
                    f"line {number}: {found[0]!r} stands outside a SOLUTION block, so otter keeps the line."
                )
                yield Problem(reason, str(cell))
        if question:
            yield from _marker_use(cell, question)


def _balanced(cell: Cell) -> bool:
    try:
        replace_solutions(cell.lines, "python")
    except AssertionError:
        return False
    return True


def _marker_use(cell: Cell, question: Question) -> Found:
    if not _balanced(cell):
        reason = "# BEGIN SOLUTION and # END SOLUTION do not come in pairs."
        yield Problem(reason, str(cell), question.name)
    single = {n for n, line in enumerate(cell.lines, 1) if re.search(r"# SOLUTION( NO PROMPT)?\s*$", line)}
    for node in ast.walk(cell.tree()):
        if isinstance(node, ast.stmt) and not hasattr(node, "body"):
            lines = set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
            if len(lines) > 1 and lines & single:
                reason = (
                    f"line {min(lines & single)}: # SOLUTION removes one line of a statement that has "
                    f"{len(lines)}: use # BEGIN SOLUTION and # END SOLUTION."
                )
                yield Problem(reason, str(cell), question.name)


@rules
def clean_master(master: Master) -> Found:
    """The master has no outputs, no execution counts and no metadata, which would reach the students."""
    for cell in master.cells:
        if cell.data.get("outputs") or cell.data.get("execution_count"):
            yield Problem("clear the outputs.", str(cell))
        if cell.data.get("metadata"):
            yield Problem(f"cell metadata: {', '.join(map(str, cell.data['metadata']))}.", str(cell))
    for key, value in {"kernelspec": None, **master.notebook["metadata"]}.items():
        known = NOTEBOOK_METADATA.get(key) if isinstance(value, dict) else None
        if key == "kernelspec" and known is None:
            yield Problem("the notebook names no kernel: choose Python 3 in Jupyter and save it.")
        elif extra := {key} if known is None else set(value) - known:
            yield Problem(f"notebook metadata: {', '.join(sorted(extra))}: delete it in the file.")


@rules
def code_cells(master: Master) -> Found:
    """Every code cell is Python, in the master and as students get it."""
    answers = {cell.index: q for q in master.questions for cell in q.solution}
    tests = {case.cell.index for question in master.questions for case in question.tests}
    for cell in master.cells:
        if cell.kind != "code" or cell.index in tests:
            continue
        versions = {"": cell.source}
        question = answers.get(cell.index)
        if question and not list(_marker_use(cell, question)):
            versions["as students get it, "] = "\n".join(replace_solutions(cell.lines, "python"))
        for version, source in versions.items():
            try:
                parse_code(source)
            except SyntaxError as error:
                reason = f"{version}line {error.lineno} is not Python: {error.msg}."
                yield Problem(reason, str(cell), question.name if question else "")
                break
