"""What breaks while a class is graded costs nothing that was graded, and says what to do."""

from __future__ import annotations

import csv
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.batch import run
from autograder.batch.engine import CODE, Engine, Worker
from autograder.batch.ledger import Ledger
from autograder.batch.pool import Pool
from autograder.batch.recovery import recover
from autograder.cli import main
from autograder.errors import BadInput
from autograder.gradebook.tables import grades_csv
from autograder.verdict import Verdict
from tests.autograder.engines import containers as containers_of
from tests.autograder.engines import containers_of_owner, mount_marks, mounted, state
from tests.autograder.forks import in_a_fork
from tests.autograder.hostile.world import LIMITS, answers, bundle, notebook
from tests.autograder.test_ledger import FACTS, MANIFEST, verdict

COUNT = 8
WRONG = "def square(x):\n    return x + 1"
# Speaks as a worker does and takes no time: most of what breaks here is on the coordinator's side.
STUB = r"""
import base64, json, sys
questions = [{"name": f"q{n}", "all_or_nothing": False, "cases": [{"name": "c", "hidden": False, "points": 3}]} for n in range(1, 5)]
for line in sys.stdin:
    request = json.loads(line)
    reply = {"manifest": questions}
    if request["o"] == "grade":
        wrong = ["q1"] * (b"x + 1" in base64.b64decode(request["notebook"]))
        found = [{"name": q["name"], "cases": [{"name": "c", "passed": q["name"] not in wrong, "message": "m" * 500}]} for q in questions]
        reply = {"status": "graded", "message": "", "seconds": 0.1, "notes": [], "missing_walls": [], "recycle": False, "questions": found}
    print(json.dumps(reply), flush=True)
"""


@pytest.fixture
def students(tmp_path) -> dict[str, float]:
    """Submissions in ``class/``, no two the same, with their scores: 12 points or, every third, 9."""
    truth = {}
    for number in range(COUNT):
        name = f"s{number}.ipynb"
        cells = answers(**({"q1": WRONG} if number % 3 == 0 else {}))
        path = tmp_path / "class" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(notebook([f"# {name}", *cells]))
        truth[name] = 9.0 if number % 3 == 0 else 12.0
    return truth


