"""The grading platform: what a bundle carries for it, its results, and whole runs in a container of its shape."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import uuid
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

from autograder.batch import image
from autograder.batch.bundle import Bundle
from autograder.batch.engine import process_engine
from autograder.batch.pool import Pool, Task
from autograder.batch.submissions import Submission
from autograder.errors import BadSubmission, EngineError
from autograder.platform import run, seal
from autograder.platform.contents import platform_files
from autograder.platform.results import document
from autograder.platform.submission import open_folder
from autograder.sandbox.limits import Limits
from autograder.verdict import CaseManifest, QuestionManifest, Verdict, score_question
from tests.autograder.building import compile_assignment
from tests.autograder.hostile import escaping, forging, stealing
from tests.autograder.hostile.world import POINTS, SECRETS, answers, bundle, notebook
from tests.autograder.needs import missing
from tests.autograder.sample_class import Material, true_scores

CONTAINER = image.CONTAINER
SCRIPTS = ("setup.sh", "run_autograder")
NAME = "hw01_gradient_descent"

_VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
_FORMAT = {"enum": ["text", "html", "simple_format", "md", "ansi"]}
# Gradescope, "Autograder Specifications", "Output format"; nothing that is not in it.
SCHEMA = {
    "type": "object",
    "required": ["score", "stdout_visibility", "tests"],
    "additionalProperties": False,
    "properties": {
        "score": {"type": "number", "minimum": 0},
        "execution_time": {"type": "number", "minimum": 0},
        "output": {"type": "string"},
        "output_format": _FORMAT,
        "visibility": _VISIBILITY,
        "stdout_visibility": _VISIBILITY,
        "extra_data": {"type": "object"},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "score", "max_score", "visibility"],
                "additionalProperties": False,
                "properties": {
                    "score": {"type": "number", "minimum": 0},
                    "max_score": {"type": "number", "minimum": 0},
                    "status": {"enum": ["passed", "failed"]},
                    "name": {"type": "string", "minLength": 1},
                    "name_format": _FORMAT,
                    "number": {"type": "string"},
                    "output": {"type": "string"},
                    "output_format": _FORMAT,
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "visibility": _VISIBILITY,
                    "extra_data": {"type": "object"},
                },
            },
        },
    },
}


def checked(results: Any) -> dict[str, Any]:
    """Results that keep to the platform's format and add up."""
    jsonschema.validate(results, SCHEMA)
    json.dumps(results, allow_nan=False)
    assert results["stdout_visibility"] == "hidden"
    assert results["score"] == pytest.approx(sum(test["score"] for test in results["tests"]))
    assert all(test["score"] <= test["max_score"] for test in results["tests"])
    return results


def seen_by_students(results: dict[str, Any]) -> str:
    """All text that the platform shows to a student before grades are published."""
    visible = [test for test in results["tests"] if test["visibility"] == "visible"]
    return "\n".join([results["output"], *(f"{test['name']} {test.get('output', '')}" for test in visible)])


QUESTION = QuestionManifest(
    "q1", False, (CaseManifest("q1 - 1", False, 1.0), CaseManifest("q1 - 2", True, 2.5))
)


