"""The verify command and the gate's page: the kill matrix, on the terminal and in HTML."""

from __future__ import annotations

import html
import io
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rich.console import Console

from autograder.release import rules_run
from autograder.release.gate import Report, all_rules
from autograder.release.matrix import draw, kill_matrices
from autograder.release.page import gate_page
from autograder.release.problem import GateClosed
from autograder.release.rules_run import UNTOUCHED
from autograder.release.run import verify
from tests.autograder.release import stand_in
from tests.autograder.release.building import ATTEMPTS, examine, good_master, write_assignment

pytestmark = pytest.mark.usefixtures("fast_otter")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory, lock: Path, fast_otter: None) -> Report:
    folder = write_assignment(tmp_path_factory.mktemp("verify"), good_master())
    return examine(folder, lock=lock, grade=stand_in.grade)


def test_a_cell_that_fails_without_answers_is_told(report: Report) -> None:
    assert report.runs and not list(rules_run.untouched_runs_through(report.master, report.runs))
    verdict = report.runs.verdicts[UNTOUCHED]
    noted = replace(verdict, notes=("Code cell 3: NameError: name 'x' is not defined", "q1: it was slow"))
    runs = replace(report.runs, verdicts={**report.runs.verdicts, UNTOUCHED: noted})
    (problem,) = rules_run.untouched_runs_through(report.master, runs)
    assert problem.warning and problem.reason.endswith("Code cell 3: NameError: name 'x' is not defined")


def drawn(report: Report, encoding: str) -> list[str]:
    buffer = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    console = Console(file=buffer, width=100)
    assert report.runs
    for matrix in kill_matrices(report.master, report.runs):
        console.print(draw(matrix, console), highlight=False)
    buffer.flush()
    return buffer.buffer.getvalue().decode(encoding).splitlines()  # type: ignore[attr-defined]


def test_the_matrix_shows_which_case_catches_which_attempt(report: Report) -> None:
    rows = {line.split("  ")[0]: line.split()[-4:] for line in drawn(report, "utf-8") if ": " in line}
    assert rows["wrong: steps uphill"] == ["×", "×", "·", "1"]
    assert rows["wrong: changes x in place"] == ["·", "×", "×", "1"]
    assert rows["right: in one line"] == ["·", "·", "·", "4"]


def test_the_matrix_is_ascii_where_the_terminal_is(report: Report) -> None:
    lines = drawn(report, "ascii")
    assert any(
        line.startswith("wrong: steps uphill") and line.split()[-4:] == ["x", "x", ".", "1"] for line in lines
    )


def test_a_case_counts_what_it_catches(report: Report) -> None:
    assert report.runs
    (matrix,) = kill_matrices(report.master, report.runs)
    assert [matrix.caught(case) for case in range(3)] == [2, 3, 1]
    assert all(row.as_expected for row in matrix.rows) and len(matrix.rows) == 5


def test_verify_prints_the_matrix_and_one_line(
    tmp_path: Path, lock: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_assignment(tmp_path, good_master())
    verify([], root=tmp_path, lock=lock, grade=stand_in.grade)
    out = capsys.readouterr().out
    assert "wrong: forgets the rate" in out and "test_q1_keeps_its_argument" in out
    assert "5 of 5 attempts as expected" in out and "mutants killed" in out


def test_verify_fails_on_a_wrong_attempt_that_earns_all(
    tmp_path: Path, lock: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clever = "# %% wrong: too clever\ndef step(x, g, r):\n    return 1.0 * x - g * r\n\n"
    write_assignment(tmp_path, good_master(), clever + ATTEMPTS)
    with pytest.raises(
        GateClosed, match=r"wrong-attempts-fail: question q1, attempts/q1\.py:1: 'too clever'"
    ):
        verify([], root=tmp_path, lock=lock, grade=stand_in.grade)
    assert "wrong: too clever ⚠" in capsys.readouterr().out


def test_the_page_holds_every_rule_question_attempt_and_file(report: Report) -> None:
    page = html.unescape(gate_page(report))
    assert all(rule.name in page and rule.promise in page for rule in all_rules())
    assert (
        "wrong: steps uphill" in page and "test_q1_random" in page and "student_release/tests/q1.py" in page
    )
    assert "graded by hand" in page and "5/5" not in page and "3/3" in page and "2/2" in page


def test_the_page_is_the_same_for_the_same_inputs(report: Report, tmp_path: Path, lock: Path) -> None:
    folder = write_assignment(tmp_path, good_master())
    assert gate_page(examine(folder, lock=lock, grade=stand_in.grade)) == gate_page(report)


class Links(HTMLParser):
    """What a page refers to, and the elements that it is made of."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.targets: list[str] = []
        self.ids: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name in ("href", "src", "srcset", "action", "data", "poster", "background"):
                self.targets.append(value or "")
            if name == "id":
                self.ids.add(value or "")


def test_the_page_needs_no_other_file_and_runs_no_script(report: Report) -> None:
    page = gate_page(report)
    links = Links(page)
    assert not links.tags & {"script", "link", "img", "iframe", "object", "embed", "form", "base"}
    assert links.targets and all(target[1:] in links.ids for target in links.targets if target[0] == "#")
    assert all(target.startswith("#") for target in links.targets)
    assert not re.search(r"https?://|url\(|@import|\bon\w+=", page)
    assert "default-src 'none'" in page


def test_the_page_says_whether_mutants_were_graded(report: Report) -> None:
    with_them, without = gate_page(report), gate_page(replace(report, mutants=None))
    assert "9 of 9 mutants killed" in with_them and "ot graded" not in with_them
    assert "mutants not graded" in without and "verify hw99_demo" in without
    marks = re.findall(r">(.)</span></td><td><div class=.rule.><b>([\w-]+)</b>", without)
    assert len(marks) == len(all_rules())
    assert {name for mark, name in marks if mark != "✓"} == {
        "mutants-killed",
        "mutants-in-time",
        "equivalents-hold",
    }


def test_names_of_attempts_are_escaped(tmp_path: Path, lock: Path) -> None:
    title = "<b>bold</b>"
    attempts = ATTEMPTS.replace("in one line", title)
    report = examine(write_assignment(tmp_path, good_master(), attempts), lock=lock, grade=stand_in.grade)
    assert title not in gate_page(report) and "&lt;b&gt;bold" in gate_page(report)


def test_rules_have_unique_names_and_a_promise() -> None:
    names = [rule.name for rule in all_rules()]
    assert len(names) == len(set(names)) > 35
    assert all(rule.promise.endswith(".") for rule in all_rules())
