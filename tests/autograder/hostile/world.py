"""A small assignment with secrets in its hidden tests, and a watched pool that grades notebooks against it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path

from autograder.batch.bundle import Bundle
from autograder.batch.engine import Engine, Worker
from autograder.batch.pool import Pool, Task
from autograder.batch.submissions import Submission
from autograder.sandbox.limits import Limits
from autograder.verdict import Verdict

# In the text of every hidden test.
SECRET = "hidden-5e1f9c"
# An input of a hidden test; its digits appear nowhere else.
SECRET_INPUT = 7310.640625
SECRETS = (SECRET, "7310.64")
LIMITS = Limits(
    cell_timeout=2, test_timeout=2, submission_timeout=20, memory=512 << 20, processes=60, file_bytes=64 << 20
)
POINTS = {"q1": 3.0, "q2": 3.0, "q3": 3.0, "q4": 3.0}
_UIDS = 2400  # of one worker
_SERVERS_OWN = (".config", "grader-", "matplotlib-")  # at the top of /tmp
_ROOM = 16 << 20  # bytes that a worker itself keeps on its temporary storage

_EXCEPTION_TEST = """from otter.test_files import test_case

OK_FORMAT = False

name = {name!r}
points = 3

@test_case(points=1, hidden=False)
def test_{name}_public({arguments}):
    import numpy as np
{public}

@test_case(points=2, hidden=True, failure_message="A hidden case failed.")
def test_{name}_hidden({arguments}):
    import numpy as np
    secret = {secret!r}
{hidden}
"""

_DOCTEST = f"""OK_FORMAT = True

test = {{
    "name": "q3",
    "points": 3,
    "suites": [{{
        "cases": [
            {{"code": ">>> shout('a')\\n'A!'\\n>>> len(shout('abc')) == 4\\nTrue", "hidden": False, "points": 1}},
            {{"code": ">>> shout('{SECRET}')\\n'{SECRET.upper()}!'\\n>>> all(shout(c) == c + '!' for c in 'XYZ')\\nTrue",
             "hidden": True, "points": 2}},
        ],
        "scored": True, "setup": "", "teardown": "", "type": "doctest",
    }}],
}}
"""

_TESTS = {
    "q1": (
        "square",
        "    x = np.array([1.0, 2.0, 3.0])\n    np.testing.assert_allclose(square(x), [1.0, 4.0, 9.0], rtol=1e-12, atol=0)",
        f"    x = np.array([{SECRET_INPUT!r}, -2.5])\n    want = x * x\n"
        "    np.testing.assert_allclose(square(x), want, rtol=1e-12, atol=0)",
    ),
    "q2": (
        "total",
        "    got = total([1.0, 2.0])\n    assert np.shape(got) == (), 'one number is wanted'\n"
        "    np.testing.assert_allclose(got, 3.0, rtol=1e-12, atol=0)",
        f"    np.testing.assert_allclose(total([{SECRET_INPUT!r}, 0.25, 4.0]), {SECRET_INPUT + 4.25!r}, rtol=1e-12, atol=0)\n"
        "    assert all(map(lambda n: total([n, n]) == 2 * n, [5.0, 6.0]))",
    ),
    "q4": (
        "twice",
        "    assert twice(lambda x: x + 1, 3) == 5",
        f"    assert twice(lambda x: x / 2, {SECRET_INPUT!r}) == {SECRET_INPUT / 4!r}",
    ),
}

# One right answer cell for each question.
ANSWERS = {
    "q1": "import numpy as np\ndef square(x):\n    return np.asarray(x) ** 2",
    "q2": "def total(xs):\n    return float(sum(xs))",
    "q3": "def shout(text):\n    return text.upper() + '!'",
    "q4": "def twice(f, x):\n    return f(f(x))",
}
IMPORT_OTTER = "import otter\ngrader = otter.Notebook('hostile.ipynb')"


@cache
def bundle() -> Bundle:
    """The assignment as an autograder zip."""
    files = {
        f"tests/{name}.py": _EXCEPTION_TEST.format(
            name=name, arguments=arguments, public=public, hidden=hidden, secret=SECRET
        )
        for name, (arguments, public, hidden) in _TESTS.items()
    }
    files["tests/q3.py"] = _DOCTEST
    files["otter_config.json"] = json.dumps({"lang": "python", "assignment_name": "hostile"})
    return as_bundle("hostile", files)


def as_bundle(name: str, files: Mapping[str, str]) -> Bundle:
    """An autograder zip of these files."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for path, text in sorted(files.items()):
            archive.writestr(path, text)
    data = memory.getvalue()
    return Bundle(name, data, sha256(data).hexdigest())


def notebook(cells: Sequence[str], **metadata: object) -> bytes:
    """A notebook of code cells."""
    return json.dumps(document(cells, **metadata)).encode()


def document(cells: Sequence[str], **metadata: object) -> dict:
    """A notebook of code cells, before it is written."""
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": metadata,
        "cells": [
            {
                "cell_type": "code",
                "id": f"c{number}",
                "metadata": {},
                "source": source,
                "outputs": [],
                "execution_count": None,
            }
            for number, source in enumerate(cells)
        ],
    }


