"""Walls without a container engine: run `serve` in namespaces of its own, on a root of its own (Linux, root).

The new root is a tmpfs with read-only views of the system and the Python environment, and a copy of this
package. The project, its bundles and everybody's files are not in it, nor the names of their folders.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from autograder.sandbox import walls
from autograder.sandbox.launch import python_command
from autograder.sandbox.mounts import (
    BIND,
    ENVIRONMENT,
    NODEV,
    NOSUID,
    RDONLY,
    call,
    mount,
    read_only,
    show,
    show_environment,
)

_NEWNS, _NEWUTS, _NEWIPC, _NEWPID, _NEWNET = 0x20000, 0x4000000, 0x8000000, 0x20000000, 0x40000000
_REC, _PRIVATE, _REMOUNT, _DETACH = 16384, 1 << 18, 32, 2
_PR_SET_PDEATHSIG, _PR_CAPBSET_DROP = 1, 24
_KEPT_CAPABILITIES = {2, 5, 6, 7}  # read any file, kill, set gid, set uid
_LAST_CAPABILITY = 40
_CODE = Path("/opt/grader")
_PACKAGES = ("autograder", "reference")
_GROUP = "course-grader-"
_KNOBS_V1 = {"memory": ["memory.limit_in_bytes"], "pids": ["pids.max"], "cpu": ["cpu.shares"]}
_KNOBS_V2 = {"memory": ["memory.max"], "pids": ["pids.max"], "cpu": ["cpu.weight"]}
_SHARE = "1000"  # of the processors: the same for each worker, however many processes it has
_DEVICES = ("null", "zero", "full", "random", "urandom")
ALL_WALLS = [
    "file system of its own",
    "process table of its own",
    "network of its own",
    "shared memory of its own",
]
COUNTED = "memory, processes and processor time counted together"
_TOLD = "a mount table without the grader's folders"

_libc = ctypes.CDLL(None, use_errno=True)


def _build_root(root: Path, code: Path) -> tuple[Path, list[str]]:
    """Build the new root; return the Python in it and the walls that it lacks."""
    mount("tmpfs", root, "tmpfs", NOSUID | NODEV, "mode=0755,size=16m")
    # First: the Python environment may itself lie below /tmp.
    mount("tmpfs", _folder(root / "tmp"), "tmpfs", NOSUID | NODEV, "mode=1777,size=512m,nr_inodes=32k")
    for name in ("usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32"):
        if Path("/", name).exists():
            show(root, Path("/", name))
    _build_etc(_folder(root / "etc"))
    python, missing = _show_python(root)
    _copy_code(_folder(root / "opt" / "grader"), code)
    (root / "var").mkdir(exist_ok=True)
    if not (root / "var" / "tmp").exists():
        (root / "var" / "tmp").symlink_to("/tmp")
    mount("proc", _folder(root / "proc"), "proc", NOSUID | NODEV, "hidepid=2")
    _build_dev(_folder(root / "dev"))
    return python, missing


def _show_python(root: Path) -> tuple[Path, list[str]]:
    """Show this interpreter and its packages, without this project."""
    prefix, base, python = Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable)
    (root / "opt").mkdir()
    if not base.is_relative_to("/usr"):
        show(root, base)
    if prefix == base:
        missing = []
    elif show_environment(root, prefix, _PACKAGES):
        return ENVIRONMENT / "bin" / python.name, []
    else:
        show(root, prefix)
        missing = [_TOLD]
    for package in _PACKAGES:
        for installed in prefix.glob(f"lib/python3*/site-packages/{package}"):
            mount("tmpfs", root / installed.relative_to("/"), "tmpfs", RDONLY, "mode=0700")
    return python, missing


def _copy_code(target: Path, code: Path) -> None:
    """A copy of this package for the trusted processes: a view would tell its folder in the mount table."""
    target.chmod(0o700)
    for package in _PACKAGES:
        if (code / package).is_dir():
            shutil.copytree(code / package, target / package)


def _build_etc(etc: Path) -> None:
    """The few files of /etc that programs look for; nothing of this machine's own."""
    (etc / "passwd").write_text("root:x:0:0:root:/:/bin/sh\nstudent:x:65534:65534:student:/tmp:/bin/sh\n")
    (etc / "group").write_text("root:x:0:\nstudent:x:65534:\n")
    (etc / "hosts").write_text("127.0.0.1 localhost\n::1 localhost\n")
    (etc / "nsswitch.conf").write_text("passwd: files\ngroup: files\nhosts: files\n")
    for name in ("alternatives", "fonts", "ld.so.conf.d", "ssl"):
        source = Path("/etc", name)
        if source.is_dir():
            mount(str(source), _folder(etc / name), flags=BIND)
            read_only(etc / name)
    for name in ("ld.so.cache", "ld.so.conf", "mime.types"):
        with contextlib.suppress(OSError):
            (etc / name).write_bytes(Path("/etc", name).read_bytes())


