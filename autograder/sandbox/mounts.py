"""Mounts for a root of one's own, and a view of the Python environment that does not tell where it lies."""

from __future__ import annotations

import ctypes
import os
import stat
from collections.abc import Iterator
from pathlib import Path

RDONLY, NOSUID, NODEV, BIND = 1, 2, 4, 4096
_REMOUNT, _DETACH = 32, 2
ENVIRONMENT = Path("/opt/venv")  # as in the grading image
_WORK = "environment"  # folder of root's alone in the new root
_SMALL = 1 << 20

_libc = ctypes.CDLL(None, use_errno=True)


def call(name: str, *arguments: object) -> None:
    """A function of libc that returns 0 or sets errno.

    Raises
    ------
    OSError
        If the kernel refuses.
    """
    if getattr(_libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def mount(source: str, target: Path, kind: str = "", flags: int = 0, options: str = "") -> None:
    call(
        "mount",
        source.encode(),
        os.fsencode(target),
        kind.encode() or None,
        ctypes.c_ulong(flags),
        options.encode() or None,
    )


def unmount(target: Path) -> None:
    call("umount2", os.fsencode(target), _DETACH)


def read_only(target: Path) -> None:
    mount("none", target, flags=BIND | _REMOUNT | RDONLY | NOSUID | NODEV)


def show(root: Path, path: Path) -> None:
    """A read-only view of `path` in the new root, under its own name."""
    target = root / path.relative_to("/")
    if path.is_symlink():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(os.readlink(path))
        return
    target.mkdir(parents=True, exist_ok=True)
    mount(str(path), target, flags=BIND)
    read_only(target)


def show_environment(root: Path, prefix: Path, hidden: tuple[str, ...]) -> bool:
    """A read-only view of the virtual environment `prefix` as `ENVIRONMENT` in the new root.

    A bind mount would tell its source in the mount table. An overlay does not, and its upper layer covers
    what names the place of the environment or of the checkout: packages installed as links, scripts' first lines.

    Parameters
    ----------
    hidden
        Packages that are not shown.

    Returns
    -------
    bool
        Whether this kernel has overlays; if not, nothing is mounted.
    """
    work = root / _WORK
    cover, below = work / "cover", work / "below"
    target = root / ENVIRONMENT.relative_to("/")
    for folder in (cover, below, target):
        folder.mkdir(parents=True)
    work.chmod(0o700)
    mount(str(prefix), below, flags=BIND)
    try:
        _cover(cover, prefix, hidden)
        mount("overlay", target, "overlay", RDONLY | NOSUID | NODEV, f"lowerdir={cover}:{below}")
    except OSError:
        return False
    finally:
        unmount(below)
    return True


def _cover(cover: Path, prefix: Path, hidden: tuple[str, ...]) -> None:
    """Write what stands before files of `prefix`: edited copies, and the overlay's mark for "not there"."""
    for path in _told(prefix):
        text = path.read_bytes()
        if os.fsencode(prefix) in text:
            copy = cover / path.relative_to(prefix)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(text.replace(os.fsencode(prefix), os.fsencode(ENVIRONMENT)))
            copy.chmod(path.stat().st_mode & 0o755)
    for packages in prefix.glob("lib/python3*/site-packages"):
        for path in _unwanted(packages, hidden):
            mark = cover / path.relative_to(prefix)
            mark.parent.mkdir(parents=True, exist_ok=True)
            os.mknod(mark, stat.S_IFCHR, os.makedev(0, 0))


def _told(prefix: Path) -> Iterator[Path]:
    """Files of an environment that name its folder."""
    for pattern in ("pyvenv.cfg", "bin/*", "share/jupyter/kernels/*/kernel.json"):
        for path in prefix.glob(pattern):
            if path.is_file() and not path.is_symlink() and path.stat().st_size < _SMALL:
                yield path


def _unwanted(packages: Path, hidden: tuple[str, ...]) -> Iterator[Path]:
    """The hidden packages, and all that says where packages that are installed as links lie."""
    for name in hidden:
        if (packages / name).exists():
            yield packages / name
    yield from packages.glob("__editable__*")
    yield from packages.glob("__pycache__/__editable__*")
    for origin in packages.glob("*.dist-info/direct_url.json"):
        if b"file://" in origin.read_bytes():
            yield origin.parent
