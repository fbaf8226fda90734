"""A class with known scores: the sealed grader must give exactly them, as must otter itself."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from autograder.batch import run
from autograder.batch.engine import process_engine
from autograder.gradebook.tables import grades_csv
from autograder.sandbox.limits import Limits
from tests.autograder import sample_class
from tests.autograder.building import compile_assignment

NAME = "hw01_gradient_descent"
COUNT = 24
WITH_OTTER = 12

pytestmark = pytest.mark.xdist_group("class")


@pytest.fixture(scope="session")
def course(tmp_path_factory):
    """A folder with hw01 compiled and a class of submissions in ``class/``."""
    root = tmp_path_factory.mktemp("course")
    compile_assignment(NAME, root)
    sample_class.build(NAME, COUNT, root / "class", root=root)
    return root


@pytest.fixture(scope="session")
def truth(course):
    return json.loads((course / "class" / "truth.json").read_text())


def grade(course: Path, out: Path, engine) -> dict[str, dict[str, str]]:
    """Grade the class; the rows of the gradebook by submission."""
    bundle = run.find_bundle(NAME, course / "dist")
    ledger = run.grade(
        bundle, [course / "class"], out, engine=engine, jobs=2, limits=Limits(test_timeout=20.0)
    )
    _, manifest = ledger.run()
    table = grades_csv(ledger.entries(), manifest)
    ledger.close()
    return {row["submission"]: row for row in csv.DictReader(table.splitlines())}


def assert_scores_are_true(rows: dict[str, dict[str, str]], truth: dict[str, dict]) -> None:
    assert sorted(rows) == sorted(truth)
    got = {name: {q: float(row[q]) for q in truth[name]["questions"]} for name, row in rows.items()}
    assert got == {name: known["questions"] for name, known in truth.items()}
    assert {name: float(row["score"]) for name, row in rows.items()} == {
        name: known["score"] for name, known in truth.items()
    }


def test_the_class_has_all_kinds_of_students(truth):
    scores = {kind: [t["score"] for t in truth.values() if t["kind"] == kind] for kind in sample_class.KINDS}
    assert set(scores["right"]) == {50.0}
    assert set(scores["blank"]) == {0.0}
    assert all(0 < score < 50 for kind in ("mixed", "wrong", "half done") for score in scores[kind])


@pytest.mark.root
def test_every_score_is_true_in_sealed_processes(course, truth, tmp_path):
    if os.geteuid() != 0:
        pytest.skip("needs root to run students' code as another user")
    rows = grade(course, tmp_path / "out", process_engine())
    assert_scores_are_true(rows, truth)
    assert not any(row["message"] for row in rows.values())


@pytest.mark.container
def test_every_score_is_true_in_containers(course, truth, tmp_path, container):
    assert_scores_are_true(grade(course, tmp_path / "out", container(Limits())), truth)


def test_otter_gives_the_same_scores(course, truth, tmp_path):
    """`otter run` on the same files, question by question."""
    bundle = course / "dist" / NAME / "autograder.zip"

    def otter_scores(name: str) -> dict[str, float]:
        out = tmp_path / str(list(truth).index(name))
        out.mkdir()
        environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
        subprocess.run(
            [sys.executable, "-m", "otter", "run", "-a", bundle, "-o", out, course / "class" / name],
            check=True,
            capture_output=True,
            env=environment,
            cwd=out,
        )
        tests = json.loads((out / "results.json").read_text())["tests"]
        return {test["name"]: test["score"] for test in tests if "score" in test}

    # Otter finds no notebook in a zip that holds a folder, and grades a support file instead.
    names = [name for number, name in enumerate(truth) if number % 4 != 3][:WITH_OTTER]
    with ThreadPoolExecutor(2) as pool:
        scores = dict(zip(names, pool.map(otter_scores, names), strict=True))
    assert scores == {name: truth[name]["questions"] for name in names}
