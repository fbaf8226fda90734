"""Keeps what pages need of each submission, taken out in a process of its own: notebooks are untrusted input.

The process reads frames (a notebook) and answers with frames (packed content). It has limits on memory, opens
no file, gives up root, and is replaced when it dies or hangs, so that a notebook which breaks a decoder costs its
own pictures and nothing else.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import select
import struct
import subprocess
import sys
from collections.abc import Iterable
from types import TracebackType
from typing import IO

from autograder.batch.content import MAX_BYTES, extract, pack
from autograder.batch.submissions import Submission

_MEMORY = 2 << 30
_SECONDS = 20.0
_MAX_NOTEBOOK = 24 << 20
_NOBODY = 65534


class Keeper:
    """Takes the content out of submissions. Use as a context manager.

    Parameters
    ----------
    released
        Sources of the released code cells, where they are known.
    """

    def __init__(self, released: Iterable[str] = ()) -> None:
        self._released = json.dumps(sorted(released)).encode()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Keeper:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def content(self, submission: Submission) -> bytes | None:
        """The packed content of `submission`, or None where it cannot be had."""
        frame = (b"p" if submission.script else b"n") + submission.notebook
        if len(frame) <= _MAX_NOTEBOOK:
            try:
                return self._ask(frame) or None
            except OSError:
                self._end(kill=True)
        return None

    def _ask(self, frame: bytes) -> bytes:
        if self._process is None:
            self._process = self._start()
        assert self._process.stdin and self._process.stdout
        _write(self._process.stdin, frame)
        ready, _, _ = select.select([self._process.stdout], [], [], _SECONDS)
        answer = _read(self._process.stdout, MAX_BYTES) if ready else None
        if answer is None:
            raise OSError("no answer")
        return answer

    def _start(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", "autograder.batch.keeper"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the run, which closes this in order
        )
        assert process.stdin
        _write(process.stdin, self._released)
        return process

    def _end(self, *, kill: bool = False) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if kill:
            process.kill()
        with contextlib.suppress(OSError):
            assert process.stdin and process.stdout
            process.stdin.close()
        try:
            process.wait(_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        assert process.stdout
        process.stdout.close()


def _write(pipe: IO[bytes], frame: bytes) -> None:
    pipe.write(struct.pack("!Q", len(frame)) + frame)
    pipe.flush()


def _read(pipe: IO[bytes], limit: int) -> bytes | None:
    """The next frame, or None at the end or where it is longer than `limit`."""
    head = pipe.read(8)
    size = struct.unpack("!Q", head)[0] if len(head) == 8 else limit + 1
    if size > limit:
        return None
    frame = pipe.read(size)
    return frame if len(frame) == size else None


def _give_up_root() -> None:
    from PIL import Image

    Image.preinit()  # decoders are loaded while their files can still be read
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if os.geteuid() == 0:
        with contextlib.suppress(OSError):  # a container without that capability
            os.setgroups([])
            os.setresgid(_NOBODY, _NOBODY, _NOBODY)
            os.setresuid(_NOBODY, _NOBODY, _NOBODY)


def main() -> None:
    """Answer frames until the other end closes."""
    _give_up_root()
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    released = frozenset(text.strip() for text in json.loads(_read(source, 1 << 30) or b"[]"))
    while (frame := _read(source, _MAX_NOTEBOOK)) is not None:
        try:
            blob = pack(extract(frame[1:], script=frame[:1] == b"p", released=released))
        except (MemoryError, RecursionError):
            blob = b""
        _write(sink, blob)


if __name__ == "__main__":
    main()
