"""One test case's connection to its fork of the student's world: requests, callbacks, changed arguments."""

from __future__ import annotations

import contextlib
import copy
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn

import numpy as np

from autograder.sandbox import chance
from autograder.sandbox.handles import Handle, handle_class, is_handle
from autograder.sandbox.heavy import HEAVY_MODULES
from autograder.sandbox.values import EXCEPTIONS, Decoder, Encoder, encode_exception
from autograder.sandbox.wire import Channel, WireClosed, WireError, WireTimeout

_MAX_CALLBACKS = 200_000
_MAX_HANDLES = 500_000
_MAX_PRINTED = 5_000_000
_NAME_LENGTH = 200
_MAX_HEARD = 4 << 20
_ROOM_FOR_CHANGES = 256 << 20


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
        self.refused = ""  # why something was refused
        self.classes = False  # whether the test names a class of the student's
        self.sent: set[str] = (
            set()
        )  # libraries whose values the test passed: the student's side must load them
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

    def refuse(self, why: str) -> None:
        self.refused = why

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
        if new and is_handle(value):
            object.__setattr__(value, "_grader_own", True)
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
        if id(original) in self._changed:
            return
        self._room -= 1000 + (
            original.nbytes
            if hasattr(original, "nbytes")
            else 8 * len(original)
            if hasattr(original, "__len__")
            else 0
        )
        if self._room < 0:  # what cannot be given back is not changed
            self._lose("it changed too many of the test's values")
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
                kind = handle_class(str(document.get("k"))[:_NAME_LENGTH], document.get("c") is True)
                self._handles[number] = kind(self, number, document)
            # What the student's code hands out is no longer taken as made by the test.
            object.__setattr__(self._handles[number], "_grader_own", False)
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

    def _library(self, value: Any, depth: int) -> Any:
        library = str(type(value).__module__).partition(".")[0]
        if library in HEAVY_MODULES:
            self._world.sent.add(library)
        return super()._library(value, depth)

    def _foreign(self, value: Any) -> Any:
        if is_handle(value):
            return {"t": "ref", "h": object.__getattribute__(value, "_grader_number")}
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