class Class:
    """One class and its ledger, graded as often as is asked for."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self.folder, self.out, self.engine = folder, folder / "out", engine
        self.started: list[str] = []
        self.warnings: list[str] = []

    def grade(self, after: Callable[[int], None] = lambda done: None) -> dict[str, tuple[str, float, str]]:
        """Grade; the rows of the table: submission -> (status, score, message)."""
        ledger = run.grade(
            bundle(),
            [self.folder / "class"],
            self.out,
            engine=self.engine,
            jobs=1,
            limits=LIMITS,
            show=lambda progress: after(progress.done),
            warn=self.warnings.append,
        )
        rows = list(csv.DictReader(grades_csv(ledger.entries(), ledger.run()[1]).splitlines()))
        ledger.close()
        assert len({row["submission"] for row in rows}) == len(rows)
        return {row["submission"]: (row["status"], float(row["score"] or 0), row["message"]) for row in rows}

    def rows(self) -> dict[str, int]:
        """Key -> number of the row: one that was graded again has another number."""
        return verdict_rows(self.out / run.LEDGER)


def verdict_rows(path: Path) -> dict[str, int]:
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
        return dict(db.execute("SELECT key, rowid FROM verdict"))


def assert_kept(before: dict[str, int], after: dict[str, int]) -> None:
    assert before
    assert {key: after.get(key) for key in before} == before


def scores(rows: dict[str, tuple[str, float, str]]) -> dict[str, float]:
    assert {status for status, _, _ in rows.values()} == {"graded"}, rows
    return {name: score for name, (_, score, _) in rows.items()}


@pytest.fixture
def graded(tmp_path, students) -> Class:
    return Class(
        tmp_path, Engine("trusted", lambda name, first_uid: [sys.executable, "-I", "-S", "-c", STUB])
    )


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[None]:
    """A file system of `size` at `folder`."""
    if os.geteuid() != 0 or not sys.platform.startswith("linux"):
        pytest.skip("needs root on Linux, to mount a small disk")
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "small", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def fill(folder: Path) -> Path:
    """Write until the disk is full."""
    path = folder / "filler"
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 1024)
        except OSError:
            return path


class TestDisk:
    @pytest.mark.root
    def test_a_full_disk_is_told_and_the_run_goes_on_when_there_is_room(self, graded, students):
        with small_disk(graded.out, "3m"):
            with pytest.raises(
                BadInput, match=r"disk is full.*Free some space and run the same command again"
            ):
                graded.grade(lambda done: fill(graded.out) if done == 3 else None)
            kept = graded.rows()
            assert len(kept) == 3
            (graded.out / "filler").unlink()
            assert scores(graded.grade()) == students
            assert_kept(kept, graded.rows())

    @pytest.mark.root
    def test_a_disk_that_is_full_from_the_start_is_told(self, graded):
        with small_disk(graded.out, "128k"):
            fill(graded.out)
            with pytest.raises(BadInput, match=r"ledger\.sqlite cannot be used: .*full"):
                graded.grade()

    @pytest.mark.root
    def test_pages_that_find_no_room_are_told_and_the_old_ones_stay(self, graded, capsys):
        with small_disk(graded.out, "3m"):
            graded.grade()
            assert main(["report", str(graded.out)]) == 0
            old = (graded.out / "grades.csv").read_bytes()
            fill(graded.out)
            assert main(["report", str(graded.out)]) == 1
            error = capsys.readouterr().err
            assert "ree some space and run the same command again; what was graded is kept" in error
            assert (graded.out / "grades.csv").read_bytes() == old


class TestSubmissions:
    def test_one_that_vanishes_is_told_and_is_graded_when_it_is_back(self, graded, students):
        last = graded.folder / "class" / "s7.ipynb"
        data = last.read_bytes()
        rows = graded.grade(lambda done: last.unlink(missing_ok=True))
        status, score, message = rows.pop("s7.ipynb")
        assert (status, score) == ("error", 0) and re.search("cannot be opened: no such file", message)
        assert scores(rows) == {name: score for name, score in students.items() if name != "s7.ipynb"}
        kept = graded.rows()
        last.write_bytes(data)
        assert scores(graded.grade()) == students
        assert_kept(kept, graded.rows())

    def test_one_that_vanishes_takes_nothing_from_its_twin(self, graded, students):
        twin, last = graded.folder / "class" / "s1.ipynb", graded.folder / "class" / "s7.ipynb"
        last.write_bytes(twin.read_bytes())
        rows = graded.grade(lambda done: last.unlink(missing_ok=True))
        assert rows["s7.ipynb"][0] == "error"
        assert rows["s1.ipynb"][:2] == ("graded", students["s1.ipynb"])

    def test_one_that_is_exchanged_is_not_graded_under_the_old_name(self, graded, students):
        last = graded.folder / "class" / "s7.ipynb"
        old = last.read_bytes()
        rows = graded.grade(lambda done: last.write_bytes(notebook(answers(q1=WRONG))))
        assert rows["s7.ipynb"][0] == "error" and "changed while" in rows["s7.ipynb"][2]
        last.write_bytes(old)
        assert scores(graded.grade()) == students


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> Path:
    """A ledger with 200 verdicts of 1 to 7 kB."""
    path = tmp_path_factory.mktemp("sound") / "ledger.sqlite"
    ledger = Ledger(path)
    ledger.start_run(FACTS, MANIFEST)
    for number in range(200):
        text = "m" * (300 * (number % 24))
        ledger.record(f"s{number}", f"sha {number}", f"key {number}", verdict("only", message=text))
        ledger.keep(f"sha {number}", b"content" * 50)
    ledger.close()
    return path


class TestLedger:
    def damage(self, path: Path, share: float) -> None:
        data = bytearray(path.read_bytes())
        cut = int(len(data) * share) // 4096 * 4096
        assert 4096 < cut < len(data)
        path.write_bytes(data[:cut] + b"\xa5" * (len(data) - cut))

    @pytest.fixture
    def path(self, tmp_path, sound) -> Path:
        return Path(shutil.copy(sound, tmp_path / "ledger.sqlite"))

    def test_a_sound_one_is_left_alone(self, path):
        before = path.read_bytes()
        assert recover(path) == "" and path.read_bytes() == before
        assert recover(path.with_name("none")) == ""
        assert sorted(file.name for file in path.parent.iterdir()) == ["ledger.sqlite"]

    @pytest.mark.parametrize("share", [0.9, 0.5])
    def test_what_lies_before_a_damaged_tail_is_kept(self, path, share):
        old = path.read_bytes()
        self.damage(path, share)
        damaged = path.read_bytes()
        with pytest.raises(BadInput, match="Grade again with the same --out"):
            list(Ledger(path).entries())
        said = recover(path)
        assert path.with_name("ledger.sqlite.damaged").read_bytes() == damaged != old
        assert "ledger.sqlite.damaged" in said and "graded again" in said
        kept = int(re.search(r"(\d+) of its verdicts", said)[1])
        assert kept >= 100 * share
        ledger = Ledger(path)
        assert sum(ledger.has(f"key {number}") for number in range(200)) == kept
        assert all(entry.verdict.score == 0.5 for entry in ledger.entries())
        ledger.close()
        assert recover(path) == ""

    def test_a_hole_in_the_middle_costs_only_what_was_in_it(self, path):
        data = bytearray(path.read_bytes())
        middle = len(data) // 2 // 4096 * 4096
        data[middle : middle + 3 * 4096] = os.urandom(3 * 4096)
        path.write_bytes(data)
        kept = int(re.search(r"(\d+) of its verdicts", recover(path))[1])
        assert 150 < kept < 200

    def test_a_tail_that_is_cut_off_is_recovered_too(self, path):
        with path.open("r+b") as file:
            file.truncate(int(path.stat().st_size * 0.8) + 100)
        assert int(re.search(r"(\d+) of its verdicts", recover(path))[1]) > 50

    def test_a_record_that_makes_no_sense_is_dropped(self, path):
        with sqlite3.connect(path) as db:
            db.execute("UPDATE verdict SET document = substr(document, 9) WHERE key = 'key 7'")
        assert "199 of its verdicts" in recover(path)

    def test_a_second_damaged_one_does_not_replace_the_first(self, path):
        for _ in range(2):
            self.damage(path, 0.9)
            recover(path)
        assert sorted(file.name for file in path.parent.glob("*.damaged*")) == [
            "ledger.sqlite.damaged",
            "ledger.sqlite.damaged.1",
        ]

    def test_the_log_of_a_damaged_one_is_not_played_into_the_new_one(self, path):
        def record() -> None:
            Ledger(path).record("late", "sha", "late", verdict("only", message="m" * 3000))

        in_a_fork(record)  # a run that is killed leaves its log
        assert path.with_name("ledger.sqlite-wal").stat().st_size > 0
        with path.open("r+b") as file:
            file.seek(path.stat().st_size // 2)
            file.write(b"\xa5" * 20_000)
        reader = sqlite3.connect(path)  # as a report that is made meanwhile: the log stays with the file
        reader.execute("SELECT * FROM run").fetchone()
        recover(path)
        reader.close()
        assert not path.with_name("ledger.sqlite-wal").exists()
        ledger = Ledger(path)
        assert ledger.has("late") and len(list(ledger.entries())) > 50
        ledger.close()
        assert recover(path) == ""

    def test_a_class_is_graded_on_with_what_could_be_read(self, graded, students):
        before = graded.grade()
        self.damage(graded.out / run.LEDGER, 0.75)
        assert graded.grade() == before
        [said] = graded.warnings
        assert re.search(r"was damaged\. [1-7] of its verdicts could be read", said)


class TestGrader:
    def test_one_that_dies_every_time_costs_one_submission_and_only_until_the_next_run(
        self, graded, students, monkeypatch
    ):
        grade, armed = Worker.grade, [True]

        def fragile(worker, submission, *args, **kwargs):
            if armed[0] and b"# s4.ipynb" in submission.notebook:
                worker._process.kill()
            return grade(worker, submission, *args, **kwargs)

        monkeypatch.setattr(Worker, "grade", fragile)
        rows = graded.grade()
        status, _, message = rows.pop("s4.ipynb")
        assert status == "error"
        assert re.search("killed from outside.*tried 2 times. Run the same command again", message)
        assert scores(rows) == {name: score for name, score in students.items() if name != "s4.ipynb"}
        kept = graded.rows()
        armed[0] = False
        assert scores(graded.grade()) == students
        assert_kept(kept, graded.rows())


def children(pid: int) -> list[int]:
    """All processes below `pid`."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [child, *children(child)]
    return found


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def wait_until(condition: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to that in time"
        time.sleep(0.02)


def interrupt_and_resume(folder: Path, students: dict[str, float], engine: str) -> int:
    """Grade with the command line, kill it when some verdicts are there, and let the same command finish.

    Returns the process that was killed.
    """
    archive = folder / "hostile.zip"
    archive.write_bytes(bundle().data)
    for path in (folder / "class").iterdir():  # none is graded before the kill that should not be
        path.write_bytes(path.read_bytes().replace(b'"# s', b'"import time; time.sleep(0.5)  # s'))
    out = folder / "out"
    command = [sys.executable, "-m", "autograder", "grade", archive, folder / "class", "--out", out]
    command += ["--engine", engine, "--trusted", "--jobs", "1"]
    with (folder / "output").open("w+") as output:
        coordinator = subprocess.Popen(command, cwd=CODE, stdout=output, stderr=subprocess.STDOUT)
        try:
            wait_until(lambda: len(_rows_if_any(out)) >= 3 or coordinator.poll() is not None, 120)
            below = children(coordinator.pid)
        finally:
            coordinator.kill()
        assert coordinator.wait() == -signal.SIGKILL, (folder / "output").read_text()
    wait_until(lambda: not any(map(alive, below)), 60)
    kept = _rows_if_any(out)
    assert 3 <= len(kept) < COUNT
    done = subprocess.run(command, cwd=CODE, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert_kept(kept, _rows_if_any(out))
    table = list(csv.DictReader((out / "grades.csv").read_text().splitlines()))
    assert sorted(row["submission"] for row in table) == sorted(students)
    assert {row["submission"]: float(row["score"]) for row in table} == students
    return coordinator.pid


def _rows_if_any(out: Path) -> dict[str, int]:
    try:
        return verdict_rows(out / run.LEDGER)
    except sqlite3.OperationalError:  # not there yet
        return {}


@pytest.fixture
def containers(tmp_path, students, container) -> Iterator[Class]:
    """A class for containers, which must all be gone in the end, with their mounts."""
    started: list[str] = []
    engine = container(LIMITS)

    def command(name: str, first_uid: int):
        started.append(name)
        return engine.command(name, first_uid)

    graded = Class(tmp_path, replace(engine, command=command))
    graded.started = started
    yield graded
    assert containers_of(engine.name).isdisjoint(started)


@pytest.mark.container
@pytest.mark.root
class TestContainers:
    @pytest.mark.parametrize("victim", ["Pid", "ConmonPid"])
    def test_one_that_is_killed_costs_no_submission(self, containers, students, victim):
        if victim == "ConmonPid" and containers.engine.name != "podman":
            pytest.skip("only podman has a conmon")
        if os.geteuid() != 0:
            pytest.skip("needs root to kill what the engine started")
        kept: dict[str, int] = {}
        marks: list[str] = []

        def kill(done: int) -> None:
            if done == 2 and not kept:
                name = containers.started[-1]
                marks.extend(mount_marks(containers.engine.name, name))
                os.kill(state(containers.engine.name, name, victim), signal.SIGKILL)
                kept.update(containers.rows())

        assert scores(containers.grade(kill)) == students
        assert len(containers.started) == 2
        assert marks and mounted(marks) == []
        assert_kept(kept, containers.rows())

    def test_a_run_that_is_killed_leaves_no_container_and_goes_on(self, tmp_path, students, container):
        engine = container(LIMITS)
        killed = interrupt_and_resume(tmp_path, students, engine.name)
        wait_until(lambda: not containers_of_owner(engine.name, killed), 30)

    def test_what_a_killed_run_left_is_removed_by_the_next(self, container, monkeypatch):
        # A host of this test's own, so that no other run on this machine takes the container for its to remove.
        monkeypatch.setattr(socket, "gethostname", lambda: "host-of-this-test")
        engine = container(LIMITS)

        def leave() -> None:
            worker = Worker(container(LIMITS), bundle())  # with the label of a process that will be gone
            os.kill(state(engine.name, worker.name, "ConmonPid"), signal.SIGKILL)

        [name] = containers_of_owner(engine.name, dead := in_a_fork(leave))
        with Pool(bundle(), engine, LIMITS):
            assert containers_of_owner(engine.name, dead) == set()
            assert name not in containers_of(engine.name)


def test_only_the_graders_own_failures_are_tried_again():
    assert Verdict.failed("The grader failed: its worker ended.").grader_failed
    assert not Verdict.failed("The file is empty.").grader_failed
    assert not Verdict("graded", 1, 1, message="The grader failed").grader_failed
