"""CSV files as people and platforms write them: read with care, written safely."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import BadInput
from autograder.gradebook.safe import cell
from autograder.gradebook.tables import number

_DELIMITERS = ",;\t"
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_MOST_BYTES = 64 << 20


@dataclass(frozen=True)
class Row:
    """A row of a table: its line in the file, and field -> text (empty where there is none)."""

    line: int
    fields: Mapping[str, str]

    def __getitem__(self, field: str) -> str:
        return self.fields.get(field, "")


@dataclass(frozen=True)
class Sheet:
    """A table: field -> the place of its column, the headings as they are compared, and the rows."""

    path: Path
    fields: Mapping[str, int]
    headings: tuple[str, ...]
    rows: tuple[Row, ...]


def heading(text: str) -> str:
    """A column's heading as it is compared: ``SIS User ID`` and ``sis_user-id`` are one."""
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def read_sheet(path: Path, columns: Mapping[str, Sequence[str]], *, need: Iterable[str] = ()) -> Sheet:
    """Read a CSV file with commas, semicolons or tabs, in UTF-8 or UTF-16.

    Parameters
    ----------
    columns
        Field -> the headings that it may have, best first. Other columns are left out.
    need
        Fields without which the table is no use.

    Raises
    ------
    BadInput
        With the file, the line, the reason and the fix.
    """
    text = _text(path)
    reader, header = _open(path, text, columns)
    places = _places(path, header, columns)
    for field in need:
        if field not in places:
            raise BadInput(
                f"{path} has no column {columns[field][0]!r}; it has {', '.join(map(repr, header)) or 'none'}.",
                fix="Name the columns in the first line.",
            )
    rows = []
    try:
        for cells in reader:
            if not any(map(str.strip, cells)):
                continue
            if any(map(str.strip, cells[len(header) :])):
                raise BadInput(
                    f"{path}, line {reader.line_num}: {len(cells)} cells under {len(header)} headings.",
                    fix="Put cells that hold the separator in double quotes.",
                )
            cleaned = {field: _clean(cells[place]) for field, place in places.items() if place < len(cells)}
            rows.append(Row(reader.line_num, cleaned))
    except csv.Error as error:
        raise BadInput(f"{path}, line {reader.line_num}: {error}.", fix="Export the table again.") from None
    return Sheet(path, places, tuple(map(heading, header)), tuple(rows))


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise BadInput(f"{path} cannot be read: {reason}.", fix="Give a CSV file.") from None
    if len(data) > _MOST_BYTES:
        raise BadInput(f"{path} has more than {_MOST_BYTES >> 20} MB.", fix="Give a CSV file.")
    try:
        text = data.decode(_MARKS.get(data[:2], "utf-8-sig"))
    except UnicodeDecodeError:
        raise BadInput(f"{path} is not UTF-8 text.", fix="Save it as “CSV UTF-8”.") from None
    if "\0" in text:
        raise BadInput(f"{path} is not a text file.", fix="Save the table as “CSV UTF-8”.")
    return text


def _open(path: Path, text: str, columns: Mapping[str, Sequence[str]]):
    """The reader behind the header, and the header: the separator is the one that finds most headings."""
    known = {heading(alias) for aliases in columns.values() for alias in aliases}
    best, found = None, (-1, -1)
    for delimiter in _DELIMITERS:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            header = next((row for row in reader if any(map(str.strip, row)) and not _is_hint(row)), [])
        except csv.Error:
            continue
        score = (sum(heading(name) in known for name in header), len(header))
        if score > found:
            best, found = (reader, [_clean(name) for name in header]), score
    if best is None or not best[1]:
        raise BadInput(f"{path} is empty.", fix="Give a CSV file with column names in its first line.")
    return best


def _is_hint(row: list[str]) -> bool:
    """Excel's own first line, which names the separator."""
    return row[0].startswith("sep=")


def _places(path: Path, header: list[str], columns: Mapping[str, Sequence[str]]) -> dict[str, int]:
    headings = [heading(name) for name in header]
    places: dict[str, int] = {}
    for field, aliases in columns.items():
        for alias in map(heading, aliases):
            if headings.count(alias) > 1:
                raise BadInput(
                    f"{path} has {headings.count(alias)} columns {header[headings.index(alias)]!r}.",
                    fix="Keep one of them.",
                )
            if alias in headings:
                places[field] = headings.index(alias)
                break
    return places


def _clean(text: str) -> str:
    """One line of text in composed form, without invisible characters around or inside it."""
    text = unicodedata.normalize("NFC", text)
    kept = (char for char in text if char in "\u200c\u200d" or unicodedata.category(char) != "Cf")
    return " ".join("".join(kept).split())


def name_key(text: str) -> str:
    """A submission's name as it is compared: the same from a disk, from `grades.csv` and from a table made by hand.

    Accents are composed, blanks are one, and the mark is gone that keeps a cell from being a formula.
    """
    name = _clean(cell(text))
    return name[1:] if name.startswith("'") and cell(name[1:]) == name else name


def csv_text(header: Sequence[str], rows: Iterable[Sequence[str | float | None]]) -> str:
    """A CSV file in which no text is a formula, holds control characters or has more than a line.

    Numbers are written as numbers, None as an empty cell.
    """
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    for row in (header, *rows):
        writer.writerow([_written(value) for value in row])
    return table.getvalue()


def _written(value: str | float | None) -> str:
    if value is None:
        return ""
    return cell(value) if isinstance(value, str) else number(value)
