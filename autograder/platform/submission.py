"""Opens what a student handed in on the platform: a folder, with one notebook somewhere in it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from autograder.batch.submissions import Submission, read
from autograder.errors import BadSubmission

_MAX_FILES = 2000
_MAX_BYTES = 256 << 20
_NAMED = 5


def open_folder(folder: Path) -> tuple[str, Submission]:
    """The one notebook of a submission, else its one zip or script, with the files beside it.

    Returns
    -------
    name, submission
        The name of the file that is graded, relative to `folder`.

    Raises
    ------
    BadSubmission
        With the file, the reason and the fix.
    """
    paths: list[Path] = []
    for path in _walk(folder):
        if len(paths) == _MAX_FILES:
            raise BadSubmission(
                f"The submission holds more than {_MAX_FILES} files.", fix="Submit the notebook alone."
            )
        paths.append(path)
    for suffix in (".ipynb", ".zip", ".py"):
        fitting = [path for path in paths if path.suffix.lower() == suffix]
        names = [_name(path, folder) for path in fitting]
        if len(fitting) > 1:
            more = ", …" if len(names) > _NAMED else ""
            raise BadSubmission(
                f"The submission holds {len(names)} {suffix} files: {', '.join(names[:_NAMED])}{more}.",
                fix="Submit the notebook of this assignment alone.",
            )
        if fitting:
            return names[0], _with_neighbours(fitting[0], names[0], paths)
    held = ", ".join(_name(path, folder) for path in paths[:_NAMED]) or "nothing"
    raise BadSubmission(f"The submission holds no notebook, but {held}.", fix="Submit the .ipynb file.")


def _with_neighbours(main: Path, name: str, paths: list[Path]) -> Submission:
    try:
        submission = read(main)
    except BadSubmission as error:
        raise BadSubmission(f"{name}: {error.problem}", fix=error.fix) from None
    if main.suffix.lower() == ".zip":
        return submission
    files, left = dict(submission.files), _MAX_BYTES
    for path in paths:
        if path == main or not path.is_relative_to(main.parent):
            continue
        neighbour = _name(path, main.parent)
        content = _content(path, neighbour, left)
        left -= len(content)
        if not neighbour.startswith("tests/"):
            files[neighbour] = content
    return Submission(submission.notebook, submission.script, files)


def _walk(folder: Path) -> Iterator[Path]:
    """Files in `folder`, none of them through a linked folder, without what programs leave there."""
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _ignored(name))
        yield from (Path(root, name) for name in sorted(files) if not _ignored(name))


def _ignored(name: str) -> bool:
    return name.startswith((".", "__MACOSX", "__pycache__"))


def _name(path: Path, folder: Path) -> str:
    """A path as text, whatever bytes it is made of."""
    text = path.relative_to(folder).as_posix()
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _content(path: Path, name: str, limit: int) -> bytes:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        reason = "it is a link" if path.is_symlink() else (error.strerror or "unreadable").lower()
        raise BadSubmission(f"{name} cannot be opened: {reason}.", fix="Submit the file itself.") from None
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise BadSubmission(f"{name} is not a regular file.", fix="Submit the notebook alone.")
        content = file.read(limit + 1)
    if len(content) > limit:
        raise BadSubmission(
            f"The submission has more than {_MAX_BYTES >> 20} MB.", fix="Submit the notebook alone."
        )
    return content
