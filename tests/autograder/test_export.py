"""The files for learning platforms: what they hold is what they take, and nothing open becomes a 0."""

from __future__ import annotations

import csv
import unicodedata
from datetime import UTC, datetime, timedelta

import pytest

from autograder.batch.ledger import Ledger
from autograder.cli import _PLATFORMS, main
from autograder.errors import BadInput
from autograder.gradebook.course import read_course
from autograder.gradebook.course_results import NO_TIME, course_results
from autograder.gradebook.export import PLATFORMS, canvas_files, gradescope_csv, moodle_csv
from autograder.verdict import Verdict
from tests.autograder.test_ledger import FACTS, MANIFEST, verdict

ROSTER = """Student,ID,SIS User ID,SIS Login ID,Section,Email
"Lovelace, Ada",90001,s1001,al,A,ada@uni.edu
"Noether, Emmy",90002,s1002,en,A,emmy@uni.edu
"=cmd|'/c'!A0, Sofja",90003,s1003,sk,B,sofja@uni.edu
"""
COURSE = """
title = "Maths"
roster = "roster.csv"
late_days = 1
late = { penalty_per_day = 0.1, max_penalty = 0.3 }
[assignments.hw02]
run = "hw02"
weight = 3
deadline = 2026-10-12T12:00:00Z
submitted_at = "files"
[assignments.hw01]
run = "hw01"
title = "Homework 1, first"
deadline = 2026-10-05T12:00:00Z
submitted_at = "files"
canvas_id = 77
"""
FULL = verdict("public", "hidden", "only")
DEADLINES = {"hw01": datetime(2026, 10, 5, 12, tzinfo=UTC), "hw02": datetime(2026, 10, 12, 12, tzinfo=UTC)}
DEADLINES["hw03"] = DEADLINES["hw01"]


def record_run(folder, name, submissions, **facts):
    """A run's ledger: submission -> its verdict and how many hours after the deadline it came."""
    (folder / name).mkdir()
    ledger = Ledger(folder / name / "ledger.sqlite")
    times = {
        one: (DEADLINES[name] + timedelta(hours=late)).isoformat() for one, (_, late) in submissions.items()
    }
    ledger.start_run(FACTS | {"assignment": name, "handed_in": times} | facts, MANIFEST)
    for one, (result, _) in submissions.items():
        ledger.record(one, "sha", f"key {one}", result)
    ledger.close()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "roster.csv").write_text(ROSTER)
    (tmp_path / "course.toml").write_text(COURSE)
    record_run(tmp_path, "hw01", {"s1001.ipynb": (FULL, -1), "s1002.ipynb": (FULL, 30), "x.ipynb": (FULL, 0)})
    record_run(tmp_path, "hw02", {"s1001.ipynb": (verdict("public"), 1), "s1002.ipynb": (FULL, 500)})
    return tmp_path


def results(folder):
    return course_results(read_course(folder / "course.toml"))


def change(folder, old, new):
    text = (folder / "course.toml").read_text()
    assert old in text
    (folder / "course.toml").write_text(text.replace(old, new))


