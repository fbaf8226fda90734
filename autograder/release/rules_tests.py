"""Rules about test cells: config, messages, points, and code that can run sealed and can fail."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from autograder.release.excerpt import free_names
from autograder.release.master import Master, Question, TestCase, bound_names
from autograder.release.problem import Problem, Rules

rules = Rules()
Found = Iterator[Problem]

PUBLIC_IMPORTS = frozenset({"numpy", "scipy", "torch", "matplotlib", "math", "plotted"})
TOLERANT = frozenset({"assert_allclose", "allclose", "isclose", "assert_close"})
DECIMALS = frozenset({"assert_almost_equal", "assert_array_almost_equal", "assert_approx_equal"})
TORCH_RANDOM = re.compile(r"torch\.(rand|randn|randint|randperm|normal|bernoulli|multinomial)(_like)?")
LEGACY_RANDOM = re.compile(
    r"((np|numpy)\.)?random\.(?!default_rng|Generator|PCG64|Philox|SeedSequence|Random\b)\w+"
)


def cases(master: Master) -> Iterator[tuple[Question, TestCase]]:
    return ((question, case) for question in master.questions for case in question.tests)


@rules
def test_cells(master: Master) -> Found:
    """A test cell is a config block and one function `test_...`; otter drops or refuses anything else."""
    for question, case in cases(master):
        problem = ""
        if not case.body:
            problem = "there is no test function."
        elif not case.config:
            problem = (
                'the first line is not `""" # BEGIN TEST CONFIG`, so otter takes the cell for a public test.'
            )
        elif len(case.body) != 1 or not case.function:
            problem = "after the config there must be one function and nothing else; imports go inside it."
        elif not case.name.startswith("test_"):
            problem = f"the function is called {case.name}, not test_...."
        elif case.function.decorator_list or _has_default_arguments(case.function):
            problem = "a test function has neither decorators nor default arguments."
        if problem:
            yield Problem(problem, str(case.cell), question.name)


def _has_default_arguments(function: ast.FunctionDef) -> bool:
    arguments = function.args
    return bool(arguments.defaults or arguments.kw_defaults or arguments.vararg or arguments.kwarg)


@rules
def hidden_flag(master: Master) -> Found:
    """Hidden cases say `hidden: true` in their config; a comment is too easily misspelt."""
    for question, case in cases(master):
        value = case.config.get("hidden", False)
        if not isinstance(value, bool):
            yield Problem(f"`hidden` is {value!r}, not true or false.", str(case.cell), question.name)
        marker = re.compile(r"\s*#+\s*hidd?en(\s+(test|case)s?)?\W*$", re.IGNORECASE)
        comment = next(filter(marker.match, case.cell.lines), "")
        if comment:
            reason = (
                f"the comment {comment.strip()!r} does not hide a test: write `hidden: true` in the config."
            )
            yield Problem(reason, str(case.cell), question.name)


@rules
def public_and_hidden(master: Master) -> Found:
    """Every auto-graded question has at least one public and two hidden cases."""
    for question in master.graded:
        hidden = sum(case.hidden for case in question.tests)
        public = len(question.tests) - hidden
        if public < 1 or hidden < 2:
            reason = f"it has {public} public and {hidden} hidden cases; at least 1 and 2 are needed."
            yield Problem(reason, str(question.cell), question.name)


@rules
def points(master: Master) -> Found:
    """Every case names its points, all are positive, and a question's points are their sum."""
    for question in master.graded:
        values = [case.points for case in question.tests]
        for case in question.tests:
            if not _positive(case.points):
                reason = f"`points` is {case.points!r}, not a positive number."
                yield Problem(reason, str(case.cell), question.name)
        if not _positive(question.points):
            reason = f"`points` of the question is {question.points!r}, not one positive number."
            yield Problem(reason, str(question.cell), question.name)
        elif all(map(_positive, values)) and abs(sum(values) - question.points) > 1e-9:
            reason = f"`points` is {question.points}, but its cases add up to {sum(values)}."
            yield Problem(reason, str(question.cell), question.name)


