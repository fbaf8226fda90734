"""The examiner's view of one test case's student world: values, and handles for all that is not data."""

from __future__ import annotations

import contextlib
import copy
import functools
import importlib
import inspect
import random
import re
import sys
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn

import numpy as np

from autograder.sandbox import chance, operations
from autograder.sandbox.values import EXCEPTIONS, Decoder, Encoder, encode_exception
from autograder.sandbox.wire import Channel, WireClosed, WireError, WireTimeout

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
_MAX_CALLBACKS = 200_000
_MAX_HANDLES = 500_000
_MAX_PRINTED = 5_000_000
_NAME_LENGTH = 200
_MAX_HEARD = 4 << 20
_ROOM_FOR_CHANGES = 256 << 20
# A name that a test means for a class of the student's: CapWords, and no library's class, of which the student
# could bind another one.
_CLASS_NAME = re.compile(r"[A-Z]\w*[a-z]\w*")
_LIBRARY_CLASSES = frozenset(
    "Counter OrderedDict Fraction Decimal Path Series DataFrame Index Timestamp Timedelta Categorical Tensor "
    "Generator RandomState Polynomial Rotation".split()
)
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


class WorldLost(BaseException):
    """The student's process ended, stayed silent or broke the wire.

    Not an `Exception`: a test that expects some error must not take this for it.
    """


