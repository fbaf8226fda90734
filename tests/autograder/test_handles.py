"""A test's view of the student's world: a real one, in a forked process, behind a real socket."""

from __future__ import annotations

import contextlib
import faulthandler
import inspect
import itertools
import math
import numbers
import operator
import os
import random
import signal
import sys
import textwrap
import time
import types
import typing

import matplotlib as mpl
import matplotlib.pyplot as real_pyplot
import numpy as np
import pandas
import pytest
import torch

from autograder.sandbox import chance, student_world
from autograder.sandbox.environment import Environment, in_world, install_libraries
from autograder.sandbox.handles import REFUSED, CallableHandle, Handle
from autograder.sandbox.student import World
from autograder.sandbox.student_world import StudentWorld, WorldLost
from autograder.sandbox.values import StudentExit
from autograder.sandbox.wire import Channel, pair

mpl.use("agg")


@pytest.fixture
def student():
    """Starts a world in which the given cell has been run; returns the names in it."""
    started = []

    def start(cell, *, seconds=30.0):
        ours, theirs = pair()
        child = os.fork()
        if child == 0:
            try:
                ours.close()
                faulthandler.disable()
                sys.modules["matplotlib.pyplot"] = mpl.pyplot = real_pyplot
                namespace = {
                    "__name__": "__main__",
                    "np": np,
                    "torch": torch,
                    "plt": real_pyplot,
                    "pd": pandas,
                }
                exec(textwrap.dedent(cell), namespace)
                World(Channel(theirs), namespace).serve()
            finally:
                os._exit(1)
        theirs.close()
        started.append((child, ours))
        return Environment(StudentWorld(Channel(ours), time.monotonic() + seconds))

    yield start
    for child, ours in started:
        ours.close()
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


@pytest.fixture
def stack():
    with contextlib.ExitStack() as made:
        yield made


@pytest.fixture
def libraries(monkeypatch):
    """The examiner's libraries, with their ways into the world of the case that runs."""
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", real_pyplot)
    monkeypatch.setattr(mpl, "pyplot", real_pyplot)
    for module, name in (
        (np.random, "seed"),
        (random, "seed"),
        (torch, "manual_seed"),
        (inspect, "getsource"),
        (typing, "get_type_hints"),
    ):
        monkeypatch.setattr(module, name, getattr(module, name))
    install_libraries()


@pytest.fixture
def plots(student, stack, libraries):
    """A world whose figures are what `matplotlib.pyplot` means in a test."""

    def start(cell):
        names = student(cell)
        stack.enter_context(in_world(names._world))
        return names

    return start


class TestCalls:
    def test_a_function_takes_arguments_and_keywords_and_gives_plain_data(self, student):
        f = student("def f(a, *rest, scale=1, **more): return a * scale, rest, more")["f"]
        assert isinstance(f, CallableHandle) and callable(f) and f.__name__ == "f"
        got = f(np.arange(3.0), 1, "x", scale=2, other=None)
        assert type(got) is tuple and got[1:] == ((1, "x"), {"other": None})
        np.testing.assert_array_equal(got[0], [0.0, 2.0, 4.0], strict=True)

    def test_values_of_the_namespace_are_fetched_as_fresh_data(self, student):
        names = student("a = 1.5; b = [np.eye(2)]; c = lambda: b")
        assert names["a"] == 1.5
        names["b"][0][:] = 7
        np.testing.assert_array_equal(names["c"]()[0], np.eye(2))

    def test_names_are_listed_and_an_unknown_one_is_a_key_error(self, student):
        names = student("answer = 42")
        assert "answer" in set(names) and len(names) == len(set(names))
        assert names.get("nothing") is None
        with pytest.raises(KeyError):
            names["nothing"]

    def test_libraries_are_the_trusted_ones_whatever_the_student_bound(self, student):
        names = student("import random as rnd, itertools as it\nnp = torch = math = 'mine'")
        assert names["np"] is np and names["torch"] is torch and names["math"] is math
        assert names["it"] is itertools

    def test_what_a_student_function_prints_goes_to_the_test(self, student, capsys):
        f = student("def f():\n    print('step', 1)\n    return 2")["f"]
        assert f() == 2
        assert capsys.readouterr().out == "step 1\n"

    def test_what_is_printed_without_end_is_cut(self, student, capsys):
        student("def f(): print('x' * 10**6)")["f"]()
        assert len(capsys.readouterr().out) <= 100_000

    def test_the_same_object_is_the_same_handle(self, student):
        names = student("def f(): return f\ng = f")
        assert names["f"] is names["g"] and names["f"]() is names["f"]


