"""A class of thousands with known truth, a tenth of it hostile or broken: scores, memory, interruptions, time.

`THOUSANDS` and `THOUSANDS_IN_PROCESSES` set the sizes (1,000 in containers and 5,000 in processes).
"""

from __future__ import annotations

import csv
import json
import os
import secrets
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.batch import image
from autograder.batch.engine import CODE
from tests.autograder import sample_class
from tests.autograder.building import compile_assignment
from tests.autograder.hostile.test_attacks import ATTACKS
from tests.autograder.hostile.world import notebook

NAME = "hw01_gradient_descent"
IN_CONTAINERS = int(os.environ.get("THOUSANDS", "1000"))
IN_PROCESSES = int(os.environ.get("THOUSANDS_IN_PROCESSES", "5000"))
INTERRUPTIONS = 3
SLOWER = 0.10  # at most, per submission, than in a class of a hundred
MEMORY_MAY_GROW = 0.05
CELL_TIMEOUT = 5
DISTINCT = 126  # plain runs for the truth; every submission has a cell of its own all the same

# Files that are no notebook, by name: nothing of them can be graded.
BROKEN = {
    "empty.ipynb": b"",
    "cut.ipynb": b'{"cells": [{"cell_type": "code", "sour',
    "picture.ipynb": b"\x89PNG\r\n\x1a\n" + bytes(1000),
    "no cells.ipynb": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}',
    "other.zip": b"PK\x03\x04 cut",
    "other assignment.ipynb": notebook(["1"], otter={"assignment_name": "hw99"}),
}
# Cells that can be put after any assignment's last one; they cost nothing of what is before them.
ENDLESS = "while True: pass"  # costs its time limit, so each hundred has exactly one
HOSTILE_CELLS = (
    "import os\nos._exit(0)",
    "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    "kept = []\nwhile True:\n    kept.append(bytearray(50 << 20))",
    "print('x' * 30_000_000)",
    *(
        "\n".join(attack.cells)
        for attack in ATTACKS
        if attack.kind in ("stealing", "escaping", "disturbing")
        and not (attack.answers or attack.before or attack.limits or attack.hole or attack.spoils_itself)
        and len(attack.cells) == 1
        and "time.sleep(1" not in attack.cells[0]
    ),
)

pytestmark = pytest.mark.benchmark


def with_cell(data: bytes, cell: str) -> bytes:
    """The notebook with one more code cell."""
    document = json.loads(data)
    document["cells"].append(
        {
            "cell_type": "code",
            "id": "last-one",
            "metadata": {},
            "source": cell,
            "outputs": [],
            "execution_count": None,
        }
    )
    return json.dumps(document).encode()


