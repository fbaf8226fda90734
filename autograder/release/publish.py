"""Putting a release where it belongs: all of it or nothing, and never half a folder."""

from __future__ import annotations

import glob
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from autograder.errors import BadInput

_RANDOM = 8  # letters that `tempfile` puts behind a prefix


def replace_folders(folders: Mapping[Path, Mapping[str, bytes]]) -> None:
    """Write whole folders (relative file name -> bytes) beside their places, then swap them in.

    Raises
    ------
    BadInput
        If a folder cannot be written; what was there before is still there.
    """
    staged: dict[Path, Path] = {}
    swapped: list[Path] = []
    try:
        for target, files in folders.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            restore(target)
            staged[target] = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
            for name, data in files.items():
                path = staged[target] / "new" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
        for target, stage in staged.items():
            if target.exists():
                target.rename(stage / "old")
            (stage / "new").rename(target)
            swapped.append(target)
    except OSError as error:
        path = error.filename or next(iter(folders))
        raise BadInput(
            f"{path}: {error.strerror}.", fix="Check the folder's permissions and free space."
        ) from None
    finally:
        for target, stage in staged.items():
            if len(swapped) < len(folders):
                if target in swapped:
                    shutil.rmtree(target, ignore_errors=True)
                if (stage / "old").exists():
                    (stage / "old").rename(target)
            shutil.rmtree(stage, ignore_errors=True)


def restore(target: Path) -> None:
    """Put back what was at `target` before a publication that was killed, and remove what else that left."""
    for stage in target.parent.glob(f".{glob.escape(target.name)}-{'?' * _RANDOM}"):
        if (stage / "old").exists() and not target.exists():
            (stage / "old").rename(target)
        shutil.rmtree(stage, ignore_errors=True)
