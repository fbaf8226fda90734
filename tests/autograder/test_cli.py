"""The command line: one clear line for every mistake, and `grade` from submissions to pages."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from autograder import cli
from autograder.batch.bundle import Bundle
from autograder.batch.claim import claimed
from autograder.batch.engine import Worker, process_engine
from autograder.batch.ledger import Ledger
from autograder.errors import BadBundle, BadInput
from tests.autograder.forks import in_a_fork

ROOT = Path(__file__).resolve().parents[2]
ENGINE = ["--engine", "process"] if os.geteuid() == 0 else ["--engine", "process", "--trusted"]
TEST_FILE = """
OK_FORMAT = False
name = "q1"
points = None
from otter.test_files import test_case

@test_case(points=1, hidden=False)
def test_q1_adds(add):
    assert add(1, 2) == 3

@test_case(points=2, hidden=True)
def test_q1_adds_negatives(add):
    assert add(-1, -2) == -3
"""


def autograder(*arguments, cwd, **options):
    """Run a command in a process of its own."""
    environment = {
        "PYTHONPATH": str(ROOT),
        "PATH": os.environ["PATH"],
        "HOME": str(cwd),
        "OMP_NUM_THREADS": "1",
    }
    command = [sys.executable, "-m", "autograder", *map(str, arguments)]
    return subprocess.Popen(
        command,
        cwd=cwd,
        env=environment | options,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # A test run in the background of a shell ignores Ctrl-C, and its children would too.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def finished(*arguments, cwd, **options):
    """Status, output and errors of a command."""
    process = autograder(*arguments, cwd=cwd, **options)
    out, err = process.communicate(timeout=120)
    assert "Traceback" not in out + err
    return process.returncode, out, err


def notebook(*sources):
    cells = [{"cell_type": "code", "source": source, "metadata": {}} for source in sources]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


RIGHT = notebook("def add(a, b): return a + b")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    """A tiny autograder zip, in a folder named like its assignment."""
    path = tmp_path_factory.mktemp("dist") / "tiny" / "autograder.zip"
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("tests/q1.py", TEST_FILE)
        archive.writestr("otter_config.json", "{}")
    return path


@pytest.fixture
def place(tmp_path, monkeypatch, bundle):
    """A working folder with all kinds of wrong things in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.zip").write_text("not a zip")
    (tmp_path / "text.txt").write_text("a text")
    (tmp_path / "hw.ipynb").write_text(RIGHT)
    (tmp_path / "dangling.zip").symlink_to("nowhere")
    (tmp_path / "loop.zip").symlink_to("loop.zip")
    (tmp_path / "folder.zip").mkdir()
    with zipfile.ZipFile(tmp_path / "testless.zip", "w") as archive:
        archive.writestr("hw.ipynb", RIGHT)
    damaged = bytearray(bundle.read_bytes())
    damaged[40:60] = b"\xff" * 20
    (tmp_path / "damaged.zip").write_bytes(damaged)
    (tmp_path / "noledger").mkdir()
    (tmp_path / "badledger").mkdir()
    (tmp_path / "badledger/ledger.sqlite").write_text("not a database, but long enough to be read as one")
    return tmp_path


