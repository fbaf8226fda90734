"""Pages show what students wrote as text, whatever it is."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.batch.ledger import Entry
from autograder.gradebook.pages import feedback, report, write_pages
from autograder.verdict import CaseManifest, QuestionManifest, Verdict, score_question

TAGS = set("html head meta title style body h1 h2 p strong div table tr td th pre ul li i".split())
ATTRIBUTES = set("lang charset name content http-equiv class style".split())
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
        self.tags, self.attributes, self.text, self.policy = set(), set(), "", ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attributes}
        fields = dict(attributes)
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
    assert not {"\x1b", "\x00", "\u202e", "\x07"} & set(text)
    text.encode()
    return page


def pages(text, status="graded"):
    """A feedback page and a report in which every text is the given one."""
    manifest = (
        QuestionManifest(text, False, (CaseManifest(text, False, 1.0), CaseManifest("h", True, 1.0))),
    )
    questions = tuple(score_question(question, {text: (True, text)}) for question in manifest)
    result = Verdict(status, 1.0, 2.0, questions, text, 0.5, (text, text), (text,))
    entry = Entry(text, "0" * 64, "2026-01-01", result)
    facts = {"assignment": text, "sealed": False}
    return feedback(entry, text), report([entry], manifest, facts)


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
            assert "{{ 7 * 7 }}" in Page(page).text and "49" not in Page(page).text

    @settings(max_examples=60, deadline=None)
    @given(st.text(max_size=60))
    def test_any_text_is_only_text(self, text):
        for page in pages(text):
            assert_harmless(page)

    def test_long_messages_are_cut(self):
        assert max(map(len, pages("<" * 10**5))) < 200_000


class TestContent:
    def test_a_page_holds_score_cases_points_and_notes(self):
        text = Page(pages("loss")[0]).text
        assert (
            "1 of 2 points" in text and "✓ passed" in text and "✗ not passed" in text and "(hidden)" in text
        )
        assert "While your notebook ran" in text

    def test_a_partial_verdict_says_so(self):
        assert "in part" in Page(pages("x", "partial")[0]).text

    def test_an_error_is_not_graded_and_no_zero(self):
        text = Page(pages("why", "error")[0]).text
        assert "Not graded" in text and "why" in text and "points" not in text

    def test_an_unsealed_run_says_so_on_both_pages(self):
        first, second = pages("network")
        assert "unsealed: missing network" in first and "Unsealed" in second

    def test_a_report_without_any_graded_submission_renders(self):
        manifest = (QuestionManifest("q", False, (CaseManifest("a", False, 1.0),)),)
        entry = Entry("a", "", "", Verdict.failed("why"))
        for entries in ([], [entry]):
            assert_harmless(report(entries, manifest, {"assignment": "hw", "sealed": True}))

    def test_pages_are_written_under_the_submissions_path(self, tmp_path):
        entry = Entry("ada/hw.ipynb", "", "", Verdict.failed("why"))
        write_pages([entry], (), {"assignment": "hw", "sealed": True}, tmp_path)
        assert (tmp_path / "feedback/ada/hw.ipynb.html").is_file() and (tmp_path / "report.html").is_file()