class TestCallbacks:
    def test_student_code_calls_functions_of_the_test(self, student):
        seen = []

        def gradient(x, *, scale):
            seen.append(x.copy())
            return scale * x

        f = student("def f(g, x):\n    for _ in range(3): x = x - g(x, scale=0.5)\n    return x")["f"]
        np.testing.assert_array_equal(f(gradient, np.array([8.0])), [1.0])
        np.testing.assert_array_equal(np.ravel(seen), [8, 4, 2])

    def test_calls_nest_both_ways(self, student):
        names = student("def f(g, n): return g(n)\ndef count(n): return n")
        f = names["f"]

        def g(n):
            return 0 if n == 0 else 1 + f(g, n - 1)

        assert f(g, 20) == 20

    def test_student_functions_are_passed_on_as_they_are(self, student):
        names = student("def square(x): return x * x\ndef apply(g, x): return g(x), g is square")
        assert names["apply"](names["square"], 3) == (9, True)

    def test_a_function_made_by_a_student_function_can_be_called(self, student):
        make = student("def make(k): return lambda x: k * x")["make"]
        assert make(3)(4) == 12

    def test_a_function_of_the_test_that_the_student_wraps_can_be_called(self, student):
        derivative = student("def d(f, h=1e-6): return lambda x: (f(x + h) - f(x - h)) / (2 * h)")["d"]
        assert derivative(math.sin)(0.0) == pytest.approx(1.0)

    def test_an_error_in_a_function_of_the_test_reaches_student_and_test(self, student):
        def fail(x):
            raise ZeroDivisionError("in the test")

        names = student(
            """
            def f(g): return g(1)
            def safe(g):
                try: g(1)
                except ZeroDivisionError as e: return str(e)
            """
        )
        with pytest.raises(ZeroDivisionError, match="in the test"):
            names["f"](fail)
        assert names["safe"](fail) == "in the test"

    def test_a_callback_keeps_its_name(self, student):
        def loss(x):
            return x

        assert student("def f(g): return g.__name__")["f"](loss) == "loss"

    def test_a_callback_may_use_a_handle_that_it_is_given(self, student):
        f = student("class C: k = 5\ndef f(g): return g(C())")["f"]
        assert f(lambda instance: instance.k + 1) == 6


class TestCopyBack:
    def test_changes_to_arrays_lists_dicts_and_sets_come_back(self, student):
        f = student("def f(a, l, d, s): a[0] = 9; l.append('x'); d['k'] = a; s.add(3); d.pop('old')")["f"]
        array, items, mapping, group = np.zeros(200), [1], {"old": 0}, {1}
        f(array, items, mapping, group)
        assert array[0] == 9 and items == [1, "x"] and group == {1, 3}
        assert list(mapping) == ["k"] and mapping["k"] is array

    def test_what_is_not_changed_stays_the_same_object(self, student):
        f = student("def f(rows): rows[0][0] = 5.0")["f"]
        first, second = np.zeros(3), np.zeros(3)
        rows = [first, second]
        f(rows)
        assert rows[0] is first and rows[1] is second and first[0] == 5 and not second.any()

    def test_changes_to_nested_containers_come_back(self, student):
        state = {"velocity": [np.zeros(2)], "steps": [1, [2]]}
        velocity = state["velocity"][0]
        f = student("def f(s): s['velocity'][0] += 1; s['steps'][1].append(3)")["f"]
        f(state)
        assert state["steps"] == [1, [2, 3]] and state["velocity"][0] is velocity
        np.testing.assert_array_equal(velocity, [1, 1])

    def test_a_change_by_keyword_comes_back(self, student):
        x = np.zeros(2)
        student("def f(*, x): x += 1")["f"](x=x)
        np.testing.assert_array_equal(x, [1, 1])

    def test_a_change_before_an_error_comes_back(self, student):
        x = np.zeros(2)
        with pytest.raises(RuntimeError):
            student("def f(x):\n    x += 1\n    raise RuntimeError")["f"](x)
        np.testing.assert_array_equal(x, [1, 1])

    def test_a_generator_goes_on_where_the_student_left_it(self, student):
        rng, same = np.random.default_rng(5), np.random.default_rng(5)
        assert student("def f(rng): return rng.random()")["f"](rng) == same.random()
        assert rng.random() == same.random()

    def test_a_tensor_changed_in_place_comes_back(self, student):
        x = torch.zeros(3, requires_grad=True)
        student("def f(x):\n    with torch.no_grad(): x.add_(2)")["f"](x)
        assert torch.equal(x, torch.full((3,), 2.0)) and x.requires_grad

    def test_a_read_only_array_is_left_alone(self, student):
        x = np.zeros(2)
        x.flags.writeable = False
        student("def f(x): x[0] = 1")["f"](x)
        assert not x.any()

    def test_an_argument_that_is_returned_is_the_tests_own_object(self, student):
        f = student("def f(x): return x, [x], x.copy()")["f"]
        x = np.arange(3.0)
        same, inside, copied = f(x)
        assert same is x and inside[0] is x and copied is not x

    def test_a_changed_argument_that_is_returned_is_both(self, student):
        x = np.zeros(2)
        assert student("def f(x):\n    x += 1\n    return x")["f"](x) is x
        np.testing.assert_array_equal(x, [1, 1])

    def test_an_argument_passed_twice_is_one_object_to_the_student(self, student):
        x = np.zeros(2)
        assert student("def f(a, b):\n    a += 1\n    return a is b")["f"](x, x) is True
        np.testing.assert_array_equal(x, [1, 1])

    def test_a_callback_may_return_one_object_twice(self, student):
        x = np.ones(2)
        assert student("def f(g): return float(sum(part.sum() for part in g()))")["f"](lambda: (x, x)) == 4

    @pytest.mark.parametrize("kind", ["PCG64", "PCG64DXSM"])
    def test_a_generator_goes_no_other_way_than_by_drawing(self, student, kind):
        names = student(
            """
            def other(rng): rng.bit_generator.state = type(rng.bit_generator)(6).state
            def back(rng): rng.bit_generator.advance(-5)
            def zeros(rng): rng.bit_generator.state = rng.bit_generator.state | {"state": {"state": 0, "inc": 0}}
            def half(rng):
                rng.integers(0, 9)
                rng.bit_generator.state = rng.bit_generator.state | {"uinteger": 5}
            def draw(rng): return rng.normal(size=3), rng.integers(0, 9, size=3)
            """
        )
        fresh = lambda: np.random.Generator(getattr(np.random, kind)(5))  # noqa: E731
        for name in ("other", "back", "zeros"):
            rng = fresh()
            with contextlib.suppress(TypeError):
                names[name](rng)
            assert rng.bit_generator.state == fresh().bit_generator.state
        rng, same = fresh(), fresh()
        names["draw"](rng)
        same.normal(size=3), same.integers(0, 9, size=3)
        assert rng.bit_generator.state == same.bit_generator.state
        rng = fresh()
        names["half"](rng)
        assert not rng.bit_generator.state["has_uint32"]

    def test_what_was_changed_is_given_back_after_the_case(self, student):
        f = student(
            "def f(a, l, d, s, rng): a[0] = 9; l[0].append('x'); l.clear(); d.clear(); s.add(3); rng.random()"
        )["f"]
        rng = np.random.default_rng(5)
        given = (np.zeros(200), [[1]], {"old": [0]}, {1}, rng)
        f(*given)
        f(*given[:1], [[5]], *given[2:])
        assert given[0][0] == 9 and given[1:4] == ([], {}, {1, 3})
        object.__getattribute__(f, "_grader_world").undo()
        assert not given[0].any() and given[1:4] == ([[1]], {"old": [0]}, {1})
        assert rng.random() == np.random.default_rng(5).random()

    def test_what_could_not_be_given_back_is_not_changed(self, student, monkeypatch):
        monkeypatch.setattr(student_world, "_ROOM_FOR_CHANGES", 10_000)
        f = student("def f(*values):\n    for value in values: value.append(2)")["f"]
        kept = [[1] for _ in range(12)]
        for _ in range(20):  # one that is known costs no more room
            f(kept[0])
        with pytest.raises(WorldLost, match="changed too many"):
            f(*kept)
        object.__getattribute__(f, "_grader_world").undo()
        assert kept == [[1]] * 12


