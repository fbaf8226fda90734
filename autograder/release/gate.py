"""The gate: all rules on one assignment, and everything they saw. Nothing here writes outside temporary folders."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import BadInput
from autograder.release import attempts as attempts_module
from autograder.release import (
    rules_bundle,
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
from autograder.release.problem import Problem, Rule
from autograder.release.rules_mutants import MutantRuns
from autograder.release.rules_run import SOLUTION, UNTOUCHED, Grade, Runs


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
        *rules_mutants.rules,
    )


def examine(folder: Path, *, lock: Path, grade: Grade, jobs: int = 1, mutate: bool = True) -> Report:
    """Check everything about the assignment in `folder` that can be checked, and report all problems at once.

    The later stages need the earlier ones: what otter cannot compile has no release to search, and tests that
    do not load cannot be run. With `mutate`, mutants of the solutions are graded as well.

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

    def report(
        build: Build | None = None, runs: Runs | None = None, tried: MutantRuns | None = None
    ) -> Report:
        unique = tuple(dict.fromkeys(problems))
        return Report(master, attempts, unique, build, runs, tried, time.monotonic() - started)

    if master.problems:
        return report()
    try:
        build, second = compile_twice(master, data, folder, lock=lock)
    except OtterRefused as refused:
        if not problems:  # else it is a consequence of what has been found
            problems.append(refused.problem)
        return report()
    problems += rules_student.rules.check_all(master, build)
    bundle_problems = list(rules_bundle.rules.check_all(master, build))
    # A test file that is broken by a message or a name has been reported with its cell.
    problems += bundle_problems if not problems else ()
    problems += rules_bundle.same_bytes(build, second)
    if bundle_problems:
        return report(build)
    made = tuple(mutant for q in master.graded for mutant in mutants(q)) if mutate else ()
    runs = _run(master, build, attempts, made, grade, jobs)
    problems += rules_run.rules.check_all(master, runs)
    tried = MutantRuns(made, equivalent, runs) if mutate else None
    problems += rules_mutants.rules.check_all(master, tried) if tried else ()
    return report(build, runs, tried)


def read_problems(master: Master, attempts: tuple[Attempt, ...]) -> list[Problem]:
    """All that can be said without compiling or running anything.

    Where blocks are broken, one misplaced cell breaks many rules: then only the blocks are reported.
    """
    if master.problems:
        return list(master.problems)
    found = [*rules_master.rules.check_all(master), *rules_tests.rules.check_all(master)]
    return [*found, *attempts_module.rules.check_all(master, attempts)]


def _run(
    master: Master,
    build: Build,
    attempts: tuple[Attempt, ...],
    made: tuple[Mutant, ...],
    grade: Grade,
    jobs: int,
) -> Runs:
    """Grade everything in one go, so that the grader is started once."""
    questions = {question.name: question for question in master.graded if question.answer}
    tried: list[Attempt | Mutant] = [*attempts, *made]
    answers = {one.key: (one.question, one.source) for one in tried if one.question in questions}
    notebooks = {SOLUTION: build.solution, UNTOUCHED: build.student[f"{master.name}.ipynb"]}
    for key, (name, source) in answers.items():
        notebooks[key] = excerpt(build.solution, questions[name], source)
    only = {key: [name] for key, (name, _) in answers.items()}
    return Runs(grade(build.bundle, notebooks, questions=only, jobs=jobs), attempts)
