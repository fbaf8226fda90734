"""Each rule on a master's structure and tests: a master that breaks exactly it, and what the gate says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from autograder.release.attempts import parse_attempts
from autograder.release.gate import read_problems
from autograder.release.master import parse
from autograder.release.problem import Problem
from tests.autograder.release.building import (
    ATTEMPTS,
    NAME,
    Notebook,
    cell,
    find,
    good_cells,
    good_master,
    inserted,
    raw,
    removed,
    replaced,
    test_cell,
)


def problems_of(notebook: Notebook, attempts: str = ATTEMPTS) -> list[Problem]:
    master = parse(json.dumps(notebook).encode(), NAME)
    return read_problems(master, tuple(parse_attempts(attempts, "q1")))


def changed(cell_id: str, /, **fields: Any) -> Notebook:
    notebook = good_master()
    find(notebook, cell_id).update(fields)
    return notebook


def second_question(name: str, test_prefix: str = "test_q3") -> list[dict[str, Any]]:
    cells = [c for c in good_cells() if c["id"].startswith("q1-")]
    for c in cells:
        c["id"] = c["id"].replace("q1-", f"{name}-other-")
        c["source"] = c["source"].replace("name: q1", f"name: {name}").replace("test_q1", test_prefix)
        c["source"] = c["source"].replace("step", "other_step")
    return cells


def with_metadata(key: str, value: Any = "draft") -> Notebook:
    notebook = good_master()
    notebook["metadata"][key] = value
    return notebook


def without_ids() -> Notebook:
    notebook = good_master()
    for each in notebook["cells"]:
        del each["id"]
    return notebook | {"nbformat_minor": 4}


def with_message(message: str) -> Notebook:
    return replaced("q1-test-downhill", '"The step goes uphill or too far."', message)


OS = replaced("imports", "import numpy", "import os\nimport numpy")
ONE_ASSERT = replaced(
    "q1-test-pure", "assert np.shape(step(x, np.ones(3), 0.1)) == (3,)", "step(x, np.ones(3), 0.1)"
)


DOWNHILL = "q1-test-downhill"
BROKEN = {
    # rule, question, cell, what the message says, master
    "no end of a question": ("blocks", "q2", "q2-begin", "no # END QUESTION", removed("q2-end")),
    "tests outside a question": ("blocks", "", "late", "outside", inserted("q2-end", raw("late", "# BEGIN TESTS"))),
    "end without begin": ("blocks", "q1", "q1-solution-end", "without its begin", removed("q1-solution-begin")),
    "text among tests": (
        "blocks", "q1", "talk", "only code cells", inserted("q1-tests-begin", cell("markdown", "talk", "Tests."))
    ),
    "a fence": (
        "blocks", "", "fenced", "raw cells",
        inserted("q2-end", cell("markdown", "fenced", "```otter\n# BEGIN QUESTION\nname: q9\n```")),
    ),
    "a key twice": ("yaml", "", "q1-begin", "given twice", replaced("q1-begin", "points: 4", "points: 4\npoints: 5")),
    "bad YAML": ("yaml", "", "q2-begin", "not valid YAML", replaced("q2-begin", "points: 5", "points: [5")),
    "a date that no calendar has": (
        "yaml", "", "q2-begin", "out of range", replaced("q2-begin", "points: 5", "points: 5\ndue: 2026-02-30")
    ),
    "files as a word": ("files", "", "config", "not a list", replaced("config", "[plotted.py]", "plotted.py")),
    "files as a number": ("files", "", "config", "5, not a list", replaced("config", "[plotted.py]", "5")),
    "files as a truth": ("files", "", "config", "True, not a list", replaced("config", "[plotted.py]", "true")),
    "a misspelt block": ("raw-cells", "", "lost", "BEGIN QUESTON", inserted("title", raw("lost", "# BEGIN QUESTON"))),
    "a cell that otter ignores": (
        "dropped-cells", "", "closing", "drops this cell", changed("closing", source="# Ignore small rates\nprint(1)")
    ),
    "another name": ("assignment-config", "", "config", "hw98", replaced("config", NAME, "hw98")),
    "doctest-like tests": (
        "assignment-config", "", "config", "never call", replaced("config", "ok_format: false", "ok_format: true")
    ),
    "tests in metadata": (
        "assignment-config", "", "config", "files", replaced("config", "files: true", "files: false")
    ),
    "misspelt key of a question": (
        "known-keys", "q2", "q2-begin", "`points`", replaced("q2-begin", "points: 5", "points: 5\npionts: 5")
    ),
    "misspelt key of the assignment": (
        "known-keys", "", "config", "export_cell.pfd", replaced("config", "pdf: false", "pfd: false")
    ),
    "documented but unknown key": (
        "known-keys", "", "config", "score_threshold", replaced("config", "show_q", "generate: {threshold: 1}\nshow_q")
    ),
    "misspelt key of a test": (
        "known-keys", "q1", DOWNHILL, "hidden", replaced(DOWNHILL, "points: 1", "points: 1\nhiden: true")
    ),
    "a name twice": (
        "unique-questions", "q1", "q1-other-begin", "taken by",
        inserted("q1-end", *second_question("q1")),
    ),
    "a name that is no file name": (
        "unique-questions", "q/2", "q2-begin", "letters", replaced("q2-begin", "q2", "q/2")
    ),
    "two tests of one name": (
        "unique-test-names", "q1", "q1-test-random", "test_q1_downhill",
        replaced("q1-test-random", "test_q1_random", "test_q1_downhill"),
    ),
    "an id twice": ("cell-ids", "", "title", "already that of", changed("closing", id="title")),
    "a random id": ("cell-ids", "", "1a2b3c4d", "not readable", changed("closing", id="1a2b3c4d")),
    "no ids": ("cell-ids", "", "cell 1", "21 of 21 cells have no id", without_ids()),
    "two answer cells": (
        "question-order", "q1", "q1-begin", "2 cells", inserted("q1-answer", cell("code", "more", "pass"))
    ),
    "no text": ("question-order", "q1", "q1-begin", "solution, tests", removed("q1-text")),
    "nothing to solve": (
        "question-order", "q1", "q1-answer", "marked as solution",
        changed("q1-answer", source="def step(x, gradient, rate):\n    return x"),
    ),
    "tests by hand": (
        "written-questions", "q2", "extra-test", "has tests",
        inserted(
            "q2-solution-end", raw("b", "# BEGIN TESTS"),
            test_cell("extra-test", "def test_q2():\n    assert 1 > 0", points=1, hidden=True, message="m"),
            raw("e", "# END TESTS"),
        ),
    ),
    "no points by hand": ("written-questions", "q2", "q2-begin", "`points`", replaced("q2-begin", "points: 5", "")),
    "no model answer": ("written-questions", "q2", "q2-begin", "model answer", removed("q2-answer")),
    "a marker outside": (
        "markers", "", "closing", "outside a SOLUTION block",
        changed("closing", source="answer = step(1.0, 2.0, 3.0)  # SOLUTION"),
    ),
    "a marker in small letters": (
        "markers", "q1", "q1-answer", "not a marker", replaced("q1-answer", "rate * direction", "direction  # solution")
    ),
    "a marker on part of a statement": (
        "markers", "q1", "q1-answer", "removes one line",
        replaced("q1-answer", "    # BEGIN SOLUTION\n", "    scale = (rate *  # SOLUTION\n        2)\n    # BEGIN SOLUTION\n"),
    ),
    "a solution without end": (
        "markers", "q1", "q1-answer", "in pairs", replaced("q1-answer", "    # END SOLUTION\n", "")
    ),
    "an output": (
        "clean-master", "", "closing", "clear the outputs",
        changed("closing", outputs=[{"output_type": "stream", "name": "stdout", "text": "Done."}]),
    ),
    "cell metadata": ("clean-master", "", "closing", "tags", changed("closing", metadata={"tags": ["secret"]})),
    "no kernel": ("clean-master", "", "", "names no kernel", with_metadata("kernelspec", None)),
    "a stranger in the kernel's details": ("clean-master", "", "", "notes", with_metadata("language_info", {"notes": 1})),
    "a language that is a word": ("clean-master", "", "", "language_info", with_metadata("language_info")),
    "notebook metadata": ("clean-master", "", "", "author_notes", with_metadata("author_notes")),
    "not Python": ("code-cells", "", "closing", "not Python", changed("closing", source="print('a'")),
    "not Python as released": (
        "code-cells", "q1", "q1-answer", "as students get it",
        changed("q1-answer", source="def step(x):\n    # BEGIN SOLUTION NO PROMPT\n    return x\n    # END SOLUTION"),
    ),
    "a public case last": (
        "test-order", "q1", DOWNHILL, "after a hidden",
        inserted("q1-test-pure", find(good_master(), DOWNHILL), notebook=removed(DOWNHILL)),
    ),
    "a test cell with more than a test": (
        "test-cells", "q1", "q1-test-pure", "one function",
        replaced("q1-test-pure", "def test_q1_keeps", "import numpy as np\ndef test_q1_keeps"),
    ),
    "a function that is no test": (
        "test-cells", "q1", "q1-test-pure", "not test_", replaced("q1-test-pure", "def test_q1", "def check_q1")
    ),
    "hidden by a comment": (
        "hidden-flag", "q1", "q1-test-pure", "does not hide",
        replaced("q1-test-pure", "    x = np.array", "    # HIDEN\n    x = np.array"),
    ),
    "hidden as a word": (
        "hidden-flag", "q1", "q1-test-pure", "true or false", replaced("q1-test-pure", "hidden: true", "hidden: 'yes'")
    ),
    "one hidden case": (
        "public-and-hidden", "q1", "q1-begin", "1 hidden",
        replaced("q1-begin", "points: 4", "points: 3", removed("q1-test-pure")),
    ),
    "points that do not add up": ("points", "q1", "q1-begin", "add up to 4", replaced("q1-begin", "4", "5")),
    "a case without points": ("points", "q1", DOWNHILL, "None", replaced(DOWNHILL, "points: 1\n", "")),
    "nothing to earn": ("points", "q1", DOWNHILL, "positive", replaced(DOWNHILL, "points: 1", "points: 0")),
    "points as a list": ("points", "q1", "q1-begin", "[1, 2, 1]", replaced("q1-begin", "points: 4", "points: [1, 2, 1]")),
    "a quote in a message": ("messages", "q1", DOWNHILL, "'\"'", with_message("'The \"step\" goes uphill.'")),
    "a backslash in a message": ("messages", "q1", DOWNHILL, "\\", with_message(r"look at $\nabla f$")),
    "a line break in a message": ("messages", "q1", DOWNHILL, "'\\n'", with_message('"uphill\\nor too far"')),
    "a form feed in a message": ("messages", "q1", DOWNHILL, "'\\x0c'", with_message('"look at $\\frac12$"')),
    "no message": (
        "messages", "q1", DOWNHILL, "no failure_message",
        replaced(DOWNHILL, '"The step goes uphill or too far."', '""'),
    ),
    "an unknown argument": (
        "arguments", "q1", "q1-test-random", "no cell of the notebook",
        replaced("q1-test-random", "(step):", "(step, momentum):\n    assert momentum is not step"),
    ),
    "an unused argument": (
        "arguments", "q1", "q1-test-random", "never used", replaced("q1-test-random", "(step):", "(step, os):", OS)
    ),
    "a test of nothing": (
        "arguments", "q1", "q1-test-random", "never uses anything",
        replaced("q1-test-random", "step(x, gradient, 0.3)", "x - gradient * 0.3",
                 replaced("q1-test-random", "(step)", "()")),
    ),
    "another question's answer": (
        "arguments", "q1", "q1-test-random", "the answer to q3",
        replaced("q1-test-random", "(step):", "(step, other_step):\n    assert other_step",
                 inserted("q1-end", *second_question("q3"))),
    ),
    "the whole environment": (
        "arguments", "q1", "q1-test-random", "`env`",
        replaced("q1-test-random", "(step):", "(step, env):\n    assert env"),
    ),
    "a missing import": (
        "imports", "q1", "q1-test-random", "uses np", replaced("q1-test-random", "import numpy as np", "import math")
    ),
    "a public test with the reference": (
        "imports", "q1", DOWNHILL, "reference", replaced(DOWNHILL, "import numpy as np", "import numpy as np\n    import reference")
    ),
    "a tolerance by default": (
        "tolerances", "q1", "q1-test-random", "line 13: assert_allclose does not name atol",
        replaced("q1-test-random", ", atol=1e-14", ""),
    ),
    "no assertion": (
        "can-fail", "q1", "q1-test-pure", "asserts nothing",
        replaced("q1-test-pure", 'assert x.tolist() == [1.0, 2.0, 3.0], "the argument has changed"', "print(x)", ONE_ASSERT),
    ),
    "a constant assertion": (
        "can-fail", "q1", "q1-test-pure", "asserts nothing",
        replaced("q1-test-pure", "assert x.tolist() == [1.0, 2.0, 3.0]", "assert True", ONE_ASSERT),
    ),
    "no seed": ("seeded", "q1", "q1-test-random", "no seed", replaced("q1-test-random", "default_rng(7)", "default_rng()")),
    "the global generator": (
        "seeded", "q1", "q1-test-random", "np.random.normal", replaced("q1-test-random", "rng.normal(size=5), rng", "np.random.normal(size=5), rng")
    ),
}  # fmt: skip


COMMENTS = (
    "x = 1  # seed",
    "# tests\nx = 1",
    "x = 1  # the solution",
    "x = 1  # question",
    "# a prompt reply\nx = 1",
)


@pytest.mark.parametrize("source", COMMENTS)
def test_ordinary_comments_are_no_markers(source: str) -> None:
    assert problems_of(changed("closing", source=source)) == []


def test_a_heading_is_no_marker() -> None:
    assert problems_of(changed("title", source="# Solution\n\nRead on.")) == []


def test_the_good_master_has_no_problems() -> None:
    assert problems_of(good_master()) == []


def test_what_jupyter_says_of_its_kernel_is_no_problem() -> None:
    details = {
        "name": "python",
        "version": "3.12.1",
        "file_extension": ".py",
        "codemirror_mode": {"version": 3},
    }
    assert problems_of(with_metadata("language_info", details)) == []


@pytest.mark.parametrize("broken", BROKEN)
def test_the_gate_names_rule_question_and_cell(broken: str) -> None:
    rule, question, cell_id, words, notebook = BROKEN[broken]
    found = problems_of(notebook)
    attempts_missing = [p for p in found if p.rule == "attempts-enough" and p.question == "q3"]
    found = [p for p in found if p not in attempts_missing]
    assert {p.rule for p in found} == {rule}, [str(p) for p in found]
    assert any(p.question == question and cell_id in p.place and words in p.reason for p in found), [
        str(p) for p in found
    ]


PUBLISHED = {
    "a blank line first": lambda source: f"\n{source}",
    "a blank line before the comment": lambda source: f"\n# HIDDEN\n{source[source.index('def ') :]}",
    "a typo in the comment": lambda source: f"# HIDEN\n{source[source.index('def ') :]}",
    "a misspelt begin": lambda source: source.replace("BEGIN TEST CONFIG", "BEGIN TEST CONFG"),
}


@pytest.mark.parametrize("how", PUBLISHED)
def test_a_hidden_case_that_otter_would_publish_is_named(how: str) -> None:
    source = find(good_master(), "q1-test-random")["source"]
    found = problems_of(changed("q1-test-random", source=PUBLISHED[how](source)))
    assert any(p.rule == "test-cells" and "q1-test-random" in p.place and "public" in p.reason for p in found)


ATTEMPT_PROBLEMS = {
    "too few": ("attempts-enough", "q1.py", "2 wrong", ATTEMPTS[: ATTEMPTS.index("# %% wrong: changes")]),
    "a header of neither kind": ("attempts-named", "attempts/q1.py:1", "neat", "# %% neat: x\npass\n" + ATTEMPTS),
    "a right one that is not Python": ("attempts-named", "attempts/q1.py:1", "not Python", "# %% right: x\ndef\n" + ATTEMPTS),
    "the same twice": (
        "attempts-enough", "attempts/q1.py", "the same code",
        ATTEMPTS + "\n# %% wrong: again\n" + ATTEMPTS[ATTEMPTS.rindex("def step") :],
    ),
    "the same in another layout": (
        "attempts-enough", "attempts/q1.py", "the same code",
        ATTEMPTS + "\n# %% wrong: again\ndef step(x,gradient, rate):\n  x -= (rate*np.asarray(gradient))  # no\n  return x\n",
    ),
}  # fmt: skip

DIFFERENT = {
    "by indentation": [
        f"def step(x, g, r):\n    for d in g:\n        x = x - d\n{' ' * n}return x\n" for n in (4, 8)
    ],
    "after a hash in a string": [
        f'def step(x, g, r):\n    return "#{colour}"\n' for colour in ("red", "blue")
    ],
    "and no Python": [f"def step(x, g, r)\n    return {name}\n" for name in "xg"],
}


@pytest.mark.parametrize("how", DIFFERENT)
def test_different_code_is_not_the_same(how: str) -> None:
    more = "".join(f"\n# %% wrong: {n}\n{source}" for n, source in enumerate(DIFFERENT[how]))
    assert problems_of(good_master(), ATTEMPTS + more) == []


@pytest.mark.parametrize("broken", ATTEMPT_PROBLEMS)
def test_the_gate_names_attempts(broken: str) -> None:
    rule, place, words, attempts = ATTEMPT_PROBLEMS[broken]
    found = problems_of(good_master(), attempts)
    assert {p.rule for p in found} == {rule}, [str(p) for p in found]
    assert any(p.question == "q1" and place in p.place and words in p.reason for p in found), [
        str(p) for p in found
    ]


def test_all_problems_are_reported_at_once() -> None:
    notebook = replaced("q1-begin", "points: 4", "points: 5")
    notebook = replaced("q1-test-random", "default_rng(7)", "default_rng()", notebook)
    notebook = replaced("config", "pdf: false", "pfd: false", notebook)
    assert {p.rule for p in problems_of(notebook)} == {"points", "seeded", "known-keys"}


def test_a_problem_reads_as_rule_place_and_reason() -> None:
    (problem,) = problems_of(replaced("q1-begin", "points: 4", "points: 5"))
    assert str(problem) == "points: question q1, cell 4 (q1-begin): `points` is 5, but its cases add up to 4."