def _positive(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < float("inf")


@rules
def messages(master: Master) -> Found:
    """Messages are there, and plain: a quote breaks the test file, a backslash turns into control characters."""
    for question, case in cases(master):
        if case.config and not case.failure_message.strip():
            yield Problem("the case has no failure_message.", str(case.cell), question.name)
        for key in ("failure_message", "success_message"):
            text = str(case.config.get(key) or "")
            bad = sorted({char for char in text if char in '"\\' or not char.isprintable()})
            if bad:
                reason = f"`{key}` contains {' '.join(map(repr, bad))}."
                yield Problem(reason, str(case.cell), question.name)


@rules
def arguments(master: Master) -> Found:
    """A test asks for what its own question defines, and uses all that it asks for."""
    others = {name: q.name for q in master.graded for name in q.defines}
    given = {name for cell in master.given if cell.kind == "code" for name in bound_names(cell.tree().body)}
    for question, case in cases(master):
        if not case.function or not question.answer:
            continue
        names = [argument.arg for argument in (*case.function.args.args, *case.function.args.kwonlyargs)]
        used = {node.id for node in ast.walk(case.function) if isinstance(node, ast.Name)}
        for name in names:
            reason = ""
            if name == "env":
                reason = "`env` is every name of the student: ask for those that the test needs."
            elif name not in used:
                reason = f"the argument `{name}` is never used."
            elif name not in question.defines | given and name in others:
                reason = f"`{name}` is the answer to {others[name]}: a mistake there would cost points here."
            elif name not in question.defines | given:
                reason = f"no cell of the notebook defines `{name}`, so otter passes None."
            if reason:
                yield Problem(reason, str(case.cell), question.name)
        if not question.defines & set(names):
            reason = "the test never uses anything that the answer cell defines."
            yield Problem(reason, str(case.cell), question.name)


@rules
def imports(master: Master) -> Found:
    """A test imports what it uses inside its function, and a public test only what students have."""
    for question, case in cases(master):
        if not case.function:
            continue
        modules = {
            module.split(".")[0]
            for node in ast.walk(case.function)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for module in (
                [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
            )
        }
        if not case.hidden and (foreign := sorted(modules - PUBLIC_IMPORTS)):
            reason = (
                f"a public test imports {', '.join(foreign)}; allowed: {', '.join(sorted(PUBLIC_IMPORTS))}."
            )
            yield Problem(reason, str(case.cell), question.name)
        if unknown := sorted(free_names(case.function)):
            reason = f"the test uses {', '.join(unknown)}, which it neither imports nor asks for."
            yield Problem(reason, str(case.cell), question.name)


@rules
def tolerances(master: Master) -> Found:
    """Every comparison of floats names both tolerances, rtol and atol."""
    for question, case in cases(master):
        for node in _calls(case):
            called, named, problem = _called(node), _keywords(node), ""
            math = ast.unparse(node.func) == "math.isclose" or named & {"rel_tol", "abs_tol"}
            missing = ({"rel_tol", "abs_tol"} if math else {"rtol", "atol"}) - named
            if called in TOLERANT and missing:
                problem = f"does not name {' and '.join(sorted(missing))}"
            elif called in DECIMALS:
                problem = "knows no rtol: use assert_allclose"
            if problem:
                reason = f"line {_line(case, node)}: {called} {problem}."
                yield Problem(reason, str(case.cell), question.name)


@rules
def can_fail(master: Master) -> Found:
    """Every test asserts something that is not a constant."""
    for question, case in cases(master):
        if not case.function:
            continue
        checks = [node.test for node in ast.walk(case.function) if isinstance(node, ast.Assert)]
        calls = [node for node in _calls(case) if re.search(r"assert|check|expect|require", _called(node))]
        raises = [node for node in ast.walk(case.function) if isinstance(node, ast.Raise)]
        if not (calls or raises or any(not isinstance(check, ast.Constant) for check in checks)):
            reason = f"{case.name} asserts nothing, so it passes whatever a student returns."
            yield Problem(reason, str(case.cell), question.name)


@rules
def seeded(master: Master) -> Found:
    """Random numbers in a test come from a seeded Generator, so that a verdict can be repeated."""
    for question, case in cases(master):
        modules = set(
            bound_names([node for node in _nodes(case) if isinstance(node, ast.Import | ast.ImportFrom)])
        )
        calls = [(node, ast.unparse(node.func)) for node in _calls(case)]
        torch_seeded = any(name == "torch.manual_seed" for _, name in calls)
        for node, name in calls:
            problem = ""
            if name.endswith("default_rng") and not (node.args or node.keywords):
                problem = "default_rng() has no seed"
            elif LEGACY_RANDOM.fullmatch(name) and name.split(".")[0] in modules:
                problem = f"{name} uses the global generator: use default_rng(seed)"
            elif TORCH_RANDOM.fullmatch(name) and not torch_seeded and "generator" not in _keywords(node):
                problem = f"{name} has no generator=, and the test no torch.manual_seed(seed)"
            if problem:
                yield Problem(f"line {_line(case, node)}: {problem}.", str(case.cell), question.name)


@rules
def test_order(master: Master) -> Found:
    """Public cases come before hidden ones, so that a case has one number for students and graders."""
    for question in master.graded:
        hidden_before = False
        for case in question.tests:
            if hidden_before and not case.hidden:
                reason = "this public case comes after a hidden one."
                yield Problem(reason, str(case.cell), question.name)
            hidden_before |= case.hidden


def _nodes(case: TestCase) -> Iterator[ast.AST]:
    return ast.walk(case.function) if case.function else iter(())


def _calls(case: TestCase) -> list[ast.Call]:
    return [node for node in _nodes(case) if isinstance(node, ast.Call)]


def _keywords(node: ast.Call) -> set[str]:
    return {keyword.arg or "**" for keyword in node.keywords}


def _called(node: ast.Call) -> str:
    """Last part of the called name: assert_allclose for np.testing.assert_allclose."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _line(case: TestCase, node: ast.Call) -> int:
    """Line in the cell of a node whose position counts from the end of the config."""
    return node.lineno + len(case.cell.lines) - len(case.code.split("\n"))
