"""System calls that build the walls: uid, limits, process control. Linux, with fallbacks that say so."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import resource
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

_PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS, _PR_SET_CHILD_SUBREAPER = 4, 38, 36
_HUGE_PAGE, _MADV_COLLAPSE = 2 << 20, 25
_SCARCE = (errno.EAGAIN, errno.ENOMEM)

# Threads off: OpenMP's do not survive a fork, and one submission has one core.
SINGLE_THREADED = dict.fromkeys(
    ("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"),
    "1",
)


def _prctl(option: int, value: int) -> bool:
    if not sys.platform.startswith("linux"):
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    return libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0) == 0


def hide_from_debuggers() -> None:
    """Nobody but root may read this process's memory, descriptors or environment."""
    _prctl(_PR_SET_DUMPABLE, 0)


def adopt_orphans() -> None:
    """Children of children that ended become children of this process, so that it can reap them."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


GUARD_UID = 65_533  # nobody's: who has it as real uid cannot be signalled by a student


def environment(home: Path, *, python: Path | None = None) -> dict[str, str]:
    """The whole environment of a student process that runs `python`, by default this interpreter."""
    return {
        "PATH": os.pathsep.join(
            [str((python or Path(sys.executable)).parent), "/usr/local/bin", "/usr/bin", "/bin"]
        ),
        "HOME": str(home),
        "USER": "student",
        "LOGNAME": "student",
        "LANG": "C.UTF-8",
        "TERM": "dumb",
        "MPLBACKEND": "agg",
        "MPLCONFIGDIR": str(home / ".config" / "matplotlib"),
        "IPYTHONDIR": str(home / ".ipython"),
        **SINGLE_THREADED,
    }


def become(uid: int) -> None:
    """Give up root for good."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    _prctl(_PR_SET_DUMPABLE, 1)  # its own /proc/self must work, as in any process


def limit(*, memory: int, processes: int | None, open_files: int, file_bytes: int, cpu: float) -> None:
    """Set the resource limits of this process and its children; `memory` comes on top of what it has."""
    _cap(resource.RLIMIT_CORE, 0)
    _cap(resource.RLIMIT_NOFILE, open_files)
    _cap(resource.RLIMIT_FSIZE, file_bytes)
    _cap(resource.RLIMIT_CPU, int(cpu) + 1)
    if processes is not None:
        _cap(resource.RLIMIT_NPROC, processes)
    if hasattr(resource, "RLIMIT_MSGQUEUE"):
        _cap(resource.RLIMIT_MSGQUEUE, 0)
    if sys.platform.startswith("linux"):
        _cap(resource.RLIMIT_DATA, memory + _data_bytes())


def _cap(kind: int, value: int) -> None:
    hard = resource.getrlimit(kind)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    with contextlib.suppress(ValueError, OSError):  # macOS refuses some of them
        resource.setrlimit(kind, (value, value))


def _data_bytes() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmData:"):
            return int(line.split()[1]) << 10
    return 0


def first_to_die() -> None:
    """Let the kernel's out-of-memory killer take this process before any trusted one."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def gather_memory() -> None:
    """Move this process's memory into huge pages before it is forked many times, as far as the kernel has them.

    A fork copies the table of its parent's pages, and its end walks through that: with torch loaded some 80,000
    entries without huge pages, which is half of the time that it takes. Kernels before 6.1 refuse at once.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    with contextlib.suppress(OSError, AttributeError):
        for line in Path("/proc/self/maps").read_text().splitlines():
            span, rights, _, _, inode, *_ = line.split()
            first, end = (int(address, 16) for address in span.split("-"))
            if rights == "rw-p" and inode == "0":
                for address in range(-(-first // _HUGE_PAGE) * _HUGE_PAGE, end - _HUGE_PAGE + 1, _HUGE_PAGE):
                    place, size = ctypes.c_void_p(address), ctypes.c_size_t(_HUGE_PAGE)
                    if libc.madvise(place, size, _MADV_COLLAPSE) and ctypes.get_errno() in _SCARCE:
                        return


def _act_for(uid: int) -> None:
    """Take on the rights of `uid` without becoming its prey: its processes cannot signal or trace this one."""
    os.setgroups([])
    os.setresgid(GUARD_UID, uid, GUARD_UID)
    os.setresuid(GUARD_UID, uid, GUARD_UID)


def _in_child(work: Callable[[], None], seconds: float) -> None:
    """Run `work` in a fork without descriptors, for `seconds` at most."""
    child = os.fork()
    if child == 0:
        try:
            close_all_but(set())
            work()
        finally:
            os._exit(0)
    deadline = time.monotonic() + seconds
    while os.waitpid(child, os.WNOHANG)[0] == 0:
        if time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return
        time.sleep(0.001)


def kill_everything_of(uid: int, seconds: float = 3.0) -> list[int]:
    """Kill every process of `uid`, with the rights of `uid` alone, so that nothing else can be hit.

    Returns
    -------
    list of int
        Processes that are still alive when the time is up.
    """

    def kill() -> None:
        _act_for(uid)
        with contextlib.suppress(ProcessLookupError):
            for _ in range(3):
                os.kill(-1, signal.SIGKILL)

    deadline = time.monotonic() + seconds
    while True:
        _in_child(kill, 1.0)
        reap()
        left = processes_of(uid)
        if not left or time.monotonic() > deadline:
            return left
        time.sleep(0.005)


def processes_of(uid: int) -> list[int]:
    """Live processes of `uid` (zombies do not count)."""
    found = []
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                status = Path(entry.path, "status").read_text()
                fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
                if int(fields["Uid"].split()[0]) == uid and not fields["State"].startswith(("Z", "X")):
                    found.append(int(entry.name))
    return found


def remove_as(uid: int, paths: list[Path], seconds: int = 10) -> None:
    """Remove files with the rights of `uid`; what cannot be removed in time stays."""

    def remove() -> None:
        _act_for(uid)
        for path in paths:
            _remove(path)

    _in_child(remove, seconds)


def _remove(path: Path) -> None:
    """Remove a file or a tree; coreutils finish what is too deep, locked or odd for `shutil`."""
    with contextlib.suppress(OSError, RecursionError, TypeError):
        if stat.S_ISDIR(os.lstat(path).st_mode):
            shutil.rmtree(path)
        else:
            os.unlink(path)
    if os.path.lexists(path):
        for command in (["chmod", "-R", "u+rwX"], ["rm", "-rf"]):
            subprocess.run([*command, "--", path], stderr=subprocess.DEVNULL, check=False)


def reap() -> None:
    """Collect children that ended."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def close_all_but(keep: set[int]) -> None:
    """Close every descriptor but `keep` and 0-2."""
    edges = sorted({*keep, 0, 1, 2, resource.getrlimit(resource.RLIMIT_NOFILE)[0]})
    for low, high in pairwise(edges):
        os.closerange(low + 1, high)


def loopback_up() -> None:
    """Bring up `lo` in a fresh network namespace, so that a local server works."""
    import fcntl
    import struct

    get_flags, set_flags, up = 0x8913, 0x8914, 1
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        request = struct.pack("16sh", b"lo", 0)
        flags = struct.unpack("16sh", fcntl.ioctl(sock, get_flags, request))[1]
        fcntl.ioctl(sock, set_flags, struct.pack("16sh", b"lo", flags | up))
