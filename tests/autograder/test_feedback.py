"""The student's page: what is taken from a notebook, what is shown of it, and what to do next."""

from __future__ import annotations

import base64
import io
import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from autograder.batch import keeper
from autograder.batch.content import MAX_BYTES, Answer, Content, Output, extract, pack, unpack
from autograder.batch.figures import picture
from autograder.batch.keeper import Keeper
from autograder.batch.ledger import Entry, Ledger
from autograder.batch.submissions import Submission
from autograder.cli import main
from autograder.gradebook.feedback import feedback_page
from autograder.gradebook.misconceptions import group_keys
from autograder.gradebook.records import Mark, Record, WrittenQuestion
from autograder.gradebook.tables import results_json
from autograder.verdict import CaseManifest, QuestionManifest, Verdict, score_question
from tests.autograder.test_pages import Page
from tests.autograder.test_regrade import Grader

MANIFEST = (
    QuestionManifest("q1", False, (CaseManifest("public", False, 1.0), CaseManifest("secret", True, 2.0))),
    QuestionManifest("q2", False, (CaseManifest("other", False, 4.0),)),
)


def png(size=(40, 30), noise=False, **options):
    pixels = np.random.default_rng(0).integers(0, 256 if noise else 2, (*size[::-1], 3), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, options.pop("format", "PNG"), **options)
    return base64.b64encode(out.getvalue()).decode()


def code(source, *outputs, answer=False, **metadata):
    metadata |= {"tags": ["otter_answer_cell"]} if answer else {}
    return {"cell_type": "code", "metadata": metadata, "source": source, "outputs": list(outputs)}


def check(question):
    return code(f'grader.check("{question}")', editable=False)


def shown(**data):
    return {
        "output_type": "display_data",
        "data": {key.replace("_", "/"): value for key, value in data.items()},
    }


def printed(text):
    return {"output_type": "stream", "name": "stdout", "text": text}


def notebook(*cells):
    return json.dumps({"cells": list(cells), "nbformat": 4, "metadata": {}}).encode()


PROSE = {"cell_type": "markdown", "metadata": {}, "source": "prose"}
RELEASED = frozenset({"import numpy", "draw_valley()", "demo(answer)"})


class TestOwnCode:
    def test_the_answer_cells_before_a_check_are_the_questions_own_code(self):
        data = notebook(
            code("import numpy"),
            code("def first(): ...", answer=True),
            check("q1"),
            PROSE,
            code("draw_valley()"),
            code("def second(): ...", answer=True),
            check("q2"),
        )
        found = extract(data, released=RELEASED)
        assert [(one.question, one.code) for one in found.answers] == [
            ("q1", ("def first(): ...",)),
            ("q2", ("def second(): ...",)),
        ]

    def test_a_cell_that_the_student_added_belongs_to_the_next_check(self):
        cells = [code("def helper(): ..."), code("def first(): ...", answer=True), check("q1")]
        assert extract(notebook(*cells), released=RELEASED).answers[0].code == (
            "def helper(): ...",
            "def first(): ...",
        )

    def test_answers_are_found_without_tags_where_the_release_is_known(self):
        cells = [code("import numpy"), code("def first(): ..."), check("q1")]
        assert extract(notebook(*cells), released=RELEASED).answers[0].code == ("def first(): ...",)

    def test_without_tags_and_release_every_cell_since_the_check_before_is_shown(self):
        found = extract(notebook(code("a"), code("b"), check("q1"), code("c"), check("q2")))
        assert [one.code for one in found.answers] == [("a", "b"), ("c",)]

    def test_a_question_checked_twice_has_both_cells(self):
        cells = [code("a", answer=True), check("q1"), code("b", answer=True), check("q1")]
        (answer,) = extract(notebook(*cells)).answers
        assert answer.code == ("a", "b")

    def test_a_check_in_the_answer_cell_itself_counts(self):
        (answer,) = extract(notebook(code("f = 1\ngrader.check('q1')", answer=True))).answers
        assert answer.question == "q1" and answer.code == ("f = 1\ngrader.check('q1')",)

    def test_written_answers_are_kept(self):
        cell = {
            "cell_type": "markdown",
            "metadata": {"tags": ["otter_answer_cell"]},
            "source": ["I ", "think"],
        }
        assert extract(notebook(PROSE, cell)).written == ("I think",)

    def test_a_script_is_kept_whole(self):
        assert extract(b"print(1)", script=True).answer("").code == ("print(1)",)

    @settings(max_examples=150, deadline=None)
    @given(
        st.recursive(
            st.none() | st.text() | st.integers(),
            lambda x: (
                st.lists(x)
                | st.dictionaries(
                    st.sampled_from(
                        [
                            "cells",
                            "cell_type",
                            "source",
                            "metadata",
                            "tags",
                            "outputs",
                            "data",
                            "otter",
                            "tests",
                            "text",
                        ]
                    ),
                    x,
                )
            ),
            max_leaves=30,
        )
    )
    def test_no_document_breaks_it(self, document):
        for data in (document, {"cells": document}, {"cells": [{"cell_type": "code", "outputs": document}]}):
            assert isinstance(unpack(pack(extract(json.dumps(data).encode()))), Content)


