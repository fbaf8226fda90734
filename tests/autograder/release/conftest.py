"""What the tests of the release step share: an assignments folder, a short lock file, one compiled release."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from building import NAME, good_master, write_assignment

from autograder.release.compile import Build, compile_twice
from autograder.release.master import Master, parse


@pytest.fixture(scope="session")
def lock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("lock") / "requirements.lock"
    path.write_text("# exact versions\nnumpy==2.4.0\notter-grader==7.0.0 \\\n    --hash=sha256:00\n")
    return path


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory, lock: Path) -> tuple[Master, Build]:
    """The good assignment, compiled once; builds are frozen, so that tests can share it."""
    folder = write_assignment(tmp_path_factory.mktemp("good"), good_master())
    data = json.dumps(good_master()).encode()
    master = parse(data, NAME)
    return master, compile_twice(master, data, folder, lock=lock)[0]
