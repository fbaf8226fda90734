"""What may import what."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def imports(folder: str) -> Iterator[tuple[str, str]]:
    """File and full name of everything that the modules in a folder import, functions included."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                yield from ((path.name, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert not node.level, f"{path} imports relatively"
                yield from ((path.name, f"{node.module}.{alias.name}") for alias in node.names)


@pytest.mark.parametrize(
    ("folder", "others"),
    [
        ("reference", ["autograder"]),
        (
            "autograder/sandbox",
            [f"autograder.{name}" for name in ("release", "batch", "gradebook", "platform", "cli")],
        ),
        ("autograder/batch", ["autograder.release", "autograder.cli"]),
        ("autograder/gradebook", ["autograder.release", "autograder.cli"]),
        ("autograder/release", ["autograder.cli"]),
    ],
)
def test_a_layer_imports_none_above_it(folder, others):
    found = list(imports(folder))
    assert found
    assert [
        (path, name) for path, name in found if any(f"{name}.".startswith(f"{other}.") for other in others)
    ] == []