class TestOutputs:
    def test_outputs_of_the_answer_and_of_the_demonstration_after_its_check_are_the_questions(self):
        data = notebook(
            code("def f(): ...", printed("mine\n"), answer=True),
            check("q1"),
            code("demo(answer)", shown(image_png=png(), text_plain="<Figure>")),
            PROSE,
            code("draw_valley()", printed("not mine")),
        )
        (answer,) = extract(data, released=RELEASED).answers
        assert [(one.kind, one.data) for one in answer.outputs] == [("text", "mine\n"), ("image/png", png())]

    @pytest.mark.parametrize(
        "data", [{"text_html": "<script>alert(1)</script>"}, {"image_svg+xml": "<svg onload='alert(1)'/>"},
                 {"application_javascript": "alert(1)"}, {"image_gif": png()}, {"image_png": png(format="GIF")},
                 {"image_png": "no base64!"}, {"image_png": 7}, {"image_jpeg": png()}]
    )  # fmt: skip
    def test_nothing_but_text_png_and_jpeg_is_kept(self, data):
        found = extract(notebook(code("f()", shown(**data), answer=True), check("q1")))
        assert found.answers[0].outputs == () and found.left_out == 1

    def test_a_result_with_html_is_shown_by_its_plain_text(self):
        cell = code("table", shown(text_html="<table onclick=x>", text_plain="a  b"), answer=True)
        (answer,) = extract(notebook(cell, check("q1"))).answers
        assert answer.outputs == (Output("text", "a  b"),)

    def test_terminal_codes_are_taken_out(self):
        cell = code("f()", printed("\x1b[31mred\x1b[0m \x1b]0;title\x07done"), answer=True)
        assert extract(notebook(cell, check("q1"))).answers[0].outputs[0].data == "red done"

    def test_megabytes_of_output_are_cut_and_counted(self):
        noise = [shown(image_png=png((400, 300), noise=True))] * 30
        cells = [code("f()", printed("x" * 10**7), *noise, answer=True), check("q1")]
        found = extract(notebook(*cells))
        blob = pack(found)
        assert len(blob) <= MAX_BYTES and unpack(blob).left_out >= 22
        assert len(found.answers[0].outputs[0].data) <= 2000

    def test_code_survives_when_pictures_are_too_much(self):
        big = Output("image/png", base64.b64encode(np.random.default_rng(0).bytes(150_000)).decode())
        kept = unpack(pack(Content((Answer("q1", ("mine",), (big, big)),))))
        assert kept.answers[0].code == ("mine",) and len(kept.answers[0].outputs) == 1 and kept.left_out == 1

    def test_code_that_cannot_be_compressed_is_cut_at_the_very_last(self):
        noise = "".join(map(chr, np.random.default_rng(0).integers(0x4E00, 0x9FFF, 19_000)))
        blob = pack(Content(tuple(Answer(f"q{n}", (noise[n:],)) for n in range(30))))
        assert len(blob) <= MAX_BYTES and unpack(blob).answers[29].code[0]


