"""Frames on a socket: one JSON document and raw buffers, with limits on everything.

A frame is ``!II`` (bytes of JSON, number of buffers), a ``!Q`` length per buffer, the JSON, the buffers.
The reader never trusts a length: it checks the limits first and allocates as data arrives.
"""

from __future__ import annotations

import array
import json
import select
import socket
import struct
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_HEAD = struct.Struct("!II")
_CHUNK = 1 << 16

CASE, LAST_CASE = b"c", b"l"  # all that a frozen world is ever asked: a fork for a case, or its own last case


class WireError(Exception):
    """The other side broke the protocol or a limit."""


class WireClosed(WireError):
    """The other side is gone."""


class WireTimeout(WireError):
    """The other side did not answer in time."""


@dataclass(frozen=True)
class WireLimits:
    """Upper bounds on one frame, in bytes and counts."""

    json_bytes: int = 16 << 20
    buffers: int = 65536
    total_bytes: int = 128 << 20


class Channel:
    """A connected Unix socket that carries frames.

    Parameters
    ----------
    sock
        Connected stream socket; the channel owns it.
    limits
        Bounds on every frame received.
    accept_fds
        Whether received descriptors are kept (in the student world only: a trusted process never takes
        a descriptor from untrusted hands).
    """

    def __init__(
        self, sock: socket.socket, *, limits: WireLimits | None = None, accept_fds: bool = False
    ) -> None:
        sock.setblocking(False)
        self.sock = sock
        self.limits = limits or WireLimits()
        self.fds: list[int] = []
        self._accept_fds = accept_fds
        self._pending = bytearray()
        self.json_received = 0  # bytes

    def close(self) -> None:
        self.sock.close()

    def send(
        self,
        document: Any,
        buffers: Sequence[Any] = (),
        *,
        fds: Sequence[int] = (),
        deadline: float | None = None,
    ) -> None:
        """Send one frame; `deadline` is on the clock of `time.monotonic`."""
        text = json.dumps(document, separators=(",", ":")).encode()
        views = [memoryview(buffer) for buffer in buffers]  # flat bytes, never empty
        parts = [_HEAD.pack(len(text), len(views))]
        parts.extend(struct.pack("!Q", len(view)) for view in views)
        parts.append(text)
        head = b"".join(parts)
        if fds:
            rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))]
            self._wait(select.POLLOUT, deadline)
            sent = self._guard(lambda: self.sock.sendmsg([head], rights))
            head = head[sent:]
        for view in [memoryview(head), *views]:
            self._send_all(view, deadline)

    def recv(self, deadline: float | None = None) -> tuple[Any, list[memoryview]]:
        """Receive one frame: the JSON document and the buffers (views of the frame's own memory)."""
        if deadline is not None and time.monotonic() > deadline:
            raise WireTimeout("no answer in time")
        json_bytes, count = _HEAD.unpack(self._take(_HEAD.size, deadline))
        if json_bytes > self.limits.json_bytes or count > self.limits.buffers:
            raise WireError("a message is larger than the limit")
        sizes = struct.unpack(f"!{count}Q", self._take(8 * count, deadline)) if count else ()
        if json_bytes + sum(sizes) > self.limits.total_bytes:
            raise WireError("a message is larger than the limit")
        text = self._take(json_bytes, deadline)
        self.json_received += json_bytes
        buffers = [memoryview(self._take(size, deadline)) for size in sizes]
        try:
            return json.loads(text), buffers
        except (ValueError, RecursionError) as error:
            raise WireError(f"a message is not valid JSON: {type(error).__name__}") from None

    def take_fd(self) -> int:
        """The oldest descriptor received and not yet taken."""
        if not self.fds:
            raise WireError("a descriptor is missing")
        return self.fds.pop(0)

    def _take(self, size: int, deadline: float | None) -> bytearray:
        while len(self._pending) < size:
            if deadline is not None and time.monotonic() > deadline:  # data that never stops is no answer
                raise WireTimeout("no answer in time")
            self._pending += self._read(max(_CHUNK, min(size - len(self._pending), 1 << 20)), deadline)
        if len(self._pending) == size:
            taken, self._pending = self._pending, bytearray()
        else:
            taken = self._pending[:size]
            del self._pending[:size]
        return taken

    def _read(self, size: int, deadline: float | None) -> bytes:
        while True:
            try:
                if self._accept_fds:
                    data, fds, _, _ = socket.recv_fds(self.sock, size, 4)
                    self.fds.extend(fds)
                else:
                    data = self.sock.recv(size)
            except BlockingIOError:
                self._wait(select.POLLIN, deadline)
                continue
            except OSError as error:
                raise WireClosed(str(error)) from None
            if not data:
                raise WireClosed("the process ended")
            return data

    def _send_all(self, view: memoryview, deadline: float | None) -> None:
        while len(view):
            sent = self._guard(lambda view=view: self.sock.send(view))
            if sent == 0:
                self._wait(select.POLLOUT, deadline)
            view = view[sent:]

    def _guard(self, send: Any) -> int:
        try:
            return send()
        except BlockingIOError:
            return 0
        except OSError as error:
            raise WireClosed(str(error)) from None

    def _wait(self, event: int, deadline: float | None) -> None:
        poller = select.poll()
        poller.register(self.sock, event)
        if deadline is None:
            poller.poll()
            return
        left = deadline - time.monotonic()
        if left <= 0 or not poller.poll(left * 1000):
            raise WireTimeout("no answer in time")


def pair() -> tuple[socket.socket, socket.socket]:
    """Two connected stream sockets."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
