"""Classes with known scores: the sealed grader must give exactly them, as must otter itself."""

from __future__ import annotations

import csv
import json
import os
from functools import cache
from pathlib import Path

import pytest

from autograder.batch import run
from autograder.batch.engine import process_engine
from autograder.gradebook.tables import grades_csv
from autograder.release.master import parse
from autograder.sandbox.limits import Limits
from tests.autograder import sample_class
from tests.autograder.building import ROOT, compile_assignment
from tests.autograder.otter_run import otter_scores

# Assignment -> submissions in its class, and how many of them `otter run` grades too (some 10 s each).
CLASSES = {
    "hw01_gradient_descent": (12, 3),
    "hw02_eigenvalues": (6, 2),
    "hw03_gradient_checking": (6, 2),
    "hw04_entropy": (6, 2),
    "hw05_hessian_conditioning": (6, 2),
    "hw06_deep_dive": (6, 1),
    "lab01_linear_algebra": (6, 1),
    "lab02_calculus": (6, 1),
    "lab03_probability": (6, 1),
    "lab04_full_picture": (6, 1),
}

each_class = pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.xdist_group(f"class of {name}")) for name in CLASSES]
)


@pytest.fixture(scope="session")
def course(tmp_path_factory):
    """``name -> folder`` with that assignment compiled and a class of submissions in ``class/``."""

    @cache
    def build(name: str) -> Path:
        root = tmp_path_factory.mktemp(name)
        compile_assignment(name, root)
        sample_class.build(name, CLASSES[name][0], root / "class", root=root)
        return root

    return build


def read_truth(root: Path) -> dict[str, dict]:
    return json.loads((root / "class" / "truth.json").read_text())


def grade(name: str, root: Path, out: Path, engine) -> dict[str, dict[str, str]]:
    """Grade the class; the rows of the gradebook by submission."""
    bundle = run.find_bundle(name, root / "dist")
    ledger = run.grade(bundle, [root / "class"], out, engine=engine, jobs=2, limits=Limits(test_timeout=20.0))
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


def declared_points(name: str) -> float:
    master = parse((ROOT / "assignments" / name / f"{name}.ipynb").read_bytes(), name)
    return sum(question.points for question in master.questions if not question.manual)


@each_class
def test_the_class_has_all_kinds_of_students(name, course):
    truth = read_truth(course(name))
    full = declared_points(name)
    scores = {kind: [t["score"] for t in truth.values() if t["kind"] == kind] for kind in sample_class.KINDS}
    assert set(scores["right"]) == {full}
    assert set(scores["blank"]) == {0.0}
    assert all(0 < score < full for kind in ("mixed", "wrong", "half done") for score in scores[kind])


@pytest.mark.root
@each_class
def test_every_score_is_true_in_sealed_processes(name, course, tmp_path):
    if os.geteuid() != 0:
        pytest.skip("needs root to run students' code as another user")
    root = course(name)
    rows = grade(name, root, tmp_path / "out", process_engine())
    assert_scores_are_true(rows, read_truth(root))
    assert not any(row["message"] for row in rows.values())


@pytest.mark.container
@pytest.mark.xdist_group("class of hw01_gradient_descent")
def test_every_score_is_true_in_containers(course, tmp_path, container):
    name = "hw01_gradient_descent"
    root = course(name)
    rows = grade(name, root, tmp_path / "out", container(Limits()))
    assert_scores_are_true(rows, read_truth(root))


@each_class
def test_otter_gives_the_same_scores(name, course):
    """`otter run` on the same files, question by question."""
    root = course(name)
    truth = read_truth(root)
    # Otter finds no notebook in a zip that holds a folder, and grades a support file instead.
    readable = [submission for number, submission in enumerate(truth) if number % 4 != 3]
    # Scores near half of the points come from right, wrong and partly right answers together.
    half = declared_points(name) / 2
    readable.sort(key=lambda submission: abs(truth[submission]["score"] - half))
    chosen = {submission: root / "class" / submission for submission in readable[: CLASSES[name][1]]}
    scores = otter_scores(root / "dist" / name / "autograder.zip", chosen)
    assert scores == {submission: truth[submission]["questions"] for submission in chosen}
