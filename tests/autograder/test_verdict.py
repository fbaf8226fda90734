"""A verdict is rebuilt from an examiner's message only where it fits the bundle."""

from __future__ import annotations

import copy
import json

import pytest

from autograder.verdict import CaseManifest, QuestionManifest, Verdict, from_json, score_question

MANIFEST = (
    QuestionManifest("q1", False, (CaseManifest("public", False, 1.0), CaseManifest("hidden", True, 2.0))),
    QuestionManifest("q2", True, (CaseManifest("a", False, 0.5), CaseManifest("b", True, 0.5))),
)


def message(**fields):
    """A worker's answer in which every case passed."""
    questions = [
        {
            "name": question.name,
            "cases": [{"name": case.name, "passed": True, "message": ""} for case in question.cases],
        }
        for question in MANIFEST
    ]
    base = {"status": "graded", "message": "", "seconds": 0.5, "notes": [], "missing_walls": []}
    return base | {"questions": questions} | fields


class TestScores:
    def test_full_marks_are_the_sum_of_all_cases(self):
        verdict = from_json(message(), MANIFEST)
        assert (verdict.status, verdict.score, verdict.max_score) == ("graded", 4.0, 4.0)
        assert [question.score for question in verdict.questions] == [3.0, 1.0]

    def test_points_and_hidden_flags_come_from_the_bundle_alone(self):
        data = message()
        data |= {"score": 1000, "max_score": 1000}
        data["questions"][0] |= {"score": 99, "max_score": 99}
        data["questions"][0]["cases"][1] |= {"points": 99, "hidden": False}
        verdict = from_json(data, MANIFEST)
        assert verdict.score == 4.0 and verdict.questions[0].cases[1].points == 2.0
        assert verdict.questions[0].cases[1].hidden is True

    @pytest.mark.parametrize("passed", [1, "True", "yes", [True], None, 1.0])
    def test_only_true_counts_as_passed(self, passed):
        data = message()
        data["questions"][0]["cases"][1]["passed"] = passed
        assert from_json(data, MANIFEST).score == 2.0

    def test_all_or_nothing_is_all_or_nothing(self):
        data = message()
        data["questions"][1]["cases"][0]["passed"] = False
        assert from_json(data, MANIFEST).questions[1].score == 0.0

    def test_a_case_without_an_outcome_has_failed(self):
        result = score_question(MANIFEST[0], {"public": (True, "")})
        assert result.score == 1.0 and not result.cases[1].passed

    def test_an_error_has_no_score_whatever_else_it_says(self):
        verdict = from_json(message(status="error", message="why"), MANIFEST)
        assert (verdict.status, verdict.score, verdict.max_score, verdict.questions) == (
            "error",
            0.0,
            4.0,
            (),
        )

    def test_a_partial_verdict_keeps_its_notes_and_missing_walls(self):
        verdict = from_json(message(status="partial", notes=["n"], missing_walls=["network"]), MANIFEST)
        assert (
            verdict.status == "partial" and verdict.notes == ("n",) and verdict.missing_walls == ("network",)
        )

    def test_it_is_plain_json(self):
        assert json.loads(json.dumps(from_json(message(), MANIFEST).to_json()))["score"] == 4.0

    def test_a_failure_of_the_grader_is_an_error_and_no_zero(self):
        assert Verdict.failed("why", max_score=4.0).status == "error"


def broken(change):
    data = copy.deepcopy(message())
    change(data)
    return data


class TestRefusals:
    @pytest.mark.parametrize(
        "change",
        [
            lambda data: data["questions"].pop(),
            lambda data: data["questions"].append(data["questions"][0]),
            lambda data: data["questions"].reverse(),
            lambda data: data["questions"][0].update(name="q9"),
            lambda data: data["questions"][0]["cases"].pop(),
            lambda data: data["questions"][0]["cases"].append(data["questions"][0]["cases"][0]),
            lambda data: data["questions"][0]["cases"][1].update(name="public"),
            lambda data: data["questions"][0]["cases"][0].update(name="other"),
            lambda data: data["questions"][0].pop("cases"),
            lambda data: data["questions"][0]["cases"][0].pop("passed"),
            lambda data: data.update(questions=None),
            lambda data: data.update(questions=[1]),
            lambda data: data.update(status="perfect"),
            lambda data: data.update(status=["graded"]),
            lambda data: data.pop("status"),
            lambda data: data.pop("message"),
            lambda data: data.update(notes=None),
            lambda data: data.update(seconds="soon"),
            lambda data: data.update(seconds=None),
            lambda data: data.update(seconds=float("nan")),
            lambda data: data.update(seconds=float("inf")),
            lambda data: data.update(seconds=-1.0),
        ],
    )
    def test_a_message_that_does_not_fit_the_bundle_is_refused(self, change):
        with pytest.raises((ValueError, KeyError, TypeError)):
            from_json(broken(change), MANIFEST)
