"""Write the lock files from the packages that this environment holds: `.venv/bin/python .ci/lock.py`.

To move to newer versions: `python3 -m venv new && new/bin/pip install -e .[dev]`, then run this file with
`new/bin/python` and let `make test` judge. The versions are those installed; the markers come from the
packages' own metadata, evaluated for every Python and platform below.
"""

from __future__ import annotations

from importlib.metadata import Distribution, distributions
from itertools import product
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = "deep-learning-maths-course"

PYTHONS = ("3.11.0", "3.11.9", "3.12.0", "3.13.0", "3.14.0")
PLATFORMS = {  # the value of sys_platform -> what else a marker may ask for
    "linux": {"platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64"},
    "darwin": {"platform_system": "Darwin", "os_name": "posix", "platform_machine": "arm64"},
}
ELSEWHERE = {"appnope": "0.1.4"}  # needed on a platform other than the one that writes the lock

GRADING = ("ipython", "matplotlib", "numpy", "otter-grader", "pandas", "rich", "scipy", "torch")
STUDENTS = ("ipykernel", "matplotlib", "numpy", "otter-grader", "pandas", "scipy", "torch")
NOT_FOR_GRADING = {  # otter's dependencies that grading never imports, and that would bring much along
    "playwright": "a browser, to print notebooks as PDF",
    "python-on-whales": "otter's own use of docker, and pydantic for it",
    "sphinx": "fica's documentation builder",
}
GPU = ("cuda-", "nvidia-", "triton")  # torch's GPU build brings them by itself, where pip takes that one

HEADER = """\
# {purpose}
# Made by .ci/lock.py (which says how to move to newer versions); installs on Python 3.11.0 and later.
# torch is written without a local version: a pip that is given PyTorch's CPU index takes the smaller CPU build.
"""

Extras = frozenset[str]


def installed() -> dict[str, Distribution]:
    """Installed distributions by canonical name."""
    return {canonicalize_name(found.metadata["Name"]): found for found in distributions()}


def closure(
    packages: dict[str, Distribution], roots: list[tuple[str, Extras]], environment: dict, skip: set[str]
) -> set[str]:
    """Names of everything that the roots need in an environment (PEP 508), the roots included."""
    wanted: dict[str, Extras] = {}
    todo = list(roots)
    while todo:
        name, extras = todo.pop()
        if name in skip or (name in wanted and extras <= wanted[name]):
            continue
        wanted[name] = wanted.get(name, frozenset()) | extras
        for line in (packages[name].requires or []) if name in packages else []:
            needed = Requirement(line)
            if needed.name.startswith(GPU):
                continue
            asked = [{**environment, "extra": extra} for extra in wanted[name] | {""}]
            if needed.marker is None or any(map(needed.marker.evaluate, asked)):
                todo.append((canonicalize_name(needed.name), frozenset(needed.extras)))
    return set(wanted)


def lock_lines(
    packages: dict[str, Distribution], roots: list[tuple[str, Extras]], skip: set[str]
) -> list[str]:
    """One `name==version [; marker]` line for each package that the roots need on any platform."""
    needed: dict[str, set[str]] = {}
    for python, (platform, facts) in product(PYTHONS, PLATFORMS.items()):
        environment = {**default_environment(), **facts, "sys_platform": platform}
        environment |= {"python_full_version": python, "python_version": python.rpartition(".")[0]}
        for name in closure(packages, roots, environment, skip):
            needed.setdefault(name, set()).add(platform)
    lines = []
    for name, platforms in sorted(needed.items()):
        if name == PROJECT:
            continue
        version = ELSEWHERE.get(name) or packages[name].version.partition("+")[0]
        supported = packages[name].metadata["Requires-Python"] if name in packages else None
        if supported and PYTHONS[0] not in SpecifierSet(supported):
            raise SystemExit(f"{name} {version} does not support Python {PYTHONS[0]}: it wants {supported}")
        marker = "" if len(platforms) == len(PLATFORMS) else f' ; sys_platform == "{platforms.pop()}"'
        lines.append(f"{name}=={version}{marker}")
    return lines


def main() -> None:
    packages = installed()
    everything = lock_lines(packages, [(PROJECT, frozenset({"dev"}))], set())
    grading = lock_lines(packages, [(name, frozenset()) for name in GRADING], set(NOT_FOR_GRADING))
    students = lock_lines(packages, [(name, frozenset()) for name in STUDENTS], set())
    for path, purpose, lines in (
        (
            ROOT / "student_release/requirements.txt",
            "What the notebooks need, as the grader has it.",
            students,
        ),
        (ROOT / "requirements.lock", "All that the project and its tests need.", everything),
        (
            ROOT / "autograder/container/requirements.lock",
            "What grading needs, a subset of the project's lock; install with --no-deps.",
            grading,
        ),
    ):
        path.write_text(HEADER.format(purpose=purpose) + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
