"""Progress: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from autograder.batch.run import Progress
from autograder.progress import Meter, duration, rate


def shown(*, terminal, steps):
    """What a meter writes; `steps` are (second, progress)."""
    out, now = io.StringIO(), 0.0
    console = Console(file=out, force_terminal=terminal, width=160, highlight=False)
    with Meter("hw[01]", console, clock=lambda: now) as meter:
        for second, progress in steps:
            now = float(second)
            meter.show(progress)
        if terminal:
            meter._bar.refresh()
            console.file.flush()
    return out.getvalue()


def at(done, total=800, reused=0, **counts):
    return Progress(done, total, reused, counts)


class TestLines:
    def test_a_line_has_counts_rate_and_time_left_and_comes_now_and_then(self):
        steps = [
            (0, at(100, reused=100)),
            *((n, at(100 + n, reused=100, graded=n - 1, error=1)) for n in range(1, 71)),
        ]
        assert shown(terminal=False, steps=steps).splitlines() == [
            "hw[01]: 130 of 800, 29 graded, 0 partial, 1 error, 100 graded before, 1.0/s, 11 min left",
            "hw[01]: 160 of 800, 59 graded, 0 partial, 1 error, 100 graded before, 1.0/s, 11 min left",
        ]

    def test_a_slow_large_run_is_not_a_flood_of_lines(self):
        steps = [(60 * n, at(n, total=5000)) for n in range(101)]
        assert len(shown(terminal=False, steps=steps).splitlines()) == 2

    def test_a_short_run_is_quiet(self):
        assert shown(terminal=False, steps=[(n, at(n, total=20)) for n in range(21)]) == ""


def test_on_a_terminal_there_is_a_bar_with_counts():
    text = shown(terminal=True, steps=[(0, at(0)), (1, at(5, graded=4, partial=1))])
    assert "5/800" in text and "4 graded, 1 partial, 0 error" in text and "hw[01]" in text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(3, "3 s"), (99, "99 s"), (150, "2 min"), (3600, "1 h 00 min"), (11100, "3 h 05 min")],
)
def test_durations_are_short(seconds, text):
    assert duration(seconds) == text


def test_rates_are_per_second_or_per_minute():
    assert (rate(None), rate(0.0), rate(12.34), rate(0.25)) == ("", "", "12.3/s", "15/min")