class StudentWorld:
    """One forked student process, asked on behalf of one test case.

    Parameters
    ----------
    channel
        Connection to the fork.
    deadline
        When the test case is over, on the clock of `time.monotonic`.
    """

    def __init__(self, channel: Channel, deadline: float) -> None:
        self.channel = channel
        self.deadline = deadline
        # Whether the test did something with what it asked for by name: a value, or a call of an object.
        self.used = False
        self.named: set[int] = set()
        self.lost: str = ""
        self.refused = False
        self.classes = False  # whether the test names a class of the student's
        self.seeds = chance.Follower()
        self._errors: dict[int, type[Exception]] = {}
        self._callbacks: list[Callable[..., Any]] = []
        self._handles: dict[int, Handle] = {}
        self._changed: dict[
            int, tuple[Any, Any]
        ] = {}  # arguments that the student's code changed, as they were
        self._room = _ROOM_FOR_CHANGES
        self._printed = 0
        self._heard: list[Any] | None = []

    def heard(self) -> Iterator[str] | None:
        """All strings that came from the student's side, or None if they are too many to be kept."""
        return None if self._heard is None else _strings(self._heard)

    def refuse(self) -> None:
        self.refused = True

    def request(
        self,
        operation: str,
        *,
        args: tuple = (),
        kwargs: Mapping[str, Any] | None = None,
        own: bool = False,
        **fields: Any,
    ) -> Any:
        """Send one request, serve the callbacks that it causes, and return or raise its result.

        `own` says that an object that the result brings for the first time is one that the test made.
        """
        encoder = _Sender(self)
        self.used |= fields.get("h") in self.named
        document = {"o": operation, **fields}
        if (states := self.seeds.news()) is not None:
            document["z"] = _plain(states, encoder.buffers)
        if args:
            document["a"] = [encoder.encode(value) for value in args]
        if kwargs:
            document["k"] = [[name, encoder.encode(value)] for name, value in kwargs.items()]
        try:
            self.channel.send(document, encoder.buffers, deadline=self.deadline)
            for _ in range(_MAX_CALLBACKS):
                reply, buffers = self.channel.recv(self.deadline)
                if not isinstance(reply, dict):
                    raise WireError("a message is malformed")
                if self._heard is not None:
                    self._heard.append(reply)
                    if self.channel.json_received > _MAX_HEARD:
                        self._heard = None
                if "c" not in reply:
                    return self._result(operation, reply, buffers, encoder.slots, own=own)
                self._call_back(reply, buffers)
            raise WireError("too many calls of a function of the test")
        except WireTimeout:
            self._lose("it did not finish in time")
        except WireClosed:
            self._lose("its process ended (an exit, a crash, or out of memory)")
        except WireError as error:
            self._lose(str(error))

    def _lose(self, why: str) -> NoReturn:
        self.lost = why
        raise WorldLost(why) from None

    def _result(
        self, operation: str, reply: dict[str, Any], buffers: list[Any], slots: dict[int, Any], *, own: bool
    ) -> Any:
        def resolve(document: Any) -> Any:
            return slots[document["k"]] if document["t"] == "slot" else self._resolve(document)

        decoder = Decoder(buffers, resolve)
        changes = reply.get("m")
        for slot, document in changes if isinstance(changes, list) else ():
            new = decoder.decode(document)
            self._remember(slots[slot])
            _write_back(slots[slot], new)
        printed = reply.get("p")
        if isinstance(printed, str) and self._printed < _MAX_PRINTED:
            self._printed += len(printed)
            sys.stdout.write(printed[:100_000])
        if "e" in reply:
            error = self._error(reply["e"], decoder)
            if isinstance(error, (StopIteration, StopAsyncIteration)):
                # Let out of here, it would end a loop of the test as if all had been well.
                error = RuntimeError(f"the code raised {type(error).__name__}")
            raise error if isinstance(error, BaseException) else WireError("a message is malformed")
        if operation == "next" and reply.get("s") is True:
            raise StopIteration
        document = reply.get("r")
        number = document.get("h") if own and isinstance(document, dict) else None
        new = type(number) is int and number not in self._handles
        value = decoder.decode(document)
        if new and _is_handle(value):
            object.__setattr__(value, "_own", True)
        return value

    def undo(self) -> None:
        """Give back to data of the test's what they held before the student's code changed them.

        A constant of a test file or of a helper module is there for the next test case too.
        """
        for original, content in self._changed.values():
            with contextlib.suppress(Exception):
                if isinstance(original, np.random.Generator):
                    original.bit_generator.state = content.bit_generator.state
                else:
                    _write_back(original, content)

    def _remember(self, original: Any) -> None:
        self._room -= 1000 + (
            original.nbytes
            if hasattr(original, "nbytes")
            else 8 * len(original)
            if hasattr(original, "__len__")
            else 0
        )
        if self._room > 0 and id(original) not in self._changed:
            self._changed[id(original)] = (original, _content(original))

    def _call_back(self, reply: dict[str, Any], buffers: list[Any]) -> None:
        """Run a function of the test that student code called, and send what it gave."""
        encoder = _Sender(self)
        try:
            decoder = Decoder(buffers, self._resolve)
            args = [decoder.decode(value) for value in reply.get("a", ())]
            kwargs = {str(name): decoder.decode(value) for name, value in reply.get("k", ())}
            answer = {"r": encoder.encode(self._callbacks[reply["c"]](*args, **kwargs))}
        except Exception as error:
            encoder = _Sender(self)
            answer = {"e": encode_exception(error)}
        self.channel.send(answer, encoder.buffers, deadline=self.deadline)

    def _resolve(self, document: Any) -> Any:
        if document["t"] == "handle" and type(document["h"]) is int:
            number = document["h"]
            if number in self._errors:
                return self._errors[number]
            if document.get("x") in EXCEPTIONS:
                return self._error_class(number, document)
            if number not in self._handles:
                if len(self._handles) > _MAX_HANDLES:
                    raise ValueError("too many objects")
                kind = _handle_class(str(document.get("k"))[:_NAME_LENGTH], document.get("c") is True)
                self._handles[number] = kind(self, number, document)
            # What the student's code hands out is no longer taken as made by the test.
            object.__setattr__(self._handles[number], "_own", False)
            return self._handles[number]
        raise ValueError("unknown tag")

    def _error_class(self, number: int, document: dict[str, Any]) -> type[Exception]:
        """A class of ours for an exception class of the student's, which `except` and `assertRaises` take.

        It is never a builtin class itself, even if the student bound one to the name: an `AssertionError` of the
        test's own must not be what the test takes for the student's.
        """
        bases = tuple(self._resolve(base) for base in document["b"]) or (EXCEPTIONS[document["x"]],)
        self._errors[number] = type(str(document["n"])[:_NAME_LENGTH], bases, {})
        return self._errors[number]

    def _error(self, document: Any, decoder: Decoder) -> Any:
        """The exception that student code raised: of the student's class, if the test knows that."""
        error = decoder.decode(document)
        known = document.get("b", ()) if isinstance(document, dict) and isinstance(error, Exception) else ()
        for number in known if isinstance(known, list) else ():
            if type(number) is int and number in self._errors:
                return self._errors[number](str(document.get("v")))
        return error

    def callback(self, function: Callable[..., Any]) -> dict[str, Any]:
        self._callbacks.append(function)
        name = getattr(function, "__name__", "function")
        return {"t": "callback", "c": len(self._callbacks) - 1, "n": name if isinstance(name, str) else ""}

    def module(self, name: str) -> Any:
        """A module as it is in the student's world."""
        return self.request("import", n=name)