def _build_dev(dev: Path) -> None:
    for name in _DEVICES:
        (dev / name).touch()
        mount(f"/dev/{name}", dev / name, flags=BIND)
    mount("devpts", _folder(dev / "pts"), "devpts", NOSUID, "newinstance,ptmxmode=0666,mode=0620")
    mount("tmpfs", _folder(dev / "shm"), "tmpfs", NOSUID | NODEV, "mode=1777,size=64m,nr_inodes=1k")
    (dev / "ptmx").symlink_to("pts/ptmx")
    for name, target in {"fd": "", "stdin": "/0", "stdout": "/1", "stderr": "/2"}.items():
        (dev / name).symlink_to(f"/proc/self/fd{target}")


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def _change_root(root: Path) -> None:
    os.chdir(root)
    call("pivot_root", b".", b".")
    call("umount2", b".", _DETACH)
    os.chdir("/")
    mount("none", Path("/"), flags=BIND | _REMOUNT | RDONLY | NOSUID)


def _drop_capabilities() -> None:
    """What the trusted process does not need, nobody in the new root can regain (takes effect at exec)."""
    for number in range(_LAST_CAPABILITY + 1):
        if number not in _KEPT_CAPABILITIES:
            _libc.prctl(_PR_CAPBSET_DROP, ctypes.c_ulong(number), 0, 0, 0)


def main(code: Path, memory: str, processes: str, first_uid: str) -> None:
    """Build the walls and become the server; where the kernel refuses, say which walls are missing."""
    limits = {"memory": memory, "pids": processes, "cpu": _SHARE}
    groups = _control_groups(limits)
    missing = [] if len(groups) == len(limits) else [COUNTED]
    groups = list(dict.fromkeys(groups))  # version 2 has one for all limits
    try:
        call("unshare", _NEWUTS | _NEWIPC | _NEWPID | _NEWNET)
    except OSError:
        for group in groups:
            group.rmdir()
        _become_server(Path(sys.executable), code, first_uid, [*ALL_WALLS, COUNTED])
    child = os.fork()
    if child:
        _wait_for(child, groups)
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    call("unshare", _NEWNS)  # only here: a new root would be the waiting parent's too
    mount("none", Path("/"), flags=_REC | _PRIVATE)
    for group in groups:
        (group / "cgroup.procs").write_text("0")
    root = _mount_point(code)
    python, more = _build_root(root, code)
    _change_root(root)
    walls.loopback_up()
    _drop_capabilities()
    _become_server(python, _CODE, first_uid, [*missing, *more])


def _control_groups(limits: dict[str, str]) -> list[Path]:
    """A control group for each limit that this kernel lets us set (version 1 or 2)."""
    made = []
    for controller, limit in limits.items():
        for parent, knobs in (
            (Path("/sys/fs/cgroup", controller), _KNOBS_V1[controller]),
            (Path("/sys/fs/cgroup"), _KNOBS_V2[controller]),
        ):
            _sweep(parent)
            group = parent / f"{_GROUP}{os.getpid()}"
            try:
                group.mkdir(exist_ok=True)
                for knob in knobs:
                    with (group / knob).open("r+") as file:  # not made here: a plain folder has no knobs
                        file.write(limit)
            except OSError:
                if group not in made:  # version 2 has one group for all limits
                    with contextlib.suppress(OSError):
                        group.rmdir()
                continue
            made.append(group)
            break
    return made


def _sweep(parent: Path) -> None:
    """Remove groups that a grader left which was killed; the kernel refuses where one is in use."""
    for old in parent.glob(f"{_GROUP}*"):
        if not Path("/proc", old.name.removeprefix(_GROUP)).exists():
            with contextlib.suppress(OSError):
                old.rmdir()


def _mount_point(code: Path) -> Path:
    """A folder to build the root on: one that is always there, so that nothing is left on the disk."""
    needed = [code, Path(sys.prefix), Path(sys.base_prefix)]
    for name in ("/mnt", "/media", "/srv"):
        if Path(name).is_dir() and not any(path.is_relative_to(name) for path in needed):
            return Path(name)
    return Path(tempfile.mkdtemp(prefix="grader-root-"))


def _wait_for(child: int, groups: list[Path]) -> None:
    """Stand in for the server outside its process table; what ends one ends the other."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: os.kill(child, signal.SIGKILL))
    status = os.waitpid(child, 0)[1]
    for group in groups:
        for _ in range(200):  # the last processes of the server's table may still be ending
            try:
                group.rmdir()
                break
            except OSError:
                time.sleep(0.01)
    code = os.waitstatus_to_exitcode(status)
    os._exit(code if code >= 0 else 128 - code)  # a signal, as shells tell it


def _become_server(python: Path, code: Path, first_uid: str, missing: list[str]) -> None:
    command = [str(python), *python_command(code, "serve")[1:]]
    environment = walls.environment(Path("/tmp"), python=python)
    os.execve(command[0], [*command, str(code), first_uid, *missing], environment)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