class TestErrors:
    @pytest.mark.parametrize("kind", [ValueError, TypeError, KeyError, ZeroDivisionError, IndexError])
    def test_an_exception_arrives_as_its_builtin_type_with_its_text(self, student, kind):
        f = student(f"def f(): raise {kind.__name__}('too small')")["f"]
        with pytest.raises(kind, match="too small") as caught:
            f()
        assert type(caught.value) is kind

    def test_numpys_errors_and_the_students_own_arrive(self, student):
        names = student(
            """
            def f(): return np.linalg.inv(np.zeros((2, 2)))
            class Odd(ValueError): pass
            def g(): raise Odd("shape")
            """
        )
        with pytest.raises(np.linalg.LinAlgError, match="Singular"):
            names["f"]()
        with pytest.raises(ValueError, match="Odd: shape"):
            names["g"]()

    @pytest.mark.parametrize("statement", ["raise SystemExit(0)", "exit()", "raise KeyboardInterrupt"])
    def test_an_exit_is_no_exception_and_the_world_lives_on(self, student, statement):
        names = student(f"import sys\nfrom sys import exit\ndef f(): {statement}\ndef g(): return 1")
        with pytest.raises(StudentExit) as caught:
            names["f"]()
        assert not isinstance(caught.value, Exception)
        assert names["g"]() == 1

    def test_a_stop_iteration_of_the_students_ends_no_loop_of_the_test(self, student):
        f = student("def f(x): raise StopIteration")["f"]
        with pytest.raises(RuntimeError, match="StopIteration"):
            list(map(f, [1, 2, 3]))

    def test_endless_recursion_is_a_recursion_error(self, student):
        with pytest.raises(RecursionError):
            student("def f(): return f()")["f"]()

    def test_a_value_that_cannot_cross_is_a_type_error(self, student):
        names = student("loop = []\nloop.append(loop)\ndef f(): return loop")
        with pytest.raises(TypeError, match="contains itself"):
            names["f"]()
        with pytest.raises(TypeError, match="contains itself"):
            names["loop"]


THING = """
class Everything:
    '''Claims to be whatever is asked for.'''
    def __eq__(self, other): return True
    __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __eq__
    def __bool__(self): return True
    def __float__(self): return 1.0
    def __complex__(self): return 1j
    def __int__(self): return 1
    __index__ = __int__
    def __add__(self, other): return other
    __radd__ = __mul__ = __rmul__ = __sub__ = __rsub__ = __truediv__ = __rtruediv__ = __matmul__ = __add__
    def __array__(self, *args, **kwargs): return np.ones(2)
    def __array_ufunc__(self, *args, **kwargs): return True
    def __array_function__(self, *args, **kwargs): return True
    def __torch_function__(self, *args, **kwargs): return True
    def __hash__(self): return 0
    def __instancecheck__(self, other): return True
    __class__ = float
thing = Everything()
def f(): return thing
"""