class TestResults:
    @pytest.mark.parametrize("status", ["graded", "partial"])
    def test_a_verdict_keeps_to_the_platforms_format(self, status):
        question = score_question(QUESTION, {"q1 - 1": (True, ""), "q1 - 2": (False, "No.")})
        results = checked(document(Verdict(status, 1.0, 3.5, (question,), seconds=1.23456)))
        assert results["score"] == 1.0 and results["execution_time"] == 1.235
        assert [test["visibility"] for test in results["tests"]] == ["visible", "after_published"]
        assert [test["max_score"] for test in results["tests"]] == [1.0, 2.5]
        assert "No." not in seen_by_students(results)

    def test_notes_on_hidden_cases_are_told_when_these_are(self):
        question = score_question(QUESTION, {"q1 - 1": (True, "")})
        notes = (
            "Code cell 2: NameError",
            "q1: it did not finish in time",
            "For the instructor: in 'q1 - 2' x.",
        )
        verdict = Verdict("partial", 1.0, 3.5, (question,), message=" ".join(notes), notes=notes)
        results = checked(document(verdict))
        assert results["output"] == notes[0]
        told = {test["visibility"]: test["output"] for test in results["tests"][2:]}
        assert told == {"after_published": notes[1], "hidden": notes[2]}
        results = checked(document(replace(verdict, notes=(), message="An answer stopped a test.")))
        assert "stopped" not in seen_by_students(results) and "stopped" in results["tests"][-1]["output"]

    def test_a_submission_that_cannot_be_graded_has_no_points_and_a_reason(self):
        results = checked(document(Verdict.failed("hw.ipynb: The file is empty.")))
        assert results["score"] == 0 and "hw.ipynb: The file is empty." in seen_by_students(results)

    def test_missing_walls_are_told_to_instructors_alone(self):
        question = score_question(QUESTION, {"q1 - 1": (True, ""), "q1 - 2": (True, "")})
        results = checked(document(Verdict("graded", 3.5, 3.5, (question,), missing_walls=("network",))))
        assert "network" not in seen_by_students(results)
        (told,) = [test for test in results["tests"] if test["visibility"] == "hidden"]
        assert "network" in told["output"] and told["max_score"] == 0

    def test_text_of_a_student_is_made_harmless(self):
        results = checked(document(Verdict.failed("\x1b[2J\u202ehw.ipynb\ud800")))
        assert not {"\x1b", "\u202e", "\ud800"} & set(json.dumps(results, ensure_ascii=False))


def lay_out(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def zipped(files: Mapping[str, bytes]) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return memory.getvalue()


class TestSubmission:
    def test_the_notebook_is_found_in_any_folder_with_the_files_beside_it(self, tmp_path):
        files = {
            "a/hw.ipynb": b"{}",
            "a/data/x.csv": b"1",
            "a/helper.py": b"",
            "note.txt": b"",
            "a/tests/q1.py": b"",
        }
        junk = {
            ".git/x.ipynb": b"",
            "__MACOSX/y.ipynb": b"",
            "a/.ipynb_checkpoints/hw.ipynb": b"",
            "a/._hw.ipynb": b"",
        }
        name, submission = open_folder(lay_out(tmp_path, files | junk))
        assert (name, submission.notebook) == ("a/hw.ipynb", b"{}")
        assert submission.files == {"data/x.csv": b"1", "helper.py": b""}

    def test_a_zip_or_a_script_will_do(self, tmp_path):
        lay_out(tmp_path / "zip", {"export.zip": zipped({"hw.ipynb": b"{}", "x.csv": b"1"})})
        assert open_folder(tmp_path / "zip")[1].files == {"x.csv": b"1"}
        assert open_folder(lay_out(tmp_path / "py", {"hw.py": b"x = 1"}))[1].script

    @pytest.mark.parametrize(
        ("files", "message"),
        [
            ({}, r"holds no notebook, but nothing\. Submit the \.ipynb file"),
            ({"hw.pdf": b""}, r"holds no notebook, but hw\.pdf"),
            ({"a.ipynb": b"", "b/c.ipynb": b""}, r"2 \.ipynb files: a\.ipynb, b/c\.ipynb\. Submit"),
            ({"a.zip": b"PK\x03\x04"}, r"a\.zip: The zip is damaged\. Export"),
        ],
    )
    def test_what_cannot_be_graded_is_told_with_file_reason_and_fix(self, tmp_path, files, message):
        with pytest.raises(BadSubmission, match=message):
            open_folder(lay_out(tmp_path, files))

    def test_links_and_pipes_are_not_followed(self, tmp_path):
        (tmp_path / "hw.ipynb").symlink_to("/etc/shadow")
        with pytest.raises(BadSubmission, match=r"hw\.ipynb: .*it is a link"):
            open_folder(tmp_path)
        (tmp_path / "hw.ipynb").unlink()
        lay_out(tmp_path, {"hw.ipynb": b"{}"})
        (tmp_path / "out").symlink_to("/etc")
        assert open_folder(tmp_path)[1].files == {}
        os.mkfifo(tmp_path / "data.csv")
        with pytest.raises(BadSubmission, match=r"data\.csv is not a regular file"):
            open_folder(tmp_path)


class TestContents:
    FILES = platform_files(["numpy==2.4.6"])

    def test_a_bundle_carries_the_entry_points_the_lock_and_the_grader_and_nothing_else(self):
        names = set(self.FILES)
        assert {*SCRIPTS, "README.txt", "requirements.lock"} == {name for name in names if "/" not in name}
        assert self.FILES["requirements.lock"] == b"numpy==2.4.6\n"
        assert {Path(name).suffix for name in names if "/" in name} == {".py"}
        assert {name.split("/")[0] for name in names if "/" in name} == {"autograder", "reference"}
        assert not [name for name in names if name.startswith(("autograder/release", "autograder/cli"))]
        sandbox = {path.name for path in (CONTAINER.parent / "sandbox").glob("*.py")}
        assert sandbox == {Path(name).name for name in names if name.startswith("autograder/sandbox/")}

    def test_it_is_small(self):
        assert sum(map(len, self.FILES.values())) < 1 << 20

    def test_every_module_that_grading_imports_travels_along(self, tmp_path):
        lay_out(tmp_path, self.FILES)
        program = (
            f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
            "from autograder.platform import run\nimport importlib, pkgutil, autograder.sandbox as sandbox\n"
            "for found in pkgutil.iter_modules(sandbox.__path__): importlib.import_module(f'autograder.sandbox.{found.name}')\n"
            "import reference\nown = [m for n, m in sys.modules.items() if n.split('.')[0] in ('autograder', 'reference')]\n"
            f"assert own and all(m.__file__.startswith({str(tmp_path)!r}) for m in own), own"
        )
        subprocess.run([sys.executable, "-I", "-c", program], check=True, timeout=60)


def run_setup(tmp_path: Path, python: str, **variables: str) -> subprocess.CompletedProcess:
    """Run setup.sh where the only python3 is a shell script, and no apt-get is there."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("dirname", "rm", "grep", "find", "chmod", "mkdir", "cat"):
        (programs / name).symlink_to(str(shutil.which(name)))
    for name, script in {"python3": python, "id": "echo 0"}.items():
        (programs / name).write_text(f"#!/bin/bash\n{script}\n")
        (programs / name).chmod(0o755)
    source = lay_out(tmp_path / "source", {"requirements.lock": b"torch==2.13.0\nnumpy==2.4.6\n"})
    shutil.copy(CONTAINER / "setup.sh", source)
    return subprocess.run(
        ["/bin/bash", str(source / "setup.sh")],
        env={"PATH": str(programs), "GRADER_VENV": str(tmp_path / "venv"), **variables},
        capture_output=True,
        text=True,
        timeout=30,
    )


# A python3 that is new enough; the one of its environment logs what pip is asked for, and fails.
_FAILING_PIP = r"""case "$*" in
  --version) echo "Python 3.12.1";;
  "-m venv "*) mkdir -p "$3/bin"; { echo '#!/bin/bash'; echo 'echo "$*" >&2; echo "ERROR: No matching distribution" >&2; exit 1'; } > "$3/bin/python"
     chmod +x "$3/bin/python";;
