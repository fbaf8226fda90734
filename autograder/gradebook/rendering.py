"""The template engine of all pages: everything is escaped, wherever it comes from."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from autograder.gradebook.safe import plain
from autograder.gradebook.tables import file_name, number


def feedback_link(submission: str) -> str:
    """Where a submission's page is, seen from the class report."""
    return quote(f"feedback/{file_name(submission, '.html').as_posix()}", errors="replace")


_ENVIRONMENT = Environment(
    loader=PackageLoader("autograder.gradebook", "templates"),
    autoescape=select_autoescape(default=True, default_for_string=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters |= {"number": number, "plain": plain, "feedback_link": feedback_link}


def render(template: str, **values: Any) -> str:
    """Fill in a template."""
    return _ENVIRONMENT.get_template(template).render(**values)
