"""The class report: what the class did and did not understand, for its instructor."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autograder.gradebook import charts, copies
from autograder.gradebook.faults import count_faults
from autograder.gradebook.items import FEW, analyse
from autograder.gradebook.misconceptions import Group, QuestionGroups, find_groups, read_attempts
from autograder.gradebook.records import Record
from autograder.gradebook.rendering import render
from autograder.gradebook.tables import message_of
from autograder.verdict import QuestionManifest, full_marks

_LISTED = 5  # groups of equal failures, for one question
_LARGEST = 10  # of all questions


def class_report(
    records: Sequence[Record],
    manifest: tuple[QuestionManifest, ...],
    facts: Mapping[str, Any],
    *,
    answers: Mapping[str, Mapping[str, copies.Prints]] | None = None,
    comments: Mapping[str, str] | None = None,
) -> str:
    """The page, self-contained HTML.

    Parameters
    ----------
    records
        All submissions. Statistics are over those that were graded and count.
    facts
        Of the run; ``material`` is what the release left for this page.
    answers
        Submission -> question -> fingerprints of the student's own code.
    comments
        Group of equal failures -> comment, to show which groups have one.
    """
    counted = [record for record in records if record.counts]
    graded = [record for record in counted if record.verdict.status != "error"]
    verdicts = [record.verdict for record in graded]
    material = facts.get("material") or {}
    items = analyse(verdicts, manifest)
    groups = find_groups((record.entry for record in graded), read_attempts(material))
    scores = [verdict.score for verdict in verdicts]
    seconds = [verdict.seconds for verdict in verdicts]
    total = full_marks(manifest)
    compared = _compare(answers or {}, material, facts["assignment"])
    keys = {group.key for question in groups for group in question.groups}
    return render(
        "report.html",
        facts=facts,
        records=records,
        counts=Counter(record.verdict.status for record in records),
        replaced=sum(bool(record.instead) for record in records),
        undecided=sum(not (record.counts or record.instead) for record in records),
        n=len(graded),
        few=FEW,
        total=total,
        scores=_summary(scores),
        seconds=_summary(seconds),
        slowest=sorted(graded, key=lambda record: -record.verdict.seconds)[:5],
        items=items,
        groups=groups,
        largest=_largest(groups),
        listed=_LISTED,
        known_attempts=bool(material.get("attempts")),
        comments=comments or {},
        unused_comments=sorted(set(comments or {}) - keys),
        faults=count_faults(record.entry for record in counted),
        copies=compared,
        alike=copies.ALIKE,
        common=copies.COMMON_SHARE,
        message_of=message_of,
        charts=_charts(scores, total, seconds, items, compared),
    )


def _largest(questions: Sequence[QuestionGroups]) -> list[Group]:
    """The groups that lose most points together."""
    groups = [group for question in questions for group in question.shared[:_LISTED]]
    return sorted(groups, key=lambda group: -group.lost * len(group.submissions))[:_LARGEST]


def _summary(values: Sequence[float]) -> dict[str, float] | None:
    if not values:
        return None
    array = np.asarray(values, dtype=float)
    names = ("lowest", "lower quartile", "median", "upper quartile", "highest")
    quantiles = dict(zip(names, np.quantile(array, [0, 0.25, 0.5, 0.75, 1]).tolist(), strict=True))
    spread = {"standard deviation": float(array.std(ddof=1))} if len(array) > 1 else {}
    return {**quantiles, "mean": float(array.mean()), **spread}


def _compare(
    answers: Mapping[str, Mapping[str, copies.Prints]], material: Mapping[str, Any], assignment: str
) -> copies.Comparison | None:
    if len(answers) < 2:
        return None
    released = [copies.fingerprints(str(source)) for source in material.get("released", ())]
    # The sample of pairs is random but the same in every report of an assignment.
    rng = np.random.default_rng(zlib.crc32(assignment.encode("utf-8", "replace")))
    return copies.compare(answers, released, rng)


def _charts(scores, total, seconds, items, compared) -> dict[str, str]:
    made: dict[str, str] = {}
    if scores and total:
        made["scores"] = charts.scores_chart(scores, total)
        made["seconds"] = charts.seconds_chart(seconds)
        made["cases"] = charts.cases_chart(items)
    if compared and len(compared.sample):
        made["similarity"] = charts.similarity_chart(compared.sample, [p.similarity for p in compared.pairs])
    return made
