"""The trusted process of a worker: reads jobs from the host, one JSON line each, and answers each with one.

It starts the warm parents, loads the bundle, forks an examiner for each submission, ends the student's
world, and only then says what came out. It runs as root in a container (or in namespaces of its own), as
root beside other processes, or, for trusted notebooks, as anybody.
"""

from __future__ import annotations

import base64
import contextlib
import gc
import importlib
import json
import os
import resource
import secrets
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Set
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder.errors import AutograderError
from autograder.sandbox import seccomp, walls
from autograder.sandbox.bundle_tests import TestBundle, load
from autograder.sandbox.environment import install_libraries
from autograder.sandbox.examiner import Examination, Student, open_process
from autograder.sandbox.heavy import heavy_imports, with_companions
from autograder.sandbox.launch import python_command
from autograder.sandbox.limits import Limits
from autograder.sandbox.notebook import parse
from autograder.sandbox.trusted_code import watch_pickles_and_commands
from autograder.sandbox.wire import Channel, WireError, pair
from autograder.verdict import FOR_THE_INSTRUCTOR

_UIDS_EACH = 8
_UIDS_OF_A_WORKER = 2400
_MAX_CULPRITS = 3
_CASE_GRACE = 4.0
_WARM_UP_SECONDS = 120.0
_SPAWN_SECONDS = 30.0
_EXAMINER_MEMORY = 4 << 30
_GRACE = 30.0
_MAX_NOTES = 50
_NETWORK = tuple(f"/proc/net/{name}" for name in ("dev", "snmp", "snmp6", "netstat"))
_COPIED_BYTES = 1 << 20  # of a support file; larger ones are linked


@dataclass
class Helper:
    """A warm parent or the janitor, and the channel to it."""

    process: subprocess.Popen
    channel: Channel

    def ask(self, document: dict[str, Any], fds: tuple[int, ...] = ()) -> Any:
        """Send a request and wait for its answer; one that an examiner asked for and did not live to read is left."""
        deadline, ticket = time.monotonic() + 60, secrets.token_hex(8)
        self.channel.send({**document, "ticket": ticket}, fds=fds, deadline=deadline)
        while True:
            reply, _ = self.channel.recv(deadline)
            if reply["ticket"] == ticket:
                return reply


