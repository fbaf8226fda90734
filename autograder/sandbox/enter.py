"""Walls without a container engine: run `serve` in namespaces of its own, on a root of its own (Linux, root).

The new root is a tmpfs with read-only views of the system, the Python environment and this package. The
project, its bundles and everybody's files are not in it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

from autograder.sandbox import walls
from autograder.sandbox.launch import python_command

_NEWNS, _NEWUTS, _NEWIPC, _NEWPID, _NEWNET = 0x20000, 0x4000000, 0x8000000, 0x20000000, 0x40000000
_RDONLY, _NOSUID, _NODEV, _REMOUNT, _BIND, _REC, _PRIVATE = 1, 2, 4, 32, 4096, 16384, 1 << 18
_DETACH = 2
_PR_SET_PDEATHSIG, _PR_CAPBSET_DROP = 1, 24
_KEPT_CAPABILITIES = {2, 5, 6, 7}  # read any file, kill, set gid, set uid
_LAST_CAPABILITY = 40
_CODE = Path("/opt/grader")
_GROUP = "course-grader-"
_KNOBS_V1 = {"memory": ["memory.limit_in_bytes"], "pids": ["pids.max"]}
_KNOBS_V2 = {"memory": ["memory.max"], "pids": ["pids.max"]}
_DEVICES = ("null", "zero", "full", "random", "urandom")
ALL_WALLS = [
    "file system of its own",
    "process table of its own",
    "network of its own",
    "shared memory of its own",
]

_libc = ctypes.CDLL(None, use_errno=True)


def _call(name: str, *arguments: object) -> None:
    if getattr(_libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def _mount(source: str, target: Path, kind: str = "", flags: int = 0, options: str = "") -> None:
    _call(
        "mount",
        source.encode(),
        str(target).encode(),
        kind.encode() or None,
        ctypes.c_ulong(flags),
        options.encode() or None,
    )


def _show(root: Path, path: Path, *, at: Path | None = None) -> None:
    """A read-only view of `path` in the new root."""
    target = root / (at or path).relative_to("/")
    if path.is_symlink() and at is None:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(os.readlink(path))
        return
    target.mkdir(parents=True, exist_ok=True)
    _mount(str(path), target, flags=_BIND)
    _mount("none", target, flags=_BIND | _REMOUNT | _RDONLY | _NOSUID | _NODEV)


def _build_root(root: Path, code: Path) -> None:
    _mount("tmpfs", root, "tmpfs", _NOSUID | _NODEV, "mode=0755,size=1m")
    # First: the Python environment may itself lie below /tmp.
    _mount("tmpfs", _folder(root / "tmp"), "tmpfs", _NOSUID | _NODEV, "mode=1777,size=512m,nr_inodes=32k")
    for name in ("usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32"):
        if Path("/", name).exists():
            _show(root, Path("/", name))
    _build_etc(_folder(root / "etc"))
    shown = [Path("/usr")]
    for prefix in dict.fromkeys([Path(sys.base_prefix), Path(sys.prefix)]):
        if not any(prefix.is_relative_to(path) for path in shown):
            _show(root, prefix)
            shown.append(prefix)
    private = root / _CODE.relative_to("/")
    private.mkdir(parents=True)
    private.chmod(0o700)
    for package in ("autograder", "reference"):
        if (code / package).is_dir():
            _show(root, code / package, at=_CODE / package)
        for installed in Path(sys.prefix).glob(f"lib/python3*/site-packages/{package}"):
            _mount("tmpfs", root / installed.relative_to("/"), "tmpfs", _RDONLY, "mode=0700")
    (root / "var").mkdir(exist_ok=True)
    if not (root / "var" / "tmp").exists():
        (root / "var" / "tmp").symlink_to("/tmp")
    _mount("proc", _folder(root / "proc"), "proc", _NOSUID | _NODEV, "hidepid=2")
    _build_dev(_folder(root / "dev"))


def _build_etc(etc: Path) -> None:
    """The few files of /etc that programs look for; nothing of this machine's own."""
    (etc / "passwd").write_text("root:x:0:0:root:/:/bin/sh\nstudent:x:65534:65534:student:/tmp:/bin/sh\n")
    (etc / "group").write_text("root:x:0:\nstudent:x:65534:\n")
    (etc / "hosts").write_text("127.0.0.1 localhost\n::1 localhost\n")
    (etc / "nsswitch.conf").write_text("passwd: files\ngroup: files\nhosts: files\n")
    for name in ("alternatives", "fonts", "ld.so.conf.d", "ssl"):
        source = Path("/etc", name)
        if source.is_dir():
            _mount(str(source), _folder(etc / name), flags=_BIND)
            _mount("none", etc / name, flags=_BIND | _REMOUNT | _RDONLY | _NOSUID | _NODEV)
    for name in ("ld.so.cache", "ld.so.conf", "mime.types"):
        with contextlib.suppress(OSError):
            (etc / name).write_bytes(Path("/etc", name).read_bytes())


def _build_dev(dev: Path) -> None:
    for name in _DEVICES:
        (dev / name).touch()
        _mount(f"/dev/{name}", dev / name, flags=_BIND)
    _mount("devpts", _folder(dev / "pts"), "devpts", _NOSUID, "newinstance,ptmxmode=0666,mode=0620")
    _mount("tmpfs", _folder(dev / "shm"), "tmpfs", _NOSUID | _NODEV, "mode=1777,size=64m,nr_inodes=1k")
    (dev / "ptmx").symlink_to("pts/ptmx")
    for name, target in {"fd": "", "stdin": "/0", "stdout": "/1", "stderr": "/2"}.items():
        (dev / name).symlink_to(f"/proc/self/fd{target}")


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def _change_root(root: Path) -> None:
    os.chdir(root)
    _call("pivot_root", b".", b".")
    _call("umount2", b".", _DETACH)
    os.chdir("/")
    _mount("none", Path("/"), flags=_BIND | _REMOUNT | _RDONLY | _NOSUID)


def _drop_capabilities() -> None:
    """What the trusted process does not need, nobody in the new root can regain (takes effect at exec)."""
    for number in range(_LAST_CAPABILITY + 1):
        if number not in _KEPT_CAPABILITIES:
            _libc.prctl(_PR_CAPBSET_DROP, ctypes.c_ulong(number), 0, 0, 0)


def main(code: Path, memory: str, processes: str, first_uid: str) -> None:
    """Build the walls and become the server; where the kernel refuses, say which walls are missing."""
    groups = _control_groups({"memory": memory, "pids": processes})
    missing = [] if len(groups) == 2 else ["memory and processes counted together"]
    try:
        _call("unshare", _NEWUTS | _NEWIPC | _NEWPID | _NEWNET)
    except OSError:
        _become_server(code, first_uid, [*ALL_WALLS, *missing])
    child = os.fork()
    if child:
        _wait_for(child, groups)
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    _call("unshare", _NEWNS)  # only here: a new root would be the waiting parent's too
    _mount("none", Path("/"), flags=_REC | _PRIVATE)
    for group in groups:
        (group / "cgroup.procs").write_text("0")
    root = _mount_point(code)
    _build_root(root, code)
    _change_root(root)
    walls.loopback_up()
    _drop_capabilities()
    _become_server(_CODE, first_uid, missing)


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
                    (group / knob).write_text(limit)
            except OSError:
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
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def _become_server(code: Path, first_uid: str, missing: list[str]) -> None:
    command = python_command(code, "serve")
    environment = walls.environment(Path("/tmp"))
    os.execve(command[0], [*command, str(code), first_uid, *missing], environment)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
