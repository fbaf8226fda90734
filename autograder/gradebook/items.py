"""Difficulty and discrimination of questions and test cases: classical item analysis, with its uncertainty."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autograder.verdict import QuestionManifest, Verdict

FEW = 30  # below this many submissions a correlation says little
_Z = 1.959963984540054  # 97.5 % point of the standard normal distribution
Interval = tuple[float, float]


@dataclass(frozen=True)
class Discrimination:
    """Correlation with the score on the rest, its 95 % interval, and the number of submissions."""

    value: float
    interval: Interval
    n: int


@dataclass(frozen=True)
class CaseItem:
    """A test case: how many pass it, and whether those are the ones who do well elsewhere.

    `discrimination` is None where all or none pass, or where nothing else was asked.
    """

    question: str
    number: int
    name: str
    hidden: bool
    points: float
    passed: int
    n: int
    interval: Interval
    discrimination: Discrimination | None

    @property
    def share(self) -> float:
        return self.passed / self.n if self.n else 0.0

    @property
    def label(self) -> str:
        return f"{self.question}.{self.number}"


@dataclass(frozen=True)
class QuestionItem:
    """A question: mean share of its points, and how many have all and none of them (no measure where it has none)."""

    name: str
    max_score: float
    mean: float
    full: int
    none: int
    n: int
    full_interval: Interval
    discrimination: Discrimination | None
    cases: tuple[CaseItem, ...]


def wilson(successes: int, n: int) -> Interval:
    """Wilson's 95 % score interval for a proportion (Wilson, 1927); (0, 1) without any data."""
    if n == 0:
        return 0.0, 1.0
    share, spread = successes / n, _Z * _Z / n
    centre = share + spread / 2
    half = _Z * math.sqrt(share * (1 - share) / n + spread / (4 * n))
    return max(0.0, (centre - half) / (1 + spread)), min(1.0, (centre + half) / (1 + spread))


def correlate(item: NDArray[np.float64], rest: NDArray[np.float64]) -> Discrimination | None:
    """Pearson correlation of two score vectors, shape (n,); point-biserial where `item` is 0 or 1.

    The interval is Fisher's, an approximation for scores that are not normally distributed.

    Returns
    -------
    Discrimination or None
        None where one of the two does not vary, or with fewer than 3 submissions.
    """
    n = len(item)
    if n < 3 or np.ptp(item) < 1e-12 or np.ptp(rest) < 1e-12:
        return None
    x, y = item - item.mean(), rest - rest.mean()
    value = float(np.clip(x @ y / math.sqrt((x @ x) * (y @ y)), -1.0, 1.0))
    if n < 4 or abs(value) > 1 - 1e-12:
        return Discrimination(value, (-1.0, 1.0) if n < 4 else (value, value), n)
    half = _Z / math.sqrt(n - 3)
    low, high = math.tanh(math.atanh(value) - half), math.tanh(math.atanh(value) + half)
    return Discrimination(value, (low, high), n)


def analyse(verdicts: Sequence[Verdict], manifest: Sequence[QuestionManifest]) -> list[QuestionItem]:
    """Item analysis of a class.

    Parameters
    ----------
    verdicts
        Those that were graded.

    Notes
    -----
    The rest score is the score on all *other questions*: cases of one question test the same code, and would
    only correlate with each other. If there is one question only, it is the points of its other cases.
    """
    scores = np.array(
        [[result.score for result in verdict.questions] for verdict in verdicts], dtype=float
    ).reshape(len(verdicts), len(manifest))
    total = scores.sum(axis=1)
    items = []
    for index, question in enumerate(manifest):
        results = [verdict.questions[index] for verdict in verdicts]
        passed = np.array([[case.passed for case in r.cases] for r in results], dtype=float)
        passed = passed.reshape(len(results), len(question.cases))
        points = np.array([case.points for case in question.cases])
        rest = total - scores[:, index]
        cases = []
        for number, case in enumerate(question.cases):
            others = rest if len(manifest) > 1 else passed @ points - passed[:, number] * points[number]
            count = int(passed[:, number].sum())
            cases.append(
                CaseItem(
                    question.name,
                    number + 1,
                    case.name,
                    case.hidden,
                    case.points,
                    count,
                    len(results),
                    wilson(count, len(results)),
                    correlate(passed[:, number], others),
                )
            )
        most = question.max_score
        full = int(np.sum(scores[:, index] >= most - 1e-9))
        items.append(
            QuestionItem(
                question.name,
                most,
                float(scores[:, index].mean() / most) if len(results) and most else 0.0,
                full,
                int(np.sum(scores[:, index] <= 1e-9)),
                len(results),
                wilson(full, len(results)),
                correlate(scores[:, index], rest) if len(manifest) > 1 else None,
                tuple(cases),
            )
        )
    return items
