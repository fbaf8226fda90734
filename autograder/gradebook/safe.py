"""Makes untrusted text safe for terminals, tables and pages."""

from __future__ import annotations

import unicodedata

_JOINERS = "\u200c\u200d"  # part of words in Persian and Indic scripts, and of emoji
_KEPT = frozenset("\n\t" + _JOINERS)
_FORMULA = tuple("=+-@＝＋－＠\t\r")


def plain(text: str, *, limit: int = 4000) -> str:
    """`text` without control, bidirectional and surrogate characters, cut at `limit` characters."""
    if len(text) <= limit and text.replace("\n", "").replace("\t", "").isprintable():
        return text  # all that is printable is kept: the way of nearly every text
    cleaned = "".join(
        char
        if char in _KEPT or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn")
        else "\ufffd"
        for char in text[: limit + 1]
    )
    return cleaned if len(cleaned) <= limit else cleaned[: limit - 1] + "…"


def cell(text: str) -> str:
    """`text` for one cell of a CSV file: one line that no spreadsheet takes for a formula."""
    line = " ".join(plain(text).split())
    return f"'{line}" if line.lstrip(_JOINERS).startswith(_FORMULA) else line
