"""Grades on a Dask cluster: the same unit of work as the local pool's, with the ledger left to the coordinator.

Each of the cluster's workers keeps grading workers warm, in containers of its own machine. Only bytes and JSON
text travel: a submission one way, a verdict the other.
"""

from __future__ import annotations

import atexit
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from autograder.batch.bundle import Bundle
from autograder.batch.choice import choose_engine
from autograder.batch.engine import manifest_from_json
from autograder.batch.ledger import verdict_from_json
from autograder.batch.pool import Pool, Task
from autograder.batch.submissions import Submission
from autograder.batch.version import grader_version
from autograder.errors import GO_ON_FIX, BadSubmission, EngineError
from autograder.sandbox.limits import Limits
from autograder.verdict import GRADER_FAILED, QuestionManifest, Verdict, full_marks

_CONNECT_SECONDS = 10
_WORKERS_SECONDS = 60
_IDLE_SECONDS = 60  # after which a worker gives up what it keeps warm for another run
_AHEAD = 3  # submissions on the way for each thread of the cluster, so that none waits for the network


class ClusterPool:
    """The workers of a Dask cluster with one bundle open. Use as a context manager, in place of `Pool`.

    Parameters
    ----------
    address
        The scheduler's, such as ``tcp://10.0.0.5:8786``.
    engine
        ``auto``, ``podman``, ``docker`` or ``process``: what each worker grades in.

    Attributes
    ----------
    manifest
        The bundle's questions.
    name, sealed
        The engine that the workers use, and whether it has walls.
    """

    manifest: tuple[QuestionManifest, ...]
    name: str
    sealed: bool

    def __init__(
        self,
        address: str,
        bundle: Bundle,
        limits: Limits,
        *,
        engine: str = "auto",
        trusted: bool = False,
        warn: Callable[[str], None] = lambda text: None,
    ) -> None:
        self.address = address
        self._warn = warn
        self._order = {
            "name": bundle.name,
            "sha256": bundle.sha256,
            "version": grader_version(),
            "limits": limits.to_json(),
            "engine": engine,
            "trusted": trusted,
        }
        self._data = bundle.data

    def __enter__(self) -> ClusterPool:
        """Connect, wait for a worker, and let it open the bundle.

        Raises
        ------
        EngineError
            If Dask is not installed, the scheduler does not answer, or no worker can grade.
        """
        try:
            from distributed import Client
        except ImportError:
            raise EngineError(
                "Dask is not installed.", fix="pip install 'deep-learning-maths-course[cluster]'"
            ) from None
        try:
            _knock(self.address)  # Dask's client takes long to say that nobody is there
            self._client = Client(self.address, timeout=_CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise EngineError(
                f"The scheduler at {self.address!r} does not answer ({error}).",
                fix="Start one with `dask scheduler` and give the address that it prints.",
            ) from None
        try:
            if not self._threads():
                self._warn(f"The scheduler at {self.address} has no workers yet; waiting for one.")
            try:
                self._client.wait_for_workers(1, timeout=_WORKERS_SECONDS)
            except TimeoutError:
                raise EngineError(
                    f"The scheduler at {self.address} has no workers.", fix="Start some with `dask worker`."
                ) from None
            # A task, not scattered data: where all that hold it are lost, it is made again.
            self._bundle = self._client.submit(bytes, self._data, key=f"bundle-{self._order['sha256']}")
            opened = json.loads(
                self._client.submit(open_bundle, self._bundle, self._order, pure=False).result()
            )
        except EngineError:
            self._client.close()
            raise
        except Exception as error:
            self._client.close()
            raise EngineError(f"The cluster at {self.address} cannot grade: {error}", fix=GO_ON_FIX) from None
        if "error" in opened:
            self._client.close()
            raise EngineError(opened["error"])
        self.name, self.sealed = opened["engine"], opened["sealed"]
        self.manifest = manifest_from_json(opened["manifest"])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def _threads(self) -> int:
        return sum(self._client.nthreads().values())

    def grade(self, tasks: Sequence[Task]) -> Iterator[tuple[Task, Verdict]]:
        """Yield each task with its verdict, as they finish; a lost worker's tasks are graded elsewhere.

        Raises
        ------
        EngineError
            If the scheduler is lost. What was yielded before stands.
        """
        from distributed import as_completed

        waiting = iter(tasks)
        running: dict[Any, Task] = {}
        finished = as_completed(loop=self._client.loop)

        def send() -> Iterator[tuple[Task, Verdict]]:
            """Fill the cluster up; a submission that cannot be opened has its verdict at once."""
            most = max(_AHEAD, _AHEAD * self._threads())
            while len(running) < most:
                task = next(waiting, None)
                if task is None:
                    return
                try:
                    submission = asdict(task.load())
                except BadSubmission as error:
                    yield task, self._failed(str(error))
                    continue
                future = self._client.submit(
                    grade_one, self._bundle, self._order, submission, task.questions, self.sealed, pure=False
                )
                running[future] = task
                finished.add(future)

        try:
            yield from send()
            while running:
                future = next(finished)
                yield running.pop(future), self._verdict(future)
                yield from send()
        except (OSError, TimeoutError, StopIteration) as error:
            raise EngineError(f"The scheduler at {self.address} is gone ({error}).", fix=GO_ON_FIX) from None

    def _verdict(self, future: Any) -> Verdict:
        if future.status == "finished":
            return verdict_from_json(json.loads(future.result()))
        if future.status in ("cancelled", "lost"):
            raise OSError("it dropped a submission")
        # Dask gives a task up when several workers in a row die with it.
        reason = str(future.exception()).rstrip(".")
        return self._failed(f"{GRADER_FAILED}: {reason}. {GO_ON_FIX}")

    def _failed(self, message: str) -> Verdict:
        return Verdict.failed(message, max_score=full_marks(self.manifest))


def _knock(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme not in ("tcp", "tls") or not parts.hostname or not parts.port:
        raise ValueError("an address is written like tcp://10.0.0.5:8786")
    socket.create_connection((parts.hostname, parts.port), timeout=_CONNECT_SECONDS).close()


@dataclass
class _Opened:
    """A pool, how many threads are grading in it, and when the last of them ended."""

    pool: Pool
    users: int = 0
    used: float = 0.0


_pools: dict[str, _Opened] = {}
_lock = threading.Lock()


@contextmanager
def _pool(data: bytes, order: dict[str, Any]) -> Iterator[Pool]:
    """The pool of this process for an order, opened when it is first wanted; others are closed when long idle."""
    if order["version"] != grader_version():
        raise EngineError(
            "A worker of the cluster has another version of the grader.",
            fix="Install the same version on every machine, and start the workers again.",
        )
    key = json.dumps(order, sort_keys=True)
    with _lock:
        for other, opened in list(_pools.items()):
            if other != key and not opened.users and time.monotonic() - opened.used > _IDLE_SECONDS:
                _pools.pop(other).pool.__exit__()
        if key not in _pools:
            limits = Limits(**order["limits"])
            engine = choose_engine(order["engine"], limits, trusted=order["trusted"], warn=lambda text: None)
            pool = Pool(Bundle(order["name"], data, order["sha256"]), engine, limits)
            _pools[key] = _Opened(pool.__enter__())
            atexit.register(pool.__exit__)
        mine = _pools[key]
        mine.users += 1
    try:
        yield mine.pool
    finally:
        with _lock:
            mine.users -= 1
            mine.used = time.monotonic()


def open_bundle(data: bytes, order: dict[str, Any]) -> str:
    """On a worker: get ready; tell engine and questions, or the error, as JSON."""
    try:
        with _pool(data, order) as pool:
            questions = [asdict(question) for question in pool.manifest]
    except Exception as error:
        return json.dumps({"error": str(error)})
    return json.dumps({"engine": pool.engine.name, "sealed": pool.engine.sealed, "manifest": questions})


def grade_one(
    data: bytes,
    order: dict[str, Any],
    submission: dict[str, Any],
    questions: tuple[str, ...] | None,
    sealed: bool,
) -> str:
    """On a worker: grade one submission; the verdict as JSON. A `sealed` run takes none from a worker without walls."""
    opened = Submission(**submission)
    with _pool(data, order) as pool:
        if sealed and not pool.sealed:
            raise EngineError("A worker of the cluster has no walls, unlike others.")
        return json.dumps(pool.grade_one(Task("", lambda: opened, questions)).to_json())
