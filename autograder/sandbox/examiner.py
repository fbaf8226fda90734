"""Examines one submission: runs its cells in the student's world, and the tests on this side.

One examiner is forked for each submission. It holds tests and points, never a student's object.
"""

from __future__ import annotations

import builtins
import contextlib
import doctest
import io
import os
import re
import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from otter.test_files import TestFile
from otter.test_files.exception_test import ExceptionTestFile
from otter.test_files.ok_test import run_doctest

from autograder.sandbox.bundle_tests import TestBundle
from autograder.sandbox.environment import Environment, in_world
from autograder.sandbox.limits import Limits
from autograder.sandbox.notebook import Cell, Notebook
from autograder.sandbox.student_world import StudentWorld, WorldLost
from autograder.sandbox.trusted_code import Guard, only_trusted_code
from autograder.sandbox.values import StudentExit
from autograder.sandbox.wire import CASE, LAST_CASE, Channel, WireError, WireTimeout, pair
from autograder.verdict import FOR_THE_INSTRUCTOR, OF_A_CELL

MESSAGE_BYTES = 4000
HIDDEN_FAILED = "This hidden test did not pass."
_INTERRUPT_GRACE = 2.0
_TO_READ = 20.0
_SHARE_OF_CELLS = 0.6
_MAX_CHECKS = 500
_FRAMES = re.compile(
    r"^ *Traceback \(most recent call last\):\n(?: {6,}.*\n)+", re.MULTILINE
)  # the grader's own


class CaseTimeout(BaseException):
    """A test case used up its time. Not an `Exception`, so that no test swallows it."""


@dataclass
class Student:
    """A running notebook process."""

    channel: Channel
    uid: int | None
    process: int  # pidfd, or -1 where there is none
    home: Path

    def signal(self, number: int) -> None:
        if self.process >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.process, number)


@dataclass(frozen=True)
class Step:
    """One case to run: in a fork of `frozen`, or, as its `last` one, in `frozen` itself."""

    question: str
    test: TestFile
    case: Any
    frozen: Channel
    last: bool


class CellCrash(Exception):
    """The notebook's process did not survive a cell."""

    def __init__(self, number: int, why: str) -> None:
        super().__init__(why)
        self.number = number
        self.why = why


