"""Rosters as platforms export them, whose a submission is, and the table of students."""

from __future__ import annotations

import csv
import io
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.batch.exports import handed_in
from autograder.batch.ledger import Entry
from autograder.batch.submissions import find
from autograder.errors import BadInput
from autograder.gradebook.join import join
from autograder.gradebook.matching import BY_ROSTER, Matcher
from autograder.gradebook.records import Mark, Record, Student, WrittenQuestion
from autograder.gradebook.roster import read_roster
from autograder.gradebook.rubric import Rubric
from autograder.gradebook.sheets import csv_text, read_sheet
from autograder.gradebook.students import lines, students_csv, summary
from autograder.verdict import Verdict
from tests.autograder.test_ledger import MANIFEST, verdict

ADA = Student(
    "Ada Lovelace",
    sid="s1001",
    email="ada.lovelace@uni.edu",
    platform_id="90001",
    first="Ada",
    last="Lovelace",
)
EMMY = Student(
    "Emmy Noether", sid="s1002", email="en17@uni.edu", platform_id="90002", first="Emmy", last="Noether"
)
SOFJA = Student("Sofja Kowalewskaja", sid="7", email="sofja@uni.edu", login="kowa")
CLASS = (ADA, EMMY, SOFJA)


def roster(folder, content, encoding="utf-8"):
    path = folder / "roster.csv"
    path.write_bytes(content.encode(encoding))
    return read_roster(path)


