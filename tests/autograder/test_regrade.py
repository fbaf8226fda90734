"""After a corrected bundle: who gained, who lost, and what is not graded again."""

from __future__ import annotations

import csv
import zipfile
from dataclasses import replace

import pytest

from autograder.batch import run
from autograder.batch.bundle import Bundle
from autograder.batch.engine import trusted_engine
from autograder.batch.ledger import Ledger
from autograder.cli import main
from autograder.gradebook import book
from autograder.sandbox.limits import Limits
from autograder.verdict import Verdict
from tests.autograder.test_cli import ENGINE, RIGHT, TEST_FILE, finished, notebook
from tests.autograder.test_ledger import MANIFEST, verdict

NAMES = "abcd"


class Stop(Exception):
    """The run is killed here."""


class Grader:
    """Grades files of letters by a table, in the place of the pool: bundle -> letter -> passed cases."""

    def __init__(self, monkeypatch, folder):
        self.folder = folder
        self.verdicts = {}
        self.stop_after = 10**6
        self.graded = []
        monkeypatch.setattr(run, "Pool", self._pool)
        monkeypatch.setattr(book, "write_pages", lambda *args, **options: None)
        (folder / "in").mkdir()
        for name in NAMES:
            self.submit(name, name)

    def submit(self, name, content):
        (self.folder / f"in/{name}.ipynb").write_text(content)

    def _pool(self, bundle, engine, limits, jobs):
        self._bundle = bundle.sha256
        return self

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        pass

    manifest = MANIFEST
    name = "trusted"
    sealed = False

    def grade(self, tasks):
        for task in tasks:
            if len(self.graded) == self.stop_after:
                raise Stop
            self.graded.append(task.name[0])
            yield task, self.verdicts[self._bundle][task.load().notebook.decode()]

    def run(self, bundle, **options):
        """Grade; return the letters that were graded, the rows of changes.csv and what is said."""
        self.graded = []
        ledger = run.grade(
            Bundle("hw", b"", bundle),
            [self.folder / "in"],
            self.folder / "out",
            engine=trusted_engine(),
            jobs=1,
            limits=Limits(),
            **options,
        )
        *_, said = book.write_book(ledger, self.folder / "out")
        ledger.close()
        return "".join(self.graded), self.changes(), said

    def changes(self):
        path = self.folder / "out/changes.csv"
        if not path.exists():
            return None
        with path.open() as file:
            return {row["submission"][0]: row for row in csv.DictReader(file)}


@pytest.fixture
def grader(monkeypatch, tmp_path):
    made = Grader(monkeypatch, tmp_path)
    made.verdicts["one"] = {
        "a": verdict("public"),
        "b": verdict("public", "hidden"),
        "c": verdict("only"),
        "d": Verdict.failed("No."),
        "z": verdict("public", "hidden", "only"),
    }
    made.verdicts["two"] = made.verdicts["one"] | {
        "a": verdict("public", "hidden"),
        "b": verdict("public"),
        "d": verdict("only"),
    }
    return made