esac"""


class TestScripts:
    @pytest.mark.parametrize("name", SCRIPTS)
    def test_they_are_valid_bash(self, name):
        assert (CONTAINER / name).read_bytes().startswith(b"#!/usr/bin/env bash\n")
        done = subprocess.run(["bash", "-n", str(CONTAINER / name)], capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")

    @pytest.mark.parametrize("name", SCRIPTS)
    def test_shellcheck_finds_nothing(self, name):
        shellcheck = shutil.which("shellcheck", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
        if shellcheck is None:
            missing("shellcheck is not installed")
        done = subprocess.run([shellcheck, str(CONTAINER / name)], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout

    def test_a_python_that_is_too_old_is_named_and_nothing_is_made(self, tmp_path):
        old = 'if [ "$1" = --version ]; then echo "Python 3.10.12"; else exit 1; fi'
        done = run_setup(tmp_path, old)
        assert done.returncode != 0 and not (tmp_path / "venv").exists()
        assert done.stderr.startswith("setup.sh: Python 3.11 or later") and "Python 3.10.12" in done.stderr

    def test_a_failure_of_pip_is_told_last_and_loudly(self, tmp_path):
        done = run_setup(tmp_path, _FAILING_PIP)
        assert done.returncode != 0
        *_, reason, last = done.stderr.strip().splitlines()
        assert reason == "ERROR: No matching distribution"
        assert last.startswith("setup.sh: pip could not install torch with Python 3.12.1")

    @pytest.mark.parametrize(
        ("variables", "asked"),
        [
            ({}, "--index-url https://download.pytorch.org/whl/cpu torch==2.13.0"),
            ({"PIP_FIND_LINKS": "/wheels", "PIP_NO_INDEX": "1"}, "--only-binary :all: --requirement"),
            ({"PIP_INDEX_URL": "https://example.org/simple"}, "--only-binary :all: --requirement"),
        ],
    )
    def test_packages_come_from_where_pip_is_told(self, tmp_path, variables, asked):
        assert asked in run_setup(tmp_path, _FAILING_PIP, **variables).stderr

    def test_a_folder_of_wheels_beside_it_is_used_alone(self, tmp_path):
        (tmp_path / "source" / "wheels").mkdir(parents=True)
        done = run_setup(tmp_path, _FAILING_PIP)
        assert "--no-index --find-links" in done.stderr and "from wheels/" in done.stderr

    def test_without_an_environment_a_submission_fails_and_says_so(self, tmp_path):
        done = subprocess.run(
            ["bash", str(CONTAINER / "run_autograder")],
            env={"PATH": os.environ["PATH"], "GRADER_VENV": str(tmp_path)},
            capture_output=True,
            text=True,
        )
        assert done.returncode != 0 and "setup.sh did not end well" in done.stderr


class TestRun:
    def test_a_failure_of_the_grader_is_told_from_a_fault_of_the_students(self, tmp_path, monkeypatch):
        files = {"otter_config.json": b"{}", "tests/q1.py": b""}
        lay_out(tmp_path, {f"source/{name}": text for name, text in files.items()})
        lay_out(tmp_path, {"submission/hw.ipynb": b"{}"})
        monkeypatch.setattr(run, "_grade_sealed", lambda *given: Verdict.failed("No cell in it."))
        assert run._grade(tmp_path).message == "hw.ipynb: No cell in it."
        monkeypatch.setattr(run, "_grade_sealed", lambda *given: Verdict.failed("The grader failed: why."))
        with pytest.raises(EngineError, match="The grader failed: why"):
            run._grade(tmp_path)


class TestSeal:
    def test_uids_fit_into_what_the_container_maps(self, monkeypatch):
        monkeypatch.setattr(seal, "_mapped", lambda name: 1 << 32)
        assert seal.first_uids(1_234_567) == 1_234_567
        monkeypatch.setattr(seal, "_mapped", lambda name: 65_536)
        starts = {seal.first_uids(100_000 + 10_000 * n) for n in range(100)}
        assert min(starts) >= 10_000 and max(starts) + seal.UIDS <= 65_536 and len(starts) > 1
        monkeypatch.setattr(seal, "_mapped", lambda name: 1)
        with pytest.raises(EngineError, match="no more than 1 user ids"):
            seal.first_uids(100_000)

    @pytest.mark.root
    def test_a_folder_is_closed_for_a_while_and_that_is_seen_from_outside(self):
        if os.geteuid() != 0:
            pytest.skip("needs root")
        with tempfile.TemporaryDirectory(dir="/tmp") as made:
            folder = Path(made)
            folder.chmod(0o755)
            with pytest.raises(EngineError, match="could open the grader's folders"):
                seal.check(54_321, [folder])
            with seal.closed([folder]):
                seal.check(54_321, [folder])
            assert folder.stat().st_mode & 0o777 == 0o755


@dataclass(frozen=True)
class Run:
    """What one run of the platform left: exit status, what instructors read, the results."""

    status: int
    stdout: str
    results: dict[str, Any] | None

    @property
    def graded(self) -> dict[str, Any]:
        assert self.status == 0 and self.results is not None, self.stdout
        return checked(self.results)


class Platform:
    """A container as a grading platform makes it. Use as a context manager."""

    # Ends with the status of the run and the owners of all live processes.
    _AS_THE_PLATFORM = """cd /autograder
