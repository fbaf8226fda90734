"""Autograder bundles on the host: a zip, its hash, and its name. Tests are loaded by the examiner alone."""

from __future__ import annotations

import hashlib
import io
import json
import lzma
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder.errors import BadBundle

# As zipfile tells of it, and the compressors under it.
_DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError, ValueError)
_TEST = re.compile(r"tests/(?!__init__)([^/]+)\.py")
_DECIDES = re.compile(r"tests/|files/|otter_config\.json$")
MATERIAL = "class_report.json"  # written by a release beside the bundle, for instructors only


@dataclass(frozen=True)
class Bundle:
    """An otter autograder zip.

    Attributes
    ----------
    name
        The assignment's name, for headings.
    data
        The zip's bytes.
    sha256
        Hash of the tests, files and configuration in the zip.
    questions
        For each question with a test file of its name, a hash of all that decides its score.
    material
        What the class report can know of the assignment: the released cells, and the failures of known wrong
        attempts. Empty for a bundle that was not released here.
    """

    name: str
    data: bytes
    sha256: str
    questions: Mapping[str, str] = field(default_factory=dict, repr=False)
    material: dict[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def load(cls, path: Path, *, name: str = "") -> Bundle:
        """Read a bundle from a file.

        Raises
        ------
        BadBundle
            If `path` is not a readable zip that otter made.
        """
        try:
            data = path.read_bytes()
        except IsADirectoryError:
            raise BadBundle(f"{path} is a folder.", fix="Give the autograder zip itself.") from None
        except OSError as error:
            raise BadBundle(f"{path} cannot be read: {error.strerror}.") from None
        bundle = cls.read(data, name=name or _name(path), place=str(path))
        return replace(bundle, material=_read_material(path.parent / MATERIAL, bundle.sha256))

    @classmethod
    def read(cls, data: bytes, *, name: str, place: str = "The bundle") -> Bundle:
        """Read a bundle from its bytes; `place` is what an error calls it.

        Raises
        ------
        BadBundle
            If it is not a sound zip that otter made.
        """
        try:
            sha256, names, questions = hash_content(data)
        except _DAMAGE as error:
            if zipfile.is_zipfile(io.BytesIO(data)):
                fix = "Copy it again from where it was made, or make it again."
                raise BadBundle(f"{place} is damaged ({error}).", fix=fix) from None
            raise BadBundle(
                f"{place} is not a zip file.", fix="Give an autograder zip that otter assign made."
            ) from None
        if not any(member.startswith("tests/") for member in names):
            raise BadBundle(
                f"{place} holds no tests.",
                fix="Give an autograder zip that otter assign made, not a submission.",
            )
        return cls(name, data, sha256, questions)


def _name(path: Path) -> str:
    """The assignment's name: the folder's for our own ``autograder.zip``, else the file's without otter's time."""
    stem = re.sub(r"-autograder_[0-9T_]+$", "", path.stem)
    return path.absolute().parent.name if stem == "autograder" else stem


def hash_content(data: bytes) -> tuple[str, list[str], dict[str, str]]:
    """Hash of what decides a score in a bundle, whatever its time stamps; the names of all in it; hashes by question."""
    whole, shared = hashlib.sha256(), hashlib.sha256()
    tests: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = sorted(archive.namelist())
        for member in filter(_DECIDES.match, names):
            content = archive.read(member)
            entry = f"{member}\0{len(content)}\0".encode() + content
            whole.update(entry)
            if test := _TEST.fullmatch(member):
                tests[test[1]] = entry
            else:
                shared.update(entry)
    questions = {name: hashlib.sha256(shared.digest() + entry).hexdigest() for name, entry in tests.items()}
    return whole.hexdigest(), names, questions


def _read_material(path: Path, sha256: str) -> dict[str, Any]:
    """The material beside a bundle, if it belongs to it."""
    try:
        material = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    mine = isinstance(material, dict) and material.get("bundle_sha256") == sha256
    return material if mine else {}
