"""Submissions are found by name and opened as what they are: untrusted files."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import stat
import struct
import time
import zipfile
from pathlib import Path

import pytest

from autograder.batch import submissions
from autograder.batch.submissions import Submission, find, read
from autograder.errors import BadInput, BadSubmission
from tests.autograder.needs import traced

NOTEBOOK = b'{"cells": []}'


def put(path: Path, content: bytes = NOTEBOOK) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def zipped(entries, *, method=zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of ``(name or ZipInfo, content)`` pairs, doubled names included."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return data.getvalue()


def names(*paths):
    return [entry.name for entry in find(paths)]


def refusal(path) -> BadSubmission:
    with pytest.raises(BadSubmission) as caught:
        read(path)
    assert caught.value.fix and "\n" not in str(caught.value)
    return caught.value


class TestFind:
    def test_a_folder_is_searched_for_notebooks_and_zips_at_any_depth(self, tmp_path):
        for name in ("b.ipynb", "a/hw.ipynb", "a/b/hw.zip", "UP.IPYNB", "notes.txt", "helper.py"):
            put(tmp_path / name)
        assert names(tmp_path) == ["UP.IPYNB", "a/b/hw.zip", "a/hw.ipynb", "b.ipynb"]

    def test_equal_names_in_two_folders_do_not_collide(self, tmp_path):
        put(tmp_path / "ada/hw.ipynb"), put(tmp_path / "emmy/hw.ipynb")
        assert names(tmp_path) == ["ada/hw.ipynb", "emmy/hw.ipynb"]
        assert len(names(tmp_path / "ada", tmp_path / "emmy")) == 2
        assert len(names(tmp_path / "ada/hw.ipynb", tmp_path / "emmy")) == 2

    def test_what_is_given_twice_is_found_once(self, tmp_path):
        path = put(tmp_path / "hw.ipynb")
        assert names(tmp_path, path, tmp_path) == ["hw.ipynb"]

    def test_names_that_cannot_be_told_apart_are_refused(self, tmp_path):
        paths = [put(tmp_path / folder / "x/hw.ipynb").parent for folder in "abc"]
        with pytest.raises(BadInput, match=r"Two submissions would be called .*one folder"):
            find(paths)

    def test_a_script_counts_when_it_is_named_itself(self, tmp_path):
        assert names(put(tmp_path / "hw.py")) == ["hw.py"]

    @pytest.mark.parametrize(
        "name", [".ipynb_checkpoints/hw.ipynb", "__MACOSX/hw.ipynb", "._hw.ipynb", ".x.zip"]
    )
    def test_what_editors_and_systems_leave_is_no_submission(self, tmp_path, name):
        put(tmp_path / name), put(tmp_path / "hw.ipynb")
        assert names(tmp_path) == ["hw.ipynb"]

    @pytest.mark.parametrize(
        "name", ["José Álvarez.ipynb", "李 明.ipynb", "שלום.ipynb", "a\nb.ipynb", "-rf.ipynb"]
    )
    def test_names_in_any_script_are_kept(self, tmp_path, name):
        put(tmp_path / name)
        assert names(tmp_path) == [name]

    def test_a_name_that_is_not_unicode_can_be_printed_and_opened(self, tmp_path):
        raw = os.path.join(os.fsencode(tmp_path), b"caf\xe9.ipynb")
        with open(raw, "wb") as file:
            file.write(NOTEBOOK)
        (entry,) = find([tmp_path])
        assert entry.name == "caf\\xe9.ipynb" and entry.name.encode()
        assert read(entry.path).notebook == NOTEBOOK

    def test_a_link_to_a_folder_is_not_entered_and_is_told(self, tmp_path):
        put(tmp_path / "in/hw.ipynb")
        (tmp_path / "in/loop").symlink_to(tmp_path / "in")
        (tmp_path / "in/.cache").symlink_to(tmp_path / "in")
        notebook, link = find([tmp_path / "in"])
        assert (notebook.name, notebook.problem, link.name) == ("hw.ipynb", "", "loop")
        assert "it is a link" in link.problem

    def test_a_folder_that_cannot_be_read_is_told(self, tmp_path, monkeypatch):
        put(tmp_path / "in/hw.ipynb"), put(tmp_path / "in/ada/hw.ipynb")
        scan = os.scandir

        def refuse(folder):
            if Path(folder) == refused:
                raise PermissionError(errno.EACCES, "Permission denied", folder)
            return scan(folder)

        monkeypatch.setattr(os, "scandir", refuse)
        refused = tmp_path / "in/ada"
        ada, notebook = find([tmp_path / "in"])
        assert (ada.name, notebook.name) == ("ada", "hw.ipynb")
        assert "permission denied. Make it readable" in ada.problem
        refused = tmp_path / "in"
        with pytest.raises(BadInput, match=r"in cannot be opened: permission denied\. Make it readable"):
            find([tmp_path / "in"])

    def test_a_link_is_found_so_that_it_gets_its_verdict(self, tmp_path):
        (tmp_path / "hw.ipynb").symlink_to("/etc/passwd")
        assert names(tmp_path) == ["hw.ipynb"]

    def test_bad_paths_are_refused_with_a_fix(self, tmp_path):
        put(tmp_path / "full/notes.txt")
        for path, reason in (
            (tmp_path / "nowhere", "does not exist"),
            (tmp_path / "full", "no notebook and no zip"),
            (tmp_path / "full/notes.txt", "is no submission"),
        ):
            with pytest.raises(BadInput, match=reason) as caught:
                find([path])
            assert caught.value.fix


class TestRead:
    def test_a_notebook_and_a_script_are_their_bytes(self, tmp_path):
        assert read(put(tmp_path / "hw.ipynb")) == Submission(NOTEBOOK)
        assert read(put(tmp_path / "hw.py", b"x = 1")) == Submission(b"x = 1", script=True)

    def test_a_zip_that_calls_itself_a_notebook_is_opened(self, tmp_path):
        assert read(put(tmp_path / "hw.ipynb", zipped([("a.ipynb", NOTEBOOK)]))).notebook == NOTEBOOK

    def test_links_are_not_followed(self, tmp_path):
        put(tmp_path / "real.ipynb")
        for number, target in enumerate((tmp_path / "real.ipynb", tmp_path / "nothing", "/etc/shadow")):
            link = tmp_path / f"{number}.ipynb"
            link.symlink_to(target)
            assert "it is a link" in str(refusal(link))

    def test_a_pipe_does_not_block(self, tmp_path):
        os.mkfifo(tmp_path / "hw.ipynb")
        started = time.monotonic()
        assert "not a regular file" in str(refusal(tmp_path / "hw.ipynb"))
        assert time.monotonic() - started < 2

    def test_a_folder_and_a_device_are_no_files(self, tmp_path):
        (tmp_path / "hw.ipynb").mkdir()
        assert "regular file" in str(refusal(tmp_path / "hw.ipynb"))
        assert "regular file" in str(refusal(Path("/dev/zero")))

    def test_a_missing_file_is_refused_with_the_reason(self, tmp_path):
        assert "no such file" in str(refusal(tmp_path / "gone.ipynb"))

    def test_an_unreadable_file_is_refused_with_the_reason(self, tmp_path):
        put(tmp_path / "hw.ipynb").chmod(0)
        user = os.geteuid()
        try:
            if user == 0:  # who may read everything
                os.seteuid(65534)
            said = str(refusal(tmp_path / "hw.ipynb"))
        finally:
            os.seteuid(user)
        assert "permission denied" in said

    def test_a_huge_file_is_refused_unread(self, tmp_path):
        with open(tmp_path / "hw.ipynb", "wb") as file:
            file.truncate(100 << 20)
        with traced() as peak:
            assert "the limit is 64 MB" in str(refusal(tmp_path / "hw.ipynb"))
            assert peak() < 1 << 20

    def test_the_hash_tells_contents_kinds_and_helpers_apart(self):
        kinds = [
            Submission(b"a"),
            Submission(b"b"),
            Submission(b"a", script=True),
            Submission(b"a", files={"x": b"1"}),
            Submission(b"a", files={"x": b"2"}),
            Submission(b"a", files={"y": b"1"}),
            Submission(b"a", files={"x": b"", "1": b""}),
            Submission(b"a", files={"\ud800": b""}),
        ]
        assert len({kind.sha256 for kind in kinds}) == len(kinds)
        assert (
            Submission(b"a", files={"x": b"1", "y": b"2"}).sha256
            == Submission(b"a", files={"y": b"2", "x": b"1"}).sha256
        )


@pytest.fixture
def zip_of(tmp_path):
    def write(*entries, **options) -> Path:
        return put(tmp_path / "hw.zip", zipped(entries, **options))

    return write


class TestZips:
    def test_otters_export_is_read(self, zip_of):
        path = zip_of(
            ("hw01.ipynb", NOTEBOOK), ("hw01.pdf", b"%PDF"), (".OTTER_LOG", b"log"), ("data/a.csv", b"1")
        )
        found = read(path)
        assert found.notebook == NOTEBOOK and found.files["data/a.csv"] == b"1"

    def test_the_notebook_may_lie_in_a_folder_and_its_helpers_beside_it(self, zip_of):
        found = read(
            zip_of(("ada/hw.ipynb", NOTEBOOK), ("ada/own.py", b"x"), ("ada/d/b.csv", b"1"), ("other", b""))
        )
        assert found.files == {"own.py": b"x", "d/b.csv": b"1"} and not found.script

    def test_one_script_is_a_submission(self, zip_of):
        assert read(zip_of(("hw.py", b"x = 1"), ("a.csv", b""))) == Submission(b"x = 1", True, {"a.csv": b""})

    def test_what_macs_and_editors_add_is_ignored(self, zip_of):
        extra = ["__MACOSX/._hw.ipynb", "._hw.ipynb", ".ipynb_checkpoints/hw.ipynb", "a/._x.ipynb"]
        found = read(zip_of(("hw.ipynb", NOTEBOOK), *[(name, b"no") for name in extra]))
        assert found == Submission(NOTEBOOK)

    def test_nothing_lands_on_tests(self, zip_of):
        assert read(zip_of(("hw.ipynb", NOTEBOOK), ("tests/q1.py", b"test = 1"))).files == {}

    @pytest.mark.parametrize(
        ("entries", "reason"),
        [
            ([("a.ipynb", NOTEBOOK), ("b/b.ipynb", NOTEBOOK)], "2 notebooks"),
            ([("a.pdf", b""), ("b.txt", b"")], "no notebook"),
            ([("a.py", b""), ("b.py", b"")], "no notebook"),
            ([], "no notebook"),
            ([("folder.ipynb/", b"")], "no notebook"),
            ([("hw.ipynb", NOTEBOOK), ("../evil.py", b"")], "leaves its folder"),
            ([("hw.ipynb", NOTEBOOK), ("a/../../evil.py", b"")], "leaves its folder"),
            ([("hw.ipynb", NOTEBOOK), ("/etc/cron.d/evil", b"")], "leaves its folder"),
            ([("hw.ipynb", NOTEBOOK), ("..\\evil.py", b"")], "leaves its folder"),
            ([("hw.ipynb", NOTEBOOK), ("C:\\evil.py", b"")], "leaves its folder"),
            ([("/hw.ipynb", NOTEBOOK)], "leaves its folder"),
            ([("hw.ipynb", NOTEBOOK), ("d/" * 20 + "x", b"")], "too long a path"),
            ([("hw.ipynb", NOTEBOOK), ("x" * 500, b"")], "too long a path"),
        ],
        ids=lambda value: str(value)[-40:],
    )
    def test_what_is_no_submission_is_refused_with_the_reason(self, zip_of, entries, reason):
        assert reason in str(refusal(zip_of(*entries)))

    def test_links_are_refused(self, zip_of):
        link = zipfile.ZipInfo("data.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        assert "holds a link" in str(refusal(zip_of(("hw.ipynb", NOTEBOOK), (link, "/etc/passwd"))))

    def test_a_notebook_that_is_a_link_is_refused(self, zip_of):
        link = zipfile.ZipInfo("hw.ipynb")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        assert "holds a link" in str(refusal(zip_of((link, "/etc/passwd"))))

    def test_an_encrypted_zip_is_refused(self, tmp_path):
        data = bytearray(zipped([("hw.ipynb", NOTEBOOK)]))
        for mark, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
            data[data.index(mark) + offset] |= 1
        assert "encrypted" in str(refusal(put(tmp_path / "hw.zip", bytes(data))))

    @pytest.mark.filterwarnings("ignore:Duplicate name")
    def test_a_doubled_entry_is_one_file(self, zip_of):
        assert read(zip_of(("hw.ipynb", b"first"), ("hw.ipynb", b"second"))).notebook == b"second"

    def test_a_bomb_is_refused_before_it_fills_memory(self, tmp_path, monkeypatch):
        monkeypatch.setattr(submissions, "_MAX_UNPACKED", 2 << 20)
        path = put(tmp_path / "hw.zip", zipped([("hw.ipynb", NOTEBOOK), ("zeros", bytes(40 << 20))]))
        with traced() as peak:
            assert "unpacks to more than 2 MB" in str(refusal(path))
            assert peak() < 12 << 20

    def test_a_bomb_that_lies_about_its_size_is_refused_or_cut(self, tmp_path, monkeypatch):
        monkeypatch.setattr(submissions, "_MAX_UNPACKED", 2 << 20)
        data = bytearray(zipped([("hw.ipynb", NOTEBOOK + b" " * (40 << 20))]))
        entry = data.rindex(b"PK\1\2")
        data[entry + 24 : entry + 28] = struct.pack("<I", 100)
        with traced() as peak:
            with contextlib.suppress(BadSubmission):
                assert len(read(put(tmp_path / "hw.zip", bytes(data))).notebook) <= 100
            assert peak() < 12 << 20

    def test_too_large_a_notebook_is_refused(self, zip_of, monkeypatch):
        monkeypatch.setattr(submissions, "_MAX_FILE", 1000)
        assert "limit is" in str(refusal(zip_of(("hw.ipynb", bytes(1001)))))

    def test_too_many_entries_are_refused_unread(self, zip_of):
        path = zip_of(*[(f"{number}.txt", b"") for number in range(2001)], method=zipfile.ZIP_STORED)
        assert "more than 2000 entries" in str(refusal(path))

    @pytest.mark.parametrize(
        "data", [b"", b"PK\3\4", b"PK\5\6", b"no zip", b"PK\5\6" + b"\0" * 18, b"PK\3\4" * 99]
    )
    def test_what_is_no_zip_is_refused(self, tmp_path, data):
        assert "zip" in str(refusal(put(tmp_path / "hw.zip", data)))

    def test_no_damage_to_a_zip_does_anything_but_refuse_it(self, tmp_path):
        whole = zipped([("hw.ipynb", NOTEBOOK * 5), ("a/b.csv", b"1,2\n" * 50)])
        for position in range(len(whole)):
            for data in (
                whole[:position],
                whole[:position] + bytes([whole[position] ^ 0xFF]) + whole[position + 1 :],
            ):
                try:
                    found = submissions._unzip(data)
                except BadSubmission:
                    continue
                assert all(".." not in Path(name).parts and not name.startswith("/") for name in found.files)
