"""What the tests of the release step share: an assignments folder, a short lock file, one compiled release."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from otter.assign import main as otter_assign

from autograder.release.compile import Build, compile_once
from autograder.release.master import Master, parse
from tests.autograder.release.building import NAME, good_master, write_assignment


@pytest.fixture(scope="session")
def lock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("lock") / "requirements.lock"
    path.write_text("# exact versions\nnumpy==2.4.0\notter-grader==7.0.0 \\\n    --hash=sha256:00\n")
    return path


@pytest.fixture(scope="module")
def fast_otter() -> Iterator[None]:
    """Otter in this process, where a test is about something else; test_compile runs it in its own."""
    turn = threading.Lock()

    def run_otter(master: Master, notebook: Path, out: Path, hash_seed: str) -> None:
        with turn:  # otter changes the working directory
            otter_assign(str(notebook), str(out), no_run_tests=True)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("autograder.release.compile._run_otter", run_otter)
        yield


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory, lock: Path) -> tuple[Master, Build]:
    """The good assignment, compiled once; builds are frozen, so that tests can share it."""
    folder = write_assignment(tmp_path_factory.mktemp("good"), good_master())
    data = json.dumps(good_master()).encode()
    master = parse(data, NAME)
    return master, compile_once(master, data, folder, lock=lock)
