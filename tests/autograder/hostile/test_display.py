"""What students wrote is harmless where it is shown: pages, tables, the grading platform, a terminal."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import unicodedata
from html.parser import HTMLParser
from pathlib import Path

import pytest

from autograder.batch.ledger import Entry, Ledger
from autograder.gradebook.book import class_records
from autograder.gradebook.pages import write_pages
from autograder.gradebook.tables import write_tables
from autograder.verdict import Verdict
from tests.autograder.hostile.world import Grader, answers, leaks, shown

PAYLOADS = {
    "script": "<script>alert(1)</script>",
    "image": "<img src=x onerror=alert(1)>",
    "attribute": "\"'><svg/onload=alert(1)>",
    "end of a block": "</pre></div></body><h1>A+</h1>",
    "template": "{{ 7 * 191 }}{% for x in ().__class__.__mro__ %}{% endfor %}",
    "terminal": "\x1b[2J\x1b]0;owned\x07\x1b]8;;http://x\x07\x9b31m\r\b\b",
    "bidi": "\u202egnorw\u2066\u200b\ufeff",
    "surrogate": "\ud800\udfff",
    "markup": "[red]score[/red] [link=file:///x]y[/link] [/]",
    "formula": "=HYPERLINK(\"http://x\",\"A\")",
    "formula plus": "+cmd|' /C calc'!A0",
    "formula minus": "-1+1|x",
    "formula at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "rows": 'x",graded,12\n"y,graded,12\r\n',
    "null": "a\0b",
    "long": "x" * 100_000,
    "page": "</textarea><iframe src=javascript:alert(1)>",
}  # fmt: skip
_NAMES = [
    "honest.ipynb",
    "<img src=x onerror=alert(1)>.ipynb",
    "=1+1.ipynb",
    "\u202egnp.ipynb",
    "\x1b[2J.ipynb",
    "a b/'\"&.ipynb",
    "x" * 249 + ".ipynb",
    "y" * 249 + ".ipynb",
    "x.ipynb",
    "x.ipynb.json/y.ipynb",
    "x.ipynb.html/y.ipynb",
    "{{7*191}}.ipynb",
]


class _Tags(HTMLParser):
    """Names of all tags and attributes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: set[tuple[str, ...]] = set()
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.seen.add((tag, *sorted(name for name, _ in attrs)))


@pytest.fixture(scope="module")
def hostile(grader: Grader) -> Verdict:
    """A verdict that holds every payload in a note or a public message."""
    cells = [f"raise ValueError({payload!r})" for payload in PAYLOADS.values()]
    loud = f"    raise ValueError({''.join(list(PAYLOADS.values())[:15])!r})"
    rude = {"q1": f"def square(x):\n{loud}", "q4": f"def twice(f, x):\n{loud}"}
    return grader.run([*answers(**rude), *cells])


@pytest.fixture
def out(hostile: Verdict, grader: Grader, tmp_path: Path) -> Path:
    entries = [Entry(name, "0" * 64, "2026-01-01T00:00:00+00:00", hostile) for name in _NAMES]
    entries.append(
        Entry("refused.ipynb", "", "2026-01-01T00:00:00+00:00", Verdict.failed("".join(PAYLOADS.values())))
    )
    manifest = grader.pool.manifest
    facts = {
        "assignment": PAYLOADS["script"],
        "engine": "process",
        "sealed": True,
        "bundle_sha256": "",
        "grader_version": "",
    }
    write_tables(entries, manifest, tmp_path)
    write_pages(class_records(entries, manifest, facts).records, manifest, facts, tmp_path)
    return tmp_path


def _calm(text: str) -> bool:
    return all(
        char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn") for char in text
    )


@pytest.mark.root
def test_the_verdict_itself_holds_the_payloads_and_no_secret(hostile: Verdict):
    assert "<script>" in shown(hostile) and "\x1b" in shown(hostile)
    assert leaks(hostile) == []
    assert max(map(len, hostile.notes)) < 700
    assert len(shown(hostile)) < 60_000


@pytest.mark.root
def test_pages_hold_no_tag_control_or_template_of_a_student(out: Path, hostile: Verdict, grader: Grader):
    pages = [path for path in out.rglob("*.html") if path.is_file()]
    assert len(pages) == len(_NAMES) + 2
    plain = Entry("n", "0", "2026-01-01", Verdict("graded", 0, 12, hostile.questions, "m", notes=("n",)))
    facts = {
        "assignment": "a",
        "engine": "process",
        "sealed": True,
        "bundle_sha256": "",
        "grader_version": "",
    }
    calm = out / "calm"
    entries = [plain, Entry("e", "", "2026-01-01", Verdict.failed("m"))]
    manifest = grader.pool.manifest
    write_pages(class_records(entries, manifest, facts).records, manifest, facts, calm)
    known = set().union(*(_Tags(path.read_text()).seen for path in calm.rglob("*.html")))
    known_names = {tag for tag, *_ in known}
    for path in [page for page in pages if calm not in page.parents]:
        text = path.read_text()
        assert _calm(text), path
        tags = {tag for tag, *attributes in _Tags(text).seen}
        assert tags <= known_names, tags - known_names
        assert not any(name.startswith("on") for _, *attributes in _Tags(text).seen for name in attributes)
        assert "1337" not in text


@pytest.mark.root
def test_the_table_has_one_calm_row_for_each_submission(out: Path):
    text = (out / "grades.csv").read_text()
    assert _calm(text)
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == len(_NAMES) + 2
    assert {len(row) for row in rows} == {len(rows[0])}
    assert not [cell for row in rows for cell in row if re.match(r"[=+@\t\r]|-\D", cell)]


@pytest.mark.root
def test_every_submission_has_results_of_its_own(out: Path):
    results = [*(out / "results").rglob("*.json")]
    assert len(results) == len(_NAMES) + 1
    assert all(out in path.resolve().parents for path in results)
    for path in results:
        document = json.loads(path.read_text())
        hidden = [test for test in document["tests"] if test["name"].endswith(" - 2")]
        assert len(hidden) == len(document["tests"]) / 2
        assert all(test["visibility"] == "after_published" for test in hidden)
        assert all(_calm(test.get("output", "")) for test in document["tests"])
        assert _calm(document["output"])


@pytest.mark.root
def test_results_are_never_written_through_a_link(hostile: Verdict, grader: Grader, tmp_path: Path):
    target = tmp_path / "precious"
    target.write_text("untouched")
    results = tmp_path / "out" / "results"
    results.mkdir(parents=True)
    (results / "x.ipynb.json").symlink_to(target)
    (tmp_path / "out" / "grades.csv").symlink_to(target)
    write_tables([Entry("x.ipynb", "", "", hostile)], grader.pool.manifest, tmp_path / "out")
    assert target.read_text() == "untouched"
    assert os.stat(results / "x.ipynb.json").st_size > 0


@pytest.mark.root
def test_the_ledger_keeps_a_hostile_verdict(hostile: Verdict, grader: Grader, tmp_path: Path):
    ledger = Ledger(tmp_path / "ledger.sqlite")
    ledger.start_run({"assignment": "hostile"}, grader.pool.manifest)
    ledger.record("x\u202e.ipynb", "0", "key", hostile)
    [entry] = ledger.entries()
    ledger.close()
    assert entry.verdict.score == hostile.score