class TestPictures:
    def test_a_small_picture_is_kept_as_it_is(self):
        assert picture(png(), "image/png") == base64.b64decode(png())

    def test_a_large_one_is_made_smaller(self):
        found = Image.open(io.BytesIO(picture(png((1500, 900), noise=True), "image/png")))
        assert found.format == "PNG" and found.width == 750

    def test_a_jpeg_is_written_anew_without_what_it_carried(self):
        found = picture(png(format="JPEG", comment=b"<script>"), "image/jpeg")
        assert Image.open(io.BytesIO(found)).format == "JPEG" and b"script" not in found

    def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(self):
        raw = base64.b64decode(png())
        bomb = raw[:16] + (60_000).to_bytes(4, "big") * 2 + raw[24:]
        assert picture(base64.b64encode(bomb).decode(), "image/png") is None

    def test_a_decompression_bomb_in_its_texts_is_refused(self):
        texts = PngImagePlugin.PngInfo()
        texts.add_text("bomb", "x" * (80 << 20), zip=True)
        assert picture(png(pnginfo=texts), "image/png") is None

    @pytest.mark.parametrize("cut", [0, 8, 20, 50, -5])
    def test_a_damaged_one_is_refused(self, cut):
        raw = base64.b64decode(png())[:cut]
        assert picture(base64.b64encode(raw).decode(), "image/png") is None


class TestKeeper:
    def test_it_gives_what_extract_gives_in_a_process_of_its_own(self):
        pictures = [shown(image_png=png((1500, 20), noise=True)), shown(image_jpeg=png(format="JPEG"))]
        data = notebook(code("import numpy"), code("f()", shown(image_png=png()), *pictures), check("q1"))
        assert len(extract(data).answers[0].outputs) == 3
        with Keeper(RELEASED) as keeper:
            assert unpack(keeper.content(Submission(data))) == extract(data, released=RELEASED)
            assert unpack(keeper.content(Submission(b"print(1)", script=True))).answer("").code == (
                "print(1)",
            )

    def test_a_dead_process_costs_one_submission_and_no_more(self):
        data = notebook(code("f()"), check("q1"))
        with Keeper() as keeper:
            keeper.content(Submission(data))
            keeper._process.kill()
            keeper._process.wait()
            assert keeper.content(Submission(data)) is None
            assert unpack(keeper.content(Submission(data))) == extract(data)

    def test_what_is_too_large_to_read_is_not_taken_for_empty(self):
        with Keeper() as keeper:
            assert keeper.content(Submission(b"x" * (25 << 20))) is None

    def test_what_could_not_be_had_is_asked_for_again(self, monkeypatch, tmp_path):
        grader = Grader(monkeypatch, tmp_path)
        grader.verdicts["one"] = dict.fromkeys("abcd", record().verdict)
        sha256 = Submission(b"a").sha256
        for most, kept in ((0, None), (keeper._MAX_NOTEBOOK, Content())):
            monkeypatch.setattr(keeper, "_MAX_NOTEBOOK", most)
            grader.run("one")
            ledger = Ledger(tmp_path / "out/ledger.sqlite")
            assert unpack(ledger.content(sha256)) == kept
            ledger.close()

    @pytest.mark.parametrize("data", [b"", b"[" * 10**6, b'{"cells": 1}', b"\xff\xfe\x00"])
    def test_what_is_no_notebook_has_no_content(self, data):
        with Keeper() as keeper:
            assert unpack(keeper.content(Submission(data))) == Content()

    @pytest.mark.parametrize(
        "blob", [None, b"", b"x", pack(Content())[:-8], b"x\x9c\x03\x00\x00\x00\x00\x01"]
    )
    def test_damaged_content_is_none(self, blob):
        assert unpack(blob) is None


