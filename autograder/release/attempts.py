"""Known answers beside a master: what students really write, right and wrong, one file a question.

A file ``attempts/q3.py`` holds percent cells, each a full replacement of the answer cell::

    # %% wrong: steps uphill
    # expects: The step must go against the gradient.
    def step(x, g, lr):
        return x + lr * g

`expects` is optional: the message that the author wants a student to see who makes this mistake.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import BadInput
from autograder.release.master import Master
from autograder.release.notebook import parse_code
from autograder.release.problem import Problem, Rules

rules = Rules()
Found = Iterator[Problem]

MIN_WRONG, MIN_RIGHT = 3, 2
_HEADER = re.compile(r"^# ?%%[ \t]*(.*)$", re.MULTILINE)
_TITLE = re.compile(r"(right|wrong)\s*:\s*(\S.*)")
_EXPECTS = re.compile(r"^# expects:\s*(\S.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Attempt:
    """One known answer to one question. `kind` is ``right``, ``wrong``, or "" if the header says neither."""

    question: str
    kind: str
    title: str
    source: str = field(repr=False)
    place: str
    expects: str = ""

    @property
    def key(self) -> str:
        """A name for its notebook, unique within the assignment."""
        return f"{self.question} {self.kind}: {self.title} ({self.place})"


def read_attempts(folder: Path) -> tuple[Attempt, ...]:
    """All attempts in an assignment's folder, in the order of files and lines.

    Raises
    ------
    BadInput
        If a file cannot be read as UTF-8 text.
    """
    attempts: list[Attempt] = []
    for file in sorted((folder / "attempts").glob("*.py")):
        try:
            attempts += parse_attempts(file.read_text(encoding="utf-8"), file.stem)
        except (OSError, UnicodeDecodeError) as error:
            raise BadInput(f"{file}: {error}.", fix="Attempts are UTF-8 text files.") from None
    return tuple(attempts)


def parse_attempts(text: str, question: str) -> Iterator[Attempt]:
    """Split a file of percent cells; what stands before the first header is a comment to the file."""
    headers = list(_HEADER.finditer(text))
    for header, following in zip(headers, [*headers[1:], None], strict=True):
        source = text[header.end() : following.start() if following else len(text)].strip() + "\n"
        title = _TITLE.fullmatch(header[1].strip())
        kind, words = (title[1], title[2]) if title else ("", header[1].strip())
        expects = _EXPECTS.search(source)
        line = text.count("\n", 0, header.start()) + 1
        place = f"attempts/{question}.py:{line}"
        yield Attempt(question, kind, words, source, place, expects[1].strip() if expects else "")


@rules
def attempts_named(master: Master, attempts: tuple[Attempt, ...]) -> Found:
    """Every attempt belongs to an auto-graded question, is right or wrong, and is Python."""
    names = {question.name for question in master.graded}
    for attempt in attempts:
        if attempt.question not in names:
            yield Problem("there is no such auto-graded question.", attempt.place, attempt.question)
        if not attempt.kind:
            reason = f"write `# %% right: ...` or `# %% wrong: ...`, not {attempt.title!r}."
            yield Problem(reason, attempt.place, attempt.question)
        try:
            parse_code(attempt.source)
        except SyntaxError as error:
            if attempt.kind != "wrong":  # a student's wrong answer may well not be Python
                yield Problem(
                    f"line {error.lineno}: not Python: {error.msg}.", attempt.place, attempt.question
                )


@rules
def attempts_enough(master: Master, attempts: tuple[Attempt, ...]) -> Found:
    """Every auto-graded question has at least three wrong and two right attempts, all different."""
    for question in master.graded:
        mine = [attempt for attempt in attempts if attempt.question == question.name]
        wrong = sum(attempt.kind == "wrong" for attempt in mine)
        right = sum(attempt.kind == "right" for attempt in mine)
        if wrong < MIN_WRONG or right < MIN_RIGHT:
            reason = (
                f"{wrong} wrong and {right} right attempts; at least {MIN_WRONG} and {MIN_RIGHT} are needed."
            )
            yield Problem(reason, f"attempts/{question.name}.py", question.name)
        seen: dict[str, Attempt] = {}
        for attempt in mine:
            first = seen.setdefault(_meaning(attempt.source), attempt)
            if first is not attempt:
                yield Problem(f"the same code as {first.place}.", attempt.place, question.name)


def _meaning(source: str) -> str:
    """The same text for the same code, however it is laid out and commented; what is not Python stands for itself."""
    try:
        return ast.dump(parse_code(source))
    except SyntaxError:
        return source
