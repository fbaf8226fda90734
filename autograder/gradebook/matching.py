"""Whose is a submission? Told from its path by fixed rules; what they leave open is listed, not guessed.

1. The roster's column ``submission`` comes first: the submission's name, a folder that holds it, its file's
   name without the ending, or a pattern such as ``ada*/*``.
2. Then what a Gradescope export lists as submitters.
3. Then the path, from the left: the first folder that tells somebody, and last the file's name without the
   ending. Where a part is written by a platform, only that platform's words in it count, and nothing after it:
   the id, or else the name, in a Canvas download (``lovelaceada_12345_67890_hw01.ipynb``); the name in a Moodle
   download (``Ada Lovelace_123_assignsubmission_file_``).
   In any other part an e-mail address, and an id, login or part of an e-mail before the @ that has a digit and
   four characters or more, count anywhere as words; a name in either order, and the other ids, logins and parts
   of e-mails, must be all that is left, numbers, the assignment's name and words such as *final* apart.

Where a part names several students, the submission is ambiguous. Only the roster and a Gradescope export can
give one submission to a group. Students choose the names of their files: of two submissions of one student, one
that is known by the roster comes before one known by a folder or platform, and that before one known by its
file's name.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from autograder.gradebook.records import Student
from autograder.gradebook.sheets import name_key

_CANVAS = re.compile(r"(?P<name>[^_\d]+)_(?:LATE_)?(?P<id>\d+)_\d+_.+")
_MOODLE = re.compile(r"(?P<name>.+?)_\d+_assignsubmission_.*")
_TIME = re.compile(r"\d{4}[-_]\d\d?[-_]\d\d?(?:[T _-]+\d\d?[-_:]\d\d?(?:[-_:]\d\d?)?(?:_\d{6})?)?")
_ENDING = re.compile(r"\.(?:ipynb|zip|py)$", re.IGNORECASE)
_FILLERS = frozenset("final copy submission submitted assignment homework hw lab late version".split())
_SHORTEST_CODE = 4

BY_FILE, BY_FOLDER, BY_ROSTER = range(3)

Words = tuple[str, ...]


@dataclass(frozen=True)
class Match:
    """Whose a submission is.

    Attributes
    ----------
    students
        Its owners; empty where it is unknown or ambiguous.
    candidates
        Those whom it could belong to, where it is ambiguous.
    rank
        How well it is known: `BY_FILE`, `BY_FOLDER` (or by a platform), or `BY_ROSTER`.
    """

    students: tuple[Student, ...] = ()
    candidates: tuple[Student, ...] = ()
    rank: int = BY_FILE


class Matcher:
    """Finds the owners of submissions on a roster.

    Parameters
    ----------
    submitters
        Submission -> the ids and e-mails that the platform's export lists for it.
    """

    def __init__(
        self,
        students: Sequence[Student],
        *,
        assignment: str = "",
        submitters: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self._students = students
        self._submitters = submitters or {}
        self._fillers = _FILLERS | set(_words(assignment))
        self._given: dict[str, set[int]] = defaultdict(set)
        self._patterns: dict[str, list[tuple[str, int]]] = defaultdict(list)
        self._exact: dict[str, set[int]] = defaultdict(set)
        self._platform: dict[str, set[int]] = defaultdict(set)
        self._codes: dict[Words, set[int]] = defaultdict(set)
        self._wholes: dict[Words | str, set[int]] = defaultdict(set)
        for number, student in enumerate(students):
            self._learn(number, student)
        self._longest = max(map(len, self._codes), default=0)

    def _learn(self, number: int, student: Student) -> None:
        if given := name_key(student.submission).rstrip("/"):
            self._given[given].add(number)
            if wild := re.search(r"[*?\[]", given):
                self._patterns[given[: wild.start()]].append((given, number))
        for text in filter(None, (student.sid, student.email)):
            self._exact[text.casefold()].add(number)
        if student.platform_id:
            self._platform[student.platform_id].add(number)
        local_part = student.email.partition("@")[0]
        for text in (student.sid, student.login, student.platform_id, student.email, local_part):
            words = _words(text)
            is_code = sum(map(len, words)) >= _SHORTEST_CODE and any(map(str.isdigit, "".join(words)))
            if words and (is_code or "@" in text):
                self._codes[words].add(number)
            elif words:
                self._wholes[words].add(number)
        names = {(student.name,), (student.first, student.last), (student.last, student.first)}
        if not (student.first or student.last):
            given_names, _, family = student.name.rpartition(" ")
            names.add((family, given_names))
        for parts in names:
            if words := _words(" ".join(parts)):
                self._wholes[words].add(number)
                self._wholes["".join(words)].add(number)

    def match(self, submission: str) -> Match:
        """The owners of one submission, by its name in the gradebook."""
        name = unicodedata.normalize("NFC", submission)
        if given := self._by_roster(submission):
            return Match(self._pick(given), rank=BY_ROSTER)
        if submission in self._submitters:
            listed = [self._exact.get(text.casefold(), set()) for text in self._submitters[submission]]
            return Match(self._pick(set().union(*listed)), rank=BY_FOLDER)
        *folders, file = name.split("/")
        for place, part in enumerate([*folders, _ENDING.sub("", file)]):
            found = self._by_platform(part)
            by_platform = found is not None
            if found is None:
                found = self._by_part(part)
            if found or by_platform:
                people = self._pick(found)
                rank = BY_FOLDER if by_platform or place < len(folders) else BY_FILE
                return Match(people, rank=rank) if len(people) == 1 else Match(candidates=people)
        return Match()

    def _pick(self, numbers: Collection[int]) -> tuple[Student, ...]:
        return tuple(self._students[number] for number in sorted(numbers))

    def _by_roster(self, submission: str) -> set[int]:
        name, path = name_key(submission), PurePosixPath(submission)
        places = [name, *(str(folder) for folder in path.parents), _ENDING.sub("", path.name)]
        found = set().union(*(self._given.get(name_key(place), ()) for place in places))
        for end in range(len(name) + 1) if self._patterns else ():
            for pattern, number in self._patterns.get(name[:end], ()):
                if fnmatchcase(name, pattern):
                    found.add(number)
        return found

    def _by_platform(self, part: str) -> set[int] | None:
        """What a platform's own words in a part of the path say; None where there are none."""
        if canvas := _CANVAS.fullmatch(part):
            by_id = self._platform.get(canvas["id"], set())
            return by_id or self._wholes.get("".join(_words(canvas["name"])), set())
        if moodle := _MOODLE.fullmatch(part):
            return self._wholes.get(_words(moodle["name"]), set())
        return None

    def _by_part(self, part: str) -> set[int]:
        words = _words(_TIME.sub(" ", part))
        coded: set[int] = set()
        rest = set(range(len(words)))
        for start in range(len(words)):
            for end in range(start + 1, min(start + self._longest, len(words)) + 1):
                if found := self._codes.get(words[start:end]):
                    coded |= found
                    rest -= set(range(start, end))
        named = self._by_whole(tuple(words[place] for place in sorted(rest)))
        return (coded & named) or coded | named

    def _by_whole(self, words: Words) -> set[int]:
        """Those whose name or the like is all that the words say."""
        found: set[int] = set()
        for without_numbers in (False, True):
            for without_fillers in (False, True):
                left = tuple(
                    word
                    for word in words
                    if not (without_numbers and word.isdecimal())
                    and not (without_fillers and word in self._fillers)
                )
                found |= self._wholes.get(left, set()) | self._wholes.get("".join(left), set())
        return found


def _words(text: str) -> Words:
    """The words of a text, without case and accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return tuple(re.findall(r"[^\W_]+", "".join(c for c in decomposed if not unicodedata.combining(c))))