/autograder/run_autograder >/autograder/results/stdout 2>&1
echo "status $?"
stat -c %u $(grep -L '^State:.Z' /proc/[0-9]*/status 2>/dev/null) 2>/dev/null | sort -u | tr '\\n' ' '"""

    def __init__(self, engine: str, base: str, wheelhouse: str | None) -> None:
        self.engine = engine
        self.name = f"platform-{uuid.uuid4().hex[:12]}"
        wheels = ["--network=none", f"--volume={Path(wheelhouse).resolve()}:/wheels:ro"] if wheelhouse else []
        self._variables = ["--env=PIP_NO_INDEX=1", "--env=PIP_FIND_LINKS=/wheels"] if wheelhouse else []
        start = [engine, "run", "--detach", f"--name={self.name}", *(wheels or ["--network=host"])]
        subprocess.run(
            [*start, base, "sh", "-c", "while :; do sleep 1; done"], check=True, capture_output=True
        )

    def __enter__(self) -> Platform:
        return self

    def __exit__(self, *exc: object) -> None:
        kill = [*(["--time=0"] if self.engine == "podman" else [])]
        subprocess.run([self.engine, "rm", "--force", *kill, self.name], check=True, capture_output=True)

    def shell(self, script: str, data: bytes = b"", *options: str, prefix: tuple[str, ...] = ()):
        command = [self.engine, "exec", "-i", *options, self.name, *prefix, "sh", "-c", script]
        return subprocess.run(command, input=data, capture_output=True, timeout=900)

    def unpack(self, folder: str, files: Mapping[str, bytes]) -> None:
        memory = io.BytesIO()
        with tarfile.open(fileobj=memory, mode="w") as archive:
            for name, content in files.items():
                info = tarfile.TarInfo(name)
                info.size, info.mode = len(content), 0o755 if content.startswith(b"#!") else 0o644
                archive.addfile(info, io.BytesIO(content))
        done = self.shell(f"mkdir -p {folder} && tar -x -C {folder}", memory.getvalue())
        assert done.returncode == 0, done.stderr

    def set_up(self, files: Mapping[str, bytes]) -> subprocess.CompletedProcess:
        """What the platform does once with an uploaded zip."""
        self.unpack("/autograder/source", files)
        self.shell("cp /autograder/source/run_autograder /autograder/")
        return self.shell("bash /autograder/source/setup.sh", b"", *self._variables)

    def exchange(self, bundle_data: bytes) -> None:
        """Put the tests of another assignment in the place of those that are there."""
        self.shell("cd /autograder/source && rm -rf tests files otter_config.json")
        with zipfile.ZipFile(io.BytesIO(bundle_data)) as archive:
            ours = [
                name for name in archive.namelist() if name.startswith(("tests/", "files/", "otter_config"))
            ]
            self.unpack("/autograder/source", {name: archive.read(name) for name in ours})

    def grade(self, files: Mapping[str, bytes], *prefix: str, options: tuple[str, ...] = ()) -> Run:
        """What the platform does with each submission; an older one has left its results."""
        self.shell("cd /autograder && rm -rf submission results && mkdir submission results")
        metadata = json.dumps(
            {"users": [{"name": "A"}], "previous_submissions": [{"results": SECRETS[0]}]}
        ).encode()
        self.unpack(
            "/autograder", {"submission_metadata.json": metadata, "results/results.json": b'{"score": 999}'}
        )
        self.unpack("/autograder/submission", files)
        lines = self.shell(self._AS_THE_PLATFORM, b"", *options, prefix=prefix).stdout.decode().splitlines()
        assert lines[-1].split() == ["0"], f"processes of these users are left: {lines[-1]}"
        results = self.shell("cat /autograder/results/results.json").stdout
        told = self.shell("cat /autograder/results/stdout").stdout.decode()
        return Run(int(lines[0].split()[1]), told, json.loads(results) if results else None)


@pytest.fixture(scope="module")
def released(tmp_path_factory) -> Path:
    """An assignment as `make` releases it."""
    root = tmp_path_factory.mktemp("released")
    compile_assignment(NAME, root)
    return root


@pytest.fixture(scope="module")
def platform(released: Path) -> Iterator[Platform]:
    """The platform after setup.sh, which takes the better part of this module's time (once)."""
    base, engine = os.environ.get("BASE_IMAGE") or image.DEFAULT_BASE, image.find_engine()
    try:
        if engine is None:
            raise EngineError("no container engine answers")
        image._ensure_base(engine, base, lambda line: None)
    except EngineError as error:
        missing(f"no platform: {error}")
    with zipfile.ZipFile(released / "dist" / NAME / "autograder.zip") as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    with Platform(engine, base, os.environ.get("WHEELHOUSE")) as made:
        done = made.set_up(files)
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
        yield made
        made.exchange(bundle().data)
        honest = made.grade({"hw.ipynb": notebook(answers())}).graded
        assert honest["score"] == sum(POINTS.values()) and honest["output"] == ""


