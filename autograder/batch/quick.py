"""The release's way to the sealed grader: the instructor's own notebooks, warm, on this machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from autograder.batch.bundle import Bundle
from autograder.batch.engine import process_engine
from autograder.batch.pool import Pool, Task
from autograder.batch.submissions import Submission
from autograder.sandbox.limits import Limits
from autograder.verdict import Verdict


def grade_notebooks(
    bundle: Bundle,
    notebooks: Mapping[str, bytes],
    *,
    questions: Mapping[str, Sequence[str]] | None = None,
    jobs: int = 1,
    limits: Limits | None = None,
) -> dict[str, Verdict]:
    """Grade notebooks that the caller trusts, through the same processes and wire as everybody's.

    Parameters
    ----------
    bundle
        The bundle to grade with.
    notebooks
        Name -> bytes of an .ipynb file.
    questions
        Name -> the only questions to examine in that notebook; the others count as failed.
    """
    wanted = questions or {}
    tasks = [
        Task(name, partial(Submission, data), tuple(wanted[name]) if name in wanted else None)
        for name, data in notebooks.items()
    ]
    limits = limits or Limits()
    with Pool(bundle, process_engine(limits, trusted=True), limits, jobs) as pool:
        return {task.name: verdict for task, verdict in pool.grade(tasks)}
