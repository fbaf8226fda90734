"""Each rule on what students get: a release that breaks exactly it, and what the gate says."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from autograder.release import rules_bundle, rules_student
from autograder.release.compile import Build, pack
from autograder.release.master import Master, parse
from autograder.release.problem import Problem
from tests.autograder.release.building import NAME, cell, changed_answer, find, replaced

NOTEBOOK = f"{NAME}.ipynb"
Edit = Callable[[dict[str, bytes]], None]


def on_notebook(change: Callable[[dict[str, Any]], Any]) -> Edit:
    def edit(files: dict[str, bytes]) -> None:
        notebook = json.loads(files[NOTEBOOK])
        change(notebook)
        files[NOTEBOOK] = json.dumps(notebook).encode()

    return edit


def added(source: str, kind: str = "code") -> Edit:
    return on_notebook(lambda notebook: notebook["cells"].append(cell(kind, "more", source)))


def updated(cell_id: str, **fields: Any) -> Edit:
    return on_notebook(lambda notebook: find(notebook, cell_id).update(fields))


def in_file(name: str, old: str, new: str) -> Edit:
    def edit(files: dict[str, bytes]) -> None:
        assert old.encode() in files[name]
        files[name] = files[name].replace(old.encode(), new.encode())

    return edit


PICTURE = base64.b64encode(b"\x89PNG Author: direction = -np.asarray(gradient, dtype=float)").decode()
STEP = "np.asarray(x, dtype=float) + rate * direction"
LEAKS = {
    # rule, question, the cell of the master, where students see it, edit
    "a statement in a later cell": (
        "no-solution", "q1", "q1-answer", "(more)", added("direction=-np.asarray(gradient,dtype = float)")
    ),
    "a line in a text": ("no-solution", "q1", "q1-answer", "(more)", added(f"Hint: `return {STEP}`", "markdown")),
    "a line in a comment": ("no-solution", "q1", "q1-answer", "(imports)", updated("imports", source=f"# {STEP}")),
    "an output": (
        "no-solution", "q1", "q1-answer", "(closing)",
        updated("closing", outputs=[{"output_type": "stream", "name": "stdout", "text": [f"return {STEP}\n"]}]),
    ),
    "cell metadata": ("no-solution", "q1", "q1-answer", "(closing)", updated("closing", metadata={"note": STEP})),
    "notebook metadata": (
        "no-solution", "q1", "q1-answer", "notebook metadata",
        on_notebook(lambda notebook: notebook["metadata"].update(otter={"x": STEP})),
    ),
    "a picture's own text": (
        "no-solution", "q1", "q1-answer", "(title)", updated("title", attachments={"a.png": {"image/png": PICTURE}})
    ),
    "another file": ("no-solution", "q1", "q1-answer", "plotted.py", in_file("plotted.py", "Reads", f"{STEP} ")),
    "a model answer": (
        "no-solution", "q2", "q2-answer", "(more)",
        added("The factor 1 - rate * L is then\nlarger than one in absolute value.", "markdown"),
    ),
    "the name of a hidden test": (
        "no-hidden-test", "q1", "q1-test-random", "tests/q1.py", in_file("tests/q1.py", "import numpy", "test_q1_random()\n    import numpy")
    ),
    "a hidden message": (
        "no-hidden-test", "q1", "q1-test-pure", "(more)", added("The arguments must not change.", "markdown")
    ),
    "a hidden assertion": (
        "no-hidden-test", "q1", "q1-test-random", "(more)",
        added("np.testing.assert_allclose(step(x, gradient, 0.3), x - 0.3*gradient, rtol=1e-12, atol=1e-14)"),
    ),
    "a marker": ("no-marker", "", "(more)", "BEGIN SOLUTION", added("# BEGIN SOLUTION\n1 + 1")),
    "a marker in a file": ("no-marker", "", "tests/q1.py", "hidden=True", in_file("tests/q1.py", "=False, \n", "=True, \n")),
    "otter's tag": (
        "no-marker", "", "(title)", "otter_assign", updated("title", metadata={"tags": ["otter_assign_solution_cell"]})
    ),
    "one file more": ("student-files", "", "notes.txt", "nobody", lambda files: files.update({"notes.txt": b"hello"})),
    "one file less": ("student-files", "", "tests/q1.py", "lacks", lambda files: files.pop("tests/q1.py")),
    "a key in the metadata": ("student-metadata", "", "(title)", "author", updated("title", metadata={"author": "me"})),
    "a count": ("student-metadata", "", "(imports)", "output", updated("imports", execution_count=3)),
    "a cell between answer and check": (
        "check-after-answer", "q1", "q1-answer", "does not follow",
        on_notebook(lambda notebook: notebook["cells"].insert(5, cell("code", "between", "pass"))),
    ),
    "an answer cell that is not Python": (
        "check-after-answer", "q1", "q1-answer", "not Python", updated("q1-answer", source="def step(:")
    ),
}  # fmt: skip


def found_in(good: tuple[Master, Build], edit: Edit) -> list[Problem]:
    master, build = good
    files = dict(build.student)
    edit(files)
    return list(rules_student.rules.check_all(master, replace(build, student=files)))


def test_the_good_release_has_no_problems(good: tuple[Master, Build]) -> None:
    assert found_in(good, lambda files: None) == []


@pytest.mark.parametrize("leak", LEAKS)
def test_the_gate_names_what_students_can_see(good: tuple[Master, Build], leak: str) -> None:
    rule, question, place, words, edit = LEAKS[leak]
    found = found_in(good, edit)
    assert rule in {p.rule for p in found}, [str(p) for p in found]
    # An output or a tag breaks the rules about metadata and markers as well; nothing else may be reported.
    assert {p.rule for p in found} <= {rule, "student-metadata"}, [str(p) for p in found]
    text = [(p.question, p.place, p.reason) for p in found if p.rule == rule]
    assert any(question == q and place in p and words in r for q, p, r in text), text


COMMON = {
    "a library call alone": ("    return np.linalg.eigvalsh(x)", "np.linalg.eigvalsh(x)"),
    "a context": (
        "    with np.errstate(divide='ignore', over='ignore'):\n        return np.log(x) - rate * np.exp(gradient)",
        "with np.errstate(divide='ignore', over='ignore'):\n    print(1)",
    ),
    "a loop's head": (
        "    for name, value in gradient.items():\n        x = x - rate * value\n    return x",
        "for name, value in gradient.items():\n    print(name)",
    ),
}


@pytest.mark.parametrize("what", COMMON)
def test_what_everybody_writes_is_no_leak(good: tuple[Master, Build], what: str) -> None:
    answer, shown = COMMON[what]
    master = parse(json.dumps(changed_answer(answer)).encode(), NAME)
    files = dict(good[1].student)
    added(shown)(files)
    assert list(rules_student.rules.check_all(master, replace(good[1], student=files))) == []


MESSAGES = {
    "a line of the solution": (
        replaced("q1-test-random", "Wrong on a random point.", f"Return {STEP}."),
        STEP,
    ),
    "the wanted value": (
        replaced(
            "q1-test-random",
            "Wrong on a random point.",
            "It should be 0.7351.",
            replaced("q1-test-random", "gradient, 0.3), x -", "gradient, 0.7351), x -"),
        ),
        "0.7351",
    ),
}


@pytest.mark.parametrize("how", MESSAGES)
def test_a_hidden_message_that_tells_the_answer_is_named(good: tuple[Master, Build], how: str) -> None:
    notebook, words = MESSAGES[how]
    master = parse(json.dumps(notebook).encode(), NAME)
    found = list(rules_student.rules.check_all(master, good[1]))
    assert {(p.rule, p.question) for p in found} == {("hidden-messages", "q1")}, [str(p) for p in found]
    assert all("q1-test-random" in p.place for p in found) and any(words in p.reason for p in found)


def with_bundle(build: Build, old: str, new: str) -> Build:
    files = build.bundle_files
    assert old.encode() in files["tests/q1.py"]
    files["tests/q1.py"] = files["tests/q1.py"].replace(old.encode(), new.encode())
    return replace(build, bundle=pack(files))


BUNDLES = {
    "a quote in a message": ("tests-load", "tests/q1.py", "SyntaxError", '"Wrong on', '"Wrong "on'),
    "a lost case": (
        "as-declared",
        "q1-begin",
        "declares 3 cases",
        "test_q1_keeps_its_argument",
        "test_q1_random",
    ),
    "a published case": (
        "as-declared",
        "q1-test-random",
        "`hidden`",
        "points=2, hidden=True",
        "points=2, hidden=False",
    ),
    "other points": ("as-declared", "q1-test-random", "`points` is 2", "points=2", "points=1"),
    "a mangled message": ("as-declared", "q1-test-random", "failure_message", "Wrong on", "Wrong\\non"),
    "another case": ("as-declared", "q1-test-random", "`name`", "def test_q1_random", "def test_q1_other"),
}


@pytest.mark.parametrize("change", BUNDLES)
def test_the_gate_compares_the_bundle_with_the_master(good: tuple[Master, Build], change: str) -> None:
    rule, place, words, old, new = BUNDLES[change]
    master, build = good
    found = list(rules_bundle.rules.check_all(master, with_bundle(build, old, new)))
    assert [p.rule for p in found] == [rule], [str(p) for p in found]
    assert found[0].question == "q1" and place in found[0].place and words in found[0].reason


def test_the_good_bundle_has_no_problems(good: tuple[Master, Build]) -> None:
    assert list(rules_bundle.rules.check_all(*good)) == []


def test_two_builds_that_differ_are_named(good: tuple[Master, Build]) -> None:
    build = good[1]
    other = replace(build, student={**build.student, "plotted.py": b"other"}, solution=b"{}")
    found = list(rules_bundle.same_bytes(build, other))
    assert [p.place for p in found] == ["plotted.py", "solution"] and {p.rule for p in found} == {
        "same-bytes"
    }
