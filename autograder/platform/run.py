"""Grades the one submission of a platform's container and writes `results.json`.

A fault of the student's ends as a score of 0 with its reason. A fault of the grader's ends without a
`results.json` and with a status other than 0: the platform then reports a failed autograder, and no score.
"""

from __future__ import annotations

import io
import json
import os
import sys
import tempfile
import traceback
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from autograder.batch.bundle import Bundle
from autograder.batch.engine import CODE, Engine, process_engine
from autograder.batch.pool import Pool, Task
from autograder.batch.submissions import Submission
from autograder.errors import AutograderError, BadBundle, BadSubmission, EngineError
from autograder.gradebook.safe import plain
from autograder.platform import seal
from autograder.platform.results import write_results
from autograder.platform.submission import open_folder
from autograder.sandbox import enter, walls
from autograder.sandbox.launch import python_command
from autograder.sandbox.limits import Limits
from autograder.verdict import Verdict

ROOT = Path("/autograder")
_CONFIG = "otter_config.json"
_PRIVATE = ("source", "results", "submission", "submission_metadata.json")
# Platforms end a run after ten minutes, with 0 points: end earlier, with those that were earned.
_SECONDS = 240.0
_LEAST_MEMORY = 256 << 20
_MEMORY_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


def main(root: Path = ROOT) -> int:
    """Grade the submission in `root`; return the exit status."""
    os.umask(0o077)
    results = root / "results" / "results.json"
    try:
        results.unlink(missing_ok=True)  # an older one must never stand for this submission
        with tempfile.TemporaryDirectory() as home, seal.closed([root, *(root / name for name in _PRIVATE)]):
            os.environ.clear()  # the platform's may hold secrets, and settings that do not suit
            os.environ.update(walls.environment(Path(home)))
            verdict = _grade(root)
            write_results(results, verdict)
    except AutograderError as error:
        return _failed(str(error))
    except Exception:
        return _failed(traceback.format_exc())
    points = f"{verdict.score:g} of {verdict.max_score:g} points"
    print(plain(f"{verdict.status}: {points}, {verdict.seconds:.1f} s. {verdict.message}"))
    if verdict.missing_walls:
        print(f"unsealed: missing {', '.join(verdict.missing_walls)}.")
    return 0


def _failed(reason: str) -> int:
    print(plain(f"The autograder failed, and this submission has no score. {reason}"))
    return 1


def _grade(root: Path) -> Verdict:
    """The verdict on the submission; every process of the student's has ended.

    Raises
    ------
    AutograderError
        If it is the grader that failed.
    """
    bundle = _bundle(root / "source")
    try:
        name, submission = open_folder(root / "submission")
    except BadSubmission as error:
        return Verdict.failed(str(error))
    verdict = _grade_sealed(bundle, submission, [root, *(root / path for path in _PRIVATE)])
    if verdict.grader_failed:
        raise EngineError(verdict.message)
    if verdict.status == "error":
        verdict = replace(verdict, message=f"{name}: {verdict.message}")
    return verdict


def _bundle(source: Path) -> Bundle:
    """The bundle that the platform has unpacked, without the grader that came along."""
    wanted = [source / _CONFIG, *(source / "tests").rglob("*"), *(source / "files").rglob("*")]
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for path in sorted(path for path in wanted if path.is_file() and path.suffix != ".pyc"):
            archive.writestr(path.relative_to(source).as_posix(), path.read_bytes())
    try:
        name = json.loads((source / _CONFIG).read_bytes()).get("assignment_name") or "assignment"
    except (OSError, ValueError, AttributeError):
        raise BadBundle(
            f"{source / _CONFIG} is missing or damaged.", fix="Upload the zip as it was released."
        ) from None
    return Bundle.read(memory.getvalue(), name=str(name), place=str(source))


def _grade_sealed(bundle: Bundle, submission: Submission, private: list[Path]) -> Verdict:
    limits = Limits(submission_timeout=_SECONDS, memory=_memory())
    uids: list[range] = []
    try:
        for engine in _engines(limits):
            try:
                with Pool(bundle, _with_own_uids(engine, uids, private), limits) as pool:
                    [(_, verdict)] = pool.grade([Task(bundle.name, lambda: submission)])
                    return verdict
            except EngineError as error:
                refused = error
                print(plain(f"note: {error}"))
    finally:
        seal.kill_all_of(uids)
    raise refused


def _engines(limits: Limits) -> Iterator[Engine]:
    """The process engine where it can build walls, then one that builds none but the student's own user."""
    engine = process_engine(limits)
    if seal.has_namespaces():
        yield engine
    serve = [*python_command(CODE, "serve"), str(CODE)]
    missing = [*enter.ALL_WALLS, enter.COUNTED]
    yield replace(engine, command=lambda name, uid: [*serve, str(uid), *missing])


def _with_own_uids(engine: Engine, uids: list[range], private: list[Path]) -> Engine:
    """`engine` with uids that this container has, each span checked before it is used and noted in `uids`."""

    def command(name: str, wanted: int) -> list[str]:
        first = seal.first_uids(wanted)
        seal.check(first, [path for path in private if path.exists()])
        uids.append(range(first, first + seal.UIDS))
        return list(engine.command(name, first))

    return replace(engine, command=command)


def _memory() -> int:
    """Bytes for the student's process: half of what the container has, so that the examiner keeps the rest."""
    usual = Limits().memory
    for name in _MEMORY_LIMITS:
        try:
            usual = min(usual, int(Path(name).read_text()) // 2)
        except (OSError, ValueError):  # no such file, or "max"
            continue
    return max(usual, _LEAST_MEMORY)


if __name__ == "__main__":
    sys.exit(main())
