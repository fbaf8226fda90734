"""What is committed under student_release/ is what the masters compile to, byte for byte."""

from __future__ import annotations

import pytest

from tests.autograder.building import ROOT, compile_assignment

NAMES = sorted(
    path.parent.name for path in ROOT.glob("assignments/*/*.ipynb") if path.stem == path.parent.name
)


def files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".ipynb_checkpoints" not in path.parts
    }


@pytest.mark.parametrize("name", NAMES)
def test_the_committed_release_is_reproducible(name, tmp_path):
    compile_assignment(name, tmp_path)
    committed = files(ROOT / "student_release" / name)
    assert files(tmp_path / "student_release" / name) == committed
    assert f"{name}.ipynb" in committed


def test_every_released_folder_has_a_master():
    released = sorted(path.name for path in (ROOT / "student_release").iterdir() if path.is_dir())
    assert released == NAMES
