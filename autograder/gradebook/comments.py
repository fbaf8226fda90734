"""``comments.toml``: a word from the instructor to everybody who failed a question in the same way.

The class report names each group of equal failures (``q3-1a2b3c4d``). A line ``q3-1a2b3c4d = "..."`` in the file
``comments.toml`` beside the ledger puts the comment on the feedback pages of the whole group.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from autograder.errors import BadInput

COMMENTS = "comments.toml"


def read_comments(folder: Path) -> dict[str, str]:
    """Group -> comment; empty where there is no such file.

    Raises
    ------
    BadInput
        If it is not TOML, or holds anything but texts.
    """
    path = folder / COMMENTS
    try:
        comments = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: {error}.", fix='Write lines such as q3-1a2b3c4d = "Your comment."') from None
    for key, value in comments.items():
        if not isinstance(value, str):
            raise BadInput(f"{path}: {key} is not a text.", fix='Write q3-1a2b3c4d = "Your comment."')
    return comments