@pytest.fixture
def hostile_platform(platform: Platform) -> Platform:
    """The platform with the hostile tests' assignment."""
    platform.exchange(bundle().data)
    return platform


def as_graded_here(data: bytes, released: Path) -> dict[str, Any]:
    """The results that `grade` gives for a notebook."""
    found = Bundle.load(released / "dist" / NAME / "autograder.zip")
    with Pool(found, process_engine(trusted=True), Limits()) as graders:
        [(_, verdict)] = graders.grade([Task("hw", lambda: Submission(data))])
    return document(verdict)


def comparable(results: dict[str, Any]) -> dict[str, Any]:
    """Results without what differs from run to run and from place to place."""
    tests = [test for test in results["tests"] if test["name"] != "For the instructor"]
    return results | {"execution_time": 0, "tests": tests}


TRESPASS = r"""
import os
tried, worked = 0, []
def attempt(name, function, *args):
    global tried
    tried += 1
    try:
        function(*args)
    except OSError:
        return
    worked.append(name)
def write(path):
    with open(path, 'w') as file:
        file.write('{"score": 12}')
files = ['source/tests/q1.py', 'source/otter_config.json', 'source/setup.sh', 'results/results.json', 'results/stdout',
         'submission_metadata.json', 'submission/hw.ipynb', 'run_autograder', 'source/autograder/verdict.py']
roots = ['', *(f'/proc/{pid}/{link}' for pid in os.listdir('/proc') if pid.isdigit() and int(pid) != os.getpid()
               and os.stat(f'/proc/{pid}').st_uid == 0 for link in ('root', 'cwd/..', 'cwd'))]
for root in roots:
    attempt(f'list {root}', os.listdir, f'{root}/autograder')
    for name in files:
        attempt(f'read {root} {name}', open, f'{root}/autograder/{name}')
        attempt(f'write {root} {name}', write, f'{root}/autograder/{name}')
attempt('open up', os.chmod, '/autograder', 0o777)
attempt('rename', os.rename, '/autograder', '/tmp/autograder')
attempt('environment', open, f'/proc/{os.getppid()}/environ')
attempt('descriptors', os.listdir, f'/proc/{os.getppid()}/fd')
attempt('another interpreter', write, '/opt/venv/lib/python3.11/site-packages/numpy/__init__.py')
attempt('another library', write, '/opt/venv/lib/python3.11/site-packages/sitecustomize.py')
for pid in (1, os.getppid()):
    attempt(f'kill {pid}', os.kill, pid, 9)
raise RuntimeError(f'tried {tried} ways, worked: {worked}')
"""


