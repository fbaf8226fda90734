"""Reading a submission's notebook, whatever is missing or odd in it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.errors import BadSubmission
from autograder.sandbox.notebook import Cell, parse


def code(source, **fields):
    return {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], **fields}


def notebook(*cells, **fields):
    return json.dumps({"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5} | fields)


def sources(data):
    data = data.encode() if isinstance(data, str) else data
    return [cell.source for cell in parse(data).cells]


class TestVersions:
    @pytest.mark.parametrize("minor", [0, 1, 2, 3, 4, 5, 9, "five", None])
    def test_every_minor_version_of_format_4_is_read(self, minor):
        assert sources(notebook(code("x = 1"), nbformat_minor=minor)) == ["x = 1"]

    def test_format_3_with_its_worksheets_is_read(self):
        sheets = [{"cells": [{"cell_type": "code", "input": ["a = 1\n", "b = 2"], "language": "python"}]}]
        sheets += [{"cells": [{"cell_type": "code", "input": "c = 3"}]}, {"metadata": {}}, None]
        document = {"nbformat": 3, "nbformat_minor": 0, "worksheets": sheets, "metadata": {"name": ""}}
        assert sources(json.dumps(document)) == ["a = 1\nb = 2", "c = 3"]

    def test_a_notebook_that_names_no_version_is_read(self):
        assert sources(json.dumps({"cells": [code("x")]})) == ["x"]


class TestTolerance:
    @pytest.mark.parametrize("metadata", [None, [], 5, "text", {"kernelspec": {"name": "conda-env-ml-py"}}])
    def test_any_metadata_and_kernel_will_do(self, metadata):
        assert sources(notebook(code("x"), metadata=metadata)) == ["x"]

    def test_cells_without_id_metadata_or_outputs_and_with_doubled_ids_are_read(self):
        bare = {"cell_type": "code", "source": "a"}
        assert sources(notebook(bare, code("b", id="same"), code("c", id="same"))) == ["a", "b", "c"]

    @pytest.mark.parametrize("source", [None, 5, {"a": 1}, [1, None, []]])
    def test_a_cell_whose_source_is_no_text_is_empty(self, source):
        assert sources(notebook(code(source))) == [""]

    def test_source_lines_are_joined_as_they_are(self):
        assert sources(notebook(code(["%%time\n", "x = 1\n", 5, "y"]))) == ["%%time\nx = 1\ny"]

    @pytest.mark.parametrize("cell", [None, 1, "x", [], {}, {"cell_type": "code"}, {"cell_type": ["code"]}])
    def test_cells_that_are_no_cells_do_no_harm(self, cell):
        assert sources(notebook(cell, code("x")))[-1] == "x"

    def test_markdown_and_raw_cells_are_no_code(self):
        cells = [
            {"cell_type": kind, "source": "import os"} for kind in ("markdown", "raw", "heading", "CODE")
        ]
        assert sources(notebook(*cells, code("x"))) == ["x"]

    def test_cells_that_otter_ignores_are_left_out(self):
        ignored = [
            code("a", metadata={"otter": {"ignore": True}}),
            code("b", metadata={"tags": ["otter_ignore"]}),
        ]
        assert sources(notebook(*ignored, code("c", metadata={"tags": "otter_ignore"}))) == ["c"]

    def test_order_is_kept_with_cells_doubled_split_or_moved(self):
        cells = [code("b"), code("a"), code("b"), code('grader.check("q2")'), code('grader.check("q1")')]
        assert sources(notebook(*cells)) == [cell["source"] for cell in cells]

    def test_stored_outputs_are_not_looked_at(self):
        outputs = [{"output_type": "execute_result", "data": {"text/html": "<script>"}}, None, 7]
        assert parse(notebook(code("x", outputs=outputs)).encode()).cells == (Cell("x"),)


class TestEncodings:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_a_byte_order_mark_does_no_harm(self, encoding):
        text = json.dumps(json.loads(notebook(code("é = 'שלום'"))), ensure_ascii=False)
        assert sources(text.encode(encoding)) == ["é = 'שלום'"]

    def test_invalid_utf8_is_replaced(self):
        assert sources(notebook(code("name = '?'")).encode().replace(b"?", b"\xff\xfe")) == [
            "name = '\ufffd\ufffd'"
        ]

    def test_lone_surrogates_and_nul_stay_in_their_cell(self):
        assert sources(notebook(code("a = '\ud800'"), code("b\0"))) == ["a = '\ud800'", "b\0"]


class TestRefusals:
    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"", "empty"),
            (b" \n\t ", "empty"),
            (b"\xef\xbb\xbf", "empty"),
            (b"print(1)", "not valid JSON"),
            (notebook(code("x")).encode()[:-20], "not valid JSON"),
            (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not valid JSON"),
            (b"<html><body>Sign in</body></html>", "not valid JSON"),
            (b"[" * 200_000, "not valid JSON"),
            (b'{"a":' * 200_000, "not valid JSON"),
            (b"9" * 10_000, "not valid JSON"),
            (b"[]", "not a Jupyter notebook"),
            (b"5", "not a Jupyter notebook"),
            (b"null", "not a Jupyter notebook"),
            (b'"text"', "not a Jupyter notebook"),
            (b'{"cells": [], "cells": [{"cell_type": "code", "source": "x"}]}', "twice"),
            (b'{"cells": [{"cell_type": "code", "source": "x", "source": "y"}]}', "twice"),
            (b"{}", "no cells"),
            (b'{"cells": null}', "no cells"),
            (b'{"cells": {"a": 1}}', "no cells"),
            (b'{"worksheets": 5}', "no cells"),
            (notebook().encode(), "no code cell"),
            (notebook({"cell_type": "markdown", "source": "x"}).encode(), "no code cell"),
        ],
        ids=lambda value: str(value)[:30],
    )
    def test_what_cannot_be_graded_is_refused_with_reason_and_fix(self, data, reason):
        with pytest.raises(BadSubmission, match=reason) as caught:
            parse(data)
        assert caught.value.fix and "\n" not in str(caught.value)

    @settings(max_examples=60, deadline=None, database=None)
    @given(
        st.recursive(
            st.none() | st.integers() | st.text(max_size=5),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from("cells cell_type source metadata otter tests tags worksheets".split()),
                    inner,
                )
            ),
            max_leaves=12,
        )
    )
    def test_any_json_is_a_notebook_or_refused(self, document):
        try:
            found = parse(json.dumps(document).encode())
        except BadSubmission:
            return
        assert all(isinstance(cell.source, str) for cell in found.cells)


class TestMetadata:
    def test_the_assignments_name_is_read(self):
        metadata = {"otter": {"assignment_name": "hw01"}}
        assert parse(notebook(code("x"), metadata=metadata).encode()).assignment == "hw01"

    @pytest.mark.parametrize("otter", [None, [], "hw01", {}, {"assignment_name": ["hw01"]}])
    def test_a_name_that_is_none_is_none(self, otter):
        assert parse(notebook(code("x"), metadata={"otter": otter}).encode()).assignment is None

    def test_checks_in_a_cells_metadata_are_read_and_odd_ones_left_out(self):
        tests = [["q1", 5, None, "q2"], "q1", {"q1": 1}, None]
        cells = [code("x", metadata={"otter": {"tests": names}}) for names in tests]
        found = parse(notebook(*cells).encode()).cells
        assert [cell.checks for cell in found] == [("q1", "q2"), (), (), ()]


class TestScripts:
    def test_a_script_is_one_cell(self):
        assert parse("x = 'é'".encode(), script=True).cells == (Cell("x = 'é'"),)
