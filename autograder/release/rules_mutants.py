"""Warnings about mutants: alive ones that nobody has explained, and explanations that no longer hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from autograder.release.master import Master, Question
from autograder.release.mutants import Mutant
from autograder.release.problem import Problem, Rules
from autograder.release.rules_run import SOLUTION
from autograder.verdict import QuestionResult, Verdict

rules = Rules()
Found = Iterator[Problem]


@dataclass(frozen=True)
class MutantScore:
    """How the tests of one question did against its mutants; equivalent ones are not counted."""

    question: Question = field(repr=False)
    killed_by_hidden: int
    killed: int
    alive: tuple[Mutant, ...]
    equivalent: tuple[tuple[Mutant, str], ...]

    @property
    def total(self) -> int:
        return self.killed + len(self.alive)


@dataclass(frozen=True)
class MutantRuns:
    """The mutants of an assignment, the verdicts on them, and the equivalent ones with their reasons.

    Among the verdicts is the solution's in the mutants' time: a case that it fails there tells nothing of a mutant.
    """

    mutants: tuple[Mutant, ...]
    equivalent: Mapping[tuple[str, str], str]
    verdicts: Mapping[str, Verdict]

    def result(self, mutant: Mutant) -> QuestionResult | None:
        verdict = self.verdicts.get(mutant.key)
        return verdict.result(mutant.question) if verdict else None

    def fault(self, mutant: Mutant) -> str:
        """Why it could not be graded, or ""."""
        verdict = self.verdicts.get(mutant.key)
        if verdict is None:
            return "there is no verdict"
        incomplete = verdict.status == "error" or self.result(mutant) is None
        return (verdict.message or "it was not examined") if incomplete else ""

    def is_killed(self, mutant: Mutant, *, hidden_only: bool = False) -> bool:
        """Whether a case (a hidden one) fails it; a mutant that could not be graded counts as alive."""
        result, slow = self.result(mutant), self.slow(mutant.question)
        return any(
            not case.passed and index not in slow and (case.hidden or not hidden_only)
            for index, case in enumerate(result.cases if result else ())
        )

    def slow(self, question: str) -> frozenset[int]:
        """Numbers of the cases for which the solution itself takes longer than a mutant may."""
        solution = self.verdicts.get(SOLUTION)
        result = solution.result(question) if solution else None
        return frozenset(i for i, case in enumerate(result.cases if result else ()) if not case.passed)

    def reason(self, mutant: Mutant) -> str:
        """Why a person says that it is equivalent, or ""."""
        listed = (self.equivalent.get((mutant.question, text)) for text in (mutant.change, mutant.statement))
        return next(filter(None, listed), "")

    def scores(self, master: Master) -> Iterator[MutantScore]:
        """One score for each auto-graded question."""
        for question in master.graded:
            mine = [mutant for mutant in self.mutants if mutant.question == question.name]
            killed = [mutant for mutant in mine if self.is_killed(mutant)]
            hidden = sum(self.is_killed(mutant, hidden_only=True) for mutant in killed)
            left = [(mutant, self.reason(mutant)) for mutant in mine if not self.is_killed(mutant)]
            alive = tuple(mutant for mutant, reason in left if not reason)
            yield MutantScore(question, hidden, len(killed), alive, tuple(one for one in left if one[1]))


@rules
def mutants_killed(master: Master, tried: MutantRuns) -> Found:
    """Every mutant of a solution is killed, or listed in mutants.toml with the reason (a warning)."""
    answers = {question.name: question.answer for question in master.graded}
    for score in tried.scores(master):
        for mutant in score.alive:
            fault = tried.fault(mutant)
            end = f"could not be graded ({fault})" if fault else f"earns full marks ({mutant.operator})"
            reason = f"this mutant {end}: {mutant.change}"
            yield Problem(reason, str(answers[mutant.question]), mutant.question, warning=True)


@rules
def mutants_in_time(master: Master, tried: MutantRuns) -> Found:
    """Every case is quick enough to be tried on mutants (a warning)."""
    for question in master.graded:
        for test in (question.tests[index] for index in sorted(tried.slow(question.name))):
            reason = f"the solution fails {test.name} in the time of a mutant, so no mutant is judged by it."
            yield Problem(reason, str(test.cell), question.name, warning=True)


@rules
def equivalents_hold(master: Master, tried: MutantRuns) -> Found:
    """Every mutant listed as equivalent exists and earns full marks (a warning)."""
    for (question, text), reason in tried.equivalent.items():
        mine = [m for m in tried.mutants if m.question == question and text in (m.change, m.statement)]
        if not mine:
            yield Problem(f"there is no such mutant any more: {text}", "mutants.toml", question, warning=True)
        elif all(tried.is_killed(mutant) for mutant in mine):
            told = f"listed as equivalent ({reason}), but the tests kill it: {text}"
            yield Problem(told, "mutants.toml", question, warning=True)
