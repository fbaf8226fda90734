"""What tests need of a machine, and how much memory something takes."""

from __future__ import annotations

import os
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

import pytest


def missing(reason: str) -> NoReturn:
    """Skip a test for what is not installed here; fail where everything is required."""
    if os.environ.get("AUTOGRADER_REQUIRE_CONTAINERS") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def traced() -> Iterator[Callable[[], int]]:
    """A way to ask for the most bytes that Python has held since then."""
    tracemalloc.start()
    try:
        yield lambda: tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
