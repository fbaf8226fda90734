"""One run at a time in a folder."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.errors import BadInput


@contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Have the output folder of a run alone; the system lets it go when the process ends, however it ends.

    Raises
    ------
    BadInput
        If another run has it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            fix = "Wait until the other run has ended, or give another folder."
            raise BadInput(f"Another run is at work in {folder}.", fix=fix) from None
        except OSError:
            pass  # some network file systems lock no folders: what one did without this, one still can
        yield
    finally:
        os.close(handle)