UNARY = "neg pos abs invert index".split()
BINARY = "eq ne lt le gt ge add sub mul truediv floordiv mod pow matmul and_ or_ xor lshift rshift".split()


class TestRefusals:
    """What an object of the student's claims about itself is never asked."""

    @pytest.mark.parametrize("name", UNARY)
    def test_it_has_no_sign_and_no_index(self, student, name):
        with pytest.raises(TypeError, match="Everything"):
            getattr(operator, name)(student(THING)["thing"])

    def test_it_is_not_compared_nor_computed_with_from_either_side(self, student):
        thing = student(THING)["thing"]
        for other in (1, 1.5, [1], (1,), {1}, np.float64(1), np.ones(2), torch.ones(2), Handle):
            for name in BINARY:
                for operands in ((thing, other), (other, thing)):
                    with pytest.raises(TypeError):
                        print(name, type(other), getattr(operator, name)(*operands))

    def test_it_is_not_converted(self, student):
        thing = student(THING)["thing"]
        for convert in (float, int, complex, round, math.floor, math.ceil, math.trunc, bytes, range):
            with pytest.raises(TypeError):
                convert(thing)
        for convert in (np.asarray, np.array, np.float64, torch.as_tensor, torch.tensor, math.sqrt, abs, sum):
            with pytest.raises((TypeError, RuntimeError, ValueError)):
                convert(thing)
        for use in (divmod, pow, math.isclose, np.isclose, np.allclose, np.array_equal, np.add, np.dot):
            with pytest.raises(TypeError):
                use(thing, 1.0)
            with pytest.raises(TypeError):
                use(1.0, thing)

    def test_no_assertion_of_numpy_torch_or_pytest_accepts_it(self, student):
        thing = student(THING)["thing"]
        for check in (
            np.testing.assert_allclose,
            np.testing.assert_array_equal,
            np.testing.assert_equal,
            np.testing.assert_almost_equal,
            np.testing.assert_array_less,
            torch.testing.assert_close,
        ):
            for want in (1.0, np.ones(2)):
                with pytest.raises(Exception, match=r"."):
                    check(thing, want)
                with pytest.raises(Exception, match=r"."):
                    check([thing], [want])
        with pytest.raises(TypeError):
            assert thing == pytest.approx(1.0)

    def test_it_is_in_nothing_and_nothing_is_in_it(self, student):
        thing = student(THING)["thing"]
        for collection in ([1, 2], (1,)):
            with pytest.raises(TypeError):
                operator.contains(collection, thing)
        with pytest.raises(TypeError):
            operator.contains(thing, 1)
        assert thing not in {1, 2} and thing not in {"a": 1}

    def test_it_is_an_instance_of_nothing_that_a_test_would_accept(self, student):
        thing = student(THING)["thing"]
        assert isinstance(thing, Handle)
        for kind in (float, int, str, list, tuple, dict, np.ndarray, np.generic, torch.Tensor, type):
            assert not isinstance(thing, kind)
        assert thing.__class__ is type(thing)

    def test_it_has_no_protocol_attributes(self, student):
        thing = student(THING)["thing"]
        for name in (
            "__array_interface__",
            "__array_struct__",
            "__torch_function__",
            "__dlpack__",
            "__len_hint__",
        ):
            assert not hasattr(thing, name)

    def test_it_stays_a_handle_inside_containers_and_tables(self, student):
        names = student(THING + "\nrow = [thing, 1]\ntable = pd.Series([thing, 1])")
        with pytest.raises(TypeError):
            assert names["row"] == [1, 1]
        with pytest.raises(TypeError):
            np.testing.assert_array_equal(names["row"], [1, 1])
        with pytest.raises(Exception, match=r"."):
            assert (names["table"] == pandas.Series([1, 1])).all()

    def test_it_is_never_none(self, student):
        thing = student(THING)["thing"]
        assert thing != None and operator.ne(None, thing)  # noqa: E711 - as tests are written
        assert not operator.eq(thing, None) and not operator.eq(None, thing)

    def test_what_a_function_returned_is_refused_even_where_its_class_is_known(self, student):
        names = student(
            THING
            + "\ndef primes(n): return Everything()\nclass square:\n    def __new__(cls, x): return thing"
        )
        assert names["Everything"]() == 5  # the test made it itself from a class, whose word it takes
        for made in (names["primes"](10), names["square"](3), names["f"]()):
            with pytest.raises(TypeError, match="the test should compare"):
                assert made == 5
            with pytest.raises(TypeError):
                assert 5 in made
            with pytest.raises(TypeError):
                made - np.ones(2)

    def test_an_object_is_not_made_again_by_a_class_of_the_students(self, student):
        names = student(
            THING + "\nclass Vector(Everything):\n    def __new__(cls): return thing\ndot = Vector"
        )
        got, Vector, dot = names["f"](), names["Vector"], names["dot"]
        made = Vector()
        for other in (got, made, dot()):
            with pytest.raises(TypeError, match="the test should compare"):
                assert other == 5
        assert made is got

    def test_a_class_that_was_fetched_by_another_name_before_makes_nothing(self, student):
        names = student(THING + "\ndot = Everything\ndef get(): return Everything")
        dot, Everything, get = names["dot"], names["Everything"], names["get"]
        assert Everything() == 5 and Everything == dot
        for made in (dot(), get()()):
            with pytest.raises(TypeError):
                assert made == 5

    def test_what_a_function_of_the_test_was_given_is_not_made_by_the_test(self, student):
        kept = []
        names = student(
            THING + "\ndef keep(g): known.append(g)\nknown = []\n"
            "class Vector:\n    def __new__(cls):\n        known[0](thing)\n        return thing"
        )
        names["keep"](kept.append)
        names["Vector"]()
        with pytest.raises(TypeError):
            assert kept[0] == 5

    def test_objects_are_not_compared_with_each_other_where_no_class_is_named(self, student):
        names = student(THING + "\ndef other(): return Everything()")
        f, other = names["f"], names["other"]
        for name in ("lt", "eq", "ne", "add", "contains"):
            with pytest.raises(TypeError):
                getattr(operator, name)(f(), other())
        assert f() == f() and operator.ne(f(), f()) is False  # one object
        assert names["Everything"] and f() == other() and f() < other()

    @pytest.mark.parametrize(
        "name",
        ["matplotlib.artist.Number", "torch.nn.modules.linear.Parameter", "matplotlib.axis.np", "matplotlib"],
    )
    def test_it_is_no_class_that_a_library_only_imports(self, student, name):
        module, _, own = name.rpartition(".")
        cell = f"class Fake: pass\nFake.__module__, Fake.__qualname__ = {module!r}, {own!r}\nfake = Fake()"
        fake = student(cell)["fake"]
        assert fake.__class__ is type(fake) and not isinstance(fake, (numbers.Number, torch.Tensor))

    @pytest.mark.parametrize("name", ["Counter", "Fraction", "DataFrame", "F", "make_thing"])
    def test_a_class_that_goes_by_the_name_of_a_librarys_is_not_believed(self, student, name):
        made = student(THING.replace("Everything", name))[name]()
        with pytest.raises(TypeError, match=REFUSED[:40]):
            assert made == 5

    @pytest.mark.parametrize("text", ["9", "'A!'", "[1]", "True", "array([1])", "-1", "", "nan"])
    def test_its_text_in_a_doctest_is_not_that_of_data(self, student, text):
        cell = f"class Fake:\n    def __repr__(self): return {text!r}\nfake = Fake()"
        names = student(cell)
        assert repr(names["fake"]) == "<Fake of the student's>" and names._world.refused
        assert repr(names["Fake"]()) == text

    def test_a_refusal_is_remembered_for_the_grader(self, student):
        names = student(THING)
        assert not names._world.refused
        with pytest.raises(TypeError):
            assert names["thing"] == 5
        assert names._world.refused