class TestRosterFiles:
    def test_a_canvas_gradebook_export(self, tmp_path):
        students = roster(
            tmp_path,
            "Student,ID,SIS User ID,SIS Login ID,Section,Homework 1 (55)\n"
            "    Points Possible,,,,,10\n"
            '"Lovelace, Ada",90001,s1001,al,Group 1,9\n'
            '"Student, Test",90009,,x,Group 1,\n',
        )
        assert students == (
            Student("Ada Lovelace", "s1001", "", "al", "90001", "Group 1", first="Ada", last="Lovelace"),
        )

    def test_a_canvas_export_without_school_ids_keeps_the_platforms(self, tmp_path):
        (student,) = roster(tmp_path, "Student,ID,SIS Login ID,Section\nAda Lovelace,90001,al,1\n")
        assert (student.sid, student.platform_id, student.login) == ("", "90001", "al")

    @pytest.mark.parametrize("heading", ["Student", "LastName,FirstName"])
    def test_a_canvas_export_with_assignments_posted_by_hand(self, tmp_path, heading):
        more = "," * heading.count(",")
        people = "Lovelace,Ada\nStudent,Test\n" if more else '"Lovelace, Ada"\n"Student, Test"\n'
        (student,) = roster(
            tmp_path,
            f"{heading},ID,SIS User ID,SIS Login ID,Section,HW1 (12)\n{more},,,,,Manual Posting\n"
            f"    Points Possible{more},,,,,10\n" + people.replace("\n", ",12,s1,ada1,S1,\n"),
        )
        assert student == Student("Ada Lovelace", "s1", "", "ada1", "12", "S1", first="Ada", last="Lovelace")

    def test_a_moodle_and_a_gradescope_export(self, tmp_path):
        (moodle,) = roster(
            tmp_path, "First name,Last name,ID number,Email address\nAda,Lovelace,s1,a@u.edu\n"
        )
        text = "Name,SID,Email,Role,Sections\nAda Lovelace,s1,a@u.edu,Student,\nT,t1,t@u.edu,Instructor,\n"
        (gradescope,) = roster(tmp_path, text)
        assert (moodle.name, moodle.sid, moodle.email) == ("Ada Lovelace", "s1", "a@u.edu")
        assert gradescope == Student("Ada Lovelace", "s1", "a@u.edu")

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    def test_spreadsheets_separators_and_encodings_are_recognised(self, tmp_path, encoding, delimiter):
        content = "sep=;\r\n" * (delimiter == ";") + "NAME;e-mail;Student_ID\r\nJosé Á.;j@u.edu;007\r\n;;\r\n"
        (student,) = roster(tmp_path, content.replace(";", delimiter).replace("sep=\r", "sep=;\r"), encoding)
        assert student == Student("José Á.", sid="007", email="j@u.edu")

    def test_names_of_all_scripts_are_kept_and_their_invisible_marks_are_not(self, tmp_path):
        names = ["李明", "\u200fשרה לוי\u202c", "علی\u200cرضا", "Jose\u0301"]
        students = roster(tmp_path, "name,id\n" + "".join(f"{name},{n}\n" for n, name in enumerate(names)))
        assert [student.name for student in students] == ["李明", "שרה לוי", "علی\u200cرضا", "José"]

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"", "is empty"),
            (b"\n \n", "is empty"),
            (b"colour,shape\nred,round\n", "no column of names, ids or e-mails"),
            (b"name,sid\n", "lists no students"),
            (b"name,sid\n,\n", "lists no students"),
            (b"name,section\n,1\n", "line 2: nobody is named"),
            (b"name,sid,mark\nA,1,2\n,,3\n", "line 3: nobody is named"),
            (b"name,sid\nA,1\nB,2\nC,1\n", "lines 2 and 4: the same id '1'"),
            (b"name,email\nA,X@u.edu\nB,x@U.edu\n", "lines 2 and 3: the same email 'x@u.edu'"),
            (b"name\nA B\nA B\n", "line 3: a second 'A B'"),
            (b"name,name\nA,B\n", "2 columns 'name'"),
            (b"name,sid\nA,1,2,3\n", "line 2: 4 cells under 2 headings"),
            (b"name\nM\xfcller\n", "not UTF-8"),
            (b"name\nA\0B\n", "not a text file"),
            (b'name,sid\n"' + b"x" * 200_000 + b'",1\n', "field larger than field limit"),
        ],
    )
    def test_a_table_that_is_no_roster_is_one_clear_error(self, tmp_path, content, said):
        path = tmp_path / "roster.csv"
        path.write_bytes(content)
        with pytest.raises(BadInput) as caught:
            read_roster(path)
        assert said in str(caught.value) and str(path) in str(caught.value) and "\n" not in str(caught.value)
        assert caught.value.fix

    def test_a_missing_file_and_a_folder_are_one_clear_error(self, tmp_path):
        for path in (tmp_path / "no.csv", tmp_path):
            with pytest.raises(BadInput, match="cannot be read"):
                read_roster(path)

    @settings(max_examples=60, deadline=None)
    @given(
        st.lists(
            st.tuples(*[st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1)] * 2), min_size=1
        )
    )
    def test_what_is_written_is_read_again(self, tmp_path_factory, rows):
        path = tmp_path_factory.mktemp("sheet") / "a.csv"
        path.write_text(csv_text(["name", "sid"], rows), "utf-8")
        sheet = read_sheet(path, {"name": ("name",), "sid": ("sid",)})
        once = [(row["name"], row["sid"]) for row in sheet.rows]
        path.write_text(csv_text(["name", "sid"], once), "utf-8")
        again = read_sheet(path, {"name": ("name",), "sid": ("sid",)})
        assert len(once) == len(rows) and [(row["name"], row["sid"]) for row in again.rows] == once


def owner(path, students=CLASS, **options):
    """Names of the owners, or of the candidates with a question mark."""
    match = Matcher(students, assignment="hw01_gradient_descent", **options).match(path)
    found = [student.first or student.name for student in match.students]
    return found or [f"{student.first or student.name}?" for student in match.candidates]