class _Sender(Encoder):
    """Encodes arguments; gives every mutable one a slot, under which its changes come back."""

    def __init__(self, world: StudentWorld) -> None:
        super().__init__(self._foreign)
        self._world = world
        self.slots: dict[int, Any] = {}

    def encode(self, value: Any, depth: int = 0) -> Any:
        document = super().encode(value, depth)
        if isinstance(document, list):
            document = {"t": "list", "v": document}
        if isinstance(document, dict) and document["t"] in ("list", "nd", "dict", "set", "rng", "tensor"):
            slot = len(self.slots)
            self.slots[slot] = value
            document["m"] = slot
            self._known[id(value)] = {"t": "slot", "k": slot}
        return document

    def _foreign(self, value: Any) -> Any:
        if _is_handle(value):
            return {"t": "ref", "h": object.__getattribute__(value, "_number")}
        if callable(value):
            return self._world.callback(value)
        raise TypeError(f"a {type(value).__name__} cannot be passed to the student's code")


def _write_back(original: Any, new: Any) -> None:
    """Give `original` the content that the student's copy of it has now."""
    if isinstance(original, np.ndarray):
        if isinstance(new, np.ndarray) and new.shape == original.shape and original.flags.writeable:
            original[...] = new
    elif isinstance(original, list) and isinstance(new, list):
        original[:] = new
    elif (isinstance(original, dict) and isinstance(new, dict)) or (
        isinstance(original, set) and isinstance(new, set)
    ):
        original.clear()
        original.update(new)
    elif isinstance(original, np.random.Generator) and isinstance(new, np.random.Generator):
        chance.go_on(original, new)
    elif "torch" in sys.modules and isinstance(original, sys.modules["torch"].Tensor):
        original.data.copy_(new.data)


def _strings(document: Any) -> Iterator[str]:
    """All strings in a JSON document."""
    left = [document]
    while left:
        part = left.pop()
        if isinstance(part, str):
            yield part
        elif isinstance(part, (list, dict)):
            left.extend(part.values() if isinstance(part, dict) else part)


def _content(original: Any) -> Any:
    """What `_write_back` needs to give `original` the content that it has now."""
    if isinstance(original, np.ndarray):
        return original.copy()
    if isinstance(original, np.random.Generator):
        return copy.deepcopy(original)
    if "torch" in sys.modules and isinstance(original, sys.modules["torch"].Tensor):
        return original.detach().clone()
    return copy.copy(original)


def _plain(value: Any, buffers: list[Any]) -> Any:
    """Encode data without slots: no change to it comes back."""
    encoder = Encoder(lambda value: None)
    encoder.buffers = buffers
    return encoder.encode(value)


def _refuse(self: Any, *args: Any, **kwargs: Any) -> NoReturn:
    object.__getattribute__(self, "_world").refused = True
    kind = object.__getattribute__(self, "_kind")
    raise TypeError(f"expected data, got an object of type {kind}: {REFUSED}")


