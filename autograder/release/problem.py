"""What the gate has to say: rules by name, and the problems that they find."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograder.errors import GateError


@dataclass(frozen=True)
class Problem:
    """One reason why an assignment may not go out: which rule, where, and why.

    `place` is a cell (``cell 7 (q3-answer)``), a file of the release, or an attempt.
    A `warning` is reported, but does not stop the release.
    """

    reason: str
    place: str = ""
    question: str = ""
    rule: str = ""
    warning: bool = False

    def __str__(self) -> str:
        question = f"question {self.question}" if self.question else ""
        where = ", ".join(part for part in (question, self.place) if part)
        return f"{self.rule}: {where + ': ' if where else ''}{self.reason}"


@dataclass(frozen=True)
class Rule:
    """A named check. `promise` is the sentence that is true of every assignment that passes it."""

    name: str
    promise: str
    check: Callable[..., Iterable[Problem]]

    def __call__(self, *subjects: Any) -> list[Problem]:
        found = dict.fromkeys(self.check(*subjects))  # the same thing twice is said once
        return [problem if problem.rule else replace(problem, rule=self.name) for problem in found]


class Rules(Sequence[Rule]):
    """A family of rules: used as a decorator, it takes the name and the docstring of a check."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []

    def __call__(self, check: Callable[..., Iterable[Problem]]) -> Callable[..., Iterable[Problem]]:
        promise = (check.__doc__ or "").strip().splitlines()[0]
        self._rules.append(Rule(check.__name__.replace("_", "-"), promise, check))
        return check

    def __len__(self) -> int:
        return len(self._rules)

    def __getitem__(self, index: Any) -> Any:
        return self._rules[index]

    def check_all(self, *subjects: Any) -> Iterator[Problem]:
        """All problems that any rule of the family finds."""
        for rule in self._rules:
            yield from rule(*subjects)


class GateClosed(GateError):
    """Assignments do not pass the gate; `problems` says why by assignment, all of them at once."""

    def __init__(self, problems: Mapping[str, Sequence[Problem]]) -> None:
        self.problems = dict(problems)
        lines = []
        for assignment, found in problems.items():
            count = "1 problem" if len(found) == 1 else f"{len(found)} problems"
            lines += [f"{assignment}: the gate stays shut, {count}:", *(f"  {problem}" for problem in found)]
        super().__init__("\n".join(lines))
