"""What otter makes of a master, in fixed form; and what it says when it refuses."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from autograder.errors import BadInput
from autograder.release.compile import Build, OtterRefused, compile_twice, differences, pack, requirements
from autograder.release.master import Master, parse
from autograder.release.notebook import normalise
from tests.autograder.release.building import NAME, good_master, replaced, write_assignment


def compile_pair(folder: Path, lock: Path) -> tuple[Build, Build]:
    data = (folder / f"{NAME}.ipynb").read_bytes()
    return compile_twice(parse(data, NAME), data, folder, lock=lock)


def test_two_builds_with_different_hash_seeds_have_equal_bytes(tmp_path: Path, lock: Path) -> None:
    first, second = compile_pair(write_assignment(tmp_path, good_master()), lock)
    assert differences(first, second) == []
    assert (first.student, first.solution, first.bundle) == (second.student, second.solution, second.bundle)


def test_cells_that_otter_added_have_stable_names(good: tuple[Master, Build]) -> None:
    cells = json.loads(good[1].student[f"{NAME}.ipynb"])["cells"]
    ids = [cell["id"] for cell in cells]
    assert "q1-check" in ids and "q1-answer" in ids and len(set(ids)) == len(ids)
    assert all(
        cell["outputs"] == [] and cell["execution_count"] is None for cell in cells if "outputs" in cell
    )


def test_tests_keep_their_authors_comments(good: tuple[Master, Build]) -> None:
    assert b"# one step from (1, 2) by hand" in good[1].student["tests/q1.py"]


def test_the_bundle_pins_exactly_the_locked_packages(good: tuple[Master, Build]) -> None:
    assert good[1].bundle_files["requirements.lock"] == b"numpy==2.4.0\notter-grader==7.0.0\n"


def test_otters_ways_onto_a_platform_are_replaced_by_ours(good: tuple[Master, Build]) -> None:
    files = good[1].bundle_files
    assert not {"environment.yml", "requirements.txt", "run_otter.py"} & set(files)
    assert b"conda" not in files["setup.sh"] and b"autograder.platform" in files["run_autograder"]
    assert {"tests/q1.py", "otter_config.json", "files/plotted.py", "autograder/sandbox/serve.py"} <= set(
        files
    )


def test_the_zip_says_nothing_about_when_and_where_it_was_made(good: tuple[Master, Build]) -> None:
    with zipfile.ZipFile(io.BytesIO(good[1].bundle)) as archive:
        infos = archive.infolist()
    assert [info.filename for info in infos] == sorted(info.filename for info in infos)
    assert {info.date_time for info in infos} == {(1980, 1, 1, 0, 0, 0)}
    modes = {info.filename: info.external_attr >> 16 & 0o777 for info in infos}
    assert modes["run_autograder"] == modes["setup.sh"] == 0o755 and modes["tests/q1.py"] == 0o644


def test_a_missing_file_is_named(tmp_path: Path, lock: Path) -> None:
    folder = write_assignment(tmp_path, replaced("config", "[plotted.py]", "[plotted.py, data.csv]"))
    with pytest.raises(OtterRefused) as refused:
        compile_pair(folder, lock)
    assert "data.csv" in refused.value.problem.reason and "config" in refused.value.problem.place


def test_a_file_outside_the_assignments_is_refused(tmp_path: Path, lock: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    folder = write_assignment(
        tmp_path / "assignments", replaced("config", "[plotted.py]", "[../../secret.txt]")
    )
    with pytest.raises(OtterRefused, match="leads outside"):
        compile_pair(folder, lock)


def with_data(root: Path, files: str) -> Path:
    folder = write_assignment(root, replaced("config", "[plotted.py]", files))
    for name in ("x.csv", ".DS_Store", ".ipynb_checkpoints/x.csv", "__pycache__/x.pyc", "img/y.csv"):
        (folder / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "data" / name).write_text("1\n")
    return folder


def test_hidden_files_in_a_folder_do_not_go_out(tmp_path: Path, lock: Path) -> None:
    build, _ = compile_pair(with_data(tmp_path, "[data, plotted.py]"), lock)
    assert {name for name in build.student if "data" in name} == {"data/x.csv", "data/img/y.csv"}
    assert {name for name in build.bundle_files if "data" in name} == {
        "files/data/x.csv",
        "files/data/img/y.csv",
    }


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ("[data/]", r"otter cannot copy the folder 'data/': name 'data'"),
        ("[data/img]", r"otter cannot copy the folder 'data/img': name 'data', or each file"),
        ("[data/.DS_Store]", "hidden"),
        ("[.]", "leads outside"),
    ],
)
def test_files_that_otter_cannot_copy_are_named(tmp_path: Path, lock: Path, files: str, words: str) -> None:
    with pytest.raises(OtterRefused, match=words) as refused:
        compile_pair(with_data(tmp_path, files), lock)
    assert refused.value.problem.rule == "files" and "config" in refused.value.problem.place


def test_a_release_says_of_the_kernel_only_its_name(good: tuple[Master, Build]) -> None:
    notebook = json.loads(good[1].student[f"{NAME}.ipynb"])
    details = {"name": "python", "version": "3.12.1", "mimetype": "text/x-python"}
    saved = {**notebook, "metadata": {**notebook["metadata"], "language_info": details}}
    ids = {cell["id"] for cell in notebook["cells"]}
    assert normalise(saved, known_ids=ids) == notebook


def test_what_otter_refuses_is_told_with_the_cell(tmp_path: Path, lock: Path) -> None:
    notebook = replaced("q1-end", "# END QUESTION", "# END TESTS")
    with pytest.raises(OtterRefused) as refused:
        compile_pair(write_assignment(tmp_path, notebook), lock)
    problem = refused.value.problem
    assert problem.rule == "otter-assign" and "q1-end" in problem.place and problem.question == "q1"
    assert "Traceback" not in problem.reason


@pytest.mark.parametrize(
    ("text", "words"), [("numpy\n", "numpy is not pinned"), ("# none\n", "nothing is not pinned")]
)
def test_a_lock_file_must_pin(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "lock").write_text(text)
    with pytest.raises(BadInput, match=words):
        requirements(tmp_path / "lock")


def test_a_missing_lock_file_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"lock: No such file or directory\."):
        requirements(tmp_path / "lock")


def test_packing_sorts_names() -> None:
    assert pack({"b": b"1", "a": b"#!/bin/sh"}) == pack({"a": b"#!/bin/sh", "b": b"1"})
