"""Handles: the examiner's view of what is not data and stays in the student's world."""

from __future__ import annotations

import functools
import inspect
import re
import sys
import types
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from autograder.sandbox import operations

if TYPE_CHECKING:
    from autograder.sandbox.student_world import StudentWorld

# Attributes that describe a function, a class or an object. All other names with two underscores are protocols
# by which libraries ask an object what it claims to be.
_DESCRIPTIONS = frozenset(
    "__dict__ __code__ __defaults__ __kwdefaults__ __annotations__ __bases__ __mro__ "
    "__dataclass_fields__ __self__ __func__".split()
)
# What `isinstance` may take a handle for.
_KINDS = {
    "generator": types.GeneratorType,
    "function": types.FunctionType,
    "method": types.MethodType,
    "type": type,
    "re.Pattern": re.Pattern,
    "re.Match": re.Match,
}
_HOMES = re.compile(r"matplotlib\.[a-z_.]+|torch\.nn\.modules\.[a-z_]+")
# How the text of a number, a string or a container begins: a doctest would take an object's text for the value.
_OF_DATA = re.compile(r"""\s*([-+.\d'"\[({]|[bB]['"]|(True|False|None|nan|inf|array|tensor|Ellipsis)\b|$)""")
_DATA = {kind.__name__: kind for kind in (int, float, str, list, tuple, dict, set)}
REFUSED = (
    "the test compares or calculates with an object of the answer's own and a value of the test's. The object could "
    "claim to equal everything, so this is not done: the test should compare attributes, items or str(), or call the "
    "method by its name, such as a.__eq__(b)"
)


def _refuse(self: Any, *args: Any, **kwargs: Any) -> NoReturn:
    object.__getattribute__(self, "_grader_world").refuse(REFUSED)
    kind = object.__getattribute__(self, "_grader_kind")
    raise TypeError(f"expected data, got an object of type {kind}: {REFUSED}")


class Handle:
    """An object that stays in the student's world.

    Its attributes, items, length, iteration, truth and text are requests, and so are operators among objects of
    the student's. An operator with a value of the test's on its other side is refused, so an object that claims to
    equal everything is worth nothing, unless the test itself made the object from a class of the student's.
    """

    __slots__ = (
        "_grader_kind",
        "_grader_library",
        "_grader_makes",
        "_grader_name",
        "_grader_number",
        "_grader_own",
        "_grader_world",
    )

    def __init__(self, world: StudentWorld, number: int, document: dict[str, Any]) -> None:
        name = document.get("n")
        object.__setattr__(self, "_grader_world", world)
        object.__setattr__(self, "_grader_number", number)
        object.__setattr__(self, "_grader_kind", str(document.get("k")))
        object.__setattr__(self, "_grader_name", name if isinstance(name, str) else None)
        object.__setattr__(self, "_grader_library", document.get("l"))
        object.__setattr__(self, "_grader_makes", False)  # whether it is a class that the test names
        object.__setattr__(self, "_grader_own", False)  # whether the test made it from one

    def _grader_ask(self, operation: str, **fields: Any) -> Any:
        world = object.__getattribute__(self, "_grader_world")
        return world.request(operation, h=object.__getattribute__(self, "_grader_number"), **fields)

    def __getattribute__(self, name: str) -> Any:
        if name in _EXPLICIT:  # an operator never comes this way, only a test that names the method
            return object.__getattribute__(self, "_grader_ask")("attr", n=name)
        return object.__getattribute__(self, name)

    def __getattr__(self, name: str) -> Any:
        own = object.__getattribute__(self, "_grader_name")
        if name in ("__name__", "__qualname__") and own is not None:
            return own
        if name == "__signature__":
            return _signature(self)
        if name.startswith("__") and name.endswith("__") and name not in _DESCRIPTIONS:
            raise AttributeError(name)
        return self._grader_ask("attr", n=name)

    @property  # type: ignore[misc]  # `object` would let it be written
    def __class__(self) -> Any:
        """What `isinstance` may take this for: a library's class, and one of data only if the test made it."""
        library = object.__getattribute__(self, "_grader_library")
        if not isinstance(library, str):
            return type(self)
        data = _DATA.get(library) if object.__getattribute__(self, "_grader_own") else None
        return data or _library_class(library) or type(self)

    def __setattr__(self, name: str, value: Any) -> None:
        self._grader_ask("setattr", n=name, args=(value,))

    def __delattr__(self, name: str) -> None:
        self._grader_ask("delattr", args=(name,))

    def __getitem__(self, key: Any) -> Any:
        return self._grader_ask("item", args=(key,))

    def __setitem__(self, key: Any, value: Any) -> None:
        self._grader_ask("setitem", args=(key, value))

    def __delitem__(self, key: Any) -> None:
        self._grader_ask("delitem", args=(key,))

    def __len__(self) -> int:
        return self._grader_ask("len")

    def __iter__(self) -> Iterator[Any]:
        if object.__getattribute__(self, "_grader_library") == "generator":
            return self
        return self._grader_items("iter")

    def __reversed__(self) -> Iterator[Any]:
        return self._grader_items("reversed")

    def _grader_items(self, operation: str) -> Iterator[Any]:
        iterator = self._grader_ask(operation)
        while True:
            try:
                yield iterator._grader_ask("next")
            except StopIteration:
                return

    def __next__(self) -> Any:
        return self._grader_ask("iter")._grader_ask("next")

    def __contains__(self, value: Any) -> bool:
        if _may(self, value):
            return self._grader_ask("contains", args=(value,)) is True
        try:
            items = iter(self._grader_items("iter"))
            return any(item is value or item == value for item in items)
        except TypeError as error:
            if "not iterable" not in str(error):
                raise
        _refuse(self)

    def __instancecheck__(self, value: Any) -> bool:
        return is_handle(value) and self._grader_ask("isinstance", args=(value,)) is True

    def __subclasscheck__(self, value: Any) -> bool:
        return is_handle(value) and self._grader_ask("subclasscheck", args=(value,)) is True

    def __eq__(self, other: Any) -> Any:
        return other is self or (other is not None and _operate(self, "eq", other))

    def __ne__(self, other: Any) -> Any:
        return other is None or (other is not self and _operate(self, "ne", other))

    def __bool__(self) -> bool:
        return self._grader_ask("bool") is True

    def __hash__(self) -> int:
        return int(self._grader_ask("hash"))

    def __str__(self) -> str:
        return str(self._grader_ask("str"))

    def __repr__(self) -> str:
        text = str(self._grader_ask("repr"))
        if _OF_DATA.match(text) and not object.__getattribute__(self, "_grader_own"):
            world, kind = (object.__getattribute__(self, name) for name in ("_grader_world", "_grader_kind"))
            world.refuse(REFUSED)
            return f"<{kind} of the student's>"
        return text

    def __format__(self, specification: str) -> str:
        return str(self._grader_ask("format", args=(specification,)))

    def __dir__(self) -> list[str]:
        return [str(name) for name in self._grader_ask("dir")]

    def __enter__(self) -> Any:
        return self._grader_ask("enter")

    def __exit__(self, kind: Any, error: Any, trace: Any) -> bool:
        return self._grader_ask("exit", args=(None,)) is True

    def __copy__(self) -> Handle:
        return self

    def __deepcopy__(self, memo: Any) -> Handle:
        return self


