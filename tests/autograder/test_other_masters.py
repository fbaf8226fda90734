"""Bundles that plain otter made of masters written elsewhere: the same scores as `otter run`, sealed."""

from __future__ import annotations

import csv
import importlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import pytest

from autograder import cli
from autograder.batch.bundle import Bundle
from autograder.batch.engine import Worker, process_engine
from autograder.batch.submissions import read
from autograder.errors import BadBundle
from autograder.sandbox.bundle_tests import load
from autograder.sandbox.limits import Limits
from autograder.verdict import Verdict
from tests.autograder.other_masters import animals, helpers, words
from tests.autograder.other_masters.building import Answers, Compiled, compile_master, repacked
from tests.autograder.otter_run import otter_scores

MASTERS = ("tables", "plots", "words", "animals", "chance", "chance_variable", "doctests", "helpers")
TRUSTED = os.geteuid() != 0

pytestmark = pytest.mark.xdist_group("other masters")


@pytest.fixture(scope="module", params=MASTERS)
def master(request) -> ModuleType:
    return importlib.import_module(f"tests.autograder.other_masters.{request.param}")


@pytest.fixture(scope="module")
def compiled(master, tmp_path_factory) -> Compiled:
    return compile_master(master.MASTER, master.FILES, tmp_path_factory.mktemp("master"))


@pytest.fixture(scope="module")
def submissions(master, compiled, tmp_path_factory) -> dict[str, Path]:
    return write(compiled, master.SUBMISSIONS, tmp_path_factory.mktemp("submissions"))


@pytest.fixture(scope="module")
def helpers_bundle(tmp_path_factory) -> Compiled:
    return compile_master(helpers.MASTER, helpers.FILES, tmp_path_factory.mktemp("helpers"))


def write(compiled: Compiled, work: Mapping[str, Answers], folder: Path) -> dict[str, Path]:
    """One folder for each student's work."""
    return {name: compiled.submission(answers, folder / name) for name, answers in work.items()}


def verdicts(bundle: Path, paths: Mapping[str, Path]) -> dict[str, Verdict]:
    """Verdicts of the sealed grader: one warm worker for all."""
    worker = Worker(process_engine(trusted=TRUSTED), Bundle.load(bundle))
    try:
        return {name: worker.grade(read(path), Limits())[0] for name, path in paths.items()}
    finally:
        worker.close()


def scores(verdict: Verdict) -> dict[str, float]:
    return {question.name: question.score for question in verdict.questions}


@pytest.mark.root
def test_scores_are_those_of_otter_run(master, compiled, submissions):
    expected = {name: dict(answers.scores) for name, answers in master.SUBMISSIONS.items()}
    got = verdicts(compiled.bundle, submissions)
    for name, questions in expected.items():
        assert scores(got[name]) == pytest.approx(questions), name
        assert got[name].score == pytest.approx(sum(questions.values())), name
    assert {verdict.status for verdict in got.values()} == {"graded"}
    theirs = otter_scores(compiled.bundle, submissions)
    assert theirs == {name: pytest.approx(questions) for name, questions in expected.items()}


# Objects that pass these tests in one process: in no other way than by claiming to equal everything.
_LIAR = """
class Liar:
    def __eq__(self, other): return True
    __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __eq__
    def __sub__(self, other): return self
    __rsub__ = __add__ = __radd__ = __sub__
    def __hash__(self): return 0
    def __len__(self): return 1
    def __getattr__(self, name): return self
    def __call__(self, *args, **kwargs): return self
liar = Liar()
"""


@pytest.mark.root
@pytest.mark.parametrize(
    ("master", "cells", "full"),
    [
        (words, {"q1": "counts = index = common = liar", "q2": "phone = numbers = liar"}, {"q3": 4, "q4": 3}),
        (animals, {"q1": "rex = Animal = Dog = Puppy = liar", "q3": "Account = TooPoor = History = liar"}, {"q2": 6, "q4": 4}),
    ],
    ids=["words", "animals"],
)  # fmt: skip
def test_objects_that_equal_everything_earn_nothing(master, cells, full, tmp_path):
    compiled = compile_master(master.MASTER, master.FILES, tmp_path)
    lies = {question: _LIAR + source for question, source in cells.items()}
    paths = write(compiled, {"lies": Answers({}, lies)}, tmp_path)
    verdict = verdicts(compiled.bundle, paths)["lies"]
    assert scores(verdict) == {**dict.fromkeys(cells, 0), **full}
    assert any("For the instructor" in note and "claim to equal everything" in note for note in verdict.notes)


def grade(bundle: Path, folder: Path, out: Path) -> int:
    return cli.main(
        ["grade", str(bundle), str(folder), "--out", str(out), "--engine", "process", "--jobs", "1"]
        + ["--trusted"] * TRUSTED
    )