class TestObjects:
    CELL = """
        class Model:
            kind = "linear"
            def __init__(self, w): self.w = w; self.log = []
            def predict(self, x): return self.w * x
            def __call__(self, x): return self.predict(x)
            def __len__(self): return 3
            def __getitem__(self, key): return (key, self.w)
            def __setitem__(self, key, value): self.log.append((key, value))
            def __iter__(self): return iter([self.w, self])
            @property
            def broken(self): raise ArithmeticError("no")
        model = Model(2.0)
        class Rows:
            def __len__(self): return "three"
    """

    def test_instances_have_attributes_methods_items_length_and_iteration(self, student):
        model = student(self.CELL)["model"]
        assert (model.w, model.kind, model.predict(3), model(4), len(model)) == (2.0, "linear", 6.0, 8.0, 3)
        assert model["key"] == ("key", 2.0) and model[1:3] == (slice(1, 3), 2.0)
        first, second = list(model)
        assert first == 2.0 and second is model

    def test_no_attribute_of_the_students_is_hidden_by_the_graders_own(self, student):
        names = ["_items", "_name", "_kind", "_number", "_own", "_library", "_makes", "_world", "_ask"]
        stack = student(f"class Stack: pass\nstack = Stack()\nfor n in {names}: setattr(stack, n, n)")[
            "stack"
        ]
        assert [getattr(stack, name) for name in names] == names

    def test_attributes_and_items_can_be_set(self, student):
        model = student(self.CELL)["model"]
        model.w = np.ones(2)
        model["a"] = 5
        np.testing.assert_array_equal(model.w, [1, 1])
        assert model.log == [("a", 5)]

    def test_classes_make_instances(self, student):
        names = student(self.CELL)
        made = names["Model"](7)
        assert made.w == 7 and names["Model"].kind == "linear" and names["Model"].__name__ == "Model"
        assert isinstance(made, names["Model"]) and not isinstance(1.0, names["Model"])

    def test_errors_of_attributes_and_lengths_arrive(self, student):
        names = student(self.CELL)
        with pytest.raises(AttributeError):
            names["model"].nothing  # noqa: B018 - asked for on purpose
        with pytest.raises(ArithmeticError):
            names["model"].broken  # noqa: B018 - asked for on purpose
        with pytest.raises(TypeError):
            len(names["Rows"]())
        assert not hasattr(names["model"], "nothing")

    def test_private_protocols_of_the_student_are_not_reached(self, student):
        model = student(self.CELL)["model"]
        for name in ("__reduce_ex__", "__globals__", "__init__", "__getstate__"):
            assert not isinstance(getattr(model, name, None), (dict, CallableHandle))

    def test_generators_are_read_one_by_one_even_endless_ones(self, student):
        endless = student("def count():\n    n = 0\n    while True:\n        yield n\n        n += 1")[
            "count"
        ]
        assert list(itertools.islice(endless(), 4)) == [0, 1, 2, 3]
        iterator = iter(endless())
        assert [next(iterator), next(iterator)] == [0, 1]

    def test_next_goes_on_and_a_finished_generator_stops(self, student):
        made = student("def f(): yield from 'ab'")["f"]()
        assert [next(made), next(made)] == ["a", "b"]
        assert next(made, "end") == "end"

    def test_an_error_in_a_generator_arrives_where_it_happens(self, student):
        made = iter(student("def f():\n    yield 1\n    raise KeyError('k')")["f"]())
        assert next(made) == 1
        with pytest.raises(KeyError):
            next(made)

    def test_modules_of_torch_are_handles_with_parameters(self, student):
        names = student("net = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.ReLU())")
        net = names["net"]
        assert isinstance(net, CallableHandle) and len(net) == 2
        out = net(torch.ones(4, 3))
        assert type(out) is torch.Tensor and out.shape == (4, 2) and bool((out >= 0).all())
        assert sum(parameter.numel() for parameter in net.parameters()) == 8
        assert set(net.state_dict()) == {"0.weight", "0.bias"}

    def test_keys_of_a_callback_argument_stay_handles(self, student):
        kept = []
        student("class C: pass\ndef f(g): g({'c': C()})")["f"](kept.append)
        assert isinstance(kept[0]["c"], Handle)


