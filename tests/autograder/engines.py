"""Looks at a container engine from outside: which containers there are, and where they are mounted."""

from __future__ import annotations

import socket
import subprocess
from pathlib import Path

from autograder.batch.engine import OWNER


def containers(program: str) -> set[str]:
    """Names of all containers, running or not."""
    return set(_ask(program, "ps", "--all", "--format", "{{.Names}}").split())


def containers_of_owner(program: str, pid: int) -> set[str]:
    """Names of the containers that the grader with this process started."""
    label = f"label={OWNER}={socket.gethostname()}:{pid}"
    return set(_ask(program, "ps", "--all", "--filter", label, "--format", "{{.Names}}").split())


def state(program: str, name: str, what: str) -> int:
    """A number of a container's state, such as ``Pid`` or ``ConmonPid``."""
    return int(_ask(program, "inspect", "--format", f"{{{{.State.{what}}}}}", name))


def mount_marks(program: str, name: str) -> list[str]:
    """What the mounts of a running container have in their paths: its id and its root folder."""
    marks = _ask(program, "inspect", "--format", "{{.Id}} {{.GraphDriver.Data.MergedDir}}", name).split()
    assert all(mounted([mark]) for mark in marks[1:]), marks  # else their absence would say nothing
    return marks


def mounted(marks: list[str]) -> list[str]:
    """The marks that are in the mount table."""
    table = Path("/proc/mounts").read_text()
    return [mark for mark in marks if mark in table]


def _ask(program: str, *arguments: str) -> str:
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=True).stdout