def test_the_command_grades_with_a_bundle_of_plain_otter(helpers_bundle, tmp_path):
    work = helpers.SUBMISSIONS
    write(helpers_bundle, work, tmp_path / "handed in")
    # Otter itself refuses a script beside a helper module.
    script = helpers_bundle.submission(Answers({}, form="py"), tmp_path)
    bundle = tmp_path / "from elsewhere.zip"
    bundle.write_bytes(helpers_bundle.bundle.read_bytes())
    assert grade(bundle, tmp_path / "handed in", tmp_path / "out") == 0
    with open(tmp_path / "out" / "grades.csv", newline="") as file:
        rows = {Path(row["submission"]).parent.name: row for row in csv.DictReader(file)}
    assert {name: {q: float(row[q]) for q in ("q1", "q2")} for name, row in rows.items()} == {
        name: dict(answers.scores) for name, answers in work.items()
    }
    assert all((tmp_path / "out" / name).is_file() for name in ("report.html", "ledger.sqlite"))
    assert grade(bundle, script, tmp_path / "script") == 0
    assert "answers.py,graded,5" in (tmp_path / "script" / "grades.csv").read_text()


def _config(**options: object) -> dict[str, str | None]:
    return {"otter_config.json": json.dumps({"lang": "python", **options})}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (_config(lang="r"), "grades notebooks in R. Only bundles for Python"),
        ({"tests/q1.py": None, "tests/q2.py": None, "tests/q1.R": "list()"}, "grades notebooks in R"),
        ({"tests/q1.py": None, "tests/q2.py": None, "tests/notes.txt": "x"}, "holds no tests/"),
        ({"tests/q1.py": "test = {"}, "tests/q1.py does not load: SyntaxError"),
        ({"tests/q1.py": "x = 1"}, "tests/q1.py does not set OK_FORMAT. Make"),
        ({"otter_config.json": "{"}, "otter_config.json is not valid JSON"),
        ({"otter_config.json": "[1]"}, "otter_config.json is not a table"),
        (_config(grade_from_log=True), "'grade_from_log': a log holds pickled objects"),
        (_config(plugins=["otter.plugins.builtin.RateLimiting"]), "'plugins': plugins are not run"),
        (_config(score_threshold=0.8), "'score_threshold': .* the column 'score'"),
        (_config(points_possible=100), "'points_possible': .* scale the column"),
        (_config(seed="x"), "a seed that is no integer. Give"),
    ],
)
def test_a_bundle_that_would_be_graded_otherwise_is_refused_in_words(helpers_bundle, changes, words):
    with pytest.raises(BadBundle, match=words):
        load(repacked(helpers_bundle.bundle, changes))


NO_TESTS = {"tests/q1.py": None, "tests/q2.py": None}


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (lambda bundle: repacked(bundle, _config(lang="r")), ["notebooks in R", "Only bundles for Python"]),
        (lambda bundle: repacked(bundle, _config(plugins=["x"])), ["'plugins'", "Make it without"]),
        (lambda bundle: repacked(bundle, NO_TESTS), ["holds no tests", "not a submission"]),
        (lambda bundle: b"my tests", ["not a zip file", "otter assign"]),
        (lambda bundle: bundle.read_bytes()[:-200], ["not a zip file"]),
    ],
    ids=["R", "plugins", "no tests", "text", "cut off"],
)
def test_the_command_says_in_one_line_what_is_wrong_with_a_bundle(
    helpers_bundle, made, words, tmp_path, capsys, monkeypatch
):
    bundle = tmp_path / "other.zip"
    bundle.write_bytes(made(helpers_bundle.bundle))
    write(helpers_bundle, {"one": Answers({})}, tmp_path / "in")
    assert grade(bundle, tmp_path / "in", tmp_path / "out") == 1
    said = " ".join(capsys.readouterr().err.split())
    assert said.startswith("error:") and "other" in said and "Traceback" not in said
    assert [word for word in words if word not in said] == []
    assert not (tmp_path / "out" / "grades.csv").exists()


def test_options_that_concern_only_display_are_no_obstacle(helpers_bundle, tmp_path):
    bundle = tmp_path / "other.zip"
    options = {
        "show_hidden": True,
        "zips": True,
        "pdf": True,
        "token": "x",
        "debug": True,
        "logo": False,
        "new": 1,
    }
    bundle.write_bytes(repacked(helpers_bundle.bundle, _config(**options)))
    paths = write(helpers_bundle, {"solution": Answers({})}, tmp_path)
    assert scores(verdicts(bundle, paths)["solution"]) == helpers.FULL
