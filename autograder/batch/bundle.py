"""Autograder bundles on the host: a zip, its hash, and its name. Tests are loaded by the examiner alone."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import BadBundle


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
        Hash of what the zip holds (not of its time stamps).
    """

    name: str
    data: bytes
    sha256: str

    @classmethod
    def load(cls, path: Path, *, name: str = "") -> Bundle:
        """Read a bundle.

        Raises
        ------
        BadBundle
            If `path` is not a readable zip that otter made.
        """
        try:
            data = path.read_bytes()
            with zipfile.ZipFile(path) as archive:
                names = sorted(archive.namelist())
                digest = hashlib.sha256()
                for member in names:
                    content = archive.read(member)
                    digest.update(f"{member}\0{len(content)}\0".encode() + content)
        except IsADirectoryError:
            raise BadBundle(f"{path} is a folder.", fix="Give the autograder zip itself.") from None
        except zipfile.BadZipFile:
            raise BadBundle(
                f"{path} is not a zip file.", fix="Give an autograder zip that otter assign made."
            ) from None
        except OSError as error:
            raise BadBundle(f"{path} cannot be read: {error.strerror}.") from None
        if not any(member.startswith("tests/") for member in names):
            raise BadBundle(
                f"{path} holds no tests.",
                fix="Give an autograder zip that otter assign made, not a submission.",
            )
        return cls(name or path.parent.name or path.stem, data, digest.hexdigest())
