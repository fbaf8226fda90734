"""Marks for written questions: what is marked counts, what is not is never 0, and mistakes are named."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import BadInput
from autograder.gradebook.rubric import Rubric, read_rubric
from autograder.gradebook.sheets import csv_text

NAMES = {"a.ipynb", "b/c.ipynb", "=odd.ipynb"}
HEADER = "submission,question,criterion,points,max,comment\n"
MAXIMA = {"w1": {"proof": 3.0, "clarity": 2.0}}


def read(tmp_path, content, **options):
    path = tmp_path / "written.csv"
    path.write_text(content, "utf-8")
    return read_rubric(path, submissions=NAMES, **options)


class TestMarks:
    def test_marks_and_comments_join_their_criteria(self, tmp_path):
        rubric = read(tmp_path, HEADER + "a.ipynb,w1,proof,2.5,3,“nice”\na.ipynb,w1,clarity,0,2,\n")
        (question,) = rubric.of("a.ipynb")
        assert [(mark.criterion, mark.points, mark.max_points, mark.comment) for mark in question.marks] == [
            ("proof", 2.5, 3.0, "“nice”"),
            ("clarity", 0.0, 2.0, ""),
        ]
        assert question.score == 2.5 and question.max_score == rubric.max_score == 5

    def test_what_is_not_marked_is_none_and_not_zero(self, tmp_path):
        rubric = read(tmp_path, HEADER + "a.ipynb,w1,proof,1,3,\na.ipynb,w1,clarity,,2,\na.ipynb,w2,x,1,1,\n")
        first, second = rubric.of("a.ipynb")
        assert (
            first.score is None and [mark.points for mark in first.marks] == [1.0, None] and second.score == 1
        )
        assert [question.score for question in rubric.of("b/c.ipynb")] == [None, None]

    def test_the_most_points_are_said_once_or_in_course_toml(self, tmp_path):
        once = read(tmp_path, HEADER + "a.ipynb,w1,proof,1,,\nb/c.ipynb,w1,proof,2,3,\n")
        assert once.maxima == {"w1": {"proof": 3.0}}
        given = read(tmp_path, "submission;question;criterion;points\na.ipynb;w1;proof;2,5\n", maxima=MAXIMA)
        assert given.marks == {("a.ipynb", "w1", "proof"): (2.5, "")} and given.max_score == 5

    def test_names_are_taken_as_the_gradebook_writes_them(self, tmp_path):
        rubric = read(tmp_path, HEADER + "'=odd.ipynb,w1,proof,1,3,\n")
        assert ("=odd.ipynb", "w1", "proof") in rubric.marks

    def test_names_are_found_whose_accents_a_disk_has_decomposed(self, tmp_path):
        name = unicodedata.normalize("NFD", "Zoë/hw  01.ipynb")
        for row in (name, "Zoë/hw 01.ipynb"):
            (tmp_path / "a.csv").write_text(f"{HEADER}{row},w1,proof,1,3,\n")
            assert read_rubric(tmp_path / "a.csv", submissions=[name]).marks == {
                (name, "w1", "proof"): (1.0, "")
            }

    def test_a_name_of_two_submissions_is_nobodys(self, tmp_path):
        (tmp_path / "a.csv").write_text(f"{HEADER}Zoë.ipynb,w1,proof,1,3,\n")
        two = [unicodedata.normalize(form, "Zoë.ipynb") for form in ("NFC", "NFD")]
        with pytest.raises(BadInput, match=r"line 2: several submissions are called 'Zoë.ipynb'"):
            read_rubric(tmp_path / "a.csv", submissions=two)

    @given(
        st.dictionaries(
            st.tuples(st.sampled_from(sorted(NAMES)), st.sampled_from(["w1", "w2"]), st.sampled_from("ab")),
            st.tuples(st.none() | st.integers(0, 12).map(lambda n: n / 4), st.text()),
        )
    )
    def test_marks_survive_the_ledger_and_the_file(self, tmp_path_factory, marks):
        maxima = {"w1": {"a": 3.0, "b": 3.0}, "w2": {"a": 3.0, "b": 3.0}}
        rubric = Rubric(maxima, marks)
        assert Rubric.from_json(json.loads(json.dumps(rubric.to_json()))) == rubric
        path = tmp_path_factory.mktemp("rubric") / "a.csv"
        rows = [[*key, points, ""] for key, (points, _) in marks.items()]
        path.write_text(csv_text("submission question criterion points comment".split(), rows), "utf-8")
        again = read_rubric(path, submissions=NAMES, maxima=maxima)
        assert {key: points for key, (points, _) in again.marks.items()} == {
            key: points for key, (points, _) in marks.items()
        }


class TestMistakes:
    @pytest.mark.parametrize(
        ("rows", "said"),
        [
            ("nobody.ipynb,w1,proof,1,,\n", "line 2: no submission is called 'nobody.ipynb'"),
            ("a.ipynb,w9,proof,1,,\n", "no written question is called 'w9'; there are w1"),
            ("a.ipynb,w1,style,1,,\n", "w1 has no criterion 'style'; it has proof, clarity"),
            ("a.ipynb,w1,proof,3.01,,\n", "'3.01' is not a number of points from 0 to 3"),
            ("a.ipynb,w1,proof,-1,,\n", "'-1' is not a number of points"),
            ("a.ipynb,w1,proof,two,,\n", "'two' is not a number of points"),
            ("a.ipynb,w1,proof,nan,,\n", "'nan' is not a number of points"),
            ("a.ipynb,w1,proof,1,,\na.ipynb,w1,proof,1,,\n", "line 3: line 2 has marked a.ipynb, w1, proof"),
        ],
    )
    def test_each_is_named_with_its_line(self, tmp_path, rows, said):
        with pytest.raises(BadInput) as caught:
            read(tmp_path, HEADER + rows, maxima=MAXIMA)
        assert said in str(caught.value) and "written.csv" in str(caught.value)

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            ("submission,question,criterion,points\na.ipynb,w1,proof,1\n", "how many points there are"),
            ("submission,question,points\n", "no column 'criterion'"),
            (
                HEADER + "a.ipynb,w1,proof,1,3,\nb/c.ipynb,w1,proof,1,4,\n",
                "proof has 4 points here and 3 before",
            ),
            (HEADER + "a.ipynb,w1,proof,1,,\n", "no row says the most points for w1, proof"),
            (HEADER + "a.ipynb,w1,proof,1,0,\n", "'0' is not a most of points"),
            (HEADER + "a.ipynb,q1,proof,1,3,\n", "'q1' is graded by the tests"),
        ],
    )
    def test_a_table_without_its_maxima_is_refused(self, tmp_path, content, said):
        with pytest.raises(BadInput) as caught:
            read(tmp_path, content, questions=["q1"])
        assert said in str(caught.value)

    def test_many_are_counted(self, tmp_path):
        with pytest.raises(BadInput, match=r"line 2: .*line 4: .*\(and 7 more\)"):
            read(tmp_path, HEADER + "x,w1,proof,1,,\n" * 10, maxima=MAXIMA)
