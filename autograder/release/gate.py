"""The gate: all rules on one assignment, and everything they saw. Nothing here writes outside temporary folders."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

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
from autograder.release.problem import Problem, Rule
from autograder.release.rules_empty import EmptyAnswer, EmptyRuns, empty_answers
from autograder.release.rules_mutants import MutantRuns
from autograder.release.rules_run import SOLUTION, UNTOUCHED, Grade, Runs
from autograder.verdict import Verdict

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


def examine(folder: Path, *, lock: Path, grade: Grade, mutate: bool = True) -> Report:
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
    run = partial(_run, master, build, grade)
    notebooks = {SOLUTION: build.solution, UNTOUCHED: build.student[f"{master.name}.ipynb"]}
    empty = tuple(answer for question in master.graded for answer in empty_answers(question))
    runs = Runs(run((*attempts, *empty), ANSWER_SECONDS, notebooks), attempts)
    problems += rules_run.rules.check_all(master, runs)
    problems += rules_empty.rules.check_all(master, EmptyRuns(empty, runs.verdicts))
    if not mutate:
        return report(build, runs)
    made = tuple(mutant for question in master.graded for mutant in mutants(question))
    tried = MutantRuns(made, equivalent, run(made, MUTANT_SECONDS, {}))
    problems += rules_mutants.rules.check_all(master, tried)
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
    grade: Grade,
    answers: Sequence[Attempt | EmptyAnswer | Mutant],
    seconds: float,
    whole: Mapping[str, bytes],
) -> Mapping[str, Verdict]:
    """Grade answers, each on its own question, and whole notebooks, all in one go."""
    questions = {question.name: question for question in master.graded if question.answer}
    own = {one.key: (one.question, one.source) for one in answers if one.question in questions}
    notebooks = dict(whole)
    for key, (name, source) in own.items():
        notebooks[key] = excerpt(build.solution, questions[name], source)
    only = {key: [name] for key, (name, _) in own.items()}
    return grade(build.bundle, notebooks, questions=only, test_timeout=seconds)
