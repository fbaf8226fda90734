"""course.toml is read with care: every mistake is told with its key, its reason and the fix."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import BadInput
from autograder.gradebook.course import LatePolicy, read_course
from autograder.gradebook.lateness import lateness, read_times

FULL = """
title = "Mathematical Foundations"
roster = "people/roster.csv"
late_days = 3

[late]
grace_days = 0.5
penalty_per_day = 0.1

[assignments.hw01]
run = "out/hw01"
title = "Homework 1"
weight = 2
deadline = 2026-10-05T23:59:00+02:00
submitted_at = "times.csv"
written = "hw01.csv"
canvas_id = 123
late.max_penalty = 0.5
criteria.w1 = { proof = 3, clarity = 1.5 }

[assignments.hw02]
run = "/abs/hw02"
deadline = 2026-10-12T23:59:00Z
submitted_at = "files"
"""
MINIMAL = 'roster = "r.csv"\n[assignments.hw01]\nrun = "out"\n'


def read(tmp_path, text):
    path = tmp_path / "course.toml"
    path.write_text(text, "utf-8")
    return read_course(path)


class TestCourse:
    def test_everything_is_read_and_paths_are_the_files_neighbours(self, tmp_path):
        course = read(tmp_path, FULL)
        first, second = course.assignments
        assert (course.title, course.roster, course.late_days) == (
            "Mathematical Foundations",
            tmp_path / "people/roster.csv",
            3,
        )
        assert first.run == tmp_path / "out/hw01" and str(second.run) == "/abs/hw02"
        assert first.late == LatePolicy(0.5, 0.1, 0.5) and second.late == LatePolicy(0.5, 0.1, 1.0)
        assert first.criteria == {"w1": {"proof": 3.0, "clarity": 1.5}} and first.canvas_id == 123
        assert first.submitted_at == tmp_path / "times.csv" and second.submitted_at is None
        assert (second.title, second.weight, first.deadline.utcoffset()) == ("hw02", 1.0, timedelta(hours=2))

    def test_little_is_needed(self, tmp_path):
        (assignment,) = read(tmp_path, MINIMAL).assignments
        assert assignment.deadline is None and assignment.late == LatePolicy() and assignment.written is None

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("late_days = 3", "late_day = 3", "late_day: unknown key. Did you mean 'late_days'?"),
            ("weight = 2", "wieght = 2", "assignments.hw01.wieght: unknown key. Did you mean 'weight'?"),
            ("late.max_penalty", "late.maximum", "assignments.hw01.late.maximum: unknown key."),
            ("late_days = 3", "late_days = 1.5", "late_days: 1.5 is not a whole number"),
            ("late_days = 3", "late_days = -1", "late_days: -1 is less than 0"),
            ("late_days = 3", "late_days = true", "late_days: True is not a whole number"),
            ("weight = 2", "weight = -2", "assignments.hw01.weight: -2 is not a number of 0 or more"),
            ("weight = 2", "weight = inf", "weight: inf is not a number"),
            ("weight = 2", "weight = nan", "weight: nan is not a number"),
            ("weight = 2", 'weight = "2"', "weight: '2' is not a number"),
            (
                "penalty_per_day = 0.1",
                "penalty_per_day = 10",
                "late.penalty_per_day: 10 is not a number from 0 to 1",
            ),
            ('"Homework 1"', '"hw02"', "assignments.hw02.title: 'hw02' is the title of hw01 too"),
            ('"Homework 1"', '" "', "assignments.hw01.title: empty"),
            ('run = "out/hw01"', "", "assignments.hw01.run: missing"),
            ('roster = "people/roster.csv"', "", "roster: missing"),
            ("+02:00", "", "deadline: 2026-10-05 23:59:00 has no offset from UTC"),
            (
                "2026-10-05T23:59:00+02:00",
                "2026-10-05",
                "deadline: datetime.date(2026, 10, 5) is not a date and time",
            ),
            ('submitted_at = "files"', "", "assignments.hw02.submitted_at: missing, and there is a deadline"),
            ('written = "hw01.csv"', "", "assignments.hw01.written: missing, and there are criteria"),
            ("{ proof = 3, clarity = 1.5 }", "{}", "criteria.w1: no criterion has points"),
            ("{ proof = 3, clarity = 1.5 }", "{ proof = -3 }", "criteria.w1.proof: -3 is not a number"),
            ("{ proof = 3, clarity = 1.5 }", "4", "criteria.w1: 4 is not a table"),
            ("late_days = 3", "late_days = ", "is not TOML: Invalid value (at line 4"),
        ],
    )
    def test_each_mistake_is_told_with_its_key_and_a_fix(self, tmp_path, old, new, said):
        assert old in FULL
        with pytest.raises(BadInput) as caught:
            read(tmp_path, FULL.replace(old, new))
        assert said in str(caught.value) and str(tmp_path / "course.toml") in str(caught.value)
        assert caught.value.fix and "\n" not in str(caught.value)

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b'roster = "r.csv"', "assignments: none are listed"),
            (b'roster = "r.csv"\nassignments = []', "assignments: [] is not a table"),
            (MINIMAL.encode() + b"weight = 0", "all weights are 0"),
            (b"\xff\xfe", "is not UTF-8"),
            (b"", "roster: missing"),
        ],
    )
    def test_a_file_that_is_no_course_is_one_clear_error(self, tmp_path, content, said):
        path = tmp_path / "course.toml"
        path.write_bytes(content)
        with pytest.raises(BadInput) as caught:
            read_course(path)
        assert said in str(caught.value)

    def test_a_missing_file_is_one_clear_error(self, tmp_path):
        with pytest.raises(BadInput, match="cannot be read: no such file"):
            read_course(tmp_path / "no.toml")


DEADLINE = datetime(2026, 10, 5, 12, tzinfo=UTC)


class TestLateness:
    @pytest.mark.parametrize(
        ("hours", "days"), [(-100, 0), (0, 0), (0.001, 1), (24, 1), (24.001, 2), (240, 10)]
    )
    def test_each_day_begun_counts(self, hours, days):
        late = lateness(DEADLINE + timedelta(hours=hours), DEADLINE, LatePolicy(0, 0.1, 0.5), free_days=0)
        assert (late.days, late.penalty) == (days, pytest.approx(min(0.5, 0.1 * days)))

    def test_grace_moves_the_deadline_and_free_days_spare_the_penalty(self):
        submitted = DEADLINE + timedelta(days=2, hours=1)
        assert lateness(submitted, DEADLINE, LatePolicy(0.1, 0.1), free_days=0).days == 2
        late = lateness(submitted, DEADLINE, LatePolicy(0, 0.1), free_days=2)
        assert (late.days, late.free, late.penalty) == (3, 2, pytest.approx(0.1))

    @given(st.floats(-500, 500), st.floats(0, 5), st.floats(0, 1), st.floats(0, 1), st.integers(0, 9))
    def test_a_penalty_keeps_its_bounds_and_grows_with_lateness(self, hours, grace, rate, most, free):
        policy = LatePolicy(grace, rate, most)
        one, two = (
            lateness(DEADLINE + timedelta(hours=late), DEADLINE, policy, free_days=free)
            for late in (hours, hours + 30)
        )
        assert 0 <= one.penalty <= two.penalty <= most and 0 <= one.free <= one.days < two.days + 1


class TestTimes:
    @pytest.mark.parametrize(
        "text",
        [
            "2026-10-05T12:00:00Z",
            "2026-10-05 12:00:00 UTC",
            "2026-10-05 14:00:00 +0200",
            "2026-10-05T05:00-07:00",
        ],
    )
    def test_common_ways_to_write_a_time_are_read(self, tmp_path, text):
        path = tmp_path / "times.csv"
        path.write_text(f"Email,Submission Time\nAda@u.edu,{text}\nemmy@u.edu,\n")
        assert read_times(path) == {"ada@u.edu": DEADLINE}

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (
                "submission,submitted_at\na,2026-10-05T12:00\n",
                "line 2: '2026-10-05T12:00' is not a date and time with",
            ),
            ("submission,submitted_at\na,yesterday\n", "'yesterday' is not"),
            (
                "submission,submitted_at\na,2026-10-05T12Z\nA,2026-10-05T12Z\n",
                "line 3: a second time for 'a'",
            ),
            ("submitted_at\n2026-10-05T12Z\n", "does not say whose times"),
            ("submission\na\n", "no column 'submitted_at'"),
        ],
    )
    def test_what_cannot_be_read_is_told_with_its_line(self, tmp_path, content, said):
        path = tmp_path / "times.csv"
        path.write_text(content)
        with pytest.raises(BadInput) as caught:
            read_times(path)
        assert said in str(caught.value)
