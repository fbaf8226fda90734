"""The release command: what it writes, what it leaves alone, and what the gate says when it stays shut."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from autograder.batch.bundle import Bundle
from autograder.errors import AutograderError, BadInput
from autograder.gradebook.misconceptions import read_attempts
from autograder.release import inputs
from autograder.release.problem import GateClosed
from autograder.release.publish import replace_folders, restore
from autograder.release.run import release
from autograder.verdict import Verdict
from tests.autograder.release import stand_in
from tests.autograder.release.building import (
    ATTEMPTS,
    NAME,
    Notebook,
    find,
    good_master,
    inserted,
    removed,
    replaced,
    test_cell,
    write_assignment,
)

pytestmark = pytest.mark.usefixtures("fast_otter")
PACKAGE_FILES = inputs._package_files
Release = Callable[..., None]


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Inputs that nobody else is editing."""
    monkeypatch.setattr("autograder.release.inputs._package_files", list)


@pytest.fixture
def course(tmp_path: Path, lock: Path) -> Release:
    """Runs `release` on `tmp_path/assignments` with a fast grader."""

    def run(*names: str, force: bool = False, grade: object = stand_in.grade, mutate: bool = True) -> None:
        release(
            list(names),
            student_dir=tmp_path / "student_release",
            dist=tmp_path / "dist",
            jobs=1,
            force=force,
            root=tmp_path / "assignments",
            lock=lock,
            grade=grade,  # type: ignore[arg-type]
            mutate=mutate,
        )

    return run


def everything(root: Path) -> dict[str, bytes]:
    outputs = (root / "student_release", root / "dist")
    return {
        str(p.relative_to(root)): p.read_bytes() for out in outputs for p in out.rglob("*") if p.is_file()
    }


def never(*_: object, **__: object) -> None:
    raise AssertionError("nothing should have been graded")


