"""Grades many submissions with a pool of warm workers; one bad submission costs only itself."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from autograder.batch.bundle import Bundle
from autograder.batch.engine import Engine, Worker, WorkerLost
from autograder.batch.submissions import Submission
from autograder.errors import GO_ON_FIX, BadSubmission, EngineError
from autograder.sandbox.limits import Limits
from autograder.verdict import GRADER_FAILED, QuestionManifest, Verdict, full_marks

_TRIES = 2


@dataclass(frozen=True)
class Task:
    """A submission to grade.

    Attributes
    ----------
    name
        The submission's name.
    load
        Opens the submission when its turn comes; may raise `BadSubmission`.
    questions
        The only questions to examine, or all of them.
    """

    name: str
    load: Callable[[], Submission]
    questions: tuple[str, ...] | None = None


@dataclass
class Pool:
    """A pool of workers with one bundle open. Use as a context manager.

    Attributes
    ----------
    manifest
        The bundle's questions, known once the first worker runs.
    """

    bundle: Bundle
    engine: Engine
    limits: Limits
    jobs: int = 1
    manifest: tuple[QuestionManifest, ...] = ()
    _idle: list[Worker] = field(default_factory=list)
    _alive: set[Worker] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _closing: bool = False

    @property
    def name(self) -> str:
        return self.engine.name

    @property
    def sealed(self) -> bool:
        return self.engine.sealed

    def __enter__(self) -> Pool:
        self.engine.sweep()
        worker = self._start()
        self.manifest = worker.manifest
        self._idle.append(worker)
        return self

    def __exit__(self, *exc: object) -> None:
        self._closing = True
        for worker in list(self._alive):
            if worker in self._idle:
                worker.close()
            else:
                worker.kill()

    def open(self, bundle: Bundle) -> None:
        """Go on with another bundle, in the workers that are warm; none may be grading."""
        self.bundle = bundle
        for worker in self._idle:
            worker.open(bundle)
            self.manifest = worker.manifest

    def grade_one(self, task: Task) -> Verdict:
        """Grade one task in an idle worker, or in a new one; may be called from several threads at once."""
        worker, verdict = self._grade_one(None, task)
        if worker is not None:
            with self._lock:
                self._idle.append(worker)
        return verdict

    def grade(self, tasks: Sequence[Task]) -> Iterator[tuple[Task, Verdict]]:
        """Yield each task with its verdict, as they finish."""
        waiting: queue.SimpleQueue[Task] = queue.SimpleQueue()
        for task in tasks:
            waiting.put(task)
        done: queue.SimpleQueue[tuple[Task, Verdict] | BaseException] = queue.SimpleQueue()
        count = min(self.jobs, len(tasks))
        threads = [
            threading.Thread(target=self._work, args=(waiting, done), daemon=True) for _ in range(count)
        ]
        for thread in threads:
            thread.start()
        for _ in tasks:
            result = done.get()
            if isinstance(result, BaseException):
                raise result
            yield result

    def _work(self, waiting: queue.SimpleQueue, done: queue.SimpleQueue) -> None:
        worker: Worker | None = None
        try:
            while not self._closing:
                try:
                    task = waiting.get_nowait()
                except queue.Empty:
                    break
                worker, verdict = self._grade_one(worker, task)
                done.put((task, verdict))
        except BaseException as error:
            done.put(error)
        finally:
            if worker is not None:
                with self._lock:
                    self._idle.append(worker)

    def _grade_one(self, worker: Worker | None, task: Task) -> tuple[Worker | None, Verdict]:
        """Grade one task, again in a fresh worker where the grader itself failed."""
        tries = 0
        try:
            submission = task.load()
        except BadSubmission as error:
            return worker, self._failed(str(error))
        while True:
            worker = worker or self._take()
            try:
                verdict, worn_out = worker.grade(submission, self.limits, questions=task.questions)
            except WorkerLost as lost:
                verdict, worn_out = self._failed(f"{GRADER_FAILED}: {lost}."), True
            if worn_out:
                self._drop(worker)
                worker = None
            tries += 1
            if verdict.grader_failed and tries < _TRIES and not self._closing:
                continue
            if verdict.grader_failed:
                verdict = replace(
                    verdict, message=f"{verdict.message} It was tried {tries} times. {GO_ON_FIX}"
                )
            return worker, verdict

    def _failed(self, message: str) -> Verdict:
        return Verdict.failed(message, max_score=full_marks(self.manifest))

    def _take(self) -> Worker:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        try:
            return self._start()
        except EngineError as error:
            raise EngineError(error.problem, fix=GO_ON_FIX) from None

    def _start(self) -> Worker:
        worker = Worker(self.engine, self.bundle)
        with self._lock:
            self._alive.add(worker)
        return worker

    def _drop(self, worker: Worker) -> None:
        worker.close()
        with self._lock:
            self._alive.discard(worker)
