"""The least walls of a grading platform's container: a user of the student's own, and folders that it cannot open."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from autograder.errors import EngineError
from autograder.sandbox import walls

UIDS = 2400  # of one worker
_LOWEST = 10_000  # no system's or person's own user
_NEW_NAMESPACES = 0x6C020000  # of mounts, host name, IPC, processes and network
_READABLE, _NOT_THE_USER, _CANNOT_RUN = 1, 2, 3


def first_uids(wanted: int) -> int:
    """The first of a worker's uids: `wanted`, or a lower one where this container maps too few."""
    top = min(_mapped("uid_map"), _mapped("gid_map"))
    if wanted + UIDS <= top:
        return wanted
    if top < _LOWEST + UIDS:
        raise EngineError(
            f"This container has no more than {top} user ids, so students' code would run as root.",
            fix="Run it as real root, or with a full range of subordinate ids.",
        )
    return _LOWEST + UIDS * (wanted % max(1, (top - _LOWEST) // UIDS))


def _mapped(name: str) -> int:
    """How many ids, from 0 on, this container knows."""
    top = 0
    for line in Path("/proc/self", name).read_text().splitlines():
        inside, _, count = map(int, line.split())
        if inside <= top:
            top = max(top, inside + count)
    return top


@contextlib.contextmanager
def closed(paths: Iterable[Path]) -> Iterator[None]:
    """Keep everybody but root out of `paths` for a while."""
    before: dict[Path, int] = {}
    try:
        for path in paths:
            with contextlib.suppress(OSError):  # `check` tells whether it was enough
                mode = stat.S_IMODE(path.lstat().st_mode)
                path.chmod(mode & 0o700)
                before[path] = mode
        yield
    finally:
        for path, mode in before.items():
            with contextlib.suppress(OSError):
                path.chmod(mode)


def has_namespaces() -> bool:
    """Whether this container lets root build walls of its own."""
    child = os.fork()
    if child == 0:
        os._exit(ctypes.CDLL(None).unshare(_NEW_NAMESPACES) != 0)
    return os.waitpid(child, 0)[1] == 0


def check(uid: int, paths: Iterable[Path]) -> None:
    """Become `uid` in a fork and try to open `paths`, so that what holds is seen and not hoped for.

    Raises
    ------
    EngineError
        If one of them can be opened, or the fork cannot become another user or start this interpreter.
    """
    child = os.fork()
    if child == 0:
        os._exit(_probe(uid, paths))
    found = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if found == _READABLE:
        raise EngineError(
            "A student's process could open the grader's folders.",
            fix="Let the image keep /autograder on a file system that knows owners.",
        )
    if found == _CANNOT_RUN:
        raise EngineError(
            f"Other users than root cannot run {sys.executable}.", fix="Build the platform's image again."
        )
    if found != 0:
        raise EngineError(
            "Students' code cannot run as another user here.",
            fix="The container needs root with the capabilities SETUID and SETGID.",
        )


def _probe(uid: int, paths: Iterable[Path]) -> int:
    try:
        walls.become(uid)
    except OSError:
        return _NOT_THE_USER
    if os.getresuid() != (uid, uid, uid):
        return _NOT_THE_USER
    for path in paths:
        with contextlib.suppress(OSError):
            os.close(os.open(path, os.O_RDONLY))
            return _READABLE
    libraries = [folder for folder in sys.path if Path(folder).name == "site-packages"]
    return 0 if all(os.access(path, os.X_OK) for path in (sys.executable, *libraries)) else _CANNOT_RUN


def kill_all_of(uids: Iterable[range]) -> None:
    """Kill whatever still runs under students' uids (nothing, unless a worker was killed itself)."""
    spans = list(uids)
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                owner = os.stat(entry.path).st_uid
                if any(owner in span for span in spans):
                    os.kill(int(entry.name), signal.SIGKILL)