class TestMatching:
    @pytest.mark.parametrize(
        "path",
        [
            "Ada Lovelace/hw01.ipynb",
            "Lovelace, Ada/whatever/hw01.ipynb",
            "ada_lovelace (1) final.ipynb",
            "ADA-LOVELACE_hw01_gradient_descent_2026_11_22T10_00_02_000000.zip",
            "s1001/hw01.ipynb",
            "hw01_s1001_v2.ipynb",
            "ada.lovelace.ipynb",
            "ada.lovelace@uni.edu_hw01.zip",
            "export/ada.lovelace/noether_s1002.ipynb",
            "lovelaceada_90001_55512_hw01.ipynb",
            "lovelaceada_LATE_90001_55512_hw01-2.ipynb",
            "lovelaceada_77_55512_noether_s1002.ipynb",
            "Ada Lovelace_123456_assignsubmission_file_/emmy_noether.ipynb",
            "Ada  Lovelace 0042/hw01.ipynb",
            "s1001/noetheremmy_90002_1_x.ipynb",
            "hw01/lovelaceada_90001_55512_s1002.ipynb",
            "Ada Lovelace_123456_assignsubmission_file_my answer (2).ipynb",
        ],
    )
    def test_the_owner_is_found(self, path):
        assert owner(path) == ["Ada"]

    @pytest.mark.parametrize(
        "path",
        [
            "hw01.ipynb",
            "Ada Lovelace Byron/hw01.ipynb",
            "Ada/hw01.ipynb",
            "s10011/hw01.ipynb",
            "xs1001.ipynb",
            "hw_7_b.ipynb",
            "sofja_and_me.ipynb",
            "byronada_77_55512_s1001.ipynb",
            "Group 3_123456_assignsubmission_file_/s1001.ipynb",
            "hw01_2026_11_07T10_00_02_000007.zip",
        ],
    )
    def test_what_does_not_say_whose_it_is_is_nobodys(self, path):
        assert owner(path) == []

    @pytest.mark.parametrize(
        ("path", "who"),
        [("7.ipynb", "Sofja Kowalewskaja"), ("kowa/x.ipynb", "Sofja Kowalewskaja"), ("en17_x.zip", "Emmy")],
    )
    def test_short_ids_and_logins(self, path, who):
        assert owner(path) == [who]

    def test_evidence_for_two_people_is_ambiguous(self):
        assert owner("s1001_s1002.ipynb") == ["Ada?", "Emmy?"]
        assert owner("Ada Lovelace s1002.ipynb") == ["Ada?", "Emmy?"]
        assert owner("Ada Lovelace s1001 hw01.ipynb") == ["Ada"]
        assert owner("s1002/ada lovelace.ipynb") == ["Emmy"]  # the folder decides

    def test_equal_names_are_told_apart_by_ids_or_not_at_all(self):
        twins = (Student("Li Ming", sid="a100"), Student("Li Ming", sid="a200"))
        assert owner("li_ming.ipynb", twins) == ["Li Ming?", "Li Ming?"]
        assert Matcher(twins).match("li_ming_a200.ipynb").students == twins[1:]

    def test_accents_and_case_do_not_matter(self):
        assert owner("jose_alvarez.ipynb", (Student("José Álvarez"),)) == ["José Álvarez"]
        assert owner("李明/x.ipynb", (Student("李 明", first="明", last="李"),)) == ["明"]

    def test_the_roster_can_say_it_itself_even_for_a_group(self):
        pair = (replace(ADA, submission="team 1/*"), replace(EMMY, submission="team 1"), SOFJA)
        assert owner("team 1/s7.ipynb", pair) == ["Ada", "Emmy"]
        assert Matcher(pair).match("team 1/s7.ipynb").rank == BY_ROSTER
        assert owner("team 1x/s.ipynb", pair) == []
        assert owner("odd[1].ipynb", (replace(ADA, submission="odd[1]"),)) == ["Ada"]

    @pytest.mark.parametrize("given", ["Zoë 1 final/hw 1.ipynb", "Zoë 1 final", "hw 1", "Zoë 1*/hw*"])
    def test_what_the_roster_says_finds_decomposed_accents_and_double_blanks(self, given):
        path = unicodedata.normalize("NFD", "Zoë 1  final/hw  1.ipynb")
        assert owner(path, (replace(ADA, submission=given),)) == ["Ada"]
        assert owner("=1/a.ipynb", (replace(ADA, submission="'=1/a.ipynb"),)) == ["Ada"]

    def test_a_platforms_list_of_submitters_comes_before_the_file_name(self):
        listed = {"submission_5/s1002.ipynb": ["S1001", "nobody@uni.edu"]}
        assert owner("submission_5/s1002.ipynb", submitters=listed) == ["Ada"]

    @settings(max_examples=200, deadline=None)
    @given(st.text(max_size=60))
    def test_any_path_has_an_answer(self, path):
        match = Matcher(CLASS).match(path)
        assert not (match.students and match.candidates) and len(match.candidates) != 1

    def test_five_thousand_students_are_told_apart(self):
        students = [
            Student(
                f"First{n} Last{n}",
                sid=f"s{n:05}",
                email=f"u{n}@uni.edu",
                submission=f"team{n}*" if n % 2 else "",
            )
            for n in range(5000)
        ]
        matcher = Matcher(students)
        found = [matcher.match(f"batch/First{n}_Last{n} (2)/hw01_{n}.ipynb").students for n in range(5000)]
        assert found == [(student,) for student in students]