class TestResults:
    def test_free_late_days_are_used_in_the_order_of_the_deadlines(self, folder):
        found = results(folder)
        ada, emmy, _ = (found.results[student] for student in found.students)
        assert [(r.lateness.days, r.lateness.free, r.score) for r in ada] == [(1, 1, 1.0), (0, 0, 3.5)]
        late = [(r.lateness.days, r.lateness.free, r.score) for r in emmy]
        assert late == [(21, 0, pytest.approx(3.5 * 0.7)), (2, 1, pytest.approx(3.5 * 0.9))]

    def test_the_total_is_weighted_and_what_is_missing_counts_as_nothing(self, folder):
        found = results(folder)
        ada, emmy, sofja = map(found.total, found.students)
        assert ada == pytest.approx(100 * (3 * 1 / 3.5 + 1) / 4) and emmy == pytest.approx(
            100 * (3 * 0.7 + 0.9) / 4
        )
        assert sofja == 0 and [r.status for r in found.results[found.students[2]]] == ["missing"] * 2
        assert any("x.ipynb" in note for note in found.notes)

    def test_a_result_that_is_open_has_no_score_and_no_total(self, folder):
        ledger = Ledger(folder / "hw02/ledger.sqlite")
        ledger.record("s1001.ipynb", "sha", "key", Verdict.failed("The grader failed."))
        ledger.close()
        found = results(folder)
        (broken, _), ada = found.results[found.students[0]], found.students[0]
        assert (broken.status, broken.score, found.total(ada)) == ("error", None, None)
        assert "s1001" not in canvas_files(found)["canvas/hw02.csv"]

    def test_marks_that_are_still_missing_leave_the_cell_empty(self, folder):
        (folder / "w.csv").write_text("submission,question,criterion,points\ns1002.ipynb,w1,proof,2\n")
        change(folder, "canvas_id = 77", 'written = "w.csv"\ncriteria.w1.proof = 4')
        found = results(folder)
        ada, emmy, sofja = (found.results[student][1] for student in found.students)
        assert (ada.status, ada.score, ada.max_score) == ("not yet marked", None, 7.5)
        assert (emmy.score, emmy.lateness.free) == (pytest.approx(5.5 * 0.9), 1) and sofja.max_score == 7.5

    def test_times_come_from_a_file_and_one_that_is_lacking_is_told(self, folder):
        (folder / "times.csv").write_text("email,submitted_at\nADA@uni.edu,2026-10-06T12:00:00Z\n")
        change(folder, 'submitted_at = "files"\ncanvas_id', 'submitted_at = "times.csv"\ncanvas_id')
        found = results(folder)
        ada, emmy, _ = (found.results[student][1] for student in found.students)
        assert (ada.lateness.days, emmy.status, emmy.score) == (1, NO_TIME, None)
        assert found.total(found.students[1]) is None

    def test_times_find_names_whose_accents_are_decomposed_and_that_begin_like_a_formula(self, folder):
        names = [unicodedata.normalize("NFD", "Zoë  1/s1001.ipynb"), "=1/s1002.ipynb"]
        assert names[0] != unicodedata.normalize("NFC", names[0])
        record_run(folder, "hw03", dict.fromkeys(names, (FULL, 0)))
        (folder / "times.csv").write_text(
            "submission,submitted_at\nzoë 1/s1001.ipynb,2026-10-06T12:00:00Z\n'=1/s1002.ipynb,2026-10-07T12:00:00Z\n"
        )
        change(folder, 'run = "hw01"', 'run = "hw03"')
        change(folder, 'submitted_at = "files"\ncanvas_id', 'submitted_at = "times.csv"\ncanvas_id')
        found = results(folder)
        assert [found.results[student][1].lateness.days for student in found.students] == [1, 2, 0]

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ('run = "hw02"', 'run = "hw09"', "hw09 holds no ledger.sqlite"),
            ('"roster.csv"', '"people.csv"', "people.csv cannot be read"),
            ("canvas_id = 77", 'written = "w.csv"', "w.csv cannot be read"),
            ('"files"\ncanvas', '"t.csv"\ncanvas', "t.csv cannot be read"),
        ],
    )
    def test_a_file_that_is_not_there_is_one_clear_error(self, folder, old, new, said):
        change(folder, old, new)
        with pytest.raises(BadInput, match=said):
            results(folder)


def rows(text):
    return list(csv.reader(text.splitlines()))


