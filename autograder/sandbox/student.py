"""The student's side: runs cells, freezes the state at each check, answers an examiner's requests.

Everything here belongs to the student: code that a notebook runs can change all of it, and wins nothing.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import json
import os
import resource
import socket
import sys
import types
from pathlib import Path
from typing import Any

from autograder.sandbox import chance, operations, stub_otter, walls
from autograder.sandbox.shell import NotebookShell, without_terminal
from autograder.sandbox.values import EXCEPTIONS, Decoder, Encoder, encode_exception
from autograder.sandbox.wire import LAST_CASE, Channel, WireClosed, WireError, WireLimits

_ROOMY = WireLimits(total_bytes=1 << 30, json_bytes=1 << 28)
_PRINTED = 100_000


def run_notebook(sock: socket.socket, shell: NotebookShell, folder: Path, case_cpu: int) -> None:
    """Serve one examiner: files, cells and forks, until it hangs up."""
    session = Session(Channel(sock, limits=_ROOMY, accept_fds=True), shell, case_cpu)
    stub_otter.install(session.check)
    without_terminal()
    os.chdir(folder)
    shell.home_dir = os.environ["HOME"]
    sys.path.insert(0, "")
    session.channel.send({"ready": True})
    while True:
        request, buffers = session.channel.recv()
        match request["o"]:
            case "file":
                with contextlib.suppress(OSError, ValueError):
                    path = folder / request["p"]
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(buffers[0] if buffers else b"")
            case "cell":
                error = shell.run(request["s"], seed=request["seed"], seed_variable=request["var"])
                session.channel.send({"done": request["i"], "error": error})
            case "fork":
                session.freeze(shell.user_ns)


class Session:
    """The connection of a running notebook to its examiner."""

    def __init__(self, channel: Channel, shell: NotebookShell, case_cpu: int) -> None:
        self.channel = channel
        self.shell = shell
        self.case_cpu = case_cpu
        self.pid = os.getpid()
        self.forks: list[int] = []

    def check(self, question: str, namespace: Any) -> None:
        """Tell the examiner that `question` is answered, and go on when it has looked."""
        if os.getpid() != self.pid:
            return  # a worker process of the notebook's own
        self.channel.send({"check": question})
        request, _ = self.channel.recv()
        if request["o"] == "fork":
            self.freeze(namespace if isinstance(namespace, dict) else self.shell.user_ns)
            self.channel.recv()

    def freeze(self, namespace: dict[str, Any]) -> None:
        """Leave a fork behind that keeps the state as it is now."""
        fd = self.channel.take_fd()
        try:
            self.forks = [pid for pid in self.forks if not _ended(pid)]
            child = os.fork()
            if child == 0:
                self.channel.close()
                _serve_frozen(fd, namespace, self.case_cpu)
            self.forks.append(child)
        finally:  # where the fork fails, the examiner sees its end closed
            os.close(fd)


def _ended(pid: int) -> bool:
    """Whether a fork has ended; asking lets the kernel forget it, else it would count as a process."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] != 0
    except ChildProcessError:  # the notebook has asked for it
        return True


def _serve_frozen(fd: int, namespace: dict[str, Any], cpu: int) -> None:
    """Fork once for each test case until the examiner hangs up.

    A request is one byte and the case's socket. Little happens here on purpose: a fork pays for every page
    of memory that is touched after it.
    """
    try:
        sock = socket.socket(fileno=fd)
        gc.freeze()
        while True:
            request, fds, _, _ = socket.recv_fds(sock, 1, 1)
            walls.reap()  # a fork that ended counts as a process until it is asked for
            if not request:
                return
            if request == LAST_CASE or os.fork() == 0:
                sock.close()
                resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))  # an endless case ends by itself
                World(Channel(socket.socket(fileno=fds[0]), limits=_ROOMY), namespace).serve()
            os.close(fds[0])
    finally:
        os._exit(0)


