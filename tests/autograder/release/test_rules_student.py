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
from tests.autograder.release.building import (
    NAME,
    Notebook,
    cell,
    changed_answer,
    find,
    good_master,
    replaced,
)

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
    "a hidden assertion in a formatter's layout": (
        "no-hidden-test", "q1", "q1-test-random", "(more)",
        added("np.testing.assert_allclose(\n    step(x, gradient, 0.3),\n    x - 0.3 * gradient,\n    rtol=1e-12,\n    atol=1e-14,\n"
              '    err_msg="a random point",\n)'),
    ),
    "a hidden assertion in a text": (
        "no-hidden-test", "q1", "q1-test-pure", "(more)", added("Check\n`assert np.shape(step(x, np.ones(3), 0.1)) == (3,)`.", "markdown")
    ),
    "a marker": ("no-marker", "", "(more)", "BEGIN SOLUTION", added("# BEGIN SOLUTION\n1 + 1")),
    "a marker in a file": ("no-marker", "", "tests/q1.py", "hidden=True", in_file("tests/q1.py", "=False, \n", "=True, \n")),
    "a marker without a prompt": (
        "no-marker", "", "plotted.py", "SOLUTION NO PROMPT", in_file("plotted.py", "\n", "\nx = 1  # SOLUTION NO PROMPT\n")
    ),
    "a seed": ("no-marker", "", "plotted.py", "# SEED", in_file("plotted.py", "\n", "\nx = 1  # SEED\n")),
    "a cell to be ignored": ("no-marker", "", "plotted.py", "# IGNORE", in_file("plotted.py", "\n", "\n# IGNORE\n")),
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


def found_with(good: tuple[Master, Build], notebook: Notebook, *edits: Edit) -> list[Problem]:
    """What is found in the good release, edited, for the sake of another master."""
    files = dict(good[1].student)
    for edit in edits:
        edit(files)
    master = parse(json.dumps(notebook).encode(), NAME)
    return list(rules_student.rules.check_all(master, replace(good[1], student=files)))


SAME_ANSWERS = {
    "other names": (
        "    direction = -np.asarray(gradient, dtype=float)\n    return np.asarray(x, dtype=float) + rate * direction",
        added("def move(point, slope, lr):\n    way = -np.asarray(slope, dtype=float)\n    return np.asarray(point, dtype=float) + lr * way"),
    ),
    "other names in one line": (
        "    return x - rate * np.asarray(gradient, dtype=float) / np.sqrt(2)",
        added("new = old - lr * np.asarray(slope, dtype=float) / np.sqrt(2)"),
    ),
    "one long call": (
        "    return torch.autograd.functional.hessian(gradient, x)",
        added("H = torch.autograd.functional.hessian(gradient, x)"),
    ),
    "a table in a text": ("    return np.array([0.1, 0.25, 0.65])", added("It is $[0.1, 0.25,\n0.65]$.", "markdown")),
    "a table in code": ('    return {"a": (3, 2), "b": "error"}', added("shapes = {'a': (3, 2),\n  'b': 'error',\n}")),
    "a string in parts": (r"    return 'eigen' 'values\tare real'", added(r'hint = "eigenvalues\tare " "real"')),
    "a number with commas": ("    return 1234567.5", added("About 1,234,567.5 steps.", "markdown")),
    "a number with underscores": ("    return 1234567.5", added("About 1_234_567.5 steps.", "markdown")),
    "a number as LaTeX": ("    return 1234567.5", added("About $1{,}234{,}567.5$ steps.", "markdown")),
}  # fmt: skip


@pytest.mark.parametrize("how", SAME_ANSWERS)
def test_the_same_answer_in_other_clothes_is_found(good: tuple[Master, Build], how: str) -> None:
    answer, edit = SAME_ANSWERS[how]
    assert found_with(good, changed_answer(answer)) == []
    found = found_with(good, changed_answer(answer), edit)
    assert {(p.rule, p.question) for p in found} == {("no-solution", "q1")}
    assert all("(more)" in p.reason for p in found)


def test_a_number_is_excused_only_by_the_same_number(good: tuple[Master, Build]) -> None:
    shown = added("Is it 2.718?", "markdown")
    for text, problems in (("about 12.7183", 1), ("about 2.718", 0)):
        notebook = replaced("q1-text", "Write", f"With {text}, write", changed_answer("    return 2.718"))
        assert len(found_with(good, notebook, shown)) == problems


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
    "how a picture looks": (
        "    x.plot(rate, gradient, color='tab:blue')\n    x.legend(loc='upper left')\n    return x",
        'ax.plot(t, t, color="tab:blue")\nax.legend(loc="upper left")',
    ),
    "a picture's size": (
        "    _, x = plt.subplots(figsize=(4.2, 4.2))\n    return x", "_, ax = plt.subplots(figsize=(4.2, 4.2))"
    ),
    "a conversion": (
        "    probabilities = np.asarray(probabilities, dtype=float)\n    return x",
        "probabilities = np.asarray(probabilities, dtype=float)",
    ),
    "labels": (
        "    x.set(xlabel='step', ylabel='loss', title='SGD')\n    return x",
        "ax.set(xlabel='step', ylabel='loss', title='SGD')\nx.set(xlabel='step', ylabel='loss', title='SGD')",
    ),
    "a short formula": ("    return x @ gradient + rate", "y = A @ z + b"),
    "the prompt": ("    return x", 'prompt = """ # BEGIN PROMPT\n    raise NotImplementedError("Complete question 1.")\n    """'),
}  # fmt: skip


@pytest.mark.parametrize("what", COMMON)
def test_what_everybody_writes_is_no_leak(good: tuple[Master, Build], what: str) -> None:
    answer, shown = COMMON[what]
    assert [p for p in found_with(good, changed_answer(answer), added(shown)) if p.rule != "no-marker"] == []


HARMLESS = {
    "a hidden name in a longer public one": (
        replaced("q1-test-downhill", "test_q1_downhill", "test_q1_random_small"),
        in_file("tests/q1.py", "test_q1_downhill", "test_q1_random_small"),
    ),
    "a hidden message inside a word": (
        replaced("q1-test-random", "Wrong on a random point.", "Wrong"), added("Wrongly computed?", "markdown")
    ),
    "a message of a public case": (
        replaced("q1-test-random", "Wrong on a random point.", "The step goes uphill or too far."), lambda files: None
    ),
    "a heading": (good_master(), added("## Solution\n\nWhy so?", "markdown")),
    "a hidden layer": (good_master(), added("net = layer(hidden=True)")),
}  # fmt: skip


@pytest.mark.parametrize("what", HARMLESS)
def test_what_only_looks_like_a_leak_is_none(good: tuple[Master, Build], what: str) -> None:
    assert found_with(good, *HARMLESS[what]) == []


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
