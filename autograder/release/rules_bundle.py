"""Rules about the autograder bundle: its tests are those that the master declares, case by case."""

from __future__ import annotations

import re
from collections.abc import Iterator

from otter.test_files import TestFile
from otter.test_files.exception_test import ExceptionTestFile

from autograder.release.compile import Build, differences
from autograder.release.master import Master, Question
from autograder.release.problem import Problem, Rules

rules = Rules()
Found = Iterator[Problem]


def load_tests(files: dict[str, bytes]) -> tuple[dict[str, TestFile], list[Problem]]:
    """Load all test files with otter's own class: question name -> test file, and what does not load."""
    loaded, problems = {}, []
    for name in sorted(files):
        if found := re.fullmatch(r"tests/(\w+)\.py", name):
            try:
                loaded[found[1]] = ExceptionTestFile.from_string(files[name].decode(), path=name)
            except Exception as error:  # a test file is a program: anything can happen when it is loaded
                reason = f"otter cannot load the tests it wrote: {type(error).__name__}: {error}"
                problems.append(Problem(reason, name, found[1]))
    return loaded, problems


@rules
def tests_load(master: Master, build: Build) -> Found:
    """Otter can load every test file that it wrote."""
    for where, files in (("bundle", build.bundle_files), ("release", dict(build.student))):
        for problem in load_tests(files)[1]:
            yield Problem(problem.reason, f"{problem.place} of the {where}", problem.question)


@rules
def as_declared(master: Master, build: Build) -> Found:
    """The bundle holds exactly the cases that the master declares, and the release the public ones of them."""
    whole, public = load_tests(build.bundle_files)[0], load_tests(dict(build.student))[0]
    for question in {q.name: q for q in master.graded if q.tests}.values():
        if question.name in whole:
            yield from _compare(question, whole[question.name], hidden=True)
        if question.name in public:
            yield from _compare(question, public[question.name], hidden=False)


def _compare(question: Question, tests: TestFile, *, hidden: bool) -> Found:
    where = "bundle" if hidden else "release"
    declared = [case for case in question.tests if hidden or not case.hidden]
    if len(declared) != len(tests.test_cases):
        reason = f"the master declares {len(declared)} cases, but the {where} has {len(tests.test_cases)}."
        yield Problem(reason, str(question.cell), question.name)
        return
    for case, got in zip(declared, tests.test_cases, strict=True):
        pairs = {
            "hidden": (case.hidden, got.hidden),
            "points": (case.points, got.points),
            "failure_message": (case.failure_message, got.failure_message or ""),
            "name": (case.name, got.body.test_func.__name__),
        }
        for key, (want, have) in pairs.items():
            if want != have:
                reason = f"`{key}` is {want!r} in the master, but {have!r} in the {where}."
                yield Problem(reason, str(case.cell), question.name)


def same_bytes(first: Build, second: Build) -> Found:
    """The same inputs give the same bytes."""
    for name in differences(first, second):
        yield Problem("two builds from the same inputs differ.", name, rule="same-bytes")
