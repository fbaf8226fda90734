"""Reads a TOML file key by key, so that every mistake in it is told with its place, its reason and the fix."""

from __future__ import annotations

import difflib
import math
import tomllib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from autograder.errors import BadInput


class Section:
    """A table of the file. Every key must be asked for before `done`."""

    def __init__(self, file: Path, data: dict[str, Any], place: str = "") -> None:
        self._file = file
        self._data = data
        self._place = place
        self._asked: set[str] = set()

    @classmethod
    def load(cls, file: Path) -> Section:
        """Open a file.

        Raises
        ------
        BadInput
            If it cannot be read or is not TOML.
        """
        try:
            return cls(file, tomllib.loads(file.read_text("utf-8-sig")))
        except OSError as error:
            reason = (error.strerror or "unreadable").lower()
            raise BadInput(f"{file} cannot be read: {reason}.", fix="Give a course.toml.") from None
        except UnicodeDecodeError:
            raise BadInput(f"{file} is not UTF-8 text.", fix="Save it as UTF-8.") from None
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise BadInput(f"{file} is not TOML: {error}.", fix="Correct that line.") from None

    def fail(self, key: str, reason: str, *, fix: str) -> NoReturn:
        """Tell that the value of `key` is no good."""
        raise BadInput(f"{self._file}: {self._place}{key}: {reason}.", fix=fix)

    def _get(self, key: str, kinds: tuple[type, ...], kind: str, default: Any) -> Any:
        self._asked.add(key)
        if key not in self._data:
            if default is None:
                self.fail(key, "missing", fix=f"Add it: {kind}.")
            return default
        value = self._data[key]
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            self.fail(key, f"{value!r} is not {kind}", fix=f"Give {kind}.")
        return value

    def text(self, key: str, *, default: str | None = None) -> str:
        value = self._get(key, (str,), "a text in quotes", default)
        if not value.strip() and default != value:
            self.fail(key, "empty", fix="Write something, or leave the key out.")
        return " ".join(value.split())

    def path(self, key: str, *, default: str | None = None) -> Path | None:
        """A path, relative to the file; None where the key may be and is left out."""
        value = self.text(key, default=default)
        return self._file.parent / value if value else None

    def number(
        self, key: str, *, least: float = 0.0, most: float = math.inf, default: float | None = None
    ) -> float:
        value = float(self._get(key, (int, float), "a number", default))
        if not (least <= value <= most and math.isfinite(value)):
            bounds = f"from {least:g} to {most:g}" if math.isfinite(most) else f"of {least:g} or more"
            self.fail(key, f"{value:g} is not a number {bounds}", fix="Give one.")
        return value

    def whole(self, key: str, *, default: int) -> int:
        value = self._get(key, (int,), "a whole number", default)
        if value < 0:
            self.fail(key, f"{value} is less than 0", fix="Give a whole number of 0 or more.")
        return value

    def moment(self, key: str) -> datetime | None:
        """A date and time with its offset from UTC; None where it is left out."""
        kind = "a date and time with its offset, such as 2026-10-05T23:59:00+02:00"
        if key not in self._data:
            self._asked.add(key)
            return None
        value = self._get(key, (datetime,), kind, None)
        if value.tzinfo is None:
            self.fail(key, f"{value} has no offset from UTC", fix=f"Give {kind}.")
        return value

    def section(self, key: str) -> Section:
        """The table under `key`; an empty one where there is none."""
        value = self._get(key, (dict,), "a table", {})
        return Section(self._file, value, f"{self._place}{key}.")

    def sections(self) -> Iterator[tuple[str, Section]]:
        """All tables in this one, under names that the author chose."""
        for key in self._data:
            yield key, self.section(key)

    def numbers(self, *, least: float) -> dict[str, float]:
        """All keys of this table as numbers."""
        return {key: self.number(key, least=least) for key in self._data}

    def done(self) -> None:
        """Complain about a key that nobody asked for."""
        for key in self._data.keys() - self._asked:
            close = difflib.get_close_matches(key, self._asked, n=1)
            known = ", ".join(sorted(self._asked))
            fix = f"Did you mean {close[0]!r}?" if close else f"Known are: {known}."
            self.fail(key, "unknown key", fix=fix)
