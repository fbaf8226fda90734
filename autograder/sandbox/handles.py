"""The examiner's view of one test case's student world: values, and handles for all that is not data."""

from __future__ import annotations

import importlib
import sys
import types
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn

import numpy as np

from autograder.sandbox.values import Decoder, Encoder, encode_exception
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
    "torch.nn torch.nn.functional torch.optim numpy.linalg numpy.random".split()
)
_STUDENT_MODULES = {"plt": "matplotlib.pyplot"}
_MAX_CALLBACKS = 200_000


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
        self.lost: str = ""
        self._callbacks: list[Callable[..., Any]] = []
        self._handles: dict[int, Handle] = {}

    def request(
        self, operation: str, *, args: tuple = (), kwargs: Mapping[str, Any] | None = None, **fields: Any
    ) -> Any:
        """Send one request, serve the callbacks that it causes, and return or raise its result."""
        encoder = _Sender(self)
        document = {"o": operation, **fields}
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
                if "c" not in reply:
                    return self._result(operation, reply, buffers, encoder.slots)
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
        self, operation: str, reply: dict[str, Any], buffers: list[Any], slots: dict[int, Any]
    ) -> Any:
        def resolve(document: Any) -> Any:
            return slots[document["k"]] if document["t"] == "slot" else self._resolve(document)

        decoder = Decoder(buffers, resolve)
        changes = reply.get("m")
        for slot, document in changes if isinstance(changes, list) else ():
            _write_back(slots[slot], decoder.decode(document))
        printed = reply.get("p")
        if isinstance(printed, str):
            sys.stdout.write(printed[:100_000])
        if "e" in reply:
            error = decoder.decode(reply["e"])
            if isinstance(error, (StopIteration, StopAsyncIteration)):
                # Let out of here, it would end a loop of the test as if all had been well.
                error = RuntimeError(f"the code raised {type(error).__name__}")
            raise error if isinstance(error, BaseException) else WireError("a message is malformed")
        if operation == "next" and reply.get("s") is True:
            raise StopIteration
        return decoder.decode(reply.get("r"))

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
            if number not in self._handles:
                kind = CallableHandle if document.get("c") is True else Handle
                self._handles[number] = kind(self, number, str(document.get("k")), document.get("n"))
            return self._handles[number]
        raise ValueError("unknown tag")

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
        if isinstance(value, Handle):
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
        original.bit_generator.state = new.bit_generator.state
    elif "torch" in sys.modules and isinstance(original, sys.modules["torch"].Tensor):
        original.data.copy_(new.data)


def _refuse(self: Any, *args: Any, **kwargs: Any) -> NoReturn:
    kind = object.__getattribute__(self, "_kind")
    raise TypeError(
        f"expected data, got an object of type {kind}: it cannot be compared, converted or computed with"
    )


class Handle:
    """An object that stays in the student's world.

    Its attributes, items, length and iteration are requests. It refuses comparison, truth, arithmetic and
    conversion, so an object that claims to equal everything is worth nothing.
    """

    __slots__ = ("_kind", "_name", "_number", "_world")

    def __init__(self, world: StudentWorld, number: int, kind: str, name: Any) -> None:
        object.__setattr__(self, "_world", world)
        object.__setattr__(self, "_number", number)
        object.__setattr__(self, "_kind", kind)
        object.__setattr__(self, "_name", name if isinstance(name, str) else None)

    def _ask(self, operation: str, **fields: Any) -> Any:
        world = object.__getattribute__(self, "_world")
        return world.request(operation, h=object.__getattribute__(self, "_number"), **fields)

    def __getattr__(self, name: str) -> Any:
        own = object.__getattribute__(self, "_name")
        if name in ("__name__", "__qualname__") and own is not None:
            return own
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return self._ask("attr", n=name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._ask("setattr", n=name, args=(value,))

    def __getitem__(self, key: Any) -> Any:
        return self._ask("item", args=(key,))

    def __setitem__(self, key: Any, value: Any) -> None:
        self._ask("setitem", args=(key, value))

    def __len__(self) -> int:
        return self._ask("len")

    def __iter__(self) -> Iterator[Any]:
        iterator = self._ask("iter")
        while True:
            try:
                yield iterator._ask("next")
            except StopIteration:
                return

    def __next__(self) -> Any:
        return next(iter(self))

    def __instancecheck__(self, value: Any) -> bool:
        return isinstance(value, Handle) and self._ask("isinstance", args=(value,)) is True

    def __repr__(self) -> str:
        return f"<{object.__getattribute__(self, '_kind')} of the student's>"

    def __copy__(self) -> Handle:
        return self

    def __deepcopy__(self, memo: Any) -> Handle:
        return self

    __hash__ = object.__hash__


for _name in (
    "eq ne lt le gt ge bool contains int float complex index round trunc floor ceil bytes array array_ufunc "
    "array_function reduce reduce_ex neg pos abs invert add sub mul matmul truediv floordiv mod divmod pow "
    "lshift rshift and or xor radd rsub rmul rmatmul rtruediv rfloordiv rmod rpow rand ror rxor"
).split():
    setattr(Handle, f"__{_name}__", _refuse)


class CallableHandle(Handle):
    """A function, method, class or other callable of the student's."""

    __slots__ = ()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("call", args=args, kwargs=kwargs)


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
        if isinstance(value, Handle) and object.__getattribute__(value, "_kind") == "module":
            module = object.__getattribute__(value, "_name")
            if module in _LIBRARIES:
                return importlib.import_module(module)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(name for name in self._world.request("names") if isinstance(name, str))

    def __len__(self) -> int:
        return sum(1 for _ in self)


class StudentPyplot(types.ModuleType):
    """`matplotlib.pyplot` in the examiner: figures of a test live in the student's world."""

    world: StudentWorld | None = None

    def __getattr__(self, name: str) -> Any:
        world = type(self).world
        if world is None or (name.startswith("__") and name.endswith("__")):
            raise AttributeError(name)
        return getattr(world.module("matplotlib.pyplot"), name)


def install_pyplot() -> None:
    """Make `import matplotlib.pyplot` in a test mean the student world's."""
    import matplotlib

    shim = StudentPyplot("matplotlib.pyplot")
    sys.modules["matplotlib.pyplot"] = shim
    vars(matplotlib)["pyplot"] = shim
