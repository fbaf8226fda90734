"""Peers side by side: each does the same work in turn, so that a busy machine slows all of them alike."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any


def cpu_seconds(calls: dict[str, Callable[[], Any]], *, repeats: int = 5) -> dict[str, float]:
    """Least CPU seconds of each call over the rounds."""
    best = dict.fromkeys(calls, float("inf"))
    for _ in range(repeats):
        for name, call in calls.items():
            started = time.process_time()
            call()
            best[name] = min(best[name], time.process_time() - started)
    return best


def show(title: str, seconds: dict[str, float], errors: dict[str, float], *, ours: str = "ours") -> None:
    """Print a line for each peer: its time, how many times that of ours, and its error."""
    print(f"\n{title}")
    for name, value in seconds.items():
        error = f"error {errors[name]:.1e}" if name in errors else ""
        print(f"  {name:34} {1e3 * value:9.2f} ms  {value / seconds[ours]:7.2f} x ours  {error}")
