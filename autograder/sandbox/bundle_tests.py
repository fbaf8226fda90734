"""Loads the tests of an otter autograder bundle with otter's own classes."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from otter.test_files import TestFile
from otter.test_files.exception_test import ExceptionTestFile
from otter.test_files.ok_test import OKTestFile

from autograder.errors import BadBundle
from autograder.sandbox.heavy import HEAVY_MODULES, heavy_imports, with_companions
from autograder.verdict import CaseManifest, QuestionManifest

CONFIG = "otter_config.json"
# Options of otter's that would change scores, and that are not kept. All others are kept, or only concern otter's
# display, PDFs and uploads.
UNSUPPORTED = {
    "grade_from_log": "a log holds pickled objects of the student's, and nothing here loads those",
    "plugins": "plugins are not run, and could change what is graded",
    "score_threshold": "totals here are the sum of the questions; apply the threshold to the column 'score'",
    "points_possible": "totals here are the sum of the questions; scale the column 'score' instead",
}
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
        Modules that the tests import, or mention as names that notebooks usually import.
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
    config = _config(content)
    if not sources:
        raise BadBundle("it holds no tests/*.py.", fix="Use an autograder zip that otter made for Python.")
    tests: dict[str, TestFile] = {}
    for path, source in sources.items():
        test = _load_test(path, source)
        if test.name in tests:
            raise BadBundle(f"two test files are named {test.name}")
        tests[test.name] = test
    files = {name.removeprefix("files/"): text for name, text in content.items() if name.startswith("files/")}
    imports = frozenset(name for source in sources.values() for name in _imported(source))
    return TestBundle(tests, files, config, imports)


def _imported(source: str) -> Iterator[str]:
    mentioned = {*re.findall(r"\b(scipy|pandas|torch)\b", source), *heavy_imports(source.encode())}
    for name in with_companions(mentioned):
        yield from HEAVY_MODULES[name]
    with contextlib.suppress(SyntaxError):  # doctest-like tests hold more of their code in strings
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module


def _by_number(path: str) -> list[tuple[int, str]]:
    """A key that sorts q2 before q10."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", path)]


def _config(content: dict[str, bytes]) -> dict[str, Any]:
    try:
        config = json.loads(content.get(CONFIG, b"{}"))
    except ValueError:
        raise BadBundle(f"its {CONFIG} is not valid JSON") from None
    if not isinstance(config, dict):
        raise BadBundle(f"its {CONFIG} is not a table of options.", fix="Make the bundle with otter assign.")
    if config.get("lang", "python") != "python" or any(name.endswith(".R") for name in content):
        raise BadBundle("it grades notebooks in R.", fix="Only bundles for Python can be graded here.")
    for option, why in UNSUPPORTED.items():
        if config.get(option):
            raise BadBundle(f"its {CONFIG} sets {option!r}: {why}.", fix=f"Make it without {option!r}.")
    if not isinstance(config.get("seed"), (int, type(None))):
        raise BadBundle(f"its {CONFIG} has a seed that is no integer.", fix="Give a whole number.")
    return config


def _load_test(path: str, source: str) -> TestFile:
    """Load one test file; a bundle is the instructor's own code, so it may run."""
    try:
        namespace: dict[str, Any] = {}
        exec(compile(source, path, "exec"), namespace)
        if "OK_FORMAT" not in namespace:
            raise BadBundle(f"{path} does not set OK_FORMAT.", fix="Make the bundle with otter assign.")
        if namespace["OK_FORMAT"]:
            return OKTestFile.from_spec(namespace["test"], path=path)
        return ExceptionTestFile.from_string(source, path=path)
    except BadBundle:
        raise
    except Exception as error:
        raise BadBundle(f"{path} does not load: {type(error).__name__}: {error}") from error
