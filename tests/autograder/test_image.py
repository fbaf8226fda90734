"""The grading image and the lock files."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
import uuid
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from autograder.batch import image
from autograder.errors import EngineError
from autograder.sandbox.limits import Limits

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "autograder/container/requirements.lock", "student_release/requirements.txt")
AS_STUDENT = "import os; os.setgroups([]); os.setresgid(*[20001] * 3); os.setresuid(*[20001] * 3)\n"


def lock(path: str) -> dict[str, Requirement]:
    lines = [line for line in (ROOT / path).read_text().splitlines() if not line.startswith("#")]
    needs = {canonicalize_name(need.name): need for need in map(Requirement, lines)}
    assert len(needs) == len(lines), "a package is named twice"
    return needs


class TestLocks:
    def test_every_line_is_an_exact_version(self):
        for path in LOCKS:
            for need in lock(path).values():
                assert re.fullmatch(r"==[0-9][^+,*]*", str(need.specifier)), need

    @pytest.mark.parametrize("path", LOCKS[1:])
    def test_the_other_locks_are_subsets_of_the_projects(self, path):
        project = lock("requirements.lock")
        for name, need in lock(path).items():
            assert str(project[name]) == str(need)

    def test_the_versions_that_the_course_names_are_in_it(self):
        project = lock("requirements.lock")
        assert str(project["torch"]) == "torch==2.13.0"
        assert str(project["otter-grader"]) == "otter-grader==7.0.0"

    def test_everything_that_pyproject_asks_for_is_in_it(self):
        project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
        extras = project["optional-dependencies"].values()
        asked = [*project["dependencies"], *(need for extra in extras for need in extra)]
        locked = lock("requirements.lock")
        for need in map(Requirement, asked):
            if need.name == project["name"]:  # one extra names another
                continue
            found = locked[canonicalize_name(need.name)]
            assert need.specifier.contains(str(found.specifier).removeprefix("=="))

    def test_this_environment_holds_the_locked_versions(self):
        for name, need in lock("requirements.lock").items():
            if need.marker is None or need.marker.evaluate():
                assert need.specifier.contains(version(name)), f"{name} is {version(name)}: run `make setup`"


class TestFindEngine:
    def test_podman_comes_before_docker(self, fake_engines):
        fake_engines("docker", "exit 0")
        assert image.find_engine("auto") == "docker"
        fake_engines("podman", "exit 0")
        assert image.find_engine("auto") == "podman"
        assert image.find_engine("docker") == "docker"

    def test_a_docker_client_without_a_daemon_does_not_count(self, fake_engines):
        fake_engines("docker", "echo 'Cannot connect to the Docker daemon' >&2; exit 1")
        assert image.find_engine("auto") is None
        assert image.find_engine("docker") is None

    def test_nothing_installed_is_none(self, fake_engines):
        assert image.find_engine("auto") is None

    def test_a_name_that_is_no_engine_is_none_even_if_there_is_such_a_program(self, fake_engines):
        fake_engines("process", "exit 0")
        assert image.find_engine("process") is None


class TestBuildErrors:
    def test_no_engine(self, fake_engines):
        with pytest.raises(EngineError, match=r"podman or docker is not installed.*--engine process"):
            image.build()
        with pytest.raises(EngineError, match=r"no container engine: docker is not installed"):
            image.build(engine="docker")

    def test_a_base_image_that_cannot_be_pulled(self, fake_engines):
        fake_engines(
            "podman",
            'case "$1" in info) exit 0;; pull) echo "Error: no such host" >&2; exit 125;; *) exit 1;; esac',
        )
        with pytest.raises(
            EngineError, match=r"cannot pull the base image example/base: no such host.*BASE_IMAGE"
        ):
            image.build(base="example/base")

    @pytest.mark.parametrize(
        ("output", "message"),
        [
            (
                "ERROR: No matching distribution found for numpy==2.4.6",
                r"package index has no wheel for numpy==2\.4\.6",
            ),
            ("Failed to establish a new connection", "cannot reach the package index.*WHEELHOUSE"),
            ("the base image has no python3 of version 3.11", "example/base: the base image has no python3"),
            ("disk full", r"cannot build the grading image: disk full The whole log is in .*\.log"),
        ],
    )
    def test_a_failing_build_says_why(self, fake_engines, monkeypatch, tmp_path, output, message):
        monkeypatch.setattr(image.tempfile, "tempdir", str(tmp_path))
        calls = fake_engines(
            "podman",
            f'case "$1 $3" in "image --format") ;; build*) echo "{output}"; echo "Error: building at STEP 4"; exit 1;; esac',
        )
        with pytest.raises(EngineError, match=message):
            image.build(base="example/base")
        assert "podman build --network host --build-arg BASE_IMAGE=example/base" in calls.read_text()
        assert not [path for path in tmp_path.glob("mfdl-image-*") if path.is_dir()], (
            "the context is still there"
        )


class TestWheelhouse:
    LOCK = '# comment\nnumpy==2.4.6\ntorch==2.13.0\nappnope==0.1.4 ; sys_platform == "darwin"\n'

    def test_all_missing_packages_are_named_before_anything_is_built(self, fake_engines, tmp_path):
        calls = fake_engines("podman", '[ "$1" = info ]')
        (tmp_path / "wheels").mkdir()
        with pytest.raises(
            EngineError, match=r"wheels: no wheel for .*numpy==.*torch==2\.13\.0.*pip download"
        ):
            image.build(base="example/base", wheelhouse=tmp_path / "wheels")
        assert "podman build" not in calls.read_text()

    def test_a_local_version_serves_and_other_versions_and_platforms_do_not_matter(self, tmp_path):
        for name in (
            "numpy-2.4.6-cp311-cp311-manylinux_2_28_x86_64.whl",
            "numpy-1.0-py3-none-any.whl",
            "odd.whl",
        ):
            (tmp_path / name).touch()
        with pytest.raises(EngineError, match=r"no wheel for torch==2\.13\.0\."):
            image.find_wheels(tmp_path, self.LOCK)
        (tmp_path / "torch-2.13.0+cpu-cp311-cp311-manylinux_2_28_x86_64.whl").touch()
        found = [path.name.partition("-cp")[0] for path in image.find_wheels(tmp_path, self.LOCK)]
        assert found == ["numpy-2.4.6", "torch-2.13.0+cpu"]

    def test_no_such_folder(self, fake_engines, monkeypatch, tmp_path):
        fake_engines("podman", '[ "$1" = info ]')
        monkeypatch.setenv("WHEELHOUSE", str(tmp_path / "nowhere"))
        with pytest.raises(EngineError, match="nowhere: the wheelhouse is not a folder"):
            image.build(base="example/base")


class TestTag:
    @pytest.fixture
    def grader(self, monkeypatch, tmp_path):
        """A copy of the packages that go into the image, which a test may change."""
        copies = tuple(Path(shutil.copytree(package, tmp_path / package.name)) for package in image.PACKAGES)
        monkeypatch.setattr(image, "PACKAGES", copies)
        return copies[0]

    def test_the_same_content_has_the_same_tag_and_any_change_another(self, fake_engines, grader):
        fake_engines("podman", "exit 0")
        first = image.build(base="a")
        assert re.fullmatch(r"localhost/mfdl-grader:[0-9a-f]{12}", first)
        assert image.build(base="a") == first
        assert image.build(base="b") != first
        (grader / "__pycache__").mkdir(exist_ok=True)
        (grader / "__pycache__" / "x.pyc").touch()
        assert image.build(base="a") == first
        with open(grader / "sandbox" / "__init__.py", "a") as file:
            file.write("\n")
        assert image.build(base="a") != first

    @pytest.mark.parametrize("tag", [None, "localhost/other:tag"])
    def test_an_image_with_this_content_is_not_built_again(self, fake_engines, tag):
        content = image._content("a")
        calls = fake_engines("podman", f'[ "$1" = image ] && echo {content}; exit 0')
        assert image.build(base="a", tag=tag) == (tag or f"{image.REPOSITORY}:{content[:12]}")
        assert "podman build" not in calls.read_text()

    def test_an_image_of_that_name_with_other_content_is(self, fake_engines):
        calls = fake_engines("podman", '[ "$1" = image ] && echo 0123; exit 0')
        assert image.build(base="a", tag="localhost/other:tag") == "localhost/other:tag"
        assert "--tag localhost/other:tag" in calls.read_text()

    def test_two_who_need_it_at_once_build_it_once(self, fake_engines, tmp_path):
        done, content = tmp_path / "done", image._content("a")
        script = f'case "$1 $3" in "image --format") [ -e {done} ] && echo {content};; '
        script += f"build*) /bin/sleep 0.3; : > {done};; esac; exit 0"
        calls = fake_engines("podman", script)
        with ThreadPoolExecutor() as pool:
            tags = {found.result() for found in [pool.submit(image.build, base="a") for _ in range(2)]}
        assert len(tags) == 1
        assert calls.read_text().count("podman build") == 1

    def test_the_context_holds_what_the_build_needs_and_nothing_else(self, tmp_path):
        image._fill_context(tmp_path, [])
        assert {path.name for path in tmp_path.iterdir()} == {
            "Containerfile",
            "requirements.lock",
            "grader",
            "wheelhouse",
        }
        files = [path for path in (tmp_path / "grader").rglob("*") if path.is_file()]
        assert {path.suffix for path in files} == {".py"}
        assert (tmp_path / "grader" / "autograder" / "sandbox" / "__init__.py") in files
        assert {path.name for path in (tmp_path / "grader").iterdir()} == {"autograder", "reference"}


@pytest.fixture(scope="module")
def inside(container):
    """Runs Python source in a container as sealed as a worker's, and returns what it prints."""

    def run(source: str) -> str:
        worker = container(Limits()).command(f"grader-{uuid.uuid4().hex}", 0)
        command = [*worker[: worker.index("/opt/venv/bin/python") + 1], "-I", "-"]
        done = subprocess.run(command, input=source, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run


@pytest.mark.container
class TestBuiltImage:
    def test_a_student_can_import_what_notebooks_use(self, inside):
        source = "import IPython, matplotlib.pyplot, numpy, pandas, scipy.optimize, torch; print(torch.ones(2).sum())"
        assert inside(AS_STUDENT + "os.environ['MPLCONFIGDIR'] = '/tmp'\n" + source) == "tensor(2.)"

    def test_the_examiner_can_import_otter_and_the_grader(self, inside):
        source = "import sys; sys.path.insert(0, '/opt/grader')\nimport otter.test_files, reference, autograder.verdict"
        assert inside(source + "\nprint(autograder.verdict.__cached__, __debug__)").endswith(".pyc True")

    def test_a_student_cannot_read_the_grader(self, inside):
        source = (
            "try: print(os.listdir('/opt/grader'))\nexcept OSError as error: print(type(error).__name__)\n"
        )
        assert inside(AS_STUDENT + source) == "PermissionError"
        source = "try: open('/opt/grader/autograder/verdict.py')\nexcept OSError as error: print(type(error).__name__)"
        assert inside(AS_STUDENT + source) == "PermissionError"

    def test_it_holds_no_tests_notebooks_or_wheels(self, inside):
        source = (
            "import pathlib\nfor top in ('/opt/grader', '/wheelhouse', '/root', '/tmp'):\n"
            "    print(*{path.suffix for path in pathlib.Path(top).rglob('*') if path.is_file()} - {'.py', '.pyc'})"
        )
        assert inside(source).split() == []
        assert inside("import os; print(sorted(os.listdir('/opt/grader')))") == "['autograder', 'reference']"

    def test_a_student_can_write_nothing_but_what_is_mounted_for_it(self, inside):
        source = (
            "import subprocess\nfind = ['find', '/', '-xdev', '-writable', '!', '-type', 'l', '-print']\n"
            "print(subprocess.run(find, capture_output=True, text=True).stdout)"
        )
        assert set(inside(AS_STUDENT + source).split()) <= {
            "/var/tmp",
            "/run/lock",
            "/tmp",
        }  # and / is read-only


def test_the_locks_come_from_the_script_that_they_name(tmp_path):
    """Running .ci/lock.py in an environment that holds the lock changes nothing."""
    for path in (*LOCKS, ".ci/lock.py"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, tmp_path / path)
    subprocess.run([sys.executable, str(tmp_path / ".ci/lock.py")], check=True)
    for path in LOCKS:
        assert (tmp_path / path).read_text() == (ROOT / path).read_text()
