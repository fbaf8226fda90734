"""Otter compiles a master; the outputs are brought into one fixed form, so that equal inputs give equal bytes."""

from __future__ import annotations

import ast
import io
import re
import shutil
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import BadInput
from autograder.platform.contents import platform_files
from autograder.release.inputs import HIDDEN
from autograder.release.master import Master
from autograder.release.notebook import normalise, read, write
from autograder.release.otter_assign import OtterTimeout, compiler
from autograder.release.problem import Problem

# Otter's own ways onto a grading platform: an image of some 4 GB, in which students' code reads the tests.
_REPLACED = ("environment.yml", "requirements.txt", "run_autograder", "run_otter.py", "setup.sh")
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say
_OTTER_SECONDS = 300
_IMAGE_ATTRIBUTES = {True: 0o100755 << 16, False: 0o100644 << 16}


@dataclass(frozen=True)
class Build:
    """What otter made of one master, in fixed form: relative path -> bytes."""

    student: Mapping[str, bytes] = field(repr=False)
    solution: bytes = field(repr=False)
    bundle: bytes = field(repr=False)

    @property
    def bundle_files(self) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(self.bundle)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}


class OtterRefused(Exception):
    """Otter ended with an error; `problem` says where and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def compile_twice(master: Master, data: bytes, folder: Path, *, lock: Path) -> tuple[Build, Build]:
    """Two builds from the same inputs, made with different hash seeds; they must be equal.

    Parameters
    ----------
    data
        The master notebook's bytes.
    folder
        The assignment's folder; files that the config names are looked for there, then beside it.
    lock
        The list of exact requirements for the bundle.

    Raises
    ------
    OtterRefused
        If otter cannot compile the master or a file that it names is missing.
    """
    seeds = ("1", "2")
    with ThreadPoolExecutor(len(seeds)) as both:
        first, second = both.map(
            lambda seed: compile_once(master, data, folder, lock=lock, hash_seed=seed), seeds
        )
    return first, second


def compile_once(master: Master, data: bytes, folder: Path, *, lock: Path, hash_seed: str = "1") -> Build:
    """One build, made with `hash_seed`; parameters and errors are those of `compile_twice`."""
    with tempfile.TemporaryDirectory(prefix="autograder-release-") as temporary:
        stage, out = Path(temporary, "stage"), Path(temporary, "out")
        stage.mkdir()
        (stage / f"{master.name}.ipynb").write_bytes(data)
        for name in master.files:
            _stage_file(master, name, folder, stage)
        _run_otter(master, stage / f"{master.name}.ipynb", out, hash_seed)
        known_ids = {cell.id for cell in master.cells}
        student = _fixed(master, _files(out / "student"), known_ids)
        grader = _fixed(master, _files(out / "autograder"), known_ids)
        archive = next((name for name in grader if name.endswith(".zip")), "")
        if not archive:
            reason = "otter made no autograder zip: is there `generate: false`?"
            raise OtterRefused(Problem(reason, str(master.config_cell or ""), rule="otter-assign"))
        bundle = _fixed(master, _unzipped(grader[archive]), known_ids)
        bundle = {path: content for path, content in bundle.items() if path not in _REPLACED}
        bundle |= platform_files(requirements(lock))
        return Build(student, grader[f"{master.name}.ipynb"], pack(bundle))


def _stage_file(master: Master, name: str, folder: Path, stage: Path) -> None:
    sources = [place / name for place in (folder, folder.parent) if (place / name).exists()]
    parts, reason = Path(name).parts, ""
    if not parts or Path(name).is_absolute() or ".." in parts:
        reason = f"there is no file {name!r} in the assignment: the path leads outside."
    elif not sources:
        reason = f"there is no file {name!r} in {folder.name}/ or beside it."
    elif any(part.startswith(HIDDEN) for part in parts):
        reason = f"{name!r} is a hidden name, and such files do not go out: give it another one."
    elif sources[0].is_dir() and name != parts[0]:  # otter keeps the last part of a folder's path only
        reason = f"otter cannot copy the folder {name!r}: name {parts[0]!r}, or each file in it."
    if reason:
        raise OtterRefused(Problem(reason, str(master.config_cell or ""), rule="files"))
    target = stage / name
    target.parent.mkdir(parents=True, exist_ok=True)
    if sources[0].is_dir():
        ignore = shutil.ignore_patterns(*(f"{start}*" for start in HIDDEN))
        shutil.copytree(sources[0], target, ignore=ignore, dirs_exist_ok=True)
    else:
        shutil.copyfile(sources[0], target)


def _run_otter(master: Master, notebook: Path, out: Path, hash_seed: str) -> None:
    try:
        done, output = compiler(hash_seed).assign(notebook, out, seconds=_OTTER_SECONDS)
    except OtterTimeout:
        problem = Problem(f"otter assign did not end in {_OTTER_SECONDS} s.", rule="otter-assign")
        raise OtterRefused(problem) from None
    if not done or not (out / "student").is_dir():
        raise OtterRefused(_otter_problem(master, output))


def _otter_problem(master: Master, output: str) -> Problem:
    """The last exception in otter's output, with its cell number turned into our cell."""
    lines = [line for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if re.match(r"[\w.]+(Error|Exception|Interrupt)\b", line)]
    text = (errors or lines or ["otter assign failed without a word."])[-1]
    question = re.search(r"question '?\"?(\w+)", text)
    number = re.search(r"cell number (\d+)", text)
    named = [str(cell) for cell in master.cells if number and cell.index + 1 == int(number[1])]
    where = named[0] if named else next((str(c) for c in master.cells if c.id and repr(c.lines) in text), "")
    return Problem(text[:500], where, question[1] if question else "", "otter-assign")


