"""What learning platforms say beside the files that they let one download: when and by whom they were handed in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from autograder.batch.submissions import Found

_METADATA = "submission_metadata.yml"
_FOLDER = re.compile(r"submission_\d+")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass
class Handed:
    """By name of the submission: when it was handed in, in UTC, and the ids and e-mails of its submitters."""

    at: dict[str, str] = field(default_factory=dict)
    by: dict[str, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def handed_in(found: Iterable[Found]) -> Handed:
    """The files' times, and what a Gradescope export says in its ``submission_metadata.yml``."""
    result = Handed()
    read: dict[Path, dict[str, Any]] = {}
    for entry in found:
        try:
            changed = datetime.fromtimestamp(entry.path.lstat().st_mtime, UTC)
            result.at[entry.name] = changed.isoformat(timespec="milliseconds")
        except OSError:  # gone; it is told when it is opened
            continue
        folder = next((parent for parent in entry.path.parents if _FOLDER.fullmatch(parent.name)), None)
        if folder is None:
            continue
        export = folder.parent
        if export not in read:
            read[export] = _metadata(export / _METADATA, result.notes)
        about = read[export].get(folder.name)
        if isinstance(about, dict):
            _take(entry.name, about, result)
    return result


def _metadata(path: Path, notes: list[str]) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        data = yaml.load(path.read_bytes(), _LOADER)  # a safe loader
    except (yaml.YAMLError, ValueError, OSError, RecursionError):
        notes.append(f"{path} cannot be read; its submitters are not known.")
        return {}
    return data if isinstance(data, dict) else {}


def _take(name: str, about: dict[str, Any], result: Handed) -> None:
    moment = about.get(":created_at")
    if isinstance(moment, datetime):
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        result.at[name] = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    people = about.get(":submitters")
    if isinstance(people, list):
        result.by[name] = [
            str(person[key])
            for person in people
            if isinstance(person, dict)
            for key in (":sid", ":email")
            if person.get(key)
        ]
