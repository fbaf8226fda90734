"""The keys that otter knows in its blocks, taken from otter's own classes: it ignores misspelt ones silently."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

import fica
from otter.assign.assignment import Assignment
from otter.assign.question_config import QuestionConfig
from otter.test_files.abstract_test import TestCase

# A test config fills these fields of otter's TestCase; `name` and `body` come from the function itself.
TEST_KEYS = frozenset(item.name for item in fields(TestCase)) - {"name", "body"}


def unknown_assignment_keys(config: Mapping[str, Any]) -> Iterator[str]:
    """Sentences about unknown keys in an assignment config, at any depth."""
    yield from _unknown(config, Assignment, "")


def unknown_question_keys(config: Mapping[str, Any]) -> Iterator[str]:
    """Sentences about unknown keys in a question config."""
    yield from _unknown(config, QuestionConfig, "")


def unknown_test_keys(config: Mapping[str, Any]) -> Iterator[str]:
    """Sentences about unknown keys in a test config."""
    yield from (_sentence(key, TEST_KEYS, "") for key in config if key not in TEST_KEYS)


def _unknown(config: Mapping[str, Any], known: type[fica.Config], prefix: str) -> Iterator[str]:
    keys = {
        key.get_name(attribute): key.get_subkey_container()
        for attribute in dir(known)
        if isinstance(key := getattr(known, attribute), fica.Key)
    }
    for key, value in config.items():
        if key not in keys:
            yield _sentence(key, keys, prefix)
        elif keys[key] and isinstance(value, Mapping):
            yield from _unknown(value, keys[key], f"{prefix}{key}.")


def _sentence(key: Any, known: Any, prefix: str) -> str:
    close = difflib.get_close_matches(str(key), list(known), n=1)
    hint = f"do you mean `{close[0]}`?" if close else f"known keys: {', '.join(sorted(known))}."
    return f"otter does not know the key `{prefix}{key}` here: {hint}"