class World:
    """Answers requests about one namespace during one test case."""

    def __init__(self, channel: Channel, namespace: dict[str, Any]) -> None:
        self.channel = channel
        self.namespace = namespace
        self.objects: list[Any] = []
        self.numbers: dict[int, int] = {}

    def serve(self) -> None:
        try:
            while True:
                self.answer(*self.channel.recv())
        except (WireClosed, BrokenPipeError):
            pass
        finally:
            os._exit(0)

    def answer(self, request: Any, buffers: list[Any]) -> None:
        """Carry out one request; send its result or the exception that it raised, and changed arguments."""
        decoder = self._decoder(buffers)
        encoder = Encoder(self._handle)
        printed = io.StringIO()
        reply: dict[str, Any] = {}
        known: dict[int, Any] = {}
        before: dict[int, Any] = {}
        try:
            arguments = [decoder.decode(value) for value in request.get("a", ())]
            keywords = {str(name): decoder.decode(value) for name, value in request.get("k", ())}
            known = {id(value): {"t": "slot", "k": slot} for slot, value in decoder.created.items()}
            before = self._state(decoder.created, known)
            if "z" in request:
                chance.restore(decoder.decode(request["z"]))
            with contextlib.redirect_stdout(printed):
                result = self._carry_out(request, arguments, keywords)
            encoder = Encoder(self._handle, known, objects=True)
            whole = request.get("w") is True and operations.keeps_its_class(result)
            reply["r"] = self._handle(result) if whole else encoder.encode(result)
        except WireError:
            raise
        except BaseException as error:
            encoder = Encoder(self._handle, known, objects=True)
            if request["o"] == "next" and isinstance(error, StopIteration):
                reply["s"] = True
            else:
                reply["e"] = encode_exception(error)
                reply["e"]["b"] = [
                    self.numbers[id(cls)] for cls in type(error).__mro__ if id(cls) in self.numbers
                ]
        if changes := self._changes(decoder.created, known, before, encoder.buffers):
            reply["m"] = changes
        if text := printed.getvalue()[:_PRINTED]:
            reply["p"] = text
        self.channel.send(reply, encoder.buffers)

    def _carry_out(self, request: Any, arguments: list[Any], keywords: dict[str, Any]) -> Any:
        target: Any = self.objects[request["h"]] if "h" in request else None
        match request["o"]:
            case "get":
                return self.namespace[request["n"]]
            case "names":
                return [name for name in self.namespace if isinstance(name, str)]
            case "call":
                return target(*arguments, **keywords)
            case "attr":
                return getattr(target, request["n"])
            case "setattr":
                return setattr(target, request["n"], arguments[0])
            case "item":
                return target[arguments[0]]
            case "setitem":
                target[arguments[0]] = arguments[1]
                return None
            case "len":
                return len(target)
            case "iter":
                return _Iterator(iter(target))
            case "next":
                return next(target.iterator)
            case "isinstance":
                return isinstance(arguments[0], target)
            case "import":
                return importlib.import_module(request["n"])
            case "torchseed":
                return importlib.import_module("torch").manual_seed(request["n"]) and None
        return operations.OPERATIONS[request["o"]](target, *arguments)

    def _handle(self, value: Any) -> Any:
        number = self.numbers.get(id(value))
        if number is None:
            number = len(self.objects)
            self.objects.append(value)
            self.numbers[id(value)] = number
        name = getattr(value, "__name__", None)
        document = {
            "t": "handle",
            "h": number,
            "c": callable(value),
            "k": "module" if isinstance(value, types.ModuleType) else type(value).__name__[:200],
            "n": name[:200] if isinstance(name, str) else None,
            "l": operations.library_class(value),
        }
        if type(value) is type and issubclass(value, Exception):
            document["x"] = next(cls.__name__ for cls in value.__mro__ if EXCEPTIONS.get(cls.__name__) is cls)
            document["b"] = [
                self._handle(base)
                for base in value.__bases__
                if issubclass(base, Exception) and EXCEPTIONS.get(base.__name__) is not base
            ]
        return document

    def _decoder(self, buffers: list[Any]) -> Decoder:
        """A decoder for one message, in which an argument may be mentioned twice."""

        def resolve(document: Any) -> Any:
            return decoder.created[document["k"]] if document["t"] == "slot" else self._resolve(document)

        decoder = Decoder(buffers, resolve)
        return decoder

    def _resolve(self, document: Any) -> Any:
        match document["t"]:
            case "ref":
                return self.objects[document["h"]]
            case "callback":
                return self._callback(document["c"], document["n"])
        raise ValueError("unknown tag")

    def _callback(self, number: int, name: str) -> Any:
        """A function that runs on the examiner's side."""

        def call(*args: Any, **kwargs: Any) -> Any:
            encoder = Encoder(self._handle, objects=True)
            document = {
                "c": number,
                "a": [encoder.encode(value) for value in args],
                "k": [[key, encoder.encode(value)] for key, value in kwargs.items()],
            }
            self.channel.send(document, encoder.buffers)
            reply, buffers = self.channel.recv()
            while "o" in reply:  # the function asks for something of ours before it answers
                self.answer(reply, buffers)
                reply, buffers = self.channel.recv()
            decoder = self._decoder(buffers)
            if "e" in reply:
                raise decoder.decode(reply["e"])
            return decoder.decode(reply["r"])

        call.__name__ = call.__qualname__ = name
        return call

    def _state(self, slots: dict[int, Any], known: dict[int, Any]) -> dict[int, Any]:
        """The arguments as they are now, in a form that can be compared."""
        state = {}
        for slot, value in slots.items():
            others = {key: document for key, document in known.items() if key != id(value)}
            encoder = Encoder(self._handle, others)
            document = encoder.encode(value)
            state[slot] = (json.dumps(document), [bytes(buffer) for buffer in encoder.buffers])
        return state

    def _changes(
        self, slots: dict[int, Any], known: dict[int, Any], before: dict[int, Any], buffers: list[Any]
    ) -> list[Any]:
        """``[slot, new value]`` of every argument that the call changed."""
        if not before:
            return []
        changes = []
        with contextlib.suppress(Exception):
            for slot, state in self._state(slots, known).items():
                if state != before[slot]:
                    value = slots[slot]
                    encoder = Encoder(self._handle, {k: d for k, d in known.items() if k != id(value)})
                    encoder.buffers = buffers
                    changes.append([slot, encoder.encode(value)])
        return changes


class _Iterator:
    """Holds an iterator, so that it crosses as a handle whatever it is."""

    def __init__(self, iterator: Any) -> None:
        self.iterator = iterator
