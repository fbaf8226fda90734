"""Time and CPU per submission, ours in a warm container beside `otter run`: same submissions, same scores, one run."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.batch import image
from autograder.batch.bundle import Bundle
from autograder.batch.engine import Worker, container_engine
from autograder.batch.submissions import Submission
from autograder.sandbox.limits import Limits
from tests.autograder.building import compile_assignment

NAME = "hw01_gradient_descent"
REPEATS = 5
GOAL = 10.0

pytestmark = [pytest.mark.benchmark, pytest.mark.container]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    root = tmp_path_factory.mktemp("course")
    compile_assignment(NAME, root)
    return root


def otter_run(bundle: Path, notebook: Path, out: Path) -> tuple[float, float, float]:
    """Score, seconds and CPU seconds of one `otter run`."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "otter", "run", "-a", bundle, "-o", out, notebook],
        check=True,
        capture_output=True,
        env=os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
    )
    seconds = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    tests = json.loads((out / "results.json").read_text())["tests"]
    return sum(test.get("score", 0) for test in tests), seconds, cpu


@pytest.mark.parametrize("kind", ["solution", "untouched release"])
def test_ratio_to_otter_run(course, tmp_path, kind):
    program = image.find_engine()
    assert program, "the benchmark needs podman or docker"
    bundle = course / "dist" / NAME / "autograder.zip"
    released = course / "student_release" / NAME / f"{NAME}.ipynb"
    notebook = course / "dist" / NAME / "solution.ipynb" if kind == "solution" else released
    limits = Limits()
    worker = Worker(container_engine(program, image.build(engine=program), limits), Bundle.load(bundle))
    try:
        worker.grade(Submission(released.read_bytes()), limits)  # warm, as all but the first one are
        ours, theirs = [], []
        for number in range(REPEATS):
            started = time.perf_counter()
            verdict, _ = worker.grade(Submission(notebook.read_bytes()), limits)
            ours.append(time.perf_counter() - started)
            if number < 2:
                out = tmp_path / str(number)
                out.mkdir()
                score, seconds, _ = otter_run(bundle, notebook, out)
                theirs.append(seconds)
                assert score == verdict.score
    finally:
        worker.close()
    ratio = min(theirs) / min(ours)
    print(
        f"\n{kind}: otter run {min(theirs):.2f} s, sealed in a container {min(ours):.2f} s, ratio {ratio:.1f}"
    )
    assert ratio >= GOAL