@dataclass
class Outcome:
    """What one examination reported."""

    cases: dict[tuple[str, str], tuple[bool, str, bool]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    uids: list[int] = field(default_factory=list)
    slots: list[Path] = field(default_factory=list)
    running: tuple[str, str] | None = None
    partial: bool = False
    ended: bool = False
    refused: str = ""
    fault: str = ""
    hidden: bool = False  # whether a hidden case was begun

    def tell_as(self, earlier: Outcome, hidden: Set[tuple[str, str]]) -> None:
        """Say what an earlier run said, and take only the outcome of hidden cases from this one."""
        self.cases |= {key: found for key, found in earlier.cases.items() if key not in hidden}
        self.notes = earlier.notes


class Server:
    """One worker's state between submissions."""

    def __init__(self, *, first_uid: int | None, code: Path, missing_walls: list[str]) -> None:
        self.sealed = first_uid is not None
        self.code = code
        self.missing_walls = missing_walls
        self.next_uid = first_uid or 0
        self.last_uid = self.next_uid + _UIDS_OF_A_WORKER
        self.nurseries: dict[frozenset[str], Helper] = {}
        self._janitor: Helper | None = None
        self.bundle: TestBundle | None = None
        self.hidden: set[tuple[str, str]] = set()  # its hidden cases, by question and name
        # Libraries whose values a question's tests pass to the answer, known once it has been examined.
        self.passed: dict[str, set[str]] = {}
        # World-searchable, not listable: each student's folder is inside, in a slot of its own.
        self.folder = Path(tempfile.mkdtemp(prefix="grader-"))
        self.folder.chmod(0o711)
        self.private = self.folder / "private"
        self.private.mkdir(mode=0o700)

    def close(self) -> None:
        for helper in filter(None, (self._janitor, *self.nurseries.values())):
            helper.process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def nursery(self, heavy: frozenset[str]) -> Helper:
        """A warm parent that has imported `heavy`, started when it is first wanted.

        One with more of torch will do; a fork of one with torch costs too much for those that never use it.
        """
        for loaded, helper in self.nurseries.items():
            if (
                heavy <= loaded
                and ("torch" in loaded) == ("torch" in heavy)
                and helper.process.poll() is None
            ):
                return helper
        started = self.nurseries[heavy] = self._start("nursery", *sorted(heavy))
        return started

    @property
    def janitor(self) -> Helper:
        """The process that ends and removes what students leave."""
        if self._janitor is None or self._janitor.process.poll() is not None:
            self._janitor = self._start("janitor")
        return self._janitor

    def _start(self, module: str, *arguments: str) -> Helper:
        ours, theirs = pair()
        home = self.private / "-".join((module, *arguments))
        home.mkdir(exist_ok=True)
        with theirs:
            process = subprocess.Popen(
                [*python_command(self.code, module), str(theirs.fileno()), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env=walls.environment(home),
                cwd="/",
            )
        started = Helper(process, Channel(ours))
        started.channel.recv(time.monotonic() + _WARM_UP_SECONDS)
        return started

    def open_bundle(self, request: dict[str, Any]) -> dict[str, Any]:
        self.bundle = load(base64.b64decode(request["zip"]))
        self.hidden = {
            (question.name, case.name)
            for question in self.bundle.manifest
            for case in question.cases
            if case.hidden
        }
        self.passed.clear()
        files = self.private / "files"
        shutil.rmtree(files, ignore_errors=True)
        files.mkdir(exist_ok=True)
        for name, content in self.bundle.files.items():
            _new_file(files, name).write_bytes(content)
        if str(files) not in sys.path:
            sys.path.insert(0, str(files))
        os.chdir(files)  # where a helper module opens them by name when it is imported
        importlib.invalidate_caches()
        for name, module in list(sys.modules.items()):  # the helpers of the bundle before
            if str(getattr(module, "__file__", None)).startswith(f"{files}/"):
                del sys.modules[name]
        for name in sorted(self.bundle.imports):  # once here, not in the fork for each submission
            if not name.startswith("matplotlib"):
                with contextlib.suppress(Exception, SystemExit):
                    importlib.import_module(name)
        install_libraries()
        watch_pickles_and_commands()
        gc.collect()
        gc.freeze()  # a fork that collects garbage would copy every page that it looks at
        walls.gather_memory()
        return {"manifest": [asdict(question) for question in self.bundle.manifest]}

    def grade(self, request: dict[str, Any]) -> dict[str, Any]:
        """Examine one submission and clean up after it."""
        assert self.bundle is not None
        started = time.monotonic()
        limits = Limits(**request["limits"])
        data = base64.b64decode(request["notebook"])
        skip: set[tuple[str, str]] = set()
        left: list[str] = []
        told: Outcome | None = (
            None  # the run in which hidden cases began: a later one could tell what it saw there
        )
        network = self._network()
        while True:
            outcome = Outcome()
            try:
                nursery = self.nursery(self._wanted(data, request["questions"]))
                spent = time.monotonic() - started
                rest = replace(limits, submission_timeout=max(1.0, limits.submission_timeout - spent))
                self._examine(outcome, request, data, rest, nursery, frozenset(skip))
                left += self._clean_up(outcome)
            except WireError as error:
                left.append(f"the warm parent ({error})")
            if told is not None:
                outcome.tell_as(told, self.hidden)
            elif outcome.hidden:
                told = outcome
            if outcome.ended or left or outcome.running is None or len(skip) >= _MAX_CULPRITS:
                break
            skip.add(outcome.running)  # an answer made this case stop the examiner: the others still count
            if time.monotonic() - started > limits.submission_timeout:
                break
        reply = {
            "status": "graded",
            "message": "",
            "seconds": round(time.monotonic() - started, 4),
            "notes": outcome.notes,
            "missing_walls": self.missing_walls,
            "questions": self._questions(outcome),
            "recycle": bool(left)
            or self.next_uid + _UIDS_EACH > self.last_uid
            or not outcome.ended
            or self._network() != network,  # its counters and closed connections can be read by the next
        }
        if outcome.refused:
            reply |= {"status": "error", "message": outcome.refused}
        elif outcome.fault or (not outcome.ended and outcome.running is None):
            text = outcome.fault or "it stopped while it examined this submission"
            reply |= {"status": "error", "message": f"The grader failed: {text}.", "recycle": True}
        elif outcome.partial or skip or not outcome.ended:
            text = (
                " ".join(note for note in outcome.notes if not note.startswith(FOR_THE_INSTRUCTOR))
                or "An answer made a test case stop the grader."
            )
            reply |= {"status": "partial", "message": text[:500]}
        return reply

    def _wanted(self, notebook: bytes, questions: list[str] | None) -> frozenset[str]:
        """What the notebook imports, and what its student's processes would have to import in each test case."""
        passed = (names for question, names in self.passed.items() if not questions or question in questions)
        return with_companions(heavy_imports(notebook).union(*passed))

    def _network(self) -> list[bytes]:
        """What can be read of the use of this worker's own network; nothing where it is the machine's."""
        if not self.sealed or any("network" in wall for wall in self.missing_walls):
            return []
        return [path.read_bytes() for path in map(Path, _NETWORK) if path.exists()]

    def _questions(self, outcome: Outcome) -> list[dict[str, Any]]:
        assert self.bundle is not None
        questions = []
        for question in self.bundle.manifest:
            cases = []
            for case in question.cases:
                found = outcome.cases.get((question.name, case.name), (False, "", False))
                cases.append(
                    {"name": case.name, **dict(zip(("passed", "message", "used"), found, strict=True))}
                )
            questions.append({"name": question.name, "cases": cases})
        return questions

    def _examine(
        self,
        outcome: Outcome,
        request: dict[str, Any],
        data: bytes,
        limits: Limits,
        nursery: Helper,
        skip: frozenset[tuple[str, str]],
    ) -> None:
        """Fork an examiner and collect what it reports, until it ends or its time is up."""
        first_uid, known = self.next_uid, len(outcome.uids)
        janitor = self.janitor
        place = self._lay_out_files()
        ours, theirs = pair()
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            try:
                ours.close()
                os.close(0)
                os.chdir(place)
                self._be_examiner(Channel(theirs), request, data, limits, nursery, janitor, skip, first_uid)
            finally:
                os._exit(0)
        theirs.close()
        deadline = time.monotonic() + limits.submission_timeout + _GRACE
        try:
            self._collect(Channel(ours), outcome, limits, deadline)
        except WireError:
            pass
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            ours.close()
            shutil.rmtree(place, ignore_errors=True)
            # A uid is reported before it is used; what an examiner that was stopped reported may be unread.
            self.next_uid += len(outcome.uids) - known if outcome.ended else _UIDS_EACH

    def _lay_out_files(self) -> Path:
        """A folder with the bundle's files for the tests of one submission: what they write there goes with it."""
        assert self.bundle is not None
        place = self.private / secrets.token_hex(8)
        place.mkdir()
        for name, content in self.bundle.files.items():
            path = _new_file(place, name)
            if len(content) > _COPIED_BYTES:
                path.symlink_to(self.private / "files" / name)
            else:
                path.write_bytes(content)
        return place

    def _collect(self, channel: Channel, outcome: Outcome, limits: Limits, deadline: float) -> None:
        while not outcome.ended:
            quiet = limits.test_timeout + _CASE_GRACE if outcome.running else limits.cell_timeout + _GRACE
            until = min(deadline, time.monotonic() + quiet)
            _wait_while_host_lives(channel, until)
            event, _ = channel.recv(until)
            if "case" in event:
                question, case, passed, message, used = event["case"]
                outcome.cases[question, case] = (passed is True, message, used is True)
                outcome.running = None
            elif "begin" in event:
                outcome.running = (event["begin"][0], event["begin"][1])
                outcome.hidden |= outcome.running in self.hidden
            elif "uid" in event:
                outcome.uids.append(event["uid"])
                outcome.slots.append(Path(event["slot"]))
            elif "sent" in event:
                self.passed.setdefault(event["question"], set()).update(event["sent"])
            elif "note" in event:
                outcome.partial |= event.get("partial", False)
                if event["note"] and len(outcome.notes) < _MAX_NOTES:
                    outcome.notes.append(event["note"])
            elif "fault" in event:
                outcome.fault, outcome.ended = event["fault"], True
            elif "refused" in event:
                outcome.refused, outcome.ended = event["refused"], True
            elif "end" in event:
                outcome.ended = True

    def _be_examiner(
        self,
        channel: Channel,
        request: dict[str, Any],
        data: bytes,
        limits: Limits,
        nursery: Helper,
        janitor: Helper,
        skip: frozenset[tuple[str, str]],
        uid: int,
    ) -> None:
        """The body of the examiner's process."""
        assert self.bundle is not None
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        if hard == resource.RLIM_INFINITY:
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(resource.RLIMIT_DATA, (_EXAMINER_MEMORY, _EXAMINER_MEMORY))
        uids = iter(range(uid, uid + _UIDS_EACH))

        def spawn() -> Student:
            return self._spawn(next(uids), limits, nursery, channel)

        def destroy(student: Student) -> None:
            student.signal(signal.SIGKILL)
            if student.uid is not None:
                janitor.ask({"o": "kill", "uid": student.uid})
                paths = [str(student.home), *map(str, _owned_by(student.uid))]
                janitor.ask({"o": "clean", "uid": student.uid, "paths": paths})

        try:
            notebook = parse(data, script=request["script"])
            expected = self.bundle.config.get("assignment_name")
            if expected and notebook.assignment and notebook.assignment != expected:
                raise AutograderError(
                    f"The notebook belongs to the assignment {notebook.assignment!r}, not {expected!r}.",
                    fix="Submit the notebook of this assignment.",
                )
        except AutograderError as error:
            channel.send({"refused": str(error)})
            return
        wanted = request["questions"]
        examination = Examination(
            self.bundle,
            notebook,
            limits,
            questions=[name for name in self.bundle.tests if wanted is None or name in wanted],
            files={name: base64.b64decode(text) for name, text in request["files"].items()},
            skip=skip,
            spawn=spawn,
            destroy=destroy,
            report=channel.send,
        )
        try:
            examination.run()
        except (
            WireError,
            OSError,
        ) as error:  # all that a student's process can do to its channels is caught inside
            channel.send({"fault": f"no student process could be started ({error})"})
            return
        channel.send({"end": True})

    def _spawn(self, uid: int, limits: Limits, nursery: Helper, report: Channel) -> Student:
        """Start a student process in a slot: a folder of root's that holds nothing but the student's."""
        slot = self.folder / secrets.token_hex(16)
        slot.mkdir(mode=0o700)
        slot.chmod(0o733)
        report.send({"uid": uid, "slot": str(slot)})
        ours, theirs = pair()
        with theirs:
            reply = nursery.ask(
                {
                    "o": "spawn",
                    "uid": uid if self.sealed else None,
                    "home": str(slot / "home"),
                    "limits": limits.to_json(),
                    "hidden_paths": [str(self.code)],
                },
                (theirs.fileno(),),
            )
        channel = Channel(ours)
        channel.recv(time.monotonic() + _SPAWN_SECONDS)
        slot.chmod(0o711)  # before the first cell runs
        return Student(channel, uid if self.sealed else None, open_process(reply["pid"]), slot / "home")

    def _clean_up(self, outcome: Outcome) -> list[str]:
        """End and remove all that students' processes left; name what could not be removed."""
        if not self.sealed:
            for slot in outcome.slots:
                shutil.rmtree(slot, ignore_errors=True)
            walls.reap()
            return []
        left: list[str] = []
        for uid, slot in zip(outcome.uids, outcome.slots, strict=True):
            alive = self.janitor.ask({"o": "kill", "uid": uid})["left"]
            walls.reap()
            left += [f"process {pid}" for pid in alive]
            if alive:
                continue
            paths = [str(slot / "home"), *map(str, _owned_by(uid))]
            self.janitor.ask({"o": "clean", "uid": uid, "paths": paths})
            with contextlib.suppress(OSError):
                (slot / "home").rmdir()
                slot.rmdir()
            left += [str(path) for path in [*_owned_by(uid), slot] if path.exists() or path.is_symlink()]
        return left + _ipc_of(set(outcome.uids))


def _new_file(folder: Path, name: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _owned_by(uid: int) -> list[Path]:
    """What `uid` left at the top of the folders that everybody may write."""
    found = []
    for folder in ("/tmp", "/dev/shm", "/var/tmp", "/dev/mqueue", "/run/lock"):
        with contextlib.suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    if entry.stat(follow_symlinks=False).st_uid == uid:
                        found.append(Path(entry.path))
    return found


def _ipc_of(uids: set[int]) -> list[str]:
    """System V objects that outlive the processes of `uids`."""
    found = []
    for kind in ("shm", "sem", "msg"):
        with contextlib.suppress(OSError, ValueError):
            header, *lines = Path("/proc/sysvipc", kind).read_text().splitlines()
            column = header.split().index("uid")
            found += [f"sysv {kind}" for line in lines if int(line.split()[column]) in uids]
    return found


def _wait_while_host_lives(channel: Channel, until: float) -> None:
    """Wait for the examiner to report, but not for longer than the host lives."""
    poller = select.poll()
    poller.register(channel.sock, select.POLLIN)
    poller.register(0, 0)  # hang-ups and errors are reported without being asked for
    events = poller.poll(max(0.0, until - time.monotonic()) * 1000)
    if any(fd == 0 for fd, _ in events):
        raise SystemExit(1)


def main(arguments: list[str]) -> None:
    """``serve CODE FIRST_UID|trusted [MISSING WALL…]``: answer jobs from stdin until it closes."""
    code, identity, *missing = arguments
    walls.hide_from_debuggers()
    walls.adopt_orphans()
    jobs = sys.stdin.buffer
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.set_inheritable(answers.fileno(), False)
    os.dup2(2, 1)  # whatever a library prints is no answer
    first_uid = None if identity == "trusted" else int(identity)
    if first_uid is not None and not seccomp.available():
        missing.append("system call filter")
    server = Server(first_uid=first_uid, code=Path(code), missing_walls=missing)
    try:
        for line in iter(jobs.readline, b""):
            request = json.loads(line)
            try:
                reply = server.open_bundle(request) if request["o"] == "bundle" else server.grade(request)
            except AutograderError as error:
                reply = {"error": str(error)}
            answers.write(json.dumps(reply) + "\n")
    finally:
        server.close()


if __name__ == "__main__":
    main(sys.argv[1:])