class Examination:
    """One run of one notebook, and the examination of what it left.

    Parameters
    ----------
    bundle, notebook, limits
        What to examine, by which tests, within which limits.
    questions
        Names of the questions to examine.
    skip
        ``(question, case)`` pairs that are not run (they stopped an earlier examiner).
    spawn, destroy
        Start a student process, and end all that belongs to it.
    report
        Called with each event, a JSON document.
    """

    def __init__(
        self,
        bundle: TestBundle,
        notebook: Notebook,
        limits: Limits,
        *,
        questions: Sequence[str],
        files: dict[str, bytes],
        skip: frozenset[tuple[str, str]],
        spawn: Callable[[], Student],
        destroy: Callable[[Student], None],
        report: Callable[[dict[str, Any]], None],
    ) -> None:
        self.bundle = bundle
        self.cells = notebook.cells
        self.limits = limits
        self.questions = questions
        self.files = files
        self.skip = skip
        self._spawn, self._destroy, self._report = spawn, destroy, report
        started = time.monotonic()
        self.deadline = started + limits.submission_timeout
        # Cells that use up their time leave the hidden cases theirs.
        self.cells_deadline = started + _SHARE_OF_CELLS * limits.submission_timeout
        self.student: Student
        self.frozen: dict[str, Channel] = {}
        self._checks = 0
        self._texts = [
            text.decode("utf-8", "replace") for name, text in bundle.files.items() if name.endswith(".py")
        ]

    def run(self) -> None:
        """Run all cells and examine all questions; everything found goes to `report`."""
        self._run_with_restarts()
        unchecked = [question for question in self.questions if question not in self.frozen]
        if unchecked:
            self.frozen |= dict.fromkeys(unchecked, self._freeze_end())
            self._examine(unchecked, hidden=False)
        # From here on nothing that the student's side says is shown to anybody.
        self.student.signal(signal.SIGKILL)
        self._examine(self.questions, hidden=True)

    def _run_with_restarts(self) -> None:
        """Run the notebook; where a cell kills the process, start over without that cell."""
        lost: set[int] = set()
        while True:
            self.student = self._spawn()
            self.frozen.clear()
            try:
                self._send_files()
                for number, cell in enumerate(self.cells):
                    if time.monotonic() > self.cells_deadline:
                        text = f"The notebook's time was up before code cell {number + 1}."
                        self._report({"note": text, "partial": True})
                        return
                    if number not in lost:
                        self._run_cell(number, cell)
                return
            except CellCrash as crash:
                self._report({"note": f"{OF_A_CELL}{crash.number + 1}: {crash.why}", "partial": True})
                lost.add(crash.number)
                out_of_time = time.monotonic() > self.cells_deadline
                if len(lost) > self.limits.restarts or crash.number < 0 or out_of_time:
                    return
                self._destroy(self.student)

    def _send_files(self) -> None:
        try:
            for path, content in {**self.files, **self.bundle.files}.items():
                self.student.channel.send(
                    {"o": "file", "p": path}, [content] if content else [], deadline=self.deadline
                )
        except WireError:
            raise CellCrash(-1, "the process for the notebook ended before its first cell.") from None

    def _run_cell(self, number: int, cell: Cell) -> None:
        self._report({"note": ""})  # a sign of life
        seed = self.bundle.config.get("seed")
        request = {
            "o": "cell",
            "i": number,
            "s": cell.source,
            "seed": seed,
            "var": self.bundle.config.get("seed_variable"),
        }
        self._channel_send(number, request)
        error = self._follow(number)
        if error:
            self._report({"note": f"{OF_A_CELL}{number + 1}: {error}"})
        for question in cell.checks:
            self._take_check(number, question, waiting=False)

    def _channel_send(self, number: int, request: dict[str, Any]) -> None:
        try:
            self.student.channel.send(request, deadline=self._soon())
        except WireError as error:
            raise CellCrash(number, f"the process ended ({error}).") from None

    def _soon(self) -> float:
        """Until when a process that waits for us has read what it is sent."""
        return min(self.deadline, time.monotonic() + _TO_READ)

    def _follow(self, number: int) -> str:
        """Wait for the end of a cell, and look at the answers that it checks on the way."""
        left = self.limits.cell_timeout
        interrupted = False
        while True:
            started = time.monotonic()
            try:
                reply, _ = self.student.channel.recv(started + left)
            except WireTimeout:
                if interrupted:
                    self.student.signal(signal.SIGKILL)
                    raise CellCrash(number, self._too_slow() + " It was left out.") from None
                interrupted, left = True, _INTERRUPT_GRACE
                self.student.signal(signal.SIGINT)
                continue
            except WireError:
                raise CellCrash(
                    number, "the notebook's process ended here (an exit, a crash, or out of memory)."
                ) from None
            left -= time.monotonic() - started
            if not isinstance(reply, dict):
                raise CellCrash(number, "the notebook's process broke the protocol.")
            if "done" in reply:
                error = str(reply.get("error", ""))[:500]
                if interrupted:
                    error = self._too_slow() + " It was interrupted."
                    self._report({"note": "", "partial": True})
                return error
            if "check" not in reply:
                raise CellCrash(number, "the notebook's process broke the protocol.")
            self._take_check(number, str(reply["check"]), waiting=True)

    def _too_slow(self) -> str:
        return f"the cell ran for more than {self.limits.cell_timeout:g} s."

    def _take_check(self, number: int, question: str, *, waiting: bool) -> None:
        """Freeze the state for `question`, run its public cases, and let a notebook that waits go on."""
        self._checks += 1
        if question in self.questions and self._checks <= _MAX_CHECKS:
            self._freeze(number, [question])
            self._examine([question], hidden=False)
        if waiting:
            self._channel_send(number, {"o": "go"})

    def _freeze(self, number: int, questions: Sequence[str]) -> Channel:
        ours, theirs = pair()
        with theirs:
            try:
                self.student.channel.send({"o": "fork"}, fds=[theirs.fileno()], deadline=self._soon())
            except WireError as error:
                ours.close()
                raise CellCrash(number, f"the process ended ({error}).") from None
        channel = Channel(ours)
        for question in questions:
            old = self.frozen.get(question)
            if old is not None:
                old.close()
            self.frozen[question] = channel
        return channel

    def _freeze_end(self) -> Channel:
        try:
            return self._freeze(-1, [])
        except CellCrash:
            ours, theirs = pair()
            theirs.close()
            return Channel(ours)  # a world that is gone: every case on it fails

    def _examine(self, questions: Sequence[str], *, hidden: bool) -> None:
        """Run the public or the hidden cases of `questions`; the fork for each is made while the one before runs."""
        plan = self._plan(questions, hidden=hidden)
        upcoming = _fork_world(plan[0]) if plan else None
        for number, step in enumerate(plan):
            current = upcoming
            upcoming = _fork_world(plan[number + 1]) if number + 1 < len(plan) else None
            self._examine_case(step, current)

    def _plan(self, questions: Sequence[str], *, hidden: bool) -> list[Step]:
        plan = []
        for question in questions:
            test, frozen = self.bundle.tests[question], self.frozen[question]
            cases = [case for case in test.test_cases if bool(case.hidden) is hidden]
            # A frozen world that nobody else needs may run its last case itself.
            own = hidden and list(self.frozen.values()).count(frozen) == 1
            plan += [Step(question, test, case, frozen, own and case is cases[-1]) for case in cases]
        return plan

    def _examine_case(self, step: Step, sock: socket.socket | None) -> None:
        question, case, hidden = step.question, step.case, bool(step.case.hidden)
        world = None
        if (question, case.name) in self.skip:
            passed, message = False, "The answer made the test case stop the grader."
            if sock is not None:
                sock.close()
        else:
            self._report({"begin": [question, case.name]})
            seed = None if self.bundle.config.get("seed_variable") else self.bundle.config.get("seed")
            passed, message, world = run_case(
                step.test, case, sock, self.limits, self.deadline, seed=seed, texts=self._texts
            )
            if lost := world.lost if world else "its state was lost":
                # How a hidden test ended may be the answer's choice, which knows the test's input by then.
                told = "a hidden test was stopped" if hidden else lost
                self._report({"note": f"{question}: {told}.", "partial": True})
                if hidden:
                    self._report({"note": f"{FOR_THE_INSTRUCTOR}: in {case.name!r}: {lost}."})
            if world and world.refused and not passed:
                self._report({"note": f"{FOR_THE_INSTRUCTOR}: in {case.name!r} {world.refused}."})
            if world and world.sent:
                self._report({"sent": sorted(world.sent), "question": question})
        if hidden and not passed:
            message = case.failure_message or HIDDEN_FAILED
        elif not hidden and not passed and case.failure_message:
            message = f"{case.failure_message}\n{message}"
        if passed:
            message = case.success_message or ""
        used = world is not None and world.used
        self._report({"case": [question, case.name, passed, message[:MESSAGE_BYTES], used]})