def build(root: Path, count: int) -> dict[str, float | None]:
    """Write a class to ``root/class``; submission -> true score, or None where nothing can be graded."""
    compile_assignment(NAME, root)
    material = sample_class.Material(NAME, root=root)
    rng = np.random.default_rng(0)
    known: list[tuple[bytes, float]] = []
    truth: dict[str, float | None] = {}
    broken = list(BROKEN.items())
    for number in range(count):
        if number < DISTINCT:
            data = material.submission(sample_class.KINDS[number % len(sample_class.KINDS)], rng)
            known.append((data, sum(sample_class.true_scores(material.bundle, data).values())))
        data, score = known[number % DISTINCT]
        path, packed = sample_class.package(with_cell(data, f"# {number}"), NAME, number)
        if number % 20 == 3:
            name, packed = broken[number // 20 % len(broken)]
            path = f"broken {number:04d} {name}"
        elif number % 20 == 13:
            cell = HOSTILE_CELLS[number // 20 % len(HOSTILE_CELLS)] if number % 100 != 13 else ENDLESS
            path, packed = f"hostile {number:04d}.ipynb", with_cell(data, f"{cell}\n# {number}")
        truth[path] = None if number % 20 == 3 else score
        (root / "class" / path).parent.mkdir(parents=True, exist_ok=True)
        (root / "class" / path).write_bytes(packed)
    return truth


@dataclass
class Watch:
    """What was seen of one run of the command from outside, until it ended or was killed.

    Attributes
    ----------
    commits
        (clock, submissions in the table) whenever there were more.
    memory
        Bytes of the coordinator at these times.
    """

    commits: list[tuple[float, int]] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)
    status: int = 0
    output: str = ""

    def seconds_each(self, truth: dict[str, float | None]) -> float:
        """Seconds per submission of a run that began with nothing; broken files are recorded first, at once."""
        broken = sum(score is None for score in truth.values())
        commits = [(clock, count) for clock, count in self.commits if count > broken]
        (first, before), (last, after) = commits[0], commits[-1]
        return (last - first) / (after - before)

    def after(self, known: int) -> Watch:
        """Without what was taken from the ledger, which comes at once."""
        skipped = sum(count <= known for _, count in self.commits)
        return Watch(self.commits[skipped:], self.memory[skipped:], self.status, self.output)

    def growth(self) -> float:
        """How much larger the coordinator is in the last tenth of a run than after its first tenth."""
        tenth = max(2, len(self.memory) // 10)
        early, late = self.memory[tenth : 2 * tenth], self.memory[-tenth:]
        return float(np.median(late) / np.median(early) - 1)


def in_table(out: Path) -> int:
    try:
        with sqlite3.connect(f"file:{out / 'ledger.sqlite'}?mode=ro", uri=True) as ledger:
            return ledger.execute("SELECT count(*) FROM submission").fetchone()[0]
    except sqlite3.OperationalError:
        return 0


def resident(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith("VmRSS:")), 0)


def watch(root: Path, folder: str, out: Path, engine: str, kill_at: int | None = None) -> Watch:
    """Run ``autograder grade`` and watch it; kill it when `kill_at` submissions are in the table."""
    seen = Watch()
    command = [
        sys.executable,
        "-m",
        "autograder",
        "grade",
        root / "dist" / NAME / "autograder.zip",
        root / folder,
    ]
    command += ["--out", out, "--engine", engine, "--jobs", "2", "--cell-timeout", str(CELL_TIMEOUT)]
    with (root / "output").open("w+") as output:
        process = subprocess.Popen(command, cwd=CODE, stdout=output, stderr=subprocess.STDOUT)
        while process.poll() is None:
            count = in_table(out)
            if count and (not seen.commits or count > seen.commits[-1][1]):
                seen.commits.append((time.monotonic(), count))
                seen.memory.append(resident(process.pid))
            if kill_at is not None and count >= kill_at:
                process.send_signal(signal.SIGKILL)
                process.wait()
            time.sleep(0.1)
        output.seek(0)
        seen.status, seen.output = process.returncode, output.read()
    return seen


def assert_true(out: Path, truth: dict[str, float | None]) -> None:
    """Every submission is in the table once, with its true score."""
    rows = list(csv.DictReader((out / "grades.csv").read_text().splitlines()))
    assert sorted(row["submission"] for row in rows) == sorted(truth)
    got = {row["submission"]: None if row["status"] == "error" else float(row["score"]) for row in rows}
    wrong = {name: (got[name], score) for name, score in truth.items() if got[name] != score}
    assert wrong == {}


@pytest.fixture(scope="module")
def school(tmp_path_factory) -> Callable[[int], tuple[Path, dict[str, float | None]]]:
    """``count -> (folder, truth)``; a small class is the beginning of a larger one."""
    made: dict[int, Any] = {}

    def get(count: int) -> tuple[Path, dict[str, float | None]]:
        if count not in made:
            root = tmp_path_factory.mktemp(f"class-of-{count}")
            made[count] = root, build(root, count)
        return made[count]

    return get


def grade_all(root: Path, folder: str, out: Path, engine: str, truth: dict[str, float | None]) -> Watch:
    """Grade to the end; every score is the true one."""
    seen = watch(root, folder, out, engine)
    assert seen.status == 0, seen.output
    assert_true(out, truth)
    return seen


def grade_few(root: Path, truth: dict[str, float | None], engine: str, when: str) -> float:
    """Grade the first hundred without interruption; seconds for each."""
    few = dict(list(truth.items())[: min(100, len(truth) // 2)])
    for name in few:
        link = root / f"few-{when}" / name
        link.parent.mkdir(parents=True, exist_ok=True)
        os.link(root / "class" / name, link)
    out = root / f"out-few-{when}-{engine}"
    return grade_all(root, f"few-{when}", out, engine, few).seconds_each(few)


def compare(engine: str, few: list[float], seen: Watch, truth: dict[str, float | None]) -> None:
    """Neither time nor memory grows with the class. A machine's speed drifts: a hundred before, a hundred after."""
    each, grown, usual = seen.seconds_each(truth), seen.growth(), sum(few) / len(few)
    told = " and ".join(f"{seconds:.2f}" for seconds in few)
    print(
        f"\n{engine}, 2 jobs: a hundred took {told} s each, {len(truth)} took {each:.2f} s each "
        f"(ratio {each / usual:.2f}); coordinator {seen.memory[-1] >> 20} MB, {grown:+.1%}"
    )
    assert grown < MEMORY_MAY_GROW
    assert each / usual < 1 + SLOWER


def left_over(engine: str) -> set[str]:
    """Containers and processes of a grader's."""
    found = {line for line in _output(["ps", "-eo", "pid,args"]) if "autograder.sandbox." in line}
    if engine != "process":
        found |= set(_output([engine, "ps", "--all", "--format", "{{.Names}}"]))
    return {line for line in found if "grader-" in line or "autograder.sandbox." in line}


def _output(command: list[str]) -> list[str]:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.fixture(scope="module")
def program() -> str:
    found = image.find_engine()
    assert found, "the benchmark needs podman or docker"
    image.build(engine=found)
    return found


@pytest.mark.container
def test_a_class_in_containers_that_is_killed_three_times(school, program):
    root, truth = school(IN_CONTAINERS)
    few = [grade_few(root, truth, program, "before")]
    before = left_over(program)
    seed = secrets.randbelow(1 << 32)
    count = len(truth)
    moments = sorted(np.random.default_rng(seed).integers(count // 10, 6 * count // 10, INTERRUPTIONS))
    print(f"\nkilled with {', '.join(map(str, moments))} of {count} in the table (seed {seed})")
    out = root / "out"
    for moment in moments:
        seen = watch(root, "class", out, program, kill_at=int(moment))
        assert seen.status == -signal.SIGKILL, seen.output
    seen = grade_all(root, "class", out, program, truth)
    time.sleep(10)  # a container ends when its coordinator's end of the pipe has closed
    assert left_over(program) <= before
    few.append(grade_few(root, truth, program, "after"))
    compare(program, few, seen.after(moments[-1]), truth)


@pytest.mark.root
def test_a_class_in_processes(school):
    root, truth = school(IN_PROCESSES)
    few = [grade_few(root, truth, "process", "before")]
    before = left_over("process")
    out = root / "out"
    seen = grade_all(root, "class", out, "process", truth)
    time.sleep(2)
    assert left_over("process") <= before
    few.append(grade_few(root, truth, "process", "after"))
    compare("process", few, seen, truth)
