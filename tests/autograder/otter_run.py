"""Scores by plain `otter run`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

# One process for all submissions of an assignment, with the function that the command calls.
_SCRIPT = """
import json, sys
from otter.run import main
out, bundle, *submissions = sys.argv[1:]
scores = {path: {t.name: t.score for t in main(path, autograder=bundle, output_dir=None, no_logo=True).results.values()}
          for path in submissions}
json.dump(scores, open(out, "w"))
"""


def otter_scores(bundle: Path, paths: Mapping[str, Path]) -> dict[str, dict[str, float]]:
    """Score of each question of each submission; `bundle` lies in a folder that may be written."""
    out = bundle.with_suffix(".json")
    subprocess.run(
        [sys.executable, "-c", _SCRIPT, out, bundle, *paths.values()],
        check=True,
        capture_output=True,
        cwd=bundle.parent,
        env=os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
    )
    scores = json.loads(out.read_text())
    return {name: scores[str(path)] for name, path in paths.items()}