@pytest.mark.container
@pytest.mark.xdist_group("platform")
class TestInTheContainer:
    def test_students_see_the_environment_and_not_the_grader(self, platform):
        done = platform.shell(
            "stat -c %a /autograder/source /opt/venv /opt/venv/bin; du -sm /opt/venv | cut -f1"
        )
        source, *venv, megabytes = done.stdout.split()
        assert source == b"700" and venv == [b"755"] * 2 and int(megabytes) < 1500

    @pytest.mark.parametrize("kind", ["right", "half done"])
    def test_honest_work_has_the_same_results_as_here(self, platform, released, kind):
        material = Material(NAME, root=released)
        data = material.submission(kind, np.random.default_rng(0))
        platform.exchange(material.bundle_path.read_bytes())
        results = platform.grade({f"{NAME}/{NAME}.ipynb": data, f"{NAME}/notes.txt": b"x"}).graded
        assert results["score"] == pytest.approx(sum(true_scores(material.bundle, data).values()))
        assert comparable(results) == comparable(as_graded_here(data, released))
        hidden = {test["name"] for test in results["tests"] if test["visibility"] == "after_published"}
        assert hidden and not [name for name in hidden if name in seen_by_students(results)]

    def test_walls_that_a_platform_does_not_offer_are_told_to_instructors(self, hostile_platform):
        run = hostile_platform.grade({"hw.ipynb": notebook(answers())})
        assert "unsealed: missing file system of its own" in run.stdout
        assert "file system" not in seen_by_students(run.graded) and run.graded["score"] == sum(
            POINTS.values()
        )

    def test_a_platform_that_lets_root_make_namespaces_is_asked_for_them(self, hostile_platform):
        if hostile_platform.shell("unshare --mount --pid --net true", b"", "--privileged").returncode != 0:
            pytest.skip("no container makes namespaces here")
        run = hostile_platform.grade(
            {"hw.ipynb": notebook([*answers(), TRESPASS])}, options=("--privileged",)
        )
        assert "ways, worked: []" in run.graded["output"] and run.graded["score"] == sum(POINTS.values())
        assert "file system of its own" not in run.stdout

    def test_nothing_of_the_graders_can_be_read_written_or_killed(self, hostile_platform):
        run = hostile_platform.grade({"hw.ipynb": notebook([*answers(), TRESPASS])})
        assert "ways, worked: []" in run.graded["output"]
        assert run.graded["score"] == sum(POINTS.values())
        assert not [secret for secret in SECRETS if secret in json.dumps(run.results)]

    @pytest.mark.parametrize(
        "name",
        [
            "files that look like tests",
            "result files and lines of a grader's",
            "a signal to all processes at once, from a child",
        ],
    )
    def test_known_attacks_fail(self, hostile_platform, name):
        (attack,) = [
            attack
            for attack in (*stealing.ATTACKS, *forging.ATTACKS, *escaping.ATTACKS)
            if attack.name == name
        ]
        cells = [*attack.before, *answers(**attack.answers), *attack.cells]
        run = hostile_platform.grade({"hw.ipynb": notebook(cells)})
        assert re.search(attack.says, run.graded["output"])
        assert run.graded["score"] == sum((POINTS | attack.points).values())
        assert not [secret for secret in SECRETS if secret in json.dumps(run.results)]

    def test_a_fork_bomb_costs_only_its_cell(self, hostile_platform):
        bomb = (
            "import os, time\nfor _ in range(10 ** 6):\n    if os.fork() == 0:\n        time.sleep(10 ** 6)"
        )
        run = hostile_platform.grade({"hw.ipynb": notebook([*answers(), bomb])})
        assert "Resource temporarily unavailable" in run.graded["output"]
        assert run.graded["score"] == sum(POINTS.values())

    @pytest.mark.parametrize(
        ("files", "message"),
        [
            ({"report.pdf": b"%PDF"}, "holds no notebook, but report.pdf"),
            ({"a.ipynb": b"{}", "b.ipynb": b"{}"}, "holds 2 .ipynb files: a.ipynb, b.ipynb"),
            ({"hw.ipynb": b"\x00 not json"}, "hw.ipynb: "),
            ({"hw.ipynb": notebook(answers(), otter={"assignment_name": "another"})}, "another"),
            (
                {"hw.zip": zipped({"../../results/results.json": b'{"score": 12}'})},
                "hw.zip: The zip has an entry",
            ),
        ],
    )
    def test_what_cannot_be_graded_has_no_points_and_a_reason(self, platform, files, message):
        platform.exchange(bundle().data)
        results = platform.grade(files).graded
        assert results["score"] == 0 and results["tests"] == []
        assert "was not graded" in results["output"] and message in results["output"]

    @pytest.mark.parametrize(
        ("damage", "prefix", "reason"),
        [
            ("echo '{' > otter_config.json", (), "otter_config.json is missing or damaged"),
            ("echo 'OK_FORMAT = ' > tests/q1.py", (), "tests/q1.py does not load"),
            ("true", ("setpriv", "--bounding-set=-setuid,-setgid"), "cannot run as another user"),
        ],
    )
    def test_a_fault_of_the_grader_is_never_a_score(self, platform, damage, prefix, reason):
        platform.exchange(bundle().data)
        assert platform.shell(f"cd /autograder/source && {damage}").returncode == 0
        run = platform.grade({"hw.ipynb": notebook(answers())}, *prefix)
        assert run.status != 0 and run.results is None
        assert reason in run.stdout and "has no score" in run.stdout
