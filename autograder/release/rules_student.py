"""Rules about what students get: nothing of a solution or a hidden test, and nothing unforeseen."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from autograder.release.compile import Build
from autograder.release.exposed import expose, exposed, telling
from autograder.release.leaks import Secret, hidden_test_secrets, solution_secrets
from autograder.release.master import Master, TestCase
from autograder.release.notebook import parse_code, read
from autograder.release.problem import Problem, Rules

rules = Rules()
Found = Iterator[Problem]

STUDENT_MARKER = re.compile(
    r"(?i:#\s*(BEGIN|END)\s+(SOLUTION|PROMPT|TESTS?|HIDDEN|IGNORE|PLUGIN|QUESTION)\b(?!\s*-->))"
    r"|(?i:#\s*(SOLUTION(\s+NO\s+PROMPT)?|HIDDEN)\s*$)|#\s*(SEED|IGNORE)\s*$"
    r"|(?i:BEGIN TEST CONFIG|END TEST CONFIG|ASSIGNMENT CONFIG|otter_assign_solution_cell)"
    r"|@test_case\(.*\bhidden\s*=\s*True"
)
NOTEBOOK_METADATA = frozenset({"kernelspec", "language_info", "otter"})
CELL_METADATA = frozenset({"editable", "deletable", "tags"})
CELL_TAGS = frozenset({"otter_answer_cell"})


def _leaks(secrets: Iterable[Secret], master: Master, build: Build) -> Found:
    places = list(exposed(build.student, f"{master.name}.ipynb"))
    for secret in secrets:
        for place in places:
            if place.shows(secret) and secret.words != secret.question:
                shown = secret.text if len(secret.text) <= 80 else f"{secret.text[:77]}..."
                reason = f"students can read a {secret.kind} in {place.place}: {shown}"
                yield Problem(reason, str(secret.cell), secret.question)


@rules
def no_solution(master: Master, build: Build) -> Found:
    """No statement, line, model answer or telling literal of a solution is in any student file."""
    seen: set[tuple[str, str]] = set()
    for problem in _leaks(solution_secrets(master), master, build):
        key = (problem.place, re.sub(r"^.*? in (cell \d+|[^:]*).*$", r"\1", problem.reason))
        if key not in seen:  # a statement is also a line, and a literal is in both: once is enough
            seen.add(key)
            yield problem


@rules
def no_hidden_test(master: Master, build: Build) -> Found:
    """No hidden test's name, message or assertion is in any student file."""
    yield from _leaks(hidden_test_secrets(master), master, build)


@rules
def hidden_messages(master: Master, build: Build) -> Found:
    """The message of a hidden case, which students see, gives away neither the solution nor the wanted value."""
    secrets = list(solution_secrets(master))
    for question in master.graded:
        for case in (case for case in question.tests if case.hidden and case.function):
            shown = expose(str(case.cell), case.failure_message)
            told = [s.text for s in secrets if s.question == question.name and shown.shows(s)]
            told += [str(number) for number in sorted(shown.numbers & _numbers(case))]
            for text in told:
                yield Problem(f"the message says {text}.", str(case.cell), question.name)


def _numbers(case: TestCase) -> set[float]:
    nodes = ast.walk(case.function) if case.function else ()
    return {node.value for node in nodes if isinstance(node, ast.Constant) and telling(node.value)}  # type: ignore[misc]


@rules
def no_marker(master: Master, build: Build) -> Found:
    """No marker or tag of otter's masters is in any student file."""
    notebook = f"{master.name}.ipynb"
    for name, data in build.student.items():
        if name != notebook:
            for found in _markers(data.decode(errors="replace"), prose=name.endswith(".md")):
                yield Problem(f"students can read {found!r}.", name)
    for index, cell in enumerate(read(build.student[notebook], master.name)["cells"]):
        text = f"{cell['source']}\n{cell.get('metadata', {})}"
        for found in _markers(text, prose=cell["cell_type"] == "markdown"):
            yield Problem(f"students can read {found!r}.", f"cell {index + 1} ({cell['id']}) of the release")


def _markers(text: str, *, prose: bool) -> Iterator[str]:
    """Markers by line; a heading such as "# Solution" in a text is none."""
    for line in text.splitlines():
        heading = prose and re.match(r"\s*#+ ", line)
        yield from (m[0] for m in STUDENT_MARKER.finditer(line) if not heading or m[0].isupper())


@rules
def student_files(master: Master, build: Build) -> Found:
    """Students get the notebook, one file of public tests a question, and the files that the config names."""
    tests = {f"tests/{q.name}.py" for q in master.graded if any(not case.hidden for case in q.tests)}
    notebook = f"{master.name}.ipynb"
    for name in sorted({notebook, *tests} - set(build.student)):
        yield Problem("the release lacks this file.", name)
    named = tuple(str(file) for key in ("files", "student_files") for file in master.config.get(key) or [])
    for name in sorted(set(build.student) - tests - {notebook}):
        if not any(name == file or name.startswith(f"{file.rstrip('/')}/") for file in named):
            yield Problem("nobody asked for this file in the release.", name)


@rules
def student_metadata(master: Master, build: Build) -> Found:
    """The student notebook carries no outputs and only the metadata that notebooks and otter need."""
    notebook = read(build.student[f"{master.name}.ipynb"], master.name)
    for key in sorted(set(notebook["metadata"]) - NOTEBOOK_METADATA):
        yield Problem(f"notebook metadata {key!r} reaches the students.", "the release")
    for index, cell in enumerate(notebook["cells"]):
        where = f"cell {index + 1} ({cell['id']}) of the release"
        extra = set(cell["metadata"]) - CELL_METADATA | set(cell["metadata"].get("tags", [])) - CELL_TAGS
        if extra:
            yield Problem(f"cell metadata {', '.join(sorted(extra))} reaches the students.", where)
        if cell.get("outputs") or cell.get("execution_count"):
            yield Problem("an output reaches the students.", where)


@rules
def check_after_answer(master: Master, build: Build) -> Found:
    """In the release, each answer cell is Python and its check comes right after it."""
    cells = read(build.student[f"{master.name}.ipynb"], master.name)["cells"]
    position = {cell["id"]: index for index, cell in enumerate(cells)}
    for question in master.graded:
        index = position.get(question.answer.id) if question.answer else None
        following = cells[index + 1 : index + 2] if index is not None else []
        place = str(question.answer or question.cell)
        if not following or following[0]["source"] != f'grader.check("{question.name}")':
            yield Problem("the check does not follow the answer cell.", place, question.name)
            continue
        assert index is not None
        try:
            parse_code(cells[index]["source"])
        except SyntaxError as error:
            yield Problem(f"as released, the answer cell is not Python: {error.msg}.", place, question.name)
