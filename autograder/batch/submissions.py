"""Finds submissions and opens them: untrusted files, read without following links and within limits."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import stat
import struct
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from autograder.errors import BadInput, BadSubmission

SUFFIXES = (".ipynb", ".zip", ".py")
_FOLDER_SUFFIXES = (".ipynb", ".zip")
_MAX_FILE = 64 << 20
_MAX_UNPACKED = 256 << 20
_MAX_MEMBERS = 2000
_MAX_NAME = 200
_MAX_DEPTH = 16
_MAX_ENTRY_BYTES = 1024  # of the directory, on average


@dataclass(frozen=True)
class Found:
    """A submission's place: its name in the gradebook, where it lies, and why it is known not to open."""

    name: str
    path: Path
    problem: str = ""


@dataclass(frozen=True)
class Submission:
    """An opened submission: the notebook (or script) and the files that came with it."""

    notebook: bytes
    script: bool = False
    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        digest = hashlib.sha256(b"py" if self.script else b"nb")
        for name, content in [("", self.notebook), *sorted(self.files.items())]:
            digest.update(f"\0{name}\0{len(content)}\0".encode("utf-8", "surrogatepass") + content)
        return digest.hexdigest()


def find(paths: Iterable[Path]) -> list[Found]:
    """All submissions among `paths`; folders are searched for notebooks and zips.

    A folder in a folder that is a link or cannot be searched is found itself, as a submission that does not open.

    Raises
    ------
    BadInput
        If a path does not exist, cannot be a submission or be searched, or nothing is found.
    """
    paths = list(paths)
    found: dict[str, Found] = {}
    for path in paths:
        if not path.exists() and not path.is_symlink():
            raise BadInput(f"{path} does not exist.", fix="Give a notebook, a zip or a folder of them.")
        if path.is_dir():
            entries = [
                Found(_name(entry.relative_to(path)), entry, problem) for entry, problem in _walk(path)
            ]
            if not entries:
                raise BadInput(f"{path} holds no notebook and no zip.", fix="Give the folder of submissions.")
        elif path.suffix.lower() in SUFFIXES:
            entries = [Found(_name(Path(path.name)), path)]
        else:
            raise BadInput(f"{path} is no submission.", fix="Submissions are .ipynb, .zip or .py files.")
        for entry in entries:
            name = entry.name
            if name in found and found[name].path.resolve() == entry.path.resolve():
                continue
            if name in found:
                name = _name(Path(path.resolve().name, name))
            if name in found:
                raise BadInput(
                    f"Two submissions would be called {name}.", fix="Put them into one folder and give that."
                )
            found[name] = replace(entry, name=name)
    return sorted(found.values(), key=lambda entry: entry.name)


def _walk(folder: Path) -> Iterator[tuple[Path, str]]:
    """Notebooks and zips, and folders that are not entered, with the reason and the fix."""
    lost: list[OSError] = []
    for root, folders, files in os.walk(folder, onerror=lost.append):
        folders[:] = sorted(name for name in folders if not _ignored(name))
        for name in folders:
            if os.path.islink(os.path.join(root, name)):
                yield Path(root, name), "The folder cannot be opened: it is a link. Give the folder itself."
        for name in sorted(files):
            if Path(name).suffix.lower() in _FOLDER_SUFFIXES and not _ignored(name):
                yield Path(root, name), ""
    for error in lost:
        path, reason = Path(error.filename or folder), (error.strerror or "unreadable").lower()
        fix = "Make it readable and run the same command again."
        if path == folder:
            raise BadInput(f"{folder} cannot be opened: {reason}.", fix=fix)
        yield path, f"The folder cannot be opened: {reason}. {fix}"


def _ignored(name: str) -> bool:
    return name.startswith((".", "__MACOSX"))


def _name(path: Path) -> str:
    """A path as text that can be printed and stored, whatever bytes it is made of."""
    return path.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def read(path: Path) -> Submission:
    """Open one submission.

    Raises
    ------
    BadSubmission
        With the reason and the fix.
    """
    data = _read_regular(path)
    suffix = path.suffix.lower()
    if suffix == ".zip" or data[:4] == b"PK\x03\x04":
        return _unzip(data)
    return Submission(data, script=suffix == ".py")


def _read_regular(path: Path) -> bytes:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        reason = "it is a link" if os.path.islink(path) else (error.strerror or "unreadable").lower()
        raise BadSubmission(f"The file cannot be opened: {reason}.", fix="Ask for the file itself.") from None
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        os.close(handle)
        raise BadSubmission("This is not a regular file.", fix="Ask for the notebook file itself.")
    with os.fdopen(handle, "rb") as file:
        if status.st_size > _MAX_FILE:
            raise BadSubmission(
                f"The file has {status.st_size >> 20} MB; the limit is {_MAX_FILE >> 20} MB.",
                fix="Clear the outputs of the notebook and submit it again.",
            )
        try:
            return file.read(status.st_size)
        except OSError as error:
            raise BadSubmission(
                f"The file cannot be read: {error.strerror}.", fix="Ask for it again."
            ) from None


