"""Putting a release where it belongs: all of it or nothing, and never half a folder."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from autograder.errors import BadInput


def replace_folders(folders: Mapping[Path, Mapping[str, bytes]]) -> None:
    """Write whole folders (relative file name -> bytes) beside their places, then swap them in.

    Raises
    ------
    BadInput
        If a folder cannot be written; what was there before is still there.
    """
    staged: dict[Path, Path] = {}
    try:
        for target, files in folders.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            staged[target] = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
            for name, data in files.items():
                path = staged[target] / "new" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
        for target, stage in staged.items():
            if target.exists():
                target.rename(stage / "old")
            (stage / "new").rename(target)
    except OSError as error:
        for target, stage in staged.items():
            if (stage / "old").exists():
                shutil.rmtree(target, ignore_errors=True)
                (stage / "old").rename(target)
        path = error.filename or next(iter(folders))
        raise BadInput(
            f"{path}: {error.strerror}.", fix="Check the folder's permissions and free space."
        ) from None
    finally:
        for stage in staged.values():
            shutil.rmtree(stage, ignore_errors=True)