def answers(**replaced: str) -> list[str]:
    """A cell that imports otter, then each question's answer (or its replacement) and its check."""
    cells = [IMPORT_OTTER]
    for name, source in ANSWERS.items():
        cells += [replaced.get(name, source), f"grader.check({name!r})"]
    return cells


def scores(verdict: Verdict) -> dict[str, float]:
    """Points by question."""
    return {question.name: question.score for question in verdict.questions}


def shown(verdict: Verdict) -> str:
    """All text of a verdict that a student may read."""
    messages = [case.message for question in verdict.questions for case in question.cases]
    return "\n".join([verdict.message, *verdict.notes, *messages])


def leaks(verdict: Verdict) -> list[str]:
    """The secrets that are anywhere in a verdict."""
    text = json.dumps(verdict.to_json())
    return [secret for secret in SECRETS if secret in text]


def processes_of(uids: Iterable[range]) -> list[str]:
    """Live processes on this machine with a real or effective uid in one of the ranges."""
    uids = list(uids)
    found = []
    for entry in os.scandir("/proc"):
        try:
            text = Path(entry.path, "status").read_text() if entry.name.isdigit() else ""
        except OSError:
            continue
        fields = dict(line.split(":\t", 1) for line in text.splitlines() if ":\t" in line)
        owners = {int(uid) for uid in fields.get("Uid", "").split()}
        alive = not fields.get("State", "Z").startswith(("Z", "X"))
        if alive and any(uid in span for uid in owners for span in uids):
            found.append(f"process {entry.name} ({fields['Name']})")
    return found


class Grader:
    """A warm pool whose workers are looked into from outside. Use as a context manager."""

    def __init__(
        self, engine: Engine, limits: Limits = LIMITS, jobs: int = 1, *, tests: Bundle | None = None
    ) -> None:
        self.started: list[str] = []
        self.uids: list[range] = []
        self._servers: dict[str, int] = {}

        def command(name: str, first_uid: int) -> Sequence[str]:
            self.started.append(name)
            self.uids.append(range(first_uid, first_uid + _UIDS))
            return engine.command(name, first_uid)

        self.engine = replace(engine, command=command)
        self.pool = Pool(tests or bundle(), self.engine, limits, jobs)

    def __enter__(self) -> Grader:
        self.pool.__enter__()
        return self

    def __exit__(self, *exc: object) -> None:
        self.pool.__exit__(*exc)

    def grade(self, submission: Submission, limits: Limits | None = None) -> Verdict:
        usual = self.pool.limits
        self.pool.limits = limits or usual
        try:
            [(_, verdict)] = self.pool.grade([Task("s", lambda: submission)])
        finally:
            self.pool.limits = usual
        return verdict

    def run(self, cells: Sequence[str], limits: Limits | None = None) -> Verdict:
        return self.grade(Submission(notebook(cells)), limits)

    def idle(self) -> list[Worker]:
        """All workers, once each thread has given its own back after its last verdict."""
        while len(self.pool._idle) < len(self.pool._alive):
            time.sleep(0.01)
        return self.pool._idle

    def left(self) -> list[str]:
        """What students left behind: processes anywhere, and files and memory in the workers."""
        found = processes_of(self.uids)
        for worker in self.idle():
            root = self._root(worker)
            for folder in ("tmp", "dev/shm", "dev/mqueue"):
                found += _strangers(root / folder)
            for folder in ("tmp", "dev/shm"):
                space = os.statvfs(root / folder)
                used = (space.f_blocks - space.f_bfree) * space.f_frsize
                found += [f"{used} bytes on /{folder}"] if used > _ROOM else []
        return found

    def _root(self, worker: Worker) -> Path:
        """The worker's file system, as its server sees it."""
        if worker.name not in self._servers:
            if self.engine.name == "process":
                outer = worker._process.pid
                text = Path(f"/proc/{outer}/task/{outer}/children").read_text().split()[0]
            else:
                inspect = [self.engine.name, "inspect", "--format", "{{.State.Pid}}", worker.name]
                text = subprocess.run(inspect, capture_output=True, text=True, check=True).stdout
            self._servers[worker.name] = int(text)
        return Path(f"/proc/{self._servers[worker.name]}/root")


_ENVIRONMENT = Path(sys.prefix)


def _strangers(folder: Path) -> list[str]:
    """What lies under a worker's folder and is neither root's nor in the server's private folder."""
    found = []
    for place, folders, files in os.walk(folder):
        if Path(place) == folder:  # the Python environment may itself lie below /tmp
            folders[:] = [name for name in folders if not _ENVIRONMENT.is_relative_to(Path("/tmp", name))]
        for name in folders + files:
            path = Path(place, name)
            slot = Path(place).name.startswith("grader-") and name != "private"
            odd = Path(place) == folder and not name.startswith(_SERVERS_OWN)
            if slot or odd or path.lstat().st_uid != 0:
                found.append(str(path.relative_to(folder.parent)))
    return found
