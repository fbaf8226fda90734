"""What the names of a test mean: the student's values, and libraries with ways into the student's world."""

from __future__ import annotations

import contextlib
import functools
import importlib
import inspect
import random
import re
import sys
import types
import typing
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from autograder.sandbox import chance
from autograder.sandbox.handles import CallableHandle, is_handle, maker
from autograder.sandbox.student_world import StudentWorld

# Names under which a test means the library itself, whatever the student bound to them.
TRUSTED_MODULES = {
    "np": "numpy",
    "numpy": "numpy",
    "sp": "scipy",
    "scipy": "scipy",
    "torch": "torch",
    "pd": "pandas",
    "pandas": "pandas",
    "math": "math",
}
# Modules that a test may mean by any other name that the student gave them.
_LIBRARIES = frozenset(
    "random statistics itertools functools collections scipy.stats scipy.linalg scipy.optimize scipy.special "
    "torch.nn torch.nn.functional torch.optim numpy.linalg numpy.random re string inspect datetime decimal "
    "fractions operator copy json textwrap heapq bisect cmath types typing".split()
) | frozenset(TRUSTED_MODULES.values())
_STUDENT_MODULES = {"plt": "matplotlib.pyplot"}
# A name that a test means for a class of the student's: CapWords, and no library's class, of which the student
# could bind another one.
_CLASS_NAME = re.compile(r"[A-Z]\w*[a-z]\w*")
_LIBRARY_CLASSES = frozenset(
    "Counter OrderedDict Fraction Decimal Path Series DataFrame Index Timestamp Timedelta Categorical Tensor "
    "Generator RandomState Polynomial Rotation".split()
)


class Environment(Mapping[str, Any]):
    """The student's globals, fetched by name when a test asks for them."""

    def __init__(self, world: StudentWorld) -> None:
        self._world = world
        self._cache: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._cache:
            self._cache[name] = self._fetch(name)
        return self._cache[name]

    def _fetch(self, name: str) -> Any:
        if name in TRUSTED_MODULES:
            return importlib.import_module(TRUSTED_MODULES[name])
        if name in _STUDENT_MODULES:
            return self._world.module(_STUDENT_MODULES[name])
        value = self._world.request("get", n=name)
        if is_handle(value) and object.__getattribute__(value, "_grader_kind") == "module":
            module = object.__getattribute__(value, "_grader_name")
            if module in _LIBRARIES:
                return importlib.import_module(module)
        if is_handle(value):
            self._world.named.add(object.__getattribute__(value, "_grader_number"))
        else:
            self._world.used = True
        if (
            issubclass(type(value), CallableHandle)
            and _CLASS_NAME.fullmatch(name)
            and name not in _LIBRARY_CLASSES
        ):
            self._world.classes = True
            return maker(value)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(name for name in self._world.request("names") if isinstance(name, str))

    def __len__(self) -> int:
        return sum(1 for _ in self)


class StudentPyplot(types.ModuleType):
    """`matplotlib.pyplot` in the examiner: figures of a test live in the student's world."""

    def __getattr__(self, name: str) -> Any:
        if _current is None or (name.startswith("__") and name.endswith("__")):
            raise AttributeError(name)
        return getattr(_current.module("matplotlib.pyplot"), name)


_current: StudentWorld | None = None  # of the test case that runs


@contextlib.contextmanager
def in_world(world: StudentWorld, *, seed: int | None = None) -> Iterator[None]:
    """Let pyplot and the seeding of random generators in a test mean `world`; start from `seed`, if there is one."""
    global _current
    if seed is not None:
        np.random.seed(seed)  # noqa: NPY002 - the generator that otter's option seeds
        random.seed(seed)
        world.seeds.start()
    _current = world
    try:
        yield
    finally:
        _current = None


def install_libraries() -> None:
    """Give the examiner's libraries the ways into the student's world that a test expects of them."""
    import matplotlib

    if not isinstance(sys.modules.get("matplotlib.pyplot"), StudentPyplot):
        shim = StudentPyplot("matplotlib.pyplot")
        sys.modules["matplotlib.pyplot"] = shim
        vars(matplotlib)["pyplot"] = shim
    chance.watch_seeds(_seeded, _torch_seeded)
    _ask_there(inspect, "getsource", "source")
    _ask_there(typing, "get_type_hints", "hints")  # it evaluates annotations, which may be the student's text


def _ask_there(module: types.ModuleType, name: str, operation: str) -> None:
    """Have a function of `module` carried out in the student's world when it is called with an object of it."""
    original = getattr(module, name)
    if hasattr(original, "_original"):
        return

    @functools.wraps(original)
    def either(*args: Any, **kwargs: Any) -> Any:
        asked = (*args, *kwargs.values())[:1]
        return asked[0]._grader_ask(operation) if asked and is_handle(asked[0]) else original(*args, **kwargs)

    either._original = original  # type: ignore[attr-defined]
    setattr(module, name, either)


def _seeded() -> None:
    if _current is not None:
        _current.seeds.start()


def _torch_seeded(seed: int) -> None:
    if _current is not None:
        _current.sent.add("torch")
        _current.request("torchseed", n=seed)