class TestOperators:
    """Operators among objects of the student's run where these live, and so do all of a class that a test names."""

    CELL = """
        class Money:
            def __init__(self, cents): self.cents = cents
            def __add__(self, other): return Money(self.cents + getattr(other, "cents", other))
            __radd__ = __add__
            def __mul__(self, k): return Money(self.cents * k)
            def __eq__(self, other): return self.cents == getattr(other, "cents", other)
            def __lt__(self, other): return self.cents < other.cents
            def __hash__(self): return hash(self.cents)
            def __bool__(self): return self.cents != 0
            def __contains__(self, coin): return coin <= self.cents
            def __neg__(self): return Money(-self.cents)
            def __float__(self): return self.cents / 100
            def __iadd__(self, k): self.cents += k; return self
            def __repr__(self): return f"Money({self.cents})"
            def __format__(self, how): return how + str(self.cents)
            def __enter__(self): self.cents += 1; return self
            def __exit__(self, *error): self.cents -= 1
        purse = Money(5)
        def double(m): return m + m
    """

    def test_among_objects(self, student):
        names = student(self.CELL)
        purse, double, _ = names["purse"], names["double"], names["Money"]
        assert double(purse) == purse + purse and purse < double(purse) and purse != double(purse)
        assert sorted([double(purse), purse])[0] is purse and purse in [double(purse), purse]
        assert len({purse + purse, double(purse)}) == 1 and hash(purse) == 5

    def test_of_what_the_test_made(self, student):
        Money = student(self.CELL)["Money"]
        m = Money(5)
        assert m + 1 == 6 and 1 + m == Money(6) and m * 2 == 10 and (m + m) * 3 == 30 and -m == -5
        assert 3 in m and 7 not in m and float(m) == 0.05 and sum([m, m]) == 10
        same = m
        m += 2
        assert m is same and m.cents == 7

    def test_what_the_test_made_is_no_longer_believed_once_it_comes_from_the_student(self, student):
        names = student(THING + "class Account(Everything):\n    balance = property(lambda self: self)")
        account = names["Account"]()
        assert account == 5
        with pytest.raises(TypeError):
            assert account.balance == 16

    def test_text_truth_and_context(self, student):
        names = student(self.CELL)
        purse = names["purse"]
        assert (str(purse), repr(purse), f"{purse:>}", str([purse])) == (
            "Money(5)",
            "Money(5)",
            ">5",
            "[Money(5)]",
        )
        assert purse and not names["Money"](0) and type(purse).__name__ == "Money"
        with purse as opened:
            assert opened.cents == 6
        assert purse.cents == 5

    def test_a_method_that_is_called_by_name_is_asked_of_any_object(self, student):
        purse = student(self.CELL)["purse"]
        assert purse.__eq__(5) is True and purse.__contains__(9) is False and purse.__add__(1).cents == 6

    def test_what_is_iterated_can_be_searched(self, student):
        names = student("class Bag:\n    def __iter__(self): return iter(['a', 2])\nbag = Bag()")
        assert "a" in names["bag"] and "b" not in names["bag"]

    def test_subclasses_of_builtins_and_dataclasses_keep_their_methods(self, student):
        names = student(
            """
            from dataclasses import dataclass
            class History(list):
                def last(self): return self[-1]
            @dataclass
            class Point:
                x: int
                def twice(self): return Point(2 * self.x)
            origin = Point(0)
            """
        )
        history = names["History"]([1])
        history.append(2)
        assert history.last() == 2 and history == [1, 2] and isinstance(history, list)
        assert names["Point"](2).twice() == names["Point"](4) and isinstance(names["origin"], names["Point"])
        assert repr(names["origin"]) == "Point(x=0)" and vars(names["origin"]) == {"x": 0}

    def test_exceptions_of_the_students_own_can_be_caught(self, student):
        names = student(
            """
            class Broke(Exception): pass
            class Bankrupt(Broke): pass
            def pay(n): raise (Bankrupt if n > 9 else Broke)("too much")
            """
        )
        Bankrupt, Broke, pay = names["Bankrupt"], names["Broke"], names["pay"]
        assert issubclass(Bankrupt, Broke) and not issubclass(Broke, Bankrupt)
        for amount, kind in ((5, Broke), (10, Bankrupt)):
            with pytest.raises(Broke, match=r"^too much$") as caught:
                pay(amount)
            assert type(caught.value) is kind

    @pytest.mark.parametrize(
        "bound", ["AssertionError", "Exception", "type('AssertionError', (Exception,), {})"]
    )
    def test_errors_of_the_test_are_none_of_the_students(self, student, bound):
        names = student(f"Broke = {bound}\ndef pay(): raise Broke('too much')")
        Broke = names["Broke"]
        with pytest.raises(Broke, match="too much"):
            names["pay"]()
        with pytest.raises(AssertionError), contextlib.suppress(Broke):
            raise AssertionError("of the test")

    def test_annotations_are_looked_up_where_the_student_wrote_them(self, student, libraries):
        f = student(
            "from __future__ import annotations\nimport typing as t\ndef f(x: t.Any if 0 else int) -> float: pass"
        )["f"]
        assert typing.get_type_hints(f) == {"x": int, "return": float}

    def test_the_ways_into_the_world_are_opened_once(self, libraries):
        before = (
            np.random.seed,
            random.seed,
            inspect.getsource,
            typing.get_type_hints,
            sys.modules["matplotlib.pyplot"],
        )
        install_libraries()
        assert before == (
            np.random.seed,
            random.seed,
            inspect.getsource,
            typing.get_type_hints,
            sys.modules["matplotlib.pyplot"],
        )

    def test_functions_classes_and_generators_can_be_inspected(self, student):
        names = student(
            "import textwrap\ndef f(a, b=2, *, c): 'Doc.'\nclass A: 'An A.'\nclass B(A): pass\ndef g(): yield 1"
        )
        assert str(inspect.signature(names["f"])) == "(a, b=2, *, c)" and names["f"].__doc__ == "Doc."
        assert (
            inspect.isfunction(names["f"]) and inspect.isclass(names["A"]) and not inspect.isclass(names["f"])
        )
        assert inspect.isgeneratorfunction(names["g"]) and isinstance(names["g"](), types.GeneratorType)
        assert issubclass(names["B"], names["A"]) and names["A"].__doc__ == "An A."
        made = names["g"]()
        assert iter(made) is made and next(made) == 1

    def test_a_seed_of_the_test_is_a_seed_for_the_student(self, student, stack, libraries):
        names = student("import random\ndef f(): return np.random.random()\ndef g(): return random.random()")
        stack.enter_context(in_world(names._world))
        for seed, ours, theirs in (
            (np.random.seed, np.random.random, "f"),
            (random.seed, random.random, "g"),
        ):
            seed(3)
            expected = [ours() for _ in range(2)]
            seed(3)
            assert [names[theirs](), names[theirs]()] == expected
            assert ours() == expected[0]  # what the student draws does not choose what the test draws
            assert names[theirs]() == expected[1]

    @pytest.mark.parametrize(
        "state", [5, [], [1] * 6, [np.zeros(624, np.uint32), 700, 0, 0.0, np.zeros(625, np.uint32), None]]
    )
    def test_a_forged_random_state_is_refused(self, state):
        with pytest.raises((ValueError, TypeError)):
            chance.restore(state)


