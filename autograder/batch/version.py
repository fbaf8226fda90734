"""The version of the grader: a hash of every source that can decide a verdict."""

from __future__ import annotations

import hashlib
from functools import cache

from autograder.batch.engine import CODE


@cache
def grader_version() -> str:
    """Hash of the Python sources of `autograder.sandbox`, `autograder.verdict` and `reference`, in hex."""
    digest = hashlib.sha256()
    folders = [CODE / "autograder" / "sandbox", CODE / "reference"]
    sources = [path for folder in folders for path in folder.rglob("*.py")]
    for path in sorted([*sources, CODE / "autograder" / "verdict.py"]):
        digest.update(path.relative_to(CODE).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
