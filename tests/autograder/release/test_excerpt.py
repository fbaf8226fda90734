"""What an excerpt keeps of the cells before an answer: all that the answer may see, and not much more."""

from __future__ import annotations

import json

import pytest

from autograder.release.excerpt import excerpt
from autograder.release.master import parse
from tests.autograder.release.building import NAME, cell, good_master, inserted

NEEDED = {
    # cells before the answer, and what the answer calls
    "a module's settings": (
        ["import torch", "torch.set_default_dtype(torch.float64)"],
        "torch.ones(2).dtype",
    ),
    "settings that a helper sees": (
        ["import torch\ndef ones():\n    return torch.ones(2)", "torch.set_default_dtype(torch.float64)"],
        "ones().dtype",
    ),
    "an item": (["data = [1.0, 2.0]", "data[0] = 5.0"], "data"),
    "an item, in a loop": (["data = {}", "for k in range(3):\n    data[k] = k"], "data"),
    "an attribute": (["class Box: pass", "box = Box()", "box.size = 3"], "box.size"),
    "a method": (["data = [2, 1]", "data.sort()"], "data"),
    "an argument": (["data = [2, 1]", "import heapq\nheap = []\nheapq.heapify(data)"], "data"),
    "all names of a module": (["from math import *"], "sqrt(2.0)"),
    "a line with imports": (["import os; import json; data = 1"], "data"),
    "an import after a blank line": (["\nimport json\nimport os\ndata = 1"], "json, data"),
}


def kept(before: list[str], answer: str) -> list[str]:
    """Sources of the excerpt's cells before the answer."""
    (question,) = parse(json.dumps(good_master()).encode(), NAME).graded
    cells = [cell("code", f"before-{number}", source) for number, source in enumerate(before)]
    solution = inserted("q1-text", *cells)
    made = json.loads(excerpt(solution, question, answer))["cells"]
    sources = [cell["source"] for cell in made]
    return sources[: sources.index(answer)]


@pytest.mark.parametrize("what", NEEDED)
def test_an_answer_sees_what_it_sees_in_the_whole_notebook(what: str) -> None:
    before, answer = NEEDED[what]
    whole: dict[str, object] = {}
    exec("\n".join(before), whole)
    part: dict[str, object] = {}
    exec("\n".join(kept(before, answer)), part)
    assert eval(answer, part) == eval(answer, whole)


def test_pictures_prints_seeds_and_lone_imports_are_left_out() -> None:
    before = [
        "import os\nimport json\ndata = 1",
        "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot(data)\nax.set(xlabel='x')\nplt.show()",
        "print(data)",
        "import torch\ntorch.manual_seed(0)",
        "other = []\nother.append(2)",
    ]
    assert kept(before, "json, data") == ["pass\nimport json\ndata = 1"]
