"""The evidence of the hostile tests can fail: what is left or leaked is seen, and no trusted code unpickles."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from autograder.batch.engine import CODE
from autograder.verdict import Verdict
from tests.autograder.hostile.attack import FOUND_NOTHING, LOOK, TRY
from tests.autograder.hostile.world import POINTS, SECRET, SECRET_INPUT, Grader, answers, leaks, scores

_FORBIDDEN = re.compile(
    r"\b(pickle|cloudpickle|dill|marshal|shelve|joblib)\b|\btorch\.load\b|(?<![\w.])(eval|exec)\(|allow_pickle=True"
)
# The instructor's own test files run; nothing else does. The guard of trusted_code.py names what it looks out for.
_ALLOWED = {"bundle_tests.py": 1, "trusted_code.py": 2}


@pytest.mark.root
@pytest.mark.parametrize("place", ["tmp/left", "dev/shm/left"])
@pytest.mark.parametrize("owner", [0, 100_001])
def test_a_file_in_a_worker_is_seen(place: str, owner: int, grader: Grader):
    assert scores(grader.run(answers())) == POINTS
    assert grader.left() == []
    [worker] = grader.idle()
    path = grader._root(worker) / place
    path.touch()
    os.chown(path, owner, owner)
    try:
        assert [Path(name).name for name in grader.left()] == ["left"]
    finally:
        path.unlink()


@pytest.mark.root
def test_a_process_of_a_worker_is_seen(grader: Grader):
    uid = grader.uids[0].start + 7
    with subprocess.Popen(["/bin/sleep", "20"], user=uid, cwd="/") as process:
        try:
            assert [f"process {process.pid} " in name for name in grader.left()] == [True]
        finally:
            process.kill()
    assert grader.left() == []


def test_what_attacks_look_and_try_with_finds_and_counts():
    names: dict = {}
    exec(LOOK, names)
    names["look"]("elsewhere", "nothing")
    with pytest.raises(RuntimeError) as told:
        names["report"]()
    assert re.search(FOUND_NOTHING, str(told.value))
    names["look"]("here", f"x {SECRET}")
    names["look"]("there", repr([SECRET_INPUT]).encode())
    with pytest.raises(RuntimeError) as told:
        names["report"]()
    assert "looked at 3 places" in str(told.value) and not re.search(FOUND_NOTHING, str(told.value))
    assert [place for place, _ in names["_found"]] == ["here", "there"]
    exec(TRY, names)
    names["attempt"]("a mistake", int, "x")
    names["attempt"]("a success", int, "1")
    with pytest.raises(RuntimeError, match=r"tried 2 ways, worked: \['a success'\]"):
        names["report"]()


def test_a_secret_in_a_verdict_is_seen():
    assert leaks(Verdict("graded", 0, 0, notes=(f"x {SECRET}",)))
    assert leaks(Verdict("graded", 0, 0, message=f"[{SECRET_INPUT}]"))
    assert leaks(Verdict("graded", 0, 0)) == []


def test_no_trusted_module_unpickles_or_evaluates():
    parts = ("sandbox", "batch", "gradebook", "platform")
    paths = [path for part in parts for path in (CODE / "autograder" / part).glob("*.py")]
    assert len(paths) > 50
    for path in [*paths, CODE / "autograder" / "verdict.py"]:
        code = re.sub(r'"""(?s:.*?)"""|#.*', "", path.read_text())
        found = [hit[0] for hit in _FORBIDDEN.finditer(code)]
        assert len(found) == _ALLOWED.get(path.name, 0), (path.name, found)
