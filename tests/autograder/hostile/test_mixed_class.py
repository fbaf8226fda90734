"""A class of 200, a third of it hostile, in two containers: every honest score is right and nothing is left.

The assignment is the small one that the attacks are written for, so that the class costs about a minute.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from autograder.batch.engine import Engine
from autograder.batch.pool import Task
from autograder.batch.submissions import Submission
from autograder.sandbox.bundle_tests import load
from autograder.sandbox.limits import Limits
from autograder.verdict import Verdict
from tests.autograder.engines import containers, mount_marks, mounted
from tests.autograder.hostile.attack import Attack
from tests.autograder.hostile.test_attacks import ATTACKS
from tests.autograder.hostile.world import (
    LIMITS,
    POINTS,
    Grader,
    answers,
    bundle,
    leaks,
    notebook,
    processes_of,
    scores,
    shown,
)
from tests.autograder.sample_class import true_scores

COUNT = int(os.environ.get("MIXED_CLASS", "200"))
WARM = 24  # submissions before the first look at memory
MEMORY_MAY_GROW = 0.05

WRONG = {
    "q1": ("def square(x):\n    return 2 * x", "import numpy as np\ndef square(x):\n    return np.abs(x)"),
    "q2": ("def total(xs):\n    return max(xs)", "def total(xs):\n    return 3.0"),
    "q3": ("def shout(text):\n    return text + '!'", "def shout(text):\n    return text.upper()"),
    "q4": ("def twice(f, x):\n    return f(x)", "def twice(f, x):\n    return 5"),
}
UNFINISHED = ("...", "", "def square(x):", "raise NotImplementedError", "1 / 0")
HABITS = (
    "%%time\npass",
    "!ls",
    "print('x' * 10000)",
    "import pandas as pd\npd.DataFrame({'a': [1]})",
    "# notes",
)


def slow(attack: Attack) -> bool:
    """Whether an attack has limits of its own, or mostly waits."""
    return attack.limits is not None or "time.sleep(1" in "".join(attack.cells)


@cache
def plain_scores(data: bytes) -> dict[str, float]:
    """Scores of an honest notebook in a plain run with otter's own classes."""
    return true_scores(load(bundle().data), data)


def honest(rng: np.random.Generator) -> bytes:
    """A notebook of right, wrong and unfinished answers, with a habit or two in cells of their own."""
    replaced = {}
    for name, wrong in WRONG.items():
        draw = rng.random()
        if draw < 0.4:
            replaced[name] = str(rng.choice(wrong if draw < 0.25 else UNFINISHED))
    cells = answers(**replaced)
    for habit in rng.choice(HABITS, rng.integers(3)):
        cells.insert(int(rng.integers(1, len(cells) + 1)), str(habit))
    return notebook(cells)


def mixed_class(count: int) -> Iterator[tuple[str, bytes, dict[str, float]]]:
    """Name, notebook and true scores of each submission; every third is an attack."""
    rng = np.random.default_rng(0)
    attacks = [attack for attack in ATTACKS if not (slow(attack) or attack.hole or attack.spoils_itself)]
    order = rng.permutation(len(attacks))
    for number in range(count):
        if number % 3 == 1:
            attack = attacks[order[number // 3 % len(attacks)]]
            cells = [*attack.before, *answers(**attack.answers), *attack.cells]
            yield f"{number} hostile: {attack.name}", notebook(cells), POINTS | attack.points
        else:
            data = honest(rng)
            yield f"{number} honest", data, plain_scores(data)


def private_memory(grader: Grader) -> dict[str, int]:
    """Bytes that the idle workers' trusted processes share with no file, by worker."""
    found = {}
    for worker in grader.idle():
        grader._root(worker)
        todo, total = [grader._servers[worker.name]], 0
        while todo:
            pid = todo.pop()
            with contextlib.suppress(ProcessLookupError):  # it ended, and nobody asked for its status yet
                for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                    total += int(line.split()[1]) << 10 if line.startswith("Pss_Anon:") else 0
                for task in Path(f"/proc/{pid}/task").iterdir():
                    todo += map(int, (task / "children").read_text().split())
        found[worker.name] = total
    return found


@pytest.mark.container
@pytest.mark.root
@pytest.mark.xdist_group("mixed class")
def test_a_mixed_class_is_scored_truly_and_leaves_nothing(container: Callable[[Limits], Engine]):
    if os.geteuid() != 0 or not sys.platform.startswith("linux"):
        pytest.skip("needs root on Linux to look into the containers from outside")
    truth, tasks = {}, []
    for name, data, points in mixed_class(COUNT):
        truth[name] = points
        tasks.append(Task(name, lambda data=data: Submission(data)))
    engine = container(LIMITS)
    verdicts: dict[str, Verdict] = {}
    with Grader(engine, LIMITS, jobs=2) as grader:
        verdicts |= {task.name: verdict for task, verdict in grader.pool.grade(tasks[:WARM])}
        for worker in grader.idle():  # the warm parent with pandas starts when it is first wanted
            worker.grade(Submission(notebook(["import pandas as pd", *answers()])), LIMITS)
        at_start = private_memory(grader)
        verdicts |= {task.name: verdict for task, verdict in grader.pool.grade(tasks[WARM:])}
        at_end = private_memory(grader)
        marks = [mark for name in at_end for mark in mount_marks(engine.name, name)]
        assert grader.left() == []
        assert len(at_start) == 2
    assert {name: scores(verdict) for name, verdict in verdicts.items()} == truth
    assert [name for name, verdict in verdicts.items() if leaks(verdict)] == []
    honest_ones = {name: verdict for name, verdict in verdicts.items() if name.endswith("honest")}
    assert len(honest_ones) >= 0.6 * COUNT
    for name, verdict in honest_ones.items():
        assert verdict.status == "graded", (name, shown(verdict))
    assert at_end.keys() == at_start.keys()  # nobody wore a worker out
    grown = {name: at_end[name] / at_start[name] - 1 for name in at_end}
    print(f"memory of the trusted processes: {at_start} bytes, grown by {grown}")
    assert max(grown.values()) < MEMORY_MAY_GROW, grown
    assert processes_of(grader.uids) == []
    assert containers(engine.name).isdisjoint(grader.started)
    assert mounted(marks) == []