def _unzip(data: bytes) -> Submission:
    """The one notebook of a zip, and the files beside it."""
    try:
        if _entries(data) > _MAX_MEMBERS:
            raise BadSubmission(
                f"The zip has more than {_MAX_MEMBERS} entries.", fix="Submit the notebook alone."
            )
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise BadSubmission("The zip is damaged.", fix="Export the submission again.") from None
    if len(members) > _MAX_MEMBERS:
        raise BadSubmission(
            f"The zip has more than {_MAX_MEMBERS} entries.", fix="Submit the notebook alone."
        )
    with archive:
        wanted = {
            member.filename: member for member in members if not member.is_dir() and _wanted(member.filename)
        }
        for member in wanted.values():
            _refuse_escape(member)
        notebooks = [name for name in wanted if name.lower().endswith(".ipynb")]
        scripts = [name for name in wanted if name.lower().endswith(".py")]
        if len(notebooks) > 1:
            raise BadSubmission(
                f"The zip holds {len(notebooks)} notebooks.", fix="Submit a zip with one notebook."
            )
        if not notebooks and len(scripts) != 1:
            raise BadSubmission("The zip holds no notebook.", fix="Submit the notebook or otter's export.")
        main = (notebooks or scripts)[0]
        content = _unpack(archive, wanted)
    if len(content[main]) > _MAX_FILE:
        raise BadSubmission(
            f"The notebook has {len(content[main]) >> 20} MB; the limit is {_MAX_FILE >> 20} MB.",
            fix="Clear the outputs of the notebook and submit it again.",
        )
    base = PurePosixPath(main).parent
    files = {
        str(PurePosixPath(name).relative_to(base)): text
        for name, text in content.items()
        if name != main and PurePosixPath(name).is_relative_to(base)
    }
    files = {name: text for name, text in files.items() if not name.startswith("tests/")}
    return Submission(content[main], script=not notebooks, files=files)


def _entries(data: bytes) -> int:
    """The number of entries by the record at the end, before anything is read into memory."""
    record = data.rfind(b"PK\x05\x06", max(0, len(data) - (1 << 16) - 22))
    if record < 0 or record + 16 > len(data):
        return 0
    count, size = struct.unpack("<H", data[record + 10 : record + 12])[0], len(data)
    directory = struct.unpack("<I", data[record + 12 : record + 16])[0]
    return max(count, min(directory, size) // _MAX_ENTRY_BYTES)


def _wanted(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return not any(
        part == "__MACOSX" or part.startswith("._") or part == ".ipynb_checkpoints" for part in parts
    )


def _refuse_escape(member: zipfile.ZipInfo) -> None:
    name = member.filename.replace("\\", "/")
    parts = PurePosixPath(name).parts
    mode = member.external_attr >> 16
    if name.startswith("/") or ".." in parts or (parts and ":" in parts[0]):
        raise BadSubmission(
            "The zip has an entry that leaves its folder.", fix="Export the submission again."
        )
    if stat.S_ISLNK(mode):
        raise BadSubmission("The zip holds a link.", fix="Submit the files themselves.")
    if len(parts) > _MAX_DEPTH or any(len(part.encode("utf-8", "replace")) > _MAX_NAME for part in parts):
        raise BadSubmission("The zip has an entry with too long a path.", fix="Submit the notebook alone.")


def _unpack(archive: zipfile.ZipFile, wanted: dict[str, zipfile.ZipInfo]) -> dict[str, bytes]:
    content: dict[str, bytes] = {}
    left = _MAX_UNPACKED
    for name, member in wanted.items():
        if member.flag_bits & 1:
            raise BadSubmission("The zip is encrypted.", fix="Submit it without a password.")
        text = b""
        with contextlib.suppress(EOFError):
            try:
                with archive.open(member) as file:
                    text = file.read(left + 1)
            except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError):
                raise BadSubmission("The zip is damaged.", fix="Export the submission again.") from None
            except Exception as error:  # zlib.error, lzma.LZMAError
                raise BadSubmission(f"The zip is damaged ({error}).", fix="Export it again.") from None
        left -= len(text)
        if left < 0:
            raise BadSubmission(
                f"The zip unpacks to more than {_MAX_UNPACKED >> 20} MB.", fix="Submit the notebook alone."
            )
        content[name] = text
    return content
