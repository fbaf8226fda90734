"""Submissions that are broken, odd or traps: scored as far as can be, else told apart in words."""

from __future__ import annotations

import base64
import io
import json
import os
import stat
import struct
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.batch import submissions
from autograder.batch.submissions import Submission
from autograder.errors import BadSubmission
from tests.autograder.hostile.world import (
    ANSWERS,
    IMPORT_OTTER,
    POINTS,
    Grader,
    answers,
    document,
    notebook,
    scores,
)


def changed(change: Callable[[dict], object]) -> bytes:
    """The honest notebook after `change`."""
    made = document(answers())
    change(made)
    return json.dumps(made).encode()


def each_cell(change: Callable[[dict], object]) -> bytes:
    return changed(lambda made: [change(cell) for cell in made["cells"]])


def _version_3() -> bytes:
    cells = [
        {"cell_type": "code", "language": "python", "input": source, "outputs": []} for source in answers()
    ]
    return json.dumps({"nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": cells}]}).encode()


def _without_checks() -> bytes:
    return notebook([IMPORT_OTTER, *ANSWERS.values()])


def _splitted() -> bytes:
    cells = [
        part for source in ANSWERS.values() for part in (source.replace("import numpy as np\n", ""), "1")
    ]
    return notebook(["import numpy as np", IMPORT_OTTER, *cells])


def _with_metadata_checks() -> bytes:
    made = document([IMPORT_OTTER, *ANSWERS.values()])
    for name, cell in zip(ANSWERS, made["cells"][1:], strict=True):
        cell["metadata"] = {"otter": {"tests": [name]}}
    return json.dumps(made).encode()


WHOLE = {
    "a byte-order mark": b"\xef\xbb\xbf" + notebook(answers()),
    "UTF-16": notebook(answers()).decode().encode("utf-16"),
    "version 3": _version_3(),
    **{
        f"version 4.{minor}": changed(lambda made, m=minor: made.update(nbformat_minor=m))
        for minor in range(6)
    },
    "a version of the future": changed(lambda made: made.update(nbformat=5, nbformat_minor=9, novelty={})),
    "no version": changed(lambda made: (made.pop("nbformat"), made.pop("nbformat_minor"))),
    "no metadata": changed(lambda made: made.pop("metadata")),
    "metadata of a wrong kind": changed(lambda made: made.update(metadata=[1, 2])),
    "somebody's kernel": changed(
        lambda made: made["metadata"].update(kernelspec={"name": "conda-env-my-py", "language": "R"})
    ),
    "doubled ids": each_cell(lambda cell: cell.update(id="same")),
    "no ids, outputs or counts": each_cell(
        lambda cell: [cell.pop(key) for key in ("id", "outputs", "execution_count")]
    ),
    "no cell metadata": each_cell(lambda cell: cell.pop("metadata")),
    "metadata of cells of wrong kinds": each_cell(
        lambda cell: cell.update(metadata={"otter": [1], "tags": 3})
    ),
    "sources as lists": each_cell(lambda cell: cell.update(source=cell["source"].splitlines(keepends=True))),
    "stored outputs of a rogue kind": each_cell(
        lambda cell: cell.update(outputs=[{"output_type": "\ud800", "data": {"x": 1}}] * 9)
    ),
    "cells of unknown types": changed(
        lambda made: made["cells"].extend([5, None, {}, {"cell_type": "vr"}, {"cell_type": ["code"]}])
    ),
    "code cells without a source": changed(
        lambda made: made["cells"].extend([{"cell_type": "code"}, {"cell_type": "code", "source": 7}])
    ),
    "deleted check cells": _without_checks(),
    "split cells": _splitted(),
    "checks in metadata alone": _with_metadata_checks(),
    "doubled question cells": notebook([source for source in answers() for _ in range(2)]),
    "reversed questions": notebook([IMPORT_OTTER, *reversed(ANSWERS.values())]),
    "NaN and Infinity in metadata": changed(
        lambda made: made["metadata"].update(x=float("nan"), y=float("inf"))
    ),
    "a null byte and a lone surrogate in a cell": changed(
        lambda made: made["cells"].extend(
            [{"cell_type": "code", "source": "\0"}, {"cell_type": "code", "source": "x = '\ud800'"}]
        )
    ),
    "text that is not UTF-8": notebook([*answers(), "# XX"]).replace(b"XX", b"\xff\xfe\xe9"),
    "a cell of immense nesting": notebook([*answers(), "(" * 5000]),
    "a cell of thousands of signs": notebook([*answers(), "x = " + "-" * 10_000 + "1"]),
    "right-to-left names": notebook([*answers(), "שלום = 1\nraise ValueError('\u202eevil\u2066')"]),
    "the assignment's own name": notebook(answers(), otter={"assignment_name": "hostile"}),
}

