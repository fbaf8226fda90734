"""Groups of equal failures, and the known attempts that fail in the same way."""

from __future__ import annotations

import json

import pytest

from autograder.batch.bundle import MATERIAL, Bundle, hash_content
from autograder.batch.ledger import Entry
from autograder.errors import BadInput
from autograder.gradebook.comments import read_comments
from autograder.gradebook.misconceptions import find_groups, group_keys, read_attempts
from autograder.verdict import CaseManifest, QuestionManifest, Verdict, score_question

CASES = ("value", "shape", "edges")
MANIFEST = tuple(
    QuestionManifest(name, False, tuple(CaseManifest(case, case == "edges", 1.0) for case in CASES))
    for name in ("q1", "q2")
)


def entry(name, **failed):
    """A submission; ``q1={"value": "why"}`` are the cases that it fails, with their messages."""
    questions = []
    for question in MANIFEST:
        messages = failed.get(question.name, {})
        outcome = {case: (case not in messages, messages.get(case, "")) for case in CASES}
        questions.append(score_question(question, outcome))
    score = sum(question.score for question in questions)
    return Entry(name, "", "", Verdict("graded", score, 6.0, tuple(questions)))


def attempt(question, title, expects="", **failed):
    cases = [{"name": name, "message": message} for name, message in failed.items()]
    return {"question": question, "title": title, "expects": expects, "place": "", "failed": cases}


MATERIAL_OF_CLASS = {
    "attempts": [
        attempt("q1", "forgets the square root", "Is it there?", value="got 25.0", edges="Too large."),
        attempt("q1", "returns an int", edges="Too large."),
        attempt("q1", "", value="NotImplementedError", shape="NotImplementedError", edges="Too large."),
        attempt("q2", "forgets the square root", value="got 25.0", edges="Too large."),
    ]
}


def groups_of(entries, material=MATERIAL_OF_CLASS):
    return find_groups(entries, read_attempts(material))


class TestGroups:
    def test_students_who_fail_alike_are_one_group_with_the_attempt_that_fails_so(self):
        root = {"value": "got 25.0", "edges": "Too large."}
        first, second = groups_of([entry("a", q1=root), entry("b"), entry("c", q1=root)])
        (group,) = first.groups
        assert group.submissions == ("a", "c") and group.lost == 2.0
        assert [one.title for one in group.attempts] == ["forgets the square root"]
        assert group.attempts[0].expects == "Is it there?"
        assert (first.losing, first.known) == (2, 2) and second.losing == 0 and not second.groups

    def test_the_same_cases_with_another_message_are_another_group_and_only_similar(self):
        (first, _) = groups_of([entry("a", q1={"value": "got nan", "edges": "Too large."})])
        (group,) = first.groups
        assert not group.attempts and [one.title for one in group.similar] == ["forgets the square root"]
        assert first.known == 0

    def test_an_attempt_at_another_question_explains_nothing(self):
        (_, second) = groups_of([entry("a", q2={"edges": "Too large."})])
        assert not second.groups[0].attempts and not second.groups[0].similar

    def test_an_untouched_question_is_told_as_not_attempted(self):
        untouched = {"value": "NotImplementedError", "shape": "NotImplementedError", "edges": "Too large."}
        (first, _) = groups_of([entry("a", q1=untouched)])
        assert [one.label for one in first.groups[0].attempts] == ["as released: not attempted"]

    def test_attempts_that_nobody_can_tell_apart_are_all_named(self):
        twin = attempt("q1", "truncates", edges="Too large.")
        (first, _) = groups_of(
            [entry("a", q1={"edges": "Too large."})], {"attempts": [*MATERIAL_OF_CLASS["attempts"], twin]}
        )
        assert {one.title for one in first.groups[0].attempts} == {"returns an int", "truncates"}

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("<function f at 0x7f3a10>", "<function f at 0x55e0aa>"),
            ("Max difference: 2.2204460492e-16", "Max difference: 2.2204999999e-16"),
            ("a  b\nc", "a b c"),
        ],
    )
    def test_what_differs_by_chance_does_not_split_a_group(self, one, other):
        (first, _) = groups_of([entry("a", q1={"value": one}), entry("b", q1={"value": other})])
        assert [group.submissions for group in first.groups] == [("a", "b")]

    @pytest.mark.parametrize(("one", "other"), [("got 3", "got 4"), ("got 0.51", "got 0.52")])
    def test_different_wrong_results_are_different_groups(self, one, other):
        (first, _) = groups_of([entry("a", q1={"value": one}), entry("b", q1={"value": other})])
        assert len(first.groups) == 2 and not first.shared

    def test_the_largest_group_comes_first(self):
        alike = [entry(name, q1={"value": "x"}) for name in "abc"]
        (first, _) = groups_of([entry("z", q1={"shape": "y"}), *alike])
        assert [len(group.submissions) for group in first.groups] == [3, 1]

    def test_a_submission_knows_the_keys_of_its_groups(self):
        one = entry("a", q1={"value": "x"})
        (first, _) = groups_of([one, entry("b", q1={"value": "x"})])
        assert group_keys(one) == {"q1": first.groups[0].key}

    @pytest.mark.parametrize("material", [{}, {"attempts": [{}]}, {"attempts": [1]}, {"attempts": None}])
    def test_material_of_another_make_means_no_attempts(self, material):
        assert read_attempts(material) == ()


class TestMaterialOfABundle:
    def test_material_beside_a_bundle_is_taken_only_if_it_belongs_to_it(self, tmp_path, bundle_bytes):
        path = tmp_path / "autograder.zip"
        path.write_bytes(bundle_bytes)
        assert Bundle.load(path).material == {}
        for sha256, taken in ((hash_content(bundle_bytes)[0], True), ("another", False)):
            (tmp_path / MATERIAL).write_text(json.dumps({"bundle_sha256": sha256, "attempts": []}))
            assert bool(Bundle.load(path).material) is taken
        (tmp_path / MATERIAL).write_text("[not json")
        assert Bundle.load(path).material == {}

    @pytest.fixture
    def bundle_bytes(self):
        import io
        import zipfile

        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("tests/q1.py", "OK_FORMAT = False")
        return buffer.getvalue()


class TestComments:
    def test_comments_are_read_and_missing_ones_are_none(self, tmp_path):
        assert read_comments(tmp_path) == {}
        (tmp_path / "comments.toml").write_text('q1-1a2b3c4d = "Mind the root."\n')
        assert read_comments(tmp_path) == {"q1-1a2b3c4d": "Mind the root."}

    @pytest.mark.parametrize("text", ["q1 = ", "q1 = 3", "[q1]\na = 'x'", "\udcff"])
    def test_a_broken_file_is_told_with_its_name_and_a_fix(self, tmp_path, text):
        (tmp_path / "comments.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
        with pytest.raises(BadInput, match=r"comments\.toml.*Write"):
            read_comments(tmp_path)
