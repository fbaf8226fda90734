"""Pages show what students wrote as text, whatever it is."""

from __future__ import annotations

import unicodedata
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.batch.content import Answer, Content, Output, pack
from autograder.batch.ledger import Entry
from autograder.gradebook.class_report import class_report
from autograder.gradebook.feedback import feedback_page
from autograder.gradebook.pages import write_pages
from autograder.gradebook.records import Mark, Record, Student, WrittenQuestion
from autograder.gradebook.safe import _KEPT, plain
from autograder.verdict import CaseManifest, QuestionManifest, Verdict, score_question

TAGS = set(
    "html head meta title style body main nav section h1 h2 h3 p strong span div a meter code pre".split()
)
TAGS |= set(
    "table caption tr td th ul ol li details summary figure svg g path text defs clippath rect use".split()
)
ATTRIBUTES = set("lang charset name content http-equiv class style id href scope open tabindex role".split())
ATTRIBUTES |= set("aria-label min max value d x y width height transform clip-path viewbox xmlns".split())
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "</title></style></pre></td><iframe src='https://example.org'>",
    "\"' onmouseover='alert(1)",
    "{{ 7 * 7 }}{% include 'base.html' %}",
    "&lt;b&gt;<!-- ",
    "\x1b]0;title\x07\x1b[2J\u202e\ud800\x00",
)


class Page(HTMLParser):
    """All tags, attributes and text of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.text, self.policy, self.links = set(), set(), "", "", []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attributes}
        fields = dict(attributes)
        self.links += [fields["href"]] if "href" in fields else []
        if fields.get("http-equiv") == "Content-Security-Policy":
            self.policy = fields["content"]

    def handle_data(self, data):
        self.text += data

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data}")


def assert_harmless(text):
    page = Page(text)
    assert page.tags <= TAGS and page.attributes <= ATTRIBUTES
    assert page.policy.startswith("default-src 'none'") and "script-src" not in page.policy
    assert all(link.startswith(("#", "feedback/")) for link in page.links)
    assert not {"\x1b", "\x00", "\u202e", "\x07"} & set(text)
    text.encode()
    return page


def pages(text, status="graded"):
    """A feedback page and a report in which every text is the given one."""
    manifest = (
        QuestionManifest(text, False, (CaseManifest(text, False, 1.0), CaseManifest("h", True, 1.0))),
    )
    questions = tuple(
        score_question(question, {text: (True, ""), "h": (False, text)}) for question in manifest
    )
    result = Verdict(status, 1.0, 2.0, questions, text, 0.5, (text, text), (text,))
    name = text.encode("utf-8", "backslashreplace").decode()  # as found on disk
    entry = Entry(name, "0" * 64, "2026-01-01", result)
    written = (WrittenQuestion(text, (Mark(text, 1.0, 2.0, text),)),)
    record = Record(entry, 4.0, students=(Student(text),), written=written)
    content = Content((Answer(text, (text, text), (Output("text", text),)),), (text,), 1)
    known = {"question": text, "title": text, "expects": text, "place": text}
    facts = {"assignment": text, "sealed": False}
    facts["material"] = {"attempts": [{**known, "failed": [{"name": "h", "message": text}]}]}
    return feedback_page(record, text, content=content), class_report([record, record], manifest, facts)


class TestEscaping:
    @pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
    @pytest.mark.parametrize("status", ["graded", "partial", "error"])
    def test_hostile_text_is_only_text(self, text, status):
        for page in pages(text, status):
            assert_harmless(page)

    def test_the_text_itself_is_shown(self):
        for page in pages(HOSTILE[0]):
            assert HOSTILE[0] in assert_harmless(page).text

    def test_template_marks_are_not_obeyed(self):
        for page in pages(HOSTILE[3]):
            assert "{{ 7 * 7 }}" in Page(page).text and " 49" not in Page(page).text

    @settings(max_examples=5, deadline=None)  # charts take their time
    @given(st.text(max_size=60))
    def test_any_text_is_only_text(self, text):
        for page in pages(text):
            assert_harmless(page)

    @given(st.text(st.characters(codec=None), max_size=30))
    def test_every_character_is_kept_or_replaced_by_its_category_alone(self, text):
        bad = ("Cc", "Cf", "Cs", "Co", "Cn")
        want = [c if c in _KEPT or unicodedata.category(c) not in bad else "\ufffd" for c in text]
        assert plain(text) == "".join(want)

    def test_long_messages_are_cut(self):
        assert max(map(len, pages("<" * 10**5))) < 700_000


class TestFiles:
    def test_an_unsealed_run_says_so_on_both_pages(self):
        first, second = pages("network")
        assert "unsealed: missing network" in first and "Unsealed" in second

    def test_a_report_without_any_graded_submission_renders(self):
        manifest = (QuestionManifest("q", False, (CaseManifest("a", False, 1.0),)),)
        record = Record(Entry("a", "", "", Verdict.failed("why")), 1.0)
        for records in ([], [record]):
            assert_harmless(class_report(records, manifest, {"assignment": "hw", "sealed": True}))

    def test_pages_are_written_under_the_submissions_path_with_what_was_kept(self, tmp_path):
        records = [Record(Entry("ada/hw.ipynb", "sha", "", Verdict("graded", 0.0, 0.0)), 0.0)]
        kept = {"sha": pack(Content(written=("my own words",)))}
        write_pages(records, (), {"assignment": "hw", "sealed": True}, tmp_path, content=kept.get)
        assert "my own words" in (tmp_path / "feedback/ada/hw.ipynb.html").read_text()
        assert (tmp_path / "report.html").is_file()

    @pytest.mark.parametrize(
        "name", ["javascript:alert(1).ipynb", "//evil.example/a.ipynb", "a?b#c%d/é.ipynb"]
    )
    def test_a_link_leads_to_the_page_whatever_the_submissions_name(self, tmp_path, name):
        record = Record(Entry(name, "", "", Verdict("graded", 0.0, 0.0)), 0.0)
        write_pages([record], (), {"assignment": "hw", "sealed": True}, tmp_path)
        links = [link for link in Page((tmp_path / "report.html").read_text()).links if link[0] != "#"]
        assert links and all((tmp_path / unquote(link)).is_file() for link in links)
