"""Pages of hostile notebooks in Chromium: nothing runs, nothing is loaded, nothing asks, and it stays readable."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from autograder.batch.content import extract, pack
from autograder.batch.ledger import Entry
from autograder.batch.submissions import find
from autograder.gradebook.pages import write_pages
from autograder.gradebook.records import Mark, Record, Student, WrittenQuestion
from autograder.gradebook.rendering import feedback_link
from autograder.verdict import CaseManifest, QuestionManifest, Verdict, score_question
from tests.autograder.needs import missing
from tests.autograder.test_feedback import check, code, png, printed, shown

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
ELSEWHERE = "http://203.0.113.7"  # an address for documentation: a load would be seen, and go nowhere
PAYLOADS = (
    f"<script>alert(1);fetch('{ELSEWHERE}/a')</script>",
    f"</style></title></pre></code><img src='{ELSEWHERE}/b' onerror='alert(1)'>",
    f"<iframe src='{ELSEWHERE}/c'></iframe><link rel=stylesheet href='{ELSEWHERE}/d'>",
    f"\"' onmouseover='alert(1)' style='background:url({ELSEWHERE}/e)",
    f"<svg onload='alert(1)'><image href='{ELSEWHERE}/f'/></svg><meta http-equiv=refresh content='0;url={ELSEWHERE}'>",
    "<a href='javascript:alert(1)'>javascript:alert(1)</a> [x](javascript:alert(1))",
    "\u202e\u2066gnp.exe\u2069 \x1b]0;title\x07\x1b[2J \x9b31m \ud800",
    f"@import url({ELSEWHERE}/g); }} body {{ display: none }} /* <!-- ]]> -->",
    "{{ 7 * 7 }}{% raw %}$\\int$ `x` &lt;b&gt; &#60;script&#62;",
    "w" * 5000,
)
ALL = "\n".join(PAYLOADS)

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        missing("Chromium is not installed")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


def hostile_notebook(payload: str) -> bytes:
    outputs = [
        printed(payload),
        printed("x" * (10_000_000 if payload == PAYLOADS[0] else 10_000)),
        shown(text_html=payload, text_plain=payload),
        shown(**{"image_svg+xml": payload, "application_javascript": payload}),
        shown(image_png=payload),
        shown(image_png=png((300, 200)), text_plain=payload),
        {"output_type": "error", "ename": payload, "evalue": payload, "traceback": [payload]},
    ]
    written = {"cell_type": "markdown", "metadata": {"tags": ["otter_answer_cell"]}, "source": payload}
    cells = [code(payload, *outputs, answer=True), check("q1"), code("demo()", *outputs), written]
    return json.dumps({"cells": cells, "metadata": {"title": payload}, "nbformat": 4}).encode()


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """A class in which every text is hostile, as pages on disk: feedback for each, and the report."""
    root = tmp_path_factory.mktemp("class")
    manifest = (
        QuestionManifest("q1", False, (CaseManifest(ALL, False, 1.0), CaseManifest("hidden", True, 2.0))),
        QuestionManifest(PAYLOADS[0], False, (CaseManifest(PAYLOADS[1], False, 1.0),)),
    )
    folder = root / "submitted"
    folder.mkdir()
    for number, payload in enumerate(PAYLOADS):
        name = f"{number} {payload[:60]}.ipynb".replace("/", "|").replace("\ud800", "\udcff")
        Path(folder, name).write_bytes(hostile_notebook(payload))
    records, kept = [], {}
    for number, found in enumerate(find([folder])):
        data = found.path.read_bytes()
        kept[found.name] = pack(extract(data))
        failed = {ALL: (False, ALL), "hidden": (False, ALL), PAYLOADS[1]: (False, ALL)}
        results = tuple(score_question(question, failed) for question in manifest)
        notes = (f"Code cell 3: {ALL}", f"Code cell 4: {PAYLOADS[number]}")
        status = ("graded", "partial")[number % 2]
        verdict = Verdict(status, 0.0, 4.0, results, ALL, 1.0 + number, notes, (ALL,))
        written = (WrittenQuestion(PAYLOADS[2], (Mark(PAYLOADS[3], 1.0, 2.0, ALL),)),)
        entry = Entry(found.name, found.name, "", verdict)
        records.append(Record(entry, 6.0, students=(Student(PAYLOADS[number]),), written=written))
    error = Entry("unreadable", "", "", Verdict.failed(ALL))
    records.append(Record(error, 6.0))
    known = {"question": "q1", "title": PAYLOADS[0], "expects": ALL, "place": ""}
    failures = [{"name": ALL, "message": ALL}, {"name": "hidden", "message": ALL}]
    material = {"attempts": [{**known, "failed": failures}]}
    facts = {"assignment": ALL[:300], "sealed": False, "material": material}
    write_pages(records, manifest, facts, root, content=kept.get)
    links = [feedback_link(record.submission) for record in records]
    return root, ["report.html", *links]


class Watch:
    """Everything that a page does beyond being shown; with `policy_counts`, less what its policy stopped."""

    def __init__(self, page, *, policy_counts: bool = False) -> None:
        self.policy_counts = policy_counts
        self.seen: list[str] = []
        page.on("request", lambda request: self._note(request.url))
        page.on("requestfailed", self._blocked)
        page.on("dialog", lambda dialog: (self.seen.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("popup", lambda popup: self.seen.append("popup"))
        page.on("pageerror", lambda error: self.seen.append(f"script {error}"))

    def _blocked(self, request) -> None:
        if request.failure == "csp" and self.policy_counts:
            self.seen.remove(request.url)

    def _note(self, url: str) -> None:
        if not url.startswith(("file://", "data:")):
            self.seen.append(url)


def test_the_watch_sees_what_an_unescaped_page_does(browser, tmp_path):
    """Else the next test could not fail."""
    (tmp_path / "bad.html").write_text(f"<p>{PAYLOADS[0]}{PAYLOADS[1]}", encoding="utf-8")
    page = browser.new_page()
    watch = Watch(page)
    page.goto((tmp_path / "bad.html").as_uri())
    page.wait_for_timeout(300)
    page.close()
    assert "dialog 1" in watch.seen and f"{ELSEWHERE}/a" in watch.seen and f"{ELSEWHERE}/b" in watch.seen


def test_the_policy_alone_would_stop_scripts_and_loads(browser, pages, tmp_path):
    """The second wall: even text that was not escaped would do nothing."""
    root, (report, *_) = pages
    text = (
        (root / report).read_text(encoding="utf-8").replace("<main>", f"<main>{PAYLOADS[0]}{PAYLOADS[1]}", 1)
    )
    (tmp_path / "bad.html").write_text(text, encoding="utf-8")
    page = browser.new_page()
    watch = Watch(page, policy_counts=True)
    page.goto((tmp_path / "bad.html").as_uri())
    page.wait_for_timeout(300)
    page.close()
    assert watch.seen == []


def test_hostile_pages_run_nothing_load_nothing_and_ask_nothing(browser, pages):
    root, names = pages
    assert len(names) == len(PAYLOADS) + 2
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    watch = Watch(page)
    for name in names:
        url = f"{root.as_uri()}/{name}"
        page.goto(url)
        page.mouse.move(400, 300)
        for summary in page.query_selector_all("summary")[:3]:
            summary.hover()
        assert page.url == url and page.evaluate("document.scripts.length") == 0
        assert (
            page.evaluate("document.querySelectorAll('iframe, object, embed, link, form, base').length") == 0
        )
        assert page.evaluate(
            "[...document.images].every(i => i.src.startsWith('data:image/') && i.complete && i.naturalWidth > 0)"
        )
        outside = (
            "a => !(a.getAttribute('href').startsWith('#') || a.getAttribute('href').startsWith('feedback/'))"
        )
        assert page.evaluate(f"[...document.querySelectorAll('a')].filter({outside}).length") == 0
        assert page.evaluate("document.title").startswith("<script>alert(1)")  # shown as text
    page.close()
    assert watch.seen == []


def test_no_character_turns_the_text_around_or_reaches_a_terminal(pages):
    root, names = pages
    from urllib.parse import unquote

    for name in names:
        text = (root / unquote(name)).read_text(encoding="utf-8")
        assert not {"\u202e", "\u2066", "\u2069", "\x1b", "\x07", "\x9b", "\x00"} & set(text)


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_pages_fit_their_screen_and_follow_its_colours(browser, pages, width, scheme):
    root, names = pages
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    for name in names[:4]:
        page.goto(f"{root.as_uri()}/{name}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        bright = page.evaluate(
            "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).every(c => c > 200)"
        )
        assert bright is (scheme == "light")
    page.close()


def test_pages_print_dark_on_light(browser, pages):
    root, names = pages
    page = browser.new_page(color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(f"{root.as_uri()}/{names[0]}")
    colours = page.evaluate(
        "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
    )
    assert colours == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
    assert Path(root / names[0]).is_file() and len(page.pdf(format="A4")) > 10_000
    page.close()
