"""The gradebook's table and the result files."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.batch.ledger import Entry
from autograder.gradebook.safe import cell, plain
from autograder.gradebook.tables import file_name, grades_csv, number, results_json, write, write_tables
from autograder.verdict import Verdict
from tests.autograder.test_ledger import MANIFEST, verdict

COLUMNS = "submission status score max_score q1 q2 graded_at seconds sha256 message".split()


def entry(name="a.ipynb", result=None):
    return Entry(name, "0" * 64, "2026-01-01T00:00:00+00:00", result or verdict("public", seconds=0.25))


def rows(*entries):
    return list(csv.DictReader(io.StringIO(grades_csv(entries, MANIFEST))))


class TestGrades:
    def test_the_columns_are_the_contracts(self):
        header, row = csv.reader(io.StringIO(grades_csv([entry()], MANIFEST)))
        assert header == COLUMNS
        assert row == [
            "a.ipynb",
            "graded",
            "1",
            "3.5",
            "1",
            "0",
            "2026-01-01T00:00:00+00:00",
            "0.25",
            "0" * 64,
            "",
        ]

    def test_without_submissions_there_is_a_header(self):
        assert grades_csv([], MANIFEST).strip() == ",".join(COLUMNS)

    def test_every_submission_has_a_row_and_an_error_has_no_score(self):
        found = rows(entry("a"), entry("b", Verdict.failed("why")), entry("c", verdict(status="partial")))
        assert [row["status"] for row in found] == ["graded", "error", "partial"]
        assert [row["score"] for row in found] == ["1", "", "0"]
        assert found[1]["q1"] == found[1]["q2"] == "" and found[1]["message"] == "why"
        assert {row["max_score"] for row in found} == {"3.5"}

    def test_missing_walls_are_named(self):
        found = rows(entry(result=verdict(missing_walls=("network",), message="and more")))
        assert found[0]["message"] == "unsealed: missing network. and more"

    @pytest.mark.parametrize(
        "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u200b=1", "=cmd|'/c'!A0"]
    )
    def test_no_cell_is_a_formula(self, text):
        (row,) = rows(entry(text, Verdict.failed(text)))
        assert row["submission"][0] not in "=+-@\t\r" and row["message"][0] not in "=+-@\t\r"

    @given(st.text())
    def test_any_text_stays_in_its_cell(self, text):
        (row,) = rows(entry(text, Verdict.failed(text)))
        assert set(row) == set(COLUMNS) and row["sha256"] == "0" * 64
        assert not {"\n", "\r", "\x1b", "\0", "\u202e"} & set(row["submission"] + row["message"])
        grades_csv([entry(text)], MANIFEST).encode()

    @pytest.mark.parametrize(
        ("value", "text"),
        [(4.0, "4"), (2.5, "2.5"), (1 / 3, "0.3333"), (0.1 + 0.2, "0.3"), (0, "0"), (1000, "1000")],
    )
    def test_scores_are_written_as_people_write_them(self, value, text):
        assert number(value) == text


class TestPlainText:
    def test_control_bidi_and_surrogate_characters_are_replaced(self):
        assert plain("a\x1b[31mb\u202ec\ud800d\x00e\x9bf") == "a\ufffd[31mb\ufffdc\ufffdd\ufffde\ufffdf"

    def test_letters_of_all_scripts_lines_and_tabs_are_kept(self):
        text = "José 李明 שלום ∇f\n\tx²"
        assert plain(text) == text

    def test_long_text_is_cut(self):
        assert len(plain("x" * 10**6)) == 4000 and plain("x" * 10**6).endswith("…")
        assert len(cell("x " * 10**6)) <= 4000


class TestResults:
    def test_a_result_keeps_to_the_platforms_format(self):
        result = results_json(entry(result=verdict("public", "only", notes=("Code cell 1: x",))))
        assert result["score"] == 1.5 and result["stdout_visibility"] == "hidden"
        assert sum(test["score"] for test in result["tests"]) == result["score"]
        assert sum(test["max_score"] for test in result["tests"]) == 3.5
        assert [test["visibility"] for test in result["tests"]] == ["visible", "after_published", "visible"]
        assert "Code cell 1" in result["output"]

    def test_all_or_nothing_is_one_entry_where_the_cases_do_not_add_up(self):
        from autograder.verdict import CaseManifest, QuestionManifest, score_question

        cases = (CaseManifest("a", False, 1.0), CaseManifest("b", True, 1.0))
        question = score_question(QuestionManifest("q", True, cases), {"a": (True, "")})
        (test,) = results_json(entry(result=Verdict("graded", 0.0, 2.0, (question,))))["tests"]
        assert (test["score"], test["max_score"], test["visibility"]) == (0.0, 2.0, "after_published")

    def test_an_error_is_zero_with_the_reason_and_says_that_it_was_not_graded(self):
        result = results_json(entry(result=Verdict.failed("The file is empty.")))
        assert result["score"] == 0 and result["tests"] == []
        assert result["output"] == "This submission was not graded. The file is empty."


class TestFiles:
    @settings(max_examples=100, deadline=None)
    @given(
        st.sets(
            st.lists(
                st.sampled_from(["a", "a.json", "a.json_", "a.json__", "b.ipynb", "b.ipynb.json"]),
                min_size=1,
                max_size=3,
            ).map("/".join)
        )
    )
    def test_no_two_submissions_share_a_file_and_none_is_anothers_folder(self, names):
        files = [file_name(name, ".json") for name in names]
        assert len(set(files)) == len(files)
        folders = {parent for file in files for parent in file.parents}
        assert not folders & set(files)

    @pytest.mark.parametrize("part", ["x" * 300, "é" * 200, "李" * 100])
    def test_names_too_long_for_a_disk_are_shortened_and_stay_apart(self, tmp_path, part):
        entries = [entry(f"{part}{end}/{part}{end}.ipynb") for end in "ab"]
        write_tables(entries, MANIFEST, tmp_path)
        assert len(list((tmp_path / "results").rglob("*.json"))) == 2
        assert [row["submission"] for row in csv.DictReader((tmp_path / "grades.csv").open())] == [
            one.name for one in entries
        ]

    def test_folders_are_kept(self, tmp_path):
        write_tables([entry("ada/hw.ipynb"), entry("emmy/hw.ipynb")], MANIFEST, tmp_path)
        for name in ("ada", "emmy"):
            assert json.loads((tmp_path / f"results/{name}/hw.ipynb.json").read_text())["score"] == 1

    def test_a_file_is_replaced_whole_private_and_never_through_a_link(self, tmp_path):
        target = tmp_path / "precious"
        target.write_text("mine")
        (tmp_path / "out.json").symlink_to(target)
        write(tmp_path / "out.json", "new")
        assert target.read_text() == "mine" and (tmp_path / "out.json").read_text() == "new"
        assert not (tmp_path / "out.json").is_symlink()
        assert os.stat(tmp_path / "out.json").st_mode & 0o077 == 0

    def test_a_failed_write_leaves_the_old_file_and_nothing_else(self, tmp_path, monkeypatch):
        write(tmp_path / "a", "old")
        monkeypatch.setattr(os, "replace", lambda *paths: (_ for _ in ()).throw(OSError("disk")))
        with pytest.raises(OSError, match="disk"):
            write(tmp_path / "a", "new")
        assert (tmp_path / "a").read_text() == "old" and os.listdir(tmp_path) == ["a"]

    def test_text_that_is_not_unicode_is_written_with_question_marks(self, tmp_path):
        write(tmp_path / "a", "x\ud800")
        assert Path(tmp_path / "a").read_text() == "x?"