def record(*failed, written=(), status="graded", notes=(), messages=None):
    """A submission of which the named cases failed."""
    told = messages or {}
    results = tuple(
        score_question(
            question,
            {case.name: (case.name not in failed, told.get(case.name, "")) for case in question.cases},
        )
        for question in MANIFEST
    )
    verdict = Verdict(status, sum(r.score for r in results), 7.0, results, notes=notes)
    return Record(Entry("ada.ipynb", "", "", verdict), 7.0, written=written)


def text_of(one, content=None, **options):
    return " ".join(Page(feedback_page(one, "hw", content=content, **options)).text.split())


class TestPage:
    def test_it_holds_score_questions_cases_and_points(self):
        text = text_of(record("secret"))
        assert "5 of 7 points" in text and "✓ passed public 1 / 1" in text
        assert "✗ not passed secret (hidden) 0 / 2" in text

    def test_own_code_figures_and_written_answers_are_shown(self):
        answer = Answer("q1", ("def mine(): ...",), (Output("image/png", png()), Output("text", "loss 3")))
        content = Content((answer,), ("my words",), 2)
        page = feedback_page(record(), "hw", content=content)
        assert f'<img src="data:image/png;base64,{png()}"' in page
        text = Page(page).text
        assert all(
            part in text for part in ("def mine(): ...", "loss 3", "my words", "2 outputs are not shown")
        )

    def test_a_hidden_case_shows_its_failure_message_and_nothing_when_it_passes(self):
        told = {"secret": "Mind the edges."}
        assert "Mind the edges." in text_of(record("secret", messages=told))
        assert "Mind the edges." not in text_of(record(messages=told))

    def test_written_marks_join_the_score(self):
        marks = (Mark("argument", 2.0, 3.0, "Nearly."), Mark("example", 1.0, 1.0))
        one = record(written=(WrittenQuestion("q3", marks),))
        text = text_of(Record(one.entry, 11.0, written=one.written))
        assert "10 of 11 points" in text and "argument 2 / 3 Nearly." in text

    def test_marks_that_are_missing_are_said_and_never_zero(self):
        marks = (Mark("argument", None, 3.0),)
        text = text_of(record(written=(WrittenQuestion("q3", marks),)))
        assert "7 of 7 points" in text and "not all marked yet" in text and "argument – / 3" in text

    def test_an_error_is_not_graded_and_no_zero(self):
        one = Record(Entry("a", "", "", Verdict.failed("The file is empty.")), 7.0)
        text = text_of(one)
        assert "Not graded" in text and "The file is empty." in text and "of 7 points" not in text

    def test_a_partial_verdict_says_so(self):
        assert "in part" in text_of(record(status="partial"))

    def test_what_is_for_the_instructor_is_not_on_it(self):
        ours = "For the instructor: in 'secret' an object could claim to equal everything."
        one = record("secret", notes=(ours, "Code cell 2: NameError"))
        assert "NameError" in text_of(one) and "instructor" not in text_of(one)
        assert "instructor" not in results_json(one.entry)["output"]
        assert text_of(record("secret", notes=(ours,))) == text_of(record("secret"))

    def test_points_that_are_not_the_cases_are_explained(self):
        question = QuestionManifest("q", True, (CaseManifest("a", False, 1.0), CaseManifest("b", False, 1.0)))
        result = score_question(question, {"a": (True, "")})
        one = Record(Entry("x", "", "", Verdict("graded", 0.0, 2.0, (result,))), 2.0)
        assert "only if all its tests pass" in text_of(one)

    def test_a_comment_for_the_group_is_on_the_page_of_its_members_only(self):
        one = record("public", messages={"public": "got 3"})
        comments = {group_keys(one.entry)["q1"]: "Think of the factor one half."}
        assert "Comment: Think of the factor one half." in text_of(one, comments=comments)
        assert "one half" not in text_of(record("public", messages={"public": "got 4"}), comments=comments)

    def test_code_that_was_not_kept_is_said(self):
        assert "not kept" in text_of(record())

    @pytest.mark.parametrize(
        ("instead", "said"), [(("new.ipynb",), "In its place: new.ipynb."), ((), "not decided which one")]
    )
    def test_a_submission_that_does_not_count_says_why(self, instead, said):
        text = text_of(replace(record(), counts=False, instead=instead))
        assert "This submission does not count." in text and said in text and "later" not in text


