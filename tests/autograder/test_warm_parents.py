"""What a worker does once so that each submission, and each test case, is cheap."""

from __future__ import annotations

import ctypes
import mmap
import subprocess
import sys
import time

import pytest

from autograder.batch.quick import QuickGrader
from autograder.sandbox.heavy import heavy_imports, with_companions
from tests.autograder.hostile.world import as_bundle, notebook

_HEAD = 'OK_FORMAT = False\nname = "q1"\npoints = None\nfrom otter.test_files import test_case\n\n'
_LOADED = """
@test_case(points=1, hidden=True)
def test_q1_was_loaded_before(early):
    assert early
"""
PASSES_TENSORS = f"""{_HEAD}@test_case(points=1, hidden=False)
def test_q1_doubles(double):
    import torch
    assert torch.equal(double(torch.ones(2)), 2 * torch.ones(2))
{_LOADED}"""
USES_TENSORS = f"""{_HEAD}@test_case(points=1, hidden=False)
def test_q1_doubles(double):
    import torch
    assert double(1.0) == float(2 * torch.ones(()))
{_LOADED}"""
SEEDS = f"""{_HEAD}@test_case(points=1, hidden=False)
def test_q1_doubles(double):
    import torch
    torch.manual_seed(0)
    assert double(1.0) == 2.0
{_LOADED}"""
ANSWER = 'import sys\nearly = "torch" in sys.modules\ndef double(x):\n    return 2 * x'


@pytest.mark.parametrize("code", [b"import numpy", b"torch", b"x = 'important'"])
def test_light_code_wants_nothing(code):
    assert heavy_imports(code) == frozenset()


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        (b"from scipy import stats", {"scipy"}),
        (b"import torch", {"scipy", "torch"}),
        (b"import torch\\ntorch.optim.SGD", {"scipy", "torch", "torch.func"}),
        (b"import pandas as pd", {"pandas"}),
    ],
)
def test_code_wants_what_it_imports(code, wanted):
    assert with_companions(heavy_imports(code)) == wanted


def test_a_library_whose_values_the_tests_pass_is_loaded_before_the_next_submission():
    """Else each test case of each submission that does not import torch would import it."""
    with QuickGrader(jobs=1) as grader:

        def score(source: str) -> float:
            return grader(as_bundle("a", {"tests/q1.py": source}).data, {"a": notebook([ANSWER])})["a"].score

        for source in (PASSES_TENSORS, SEEDS):
            assert [score(source), score(source)] == [1, 2]
        assert [score(USES_TENSORS), score(USES_TENSORS)] == [1, 1]  # of another bundle nothing is known


def test_no_text_holds_the_search_for_libraries_up():
    for text in (b"torch import ", b"torch.backward(  ", b"from  torch import x", b"import \t "):
        started = time.process_time()
        heavy_imports(b"import torch " + text * 100_000)
        assert time.process_time() - started < 3, text


def _can_gather() -> bool:
    """Whether this kernel puts memory into huge pages when it is asked to."""
    libc = ctypes.CDLL(None, use_errno=True)
    if not sys.platform.startswith("linux"):
        return False
    memory = mmap.mmap(-1, 8 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    memory[:] = b"x" * len(memory)
    start = -(-ctypes.addressof(ctypes.c_char.from_buffer(memory)) // (2 << 20)) * (2 << 20)
    return libc.madvise(ctypes.c_void_p(start), ctypes.c_size_t(2 << 20), 25) == 0


@pytest.mark.skipif(not _can_gather(), reason="this kernel does not gather memory in huge pages when asked")
def test_memory_is_gathered_in_huge_pages():
    source = (
        "import re\nfrom pathlib import Path\nfrom autograder.sandbox import walls\n"
        "kept = [bytearray(b'x') * (16 << 20) for _ in range(4)]\n"
        "huge = lambda: int(re.search(r'AnonHugePages: *(\\d+)', Path('/proc/self/smaps_rollup').read_text())[1])\n"
        "walls.gather_memory()\nprint(huge())\nassert all(x[::4096] == b'x' * 4096 for x in kept)"
    )
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
    assert int(done.stdout) >= 48 << 10  # kB; the ends of each block may stay as they are