def entry(name, result=None):
    return Entry(name, "0" * 64, "2026-01-01T00:00:00+00:00", result or verdict("public"))


def at(hour):
    return datetime(2026, 10, 1, hour, tzinfo=UTC)


def table(*entries, **options):
    joined = join(entries, MANIFEST, **options)
    return joined, list(csv.DictReader(io.StringIO(students_csv(joined, MANIFEST))))


class TestStudents:
    def test_everybody_on_the_roster_and_every_submission_of_nobody_has_a_row(self):
        joined, rows = table(
            entry("s1001.ipynb"), entry("s1001_s1002.ipynb"), entry("who.ipynb"), students=CLASS
        )
        assert [(row["status"], row["name"], row["submission"], row["score"]) for row in rows] == [
            ("graded", "Ada Lovelace", "s1001.ipynb", "1"),
            ("missing", "Emmy Noether", "", ""),
            ("missing", "Sofja Kowalewskaja", "", ""),
            ("ambiguous", "", "s1001_s1002.ipynb", "1"),
            ("unknown", "", "who.ipynb", "1"),
        ]
        assert summary(joined)[0] == "roster: 3 students, 2 missing, 1 unknown, 0 duplicates, 1 ambiguous"
        assert any("Ada Lovelace (s1001), Emmy Noether (s1002)" in line for line in summary(joined))

    def test_of_two_submissions_the_later_counts_whatever_their_scores(self):
        times = {"s1001 a.ipynb": at(10), "s1001 b.ipynb": at(9)}
        better = entry("s1001 b.ipynb", verdict("public", "hidden"))
        joined, rows = table(entry("s1001 a.ipynb"), better, students=CLASS[:1], times=times)
        assert [(row["status"], row["submission"], row["score"]) for row in rows] == [
            ("graded", "s1001 a.ipynb", "1"),
            ("duplicate", "s1001 b.ipynb", ""),
        ]
        assert rows[1]["message"] == "s1001 a.ipynb counts." and summary(joined)[0].endswith("1 duplicate")
        assert [record.counts for record in joined.records] == [True, False]
        assert [record.instead for record in joined.records] == [(), ("s1001 a.ipynb",)]

    def test_of_two_at_the_same_moment_none_counts_until_the_roster_says_which(self):
        times = dict.fromkeys(["s1001 a.ipynb", "s1001 b.ipynb"], at(9))
        both = [entry(name) for name in times]
        joined, rows = table(*both, students=CLASS[:1], times=times)
        assert [row["status"] for row in rows] == ["undecided", "duplicate", "duplicate"]
        assert [(record.counts, record.instead) for record in joined.records] == [(False, ())] * 2
        assert rows[0]["score"] == "" and "s1001 a.ipynb, s1001 b.ipynb" in rows[0]["message"]
        _, rows = table(*both, students=[replace(ADA, submission="s1001 b")], times=times)
        assert [(row["status"], row["submission"]) for row in rows[:1]] == [("graded", "s1001 b.ipynb")]

    def test_a_file_name_takes_nobodys_place_whose_folder_is_known(self):
        times = {"s1001/hw.ipynb": at(1), "nick/s1001.ipynb": at(9)}
        _, rows = table(*map(entry, times), students=CLASS[:1], times=times)
        assert [(row["status"], row["submission"]) for row in rows] == [
            ("graded", "s1001/hw.ipynb"),
            ("duplicate", "nick/s1001.ipynb"),
        ]

    def test_a_group_shares_its_result_and_one_member_may_go_alone(self):
        pair = [replace(ADA, submission="team/*"), replace(EMMY, submission="team/*")]
        entries = [entry("team/a.ipynb"), entry("s1002.ipynb", verdict("public", "hidden"))]
        joined, rows = table(*entries, students=pair, times={"s1002.ipynb": at(12), "team/a.ipynb": at(1)})
        assert [(row["name"], row["submission"]) for row in rows[:2]] == [
            ("Ada Lovelace", "team/a.ipynb"),
            ("Emmy Noether", "team/a.ipynb"),
        ]
        assert joined.records[0].students == tuple(pair) and joined.records[0].student is None

    def test_what_nobody_graded_has_no_score(self):
        rubric = Rubric({"w1": {"a": 2.0}}, {("s1001.ipynb", "w1", "a"): (2.0, "")})
        entries = [entry("s1001.ipynb", Verdict.failed("Why.")), entry("s1002.ipynb")]
        joined, rows = table(*entries, students=CLASS[:2], rubric=rubric)
        assert [(row["status"], row["score"], row["max_score"]) for row in rows] == [
            ("error", "", "5.5"),
            ("not yet marked", "", "5.5"),
        ]
        assert (rows[0]["message"], rows[0]["w1"], rows[1]["w1"], rows[1]["q1"]) == ("Why.", "2", "", "1")
        assert "written questions: 1 submission not yet marked" in summary(joined)

    def test_without_a_roster_the_table_lists_the_submissions(self):
        rubric = Rubric({"w1": {"a": 2.0}}, {("x.ipynb", "w1", "a"): (2.0, "")})
        joined, rows = table(entry("x.ipynb"), rubric=rubric)
        assert [(row["status"], row["score"]) for row in rows] == [("graded", "3")] and summary(joined) == []

    @given(st.text(min_size=1), st.text(min_size=1))
    def test_no_name_leaves_its_cell_or_becomes_a_formula(self, name, submission):
        joined = join([entry(submission)], MANIFEST, students=[Student(name, sid=name)])
        rows = list(csv.reader(io.StringIO(students_csv(joined, MANIFEST))))
        assert len(rows) == 1 + len(lines(joined)) and len({len(row) for row in rows}) == 1
        assert not any(text.startswith(tuple("=+-@\t\r＝")) for row in rows for text in row)


