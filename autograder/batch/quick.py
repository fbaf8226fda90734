"""The release's way to the sealed grader: the instructor's own notebooks, warm, on this machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from autograder.batch.bundle import Bundle
from autograder.batch.engine import process_engine
from autograder.batch.pool import Pool, Task
from autograder.batch.submissions import Submission
from autograder.sandbox.limits import Limits
from autograder.verdict import Verdict


class QuickGrader:
    """Grades notebooks that the caller trusts, through the same processes and wire as everybody's.

    Its workers start with the first notebook and stay warm from one bundle to the next. Use as a context
    manager, or `close` it.
    """

    def __init__(self, *, jobs: int = 1) -> None:
        self.jobs = jobs
        self._pool: Pool | None = None

    def __enter__(self) -> QuickGrader:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """End the workers."""
        if self._pool is not None:
            self._pool.__exit__()
        self._pool = None

    def __call__(
        self,
        bundle: bytes,
        notebooks: Mapping[str, bytes],
        *,
        questions: Mapping[str, Sequence[str]] | None = None,
        test_timeout: float | None = None,
    ) -> dict[str, Verdict]:
        """Grade notebooks.

        Parameters
        ----------
        bundle
            The bytes of the autograder zip.
        notebooks
            Name -> bytes of an .ipynb file.
        questions
            Name -> the only questions to examine in that notebook; the others count as failed.
        test_timeout
            Seconds for a test case.

        Raises
        ------
        BadBundle
            If the bundle is no autograder zip that otter made.
        """
        opened, limits, wanted = Bundle.read(bundle, name="bundle"), Limits(), questions or {}
        if test_timeout is not None:
            limits = replace(limits, test_timeout=test_timeout)
        if self._pool is None:
            pool = Pool(opened, process_engine(trusted=True), limits, self.jobs)
            self._pool = pool.__enter__()
        else:
            self._pool.limits = limits
            if self._pool.bundle.sha256 != opened.sha256:
                self._pool.open(opened)
        tasks = [
            Task(name, partial(Submission, data), tuple(wanted[name]) if name in wanted else None)
            for name, data in notebooks.items()
        ]
        return {task.name: verdict for task, verdict in self._pool.grade(tasks)}