def _files(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


def _unzipped(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist() if not info.is_dir()}


def _fixed(master: Master, files: Mapping[str, bytes], known_ids: set[str]) -> dict[str, bytes]:
    fixed = {}
    for name, data in files.items():
        if name == f"{master.name}.ipynb":
            data = write(normalise(read(data, name), known_ids=known_ids))
        elif re.fullmatch(r"tests/\w+\.py", name):
            data = _authors_tests(master, data)
        fixed[name] = data
    return fixed


def _authors_tests(master: Master, data: bytes) -> bytes:
    """Put each test function back as its author wrote it.

    Otter writes what `ast.unparse` makes of a test: comments vanish, and the text depends on Python's version.
    """
    written = {
        case.name: case.source for question in master.questions for case in question.tests if case.name
    }
    text = data.decode()
    try:
        functions = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    except SyntaxError:  # a quote in a message; the rules have said so
        return data
    lines = text.split("\n")
    for function in reversed(functions):
        if function.name in written:
            lines[function.lineno - 1 : function.end_lineno] = written[function.name].split("\n")
    return ("\n".join(lines).rstrip() + "\n").encode()


def requirements(lock: Path) -> list[str]:
    """Exact requirements in a lock file, without comments, hashes and options.

    Raises
    ------
    BadInput
        If there is no such file, or a line in it is not pinned.
    """
    try:
        text = lock.read_text().replace("\\\n", " ")
    except OSError as error:
        raise BadInput(f"{lock}: {error.strerror}.", fix="Bundles pin their packages from it.") from None
    lines = [re.split(r"\s#|\s--hash", line)[0].strip() for line in text.splitlines()]
    pins = [line for line in lines if line and not line.startswith(("#", "-"))]
    loose = [pin for pin in pins if "==" not in pin]
    if loose or not pins:
        raise BadInput(
            f"{lock}: {loose[0] if loose else 'nothing'} is not pinned.", fix="Write name==version."
        )
    return pins


def pack(files: Mapping[str, bytes]) -> bytes:
    """A zip whose bytes depend on nothing but names and contents (stored: deflate differs among zlibs)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, _ZIP_TIME)
            info.create_system = 3  # Unix, on every system, so that the modes below mean something
            executable = files[name].startswith(b"#!")
            info.external_attr = _IMAGE_ATTRIBUTES[executable]
            archive.writestr(info, files[name])
    return buffer.getvalue()


def differences(first: Build, second: Build) -> Sequence[str]:
    """Names of the outputs in which two builds differ."""
    pairs = [(first.student, second.student), (first.bundle_files, second.bundle_files)]
    names = [name for a, b in pairs for name in sorted(set(a) | set(b)) if a.get(name) != b.get(name)]
    return names + [name for name in ("solution", "bundle") if getattr(first, name) != getattr(second, name)]