class Handle:
    """An object that stays in the student's world.

    Its attributes, items, length, iteration, truth and text are requests, and so are operators among objects of
    the student's. An operator with a value of the test's on its other side is refused, so an object that claims to
    equal everything is worth nothing, unless the test itself made the object from a class of the student's.
    """

    __slots__ = ("_kind", "_library", "_makes", "_name", "_number", "_own", "_world")

    def __init__(self, world: StudentWorld, number: int, document: dict[str, Any]) -> None:
        name = document.get("n")
        object.__setattr__(self, "_world", world)
        object.__setattr__(self, "_number", number)
        object.__setattr__(self, "_kind", str(document.get("k")))
        object.__setattr__(self, "_name", name if isinstance(name, str) else None)
        object.__setattr__(self, "_library", document.get("l"))
        object.__setattr__(self, "_makes", False)  # whether it is a class that the test names
        object.__setattr__(self, "_own", False)  # whether the test made it from one

    def _ask(self, operation: str, **fields: Any) -> Any:
        world = object.__getattribute__(self, "_world")
        return world.request(operation, h=object.__getattribute__(self, "_number"), **fields)

    def __getattribute__(self, name: str) -> Any:
        if name in _EXPLICIT:  # an operator never comes this way, only a test that names the method
            return object.__getattribute__(self, "_ask")("attr", n=name)
        return object.__getattribute__(self, name)

    def __getattr__(self, name: str) -> Any:
        own = object.__getattribute__(self, "_name")
        if name in ("__name__", "__qualname__") and own is not None:
            return own
        if name == "__signature__":
            return _signature(self)
        if name.startswith("__") and name.endswith("__") and name not in _DESCRIPTIONS:
            raise AttributeError(name)
        return self._ask("attr", n=name)

    @property  # type: ignore[misc]  # `object` would let it be written
    def __class__(self) -> Any:
        """What `isinstance` may take this for: a library's class, and one of data only if the test made it."""
        library = object.__getattribute__(self, "_library")
        if not isinstance(library, str):
            return type(self)
        data = _DATA.get(library) if object.__getattribute__(self, "_own") else None
        return data or _library_class(library) or type(self)

    def __setattr__(self, name: str, value: Any) -> None:
        self._ask("setattr", n=name, args=(value,))

    def __delattr__(self, name: str) -> None:
        self._ask("delattr", args=(name,))

    def __getitem__(self, key: Any) -> Any:
        return self._ask("item", args=(key,))

    def __setitem__(self, key: Any, value: Any) -> None:
        self._ask("setitem", args=(key, value))

    def __delitem__(self, key: Any) -> None:
        self._ask("delitem", args=(key,))

    def __len__(self) -> int:
        return self._ask("len")

    def __iter__(self) -> Iterator[Any]:
        if object.__getattribute__(self, "_library") == "generator":
            return self
        return self._items("iter")

    def __reversed__(self) -> Iterator[Any]:
        return self._items("reversed")

    def _items(self, operation: str) -> Iterator[Any]:
        iterator = self._ask(operation)
        while True:
            try:
                yield iterator._ask("next")
            except StopIteration:
                return

    def __next__(self) -> Any:
        return self._ask("iter")._ask("next")

    def __contains__(self, value: Any) -> bool:
        if _may(self, value):
            return self._ask("contains", args=(value,)) is True
        try:
            items = iter(self._items("iter"))
            return any(item is value or item == value for item in items)
        except TypeError as error:
            if "not iterable" not in str(error):
                raise
        _refuse(self)

    def __instancecheck__(self, value: Any) -> bool:
        return _is_handle(value) and self._ask("isinstance", args=(value,)) is True

    def __subclasscheck__(self, value: Any) -> bool:
        return _is_handle(value) and self._ask("subclasscheck", args=(value,)) is True

    def __eq__(self, other: Any) -> Any:
        return False if other is None else _operate(self, "eq", other)

    def __ne__(self, other: Any) -> Any:
        return True if other is None else _operate(self, "ne", other)

    def __bool__(self) -> bool:
        return self._ask("bool") is True

    def __hash__(self) -> int:
        return int(self._ask("hash"))

    def __str__(self) -> str:
        return str(self._ask("str"))

    def __repr__(self) -> str:
        text = str(self._ask("repr"))
        if _OF_DATA.match(text) and not object.__getattribute__(self, "_own"):
            world, kind = (object.__getattribute__(self, name) for name in ("_world", "_kind"))
            world.refused = True
            return f"<{kind} of the student's>"
        return text

    def __format__(self, specification: str) -> str:
        return str(self._ask("format", args=(specification,)))

    def __dir__(self) -> list[str]:
        return [str(name) for name in self._ask("dir")]

    def __enter__(self) -> Any:
        return self._ask("enter")

    def __exit__(self, kind: Any, error: Any, trace: Any) -> bool:
        return self._ask("exit", args=(None,)) is True

    def __copy__(self) -> Handle:
        return self

    def __deepcopy__(self, memo: Any) -> Handle:
        return self


