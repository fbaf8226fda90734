"""Hostile notebooks gain nothing and harm nobody, as processes and in a container."""

from __future__ import annotations

import re
import time
from collections import Counter
from dataclasses import replace

import pytest

from autograder.batch.engine import CODE
from tests.autograder.hostile import disturbing, escaping, exhausting, forging, stealing
from tests.autograder.hostile.attack import Attack
from tests.autograder.hostile.world import LIMITS, POINTS, Grader, answers, leaks, scores, shown

_TO_CLEAN_UP = 15.0  # seconds, on a busy machine

ATTACKS = tuple(
    replace(attack, never=attack.never.replace("CHECKOUT", re.escape(str(CODE))))
    for module in (stealing, forging, escaping, exhausting, disturbing)
    for attack in module.ATTACKS
)


def cases(attacks: list[Attack]) -> list:
    """Parameters for pytest; an attack that still succeeds is expected to."""
    return [
        pytest.param(
            attack,
            id=f"{attack.kind}-{attack.name}".replace(" ", "-"),
            marks=[pytest.mark.xfail(strict=True, reason=attack.hole)] if attack.hole else [],
        )
        for attack in attacks
    ]


def carry_out(grader: Grader, attack: Attack) -> None:
    """Grade the attack, look for what it gained and left, and grade an honest notebook after it."""
    cells = [*attack.before, *answers(**attack.answers), *attack.cells]
    started = time.monotonic()
    verdict = grader.run(cells, attack.limits)
    assert time.monotonic() - started < (attack.limits or LIMITS).submission_timeout + _TO_CLEAN_UP
    left = grader.left()
    text = shown(verdict)
    assert leaks(verdict) == []
    assert re.search(attack.says, text), f"no sign that the attack ran: {text}"
    assert not re.search(attack.never, text), text
    deserved, got = POINTS | attack.points, scores(verdict)
    assert got == deserved or (attack.spoils_itself and all(got[name] <= deserved[name] for name in got)), (
        text
    )
    assert verdict.status in ("graded", "partial")
    assert left == []
    honest = grader.run(answers())
    assert (honest.status, scores(honest), honest.notes) == ("graded", POINTS, ())


@pytest.mark.root
@pytest.mark.parametrize("attack", cases(list(ATTACKS)))
def test_attack_fails(attack: Attack, grader: Grader):
    carry_out(grader, attack)


@pytest.mark.container
@pytest.mark.parametrize("attack", cases([attack for attack in ATTACKS if attack.container]))
def test_attack_fails_in_a_container(attack: Attack, container_grader: Grader):
    carry_out(container_grader, attack)


def test_there_are_enough_attacks_of_each_kind():
    kinds = Counter(attack.kind for attack in ATTACKS)
    assert sum(kinds.values()) >= 60
    assert min(kinds.values()) >= 8
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)


def test_every_attack_leaves_evidence_that_it_ran():
    for attack in ATTACKS:
        assert attack.says or attack.points, attack.name
