"""Warnings about mutants: alive ones that nobody has explained, and explanations that no longer hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from autograder.release.master import Master, Question
from autograder.release.mutants import Mutant
from autograder.release.problem import Problem, Rules
from autograder.release.rules_run import Runs, find_result
from autograder.verdict import QuestionResult

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
    """The mutants of an assignment, the verdicts on them, and the equivalent ones with their reasons."""

    mutants: tuple[Mutant, ...]
    equivalent: Mapping[str, str]
    runs: Runs

    def result(self, mutant: Mutant) -> QuestionResult | None:
        verdict = self.runs.verdicts.get(mutant.key)
        return find_result(verdict, mutant.question) if verdict else None

    def is_killed(self, mutant: Mutant) -> bool:
        result = self.result(mutant)
        return result is None or not all(case.passed for case in result.cases)

    def scores(self, master: Master) -> Iterator[MutantScore]:
        """One score for each auto-graded question."""
        for question in master.graded:
            mine = [mutant for mutant in self.mutants if mutant.question == question.name]
            counted = [mutant for mutant in mine if mutant.key not in self.equivalent]
            killed = [mutant for mutant in counted if self.is_killed(mutant)]
            results = [self.result(mutant) for mutant in killed]
            hidden = sum(r is None or any(c.hidden and not c.passed for c in r.cases) for r in results)
            alive = tuple(mutant for mutant in counted if not self.is_killed(mutant))
            same = tuple((m, self.equivalent[m.key]) for m in mine if m.key in self.equivalent)
            yield MutantScore(question, hidden, len(killed), alive, same)


@rules
def mutants_killed(master: Master, tried: MutantRuns) -> Found:
    """Every mutant of a solution is killed, or listed in mutants.toml with the reason (a warning)."""
    answers = {question.name: question.answer for question in master.graded}
    for score in tried.scores(master):
        for mutant in score.alive:
            reason = f"this mutant earns full marks ({mutant.operator}): {mutant.change}"
            yield Problem(reason, str(answers[mutant.question]), mutant.question, warning=True)


@rules
def equivalents_hold(master: Master, tried: MutantRuns) -> Found:
    """Every mutant listed as equivalent exists and earns full marks (a warning)."""
    known = {mutant.key: mutant for mutant in tried.mutants}
    for key, reason in tried.equivalent.items():
        question = key.split()[0]
        if key not in known:
            yield Problem(f"there is no such mutant any more: {key}", "mutants.toml", question, warning=True)
        elif tried.is_killed(known[key]):
            text = f"listed as equivalent ({reason}), but the tests kill it: {known[key].change}"
            yield Problem(text, "mutants.toml", question, warning=True)
