"""Workers: one warm grader process each, in a container or on this machine, asked over stdin and stdout."""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import os
import secrets
import select
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.batch.bundle import Bundle
from autograder.batch.submissions import Submission
from autograder.errors import BadBundle, EngineError
from autograder.sandbox.launch import python_command
from autograder.sandbox.limits import Limits
from autograder.verdict import CaseManifest, QuestionManifest, Verdict, from_json

CODE = Path(__file__).resolve().parents[2]
ALL_WALLS = ("a user, files, processes, network and memory of its own",)
_START_SECONDS = 180.0
_ANSWER_SECONDS = 120.0  # more than a submission may take: the worker itself ends it
OWNER = "mfdl.grader.owner"  # label: host and process of the grader that started a container
_KILLED = (-9, 137)  # by SIGKILL, as the system says it and as engines do
_CONTAINER_MEMORY_FACTOR = 2  # the student's process, its forks, and the examiner


class WorkerLost(Exception):
    """A worker died or fell silent."""


@dataclass(frozen=True)
class Engine:
    """A way to start workers.

    Attributes
    ----------
    name
        ``podman``, ``docker``, ``process`` or ``trusted``.
    command
        Called with a fresh worker's name and first uid; returns the command line of its server.
    discard
        Called with a worker's name to make sure that nothing of it is left.
    sweep
        Called before the first worker, to remove what a grader left that was killed.
    """

    name: str
    command: Callable[[str, int], Sequence[str]]
    discard: Callable[[str], None] = lambda name: None
    sweep: Callable[[], None] = lambda: None

    @property
    def sealed(self) -> bool:
        return self.name != "trusted"


def process_engine(limits: Limits | None = None, *, trusted: bool = False) -> Engine:
    """Workers on this machine.

    Raises
    ------
    EngineError
        If the walls cannot be built here and `trusted` is not given.
    """
    limits = limits or Limits()
    if os.geteuid() == 0 and sys.platform.startswith("linux"):
        memory, processes = str(_CONTAINER_MEMORY_FACTOR * limits.memory), str(limits.processes + 100)
        enter = [*python_command(CODE, "enter"), str(CODE), memory, processes]
        return Engine("process", lambda name, first_uid: [*enter, str(first_uid)])
    if not trusted:
        raise EngineError(
            "The process engine needs root on Linux to run students' code as another user.",
            fix="Install podman or docker, run it as root, or pass --trusted for notebooks that you trust.",
        )
    return trusted_engine()


def trusted_engine() -> Engine:
    """Workers without walls, for the instructor's own notebooks."""
    command = [*python_command(CODE, "serve"), str(CODE), "trusted", *ALL_WALLS]
    return Engine("trusted", lambda name, first_uid: command)


