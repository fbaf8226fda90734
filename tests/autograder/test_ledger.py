"""The ledger keeps verdicts through everything, and says plainly when it cannot."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import time

import pytest

from autograder.batch.ledger import Ledger
from autograder.batch.recovery import recover
from autograder.errors import BadInput
from autograder.verdict import CaseManifest, QuestionManifest, Verdict, score_question
from tests.autograder.forks import fork, in_a_fork

MANIFEST = (
    QuestionManifest("q1", False, (CaseManifest("public", False, 1.0), CaseManifest("hidden", True, 2.0))),
    QuestionManifest("q2", True, (CaseManifest("only", False, 0.5),)),
)
FACTS = {"assignment": "hw01", "sealed": True, "engine": "process"}


def verdict(*passed, **fields):
    """A verdict in which the named cases passed."""
    outcome = dict.fromkeys(passed, (True, ""))
    questions = tuple(score_question(question, outcome) for question in MANIFEST)
    score = sum(question.score for question in questions)
    return Verdict(**{"status": "graded", "score": score, "max_score": 3.5, "questions": questions} | fields)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def ledger(path):
    opened = Ledger(path)
    opened.start_run(FACTS, MANIFEST)
    yield opened
    opened.close()


class TestRecords:
    def test_what_was_recorded_is_read_as_it_was(self, ledger):
        given = {
            "a": verdict("public", "hidden", seconds=1.25, notes=("Code cell 2: NameError",)),
            "b": verdict(status="partial", message="x\n<b>\ud800", missing_walls=("network",)),
            "c": Verdict.failed("The file is empty.", max_score=3.5),
        }
        for name, result in given.items():
            ledger.record(name, f"sha {name}", f"key {name}", result)
        found = {entry.name: entry for entry in ledger.entries()}
        assert {name: entry.verdict for name, entry in found.items()} == given
        assert found["a"].sha256 == "sha a" and found["a"].graded_at.endswith("+00:00")

    def test_entries_come_by_name(self, ledger):
        for name in ("b", "a/z", "É", "a"):
            ledger.record(name, "", f"key {name}", verdict())
        assert [entry.name for entry in ledger.entries()] == ["a", "a/z", "b", "É"]

    def test_facts_and_manifest_are_read_as_they_were(self, ledger):
        assert ledger.run() == (FACTS, MANIFEST)

    def test_two_submissions_with_the_same_content_share_a_verdict(self, ledger):
        ledger.record("a", "sha", "key", verdict("only"))
        ledger.record("b", "sha", "key", None)
        assert [(entry.name, entry.verdict.score) for entry in ledger.entries()] == [("a", 0.5), ("b", 0.5)]

    def test_grading_again_replaces_the_verdict(self, ledger):
        ledger.record("a", "sha", "key", verdict())
        ledger.record("a", "sha", "key", verdict("only"))
        assert [entry.verdict.score for entry in ledger.entries()] == [0.5]


class TestRuns:
    def test_a_verdict_is_kept_for_the_next_run_and_its_submission_is_not(self, ledger, path):
        ledger.record("a", "sha", "key", verdict("only"))
        ledger.start_run({"assignment": "hw02", "sealed": False}, MANIFEST[:1])
        assert ledger.has("key") and not ledger.has("other") and list(ledger.entries()) == []
        assert ledger.run() == ({"assignment": "hw02", "sealed": False}, MANIFEST[:1])
        ledger.record("renamed", "sha", "key", None)
        assert [entry.verdict.score for entry in ledger.entries()] == [0.5]

    def test_what_was_recorded_after_a_verdict_is_known(self, ledger):
        for key in "ab":
            ledger.record(key, "sha", key, verdict())
        last = ledger.last()
        for key in "bc":
            ledger.record(key, "sha", key, verdict())
        assert [ledger.has(key, after=last) for key in "abc"] == [False, True, True]

    def test_a_closed_ledger_opens_again_with_everything_in_it(self, ledger, path):
        ledger.record("a", "sha", "key", verdict("public"))
        ledger.close()
        again = Ledger(path)
        assert again.run() == (FACTS, MANIFEST) and [entry.name for entry in again.entries()] == ["a"]
        again.close()

    def test_what_was_recorded_outlives_a_killed_process(self, path):
        def record() -> None:
            ledger = Ledger(path)
            ledger.start_run(FACTS, MANIFEST)
            ledger.record("a", "sha", "key", verdict("hidden"))

        in_a_fork(record)
        ledger = Ledger(path)
        assert [entry.verdict.score for entry in ledger.entries()] == [2.0] and ledger.has("key")
        ledger.close()

    def test_a_process_killed_at_any_moment_leaves_whole_records(self, path):
        def record() -> None:
            ledger = Ledger(path)
            ledger.start_run(FACTS, MANIFEST)
            for number in range(10**6):
                ledger.record(f"{number:06}", "sha", f"key {number}", verdict("only"))

        child = fork(record)
        until = time.monotonic() + 30
        while time.monotonic() < until and (not path.exists() or path.stat().st_size == 0):
            time.sleep(0.01)
        time.sleep(0.3)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        ledger = Ledger(path)
        found = list(ledger.entries())
        assert found
        assert [entry.name for entry in found] == [f"{number:06}" for number in range(len(found))]
        assert all(entry.verdict == verdict("only") for entry in found)
        ledger.close()


def read_all(path):
    opened = Ledger(path)
    return opened.run(), list(opened.entries())


class TestDamage:
    def test_a_ledger_in_use_by_another_run_is_one_clear_error(self, ledger, path):
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        ledger._db.execute("PRAGMA busy_timeout=50")
        with pytest.raises(BadInput, match="locked"):
            ledger.record("a", "sha", "key", verdict())
        other.close()
        ledger.record("a", "sha", "key", verdict())

    @pytest.mark.parametrize("content", [b"not a database", b"SQLite format 3\0" + b"\xff" * 5000])
    def test_a_file_that_is_no_ledger_is_one_clear_error(self, path, content):
        path.write_bytes(content)
        with pytest.raises(BadInput, match=r"The ledger .*ledger\.sqlite cannot be used") as caught:
            Ledger(path)
        assert "\n" not in str(caught.value)

    def test_a_folder_in_its_place_is_one_clear_error(self, path):
        path.mkdir()
        with pytest.raises(BadInput, match="cannot be used"):
            Ledger(path)

    @pytest.mark.parametrize(
        "damage",
        [
            lambda db: db.execute("DELETE FROM run"),
            lambda db: db.execute("UPDATE verdict SET document = '{'"),
            lambda db: db.execute("UPDATE verdict SET document = '[]'"),
            lambda db: db.execute("UPDATE verdict SET document = '{}'"),
            lambda db: db.execute("UPDATE run SET value = '5' WHERE name = 'manifest'"),
            lambda db: db.execute("ALTER TABLE verdict RENAME COLUMN document TO other"),
        ],
        ids=["no run", "cut", "list", "empty", "manifest", "column"],
    )
    def test_a_ledger_whose_content_is_damaged_is_one_clear_error(self, ledger, path, damage):
        ledger.record("a", "sha", "key", verdict())
        ledger.close()
        with sqlite3.connect(path) as db:
            damage(db)
        with pytest.raises(BadInput, match=r"ledger\.sqlite (cannot be used|holds no run)"):
            read_all(path)

    def test_a_damaged_page_in_the_middle_is_one_clear_error(self, ledger, path):
        for number in range(50):
            ledger.record(str(number), "sha", f"key {number}", verdict(message="x" * 2000))
        ledger.close()
        data = bytearray(path.read_bytes())
        data[3 * 4096 :] = b"\xff" * (len(data) - 3 * 4096)
        path.write_bytes(data)
        with pytest.raises(BadInput, match=r"ledger\.sqlite (cannot be used|holds no run)"):
            read_all(path)

    def test_numbers_of_verdicts_do_not_outlive_a_recovery(self, ledger, path):
        ledger.attach(force_after=ledger.last())
        ledger.record("a", "sha", "key", verdict())
        ledger.close()
        with sqlite3.connect(path) as db:
            db.execute("UPDATE verdict SET document = '{'")
        assert "was damaged" in recover(path) and read_all(path)[0] == (FACTS, MANIFEST)

    def test_documents_are_json_and_nothing_that_runs(self, ledger, path):
        ledger.record("a", "sha", "key", verdict("only"))
        with sqlite3.connect(path) as db:
            (document,) = db.execute("SELECT document FROM verdict").fetchone()
        assert json.loads(document)["score"] == 0.5
