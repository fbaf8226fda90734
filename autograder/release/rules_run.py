"""Rules that grade: the solution, the untouched release, and every attempt, on the sealed grader's real path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from autograder.release.attempts import Attempt
from autograder.release.master import Master, Question
from autograder.release.problem import Problem, Rules
from autograder.verdict import OF_A_CELL, CaseResult, QuestionResult, Verdict

rules = Rules()
Found = Iterator[Problem]

SOLUTION, UNTOUCHED = "the solution", "the untouched release"


class Grade(Protocol):
    """How the gate grades: notebooks by name -> verdicts by name; `test_timeout` is in seconds a case."""

    def __call__(
        self,
        bundle: bytes,
        notebooks: Mapping[str, bytes],
        *,
        questions: Mapping[str, Sequence[str]],
        test_timeout: float,
    ) -> Mapping[str, Verdict]: ...


@dataclass(frozen=True)
class Runs:
    """What grading gave: verdicts by notebook, and the attempts among them."""

    verdicts: Mapping[str, Verdict]
    attempts: tuple[Attempt, ...] = ()

    def result(self, attempt: Attempt) -> QuestionResult | None:
        """How an attempt did on its own question; None if it could not be graded."""
        verdict = self.verdicts.get(attempt.key)
        return verdict.result(attempt.question) if verdict else None


def _case_name(question: Question, index: int) -> str:
    return question.tests[index].name if index < len(question.tests) else f"case {index + 1}"


def _failing(question: Question, result: QuestionResult) -> str:
    cases = [(i, case) for i, case in enumerate(result.cases) if not case.passed]
    return "; ".join(_said(_case_name(question, i), case) for i, case in cases)


def _said(name: str, case: CaseResult) -> str:
    words = " ".join(case.message.split())
    return f"{name} ({words[:200]})" if words else name


def _examined(master: Master, runs: Runs, name: str) -> Iterator[tuple[Question, QuestionResult | None]]:
    verdict = runs.verdicts[name]
    for question in master.graded:
        yield question, verdict.result(question.name)


def _whole(master: Master, runs: Runs, name: str) -> Found:
    """Problems of a verdict as a whole: it must be complete, with the declared questions, cases and points."""
    verdict = runs.verdicts[name]
    if verdict.status != "graded":
        reason = f"{name} was not graded completely ({verdict.status}): {verdict.message or verdict.notes}"
        yield Problem(reason)
        return
    for question, result in _examined(master, runs, name):
        where = str(question.cell)
        if result is None:
            yield Problem(f"{name} was not examined on it.", where, question.name)
        elif len(result.cases) != len(question.tests):
            reason = f"{len(question.tests)} cases are declared, but {len(result.cases)} were examined."
            yield Problem(reason, where, question.name)
        elif abs(question.points - result.max_score) > 1e-9:
            reason = f"{question.points} points are declared, but {result.max_score} can be earned."
            yield Problem(reason, where, question.name)


@rules
def solution_earns_all(master: Master, runs: Runs) -> Found:
    """The solution earns exactly full marks, with the cases and points that the master declares."""
    yield from _whole(master, runs, SOLUTION)
    for question, result in _examined(master, runs, SOLUTION):
        if result and (result.score != result.max_score or not all(case.passed for case in result.cases)):
            reason = (
                f"the solution earns {result.score:g} of {result.max_score:g}: {_failing(question, result)}"
            )
            yield Problem(reason, str(question.answer or question.cell), question.name)


@rules
def cases_use_the_answer(master: Master, runs: Runs) -> Found:
    """Every case calls the code that it examines, or looks at a value of it."""
    for question, result in _examined(master, runs, SOLUTION):
        for index, case in enumerate(result.cases if result else ()):
            if not case.used and index < len(question.tests):
                reason = f"{_case_name(question, index)} never calls the answer."
                yield Problem(reason, str(question.tests[index].cell), question.name)


@rules
def untouched_earns_nothing(master: Master, runs: Runs) -> Found:
    """The untouched release runs to its end and fails every case, so each case depends on the answer."""
    yield from _whole(master, runs, UNTOUCHED)
    for question, result in _examined(master, runs, UNTOUCHED):
        for index, case in enumerate(result.cases if result else ()):
            if case.passed:
                cell = question.tests[index].cell if index < len(question.tests) else question.cell
                reason = f"{_case_name(question, index)} passes without any answer."
                yield Problem(reason, str(cell), question.name)


@rules
def untouched_runs_through(master: Master, runs: Runs) -> Found:
    """No cell of the untouched release ends in an error: where an answer is missing, a line says so (a warning)."""
    for note in runs.verdicts[UNTOUCHED].notes:
        if note.startswith(OF_A_CELL):
            yield Problem(f"when a student first runs everything: {note}", warning=True)


def _attempts(master: Master, runs: Runs, kind: str) -> Iterator[tuple[Question, Attempt, QuestionResult]]:
    questions = {question.name: question for question in master.graded}
    for attempt in runs.attempts:
        result = runs.result(attempt)
        if attempt.kind == kind and attempt.question in questions and result:
            yield questions[attempt.question], attempt, result


@rules
def right_attempts_pass(master: Master, runs: Runs) -> Found:
    """Every right attempt earns full marks on its question."""
    for question, attempt, result in _attempts(master, runs, "right"):
        if result.score != result.max_score or not all(case.passed for case in result.cases):
            reason = (
                f"right, but earns {result.score:g} of {result.max_score:g}: {_failing(question, result)}"
            )
            yield Problem(f"{attempt.title!r} is {reason}", attempt.place, question.name)


@rules
def wrong_attempts_fail(master: Master, runs: Runs) -> Found:
    """Every wrong attempt loses points on its question."""
    for question, attempt, result in _attempts(master, runs, "wrong"):
        if result.score >= result.max_score:
            reason = f"{attempt.title!r} is wrong, but earns all {result.max_score:g} points."
            yield Problem(reason, attempt.place, question.name)


@rules
def attempts_graded(master: Master, runs: Runs) -> Found:
    """Every attempt could be graded."""
    for attempt in runs.attempts:
        verdict = runs.verdicts.get(attempt.key)
        if verdict is None or verdict.status == "error" or runs.result(attempt) is None:
            reason = verdict.message if verdict else "there is no verdict on it."
            yield Problem(f"it could not be graded: {reason}", attempt.place, attempt.question)


@rules
def expected_messages(master: Master, runs: Runs) -> Found:
    """A wrong attempt that names a message fails a case that shows it."""
    for question, attempt, result in _attempts(master, runs, "wrong"):
        shown = [
            f"{question.tests[i].failure_message} {case.message}"
            for i, case in enumerate(result.cases)
            if not case.passed and i < len(question.tests)
        ]
        if attempt.expects and not any(_squeezed(attempt.expects) in _squeezed(text) for text in shown):
            seen = " | ".join(" ".join(text.split()) for text in shown) or "nothing"
            reason = f"its author expects the message {attempt.expects!r}; the student sees: {seen}"
            yield Problem(reason, attempt.place, question.name)


def _squeezed(text: str) -> str:
    return " ".join(text.split()).casefold()


@rules
def cases_catch_something(master: Master, runs: Runs) -> Found:
    """Every case catches at least one wrong attempt (a warning)."""
    for question in master.graded:
        caught = [result for q, _, result in _attempts(master, runs, "wrong") if q is question]
        for index, case in enumerate(question.tests if caught else ()):
            if all(index < len(result.cases) and result.cases[index].passed for result in caught):
                reason = f"{case.name} catches no wrong attempt."
                yield Problem(reason, str(case.cell), question.name, warning=True)


def sealed_grader(jobs: int) -> AbstractContextManager[Grade]:
    """The sealed grader's process engine, warm from one assignment to the next (see `Grade`)."""
    # The batch package is loaded only where something is graded.
    from autograder.batch.quick import QuickGrader

    return QuickGrader(jobs=jobs)