def container_engine(program: str, image: str, limits: Limits) -> Engine:
    """Workers in containers of `image`, started with `program` (podman or docker)."""
    memory = str(_CONTAINER_MEMORY_FACTOR * limits.memory)
    podman = Path(program).name == "podman"
    own = f"{socket.gethostname()}:{os.getpid()}"
    # podman knows no limit on inodes; there the container's memory bounds them.
    inodes = "" if podman else ",nr_inodes=32k"
    walls = [
        "--network=none",
        "--read-only",
        f"--tmpfs=/tmp:rw,nosuid,nodev,size=512m{inodes},mode=1777",
        "--shm-size=64m",
        "--cap-drop=all",
        "--cap-add=SETUID",
        "--cap-add=SETGID",
        "--cap-add=KILL",
        "--security-opt=no-new-privileges",
        "--ulimit=nofile=4096:4096",
        "--ulimit=nproc=4096:4096",
        f"--memory={memory}",
        f"--memory-swap={memory}",
        f"--pids-limit={limits.processes + 100}",
    ]
    if podman:
        walls.append("--read-only-tmpfs=false")
    server = [
        "/opt/venv/bin/python",
        *python_command(Path("/opt/grader"), "serve")[1:],
        "/opt/grader",
    ]

    def command(name: str, first_uid: int) -> list[str]:
        start = [program, "run", "--rm", "--interactive", f"--name={name}", f"--label={OWNER}={own}"]
        return [*start, *walls, image, *server, str(first_uid)]

    def discard(name: str) -> None:
        remove = [program, "rm", "--force", *(["--time=0"] if podman else []), name]
        for _ in range(3):  # podman may stumble once over a container that ends at the same time
            done = subprocess.run(remove, stdin=subprocess.DEVNULL, capture_output=True, check=False)
            if done.returncode == 0:
                break
            time.sleep(0.2)

    def sweep() -> None:
        listing = [program, "ps", "--all", f"--filter=label={OWNER}", "--format"]
        listing.append(
            f'{{{{.Names}}}} {{{{index .Labels "{OWNER}"}}}}'
            if podman
            else f'{{{{.Names}}}} {{{{.Label "{OWNER}"}}}}'
        )
        done = subprocess.run(listing, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        for line in done.stdout.splitlines():
            name, _, owner = line.partition(" ")
            host, _, pid = owner.rpartition(":")
            if host == socket.gethostname() and pid.isdigit() and not _alive(int(pid)):
                discard(name)

    return Engine(Path(program).name, command, discard, sweep)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class Worker:
    """A running server with one bundle open."""

    def __init__(self, engine: Engine, bundle: Bundle) -> None:
        self.engine = engine
        self.name = f"grader-{uuid.uuid4().hex[:16]}"
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the worker
        self._process = subprocess.Popen(
            engine.command(self.name, _first_uid()),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            start_new_session=True,
        )
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            os.set_blocking(pipe.fileno(), False)
        self._pending = b""
        self.open(bundle)

    def open(self, bundle: Bundle) -> None:
        """Load `bundle` instead of the one before, and learn its questions."""
        try:
            reply = self._ask({"o": "bundle", "zip": base64.b64encode(bundle.data).decode()}, _START_SECONDS)
        except BaseException as error:
            detail = self._last_words()
            self.close()
            if isinstance(error, WorkerLost):
                raise EngineError(f"The {self.engine.name} engine did not start a grader: {detail}") from None
            raise
        if "error" in reply:
            self.close()
            raise BadBundle(f"The bundle {bundle.name} cannot be used: {reply['error']}")
        self.manifest = manifest_from_json(reply["manifest"])

    def grade(
        self,
        submission: Submission,
        limits: Limits,
        *,
        questions: Sequence[str] | None = None,
    ) -> tuple[Verdict, bool]:
        """Grade one submission.

        Returns
        -------
        verdict, worn_out
            Whether the worker must be replaced.

        Raises
        ------
        WorkerLost
            If the worker died or did not answer within the limits.
        """
        request = {
            "o": "grade",
            "notebook": base64.b64encode(submission.notebook).decode(),
            "script": submission.script,
            "files": {name: base64.b64encode(content).decode() for name, content in submission.files.items()},
            "limits": limits.to_json(),
            "questions": questions,
        }
        reply = self._ask(request, limits.submission_timeout + _ANSWER_SECONDS)
        try:
            verdict = from_json(reply, self.manifest)
        except (KeyError, TypeError, ValueError) as error:
            raise WorkerLost(f"the grader's answer is malformed: {error}") from None
        return verdict, reply["recycle"] is True

    def close(self, *, gently: bool = True) -> None:
        """End the worker and everything in it."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        if gently:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(3)
        if self._process.poll() != 0:  # an engine whose own processes were killed forgets a container
            self.engine.discard(self.name)
            self._process.kill()
            self._process.wait()
        self._log.close()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def kill(self) -> None:
        """End the worker at once; a thread that waits for it sees it lost."""
        self.engine.discard(self.name)
        self._process.kill()

    def _ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        self._write(json.dumps(request).encode() + b"\n", deadline)
        while b"\n" not in self._pending:
            self._pending += self._read(deadline)
        line, _, self._pending = self._pending.partition(b"\n")
        reply = json.loads(line)
        if not isinstance(reply, dict):
            raise WorkerLost("the grader's answer is malformed")
        return reply

    def _write(self, data: bytes, deadline: float) -> None:
        assert self._process.stdin is not None
        view = memoryview(data)
        fd = self._process.stdin.fileno()
        while len(view):
            self._wait(fd, select.POLLOUT, deadline)
            try:
                view = view[os.write(fd, view) :]
            except BlockingIOError:
                continue
            except OSError:
                raise WorkerLost(self._how_it_ended()) from None

    def _read(self, deadline: float) -> bytes:
        assert self._process.stdout is not None
        fd = self._process.stdout.fileno()
        self._wait(fd, select.POLLIN, deadline)
        try:
            data = os.read(fd, 1 << 20)
        except BlockingIOError:
            return b""
        if not data:
            raise WorkerLost(self._how_it_ended())
        return data

    def _how_it_ended(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(3)
        status = self._process.poll()
        if status in _KILLED:
            return "its worker was killed from outside, perhaps because memory ran out"
        return "its worker ended" if status is None else f"its worker ended with status {status}"

    def _wait(self, fd: int, event: int, deadline: float) -> None:
        poller = select.poll()
        poller.register(fd, event)
        if not poller.poll(max(0.0, deadline - time.monotonic()) * 1000):
            raise WorkerLost("the grader did not answer in time")

    def _last_words(self) -> str:
        self._log.seek(0)
        lines = self._log.read().decode(errors="replace").strip().splitlines()
        return lines[-1][:500] if lines else "it ended without a message."


_slots = itertools.count(secrets.randbelow(50_000))


def _first_uid() -> int:
    """The first of a worker's own uids.

    The kernel counts processes by uid over all containers, so two workers must never share one. A rootless
    engine maps fewer than 65,536 uids; elsewhere there is room enough for a random start to be enough.
    """
    slot = next(_slots)
    return 100_000 + 10_000 * (slot % 200_000) if os.geteuid() == 0 else 1000 + 2400 * (slot % 26)


def manifest_from_json(questions: Any) -> tuple[QuestionManifest, ...]:
    """The manifest that a worker read from the bundle."""
    return tuple(
        QuestionManifest(
            question["name"],
            question["all_or_nothing"],
            tuple(
                CaseManifest(case["name"], case["hidden"], float(case["points"]))
                for case in question["cases"]
            ),
        )
        for question in questions
    )