class TestEnds:
    def test_the_deadline_ends_a_call(self, student):
        f = student("import time\ndef f(): time.sleep(60)", seconds=0.5)["f"]
        started = time.monotonic()
        with pytest.raises(WorldLost, match="in time"):
            f()
        assert time.monotonic() - started < 5

    def test_the_deadline_ends_calls_that_go_to_and_fro(self, student):
        f = student("def f(g):\n    while True: g()", seconds=0.5)["f"]
        with pytest.raises(WorldLost, match="in time"):
            f(lambda: None)

    def test_a_world_that_dies_is_lost_with_the_reason(self, student):
        names = student("import os\ndef f(): os._exit(0)")
        with pytest.raises(WorldLost, match="its process ended"):
            names["f"]()
        with pytest.raises(WorldLost):
            names["g"]

    def test_a_crash_in_c_is_a_lost_world(self, student):
        f = student("import os, signal\ndef f(): os.kill(os.getpid(), signal.SIGSEGV)")["f"]
        with pytest.raises(WorldLost):
            f()

    def test_a_lost_world_is_no_exception_that_a_test_could_expect(self):
        assert not issubclass(WorldLost, Exception)


class Impostor:
    """A student's process that sends replies of its own making."""

    def __init__(self):
        ours, theirs = pair()
        self.world = StudentWorld(Channel(ours), time.monotonic() + 5)
        self.channel = Channel(theirs)

    def reply(self, document, buffers=()):
        self.channel.send(document, buffers)
        return self.world.request("call")