class CallableHandle(Handle):
    """A function, method, class or other callable of the student's."""

    __slots__ = ()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        makes = object.__getattribute__(self, "_grader_makes")
        return self._grader_ask("call", args=args, kwargs=kwargs, own=makes, **({"w": True} if makes else {}))


def is_handle(value: Any) -> bool:
    return issubclass(type(value), Handle)


def is_own(value: Any) -> bool:
    return is_handle(value) and object.__getattribute__(value, "_grader_own")


def _may(self: Handle, other: Any) -> bool:
    """Whether student code may see both sides of an operator and say what comes of it.

    Among objects of the student's it may where the test names a class of theirs. A test of a function means numbers.
    """
    return is_own(self) or (is_handle(other) and object.__getattribute__(self, "_grader_world").classes)


def _operate(self: Any, name: str, *others: Any) -> Any:
    if not _may(self, others[0] if others else None):
        _refuse(self)
    mine = is_own(self)
    result = self._grader_ask(name, args=others, own=mine or any(map(is_own, others)))
    if mine and result is self:  # in place
        object.__setattr__(self, "_grader_own", True)
    return result


def maker(handle: CallableHandle) -> CallableHandle:
    """A handle of its own for a class that a test names: the same object by another name makes nothing."""
    made = object.__new__(type(handle))
    for slot in Handle.__slots__:
        object.__setattr__(made, slot, object.__getattribute__(handle, slot))
    object.__setattr__(made, "_grader_makes", True)
    return made


def _operator(name: str) -> Callable[..., Any]:
    def operator(self: Any, *others: Any) -> Any:
        return _operate(self, name, *others)

    return operator


for _name in (
    *operations.COMPARISONS[2:],
    *operations.UNARY,
    *operations.CONVERSIONS,
    *(prefix + name for name in operations.ARITHMETIC for prefix in ("", "r", "i")),
):
    setattr(Handle, f"__{_name}__", _operator(_name))
for (
    _name
) in "index trunc floor ceil bytes array array_ufunc array_function reduce reduce_ex divmod rdivmod".split():
    setattr(Handle, f"__{_name}__", _refuse)

_EXPLICIT = frozenset(
    f"__{name}__"
    for name in (
        *operations.COMPARISONS,
        *operations.UNARY,
        *operations.CONVERSIONS,
        *operations.OPEN,
        *operations.ARITHMETIC,
        *(f"r{name}" for name in operations.ARITHMETIC),
        *"contains len getitem call enter exit iter next doc module".split(),
    )
) - {"__round__"}


@functools.lru_cache(256)
def handle_class(kind: str, calls: bool) -> type[Handle]:
    """A class of handles that is named as the student's class, for a test that asks for `type(x).__name__`."""
    base = CallableHandle if calls else Handle
    return type(kind if kind.isidentifier() else base.__name__, (base,), {"__slots__": ()})


def _signature(handle: Handle) -> inspect.Signature:
    parameters = []
    for name, kind, has_default, default in handle._grader_ask("signature"):
        ours = inspect.Parameter(str(name), inspect._ParameterKind(kind))
        parameters.append(ours.replace(default=default) if has_default else ours)
    return inspect.Signature(parameters)


def _library_class(name: str) -> type | None:
    """The class of a library that a student's world says an object is of; never one that a test takes for data."""
    if name in _KINDS:
        return _KINDS[name]
    home, _, own = name.rpartition(".")
    module = sys.modules.get(home) if _HOMES.fullmatch(home) else None
    found = vars(module).get(own) if module is not None else None
    if not isinstance(found, type) or found.__module__ != home:  # what a module imports is none of its own
        return None
    return None if issubclass(found, (*_DATA.values(), np.ndarray)) else found
