"""When submissions were handed in, and what lateness costs."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from autograder.errors import BadInput
from autograder.gradebook.course import LatePolicy
from autograder.gradebook.roster import COLUMNS as ROSTER
from autograder.gradebook.sheets import name_key, read_sheet

_COLUMNS = {
    "submission": ("submission",),
    "sid": ROSTER["sid"],
    "email": ROSTER["email"],
    "time": ("submitted_at", "submitted at", "submission time", "time", "date"),
}
_OFFSET = re.compile(r"\s*(?:UTC|Z|([+-]\d\d):?(\d\d))$")


@dataclass(frozen=True)
class Lateness:
    """How late a submission is: `days` begun after deadline and grace, `free` of them without a penalty.

    `penalty` is the share of the score that is lost.
    """

    days: int = 0
    free: int = 0
    penalty: float = 0.0


def lateness(submitted: datetime, deadline: datetime, policy: LatePolicy, *, free_days: int) -> Lateness:
    """How late a submission is, where `free_days` may still be used without a penalty."""
    late = submitted - deadline - timedelta(days=policy.grace_days)
    days = max(0, math.ceil(late / timedelta(days=1)))
    free = min(days, free_days)
    return Lateness(days, free, min(policy.max_penalty, policy.penalty_per_day * (days - free)))


def time_key(text: str) -> str:
    """A submission, id or e-mail as it is compared."""
    return name_key(text).casefold()


def read_times(path: Path) -> dict[str, datetime]:
    """Read times from a CSV: submission, id or e-mail (as `time_key`) -> when it was handed in.

    The columns are ``submitted_at`` and one of ``submission``, ``sid`` and ``email``. Times need their offset
    from UTC.

    Raises
    ------
    BadInput
        If a time cannot be read, or a name comes twice.
    """
    sheet = read_sheet(path, _COLUMNS, need=["time"])
    field = next((name for name in ("submission", "sid", "email") if name in sheet.fields), None)
    if field is None:
        raise BadInput(f"{path} does not say whose times they are.", fix="Add a column submission.")
    times: dict[str, datetime] = {}
    for row in sheet.rows:
        name = time_key(row[field])
        if not (name and row["time"]):
            continue
        if name in times:
            raise BadInput(f"{path}, line {row.line}: a second time for {name!r}.", fix="Keep one.")
        times[name] = _moment(path, row.line, row["time"])
    return times


def _moment(path: Path, line: int, text: str) -> datetime:
    iso = _OFFSET.sub(lambda match: f"{match[1]}:{match[2]}" if match[1] else "+00:00", text)
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        reason = "is not a date and time with its offset from UTC"
        raise BadInput(f"{path}, line {line}: {text!r} {reason}.", fix="Write 2026-10-05T23:59:00+02:00.")
    return moment
