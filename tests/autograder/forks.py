"""Forked children of a test that end by a kill, as a run does that is killed."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable


def fork(work: Callable[[], object]) -> int:
    """Start `work` in a child that never comes back into the test runner; its process id."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:
            traceback.print_exc()
        finally:
            os.kill(os.getpid(), signal.SIGKILL)
    return child


def in_a_fork(work: Callable[[], object]) -> int:
    """Let a child do `work` and be killed; the process id that it had."""
    child = fork(work)
    os.waitpid(child, 0)
    return child
