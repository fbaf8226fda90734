"""Shows how far a run is: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.text import Text

from autograder.batch.run import Progress

_SECONDS = 30.0
_SHARE = 0.01
_SPEED_OVER = 120.0


def rate(per_second: float | None) -> str:
    """How fast it goes: 3.2 per second, 14 per minute."""
    if not per_second:
        return ""
    return f"{per_second:.1f}/s" if per_second >= 1 else f"{60 * per_second:.0f}/min"


def duration(seconds: float) -> str:
    """A time left: 45 s, 12 min, 3 h 05 min."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min"


def counted(progress: Progress) -> str:
    """The counts by status, and how many verdicts were there before."""
    parts = [f"{progress.counts.get(status, 0)} {status}" for status in ("graded", "partial", "error")]
    return ", ".join([*parts, *([f"{progress.reused} graded before"] if progress.reused else [])])


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(rate(task.speed), style="progress.data.speed")


class Meter:
    """Shows the progress of a run. Use as a context manager.

    Without a terminal, a line is written after every half a minute and hundredth of the work, whichever
    takes longer, and none for a run that takes less.
    """

    def __init__(self, name: str, console: Console, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._name = name
        self._console = console
        self._clock = clock
        self._bar: Bar | None = None
        self._first: tuple[float, int] | None = None
        self._last = (clock(), 0)
        if console.is_terminal:
            self._bar = Bar(
                TextColumn("{task.description}", markup=False),
                BarColumn(),
                MofNCompleteColumn(),
                _Rate(),
                TimeRemainingColumn(),
                TextColumn("{task.fields[counts]}", markup=False),
                console=console,
                transient=True,
                speed_estimate_period=_SPEED_OVER,
            )
            self._task = self._bar.add_task(name, total=None, counts="")

    def __enter__(self) -> Meter:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(self, *exc: object) -> None:
        if self._bar:
            self._bar.stop()

    def show(self, progress: Progress) -> None:
        """Show where the run is."""
        if self._bar:
            counts = counted(progress)
            self._bar.update(self._task, completed=progress.done, total=progress.total, counts=counts)
            return
        now = self._clock()
        if self._first is None:
            self._first = now, progress.done
            self._last = self._first
        due = now - self._last[0] >= _SECONDS and progress.done - self._last[1] >= _SHARE * progress.total
        if due:
            self._last = now, progress.done
            self._console.print(self._line(progress, now), markup=False)

    def _line(self, progress: Progress, now: float) -> str:
        started, before = self._first or (now, 0)
        speed = (progress.done - before) / (now - started) if now > started else 0.0
        left = (progress.total - progress.done) / speed if speed else 0.0
        parts = [f"{progress.done} of {progress.total}", counted(progress), rate(speed)]
        parts += [f"{duration(left)} left"] if left else []
        return f"{self._name}: {', '.join(filter(None, parts))}"
