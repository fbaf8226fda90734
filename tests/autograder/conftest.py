"""Engines for the tests that need one."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from autograder.batch import image
from autograder.batch.engine import Engine, container_engine, process_engine
from autograder.errors import EngineError
from autograder.sandbox.limits import Limits
from tests.autograder.hostile.world import LIMITS, Grader
from tests.autograder.needs import missing


@pytest.fixture
def fake_engines(tmp_path, monkeypatch):
    """Puts programs named podman and docker, and no others, on the PATH; returns a way to write them.

    Each appends its arguments to `calls` and then runs the given shell lines.
    """
    bin_folder, calls = tmp_path / "bin", tmp_path / "calls"
    bin_folder.mkdir()
    calls.touch()
    monkeypatch.setenv("PATH", str(bin_folder))
    for name in ("BASE_IMAGE", "WHEELHOUSE"):
        monkeypatch.delenv(name, raising=False)

    def write(name: str, script: str) -> Path:
        program = bin_folder / name
        program.write_text(f'#!/bin/sh\necho "{name} $*" >> {calls}\n{script}\n')
        program.chmod(0o755)
        return calls

    return write


@pytest.fixture(scope="session")
def container() -> Callable[[Limits], Engine]:
    """``limits -> Engine`` for the grading image, built here unless it is there.

    Where that cannot be had the test is skipped, or fails if ``AUTOGRADER_REQUIRE_CONTAINERS=1``.
    """
    program = image.find_engine()
    try:
        if program is None:
            raise EngineError("no container engine answers")
        return partial(container_engine, program, image.build(engine=program))
    except EngineError as error:
        missing(f"no grading container: {error}")


@pytest.fixture(scope="session")
def grader() -> Iterator[Grader]:
    """A warm pool of the process engine with the hostile tests' bundle open."""
    if os.geteuid() != 0 or not sys.platform.startswith("linux"):
        pytest.skip("the process engine seals submissions only as root on Linux")
    with Grader(process_engine(LIMITS)) as warm:
        yield warm


@pytest.fixture(scope="session")
def container_grader(container: Callable[[Limits], Engine]) -> Iterator[Grader]:
    """A warm container with the hostile tests' bundle open."""
    with Grader(container(LIMITS)) as warm:
        yield warm
