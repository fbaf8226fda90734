"""Groups submissions that fail a question in the same way, and says which known wrong attempt fails so too."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.batch.ledger import Entry
from autograder.verdict import QuestionResult

_ADDRESS = re.compile(r"0x[0-9a-f]+")
_DECIMAL = re.compile(r"\d+\.\d*(?:e[+-]?\d+)?|\d+e[+-]?\d+")
Failure = frozenset[tuple[str, str]]  # (case, message)


@dataclass(frozen=True)
class Attempt:
    """A known wrong attempt; the one without a title is the question as it was released."""

    question: str
    title: str
    expects: str
    place: str
    failure: Failure

    @property
    def label(self) -> str:
        return self.title or "as released: not attempted"


@dataclass(frozen=True)
class Group:
    """Submissions that fail the same cases of a question with the same messages.

    Attributes
    ----------
    key
        Names the group in ``comments.toml``; the same in every run as long as cases and messages are.
    failed
        The cases that they fail, with messages, in the order of the question.
    attempts
        Known attempts that fail in exactly this way.
    similar
        Where there are none: attempts that fail the same cases with other messages.
    """

    question: str
    key: str
    failed: tuple[tuple[str, str], ...]
    lost: float
    submissions: tuple[str, ...]
    attempts: tuple[Attempt, ...] = ()
    similar: tuple[Attempt, ...] = ()

    @property
    def anchor(self) -> str:
        return f"group-{self.key[-8:]}"


@dataclass(frozen=True)
class QuestionGroups:
    """All groups of one question, the largest first.

    `known` of the `losing` submissions that lose a point fail exactly as a known attempt does.
    """

    question: str
    losing: int
    known: int
    groups: tuple[Group, ...]

    @property
    def shared(self) -> list[Group]:
        """The groups of two or more."""
        return [group for group in self.groups if len(group.submissions) > 1]


def read_attempts(material: Mapping[str, Any]) -> tuple[Attempt, ...]:
    """The attempts in a release's material; none if there is no material or it is of another make."""
    try:
        return tuple(
            Attempt(
                str(one["question"]),
                str(one["title"]),
                str(one["expects"]),
                str(one["place"]),
                frozenset((str(case["name"]), _same(str(case["message"]))) for case in one["failed"]),
            )
            for one in material.get("attempts", ())
        )
    except (KeyError, TypeError):
        return ()


def failure(result: QuestionResult) -> Failure:
    """How a question was failed: the cases, and their messages without what differs by chance."""
    return frozenset((case.name, _same(case.message)) for case in result.cases if not case.passed)


def _same(message: str) -> str:
    """A message without addresses, spacing and digits beyond the fourth, which differ between equal answers."""
    text = _ADDRESS.sub("0x0", " ".join(message.split()))
    return _DECIMAL.sub(lambda match: f"{float(match[0]):.4g}", text)


def group_key(question: str, pattern: Failure) -> str:
    digest = hashlib.sha256(repr(sorted(pattern)).encode("utf-8", "backslashreplace")).hexdigest()
    return f"{question}-{digest[:8]}"


def group_keys(entry: Entry) -> dict[str, str]:
    """Question -> key of the group that the submission is in, for the questions that it does not pass."""
    patterns = {result.name: failure(result) for result in entry.verdict.questions}
    return {name: group_key(name, pattern) for name, pattern in patterns.items() if pattern}


def find_groups(entries: Iterable[Entry], attempts: Sequence[Attempt]) -> list[QuestionGroups]:
    """Group the submissions of a class, question by question, in the bundle's order."""
    members: dict[str, dict[Failure, list[tuple[str, QuestionResult]]]] = {}
    for entry in entries:
        for result in entry.verdict.questions:
            groups = members.setdefault(result.name, defaultdict(list))
            if pattern := failure(result):
                groups[pattern].append((entry.name, result))
    return [_question(name, groups, attempts) for name, groups in members.items()]


def _question(
    name: str, members: Mapping[Failure, list[tuple[str, QuestionResult]]], attempts: Sequence[Attempt]
) -> QuestionGroups:
    exact: dict[Failure, list[Attempt]] = defaultdict(list)
    by_cases: dict[frozenset[str], list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        if attempt.question == name:
            exact[attempt.failure].append(attempt)
            by_cases[_cases(attempt.failure)].append(attempt)
    groups = []
    for pattern, found in members.items():
        result = found[0][1]
        known = tuple(exact.get(pattern, ()))
        groups.append(
            Group(
                name,
                group_key(name, pattern),
                tuple((case.name, case.message) for case in result.cases if not case.passed),
                result.max_score - result.score,
                tuple(submission for submission, _ in found),
                known,
                () if known else tuple(by_cases.get(_cases(pattern), ())),
            )
        )
    groups.sort(key=lambda group: (-len(group.submissions), group.key))
    losing = sum(len(group.submissions) for group in groups)
    return QuestionGroups(name, losing, sum(len(g.submissions) for g in groups if g.attempts), tuple(groups))


def _cases(pattern: Failure) -> frozenset[str]:
    return frozenset(name for name, _ in pattern)