class TestRecords:
    def test_a_plain_record_has_the_verdicts_score(self):
        record = Record(entry("a"), 3.5)
        assert (record.score, record.max_score, record.student, record.marked) == (1.0, 3.5, None, True)

    def test_marks_join_the_total_only_when_complete(self):
        marks = (Mark("a", 1.0, 2.0), Mark("b", None, 1.0))
        record = Record(entry("a"), 6.5, written=(WrittenQuestion("w", marks),))
        assert record.score is None and not record.marked and record.written[0].max_score == 3
        done = replace(record, written=(WrittenQuestion("w", marks[:1]),))
        assert done.score == 2.0 and done.marked


class TestExports:
    def test_a_gradescope_export_says_who_and_when(self, tmp_path):
        folder = tmp_path / "assignment_1_export"
        for number in (11, 12):
            (folder / f"submission_{number}").mkdir(parents=True)
            (folder / f"submission_{number}/hw.ipynb").write_text("{}")
        (folder / "submission_metadata.yml").write_text(
            "submission_11:\n  :submitters:\n  - :name: Ada\n    :sid: s1001\n    :email: a@u.edu\n"
            "  - :sid: 1002\n  :created_at: 2026-10-01 09:30:00.5 -07:00\n  :score: 1\n"
        )
        handed = handed_in(find([tmp_path]))
        name = "assignment_1_export/submission_11/hw.ipynb"
        assert handed.by == {name: ["s1001", "a@u.edu", "1002"]} and handed.notes == []
        assert handed.at[name] == "2026-10-01T16:30:00.500+00:00" and len(handed.at) == 2

    @pytest.mark.parametrize(
        ("content", "noted"),
        [
            ("- a\n", False),
            ("a: [\n", True),
            ("submission_11: 5\n", False),
            ("!!python/object:os.system {}\n", True),
        ],
    )
    def test_a_list_that_says_nothing_is_passed_over_and_never_run(self, tmp_path, content, noted):
        (tmp_path / "submission_11").mkdir()
        (tmp_path / "submission_11/hw.ipynb").write_text("{}")
        (tmp_path / "submission_metadata.yml").write_text(content)
        handed = handed_in(find([tmp_path]))
        assert handed.by == {} and len(handed.at) == 1
        assert bool(handed.notes) is noted