def test_a_good_assignment_is_released(
    course: Release, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_assignment(tmp_path / "assignments", good_master())
    course()
    names = set(everything(tmp_path))
    student = {f"student_release/{NAME}/{name}" for name in (f"{NAME}.ipynb", "plotted.py", "tests/q1.py")}
    assert names == student | {
        f"dist/{NAME}/{name}"
        for name in ("autograder.zip", "class_report.json", "gate.html", "solution.ipynb", "release.json")
    }
    assert f"{NAME}: released, 1 questions, 3 test cases, 4 points" in capsys.readouterr().err


def test_an_unchanged_assignment_is_not_built_again(course: Release, tmp_path: Path) -> None:
    folder = write_assignment(tmp_path / "assignments", good_master())
    course()
    before = everything(tmp_path)
    course(grade=never)
    assert everything(tmp_path) == before
    (folder / "attempts" / "q1.py").write_text("# a note\n" + ATTEMPTS)
    with pytest.raises(AssertionError, match="nothing should"):
        course(grade=never)


def test_mutants_that_were_left_out_are_graded_when_asked_for(course: Release, tmp_path: Path) -> None:
    write_assignment(tmp_path / "assignments", good_master())
    page = tmp_path / "dist" / NAME / "gate.html"
    course(mutate=False)
    assert "mutants not graded" in page.read_text()
    course(mutate=True)
    assert "9 of 9 mutants killed" in page.read_text()
    course(mutate=False, grade=never)  # what has been graded stays on the page


def test_a_damaged_release_is_built_again(course: Release, tmp_path: Path) -> None:
    write_assignment(tmp_path / "assignments", good_master())
    course()
    before = everything(tmp_path)
    (tmp_path / "student_release" / NAME / "plotted.py").write_text("damaged")
    (tmp_path / "student_release" / NAME / "stray.txt").write_text("stray")
    course()
    assert everything(tmp_path) == before


def test_force_builds_the_same_bytes_again(course: Release, tmp_path: Path) -> None:
    write_assignment(tmp_path / "assignments", good_master())
    course()
    before = everything(tmp_path)
    course(force=True)
    assert everything(tmp_path) == before


def test_a_closed_gate_writes_nothing_and_keeps_the_old_release(course: Release, tmp_path: Path) -> None:
    write_assignment(tmp_path / "assignments", good_master())
    course()
    before = everything(tmp_path)
    write_assignment(tmp_path / "assignments", replaced("q1-answer", "rate * direction", "direction"))
    with pytest.raises(GateClosed) as closed:
        course()
    assert everything(tmp_path) == before
    assert "solution-earns-all: question q1" in str(closed.value) and "q1-answer" in str(closed.value)
    assert list((tmp_path / "dist").iterdir()) == [tmp_path / "dist" / NAME]


CLOSED = {
    # rule, what the gate says, master, attempts
    "a solution that fails": (
        "solution-earns-all", "earns 1 of 4: test_q1_downhill", replaced("q1-answer", "rate * direction", "direction"), ""
    ),
    "a case that passes without an answer": (
        "untouched-earns-nothing", "test_q1_keeps_its_argument passes without any answer",
        replaced("q1-test-pure", "np.shape(step(x, np.ones(3), 0.1)) == (3,)", "step"), ""
    ),
    "a right attempt that fails": (
        "right-attempts-pass", "'rounds its answer' is right, but earns",
        good_master(), "# %% right: rounds its answer\ndef step(x, g, r):\n    return np.round(x - r * np.asarray(g), 3)\n",
    ),
    "a wrong attempt that earns all": (
        "wrong-attempts-fail", "'too clever' is wrong, but earns all 4 points",
        good_master(), "# %% wrong: too clever\ndef step(x, g, r):\n    return 1.0 * x - g * r\n",
    ),
    "a message that nobody sees": (
        "expected-messages", "its author expects the message 'mind the rate'",
        good_master(), "# %% wrong: x\n# expects: mind the rate\ndef step(x, g, r):\n    return 3 * x\n",
    ),
    "a leak": (
        "no-solution", "students can read a solution",
        replaced("closing", 'print("Done.")', "direction = -np.asarray(gradient, dtype=float)"), ""
    ),
}  # fmt: skip


@pytest.mark.parametrize("why", CLOSED)
def test_the_gate_says_why_it_stays_shut(course: Release, tmp_path: Path, why: str) -> None:
    rule, words, notebook, attempts = CLOSED[why]
    write_assignment(tmp_path / "assignments", notebook, attempts + "\n" + ATTEMPTS)
    with pytest.raises(GateClosed, match="the gate stays shut") as closed:
        course()
    rules = {problem.rule for problem in closed.value.problems[NAME]}
    # A wrong solution or a case that checks nothing also lets attempts and empty answers go astray.
    assert rule in rules and rules <= {rule, "wrong-attempts-fail", "empty-answers-fail"}, str(closed.value)
    assert words in str(closed.value)
    assert {problem.question for problem in closed.value.problems[NAME]} == {"q1"}
    assert everything(tmp_path) == {}


def without_asserts() -> Notebook:
    notebook = good_master()
    for cell in notebook["cells"]:
        cell["source"] = cell["source"].replace("np.testing.assert_allclose", "print").replace("assert ", "")
    assert "assert" not in json.dumps(notebook)
    return notebook


def with_wide_tolerances() -> Notebook:
    text = json.dumps(good_master())
    return json.loads(
        text.replace("rtol=1e-12", "rtol=10").replace("atol=1e-12", "atol=10").replace("1e-14", "10")
    )


VACUOUS = {
    "no hidden tests": (
        "public-and-hidden",
        replaced("q1-begin", "points: 4", "points: 1", removed("q1-test-random", "q1-test-pure")),
    ),
    "no asserts": ("can-fail", without_asserts()),
    "wide tolerances": ("wrong-attempts-fail", with_wide_tolerances()),
}


@pytest.mark.parametrize("how", VACUOUS)
def test_the_gate_never_passes_vacuously(course: Release, tmp_path: Path, how: str) -> None:
    rule, notebook = VACUOUS[how]
    write_assignment(tmp_path / "assignments", notebook)
    with pytest.raises(GateClosed) as closed:
        course()
    assert rule in {problem.rule for problem in closed.value.problems[NAME]}, str(closed.value)


def test_an_incomplete_verdict_of_the_solution_closes_the_gate(course: Release, tmp_path: Path) -> None:
    def forgets_a_case(*arguments: object, **options: object) -> object:
        from dataclasses import replace as changed

        verdicts = stand_in.grade(*arguments, **options)  # type: ignore[arg-type]
        if "the untouched release" not in verdicts:  # the mutants
            return verdicts
        verdict = verdicts["the untouched release"]
        question = verdict.questions[0]
        verdicts["the untouched release"] = changed(
            verdict, questions=(changed(question, cases=question.cases[:2]),)
        )
        verdicts["the solution"] = changed(
            verdicts["the solution"], status="partial", message="it took too long"
        )
        return verdicts

    write_assignment(tmp_path / "assignments", good_master())
    with pytest.raises(GateClosed) as closed:
        course(grade=forgets_a_case)
    text = str(closed.value)
    assert "3 cases are declared, but 2 were examined" in text and "partial): it took too long" in text


@pytest.mark.parametrize("how", ["lost", "error"])
def test_an_attempt_without_a_verdict_closes_the_gate(course: Release, tmp_path: Path, how: str) -> None:
    def loses_one(*arguments: object, **options: object) -> object:
        verdicts = stand_in.grade(*arguments, **options)  # type: ignore[arg-type]
        for name in [name for name in verdicts if "steps uphill" in name]:
            verdicts |= {name: Verdict("error", 0, 0, message="the worker is gone")}
            if how == "lost":
                del verdicts[name]
        return verdicts

    write_assignment(tmp_path / "assignments", good_master())
    with pytest.raises(GateClosed) as closed:
        course(grade=loses_one)
    (problem,) = closed.value.problems[NAME]
    assert problem.rule == "attempts-graded" and problem.place == "attempts/q1.py:10"
    assert problem.reason.endswith("no verdict on it." if how == "lost" else "the worker is gone")


def test_later_stages_are_not_reached_by_what_cannot_run(course: Release, tmp_path: Path) -> None:
    notebook = replaced("q1-test-downhill", '"The step goes uphill or too far."', "'a \"quoted\" word'")
    write_assignment(tmp_path / "assignments", notebook)
    with pytest.raises(GateClosed) as closed:
        course(grade=never)
    assert [problem.rule for problem in closed.value.problems[NAME]] == ["messages"]


def test_one_bad_assignment_does_not_hold_back_the_others(course: Release, tmp_path: Path) -> None:
    root = tmp_path / "assignments"
    write_assignment(root, good_master())
    other = root / "hw98_other"
    other.mkdir()
    (other / "hw98_other.ipynb").write_text(json.dumps(good_master()))
    with pytest.raises(GateClosed, match="hw98_other: the gate stays shut"):
        course()
    assert (tmp_path / "student_release" / NAME).is_dir() and not (
        tmp_path / "student_release" / "hw98_other"
    ).exists()


@pytest.mark.parametrize(
    ("how", "rule"), [("points", "points"), ("no ids", "cell-ids"), ("one id", "cell-ids"), ("date", "yaml")]
)
def test_what_cannot_be_graded_is_a_problem_and_no_crash(
    course: Release, tmp_path: Path, how: str, rule: str
) -> None:
    notebook = {
        "points": replaced("q1-begin", "points: 4", ""),
        "no ids": good_master() | {"nbformat_minor": 4},
        "one id": replaced("q1-answer", "", ""),
        "date": replaced("q1-begin", "points: 4", "points: 4\ndue: 2026-02-30"),
    }[how]
    for cell in notebook["cells"] if how == "no ids" else ():
        del cell["id"]
    if how == "one id":
        find(notebook, "q1-answer")["id"] = "q1-text"
    first = tmp_path / "assignments" / "hw01_first"
    first.mkdir(parents=True)
    (first / "hw01_first.ipynb").write_text(json.dumps(notebook).replace(NAME, first.name))
    (first / "attempts").mkdir()
    (first / "attempts" / "q1.py").write_text(ATTEMPTS)
    write_assignment(tmp_path / "assignments", good_master())
    with pytest.raises(GateClosed) as closed:
        course(mutate=False)
    assert list(closed.value.problems) == ["hw01_first"]
    assert {problem.rule for problem in closed.value.problems["hw01_first"]} == {rule}
    assert (tmp_path / "student_release" / NAME).is_dir()


@pytest.mark.parametrize("dist", ["student_release", "student_release/dist"])
def test_graders_files_never_lie_among_students(tmp_path: Path, lock: Path, dist: str) -> None:
    write_assignment(tmp_path / "assignments", good_master())
    with pytest.raises(BadInput, match="hidden tests and solutions would be among"):
        release(
            [],
            student_dir=tmp_path / "student_release",
            dist=tmp_path / dist,
            jobs=1,
            force=False,
            root=tmp_path / "assignments",
            lock=lock,
            grade=never,  # type: ignore[arg-type]
        )


def stopping(monkeypatch: pytest.MonkeyPatch, number: int, stop: Callable[[], None]) -> None:
    """Let `stop` come in place of the renaming with this number."""
    rename, calls = Path.rename, count(1)

    def renamed(path: Path, target: Path) -> Path:
        if next(calls) == number:
            stop()
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", renamed)


def disk_full() -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("number", [1, 2])
def test_a_first_publication_that_fails_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    stopping(monkeypatch, number, disk_full)
    with pytest.raises(BadInput, match="No space left"):
        replace_folders({tmp_path / "student/a": {"f": b"1"}, tmp_path / "dist/a": {"f": b"1"}})
    assert [path for path in tmp_path.rglob("*") if path.name not in ("student", "dist")] == []


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_publication_that_fails_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    folders = (tmp_path / "student" / "a", tmp_path / "dist" / "a")
    replace_folders({folder: {"old": b"1"} for folder in folders})
    before = sorted(tmp_path.rglob("*"))
    stopping(monkeypatch, number, disk_full)
    with pytest.raises(BadInput, match="No space left"):
        replace_folders({folder: {"new": b"2"} for folder in folders})
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_after_a_kill_nothing_is_lost_and_nothing_lies_about(tmp_path: Path, number: int) -> None:
    folders = (tmp_path / "student" / "a", tmp_path / "dist" / "a")
    replace_folders({folder: {"f": b"1"} for folder in folders})
    child = os.fork()
    if child == 0:
        with pytest.MonkeyPatch.context() as patch:
            stopping(patch, number, lambda: os._exit(9))
            replace_folders({folder: {"f": b"2"} for folder in folders})
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    for folder in folders:
        restore(folder)
        assert [path.name for path in folder.parent.iterdir()] == ["a"]
        assert (folder / "f").read_bytes() == (b"2" if folder == folders[0] and number > 2 else b"1")


@pytest.mark.parametrize(
    ("names", "words"), [(("hw77",), r"hw77: no such assignment .* There are: hw99_demo")]
)
def test_bad_names_are_one_clear_line(
    course: Release, tmp_path: Path, names: tuple[str, ...], words: str
) -> None:
    write_assignment(tmp_path / "assignments", good_master())
    with pytest.raises(BadInput, match=words):
        course(*names)


def test_no_assignments_and_no_notebook_are_one_clear_line(course: Release, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no assignments here"):
        course()
    folder = write_assignment(tmp_path / "assignments", good_master())
    (folder / f"{NAME}.ipynb").write_text("{}")
    with pytest.raises(AutograderError, match=r"hw99_demo\.ipynb: not a Jupyter notebook"):
        course()


def test_an_attempt_that_is_not_text_is_one_clear_line(course: Release, tmp_path: Path) -> None:
    folder = write_assignment(tmp_path / "assignments", good_master())
    (folder / "attempts" / "q1.py").write_bytes(b"\xff\xfe")
    with pytest.raises(BadInput, match=r"q1\.py: .* Attempts are UTF-8 text files\."):
        course()


def test_a_case_that_catches_nothing_is_a_warning(
    course: Release, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body = "def test_q1_size(step):\n    assert len(step([1.0, 2.0], [1.0, 0.5], 1.0)) == 2"
    idle = test_cell("q1-test-size", body, points=1, hidden=True, message="The size is wrong.")
    notebook = replaced("q1-begin", "points: 4", "points: 5", inserted("q1-test-pure", idle))
    write_assignment(tmp_path / "assignments", notebook)
    course()
    assert "1 warning" in capsys.readouterr().err
    page = (tmp_path / "dist" / NAME / "gate.html").read_text()
    assert (
        "cases-catch-something: question q1, cell 13 (q1-test-size): test_q1_size catches no wrong attempt."
        in page
    )


def test_a_change_of_the_grader_or_the_reference_is_a_change_of_the_inputs() -> None:
    names = {name for name, _ in PACKAGE_FILES()}
    assert {"autograder/release/gate.py", "autograder/release/compile.py"} <= names
    assert any(name.startswith("reference/") for name in names)


def test_where_a_file_lies_is_an_input_and_a_hidden_file_is_none(tmp_path: Path, lock: Path) -> None:
    folder = write_assignment(tmp_path, replaced("config", "[plotted.py]", "[plotted.py, data]"))
    for data in (folder / "data", tmp_path / "data"):  # of the assignment, then shared
        (data / "train").mkdir(parents=True)
        (data / "x.csv").write_text("1")
        before = inputs.fingerprint(folder, lock=lock)
        (data / ".DS_Store").write_text("mac")
        assert inputs.fingerprint(folder, lock=lock) == before
        (data / "x.csv").rename(data / "train" / "x.csv")
        assert inputs.fingerprint(folder, lock=lock) != before
        shutil.rmtree(data)


def test_the_class_report_learns_how_wrong_attempts_fail_and_what_was_released(
    course: Release, tmp_path: Path
) -> None:
    write_assignment(tmp_path / "assignments", good_master())
    course()
    material = Bundle.load(tmp_path / "dist" / NAME / "autograder.zip").material
    notebook = json.loads((tmp_path / "student_release" / NAME / f"{NAME}.ipynb").read_text())
    code = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert material["released"] == code
    attempts = read_attempts(material)
    titles = [attempt.title for attempt in attempts]
    assert titles[-1] == "" and len(set(titles)) == len(titles) > 3  # the last: as released
    assert all(attempt.failure and attempt.question == "q1" for attempt in attempts)
    assert not any("0x7" in message for attempt in attempts for _, message in attempt.failure)
