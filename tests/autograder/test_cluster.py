"""A Dask cluster in processes of its own: every verdict once, the same as here, also when a worker is killed."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograder.batch import cluster as cluster_module
from autograder.batch import pool as pool_module
from autograder.batch.bundle import Bundle
from autograder.batch.cluster import ClusterPool
from autograder.batch.engine import Engine, WorkerLost, trusted_engine
from autograder.batch.ledger import Ledger
from autograder.batch.pool import Task
from autograder.batch.run import grade
from autograder.batch.submissions import Submission
from autograder.errors import BadSubmission, EngineError
from autograder.sandbox.limits import Limits
from autograder.verdict import Verdict
from tests.autograder.test_cli import TEST_FILE, notebook
from tests.autograder.test_ledger import MANIFEST, verdict

pytest.importorskip("distributed")
WORKER = ["worker", "--nthreads", "1", "--no-dashboard", "--nanny", "--death-timeout", "60"]


@dataclass
class Cluster:
    """A scheduler and its workers."""

    address: str
    scheduler: subprocess.Popen
    folder: Path
    workers: list[subprocess.Popen] = field(default_factory=list)

    def add_worker(self) -> subprocess.Popen:
        local = self.folder / f"worker-{len(self.workers)}"
        self.workers.append(_dask([*WORKER, "--local-directory", str(local), self.address], self.folder))
        return self.workers[-1]


def _dask(arguments: list[str], folder: Path, **options: object) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *arguments],
        cwd=folder,
        start_new_session=True,
        **{"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **options},  # type: ignore[call-overload]
    )


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    folder = tmp_path / "cluster"
    folder.mkdir()
    log = folder / "scheduler.log"
    with log.open("w") as output:
        command = ["scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
        scheduler = _dask(command, folder, stderr=output)
    deadline = time.monotonic() + 60
    while not (found := re.search(r"Scheduler at:\s+(tcp://\S+)", log.read_text())):
        assert time.monotonic() < deadline and scheduler.poll() is None, log.read_text()
        time.sleep(0.1)
    started = Cluster(found[1], scheduler, folder)
    try:
        yield started
    finally:
        for process in [*started.workers, scheduler]:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    path = tmp_path / "tiny" / "autograder.zip"
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("tests/q1.py", TEST_FILE)
        archive.writestr("otter_config.json", "{}")
    return Bundle.load(path)


def pool(address: str, bundle: Bundle, **options: object) -> ClusterPool:
    return ClusterPool(address, bundle, Limits(), engine="process", trusted=True, **options)  # type: ignore[arg-type]


ANSWERS = {  # name -> code, score, status
    "right": ("def add(a, b): return a + b", 3.0, "graded"),
    "half": ("def add(a, b): return abs(a) + abs(b)", 1.0, "graded"),
    "wrong": ("def add(a, b): return a - b", 0.0, "graded"),
    "exits": ("import os\nos._exit(0)", 0.0, "partial"),
}


def test_a_killed_worker_costs_nothing(cluster: Cluster, bundle: Bundle, tmp_path: Path) -> None:
    folder = tmp_path / "class"
    folder.mkdir()
    for number in range(8):
        for name, (code, _, _) in ANSWERS.items():
            (folder / f"{name}-{number}.ipynb").write_text(notebook("import time; time.sleep(0.1)", code))
    (folder / "broken.ipynb").write_text("{")
    cluster.add_worker()
    doomed = cluster.add_worker()
    seen: list[int] = []

    def show(progress: object) -> None:
        seen.append(progress.done)  # type: ignore[attr-defined]
        if len(seen) == 8:
            os.killpg(doomed.pid, signal.SIGKILL)

    started = pool(cluster.address, bundle)
    ledger = grade(bundle, [folder], tmp_path / "out", limits=Limits(), cluster=started, show=show)
    entries = {entry.name: entry.verdict for entry in ledger.entries()}
    assert len(entries) == 33 and max(seen) == 33
    assert doomed.wait(10) == -signal.SIGKILL
    for name, got in entries.items():
        _, score, status = ANSWERS.get(name.partition("-")[0], ("", 0.0, "error"))
        assert (got.score, got.status) == (score, status), (name, got)


def test_a_lost_scheduler_ends_the_run_and_keeps_what_was_graded(
    cluster: Cluster, bundle: Bundle, tmp_path: Path
) -> None:
    folder = tmp_path / "class"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number}.ipynb").write_text(notebook("import time; time.sleep(0.3)", ANSWERS["right"][0]))
    cluster.add_worker()
    out = tmp_path / "out"

    def show(progress: object) -> None:
        if progress.done == 3:  # type: ignore[attr-defined]
            os.killpg(cluster.scheduler.pid, signal.SIGKILL)

    with pytest.raises(EngineError, match=r"scheduler at .* is gone") as lost:
        grade(bundle, [folder], out, limits=Limits(), cluster=pool(cluster.address, bundle), show=show)
    assert "Run the same command again" in str(lost.value)
    ledger = Ledger(out / "ledger.sqlite")
    assert 3 <= sum(entry.verdict.score == 3 for entry in ledger.entries()) < 12


def test_no_scheduler_is_told_with_the_address(bundle: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "_CONNECT_SECONDS", 1)
    with pytest.raises(EngineError, match=r"tcp://127.0.0.1:1' does not answer"):
        pool("tcp://127.0.0.1:1", bundle).__enter__()


@pytest.mark.parametrize("address", ["nowhere", "http://x:1", "", "tcp://nowhere.invalid:1"])
def test_a_bad_address_is_told(bundle: Bundle, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setattr(cluster_module, "_CONNECT_SECONDS", 1)
    with pytest.raises(EngineError, match="does not answer"):
        pool(address, bundle).__enter__()


def test_no_workers_is_told(cluster: Cluster, bundle: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "_WORKERS_SECONDS", 1)
    told: list[str] = []
    with pytest.raises(EngineError, match="has no workers") as error:
        pool(cluster.address, bundle, warn=told.append).__enter__()
    assert "dask worker" in str(error.value) and "waiting for one" in told[0]


def test_dask_is_optional(bundle: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(EngineError, match=r"\[cluster\]"):
        pool("tcp://127.0.0.1:1", bundle).__enter__()


def test_submissions_that_cannot_be_opened_are_all_told(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> Submission:
        raise BadSubmission("The file cannot be opened.")

    monkeypatch.setattr("distributed.as_completed", lambda loop: iter(()))
    started = pool("tcp://127.0.0.1:1", bundle)
    started._client = SimpleNamespace(loop=None, nthreads=lambda: {"worker": 1})
    started.manifest = ()
    tasks = [Task(str(number), gone) for number in range(20)]
    assert [task.name for task, _ in started.grade(tasks)] == [task.name for task in tasks]


class Slow:
    """A worker that takes a while, unless it is killed."""

    manifest = MANIFEST

    def __init__(self, engine: Engine, bundle: Bundle) -> None:
        self.dead = threading.Event()

    def grade(self, *args: object, **options: object) -> tuple[Verdict, bool]:
        if self.dead.wait(1):
            raise WorkerLost("its worker was killed")
        return verdict("only"), False

    def close(self) -> None:
        self.dead.set()

    kill = close


def test_two_runs_on_one_worker_leave_each_other_alone(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool_module, "Worker", Slow)
    monkeypatch.setattr(cluster_module, "choose_engine", lambda *args, **options: trusted_engine())
    monkeypatch.setattr(cluster_module, "_pools", pools := {})
    monkeypatch.setattr(cluster_module, "_IDLE_SECONDS", 0)
    orders = {name: pool("tcp://x:1", bundle)._order | {"name": name} for name in ("hw01", "hw02")}

    def grade_in(name: str, sealed: bool = False) -> str:
        submission = {"notebook": b"", "script": False, "files": {}}
        return cluster_module.grade_one(bundle.data, orders[name], submission, None, sealed)

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(grade_in, "hw01")
        while not any(opened.users for opened in pools.values()):
            time.sleep(0.01)
        second = threads.submit(grade_in, "hw02")
        for result in (first, second):
            assert json.loads(result.result())["status"] == "graded"
    grade_in("hw02")
    assert len(pools) == 1  # what is idle is closed in the end
    with pytest.raises(EngineError, match="has no walls"):
        grade_in("hw02", sealed=True)


def test_a_worker_of_another_version_refuses(bundle: Bundle) -> None:
    order = pool("tcp://127.0.0.1:1", bundle)._order | {"version": "old"}
    assert "another version" in cluster_module.open_bundle(bundle.data, order)