class TestChanges:
    def test_a_first_run_compares_with_nothing(self, grader):
        assert grader.run("one")[1:] == (None, [])

    def test_a_corrected_bundle_tells_who_gained_and_who_lost(self, grader):
        grader.run("one")
        graded, changes, said = grader.run("two")
        assert graded == "abcd"
        told = {
            name: (row["change"], row["old_score"], row["new_score"], row["difference"])
            for name, row in changes.items()
        }
        assert told == {
            "a": ("gained", "1", "3", "2"),
            "b": ("lost", "3", "1", "-2"),
            "d": ("now graded", "", "0.5", ""),
        }
        assert changes["a"]["questions"] == "q1 1 → 3" and changes["a"]["cause"] == "regraded"
        assert said[:3] == [
            "since the run before: 1 gained, 1 lost, 1 now graded, 1 as before",
            "  q1: 1 gained, 1 lost",
            "  b.ipynb: 3 → 1 (q1 3 → 1)",
        ]
        assert "  d.ipynb: error → 0.5" in said

    def test_the_table_shows_the_new_verdicts_alone_and_the_old_bundle_needs_no_grading_again(self, grader):
        grader.run("one")
        grader.run("two")
        with (grader.folder / "out/grades.csv").open() as file:
            assert [row["score"] for row in csv.DictReader(file)] == ["3", "1", "0.5", "0.5"]
        graded, changes, _ = grader.run("one")
        assert (
            graded == "" and changes["a"]["change"] == "lost" and changes["d"]["change"] == "no longer graded"
        )

    def test_the_same_run_again_says_the_same_and_grades_nothing(self, grader):
        grader.run("one")
        first = grader.run("two")
        assert grader.run("two") == ("", *first[1:])

    def test_a_run_that_was_killed_still_compares_with_the_last_whole_one(self, grader):
        grader.run("one")
        grader.stop_after = 2
        with pytest.raises(Stop):
            grader.run("two")
        grader.stop_after = 10**6
        graded, changes, _ = grader.run("two")
        assert graded == "cd" and set(changes) == {"a", "b", "d"}

    def test_a_new_file_is_graded_alone_and_is_told_as_such(self, grader):
        grader.run("one")
        grader.submit("a", "z")
        grader.submit("e", "a")
        graded, changes, said = grader.run("one")
        assert graded == "a" and set(changes) == {"a"} and changes["a"]["cause"] == "resubmitted"
        assert "  a.ipynb: 1 → 3.5 (q1 1 → 3; q2 0 → 0.5, resubmitted)" in said

    def test_forced_grading_compares_with_what_it_replaces(self, grader):
        grader.run("one")
        grader.verdicts["one"]["c"] = verdict()
        graded, changes, _ = grader.run("one", force=True)
        assert graded == "abcd" and changes["c"]["change"] == "lost"

    def test_the_same_total_from_other_questions_is_told(self, grader):
        grader.verdicts["two"] = grader.verdicts["one"] | {"a": replace(verdict("public"), status="partial")}
        grader.run("one")
        _, changes, said = grader.run("two")
        assert (changes["a"]["change"], changes["a"]["new_status"]) == ("even", "partial")
        assert said[0] == "since the run before: 0 gained, 0 lost, 1 even, 3 as before"

    def test_the_roster_and_the_marks_stay_for_later_runs(self, grader):
        grader.run("one")
        (grader.folder / "roster.csv").write_text("name,submission\nAda,a\n")
        (grader.folder / "w.csv").write_text("submission,question,criterion,points,max\na.ipynb,w,x,1,2\n")
        ledger = Ledger(grader.folder / "out/ledger.sqlite")
        book.attach(ledger, roster=grader.folder / "roster.csv", written=grader.folder / "w.csv")
        ledger.close()
        grader.run("two")
        with (grader.folder / "out/students.csv").open() as file:
            ada = next(csv.DictReader(file))
        assert (ada["name"], ada["score"], ada["w"], ada["max_score"]) == ("Ada", "4", "1", "5.5")
        (grader.folder / "in/a.ipynb").unlink()
        *_, said = grader.run("two")
        assert "written questions: marks of 1 submission not in this run" in said


def test_from_submissions_to_the_platforms_files(tmp_path):
    for name, text in {"one": TEST_FILE, "two": TEST_FILE.replace("== -3", "in (-3, 3)")}.items():
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as archive:
            archive.writestr("tests/q1.py", text)
            archive.writestr("otter_config.json", "{}")
    (tmp_path / "hw").mkdir()
    (tmp_path / "one.zip").rename(tmp_path / "hw/autograder.zip")
    (tmp_path / "in").mkdir()
    (tmp_path / "in/ada_lovelace.ipynb").write_text(RIGHT)
    (tmp_path / "in/s2.ipynb").write_text(notebook("def add(a, b): return abs(a) + abs(b)"))
    (tmp_path / "roster.csv").write_text("name;sid\nAda Lovelace;s1\nEmmy Noether;s2\nSofja K;s3\n")
    grade = ["in", "--out", "out", "--jobs", 1, *ENGINE]
    status, out, err = finished("grade", "hw/autograder.zip", *grade, "--roster", "roster.csv", cwd=tmp_path)
    assert status == 0, err
    assert "roster: 3 students, 1 missing, 0 unknown, 0 duplicates" in out and "students.csv" in out
    (tmp_path / "two.zip").rename(tmp_path / "hw/autograder.zip")
    status, out, _ = finished("grade", "hw/autograder.zip", *grade, cwd=tmp_path)
    assert status == 0 and "since the run before: 1 gained, 0 lost, 1 as before" in out
    assert "  s2.ipynb: 1 → 3 (q1 1 → 3)" in out and "roster: 3 students" in out
    (tmp_path / "course.toml").write_text('roster = "roster.csv"\n[assignments.one]\nrun = "out"\n')
    assert main(["export", str(tmp_path / "course.toml"), "--out", str(tmp_path / "o")]) == 0
    with (tmp_path / "o/moodle.csv").open() as file:
        assert [row["one"] for row in csv.DictReader(file)] == ["3", "3", ""]


def test_a_bad_roster_is_told_before_anything_is_graded(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with zipfile.ZipFile("b.zip", "w") as archive:
        archive.writestr("tests/q1.py", TEST_FILE)
    (tmp_path / "a.ipynb").write_text(RIGHT)
    (tmp_path / "r.csv").write_text("colour\nred\n")
    (tmp_path / "w.csv").write_text("submission,question,criterion,points,max\nb.ipynb,w,x,1,1\n")
    for option, said in {
        "--roster=r.csv": "no column of names",
        "--written=w.csv": "no submission is called",
    }.items():
        assert main(["grade", "b.zip", "a.ipynb", "--out", "o", option]) == 1
        assert said in capsys.readouterr().err and not (tmp_path / "o").exists()