BAD = {
    "release": ("no assignments here", 1),
    "verify nothing": ("no assignments here", 1),
    "grade nothing hw.ipynb --out o": ("no released assignment 'nothing'", 1),
    "grade nowhere/a.zip hw.ipynb --out o": ("does not exist", 1),
    "grade text.zip hw.ipynb --out o": ("not a zip file", 1),
    "grade text.txt hw.ipynb --out o": ("not a zip file", 1),
    "grade damaged.zip hw.ipynb --out o": ("damaged.zip is damaged", 1),
    "grade testless.zip hw.ipynb --out o": ("holds no tests", 1),
    "grade folder.zip hw.ipynb --out o": ("is a folder", 1),
    "grade dangling.zip hw.ipynb --out o": ("does not exist", 1),
    "grade loop.zip hw.ipynb --out o": ("loop.zip", 1),
    "grade BUNDLE nowhere.ipynb --out o": ("nowhere.ipynb does not exist", 1),
    "grade BUNDLE empty --out o": ("holds no notebook", 1),
    "grade BUNDLE text.txt --out o": ("is no submission", 1),
    "grade BUNDLE hw.ipynb --out text.txt": ("text.txt", 1),
    "grade BUNDLE hw.ipynb --out o --engine podman": ("podman", 1),
    "grade BUNDLE hw.ipynb --out o --engine docker": ("docker", 1),
    "image": ("podman", 1),
    "image --engine docker": ("podman", 1),
    "report noledger": ("holds no ledger.sqlite", 1),
    "report nowhere": ("holds no ledger.sqlite", 1),
    "report badledger": ("ledger.sqlite cannot be used", 1),
    "grade BUNDLE hw.ipynb --out o --roster nowhere.csv": ("nowhere.csv cannot be read", 1),
    "grade BUNDLE hw.ipynb --out o --written text.txt": ("no column 'submission'", 1),
    "export nowhere.toml --out o": ("nowhere.toml cannot be read", 1),
    "export text.txt --out o": ("is not TOML", 1),
    "": ("COMMAND", 2),
    "unknown": ("unknown", 2),
    "grade": ("BUNDLE", 2),
    "grade BUNDLE --out o": ("SUBMISSION", 2),
    "grade BUNDLE hw.ipynb": ("--out", 2),
    "grade BUNDLE hw.ipynb --out o --flag": ("--flag", 2),
    "grade BUNDLE hw.ipynb --out o --engine magic": ("magic", 2),
    "grade BUNDLE hw.ipynb --out o --jobs 0": ("not a number of 1 or more", 2),
    "grade BUNDLE hw.ipynb --out o --jobs ²": ("not a number of 1 or more", 2),
    "grade BUNDLE hw.ipynb --out o --memory 5": ("not a size", 2),
    "grade BUNDLE hw.ipynb --out o --cell-timeout nan": ("not a number of seconds", 2),
    "grade BUNDLE hw.ipynb --out o --test-timeout -1": ("not a number of seconds", 2),
    "report": ("DIR", 2),
    "export": ("COURSE", 2),
    "export course.toml --out o --format excel": ("excel", 2),
}


def test_a_damaged_ledger_is_set_aside(place, bundle):
    status, _, err = finished("grade", bundle, "hw.ipynb", "--out", "badledger", *ENGINE, cwd=place)
    assert status == 0, err
    assert "badledger/ledger.sqlite was damaged" in " ".join(err.split())
    assert (place / "badledger/ledger.sqlite.damaged").read_text().startswith("not a database")
    assert (place / "badledger/grades.csv").read_text().count("hw.ipynb") == 1