class CallableHandle(Handle):
    """A function, method, class or other callable of the student's."""

    __slots__ = ()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        makes = object.__getattribute__(self, "_makes")
        return self._ask("call", args=args, kwargs=kwargs, own=makes, **({"w": True} if makes else {}))


def _is_handle(value: Any) -> bool:
    return issubclass(type(value), Handle)


def _is_own(value: Any) -> bool:
    return _is_handle(value) and object.__getattribute__(value, "_own")


def _may(self: Handle, other: Any) -> bool:
    """Whether student code may see both sides of an operator and say what comes of it.

    Among objects of the student's it may where the test names a class of theirs. A test of a function means numbers.
    """
    return _is_own(self) or (_is_handle(other) and object.__getattribute__(self, "_world").classes)


def _operate(self: Any, name: str, *others: Any) -> Any:
    if not _may(self, others[0] if others else None):
        _refuse(self)
    mine = _is_own(self)
    result = self._ask(name, args=others, own=mine or any(map(_is_own, others)))
    if mine and result is self:  # in place
        object.__setattr__(self, "_own", True)
    return result


def _maker(handle: CallableHandle) -> CallableHandle:
    """A handle of its own for a class that a test names: the same object by another name makes nothing."""
    made = object.__new__(type(handle))
    for slot in Handle.__slots__:
        object.__setattr__(made, slot, object.__getattribute__(handle, slot))
    object.__setattr__(made, "_makes", True)
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
def _handle_class(kind: str, calls: bool) -> type[Handle]:
    """A class of handles that is named as the student's class, for a test that asks for `type(x).__name__`."""
    base = CallableHandle if calls else Handle
    return type(kind if kind.isidentifier() else base.__name__, (base,), {"__slots__": ()})


def _signature(handle: Handle) -> inspect.Signature:
    parameters = []
    for name, kind, has_default, default in handle._ask("signature"):
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
        if _is_handle(value) and object.__getattribute__(value, "_kind") == "module":
            module = object.__getattribute__(value, "_name")
            if module in _LIBRARIES:
                return importlib.import_module(module)
        if _is_handle(value):
            self._world.named.add(object.__getattribute__(value, "_number"))
        else:
            self._world.used = True
        if (
            issubclass(type(value), CallableHandle)
            and _CLASS_NAME.fullmatch(name)
            and name not in _LIBRARY_CLASSES
        ):
            self._world.classes = True
            return _maker(value)
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
        world.undo()


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
        return asked[0]._ask(operation) if asked and _is_handle(asked[0]) else original(*args, **kwargs)

    either._original = original  # type: ignore[attr-defined]
    setattr(module, name, either)


def _seeded() -> None:
    if _current is not None:
        _current.seeds.start()


def _torch_seeded(seed: int) -> None:
    if _current is not None:
        _current.request("torchseed", n=seed)
