"""Mutants: which changes are made, where, and what is said about those that nobody kills."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import BadInput
from autograder.release.gate import Report
from autograder.release.master import parse
from autograder.release.mutants import Mutant, mutants, read_equivalent
from autograder.verdict import Verdict
from tests.autograder.release import stand_in
from tests.autograder.release.building import (
    NAME,
    Notebook,
    changed_answer,
    examine,
    good_master,
    replaced,
    write_assignment,
)

pytestmark = pytest.mark.usefixtures("fast_otter")


def mutants_of(*lines: str) -> dict[str, Mutant]:
    """Mutants of an answer whose solution is these lines: change -> mutant."""
    notebook = changed_answer("\n".join(f"    {line}" for line in lines))
    (question,) = parse(json.dumps(notebook).encode(), NAME).graded
    return {mutant.change: mutant for mutant in mutants(question)}


CHANGES = {
    "return -x": ("sign", "return x"),
    "return x - rate": ("operator", "return x + rate"),
    "return x + rate": ("dropped term", "return x"),
    "return x * rate": ("operator", "return x / rate"),
    "return x ** 2": ("dropped power", "return x"),
    "return A @ x": ("transposed", "return A.T @ x"),
    "return x.T": ("transposed", "return x"),
    "return x < rate": ("comparison", "return x <= rate"),
    "return x and rate": ("condition", "return x or rate"),
    "return not x": ("condition", "return x"),
    "return x + 3": ("off by one", "return x + 4"),
    "return x * 0.5": ("constant", "return x * 1.0"),
    "return np.sum(x, keepdims=True)": ("constant", "return np.sum(x, keepdims=False)"),
    "return x.copy()": ("missing copy", "return x"),
    "return np.array(x)": ("missing copy", "return np.asarray(x)"),
    "return np.zeros(3, dtype=float)": ("float32", "return np.zeros(3, dtype='float32')"),
    "return x.sum(axis=0)": ("swapped axes", "return x.sum(axis=1)"),
    "return x[0]": ("first or last element", "return x[-1]"),
    "return x[1:]": ("first or last element", "return x[:]"),
    "return max(x)": ("operator", "return min(x)"),
    "return abs(x)": ("dropped call", "return x"),
    "x += rate": ("operator", "x -= rate"),
    "x.sort()": ("dropped statement", "pass"),
}


@pytest.mark.parametrize("line", CHANGES)
def test_each_operator_makes_its_change(line: str) -> None:
    operator, after = CHANGES[line]
    made = mutants_of(line)
    assert f"{line} -> {after}" in made, list(made)
    assert made[f"{line} -> {after}"].operator == operator


def test_loops_run_once_more_and_once_less() -> None:
    made = mutants_of("for _ in range(rate):", "    x = x - 1", "return x")
    assert {
        "for _ in range(rate): -> for _ in range(rate + 1):",
        "for _ in range(rate): -> for _ in range(rate - 1):",
    } <= set(made)


def test_only_the_solution_is_changed() -> None:
    notebook = replaced("q1-answer", "    # BEGIN SOLUTION\n", "    given = 1 + 2\n    # BEGIN SOLUTION\n")
    (question,) = parse(json.dumps(notebook).encode(), NAME).graded
    assert all("given" not in mutant.change for mutant in mutants(question))
    assert all('"""One step' in mutant.source for mutant in mutants(question))


def test_mutants_differ_from_the_solution_and_from_each_other() -> None:
    (question,) = parse(json.dumps(good_master()).encode(), NAME).graded
    sources = [mutant.source for mutant in mutants(question)]
    assert len(sources) == len(set(sources)) >= 5
    assert len({mutant.key for mutant in mutants(question)}) == len(sources)


def test_the_look_of_a_picture_is_not_mutated() -> None:
    assert set(mutants_of("x.plot(rate, linewidth=2, alpha=0.5)")) == {
        "x.plot(rate, linewidth=2, alpha=0.5) -> pass"
    }


def test_a_strict_zip_is_not_made_lax() -> None:
    assert not mutants_of("return dict(zip(x, rate, strict=True))")


def report_on(tmp_path: Path, lock: Path, toml: str) -> Report:
    folder = write_assignment(tmp_path, good_master())
    (folder / "mutants.toml").write_text(toml)
    return examine(folder, lock=lock, grade=stand_in.grade)


EQUIVALENT = """
[[equivalent]]
question = "q1"
mutant = "direction = -np.asarray(gradient, dtype=float) -> direction = -np.asarray(gradient, dtype='float32')"
reason = "none: an example for a test"
"""


def test_killed_and_living_mutants_are_counted(tmp_path: Path, lock: Path) -> None:
    report = report_on(tmp_path, lock, "equivalent = []")
    assert report.mutants
    (score,) = report.mutants.scores(report.master)
    assert score.killed == score.killed_by_hidden == score.total and not score.alive and not report.problems