class TestBadInput:
    @pytest.mark.parametrize(("line", "expected"), BAD.items(), ids=BAD)
    def test_it_is_one_clear_line_and_a_status(self, line, expected, place, bundle, monkeypatch, capfd):
        monkeypatch.setenv("PATH", str(place))  # no engine
        arguments = [str(bundle) if word == "BUNDLE" else word for word in line.split()]
        said, status = expected
        try:
            got = cli.main(arguments)
        except SystemExit as end:  # argparse
            got = end.code
        out, err = capfd.readouterr()
        assert got == status and said in err and out == ""
        errors = [text for text in err.splitlines() if "error:" in text]
        assert len(errors) == 1 and said in errors[0]
        if status == 1:
            assert err.count("\n") == 1

    def test_no_file_is_left_by_a_grade_that_could_not_start(self, place, bundle, monkeypatch):
        monkeypatch.setenv("PATH", str(place))
        assert cli.main(["grade", "nothing", "hw.ipynb", "--out", "o"]) == 1
        assert not (place / "o").exists()

    @pytest.mark.parametrize("command", ["release", "verify"])
    def test_an_assignment_that_is_not_there_is_named(self, command, monkeypatch, capfd):
        monkeypatch.chdir(ROOT)
        assert cli.main([command, "hw99_nothing"]) == 1
        out, err = capfd.readouterr()
        assert "hw99_nothing" in err and err.count("\n") == 1 and out == ""

    def test_errors_keep_their_brackets_and_lose_their_escapes(self, monkeypatch, capfd):
        def fail(options):
            raise BadInput("[red]x[/red]\x1b[2J", fix="y")

        monkeypatch.setattr(cli, "_report", fail)
        assert cli.main(["report", "x"]) == 1
        assert capfd.readouterr().err == "error: [red]x[/red]\ufffd[2J y\n"

    @pytest.mark.parametrize("text", [r"a\[/x].ipynb", r"a\\[bold]", "[/]", ":warning:", "[link=x]y"])
    def test_no_text_is_taken_for_markup(self, text, monkeypatch, capfd):
        def fail(options):
            cli._say(text)
            cli._note(text)
            raise BadInput(text)

        monkeypatch.setattr(cli, "_report", fail)
        assert cli.main(["report", "x"]) == 1
        assert capfd.readouterr() == (f"{text}\n", f"note: {text}\nerror: {text}\n")

    def test_a_bundle_that_is_damaged_anywhere_is_told_with_its_name(self, tmp_path):
        path = tmp_path / "a.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("tests/q1.py", TEST_FILE)
        sound, refused = path.read_bytes(), 0
        for place in range(len(sound)):
            path.write_bytes(sound[:place] + bytes([sound[place] ^ 0xFF]) + sound[place + 1 :])
            try:
                Bundle.load(path)
            except BadBundle as error:
                refused += "a.zip" in str(error) and bool(error.fix)
            else:
                refused += place < 30 or place > 200  # times and the like
        assert refused == len(sound)

    def test_one_run_at_a_time_works_in_a_folder(self, place, bundle, monkeypatch, capfd):
        (place / "o").mkdir()
        (place / "o/ledger.sqlite").touch()
        monkeypatch.setattr(cli, "_write_all", lambda *args: pytest.fail("it did not wait"))
        commands = (["report", "o"], ["grade", str(bundle), "hw.ipynb", "--out", "o", *ENGINE])
        with claimed(Path("o")):
            for command in commands:
                assert cli.main(command) == 1
                assert "Another run is at work in o. Wait until the other run" in capfd.readouterr().err

        def claim():
            claim.held = claimed(Path("o"))
            claim.held.__enter__()

        in_a_fork(claim)  # who is killed holds nothing
        with claimed(Path("o")):
            pass

    def test_a_process_of_its_own_ends_with_the_status_and_no_traceback(self, place):
        status, out, err = finished("grade", "text.zip", "hw.ipynb", "--out", "o", cwd=place)
        assert status == 1 and out == "" and err.count("\n") == 1 and err.startswith("error: text.zip")

    def test_help_is_there_for_every_command(self, place, capfd):
        for command in ("release", "verify", "image", "new", "report", "export", "grade"):
            with pytest.raises(SystemExit) as end:
                cli.main([command, "--help"])
            assert end.value.code == 0
        assert "--trusted" in capfd.readouterr().out


def rows(folder):
    with open(folder / "grades.csv", newline="") as file:
        return {row["submission"]: row for row in csv.DictReader(file)}


