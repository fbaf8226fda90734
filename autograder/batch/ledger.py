"""The durable record of verdicts: one SQLite file, from which every table and page can be made again."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder.batch.engine import manifest_from_json
from autograder.errors import DISK_FULL_FIX, BadInput
from autograder.verdict import (
    CaseResult,
    QuestionManifest,
    QuestionResult,
    Verdict,
)

SCHEMA = """
CREATE TABLE IF NOT EXISTS run (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS verdict (
    key TEXT PRIMARY KEY, graded_at TEXT NOT NULL, document TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS submission (
    name TEXT PRIMARY KEY, sha256 TEXT NOT NULL, key TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS part (
    key TEXT PRIMARY KEY, verdict TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS content (sha256 TEXT PRIMARY KEY, document BLOB NOT NULL) STRICT;
"""

_DAMAGED_FIX = "Grade again with the same --out: what can be read is kept, the rest is graded again."
_OTHER_FIX = "Give another --out folder, or move the ledger away and grade again."
_FIXES = {
    sqlite3.SQLITE_CORRUPT: _DAMAGED_FIX,
    sqlite3.SQLITE_NOTADB: _DAMAGED_FIX,
    sqlite3.SQLITE_FULL: DISK_FULL_FIX,
    sqlite3.SQLITE_IOERR: f"If the disk is full: {DISK_FULL_FIX[0].lower()}{DISK_FULL_FIX[1:]}",
    sqlite3.SQLITE_BUSY: "Wait until the other run has ended.",
}


@dataclass(frozen=True)
class Entry:
    """One submission with its verdict."""

    name: str
    sha256: str
    graded_at: str
    verdict: Verdict


class Ledger:
    """Verdicts by key, and the submissions of the latest run.

    A key is a hash of everything that decides a verdict (submission, bundle, grader, limits, and whether there
    were walls), so the same key never needs grading twice. A part is one question of a verdict; its key is a
    hash of what decides that.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._clearly():
            self._db = sqlite3.connect(path, isolation_level=None)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.executescript(SCHEMA)

    @contextlib.contextmanager
    def _clearly(self) -> Iterator[None]:
        """Turn what goes wrong with the file into one line for people."""
        try:
            yield
        except sqlite3.Error as error:
            problem, fix = str(error), _FIXES.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, _OTHER_FIX)
        except (ValueError, KeyError, TypeError, AttributeError):
            problem, fix = "a record in it is damaged", _DAMAGED_FIX
        else:
            return
        raise BadInput(f"The ledger {self._path} cannot be used: {problem}.", fix=fix) from None

    def close(self) -> None:
        self._db.close()

    def start_run(self, facts: dict[str, Any], manifest: tuple[QuestionManifest, ...]) -> None:
        """Begin a run: its facts and the bundle's questions replace those of the run before."""
        questions = [asdict(question) for question in manifest]
        with self._clearly(), self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute("DELETE FROM run")
            self._db.execute("DELETE FROM submission")
            for name, value in {**facts, "manifest": questions}.items():
                self._db.execute("INSERT INTO run VALUES (?, ?)", (name, json.dumps(value)))

    def attach(self, **facts: Any) -> None:
        """Add facts to the latest run, or replace them."""
        with self._clearly(), self._db:
            self._db.execute("BEGIN IMMEDIATE")
            for name, value in facts.items():
                self._db.execute("INSERT OR REPLACE INTO run VALUES (?, ?)", (name, json.dumps(value)))

    def has(self, key: str, *, after: int = 0) -> bool:
        """Whether there is a verdict under a key, recorded when `after` was the `last`."""
        query = "SELECT 1 FROM verdict WHERE key = ? AND rowid > ?"
        with self._clearly():
            return self._db.execute(query, (key, after)).fetchone() is not None

    def last(self) -> int:
        """The number of the verdict that was recorded last; one that replaces another has a number of its own."""
        with self._clearly():
            return self._db.execute("SELECT ifnull(max(rowid), 0) FROM verdict").fetchone()[0]

    def verdict(self, key: str) -> Verdict | None:
        """The verdict under a key."""
        with self._clearly():
            row = self._db.execute("SELECT document FROM verdict WHERE key = ?", (key,)).fetchone()
            return verdict_from_json(json.loads(row[0])) if row else None

    def parts(self, keys: Mapping[str, str]) -> dict[str, str]:
        """Question -> the key of a verdict that holds it, for those of `keys` (question -> part) that are there."""
        with self._clearly():
            marks = ", ".join("?" * len(keys))
            rows = self._db.execute(f"SELECT * FROM part WHERE key IN ({marks})", list(keys.values()))
            found = dict(rows.fetchall())
        return {question: found[key] for question, key in keys.items() if key in found}

    def record(
        self,
        name: str,
        sha256: str,
        key: str,
        verdict: Verdict | None,
        parts: Collection[str] = (),
    ) -> None:
        """Commit a submission, and its verdict, with the keys of its parts, unless the ledger has it already (`None`)."""
        with self._clearly(), self._db:
            self._db.execute("BEGIN IMMEDIATE")
            if verdict is not None:
                now = datetime.now(UTC).isoformat(timespec="seconds")
                document = json.dumps(verdict.to_json())
                self._db.execute("INSERT OR REPLACE INTO verdict VALUES (?, ?, ?)", (key, now, document))
                self._db.executemany("INSERT OR REPLACE INTO part VALUES (?, ?)", [(p, key) for p in parts])
            self._db.execute("INSERT OR REPLACE INTO submission VALUES (?, ?, ?)", (name, sha256, key))

    def keep(self, sha256: str, content: bytes) -> None:
        """Keep what the pages show of a submission (see `autograder.batch.content`)."""
        with self._clearly():
            self._db.execute("INSERT OR REPLACE INTO content VALUES (?, ?)", (sha256, content))

    def content(self, sha256: str) -> bytes | None:
        """What was kept of a submission."""
        with self._clearly():
            row = self._db.execute("SELECT document FROM content WHERE sha256 = ?", (sha256,)).fetchone()
        return row[0] if row else None

    def run(self) -> tuple[dict[str, Any], tuple[QuestionManifest, ...]]:
        """The facts of the latest run, and the bundle's questions."""
        with self._clearly():
            rows = self._db.execute("SELECT name, value FROM run")
            facts = {name: json.loads(value) for name, value in rows}
            if facts:
                return facts, manifest_from_json(facts.pop("manifest"))
        raise BadInput(f"The ledger {self._path} holds no run.", fix="Run `autograder grade` first.")

    def entries(self) -> Iterator[Entry]:
        """All submissions of the latest run, by name."""
        with self._clearly():
            rows = self._db.execute(
                "SELECT name, sha256, graded_at, document FROM submission JOIN verdict USING (key) ORDER BY name"
            )
            for name, sha256, graded_at, document in rows:
                yield Entry(name, sha256, graded_at, verdict_from_json(json.loads(document)))


def verdict_from_json(data: dict[str, Any]) -> Verdict:
    questions = tuple(
        QuestionResult(
            question["name"],
            question["score"],
            question["max_score"],
            tuple(CaseResult(**case) for case in question["cases"]),
        )
        for question in data.pop("questions")
    )
    lists: dict[str, Any] = {name: tuple(data.pop(name)) for name in ("notes", "missing_walls")}
    return Verdict(questions=questions, **lists, **data)