class TestFromTheLedgerAlone:
    def test_a_report_is_made_again_with_code_and_comments_after_the_submissions_are_gone(
        self, tmp_path, capsys
    ):
        data = notebook(code("def mine(): ...", answer=True), check("q1"))
        verdict = record("public", messages={"public": "got 3"}).verdict
        ledger = Ledger(tmp_path / "ledger.sqlite")
        ledger.start_run({"assignment": "hw", "sealed": True}, MANIFEST)
        for name in ("ada.ipynb", "emmy.ipynb"):
            ledger.record(name, "sha", "key", verdict)
        ledger.keep("sha", pack(extract(data)))
        assert ledger.content("another") is None
        ledger.close()
        key = group_keys(Entry("", "", "", verdict))["q1"]
        (tmp_path / "comments.toml").write_text(f'{key} = "Mind the half."\n')
        assert main(["report", str(tmp_path)]) == 0
        page = (tmp_path / "feedback" / "ada.ipynb.html").read_text()
        assert "def mine(): ..." in page and "Mind the half." in page
        assert f"{key}: commented" in (tmp_path / "report.html").read_text()

    def test_broken_comments_are_one_line_for_people(self, tmp_path, capsys):
        ledger = Ledger(tmp_path / "ledger.sqlite")
        ledger.start_run({"assignment": "hw", "sealed": True}, MANIFEST)
        ledger.close()
        (tmp_path / "comments.toml").write_text("q1 = 3")
        assert main(["report", str(tmp_path)]) == 1 and "comments.toml" in capsys.readouterr().err


class TestNextSteps:
    def test_the_question_with_most_to_gain_comes_first(self):
        text = text_of(record("public", "other", messages={"public": "why", "other": "because"}))
        assert text.index("q2 (4 to gain)") < text.index("q1 (1 to gain)")

    def test_a_question_that_was_not_started_is_called_so(self):
        message = "Wrong.\nNotImplementedError: Question 2\n    in the test: f()"
        assert "Not started yet" in text_of(record("other", messages={"other": message}))

    def test_a_public_failure_is_told_by_its_first_line(self):
        message = "The sign is wrong.\nAssertionError: x"
        assert "Begin with other: The sign is wrong. You can run it" in text_of(
            record("other", messages={"other": message})
        )

    def test_a_hidden_failure_is_told_by_its_message(self):
        assert "passes the public tests, but not secret: Mind the edges." in text_of(
            record("secret", messages={"secret": "Mind the edges."})
        )

    def test_a_missing_check_is_noticed(self):
        text = text_of(record("other"), Content((Answer("q1", ("x",)),)))
        assert "No check of this question is in your notebook" in text

    @pytest.mark.parametrize(
        "content", [None, Content(), Content(tuple(Answer(f"p{n}", ("x",)) for n in range(100)))]
    )
    def test_what_was_not_kept_is_not_taken_for_deleted(self, content):
        text = text_of(record("other"), content)
        assert "No check of this question" not in text and "Begin with other" in text
        assert ("not kept" in text) == (content != Content())

    def test_a_failed_test_without_points_is_something_to_mend(self):
        question = QuestionManifest(
            "q", False, (CaseManifest("a", False, 1.0), CaseManifest("b", False, 0.0))
        )
        result = score_question(question, {"a": (True, "")})
        text = text_of(Record(Entry("x", "", "", Verdict("graded", 1.0, 1.0, (result,))), 1.0))
        assert "q: Begin with b." in text and "nothing to mend" not in text and "to gain" not in text

    def test_errors_in_cells_come_before_all(self):
        text = text_of(record("other", notes=("Code cell 3: NameError: x",)))
        assert text.index("Restart the kernel") < text.index("q2 (4 to gain)")

    def test_full_marks_leave_nothing_to_do(self):
        assert "All tests pass: nothing to mend." in text_of(record())
