"""The grading image: built once for each state of the grader, by podman or docker, with or without a network."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename
from rich.console import Console
from rich.markup import escape

import autograder
import reference
from autograder.errors import EngineError

ENGINES = ("podman", "docker")
DEFAULT_BASE = "docker.io/library/python:3.11-slim-bookworm"
REPOSITORY = "localhost/mfdl-grader"
LABEL = "mfdl.grader.content"

PACKAGES = (Path(autograder.__file__).parent, Path(reference.__file__).parent)
CONTAINER = Path(__file__).resolve().parents[1] / "container"
CONTAINERFILE = CONTAINER / "Containerfile"
LOCK = CONTAINER / "requirements.lock"

NO_ENGINE_FIX = "Install podman (or docker, and start its daemon), or grade with --engine process."
BASE_FIX = "Name one that is on this machine with --base IMAGE or BASE_IMAGE=IMAGE."
WHEELHOUSE_FIX = (  # torch first, in its build without GPU libraries: the image has no room for them
    "Under Python 3.11 on Linux fill a folder with `pip download --no-deps -d DIR "
    "--index-url https://download.pytorch.org/whl/cpu $(grep ^torch== autograder/container/requirements.lock)`, then "
    "`pip download --no-deps -d DIR --find-links DIR -r autograder/container/requirements.lock`, "
    "and name it with --wheelhouse DIR or WHEELHOUSE=DIR."
)

_READY = {  # a client alone is not an engine: docker wants its daemon, podman on a Mac its machine
    "podman": ["podman", "info", "--format", "{{.Host.OS}}"],
    "docker": ["docker", "version", "--format", "{{.Server.Version}}"],
}


def find_engine(name: str = "auto") -> str | None:
    """Name of a container engine that works here, or None.

    Parameters
    ----------
    name
        `podman`, `docker`, or `auto` for the first of the two that answers.
    """
    return next((engine for engine in ENGINES if name in ("auto", engine) and _answers(engine)), None)


def build(
    *, engine: str = "auto", base: str | None = None, wheelhouse: Path | None = None, tag: str | None = None
) -> str:
    """Build the grading image unless it is there already.

    Parameters
    ----------
    engine
        `podman`, `docker` or `auto`.
    base
        Image with a python3 of version 3.11 or later and its venv module; default `$BASE_IMAGE`, else
        `DEFAULT_BASE`.
    wheelhouse
        Folder with a wheel for every line of the container's lock, for builds without a network; default
        `$WHEELHOUSE`, else none.
    tag
        Default: made from a hash of all that the image holds, so the same content has the same tag.

    Returns
    -------
    str
        The tag.

    Raises
    ------
    EngineError
        If no engine answers, the base image cannot be had, the wheelhouse lacks a package, or the build fails.
    """
    found = find_engine(engine)
    if found is None:
        wanted = " or ".join(ENGINES) if engine == "auto" else engine
        raise EngineError(
            f"no container engine: {wanted} is not installed or does not answer.", fix=NO_ENGINE_FIX
        )
    base = base or os.environ.get("BASE_IMAGE") or DEFAULT_BASE
    if wheelhouse is None and os.environ.get("WHEELHOUSE"):
        wheelhouse = Path(os.environ["WHEELHOUSE"])
    content = _content(base)
    tag = tag or f"{REPOSITORY}:{content[:12]}"
    if _label(found, tag) == content:
        return tag
    wheels = [] if wheelhouse is None else find_wheels(wheelhouse, LOCK.read_text())
    with (
        Console(stderr=True).status(f"building the grading image {tag}") as status,
        LOCK.open() as once,  # whoever comes second waits for the first and takes its image
    ):
        fcntl.flock(once, fcntl.LOCK_EX)
        if _label(found, tag) != content:
            _build(
                found,
                base,
                wheelhouse,
                wheels,
                ["--label", f"{LABEL}={content}", "--tag", tag],
                lambda line: status.update(f"building the grading image: {escape(line[:90])}"),
            )
    return tag


def _build(
    engine: str,
    base: str,
    wheelhouse: Path | None,
    wheels: list[Path],
    names: list[str],
    progress: Callable[[str], None],
) -> None:
    _ensure_base(engine, base, progress)
    with tempfile.TemporaryDirectory(prefix="mfdl-image-") as folder:
        context = Path(folder)
        _fill_context(context, wheels)
        command = [engine, "build", "--network", "host", "--build-arg", f"BASE_IMAGE={base}", *names]
        command += ["--file", str(context / "Containerfile"), str(context)]
        code, log = _run(command, progress)
    if code:
        raise _build_error(engine, base, wheelhouse, log)


def find_wheels(wheelhouse: Path, lock: str) -> list[Path]:
    """The wheels of a folder that a lock names.

    Raises
    ------
    EngineError
        If the folder cannot be read or has no wheel for some line; the message names all such lines.
    """
    if not wheelhouse.is_dir():
        raise EngineError(f"{wheelhouse}: the wheelhouse is not a folder.", fix=WHEELHOUSE_FIX)
    found: dict[tuple[str, str], list[Path]] = {}
    for path in sorted(wheelhouse.glob("*.whl")):
        try:
            name, version, *_ = parse_wheel_filename(path.name)
        except InvalidWheelFilename:
            continue
        found.setdefault((name, version.public), []).append(path)  # 2.13.0+cpu serves 2.13.0
    lines = (Requirement(line) for line in lock.splitlines() if line and not line.startswith("#"))
    wanted = [
        need for need in lines if need.marker is None or need.marker.evaluate({"sys_platform": "linux"})
    ]
    keys = {(canonicalize_name(need.name), str(need.specifier).removeprefix("==")) for need in wanted}
    if missing := sorted(f"{name}=={version}" for name, version in keys - found.keys()):
        raise EngineError(f"{wheelhouse}: no wheel for {', '.join(missing)}.", fix=WHEELHOUSE_FIX)
    return [path for key in sorted(keys) for path in found[key]]


def _answers(engine: str) -> bool:
    return shutil.which(engine) is not None and _succeeds(_READY[engine])


def _succeeds(command: list[str]) -> bool:
    """Whether a short command ends with status 0 within half a minute."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _sources() -> Iterator[tuple[str, Path]]:
    """Every Python file of the grader, as (path inside the image, path here), in a fixed order."""
    for package in PACKAGES:
        for path in sorted(package.rglob("*.py")):
            yield f"{package.name}/{path.relative_to(package).as_posix()}", path