class TestFormats:
    def test_canvas_finds_its_header_its_points_and_its_students(self, folder):
        files = canvas_files(results(folder))
        header, points, *people = rows(files["canvas/hw01.csv"])
        # As its importer demands: "Student", "ID" first, the section last of the student's columns.
        assert header == "Student|ID|SIS User ID|SIS Login ID|Section|Homework 1, first (77)".split("|")
        assert points == ["Points Possible", "", "", "", "", "3.5"]
        assert people[0] == ["Lovelace, Ada", "90001", "s1001", "al", "A", "3.5"]
        assert rows(files["canvas/hw02.csv"])[0][-1] == "hw02" and len(files) == 2

    def test_canvas_gets_no_empty_cell_of_an_assignment(self, folder):
        # Its importer takes one for “no grade” and erases what is there.
        for text in canvas_files(results(folder)).values():
            _, _, *people = rows(text)
            assert [row[2] for row in people] == ["s1001", "s1002"] and all(row[-1] for row in people)

    def test_a_formula_in_a_name_is_text(self, folder):
        assert rows(moodle_csv(results(folder)))[3][1] == "'=cmd|'/c'!A0"

    def test_every_assignment_has_a_file_of_its_own_in_the_folder(self, folder):
        change(folder, "[assignments.hw02]", '[assignments."../hw/02"]')
        assert set(canvas_files(results(folder))) == {"canvas/..%2Fhw%2F02.csv", "canvas/hw01.csv"}

    def test_moodle_gets_only_identifiers_that_all_students_have(self, folder):
        header, ada, *_ = rows(moodle_csv(results(folder)))
        names = ["First name", "Last name"]
        assert header == [*names, "ID number", "Email address", "Username", "hw02", "Homework 1, first"]
        assert ada == ["Ada", "Lovelace", "s1001", "ada@uni.edu", "al", "1", "3.5"]
        (folder / "roster.csv").write_text("name,sid,email\nAda Lovelace,s1001,a@u\nEmmy Noether,s1002,\n")
        assert rows(moodle_csv(results(folder)))[0][:4] == [*names, "ID number", "hw02"]
        (folder / "roster.csv").write_text("name,sid,email\nAda Lovelace,,a@u\nEmmy Noether,s1002,\n")
        with pytest.raises(BadInput, match="Moodle needs ids, e-mails or usernames"):
            moodle_csv(results(folder))

    def test_the_grading_platforms_table_has_four_columns_an_assignment(self, folder):
        header, _, emmy, sofja = rows(gradescope_csv(results(folder)))
        assert header[:5] == ["First Name", "Last Name", "SID", "Email", "Sections"]
        assert header[5:9] == [
            "hw02",
            "hw02 - Max Points",
            "hw02 - Submission Time",
            "hw02 - Lateness (H:M:S)",
        ]
        assert header[-1] == "Total Lateness (H:M:S)"
        assert emmy[:3] == ["Emmy", "Noether", "s1002"] and emmy[5:9][1:] == [
            "3.5",
            "2026-11-02 08:00:00 +0000",
            "500:00:00",
        ]
        assert emmy[-1] == "530:00:00" and sofja[5:9] == ["", "3.5", "", "00:00:00"]


class TestCommand:
    def test_it_writes_what_is_asked_for_and_says_what_is_open(self, folder, capsys):
        assert (
            main(["export", str(folder / "course.toml"), "--out", str(folder / "o"), "--format", "canvas"])
            == 0
        )
        out, err = capsys.readouterr()
        found = sorted(str(path.relative_to(folder / "o")) for path in (folder / "o").rglob("*.csv"))
        assert found == ["canvas/hw01.csv", "canvas/hw02.csv", "course.csv"] and not err
        assert "hw02: 1 student without a score and so without a row for Canvas (1 missing)" in out
        assert out.startswith("Maths: 3 students, mean total 40.5 %")
        assert "Homework 1, first: unknown: x.ipynb." in out
        with (folder / "o/course.csv").open() as file:
            ada, _, sofja = csv.DictReader(file)
        assert (ada["hw02: free late days"], ada["total_percent"], sofja["hw02: status"]) == (
            "1",
            "46.4286",
            "missing",
        )

    def test_the_platforms_that_it_names_are_those_that_there_are(self):
        assert tuple(PLATFORMS) == _PLATFORMS

    def test_a_mistake_is_one_line(self, folder, capsys):
        change(folder, "late_days", "latedays")
        assert main(["export", str(folder / "course.toml"), "--out", str(folder / "o")]) == 1
        out, err = capsys.readouterr()
        assert out == "" and err.count("\n") == 1 and "Did you mean 'late_days'?" in err
        assert not (folder / "o").exists()