REFUSED = {
    "an empty file": (b"", "empty"),
    "only blanks": (b" \n\t", "empty"),
    "not JSON": (b"import numpy as np\n", "not valid JSON"),
    "truncated": (notebook(answers())[:-20], "not valid JSON"),
    "binary": (bytes(range(256)) * 10, "not valid JSON"),
    "deep arrays": (b"[" * 200_000, "not valid JSON"),
    "deep objects": (b'{"a":' * 200_000, "not valid JSON"),
    "a number of many digits": (b'{"cells": ' + b"9" * 10_000 + b"}", "JSON"),
    "a list": (b"[]", "not a Jupyter notebook"),
    "a string": (b'"notebook"', "not a Jupyter notebook"),
    "no cells": (b"{}", "no cells"),
    "cells of a wrong kind": (b'{"cells": {}}', "no cells"),
    "no code cell": (
        changed(lambda made: made.update(cells=[{"cell_type": "markdown", "source": "x"}])),
        "no code cell",
    ),
    "worksheets of a wrong kind": (b'{"nbformat": 3, "worksheets": [{"cells": 5}, 7]}', "no code cell"),
    "another assignment": (
        notebook(answers(), otter={"assignment_name": "hw99<script>"}),
        "belongs to the assignment",
    ),
}


@pytest.mark.root
@pytest.mark.parametrize("name", WHOLE)
def test_what_can_be_scored_is_scored(name: str, grader: Grader):
    verdict = grader.grade(Submission(WHOLE[name]))
    assert (verdict.status, scores(verdict)) == ("graded", POINTS), verdict


@pytest.mark.root
@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_scored_is_refused_in_words(name: str, grader: Grader):
    data, reason = REFUSED[name]
    workers = len(grader.started)
    verdict = grader.grade(Submission(data))
    assert verdict.status == "error"
    assert reason in verdict.message
    assert "grader failed" not in verdict.message
    assert len(verdict.message) < 500
    assert len(grader.started) == workers


@pytest.mark.root
def test_a_question_that_was_deleted_costs_only_itself(grader: Grader):
    cells = [source for source in answers() if "total" not in source and "q2" not in source]
    verdict = grader.run(cells)
    assert scores(verdict) == POINTS | {"q2": 0.0}


