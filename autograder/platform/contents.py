"""What a bundle carries for the grading platform: entry points, locked requirements, and the grader as plain source."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_CONTAINER = _ROOT / "autograder" / "container"
_ENTRY_POINTS = ("README.txt", "run_autograder", "setup.sh")


def platform_files(pins: Sequence[str]) -> dict[str, bytes]:
    """All that goes into a bundle beside the assignment itself: path in the zip -> bytes.

    Parameters
    ----------
    pins
        Exact requirements, one ``name==version`` each.
    """
    files = {name: (_CONTAINER / name).read_bytes() for name in _ENTRY_POINTS}
    files["requirements.lock"] = ("\n".join(pins) + "\n").encode()
    sources = {*_needed(), *(_ROOT / "reference").rglob("*.py")}
    return files | {path.relative_to(_ROOT).as_posix(): path.read_bytes() for path in sources}


@cache
def _needed() -> frozenset[Path]:
    """The sandbox, whose modules are also started by name, and the modules that grading imports, with their packages."""
    sandbox = (_ROOT / "autograder" / "sandbox").glob("*.py")
    todo = ["autograder.platform.run", *(f"autograder.sandbox.{path.stem}" for path in sandbox)]
    found: set[Path] = set()
    while todo:
        name = todo.pop()
        path = _source(name)
        if path is not None and path not in found:
            found.add(path)
            todo += [name.rpartition(".")[0], *_imports(path)]
    return frozenset(found)


def _source(name: str) -> Path | None:
    place = _ROOT.joinpath(*name.split("."))
    return next((path for path in (place.with_suffix(".py"), place / "__init__.py") if path.is_file()), None)


def _imports(path: Path) -> Iterator[str]:
    """Names of this package that a source imports, at its top or later; some are not modules."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("autograder"))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("autograder"):
            yield from (str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names))
