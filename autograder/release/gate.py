"""The gate: all rules on one assignment, and everything they saw. Nothing here writes outside temporary folders."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.errors import BadInput
from autograder.release import attempts as attempts_module
from autograder.release import (
    rules_bundle,
    rules_empty,
    rules_master,
    rules_mutants,
    rules_run,
    rules_student,
    rules_tests,
)
from autograder.release.attempts import Attempt, read_attempts
from autograder.release.compile import Build, OtterRefused, compile_twice
from autograder.release.excerpt import excerpt
from autograder.release.master import Master, parse
from autograder.release.mutants import Mutant, mutants, read_equivalent
from autograder.release.notebook import read
from autograder.release.problem import Problem, Rule
from autograder.release.rules_empty import EmptyAnswer, EmptyRuns, empty_answers
from autograder.release.rules_mutants import MutantRuns
from autograder.release.rules_run import SOLUTION, UNTOUCHED, Grade, Runs
from autograder.verdict import Verdict

Answer = Attempt | EmptyAnswer | Mutant
# Seconds for a test case. It should take under 0.2 s; many mutants loop for ever, and each costs this much.
ANSWER_SECONDS, MUTANT_SECONDS = 20.0, 1.0


@dataclass(frozen=True)
class Report:
    """What the gate saw of one assignment. `build` and `runs` are missing where it did not get that far."""

    master: Master
    attempts: tuple[Attempt, ...]
    problems: tuple[Problem, ...]
    build: Build | None = field(default=None, repr=False)
    runs: Runs | None = field(default=None, repr=False)
    mutants: MutantRuns | None = field(default=None, repr=False)
    seconds: float = 0.0

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if not problem.warning)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.warning)


def all_rules() -> tuple[Rule, ...]:
    """Every rule of the gate, in the order in which they are checked."""
    families = (rules_master, rules_tests, attempts_module, rules_student, rules_bundle)
    same_bytes = Rule("same-bytes", "The same inputs give the same bytes.", rules_bundle.same_bytes)
    return (
        *(rule for family in families for rule in family.rules),
        same_bytes,
        *rules_run.rules,
        *rules_empty.rules,
        *rules_mutants.rules,
    )


@dataclass(frozen=True)
class Prepared:
    """An assignment before anything of it is graded: read, checked on paper, and compiled if otter can."""

    master: Master
    attempts: tuple[Attempt, ...]
    equivalent: Mapping[tuple[str, str], str]
    problems: tuple[Problem, ...]
    build: Build | None = field(default=None, repr=False)
    empty: tuple[EmptyAnswer, ...] = ()
    # A notebook for each attempt and each empty answer; None where the bundle's tests do not load.
    answers: Mapping[str, bytes] | None = field(default=None, repr=False)
    seconds: float = 0.0


def prepare(folder: Path, *, lock: Path) -> Prepared:
    """Everything about the assignment in `folder` that can be checked without running an answer.

    Raises
    ------
    BadInput
        If there is no master notebook, or it is not a notebook.
    """
    started = time.monotonic()
    path = folder / f"{folder.name}.ipynb"
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}.", fix="A master is called like its folder.") from None
    master = parse(data, folder.name)
    attempts, equivalent = read_attempts(folder), read_equivalent(folder)
    problems = read_problems(master, attempts)

    def prepared(**compiled: Any) -> Prepared:
        seconds = time.monotonic() - started
        return Prepared(master, attempts, equivalent, tuple(problems), seconds=seconds, **compiled)

    if master.problems or not _can_be_graded(master):
        return prepared()
    try:
        build, second = compile_twice(master, data, folder, lock=lock)
    except OtterRefused as refused:
        if not problems:  # else it is a consequence of what has been found
            problems.append(refused.problem)
        return prepared()
    problems += rules_student.rules.check_all(master, build)
    bundle_problems = list(rules_bundle.rules.check_all(master, build))
    # A test file that is broken by a message or a name has been reported with its cell.
    problems += bundle_problems if not problems else ()
    problems += rules_bundle.same_bytes(build, second)
    if bundle_problems:
        return prepared(build=build)
    empty = tuple(answer for question in master.graded for answer in empty_answers(question))
    return prepared(build=build, empty=empty, answers=_notebooks(master, build, (*attempts, *empty)))


def judge(prepared: Prepared, *, grade: Grade, mutate: bool = True) -> Report:
    """Grade what belongs to an assignment, and report all problems at once.

    The later stages need the earlier ones: what otter cannot compile has no release to search, and tests that
    do not load cannot be run. With `mutate`, mutants of the solutions are graded as well.
    """
    started = time.monotonic()
    master, attempts, build = prepared.master, prepared.attempts, prepared.build
    problems = list(prepared.problems)

    def report(runs: Runs | None = None, tried: MutantRuns | None = None) -> Report:
        unique, seconds = tuple(dict.fromkeys(problems)), prepared.seconds + time.monotonic() - started
        return Report(master, attempts, unique, build, runs, tried, seconds)

    if not build or prepared.answers is None:
        return report()

    def run(
        answers: Sequence[Answer], notebooks: Mapping[str, bytes], seconds: float
    ) -> Mapping[str, Verdict]:
        own = {answer.key: [answer.question] for answer in answers}  # whole notebooks are examined on all
        return grade(build.bundle, notebooks, questions=own, test_timeout=seconds)

    whole = {SOLUTION: build.solution, UNTOUCHED: build.student[f"{master.name}.ipynb"]}
    verdicts = run((*attempts, *prepared.empty), {**whole, **prepared.answers}, ANSWER_SECONDS)
    runs = Runs(verdicts, attempts)
    problems += rules_run.rules.check_all(master, runs)
    problems += rules_empty.rules.check_all(master, EmptyRuns(prepared.empty, verdicts))
    if not mutate:
        return report(runs)
    made = tuple(mutant for question in master.graded for mutant in mutants(question))
    # The solution is graded in the mutants' time too: what it fails there is too slow to judge them.
    notebooks = {SOLUTION: build.solution, **_notebooks(master, build, made)}
    tried = MutantRuns(made, prepared.equivalent, run(made, notebooks, MUTANT_SECONDS))
    problems += rules_mutants.rules.check_all(master, tried)
    return report(runs, tried)


def _can_be_graded(master: Master) -> bool:
    """Whether every answer finds its cell by an id, and all points are numbers; if not, rules have said so."""
    ids = [cell.id for cell in master.cells]
    points = [question.points for question in master.graded]
    points += [case.points for question in master.graded for case in question.tests]
    return all(ids) and len(set(ids)) == len(ids) and all(isinstance(n, int | float) for n in points)


def read_problems(master: Master, attempts: tuple[Attempt, ...]) -> list[Problem]:
    """All that can be said without compiling or running anything.

    Where blocks are broken, one misplaced cell breaks many rules: then only the blocks are reported.
    """
    if master.problems:
        return list(master.problems)
    found = [*rules_master.rules.check_all(master), *rules_tests.rules.check_all(master)]
    return [*found, *attempts_module.rules.check_all(master, attempts)]


def _notebooks(master: Master, build: Build, answers: Sequence[Answer]) -> dict[str, bytes]:
    """A notebook for each answer to a question that has an answer cell, with as much as that needs."""
    questions = {question.name: question for question in master.graded if question.answer}
    solution = read(build.solution, "solution.ipynb")
    return {
        answer.key: excerpt(solution, questions[answer.question], answer.source)
        for answer in answers
        if answer.question in questions
    }
