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
# Hashes of what decides the questions of a bundle, before and after its q1 is corrected.
FIRST = {"q1": "first tests of q1", "q2": "first tests of q2"}
CORRECTED = {"q1": "corrected tests of q1", "q2": "first tests of q2"}


class Stop(Exception):
    """The run is killed here."""


def only(verdict, questions):
    """What an examiner says that was asked for some questions: the others fail."""
    results = [
        result
        if result.name in questions
        else replace(result, score=0.0, cases=tuple(replace(c, passed=False) for c in result.cases))
        for result in verdict.questions
    ]
    return replace(verdict, questions=tuple(results), score=sum(result.score for result in results))


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
            self.asked.append((task.name[0], task.questions))
            whole = self.verdicts[self._bundle][task.load().notebook.decode()]
            yield task, whole if task.questions is None else only(whole, task.questions)

    def run(self, bundle, tests=None, **options):
        """Grade; return the letters that were graded, the rows of changes.csv and what is said."""
        self.graded, self.asked = [], []
        ledger = run.grade(
            Bundle("hw", b"", bundle, tests or {}),
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

    def test_forced_grading_that_was_killed_goes_on(self, grader):
        grader.run("one")
        grader.verdicts["one"]["a"] = verdict()
        grader.stop_after = 2
        with pytest.raises(Stop):
            grader.run("one", force=True)
        grader.stop_after = 10**6
        graded, changes, _ = grader.run("one", force=True)
        assert graded == "cd" and changes["a"]["change"] == "lost"
        assert grader.run("one", force=True)[0] == "abcd"  # that one was completed: from the beginning

    def test_forced_grading_with_another_bundle_begins_anew(self, grader):
        grader.run("two")
        grader.stop_after = 2
        with pytest.raises(Stop):
            grader.run("one", force=True)
        grader.stop_after = 10**6
        assert grader.run("two", force=True)[0] == "abcd"

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


class TestParts:
    """Only questions whose tests were corrected are examined again."""

    def rows(self, grader):
        with (grader.folder / "out/grades.csv").open() as file:
            return {
                row["submission"]: (row["status"], row["score"], row["q1"], row["q2"])
                for row in csv.DictReader(file)
            }

    def test_the_table_is_that_of_a_whole_run(self, grader):
        said = []
        grader.run("one", FIRST)
        grader.run("two", CORRECTED, warn=said.append)
        assert grader.asked == [("a", ("q1",)), ("b", ("q1",)), ("c", ("q1",)), ("d", None)]
        assert said == [
            "The bundle was corrected: only q1 of 2 questions must be examined again in 3 submissions."
        ]
        in_parts = self.rows(grader)
        grader.run("two", CORRECTED, force=True)
        assert {questions for _, questions in grader.asked} == {None} and self.rows(grader) == in_parts
        assert in_parts["c.ipynb"] == ("graded", "0.5", "0", "0.5")

    def test_a_run_that_was_killed_goes_on_with_the_parts(self, grader):
        grader.run("one", FIRST)
        grader.stop_after = 1
        with pytest.raises(Stop):
            grader.run("two", CORRECTED)
        grader.stop_after = 10**6
        grader.run("two", CORRECTED)
        assert grader.asked == [("b", ("q1",)), ("c", ("q1",)), ("d", None)]

    def test_parts_of_different_runs_make_a_verdict_together(self, grader):
        grader.verdicts["three"] = grader.verdicts["two"]
        grader.run("one", FIRST)
        grader.run("two", {**CORRECTED, "q2": "corrected tests of q2"})
        grader.run("three", CORRECTED)
        assert grader.asked == [("d", ("q2",))]  # nothing of it was graded in the first run
        assert self.rows(grader)["a.ipynb"] == ("graded", "3", "3", "0")

    @pytest.mark.parametrize("tests", [{"q1": "x", "q2": "y"}, {"q1": "x"}, {"q1": "x", "other": "y"}, {}])
    def test_everything_is_examined_where_nothing_is_known_to_be_the_same(self, grader, tests):
        grader.run("one", FIRST)
        grader.run("two", tests)
        assert grader.asked == [(name, None) for name in NAMES]

    def test_other_limits_and_other_graders_decide_again(self, grader, monkeypatch):
        grader.run("one", FIRST)
        monkeypatch.setattr(run, "grader_version", lambda: "another")
        grader.run("two", CORRECTED)
        assert grader.asked == [(name, None) for name in NAMES]

    def test_a_submission_in_trouble_is_examined_as_a_whole(self, grader):
        """A partial verdict is never kept in parts, and one that appears now is not mixed with an earlier one."""
        grader.verdicts["one"]["a"] = replace(grader.verdicts["one"]["a"], status="partial")
        grader.verdicts["two"]["b"] = replace(grader.verdicts["two"]["b"], status="partial")
        grader.run("one", FIRST)
        grader.run("two", CORRECTED)
        assert grader.asked == [("a", None), ("b", ("q1",)), ("c", ("q1",)), ("d", None), ("b", None)]
        assert self.rows(grader)["b.ipynb"] == ("partial", "1", "1", "0")

    def test_a_verdict_that_a_worse_one_replaced_gives_no_part(self, grader):
        grader.run("one", FIRST)
        first = grader.verdicts["one"]
        grader.verdicts["one"] = first | {
            "a": replace(first["a"], status="partial"),
            "b": Verdict.failed("No.", max_score=3.5),
        }
        grader.run("one", FIRST, force=True)
        grader.run("two", CORRECTED)
        assert grader.asked == [("a", None), ("b", None), ("c", ("q1",)), ("d", None)]
        assert self.rows(grader)["b.ipynb"] == ("graded", "1", "1", "0")

    def test_a_sealed_run_takes_nothing_from_one_without_walls(self, grader):
        grader.run("one", FIRST)
        grader.name, grader.sealed = "podman", True
        grader.run("two", CORRECTED)
        assert grader.asked == [(name, None) for name in NAMES]  # no part
        grader.run("one", FIRST)
        assert {name for name, _ in grader.asked} == set(NAMES)  # and no verdict

    def test_a_changed_file_is_examined_as_a_whole(self, grader):
        grader.run("one", FIRST)
        grader.submit("a", "z")
        grader.run("two", CORRECTED)
        assert grader.asked[0] == ("a", None)

    def test_in_the_grader_itself(self, tmp_path):
        tests = {
            "q1": TEST_FILE,
            "q2": TEST_FILE.replace("q1", "q2").replace("add(", "add2(").replace("(add)", "(add2)"),
        }
        answers = notebook("def add(a, b): return a + b", "def add2(a, b): return abs(a) + abs(b)")
        (tmp_path / "hw").mkdir()
        (tmp_path / "a.ipynb").write_text(answers)
        results = {}
        for step, source in (
            ("first", tests["q2"]),
            ("corrected", tests["q2"].replace("== -3", "in (3, -3)")),
        ):
            with zipfile.ZipFile(tmp_path / "hw/autograder.zip", "w") as archive:
                archive.writestr("tests/q1.py", tests["q1"])
                archive.writestr("tests/q2.py", source)
            status, _, err = finished(
                "grade", "hw/autograder.zip", "a.ipynb", "--out", "o", *ENGINE, cwd=tmp_path
            )
            assert status == 0, err
            with (tmp_path / "o/grades.csv").open() as file:
                results[step] = next(csv.DictReader(file))
        assert "only q2 of 2 questions must be examined again in 1 submission." in err
        assert [results[step]["q2"] for step in results] == ["1", "3"]
        assert [results[step]["q1"] for step in results] == ["3", "3"]


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


def test_an_interrupted_run_is_not_taken_for_a_finished_one(tmp_path, capsys):
    (tmp_path / "roster.csv").write_text("name,sid\nAda Lovelace,s1\nEmmy Noether,s2\n")
    (tmp_path / "course.toml").write_text('roster = "roster.csv"\n[assignments.one]\nrun = "out"\n')
    report = ["report", str(tmp_path / "out"), "--roster", str(tmp_path / "roster.csv")]
    export = ["export", str(tmp_path / "course.toml"), "--out", str(tmp_path / "o")]
    (tmp_path / "out").mkdir()
    ledger = Ledger(tmp_path / "out/ledger.sqlite")
    ledger.start_run({"assignment": "hw", "sealed": True, "complete": False}, MANIFEST)
    ledger.record("s1.ipynb", "sha", "key", verdict("only"))
    assert main(report) == 0 and "not finished" in capsys.readouterr().out
    assert "Not finished" in (tmp_path / "out/report.html").read_text()
    assert main(export) == 1 and not (tmp_path / "o").exists()
    said = capsys.readouterr().err
    assert f"{tmp_path / 'out'} was not finished. Run the same command again" in said
    ledger.attach(complete=True)
    ledger.close()
    assert main(report) == main(export) == 0 and "not finished" not in capsys.readouterr().out
    assert "Not finished" not in (tmp_path / "out/report.html").read_text()


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