def _content(base: str) -> str:
    """SHA-256 (hexadecimal) over all that decides what the image holds."""
    digest = hashlib.sha256()
    parts = [
        ("base", base.encode()),
        ("Containerfile", CONTAINERFILE.read_bytes()),
        ("lock", LOCK.read_bytes()),
    ]
    for name, data in [*parts, *((name, path.read_bytes()) for name, path in _sources())]:
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()


def _label(engine: str, tag: str) -> str:
    """The content hash that an image carries; empty where there is no such image or label."""
    template = f'{{{{index .Config.Labels "{LABEL}"}}}}'
    command = [engine, "image", "inspect", "--format", template, tag]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True).stdout.strip()


def _ensure_base(engine: str, base: str, progress: Callable[[str], None]) -> None:
    if _succeeds([engine, "image", "inspect", base]):
        return
    code, log = _run([engine, "pull", base], progress)
    if code:
        reason = log[-1].removeprefix("Error: ") if log else "no reason given"
        raise EngineError(f"{engine} cannot pull the base image {base}: {reason}.", fix=BASE_FIX)


def _fill_context(context: Path, wheels: list[Path]) -> None:
    """Put all that the build reads, and nothing else, into a folder."""
    shutil.copy(CONTAINERFILE, context / "Containerfile")
    shutil.copy(LOCK, context / "requirements.lock")
    for name, path in _sources():
        target = context / "grader" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    (context / "wheelhouse").mkdir()
    for wheel in wheels:
        target = context / "wheelhouse" / wheel.name
        try:
            target.hardlink_to(wheel.resolve())
        except OSError:  # another file system
            shutil.copy(wheel, target)


def _run(command: list[str], progress: Callable[[str], None]) -> tuple[int, list[str]]:
    """Run a command, report each line of its output, and return its status with all lines that are not blank."""
    log = []
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env={**os.environ, "DOCKER_BUILDKIT": "1", "BUILDKIT_PROGRESS": "plain"},
    ) as process:
        assert process.stdout is not None
        for line in filter(None, map(str.strip, process.stdout)):
            log.append(line)
            progress(line)
    return process.returncode, log


def _build_error(engine: str, base: str, wheelhouse: Path | None, log: list[str]) -> EngineError:
    """Say in one line why a build failed, and what to do."""
    text = "\n".join(log)
    if "the base image has no python3" in text:
        return EngineError(f"{base}: the base image has no python3 >= 3.11 with venv.", fix=BASE_FIX)
    if lacking := re.search(r"No matching distribution found for (\S+)", text):
        where = (
            f"{wheelhouse}: no wheel that fits the base image"
            if wheelhouse
            else "the package index has no wheel"
        )
        return EngineError(f"{where} for {lacking[1]}.", fix=WHEELHOUSE_FIX)
    if wheelhouse is None and re.search(r"(?i)connection|name resolution|timed out|SSL|ProxyError", text):
        return EngineError(
            "the build of the grading image cannot reach the package index.", fix=WHEELHOUSE_FIX
        )
    with tempfile.NamedTemporaryFile("w", prefix="mfdl-image-", suffix=".log", delete=False) as file:
        file.write(text + "\n")
    words = [line for line in log if not line.startswith("Error: building at STEP")]
    reason = words[-1][:300] if words else "no output"
    return EngineError(
        f"{engine} cannot build the grading image: {reason}", fix=f"The whole log is in {file.name}."
    )
