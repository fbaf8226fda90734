"""What the rules on test cells take for a marker, a tolerance, a seed or a bound name, and what they do not."""

from __future__ import annotations

import json

import pytest

from autograder.release import rules_tests
from autograder.release.master import parse
from tests.autograder.release.building import NAME, replaced

SEEDED = "    rng = np.random.default_rng(7)"


def problems_with(lines: str) -> list[tuple[str, str]]:
    """Rules and reasons of what is found in a hidden case that begins with these lines."""
    notebook = replaced(
        "q1-test-random", SEEDED, "\n".join([*(f"    {line}" for line in lines.split("\n")), SEEDED])
    )
    master = parse(json.dumps(notebook).encode(), NAME)
    return [(problem.rule, problem.reason) for problem in rules_tests.rules.check_all(master)]


GOOD = {
    "a comment on a hidden layer": "# hidden layer has 9 units",
    "math's own tolerances": "import math\nassert math.isclose(step(0, 1, 1), -1, rel_tol=1e-12, abs_tol=0)",
    "torch's tolerances": "import torch\ntorch.testing.assert_close(step(0, 1, 1), -1, rtol=1e-12, atol=0)",
    "captured names": (
        "match step(0, 1, 1):\n    case {'loss': loss, **rest}:\n        assert loss > len(rest)\n"
        "    case [first, *others] as both:\n        assert first not in others, both"
    ),
    "a torch generator": "import torch\ng = torch.Generator().manual_seed(1)\nz = torch.randn(3, generator=g)",
    "a seed for torch": "import torch\ntorch.manual_seed(1)\nz = torch.randn(3)",
    "a seeded random.Random": "import random\nz = random.Random(1).random()",
    "a generator that is called random": "random = np.random.default_rng(3)\nz = random.normal(size=3)",
}


@pytest.mark.parametrize("what", GOOD)
def test_a_good_test_case_has_no_problems(what: str) -> None:
    assert problems_with(GOOD[what]) == []


BAD = {
    # rule, what the message says, lines
    "a marker": ("hidden-flag", "# HIDDEN", "# HIDDEN"),
    "a marker in words": ("hidden-flag", "## Hiden test:", "## Hiden test:"),
    "one of math's tolerances": (
        "tolerances", "isclose does not name abs_tol", "import math\nassert math.isclose(step(0, 1, 1), -1, rel_tol=1e-12)"
    ),
    "none of math's tolerances": (
        "tolerances", "abs_tol and rel_tol", "import math\nassert math.isclose(step(0, 1, 1), -1)"
    ),
    "torch's default tolerances": (
        "tolerances", "assert_close does not name atol", "import torch\ntorch.testing.assert_close(step(0, 1, 1), -1, rtol=1e-12)"
    ),
    "decimals": ("tolerances", "no rtol", "np.testing.assert_almost_equal(step(0, 1, 1), -1)"),
    "decimals of arrays": ("tolerances", "no rtol", "np.testing.assert_array_almost_equal(step(0, 1, 1), -1, decimal=3)"),
    "torch without a seed": ("seeded", "torch.randint has no generator=", "import torch\nz = torch.randint(3, (4,))"),
    "the module random": ("seeded", "random.shuffle", "import random\nrandom.shuffle([1, 2])"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_a_bad_test_case_is_named(what: str) -> None:
    rule, words, lines = BAD[what]
    ((found, reason),) = problems_with(lines)
    assert found == rule and words in reason
