"""Which engine grades, how it starts and removes its workers, and what becomes of one that keeps silent."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time

import pytest

from autograder import cli
from autograder.batch import choice, engine, image
from autograder.batch.engine import OWNER, Engine, Worker, WorkerLost, container_engine
from autograder.batch.submissions import Submission
from autograder.errors import BadInput, EngineError
from autograder.sandbox.limits import Limits
from tests.autograder.hostile.world import bundle, notebook

LIMITS = Limits(memory=1 << 30, processes=50)
linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="walls are built on Linux only")


class TestChoice:
    @pytest.fixture
    def choose(self, monkeypatch):
        """``(name, root, program, build, trusted) -> (engine, warnings)`` on a machine of that kind."""

        def choose(name, *, root=True, program=None, build=lambda **options: "tag", trusted=False):
            warnings: list[str] = []
            monkeypatch.setattr(os, "geteuid", lambda: 0 if root else 1000)
            monkeypatch.setattr(image, "find_engine", lambda name: program)
            monkeypatch.setattr(image, "build", build)
            return choice.choose_engine(name, LIMITS, trusted=trusted, warn=warnings.append), warnings

        return choose

    @staticmethod
    def cannot_build(**options):
        raise EngineError("No base image.")

    @linux_only
    def test_processes_are_sealed_for_root_even_where_code_is_trusted(self, choose):
        for trusted in (False, True):
            found, _ = choose("process", trusted=trusted)
            assert (found.name, found.sealed) == ("process", True)

    def test_without_root_processes_need_trust(self, choose):
        with pytest.raises(EngineError, match="needs root"):
            choose("process", root=False)
        found, _ = choose("process", root=False, trusted=True)
        assert (found.name, found.sealed) == ("trusted", False)

    def test_auto_takes_containers(self, choose):
        found, warnings = choose("auto", program="/usr/bin/podman")
        assert (found.name, warnings) == ("podman", [])
        assert f"--memory={2 * LIMITS.memory}" in found.command("name", 1)

    @linux_only
    def test_auto_falls_back_to_processes_and_says_so_where_containers_should_work(self, choose):
        found, warnings = choose("auto")
        assert (found.name, warnings) == ("process", [])
        found, warnings = choose("auto", program="podman", build=self.cannot_build)
        assert found.name == "process"
        assert warnings == ["Containers cannot be used, grading in processes instead. No base image."]

    def test_auto_never_falls_back_to_no_walls(self, choose):
        with pytest.raises(EngineError, match="needs root"):
            choose("auto", root=False)
        with pytest.raises(EngineError, match="needs root"):
            choose("auto", root=False, program="podman", build=self.cannot_build)

    def test_an_engine_that_is_named_is_taken_or_missed(self, choose):
        with pytest.raises(EngineError, match="docker is not installed or does not run"):
            choose("docker")
        with pytest.raises(EngineError, match="No base image"):
            choose("docker", program="docker", build=self.cannot_build)


@pytest.mark.parametrize("program", ["podman", "docker"])
class TestContainers:
    def test_walls(self, program):
        command = container_engine(f"/usr/bin/{program}", "tag", LIMITS).command("grader-1", 4000)
        assert command[:2] == [f"/usr/bin/{program}", "run"] and command[-1] == "4000"
        walls = set(command[: command.index("tag")])
        assert walls >= {
            "--name=grader-1",
            f"--label={OWNER}={socket.gethostname()}:{os.getpid()}",
            "--network=none",
            "--read-only",
            "--cap-drop=all",
            "--security-opt=no-new-privileges",
            f"--memory={2 << 30}",
            f"--memory-swap={2 << 30}",
            "--pids-limit=150",
        }
        added = {wall.partition("=")[2] for wall in walls if wall.startswith("--cap-add")}
        assert added == {"SETUID", "SETGID", "KILL"}
        [storage] = [wall for wall in walls if wall.startswith("--tmpfs")]
        assert "size=512m" in storage and ("nr_inodes" in storage) is (program == "docker")

    def test_only_containers_of_graders_that_are_gone_are_removed(self, program, fake_engines):
        dead = subprocess.Popen(["/bin/true"])
        dead.wait()
        host = socket.gethostname()
        listed = [
            f"ours {host}:{os.getpid()}",
            f"left {host}:{dead.pid}",
            f"elsewhere other-{host}:{dead.pid}",
            "odd owner",
        ]
        lines = "\n".join(f"echo '{line}'" for line in listed)
        calls = fake_engines(program, f'if [ "$1" = ps ]; then {lines}\nfi')
        container_engine(program, "tag", LIMITS).sweep()
        listing, *removed = calls.read_text().splitlines()
        assert f"--filter=label={OWNER}" in listing
        assert [line.split()[-1] for line in removed] == ["left"]
        assert ("--time=0" in removed[0]) is (program == "podman")  # docker knows no such option


def test_a_worker_that_keeps_silent_is_given_up(monkeypatch):
    monkeypatch.setattr(engine, "_ANSWER_SECONDS", 0.5)
    manifest = json.dumps({"manifest": []})
    script = f"import sys, time\nsys.stdin.readline()\nprint({manifest!r}, flush=True)\ntime.sleep(60)"
    worker = Worker(Engine("silent", lambda name, first_uid: [sys.executable, "-c", script]), bundle())
    started = time.monotonic()
    try:
        with pytest.raises(WorkerLost, match="did not answer in time"):
            worker.grade(Submission(b"{}"), Limits(submission_timeout=0.5))
        assert 1 <= time.monotonic() - started < 20
    finally:
        worker.kill()
        worker.close(gently=False)


class TestCommand:
    """What `grade` makes of its options, without grading."""

    @pytest.fixture
    def asked(self, tmp_path, monkeypatch):
        """``options -> (what the run was asked for, engine or cluster and its limits)``."""
        (tmp_path / "hw.ipynb").write_bytes(notebook(["1"]))
        (tmp_path / "hostile.zip").write_bytes(bundle().data)

        def asked(*options):
            found = {}

            def stop(*arguments, **keywords):
                found.update(keywords)
                raise BadInput("Nothing is graded here.")

            def choose(name, limits, *, trusted, warn):
                found["choice"] = (name, limits, trusted)

            def cluster(address, bundle, limits, *, engine, trusted, warn):
                found["choice"] = (address, limits, engine, trusted)
                return "the cluster"

            monkeypatch.setattr("autograder.batch.run.grade", stop)
            monkeypatch.setattr("autograder.batch.choice.choose_engine", choose)
            monkeypatch.setattr("autograder.batch.cluster.ClusterPool", cluster)
            command = ["grade", tmp_path / "hostile.zip", tmp_path / "hw.ipynb", "--out", tmp_path / "out"]
            assert cli.main([*map(str, command), *options]) == 1
            return found

        return asked

    def test_limits_and_jobs(self, asked):
        found = asked(
            *"--engine docker --cell-timeout 7 --test-timeout 3 --memory 300M --jobs 3 --force".split()
        )
        limits = Limits(cell_timeout=7, test_timeout=3, memory=300 << 20)
        assert found["choice"] == ("docker", limits, False)
        assert (found["limits"], found["jobs"], found["force"], found["cluster"]) == (limits, 3, True, None)

    def test_by_default_the_engine_is_chosen_and_nothing_is_trusted(self, asked):
        found = asked()
        assert found["choice"] == ("auto", Limits(), False)
        assert found["force"] is False

    def test_a_scheduler_stands_for_the_engine(self, asked):
        found = asked("--scheduler", "tcp://10.0.0.5:8786", "--trusted", "--memory", "1G")
        assert found["choice"] == ("tcp://10.0.0.5:8786", Limits(memory=1 << 30), "auto", True)
        assert (found["cluster"], found["engine"]) == ("the cluster", None)
