"""Builds a class of submissions whose true scores are known.

Answers are drawn from an assignment's solution, its attempts and its untouched release. The truth comes from
a plain run of each notebook with otter's own test classes in this interpreter: no sandbox, no wire.

``python -m tests.autograder.sample_class NAME N OUT`` writes N submissions and ``OUT/truth.json``.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import io
import json
import os
import sys
import tempfile
import types
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
import numpy as np

from autograder.release.attempts import read_attempts
from autograder.sandbox.bundle_tests import TestBundle, load

KINDS = ("right", "mixed", "blank", "wrong", "mostly right", "half done")
NAMES = ("Ada Lovelace", "Emmy Noether", "Sofja Kowalewskaja", "José Álvarez", "李 明", "Srinivasa R.")


def answer_cells(notebook: Any) -> dict[str, int]:
    """Question -> index of its answer cell: the code cell before the check."""
    found = {}
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "code" and cell.source.startswith('grader.check("'):
            found[cell.source.split('"')[1]] = index - 1
    return found


class Material:
    """What a class is made of: the release, the solution, the attempts and the tests of one assignment."""

    def __init__(self, name: str, *, root: Path = Path()) -> None:
        self.name = name
        self.release = nbformat.read(root / "student_release" / name / f"{name}.ipynb", as_version=4)
        solution = nbformat.read(root / "dist" / name / "solution.ipynb", as_version=4)
        self.bundle_path = root / "dist" / name / "autograder.zip"
        self.bundle = load(self.bundle_path.read_bytes())
        for module in self.bundle.imports:  # once here, not in every fork
            with contextlib.suppress(ImportError):  # a helper of the bundle's own
                importlib.import_module(module)
        cells = answer_cells(solution)
        self.right = {question: [solution.cells[index].source] for question, index in cells.items()}
        self.wrong: dict[str, list[str]] = {question: [] for question in cells}
        for attempt in read_attempts(root / "assignments" / name):
            getattr(self, attempt.kind)[attempt.question].append(attempt.source)

    def submission(self, kind: str, rng: np.random.Generator) -> bytes:
        """A notebook with answers of one kind."""
        notebook = nbformat.from_dict(self.release)
        for number, (question, index) in enumerate(answer_cells(notebook).items()):
            pool = self._pool(kind, question, number, rng)
            if pool:
                notebook.cells[index].source = pool[rng.integers(len(pool))]
        return nbformat.writes(notebook).encode()

    def _pool(self, kind: str, question: str, number: int, rng: np.random.Generator) -> list[str]:
        draw = rng.random()
        match kind:
            case "right":
                return self.right[question]
            case "wrong":
                return self.wrong[question]
            case "mixed":
                return self.right[question] if draw < 0.5 else self.wrong[question] if draw < 0.8 else []
            case "mostly right":
                return self.right[question] if draw < 0.85 else self.wrong[question]
            case "half done":
                return self.right[question] if number < len(self.right) / 2 else []
        return []


def true_scores(bundle: TestBundle, notebook: bytes) -> dict[str, float]:
    """Score of each question in a plain run, in a forked child of this process."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(read_end)
            with tempfile.TemporaryDirectory() as folder, os.fdopen(write_end, "w") as pipe:
                scores = _run_plainly(bundle, notebook, Path(folder))
                json.dump(scores, pipe)
            status = 0
        finally:
            os._exit(status)
    os.close(write_end)
    with os.fdopen(read_end) as pipe:
        text = pipe.read()
    if os.waitpid(child, 0)[1] != 0:
        raise RuntimeError("the plain run of a sample submission failed")
    return json.loads(text)


def _run_plainly(bundle: TestBundle, notebook: bytes, folder: Path) -> dict[str, float]:
    """Execute the cells and run otter's tests at each check, then the tests that were never reached."""
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    for name, content in bundle.files.items():
        Path(name).write_bytes(content)
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    namespace: dict[str, Any] = {"__name__": "__main__"}
    scores: dict[str, float] = {}

    class Notebook:
        def __init__(self, *args: Any) -> None:
            pass

        def check(self, question: str) -> None:
            test = bundle.tests[question]
            test.run(namespace)
            scores[question] = test.score

        def __getattr__(self, name: str) -> Any:
            return lambda *args, **kwargs: None

    otter = types.ModuleType("otter")
    vars(otter)["Notebook"] = Notebook
    sys.modules["otter"] = otter
    sys.stdout = sys.stderr = io.StringIO()
    for cell in json.loads(notebook)["cells"]:
        if cell["cell_type"] == "code":
            try:
                exec(compile("".join(cell["source"]), "<cell>", "exec"), namespace)
            except Exception as error:
                sys.stderr.write(repr(error))
            plt.close("all")
    for question in bundle.tests:
        if question not in scores:
            Notebook().check(question)
    return scores


def package(notebook: bytes, name: str, number: int) -> tuple[str, bytes]:
    """File name and content of a submission, in one of the ways in which students hand in."""
    student = f"{NAMES[number % len(NAMES)]} {number:04d}"
    match number % 4:
        case 0:
            return f"{student}/{name}.ipynb", notebook
        case 1:
            return f"{student.replace(' ', '_')} (1) final.ipynb", notebook
        case 2:  # as otter's export cell writes it
            file = f"{name}_2026_11_22T10_00_{number:02d}_000000.zip"
            return f"{student}/{file}", _zip({f"{name}.ipynb": notebook, "__zip_filename__": file.encode()})
    content = {f"{name}/{name}.ipynb": notebook, f"{name}/notes.txt": b"my notes"}
    return f"{student}.zip", _zip(content)


def _zip(content: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def build(name: str, count: int, out: Path, *, seed: int = 0, root: Path = Path()) -> dict[str, Any]:
    """Write `count` submissions to `out`.

    Returns
    -------
    dict
        Submission -> ``{"kind", "score", "questions": {question: score}}``, also written to ``truth.json``.
    """
    material = Material(name, root=root)
    rng = np.random.default_rng(seed)
    truth: dict[str, Any] = {}
    known: dict[bytes, dict[str, float]] = {}
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        notebook = material.submission(kind, rng)
        if notebook not in known:
            known[notebook] = true_scores(material.bundle, notebook)
        questions = known[notebook]
        path, data = package(notebook, name, number)
        target = out / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        truth[path] = {"kind": kind, "score": sum(questions.values()), "questions": questions}
    (out / "truth.json").write_text(json.dumps(truth, indent=1, ensure_ascii=False) + "\n")
    return truth


def main() -> None:
    parser = argparse.ArgumentParser(description="Build a class of submissions with known scores.")
    parser.add_argument("name")
    parser.add_argument("count", type=int)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    truth = build(options.name, options.count, options.out)
    print(f"{len(truth)} submissions of {options.name} in {options.out}")


if __name__ == "__main__":
    main()