class TestGrade:
    def test_a_class_from_submissions_to_pages_and_again_from_the_ledger(self, tmp_path, bundle):
        (tmp_path / "in/ada").mkdir(parents=True)
        (tmp_path / "in/ada/hw.ipynb").write_text(RIGHT)
        (tmp_path / "in/wrong.ipynb").write_text(notebook("def add(a, b): return abs(a) + abs(b)"))
        (tmp_path / "in/blank.ipynb").write_text(notebook("add = ..."))
        (tmp_path / "in/copy.ipynb").write_text(RIGHT)
        (tmp_path / "in/empty.ipynb").write_text("")
        (tmp_path / "in/link.ipynb").symlink_to("/etc/passwd")
        command = ["grade", bundle, "in", "--out", "out", "--jobs", 1, *ENGINE]
        status, out, _ = finished(*command, cwd=tmp_path)
        assert status == 0, out
        table = rows(tmp_path / "out")
        assert {name: (row["status"], row["score"]) for name, row in table.items()} == {
            "ada/hw.ipynb": ("graded", "3"),
            "wrong.ipynb": ("graded", "1"),
            "blank.ipynb": ("graded", "0"),
            "copy.ipynb": ("graded", "3"),
            "empty.ipynb": ("error", ""),
            "link.ipynb": ("error", ""),
        }
        assert "it is a link" in table["link.ipynb"]["message"] and "empty" in table["empty.ipynb"]["message"]
        assert "4 graded" in out and "2 not graded" in out and "report.html" in out
        made = {
            path: path.read_bytes()
            for path in (tmp_path / "out").rglob("*")
            if path.suffix != ".sqlite" and path.is_file() and "sqlite" not in path.name
        }
        assert len(made) == 2 + 2 * 6

        # `report` makes the same files from the ledger alone.
        for path in made:
            path.unlink()
        status, again, _ = finished("report", "out", cwd=tmp_path)
        assert status == 0 and again == out
        assert {path: path.read_bytes() for path in made} == made

    def start_slowly(self, folder, bundle):
        """Begin to grade ten notebooks that take their time; return once some are graded."""
        (folder / "in").mkdir()
        for name in "abcdefghij":
            source = notebook(f"import time; time.sleep(0.7); {name!r}", "def add(a, b): return a + b")
            (folder / f"in/{name}.ipynb").write_text(source)
        command = ["grade", bundle, "in", "--out", "out", "--jobs", 1, *ENGINE]
        process = autograder(*command, cwd=folder)
        before = wait_for_verdicts(folder / "out/ledger.sqlite", process)
        return command, process, before, descendants(process.pid)

    def test_a_killed_run_goes_on_where_it_stopped(self, tmp_path, bundle):
        command, process, before, children = self.start_slowly(tmp_path, bundle)
        process.kill()
        process.communicate(timeout=30)
        assert children and all_gone(children)
        status, _, _ = finished(*command, cwd=tmp_path)
        assert status == 0 and [row["score"] for row in rows(tmp_path / "out").values()] == ["3"] * 10
        after = verdicts(tmp_path / "out/ledger.sqlite")
        assert 1 <= len(before) < 10 and {name: after[name] for name in before} == before

    def test_an_interrupted_run_says_so_keeps_its_verdicts_and_leaves_no_process(self, tmp_path, bundle):
        _, process, before, children = self.start_slowly(tmp_path, bundle)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        assert process.returncode == 130 and "Traceback" not in out + err
        assert err.startswith("interrupted") and err.count("\n") == 1
        assert children and all_gone(children)
        assert before.items() <= verdicts(tmp_path / "out/ledger.sqlite").items()


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="walls need root")
def test_a_worker_ends_by_itself(bundle):
    worker = Worker(process_engine(), Bundle.load(bundle))
    worker.close()
    assert worker._process.returncode == 0  # not by a kill
    assert not list(Path("/sys/fs/cgroup").glob(f"**/course-grader-{worker._process.pid}"))


def verdicts(path):
    """Name -> when and how quickly it was graded."""
    ledger = Ledger(path)
    found = {entry.name: (entry.graded_at, entry.verdict.seconds) for entry in ledger.entries()}
    ledger.close()
    return found


def wait_for_verdicts(path, process):
    until = time.monotonic() + 90
    while time.monotonic() < until and process.poll() is None:
        if path.exists():
            with suppress(BadInput):
                if found := verdicts(path):
                    return found
        time.sleep(0.1)
    raise AssertionError(process.communicate())


def parents():
    """pid -> parent's pid, and when it started, of every process."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if fields[0] != "Z":
                found[int(folder.name)] = (int(fields[1]), fields[19])
    return found


def descendants(pid):
    everybody, found = parents(), {pid}
    while more := {child for child, (parent, _) in everybody.items() if parent in found} - found:
        found |= more
    return {(child, everybody[child][1]) for child in found - {pid}}


def all_gone(processes, seconds=20):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not processes & {(pid, started) for pid, (_, started) in parents().items()}:
            return True
        time.sleep(0.1)
    return False