def _fork_world(step: Step) -> socket.socket | None:
    """Ask a frozen world for a fork; the socket to it, or None where the world is gone."""
    ours, theirs = pair()
    with theirs:
        try:
            socket.send_fds(step.frozen.sock, [LAST_CASE if step.last else CASE], [theirs.fileno()])
        except OSError:
            ours.close()
            return None
    return ours


def run_case(
    test: TestFile,
    case: Any,
    sock: socket.socket | None,
    limits: Limits,
    submission_deadline: float,
    *,
    seed: int | None = None,
    texts: Sequence[str] = (),
) -> tuple[bool, str, StudentWorld | None]:
    """Run one test case against a fork of a frozen world. `texts` are those of the test's helper modules.

    Returns
    -------
    passed, message, world
        Why it did not pass, in words for the student; and the world, which knows what was done with it.
    """
    if sock is None:
        gone = "The notebook ended before this question could be examined."
        return False, gone, None
    world = StudentWorld(Channel(sock), min(time.monotonic() + limits.test_timeout, submission_deadline))
    sources, examples = _texts(test, case)
    guard = Guard((*sources, *texts), examples, world.heard, world.refuse)
    try:
        with _alarm(limits.test_timeout + 1), in_world(world, seed=seed), _quiet(), only_trusted_code(guard):
            return *_call(test, case, world), world
    except CaseTimeout:
        text = f"the test case ran for more than {limits.test_timeout:g} s"
        world.lost = text
        return False, f"Your code was stopped: {text}.", world
    finally:
        world.undo()  # not under the alarm, which would leave it half done
        sock.close()


def _call(test: TestFile, case: Any, world: StudentWorld) -> tuple[bool, str]:
    environment = Environment(world)
    try:
        if isinstance(test, ExceptionTestFile):
            case.body.call_func(environment)
        else:
            passed, text = run_doctest(case.name, case.body, _names_used(case.body, environment))
            if not passed and not world.lost:
                return False, _FRAMES.sub("", text)
    except CaseTimeout:
        raise
    except WorldLost as error:
        return False, f"Your code was stopped: {error}."
    except StudentExit as error:
        return False, f"Your code ended the program ({error})."
    except BaseException as error:
        try:
            return False, _explain(test, error)
        except CaseTimeout:
            raise
        except (
            BaseException
        ):  # the text of an error may hold an object of the student's, which can raise anything
            return False, type(error).__name__
    if world.lost:  # the test swallowed it with a bare except
        return False, f"Your code was stopped: {world.lost}."
    return True, ""


def _texts(test: TestFile, case: Any) -> tuple[list[str], list[str]]:
    """The text that a test case consists of, and the examples of a doctest in it."""
    if isinstance(test, ExceptionTestFile):
        return [test.source], []
    return [case.body], [example.source for example in doctest.DocTestParser().get_examples(case.body)]


def _names_used(source: str, environment: Environment) -> dict[str, Any]:
    """The student's values for the names that a doctest-like case mentions."""
    there = set(environment) - set(vars(builtins))  # `len` in a test means the real one
    return {name: environment[name] for name in set(re.findall(r"[^\W\d]\w*", source)) if name in there}


def _explain(test: ExceptionTestFile, error: BaseException) -> str:
    """The message of a failed public case: the error, and the line of the test that raised it."""
    text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    frame = error.__traceback__
    while frame is not None and frame.tb_frame.f_code.co_filename != test.path:
        frame = frame.tb_next
    if frame is None:
        return text
    line = test.source.splitlines()[frame.tb_lineno - 1].strip()
    return f"{text}\n    in the test: {line}"


@contextlib.contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    def ring(number: int, frame: Any) -> None:
        raise CaseTimeout

    previous = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)  # again and again: doctest catches everything
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield


def open_process(pid: int) -> int:
    """A descriptor for signals to `pid`, or -1 where the system has none."""
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):
        return -1
