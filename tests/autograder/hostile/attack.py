"""What a hostile notebook is made of, and what must hold when it has been graded."""

from __future__ import annotations

from dataclasses import dataclass, field

from autograder.sandbox.limits import Limits

NOTHING = {"q1": 0.0, "q2": 0.0, "q3": 0.0, "q4": 0.0}

# For cells that look for secrets: the pattern does not match its own source.
LOOK = r"""
import os, re, sys
_pattern = re.compile(rb'hidden-[0-9a-f]{6}|7310[.]64')
_looked, _found = 0, []
def look(place, data):
    global _looked
    _looked += 1
    data = data if isinstance(data, bytes) else str(data).encode('utf-8', 'replace')
    hit = (b'hidden' in data or b'7310' in data) and _pattern.search(data)
    if hit:
        _found.append((str(place)[:40], hit[0]))
def contents(path, size=1 << 20):
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), 'rb') as file:
            data = file.read(size)
    except OSError:
        return None
    look(path, data)
    return data
def report():
    raise RuntimeError(f'looked at {_looked} places, found {_found}')
"""
FOUND_NOTHING = r"looked at [1-9]\d* places, found \[\]"

# For cells that try many things: what worked is told in the cell's error.
TRY = r"""
import os, sys
_tried, _worked = 0, []
def attempt(name, function, *args):
    global _tried
    _tried += 1
    try:
        result = function(*args)
    except Exception:
        return None
    _worked.append(name)
    return result
def report():
    raise RuntimeError(f'tried {_tried} ways, worked: {_worked}')
"""
NOTHING_WORKED = r"tried [1-9]\d* ways, worked: \[\]"

ARMED = "raise RuntimeError('armed')"
LEFT_OUT = r"process ended here"


@dataclass(frozen=True)
class Attack:
    """A hostile notebook: right answers with their checks, and what is changed or added.

    Attributes
    ----------
    name, kind
        What it does, and its family.
    before, cells
        Code cells before and after the answers.
    answers
        Cells that stand in for the right answers.
    points
        Points of the questions that deserve less than full marks.
    spoils_itself
        Whether it may also hit its own answers, so that full marks are only the most that it can get.
    says, never
        Patterns that the text shown to the student has (the evidence that the attack ran) and has not.
    limits
        Other limits than usual.
    container
        Whether it is run in a container too.
    hole
        Why it is expected to succeed still; empty for all that are closed.
    """

    name: str
    kind: str
    before: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    answers: dict[str, str] = field(default_factory=dict)
    points: dict[str, float] = field(default_factory=dict)
    spoils_itself: bool = False
    says: str = ""
    never: str = r"\A\b\B"
    limits: Limits | None = None
    container: bool = False
    hole: str = ""
