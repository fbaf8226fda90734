"""`grade`: a folder of submissions in, verdicts in the ledger out."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from autograder.batch.bundle import Bundle
from autograder.batch.cluster import ClusterPool
from autograder.batch.engine import Engine
from autograder.batch.exports import handed_in
from autograder.batch.keeper import Keeper
from autograder.batch.ledger import Ledger
from autograder.batch.parts import Parts
from autograder.batch.pool import Pool, Task
from autograder.batch.recovery import recover
from autograder.batch.standing import earlier_run
from autograder.batch.submissions import Found, Submission, find, read
from autograder.batch.version import grader_version
from autograder.errors import BadInput, BadSubmission
from autograder.sandbox.limits import Limits
from autograder.verdict import Verdict, full_marks

LEDGER = "ledger.sqlite"


@dataclass(frozen=True)
class Progress:
    """How far a run is; passed to the caller's `show` after each submission."""

    done: int
    total: int
    reused: int
    counts: dict[str, int]


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
    engine: Engine | None = None,
    jobs: int = 1,
    limits: Limits,
    cluster: ClusterPool | None = None,
    force: bool = False,
    show: Callable[[Progress], None] = lambda progress: None,
    warn: Callable[[str], None] = lambda text: None,
) -> Ledger:
    """Grade all submissions in `paths`; return the ledger, complete.

    Parameters
    ----------
    engine, jobs
        What to grade in on this machine, and how many submissions at once.
    cluster
        What to grade on instead.
    force
        Grade again what the ledger already holds, except what an interrupted run with `force` got done.
    show
        Called after every verdict.
    warn
        Called with what the person who grades should know.
    """
    found = find(paths)
    out.mkdir(parents=True, exist_ok=True)
    if damage := recover(out / LEDGER):
        warn(damage)
    ledger = Ledger(out / LEDGER)
    shas, tasks, failed = _open_all(found)
    gone: set[str] = set()
    tasks = [replace(task, load=partial(_open_again, task, shas[task.name], gone)) for task in tasks]
    paths_of = {entry.name: entry.path for entry in found}
    start: Pool | ClusterPool
    if cluster is not None:
        start = cluster
    else:
        assert engine is not None
        start = Pool(bundle, engine, limits, jobs)
    with Keeper(bundle.material.get("released", ())) as keeper, start as pool:
        decides = [grader_version(), limits.to_json(), pool.sealed]
        base = _hash([bundle.sha256, *decides])
        keys = {name: _key(base, sha256 or f"once {name}") for name, sha256 in shas.items()}

        def keep(name: str) -> None:
            if shas[name] and ledger.content(shas[name]) is None:
                with contextlib.suppress(BadSubmission):  # gone since it was graded
                    if content := keeper.content(read(paths_of[name])):
                        ledger.keep(shas[name], content)

        facts: dict[str, Any] = {
            "assignment": bundle.name,
            "bundle_sha256": bundle.sha256,
            "grader_version": grader_version(),
            "engine": pool.name,
            "sealed": pool.sealed,
            "limits": limits.to_json(),
            "material": bundle.material,
        }
        handed = handed_in(found)
        facts |= earlier_run(ledger, facts, shas, force=force)
        if force:
            facts.setdefault("force_after", ledger.last())
        facts |= {"handed_in": handed.at, "submitters": handed.by, "notes": handed.notes, "complete": False}
        ledger.start_run(facts, pool.manifest)
        max_score = full_marks(pool.manifest)
        counts: Counter[str] = Counter()
        for name, message in failed.items():
            ledger.record(name, shas[name], keys[name], Verdict.failed(message, max_score=max_score))
            counts["error"] += 1
        after = facts.get("force_after", 0)
        known = {task.name for task in tasks if ledger.has(keys[task.name], after=after)}
        for name in known:
            ledger.record(name, shas[name], keys[name], None)
            keep(name)
        parts = Parts(ledger, bundle, pool.manifest, _hash(decides).hexdigest())
        tasks = [task for task in tasks if task.name not in known]
        if not force:
            tasks = [replace(task, questions=parts.missing(shas[task.name])) for task in tasks]
            if told := _told(tasks, len(pool.manifest)):
                warn(told)
        done = len(failed) + len(known)
        show(Progress(done, len(found), len(known), dict(counts)))
        for task, verdict in _complete(pool, tasks, parts, shas):
            if task.name in gone:
                shas[task.name] = ""
            lost = task.name in gone or verdict.grader_failed
            if lost:  # no later run may take this over
                keys[task.name] = _key(base, f"once {task.name}")
            whole = not lost and verdict.status == "graded"
            own = parts.keys(shas[task.name]).values() if whole else ()
            ledger.record(task.name, shas[task.name], keys[task.name], verdict, own)
            keep(task.name)
            counts[verdict.status] += 1
            done += 1
            show(Progress(done, len(found), len(known), dict(counts)))
    ledger.attach(complete=True)
    return ledger


def _complete(
    pool: Pool | ClusterPool, tasks: Sequence[Task], parts: Parts, shas: Mapping[str, str]
) -> Iterator[tuple[Task, Verdict]]:
    """Grade tasks; what they do not ask for comes from earlier verdicts."""
    again: list[Task] = []
    asked = []
    for task in tasks:
        verdict = parts.complete(shas[task.name], (), None) if task.questions == () else None
        if verdict is not None:
            yield task, verdict
        else:
            asked.append(task if task.questions else replace(task, questions=None))
    for task, verdict in pool.grade(asked):
        whole = parts.complete(shas[task.name], task.questions, verdict) if task.questions else verdict
        if whole is not None:
            yield task, whole
        else:
            again.append(replace(task, questions=None))
    if again:
        yield from pool.grade(again)


def _told(tasks: Sequence[Task], count: int) -> str:
    """What is graded only in part, in words."""
    asked = [task.questions for task in tasks if task.questions is not None]
    names = list(dict.fromkeys(name for questions in asked for name in questions))
    if not asked:
        return ""
    what = f"only {', '.join(names)} of {count} questions" if names else "no question"
    where = f"{len(asked)} submission{'s' if len(asked) > 1 else ''}"
    return f"The bundle was corrected: {what} must be examined again in {where}."


def _open_all(
    found: Sequence[Found],
) -> tuple[dict[str, str], list[Task], dict[str, str]]:
    """Hash every submission; those that cannot be opened have no hash, but a message."""
    shas: dict[str, str] = {}
    tasks: list[Task] = []
    failed: dict[str, str] = {}
    for entry in found:
        try:
            if entry.problem:
                raise BadSubmission(entry.problem)
            shas[entry.name] = read(entry.path).sha256
            tasks.append(Task(entry.name, partial(read, entry.path)))
        except BadSubmission as error:
            shas[entry.name] = ""
            failed[entry.name] = str(error)
    return shas, tasks, failed


def _open_again(task: Task, sha256: str, gone: set[str]) -> Submission:
    """Open a submission when its turn comes; what is no longer as it was found is no answer to keep."""
    try:
        submission = task.load()
    except BadSubmission:
        gone.add(task.name)
        raise
    if submission.sha256 != sha256:
        gone.add(task.name)
        raise BadSubmission(
            "The file changed while the class was graded.", fix="Run the same command again to grade it."
        )
    return submission


def _hash(values: Sequence[Any]) -> hashlib._Hash:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode())


def _key(base: hashlib._Hash, text: str) -> str:
    key = base.copy()
    key.update(text.encode())
    return key.hexdigest()
