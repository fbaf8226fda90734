"""`grade`: a folder of submissions in, verdicts in the ledger out."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from autograder.batch import image
from autograder.batch.bundle import Bundle
from autograder.batch.engine import Engine, container_engine, process_engine, trusted_engine
from autograder.batch.ledger import Ledger
from autograder.batch.pool import Pool, Task
from autograder.batch.submissions import Found, find, read
from autograder.batch.version import grader_version
from autograder.errors import BadInput, BadSubmission, EngineError
from autograder.sandbox.limits import Limits
from autograder.verdict import Verdict

LEDGER = "ledger.sqlite"


@dataclass(frozen=True)
class Progress:
    """How far a run is; passed to the caller's `show` after each submission."""

    done: int
    total: int
    reused: int
    counts: dict[str, int]


def choose_engine(name: str, limits: Limits, *, trusted: bool, warn: Callable[[str], None]) -> Engine:
    """The engine that `name` asks for; ``auto`` prefers containers and falls back to processes.

    Raises
    ------
    EngineError
        If the engine that was asked for is not there or cannot be used.
    """
    if name == "process":
        return trusted_engine() if trusted and os.geteuid() != 0 else process_engine(limits, trusted=trusted)
    program = image.find_engine(name)
    if program is None:
        if name != "auto":
            raise EngineError(
                f"{name} is not installed or does not run.", fix="Use --engine auto or process."
            )
        return process_engine(limits, trusted=trusted)
    try:
        tag = image.build(engine=program, base=None, wheelhouse=None, tag=None)
    except EngineError as error:
        if name != "auto":
            raise
        warn(f"Containers cannot be used, grading in processes instead. {error}")
        return process_engine(limits, trusted=trusted)
    return container_engine(program, tag, limits)


def find_bundle(name: str, dist: Path = Path("dist")) -> Bundle:
    """The bundle that a command line names: a path, or an assignment that was released.

    Raises
    ------
    BadInput
        If there is neither such a file nor such a release.
    """
    path = Path(name)
    if path.is_file() or path.suffix == ".zip" or len(path.parts) > 1:
        if not path.exists():
            raise BadInput(f"{path} does not exist.", fix="Give an assignment's name or an autograder zip.")
        return Bundle.load(path)
    released = dist / name / "autograder.zip"
    if released.is_file():
        return Bundle.load(released, name=name)
    known = sorted(folder.parent.name for folder in dist.glob("*/autograder.zip"))
    fix = f"Released are: {', '.join(known)}." if known else "Run `python -m autograder release` first."
    raise BadInput(f"There is no released assignment {name!r} in {dist}.", fix=fix)


def grade(
    bundle: Bundle,
    paths: Sequence[Path],
    out: Path,
    *,
    engine: Engine,
    jobs: int,
    limits: Limits,
    force: bool = False,
    show: Callable[[Progress], None] = lambda progress: None,
) -> Ledger:
    """Grade all submissions in `paths`; return the ledger, complete.

    Parameters
    ----------
    force
        Grade again what the ledger already holds.
    show
        Called after every verdict.
    """
    found = find(paths)
    out.mkdir(parents=True, exist_ok=True)
    ledger = Ledger(out / LEDGER)
    base = hashlib.sha256(
        json.dumps([bundle.sha256, grader_version(), limits.to_json()], sort_keys=True).encode()
    )
    shas, keys, tasks, failed = _open_all(found, base)
    with Pool(bundle, engine, limits, jobs) as pool:
        facts = {
            "assignment": bundle.name,
            "bundle_sha256": bundle.sha256,
            "grader_version": grader_version(),
            "engine": engine.name,
            "sealed": engine.sealed,
        }
        ledger.start_run(facts, pool.manifest)
        max_score = sum(question.max_score for question in pool.manifest)
        counts: Counter[str] = Counter()
        for name, message in failed.items():
            ledger.record(name, shas[name], keys[name], Verdict.failed(message, max_score=max_score))
            counts["error"] += 1
        known = {task.name for task in tasks if not force and ledger.has(keys[task.name])}
        for name in known:
            ledger.record(name, shas[name], keys[name], None)
        done = len(failed) + len(known)
        show(Progress(done, len(found), len(known), dict(counts)))
        for task, verdict in pool.grade([task for task in tasks if task.name not in known]):
            ledger.record(task.name, shas[task.name], keys[task.name], verdict)
            counts[verdict.status] += 1
            done += 1
            show(Progress(done, len(found), len(known), dict(counts)))
    return ledger


def _open_all(
    found: Sequence[Found], base: hashlib._Hash
) -> tuple[dict[str, str], dict[str, str], list[Task], dict[str, str]]:
    """Hash every submission; those that cannot be opened are told apart with their messages."""
    shas: dict[str, str] = {}
    keys: dict[str, str] = {}
    tasks: list[Task] = []
    failed: dict[str, str] = {}
    for entry in found:
        key = base.copy()
        try:
            shas[entry.name] = read(entry.path).sha256
            key.update(shas[entry.name].encode())
            tasks.append(Task(entry.name, partial(read, entry.path)))
        except BadSubmission as error:
            shas[entry.name] = ""
            key.update(f"unreadable {entry.name}".encode())
            failed[entry.name] = str(error)
        keys[entry.name] = key.hexdigest()
    return shas, keys, tasks, failed