class TestForgedReplies:
    """A student that speaks the protocol itself."""

    @pytest.mark.parametrize("document", [[], 1, None, "x", {"e": 5}, {"e": [1]}])
    def test_what_is_no_reply_loses_the_world(self, document):
        with pytest.raises(WorldLost, match="malformed"):
            Impostor().reply(document)

    @pytest.mark.parametrize(
        "document",
        [
            {},
            {"r": {"t": "handle"}},
            {"r": {"t": "handle", "h": "0"}},
            {"r": {"t": "ref", "h": 0}},
            {"r": {"t": "slot", "k": 7}},
            {"r": {"t": "slot"}},
            {"r": {"t": "callback", "c": 0, "n": "x"}},
            {"m": [[9, [1]]], "r": None},
            {"m": 5, "r": None},
            {"m": [5], "r": None},
            {"m": [[[], 1]], "r": None},
            {"p": 5, "r": None},
            {"e": {"t": "exc"}},
            {"e": {"t": "exc", "n": "SystemExit", "c": "x", "v": "y"}},
            {"e": {"t": "exc", "n": "WorldLost", "c": "CaseTimeout", "v": "y"}},
        ],
        ids=str,
    )
    def test_no_reply_gives_anything_but_data_or_an_error(self, document):
        try:
            got = Impostor().reply(document)
        except (Exception, StudentExit):
            return
        assert got is None

    def test_a_change_is_only_written_where_an_argument_takes_it(self):
        impostor = Impostor()
        x, items = np.zeros(2), [1]
        impostor.channel.send({"m": [[0, "text"], [1, {"t": "dict", "v": []}]], "r": None})
        impostor.world.request("call", args=(x, items))
        assert not x.any() and items == [1]

    def test_a_change_of_another_shape_is_not_written(self):
        impostor = Impostor()
        x = np.zeros(2)
        impostor.channel.send({"m": [[0, {"t": "nd", "d": "<f8", "s": [1], "x": "00" * 8}]], "r": None})
        impostor.world.request("call", args=(x,))
        assert x.shape == (2,)

    @pytest.mark.parametrize("number", [5, -2, "0", None, [], 1.5])
    def test_a_callback_that_was_never_passed_answers_with_an_error(self, number):
        impostor = Impostor()
        impostor.channel.send({"c": number, "a": []})
        impostor.channel.send({"r": 1})
        assert impostor.world.request("call") == 1
        assert impostor.channel.recv(time.monotonic() + 1)[0] == {"o": "call"}
        assert "e" in impostor.channel.recv(time.monotonic() + 1)[0]

    def test_callbacks_without_end_lose_the_world(self, monkeypatch):
        monkeypatch.setattr("autograder.sandbox.student_world._MAX_CALLBACKS", 10)
        impostor = Impostor()
        for _ in range(10):
            impostor.channel.send({"c": 0})
        with pytest.raises(WorldLost, match="too many calls"):
            impostor.world.request("call", args=(lambda: None,))


class TestPlots:
    CELL = """
        def draw(ax, x):
            ax.plot(x, x**2, label="square")
            ax.scatter([1, 2], [3, 4])
            ax.set_yscale("log")
            ax.set_xlabel("$x$")
            ax.legend()
            return ax
        def own():
            fig, ax = plt.subplots()
            ax.set_aspect("equal")
            return fig, ax
    """

    def test_axes_of_the_test_are_drawn_on_by_the_student_and_read_with_getters(self, plots):
        draw = plots(self.CELL)["draw"]
        import matplotlib.pyplot as plt

        assert plt is not real_pyplot
        fig, ax = plt.subplots()
        x = np.array([1.0, 2.0])
        assert draw(ax, x) is ax
        (line,) = ax.get_lines()
        np.testing.assert_array_equal(line.get_xydata(), np.column_stack([x, x**2]))
        np.testing.assert_array_equal(ax.collections[0].get_offsets(), [[1, 3], [2, 4]])
        assert (ax.get_yscale(), ax.get_xlabel(), line.get_label()) == ("log", "$x$", "square")
        assert [text.get_text() for text in ax.get_legend().get_texts()] == ["square"]
        assert len(plt.get_fignums()) == 1
        plt.close(fig)
        assert plt.get_fignums() == []

    def test_figures_and_axes_that_the_student_returns_are_handles(self, plots):
        fig, ax = plots(self.CELL)["own"]()
        assert isinstance(fig, Handle) and isinstance(ax, Handle)
        assert ax.get_aspect() == 1.0 and len(fig.axes) == 1 and fig.axes[0] is ax

    def test_the_name_plt_of_a_test_is_the_students_world(self, plots):
        names = plots(self.CELL)
        assert names["plt"].get_fignums() == [] and isinstance(names["plt"], Handle)

    def test_outside_a_test_case_there_are_no_plots(self, plots, stack):
        plots("")
        stack.close()
        import matplotlib.pyplot as plt

        assert isinstance(plt, types.ModuleType)
        with pytest.raises(AttributeError):
            plt.subplots()
