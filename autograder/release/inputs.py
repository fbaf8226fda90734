"""Which inputs a release was made of: a hash of them all, recorded beside the outputs with the outputs' hashes."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterator, Mapping
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

import autograder
from autograder.errors import BadInput
from autograder.release.master import Master, parse
from autograder.release.notebook import Notebook

RECORD = "release.json"
HIDDEN = (".", "__pycache__")  # how names begin of what no release is made of


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def lock_file() -> Path:
    """The requirements of the grading image if it is there, else those of the project."""
    package = Path(autograder.__file__).parent
    image, project = package / "container" / "requirements.lock", package.parent / "requirements.lock"
    return image if image.exists() else project


def fingerprint(folder: Path, *, lock: Path) -> str:
    """Hash of everything that a release, its bundle and its gate depend on.

    These are the assignment's folder, the files that it shares with others, the packages `reference` and
    `autograder`, the locked requirements, and the versions of otter and Python.

    Raises
    ------
    BadInput
        If one of the files cannot be read.
    """
    digest = hashlib.sha256()
    for version in (metadata.version("otter-grader"), platform.python_version()):
        digest.update(version.encode() + b"\0")
    try:
        for name, path in (*_files(folder), *_shared_files(folder), *_package_files(), (lock.name, lock)):
            data = path.read_bytes() if path.is_file() else b""
            digest.update(f"{name}\0{len(data)}\0".encode() + data)
    except OSError as error:
        raise BadInput(f"{error.filename}: {error.strerror}.", fix="All inputs must be readable.") from None
    return digest.hexdigest()


def _files(root: Path) -> Iterator[tuple[str, Path]]:
    """A file, or all in a folder that are not hidden, each with its path from where `root` lies."""
    for path in sorted([root] if root.is_file() else root.rglob("*")):
        if path.is_file() and not any(part.startswith(HIDDEN) for part in path.relative_to(root).parts):
            yield path.relative_to(root.parent).as_posix(), path


def _shared_files(folder: Path) -> Iterator[tuple[str, Path]]:
    notebook = folder / f"{folder.name}.ipynb"
    master: Master = parse(notebook.read_bytes(), folder.name)
    for name in master.files:
        if not (folder / name).exists():
            yield from _files(folder.parent / name)


def _package_files() -> Iterator[tuple[str, Path]]:
    for package in ("autograder", "reference"):
        spec = find_spec(package)
        for root in (spec.submodule_search_locations or ()) if spec else ():
            yield from _files(Path(root))


def output_hashes(outputs: Mapping[str, bytes]) -> dict[str, str]:
    return {name: sha256(data) for name, data in sorted(outputs.items())}


def is_current(record: Path, inputs: str, folders: Mapping[str, Path], *, mutants: bool = False) -> bool:
    """Whether `record` says that these inputs gave exactly the files that are in `folders` now.

    Parameters
    ----------
    folders
        Prefix of recorded names -> the folder whose files must be the recorded ones, no more and no fewer.
    mutants
        Whether mutants must have been graded as well.
    """
    try:
        written: Notebook = json.loads(record.read_bytes())
    except (OSError, ValueError):
        return False
    present = {
        f"{prefix}/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for prefix, folder in folders.items()
        for path in (folder.rglob("*") if folder.is_dir() else ())
        if path.is_file() and path != record
    }
    if mutants and not written.get("mutants"):
        return False
    return written.get("inputs") == inputs and written.get("outputs") == output_hashes(present)
