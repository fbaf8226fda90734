"""Opens a damaged ledger as far as it can be read, and starts a sound one with what was in it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from autograder.batch.ledger import SCHEMA, verdict_from_json
from autograder.errors import BadInput

_TABLES = {
    "run": ("name", "value"),
    "verdict": ("key", "graded_at", "document"),
    "submission": ("name", "sha256", "key"),
    "content": ("sha256", "document"),
}
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_PROBES = 20_000  # rows looked for one by one beyond a damaged place


def recover(path: Path) -> str:
    """Make sure that the ledger at `path` is sound, if there is one.

    What can be read of a damaged ledger goes into a new one in its place; the damaged file is kept beside it.

    Returns
    -------
    str
        What happened, for the person who grades; empty if nothing did.

    Raises
    ------
    BadInput
        If the new file cannot be written; the damaged one is as it was.
    """
    if not path.is_file() or _sound(path):
        return ""
    fresh = path.with_name(f"{path.name}.recovering")
    try:
        kept = _copy_readable(path, fresh)
        damaged = _put_in_place(fresh, path)
    except (OSError, sqlite3.Error) as error:
        fresh.unlink(missing_ok=True)
        raise BadInput(
            f"The ledger {path} is damaged and cannot be mended: {error}.",
            fix="Free some space, or give another --out folder.",
        ) from None
    return (
        f"The ledger {path} was damaged. {kept} of its verdicts could be read and are kept, all others are "
        f"graded again. The damaged file is kept as {damaged.name}."
    )


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.text_factory = bytes  # text that is damaged is no reason to lose the row after it
    try:
        yield connection
    finally:
        connection.close()


def _sound(path: Path) -> bool:
    """Whether SQLite finds nothing wrong, and every record can be read."""
    try:
        with _opened(path) as ledger:
            if list(ledger.execute("PRAGMA quick_check(1)")) != [(b"ok",)]:
                return False
            there = {name.decode() for (name,) in ledger.execute("SELECT name FROM sqlite_schema")}
            for table in _TABLES.keys() & there:
                columns = ", ".join(_TABLES[table])
                for row in ledger.execute(f"SELECT {columns} FROM {table}"):
                    if _readable(table, row) is None:
                        return False
    except sqlite3.DatabaseError as error:
        # Locked, or of another kind: whoever opens it next says so.
        return getattr(error, "sqlite_errorcode", 0) & 0xFF not in _DAMAGE
    return True


def _copy_readable(path: Path, fresh: Path) -> int:
    """Copy what can be read into a new ledger; the number of verdicts."""
    fresh.unlink(missing_ok=True)
    kept = 0
    with _opened(path) as old, _opened(fresh) as new:
        old.execute("PRAGMA writable_schema=ON")  # else SQLite refuses a file that was cut short, whole
        new.executescript(SCHEMA)
        new.execute("BEGIN")
        for table, columns in _TABLES.items():
            marks = ", ".join("?" * len(columns))
            for row in _rows(old, table, columns):
                values = _readable(table, row)
                if values is not None:
                    new.execute(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", values)
                    kept += table == "verdict"
        new.execute("DELETE FROM run WHERE name = 'force_after'")  # the verdicts have other numbers now
        new.execute("COMMIT")
    return kept


def _rows(ledger: sqlite3.Connection, table: str, columns: tuple[str, ...]) -> Iterator[tuple]:
    """All rows that can be reached: from both ends, and one by one between damaged places."""
    query = f"SELECT rowid, {', '.join(columns)} FROM {table} NOT INDEXED"
    edges: list[int | None] = []
    for order in ("ASC", "DESC"):
        last = None
        try:
            for rowid, *row in ledger.execute(f"{query} ORDER BY rowid {order}"):
                last = rowid
                if edges and edges[0] is not None and rowid <= edges[0]:
                    return  # met what was read from the other end
                yield tuple(row)
            if order == "ASC":
                return
        except sqlite3.DatabaseError:
            edges.append(last)
    low = edges[0] or 0
    high = edges[1] or low + _PROBES
    for rowid in range(low + 1, min(high, low + _PROBES)):
        with contextlib.suppress(sqlite3.DatabaseError):
            yield from ledger.execute(f"SELECT {', '.join(columns)} FROM {table} WHERE rowid = ?", (rowid,))


def _readable(table: str, row: tuple) -> tuple | None:
    """The row with its text decoded, or None if its content makes no sense."""
    try:
        if table == "content":
            sha256, document = row
            return sha256.decode(), bytes(document)
        values = tuple(value.decode() for value in row)
        if table == "verdict":
            verdict_from_json(json.loads(values[2]))
        elif table == "run":
            json.loads(values[1])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return values


def _put_in_place(fresh: Path, path: Path) -> Path:
    """Exchange the ledger; the old one stays under a name that was free."""
    number = 0
    while (damaged := path.with_name(f"{path.name}.damaged{f'.{number}' if number else ''}")).exists():
        number += 1
    shutil.copyfile(path, damaged)
    log = path.with_name(f"{path.name}-wal")
    if log.exists():  # it belongs to the old file and would be played into the new one
        os.replace(log, damaged.with_name(f"{damaged.name}-wal"))
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
    os.replace(fresh, path)
    return damaged
