"""While a test case runs, what a student wrote is neither compiled nor unpickled nor run as a command."""

from __future__ import annotations

import ast
import builtins
import collections
import dataclasses
import doctest
import fractions
import inspect
import os
import pickle
import subprocess
import timeit
import typing
from types import SimpleNamespace

import numpy as np
import pytest

from autograder.sandbox.handles import CallableHandle
from autograder.sandbox.trusted_code import CodeRefused, Guard, only_trusted_code, watch_pickles_and_commands

SOURCE = "expected = eval('max(1, 2)'); local + 0; assert eval(f()) == expected"
HEARD = [
    "expected",
    "print('mine')",
    "Vector(3, 4)",
    "def f(): return 1",
    "half",
    "x",
    ">>> print('example')\n",
]


class Vector(typing.NamedTuple):
    x: int
    y: int


class Theirs(CallableHandle):
    __slots__ = ()

    def __init__(self):
        pass

    def __call__(self, *args, **kwargs):
        return args, kwargs


THEIRS = Theirs()


@pytest.fixture
def case():
    """A test case in which the student's side has said `HEARD`; what was refused is in the list."""
    refused = []
    watch_pickles_and_commands()
    watch_pickles_and_commands()  # a server opens many bundles
    with only_trusted_code(Guard([SOURCE], ["print(1)"], lambda: list(HEARD), refused.append)):
        yield refused


@pytest.mark.parametrize(
    "run",
    [
        lambda: eval("Vector(3, 4)"),
        lambda: eval("Vector" + "(5, 6)"),  # no text of the test's, so perhaps the student's in another form
        lambda: eval("expected", {"expected": 5}),  # the right answer's name in place of the answer
        lambda: eval("Vector.count(3)", {"Vector": THEIRS}),
        lambda: eval("Vector(Vector)", {"Vector": THEIRS}),
        lambda: exec("def f(): return 1"),
        lambda: exec(b"def f(): return 1"),
        lambda: exec(compile("def f(): return 1", "f", "exec")),
        lambda: compile(ast.parse("def f(): return 1"), "f", "exec"),
        lambda: typing.get_type_hints(SimpleNamespace(__annotations__={"x": "print('mine')"})),
        lambda: timeit.timeit("print('mine')", number=1),
        lambda: pickle.loads(b"cos\nsystem\n(S'true'\ntR."),
        lambda: os.system("echo half"),
        lambda: subprocess.run(["true"], check=False),
    ],
)  # fmt: skip
def test_what_the_student_wrote_is_not_run(case, run):
    with pytest.raises(CodeRefused):
        run()
    assert case


def test_examples_in_what_the_student_wrote_are_not_run(case, capsys):
    doctest.run_docstring_examples(SimpleNamespace(__doc__=HEARD[-1]), {}, name="f")  # it catches everything
    assert case and "CodeRefused" in capsys.readouterr().out


def test_what_the_test_says_is_run(case):
    assert eval("max(1, 2)") == 2
    assert eval("+".join("23")) == 5  # arithmetic with data
    local = 7  # noqa: F841 - for the text
    assert eval("local + 0") == 7
    namespace: dict = {}
    exec("max(1, 2)", namespace)
    assert "__builtins__" in namespace
    assert [type(node) for node in ast.parse("def f(): return 1").body] == [ast.FunctionDef]
    with pytest.raises(SyntaxError):
        eval("2 +")
    assert case == []


def test_a_class_of_the_students_is_called_with_data(case):
    assert eval("Vector(3, [4.5], k={'a': -1})", {"Vector": THEIRS}) == ((3, [4.5]), {"k": {"a": -1}})
    assert case == []


def test_libraries_make_code_of_their_own(case):
    made = dataclasses.make_dataclass("Made", ["a", "b"])
    pair = collections.namedtuple("Pair", "a half")  # a name that the student uses too
    assert made(1, 2).b == 2 and pair(1, 2).half == 2
    data = {"a": {1}, "b": collections.Counter("aab"), "c": fractions.Fraction(1, 2), "d": np.eye(2)}
    assert pickle.loads(pickle.dumps(data))["b"] == data["b"]
    assert inspect.signature(Vector).parameters.keys() == {"x", "y"}
    assert case == []


def test_an_installed_package_asks_the_system(case):
    from matplotlib import font_manager

    font_manager._get_fontconfig_fonts.__wrapped__()
    assert case == []


def test_too_much_to_be_remembered_is_refused_to_libraries_too():
    with only_trusted_code(Guard([], [], lambda: None, lambda why: None)), pytest.raises(CodeRefused):
        timeit.timeit("1 + 1", number=1)


def test_afterwards_all_is_as_before(case):
    kept = eval
    with only_trusted_code(Guard([], [], lambda: HEARD, lambda why: None)):
        pass
    assert builtins.eval.__module__ == "builtins"
    assert kept("Vector" + "(5, 6)") == (5, 6)
    assert pickle.loads(b"cos\ngetpid\n(tR.") == os.getpid()
