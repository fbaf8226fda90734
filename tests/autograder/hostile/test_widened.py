"""What tests of classes, seeds, tables and text are allowed to ask wins a hostile notebook nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from autograder.batch.engine import process_engine
from tests.autograder.hostile.attack import Attack
from tests.autograder.hostile.widened import ATTACKS, POINTS, bundle, cells
from tests.autograder.hostile.world import LIMITS, Grader, scores, shown

pytestmark = pytest.mark.root


@pytest.fixture(scope="module")
def widened(grader: Grader) -> Iterator[Grader]:
    """A warm worker with the bundle of these attacks. (`grader` is asked for because it knows whether it can run.)"""
    with Grader(process_engine(LIMITS), tests=bundle()) as warm:
        yield warm


def test_right_answers_get_what_they_deserve(widened: Grader):
    verdict = widened.run(cells())
    assert (verdict.status, scores(verdict)) == ("graded", POINTS), shown(verdict)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name.replace(" ", "-"))
def test_attack_fails(attack: Attack, widened: Grader):
    started = len(widened.started)
    verdict = widened.run([*attack.before, *cells(**attack.answers), *attack.cells], attack.limits)
    text = shown(verdict)
    deserved, got = POINTS | attack.points, scores(verdict)
    assert got == deserved or (attack.spoils_itself and all(got[name] <= deserved[name] for name in got)), (
        text
    )
    assert re.search(attack.says, text), text
    assert verdict.status == "graded", text
    assert widened.left() == []
    assert len(widened.started) == started, "the worker had to be replaced"
    honest = widened.run(cells())
    assert (honest.status, scores(honest)) == ("graded", POINTS)
