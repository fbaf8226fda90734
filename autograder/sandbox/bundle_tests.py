"""Loads the tests of an otter autograder bundle with otter's own classes."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import dataclass, field
from typing import Any

from otter.test_files import TestFile
from otter.test_files.exception_test import ExceptionTestFile
from otter.test_files.ok_test import OKTestFile

from autograder.errors import BadBundle
from autograder.verdict import CaseManifest, QuestionManifest

CONFIG = "otter_config.json"
_MAX_BYTES = 256 << 20


@dataclass(frozen=True)
class TestBundle:
    """What a bundle holds, loaded.

    Attributes
    ----------
    tests
        One otter test file per question, by name, in otter's order.
    files
        Support files that go beside the notebook: path -> content.
    config
        The bundle's ``otter_config.json``.
    imports
        Names of heavy libraries that the tests mention.
    """

    tests: dict[str, TestFile]
    files: dict[str, bytes]
    config: dict[str, Any]
    imports: frozenset[str] = field(default_factory=frozenset)

    @property
    def manifest(self) -> tuple[QuestionManifest, ...]:
        return tuple(
            QuestionManifest(
                name,
                test.all_or_nothing,
                tuple(CaseManifest(case.name, bool(case.hidden), case.points) for case in test.test_cases),
            )
            for name, test in self.tests.items()
        )


def load(data: bytes) -> TestBundle:
    """Load a bundle from the bytes of its zip.

    Raises
    ------
    BadBundle
        If it is no otter bundle for Python, or a test file in it does not load.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile:
        raise BadBundle("it is not a zip file") from None
    with archive:
        if sum(info.file_size for info in archive.infolist()) > _MAX_BYTES:
            raise BadBundle("it unpacks to more than 256 MB")
        content = {info.filename: archive.read(info) for info in archive.infolist() if not info.is_dir()}
    sources = {
        name: text.decode()
        for name, text in sorted(content.items(), key=lambda item: _by_number(item[0]))
        if re.fullmatch(r"tests/[^/]+\.py", name) and not name.endswith("__init__.py")
    }
    if not sources:
        raise BadBundle("it holds no tests/*.py", fix="Use an autograder zip that otter made for Python.")
    config = _config(content)
    tests: dict[str, TestFile] = {}
    for path, source in sources.items():
        test = _load_test(path, source)
        if test.name in tests:
            raise BadBundle(f"two test files are named {test.name}")
        tests[test.name] = test
    files = {name.removeprefix("files/"): text for name, text in content.items() if name.startswith("files/")}
    mentioned = "\n".join(sources.values())
    imports = frozenset(re.findall(r"\b(scipy|pandas|torch)\b", mentioned))
    return TestBundle(tests, files, config, imports)


def _by_number(path: str) -> list[tuple[int, str]]:
    """A key that sorts q2 before q10."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", path)]


def _config(content: dict[str, bytes]) -> dict[str, Any]:
    try:
        config = json.loads(content.get(CONFIG, b"{}"))
    except ValueError:
        raise BadBundle(f"its {CONFIG} is not valid JSON") from None
    if not isinstance(config, dict) or config.get("lang", "python") != "python":
        raise BadBundle("it is not a bundle for Python")
    return config


def _load_test(path: str, source: str) -> TestFile:
    """Load one test file; a bundle is the instructor's own code, so it may run."""
    try:
        namespace: dict[str, Any] = {}
        exec(compile(source, path, "exec"), namespace)
        if "OK_FORMAT" not in namespace:
            raise BadBundle(f"{path} does not set OK_FORMAT", fix="Make the bundle with otter assign.")
        if namespace["OK_FORMAT"]:
            return OKTestFile.from_spec(namespace["test"], path=path)
        return ExceptionTestFile.from_string(source, path=path)
    except BadBundle:
        raise
    except Exception as error:
        raise BadBundle(f"{path} does not load: {type(error).__name__}: {error}") from error