def weak_tests() -> Notebook:
    """The good master, but its tests use the rate 1 only."""
    text = json.dumps(good_master()).replace("gradient, 0.3), x - 0.3", "gradient, 1.0), x - 1.0")
    return json.loads(text.replace("[2.0, 2.0]), 0.5)", "[1.0, 1.0]), 1.0)"))


def test_a_mutant_that_nobody_kills_is_a_warning_with_its_cell(tmp_path: Path, lock: Path) -> None:
    report = examine(write_assignment(tmp_path, weak_tests()), lock=lock, grade=stand_in.grade)
    alive = [p for p in report.warnings if p.rule == "mutants-killed"]
    assert any(
        "rate * direction -> " in p.reason and "q1-answer" in p.place and p.question == "q1" for p in alive
    )


def test_a_mutant_that_could_not_be_graded_is_a_warning_with_the_fault(tmp_path: Path, lock: Path) -> None:
    def loses_one(*arguments: Any, **options: Any) -> dict[str, Verdict]:
        verdicts = stand_in.grade(*arguments, **options)
        broken = Verdict("error", 0, 0, message="the worker is gone")
        return {name: broken if "-> direction = np" in name else v for name, v in verdicts.items()}

    report = examine(write_assignment(tmp_path, good_master()), lock=lock, grade=loses_one)
    (problem,) = report.problems
    assert problem.rule == "mutants-killed" and problem.warning
    assert "could not be graded (the worker is gone): direction = -np" in problem.reason


def test_a_case_that_is_slow_for_the_solution_judges_no_mutant(tmp_path: Path, lock: Path) -> None:
    def slow_at_random(*arguments: Any, test_timeout: float, **options: Any) -> dict[str, Verdict]:
        verdicts = stand_in.grade(*arguments, test_timeout=test_timeout, **options)
        return verdicts if test_timeout > 1 else {name: timed_out(v) for name, v in verdicts.items()}

    def timed_out(verdict: Verdict) -> Verdict:
        (result,) = verdict.questions
        first, second, third = result.cases
        return replace(
            verdict, questions=(replace(result, cases=(first, replace(second, passed=False), third)),)
        )

    report = examine(write_assignment(tmp_path, weak_tests()), lock=lock, grade=slow_at_random)
    plain = examine(write_assignment(tmp_path, weak_tests()), lock=lock, grade=stand_in.grade)
    assert report.mutants and plain.mutants
    (score,), (without,) = report.mutants.scores(report.master), plain.mutants.scores(plain.master)
    assert score.killed < score.total and set(score.alive) >= set(without.alive)
    (problem,) = [p for p in report.warnings if p.rule == "mutants-in-time"]
    assert "test_q1_random" in problem.reason and "q1-test-random" in problem.place


def test_a_statement_can_be_listed_as_a_whole(tmp_path: Path, lock: Path) -> None:
    folder = write_assignment(tmp_path, weak_tests())
    statement = "return np.asarray(x, dtype=float) + rate * direction"
    entry = f'question = "q1"\nstatement = "{statement}"\nreason = "an example"'
    (folder / "mutants.toml").write_text(f"[[equivalent]]\n{entry}\n")
    report = examine(folder, lock=lock, grade=stand_in.grade)
    assert report.mutants and not [p for p in report.warnings if p.rule == "mutants-killed"]
    (score,) = report.mutants.scores(report.master)
    assert not score.alive and score.killed >= 5
    assert [mutant.change for mutant, _ in score.equivalent] == [
        f"{statement} -> {statement.replace('rate * ', '')}"
    ]


def test_a_listed_mutant_that_is_killed_is_a_warning(tmp_path: Path, lock: Path) -> None:
    (problem,) = report_on(tmp_path, lock, EQUIVALENT).problems
    assert problem.rule == "equivalents-hold" and problem.warning and "the tests kill it" in problem.reason


def test_an_array_of_a_fresh_list_is_no_missing_copy() -> None:
    assert not any("asarray" in change for change in mutants_of("path = [x]", "return np.array(path)"))


def test_a_listed_mutant_that_does_not_exist_is_a_warning(tmp_path: Path, lock: Path) -> None:
    (problem,) = report_on(tmp_path, lock, EQUIVALENT.replace("direction", "way")).problems
    assert problem.rule == "equivalents-hold" and "no such mutant" in problem.reason


@pytest.mark.parametrize(
    "toml", ["[equivalent", "a = 1", EQUIVALENT.replace("none: an example for a test", " ")]
)
def test_a_bad_list_is_one_clear_line(tmp_path: Path, toml: str) -> None:
    (tmp_path / "mutants.toml").write_text(toml)
    with pytest.raises(BadInput, match=r"mutants\.toml: .* `verify` prints"):
        read_equivalent(tmp_path)