def archive(entries: dict[str, bytes], *, mode: int = 0o644, **options: int) -> bytes:
    """A zip with entries as they are named, however badly."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", **options) as file:
        for name, content in entries.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            info.compress_type = options.get("compression", zipfile.ZIP_STORED)
            file.writestr(info, content)
    return memory.getvalue()


def read(tmp_path: Path, data: bytes, name: str = "x.zip") -> Submission:
    path = tmp_path / name
    path.write_bytes(data)
    return submissions.read(path)


_NOTEBOOK = notebook(answers())
_BAD_ZIPS = {
    "an entry above the folder": (archive({"../x.ipynb": _NOTEBOOK}), "leaves its folder"),
    "an absolute entry": (archive({"/etc/x.ipynb": _NOTEBOOK}), "leaves its folder"),
    "an entry above, with backslashes": (archive({"a\\..\\..\\x.ipynb": _NOTEBOOK}), "leaves its folder"),
    "a drive": (archive({"C:/x.ipynb": _NOTEBOOK}), "leaves its folder"),
    "a link": (archive({"x.ipynb": b"/etc/passwd"}, mode=stat.S_IFLNK | 0o777), "holds a link"),
    "two notebooks": (archive({"x.ipynb": _NOTEBOOK, "y.ipynb": _NOTEBOOK}), "2 notebooks"),
    "no notebook": (archive({"readme.txt": b"x"}), "no notebook"),
    "a folder only": (archive({"x.ipynb/": b""}), "no notebook"),
    "too many entries": (archive({f"f{n}": b"" for n in range(2500)}), "more than 2000 entries"),
    "too deep a path": (archive({"a/" * 40 + "x.ipynb": _NOTEBOOK}), "too long a path"),
    "too long a name": (archive({"x.ipynb": _NOTEBOOK, "n" * 3000: b""}), "too long a path"),
    "a bomb": (
        archive(
            {"x.ipynb": _NOTEBOOK, "big": bytes(300 << 20)}, compression=zipfile.ZIP_DEFLATED, compresslevel=1
        ),
        "unpacks to more",
    ),
    "a huge notebook": (
        archive({"x.ipynb": b" " * (70 << 20)}, compression=zipfile.ZIP_DEFLATED, compresslevel=1),
        "the limit is",
    ),
    "nothing but a signature": (b"PK\x03\x04", "damaged"),
    "a truncated archive": (archive({"x.ipynb": _NOTEBOOK})[:-30], "damaged"),
    "damaged data": (archive({"x.ipynb": _NOTEBOOK}).replace(b"square", b"squire"), "damaged"),
    "a password": (
        archive({"x.ipynb": _NOTEBOOK}).replace(
            b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00"
        ),
        "encrypted|damaged",
    ),
}


@pytest.mark.parametrize("name", _BAD_ZIPS)
def test_a_bad_zip_is_refused_in_words(name: str, tmp_path: Path):
    data, reason = _BAD_ZIPS[name]
    with pytest.raises(BadSubmission, match=reason):
        read(tmp_path, data)
    assert os.listdir(tmp_path) == ["x.zip"]


def test_a_zip_with_a_huge_directory_is_refused_at_once(tmp_path: Path):
    count = 200_000
    entry = struct.Struct("<4s4B4HL2L5H2L")
    fields = [b"PK\1\2", 20, 3, 20, 0, 0, 0, 0, 0x21, 0, 0, 0, 2, 0, 0, 0, 0, 0o100644 << 16, 0]
    directory = b"".join(entry.pack(*fields) + b"%02x" % (number & 255) for number in range(count))
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count & 0xFFFF, count & 0xFFFF, len(directory), 0, 0)
    started = time.process_time()
    with pytest.raises(BadSubmission):
        read(tmp_path, directory + end)
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("link", "it is a link"),
        ("pipe", "not a regular file"),
        ("folder", "not a regular file|cannot be opened"),
        ("missing", "cannot be opened"),
        ("huge", "the limit is"),
    ],
)
def test_what_is_no_plain_file_is_refused_without_waiting(kind: str, reason: str, tmp_path: Path):
    path = tmp_path / "x.ipynb"
    match kind:
        case "link":
            (tmp_path / "real").write_bytes(_NOTEBOOK)
            path.symlink_to("real")
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case "huge":
            with path.open("wb") as file:
                file.truncate(65 << 20)
    with pytest.raises(BadSubmission, match=reason):
        submissions.read(path)


@pytest.mark.root
@pytest.mark.parametrize(
    ("main", "others"),
    [
        ("x.ipynb", {}),
        (
            "deep/er/x.ipynb",
            {"deep/er/helper.py": b"VALUE = 3", "__MACOSX/x.ipynb": b"x", "deep/._x.ipynb": b"x"},
        ),
        ("x.ipynb", {".ipynb_checkpoints/x.ipynb": b"x", "data/file.csv": b"1,2"}),
        ("x.ipynb", {".": b"1", "a": b"2", "a/b": b"3"}),
        (
            "x.ipynb",
            {"tests/q1.py": b"x", "otter_config.json": b"{}", "results.json": b"{}", ".OTTER_LOG": b"x"},
        ),
        ("שלום \u202e.ipynb", {"naïve.txt": b"x", "n" * 190: b"y"}),
    ],
)
def test_a_usable_zip_is_graded(main: str, others: dict[str, bytes], tmp_path: Path, grader: Grader):
    verdict = grader.grade(read(tmp_path, archive({main: _NOTEBOOK, **others})))
    assert (verdict.status, scores(verdict)) == ("graded", POINTS), verdict


@pytest.mark.root
def test_files_that_shadow_a_library_cost_only_who_sent_them(tmp_path: Path, grader: Grader):
    files = dict.fromkeys(("numpy.py", "json.py", "otter.py", "sitecustomize.py"), b"raise SystemExit")
    verdict = grader.grade(read(tmp_path, archive({"x.ipynb": _NOTEBOOK, **files})))
    assert verdict.status in ("graded", "partial")
    honest = grader.run(answers())
    assert (honest.status, scores(honest)) == ("graded", POINTS)


@pytest.mark.root
def test_a_script_is_graded(tmp_path: Path, grader: Grader):
    verdict = grader.grade(read(tmp_path, "\n\n".join(answers()).encode(), "x.py"))
    assert (verdict.status, scores(verdict)) == ("graded", POINTS)


@pytest.mark.root
def test_a_huge_stored_output_is_no_matter(grader: Grader):
    picture = base64.b64encode(os.urandom(10 << 20)).decode()
    data = changed(
        lambda made: made["cells"][0].update(
            outputs=[{"output_type": "display_data", "data": {"image/png": picture}}]
        )
    )
    verdict = grader.grade(Submission(data))
    assert (verdict.status, scores(verdict)) == ("graded", POINTS)
