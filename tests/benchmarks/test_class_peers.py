"""A class graded by four graders, side by side, one run each: ours in containers, `otter run`, `otter grade`, nbgrader.

All grade the same submissions of the same assignment. CPU is what the whole machine spent, so that containers
count, and memory is the most by which the machine's free memory fell; nothing else should run. nbgrader and
the image for `otter grade` need what the README beside this file says, and are left out where it is missing.
"""

from __future__ import annotations

import ast
import csv
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
import numpy as np
import pytest

from autograder.batch import image
from autograder.batch.bundle import Bundle
from autograder.batch.engine import container_engine
from autograder.batch.run import grade
from autograder.sandbox.limits import Limits
from tests.autograder.building import ROOT, compile_assignment
from tests.autograder.sample_class import KINDS, Material, answer_cells, true_scores

NAME = "hw01_gradient_descent"
OURS = int(os.environ.get("CLASS_OF_OURS", "48"))
PEERS = int(os.environ.get("CLASS_OF_PEERS", "6"))  # the first so many of the same class
JOBS = 2
AT_LEAST = 5.0  # times otter's container grading; the cells and tests alone would be some 20 times

pytestmark = [pytest.mark.benchmark, pytest.mark.container]


@dataclass(frozen=True)
class Cost:
    """What a grader took for each submission, without its start."""

    seconds: float
    cpu: float
    memory: float  # bytes, of all that runs at once
    scores: Mapping[str, float]


class Meter:
    """Seconds, CPU seconds and memory of the whole machine from `start` on."""

    def start(self) -> None:
        self._free, self._low, self._ended = _available(), _available(), threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._cpu, self._started = _busy(), time.perf_counter()
        self._thread.start()

    def _watch(self) -> None:
        while not self._ended.wait(0.1):
            self._low = min(self._low, _available())

    def stop(self, count: int, scores: Mapping[str, float]) -> Cost:
        seconds, cpu = time.perf_counter() - self._started, _busy() - self._cpu
        self._ended.set()
        self._thread.join()
        return Cost(seconds / count, cpu / count, self._free - self._low, scores)


def _busy() -> float:
    """CPU seconds that the machine has spent on processes."""
    fields = [int(word) for word in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]]
    user, nice, system, _, _, irq, soft = fields[:7]
    return (user + nice + system + irq + soft) / os.sysconf("SC_CLK_TCK")


def _available() -> int:
    lines = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
    return int(lines["MemAvailable"].split()[0]) * 1024


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The compiled assignment and ``class/*.ipynb``."""
    root = tmp_path_factory.mktemp("course")
    compile_assignment(NAME, root)
    material, rng = Material(NAME, root=root), np.random.default_rng(7)
    (root / "class").mkdir()
    (root / "few").mkdir()
    for number in range(OURS):
        data = material.submission(KINDS[number % len(KINDS)], rng)
        (root / "class" / f"student{number:03}.ipynb").write_bytes(data)
        if number < PEERS:
            (root / "few" / f"student{number:03}.ipynb").write_bytes(data)
    return root


def bundle_of(course: Path) -> Path:
    return course / "dist" / NAME / "autograder.zip"


def ours(course: Path, work: Path) -> Cost:
    """The whole command, with its pages' data and its ledger, but without the start of the workers."""
    program = image.find_engine()
    assert program, "the benchmark needs podman or docker"
    limits, meter = Limits(), Meter()
    engine = container_engine(program, image.build(engine=program), limits)
    counted = 0

    def show(progress: object) -> None:  # its first call comes when the workers are warm
        nonlocal counted
        if not counted:
            meter.start()
        counted = progress.done  # type: ignore[attr-defined]

    bundle = Bundle.load(bundle_of(course))
    ledger = grade(
        bundle, [course / "class"], work / "out", engine=engine, jobs=JOBS, limits=limits, show=show
    )
    scores = {Path(entry.name).stem: entry.verdict.score for entry in ledger.entries()}
    return meter.stop(OURS, scores)


def otter_run(course: Path, work: Path) -> Cost:
    meter, scores = Meter(), {}
    meter.start()
    for notebook in sorted((course / "few").iterdir()):
        out = work / notebook.stem
        out.mkdir()
        command = [sys.executable, "-m", "otter", "run", "-a", bundle_of(course), "-o", out, notebook]
        _must(command, _environment())
        tests = json.loads((out / "results.json").read_text())["tests"]
        scores[notebook.stem] = sum(test.get("score", 0) for test in tests)
    return meter.stop(PEERS, scores)


def otter_grade(course: Path, work: Path) -> Cost:
    """`otter grade` with its own code, in an image made by hand: its recipe downloads Miniforge and LaTeX."""
    program = image.find_engine()
    tag = _otter_image(str(program), course, work)
    shim = work / "bin" / "docker"  # otter asks for docker by name
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\nexec {shutil.which(str(program))} "$@"\n')
    shim.chmod(0o755)
    script = (
        "import sys; from otter.grade import containers, main; "
        f"containers.build_image = lambda *arguments: {tag!r}; "
        "main(name='peers', paths=[sys.argv[1]], output_dir=sys.argv[2], autograder=sys.argv[3], "
        f"containers={JOBS}, no_network=True)"
    )
    out = work / "grades"
    out.mkdir()
    meter = Meter()
    meter.start()
    _must(
        [sys.executable, "-c", script, str(course / "few"), str(out), str(bundle_of(course))],
        _environment(shim.parent),
    )
    rows = list(csv.DictReader((out / "final_grades.csv").open()))
    points = {Path(row["file"]).stem: row for row in rows if row["file"].startswith("student")}
    scores = {
        name: sum(float(value or 0) for key, value in row.items() if key.startswith("q"))
        for name, row in points.items()
    }
    return meter.stop(PEERS, scores)


def _otter_image(program: str, course: Path, work: Path) -> str:
    """The base image with this environment's packages and the unpacked bundle, as otter lays it out."""
    base = os.environ.get("BASE_IMAGE", image.DEFAULT_BASE)
    context, tag = work / "image", "otter-grade:peers"
    shutil.unpack_archive(bundle_of(course), context / "source")
    runner = "from otter.run.run_autograder import main\\nmain('/autograder')"
    (context / "Containerfile").write_text(
        f"FROM {base}\n"
        "COPY site-packages /opt/site-packages\n"
        "COPY source /autograder/source\n"
        "ENV PYTHONPATH=/opt/site-packages\n"
        "RUN mkdir -p /autograder/submission /autograder/results /usr/local/share/jupyter/kernels/python3 "
        f'&& printf "{runner}\\n" > /autograder/source/run_otter.py '
        "&& printf '#!/bin/sh\\ncd /autograder && exec python3 source/run_otter.py\\n' > /autograder/run_autograder "
        "&& chmod +x /autograder/run_autograder && python3 -m ipykernel install --name python3\n"
    )
    packages = next(Path(path) for path in sys.path if path.endswith("site-packages"))
    (context / "site-packages").symlink_to(packages)
    shutil.copytree(packages, context / "copied", symlinks=True, copy_function=os.link)
    (context / "site-packages").unlink()
    (context / "copied").rename(context / "site-packages")
    command = [program, "build", "--network=none", "--tag", tag, "--file", context / "Containerfile", context]
    _must(command, None)
    return tag


def nbgrader(course: Path, work: Path) -> Cost:
    """`nbgrader autograde` on the same cells, with every test case as an autograded cell."""
    program = os.environ["NBGRADER"]
    bundle = Material(NAME, root=course).bundle
    sources = {question: test.source for question, test in bundle.tests.items()}

    def as_assignment(notebook: Path, out: Path) -> None:
        document = nbformat.read(notebook, as_version=4)
        document.metadata = {
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
        }
        answers = {index + 1: question for question, index in answer_cells(document).items()}
        cells = []
        for index, cell in enumerate(document.cells):
            if index not in answers:
                source = cell.source if cell.cell_type == "code" else ""
                if cell.cell_type == "code" and "otter" not in source and "grader." not in source:
                    cells.append(_nbgrader_cell(cell, f"cell{index}", solution=True))
                continue
            question = answers[index]
            for number, case in enumerate(bundle.tests[question].test_cases):
                text = _as_cell(sources[question], number)
                cells.append(
                    _nbgrader_cell(nbformat.v4.new_code_cell(text), f"{question}-{case.name}", case.points)
                )
        out.parent.mkdir(parents=True)
        document.cells = cells
        nbformat.write(document, out)
        for name, content in bundle.files.items():
            (out.parent / name).write_bytes(content)

    as_assignment(course / "dist" / NAME / "solution.ipynb", work / "source" / NAME / f"{NAME}.ipynb")
    notebooks = sorted((course / "few").iterdir())
    for notebook in notebooks:
        as_assignment(notebook, work / "submitted" / notebook.stem / NAME / f"{NAME}.ipynb")
    run = [program, f"--CourseDirectory.root={work}"]
    environment = _environment(Path(program).parent) | {"JUPYTER_CONFIG_DIR": str(work), "HOME": str(work)}
    _must([run[0], "generate_assignment", NAME, *run[1:], "--create"], environment)
    meter = Meter()
    meter.start()
    _must([run[0], "autograde", NAME, *run[1:], "--create"], environment)
    cost = meter.stop(PEERS, {})
    table = work / "grades.csv"
    _must([run[0], "export", "--to", str(table), *run[1:]], environment)
    scores = {row["student_id"]: float(row["raw_score"]) for row in csv.DictReader(table.open())}
    return Cost(cost.seconds, cost.cpu, cost.memory, scores)


def _as_cell(source: str, number: int) -> str:
    """A cell that calls one of a question's test functions with the notebook's names."""
    body = source.split("from otter.test_files import test_case", 1)[1]
    defined = [node.name for node in ast.parse(body).body if isinstance(node, ast.FunctionDef)]
    header = "def test_case(**options):\n    return lambda function: function\n"
    return (
        f"import inspect as _inspect\n_tests = {{}}\nexec({header + body!r}, _tests)\n"
        f"_test = _tests[{defined[number]!r}]\n"
        "_test(**{name: globals().get(name) for name in _inspect.signature(_test).parameters})"
    )


def _nbgrader_cell(
    cell: nbformat.NotebookNode, name: str, points: float = 0, *, solution: bool = False
) -> nbformat.NotebookNode:
    made = nbformat.v4.new_code_cell(cell.source)
    made.id = name.replace(" ", "-")[:60]
    made.metadata["nbgrader"] = {
        "schema_version": 3,
        "grade_id": made.id,
        "grade": not solution,
        "solution": solution,
        "locked": not solution,
        "task": False,
        **({} if solution else {"points": points}),
    }
    return made


def bare(course: Path) -> Cost:
    """The cells and the tests alone, one after the other, in forks of a process that has imported everything."""
    import matplotlib.pyplot
    import torch
    from scipy import linalg, optimize, special, stats  # noqa: F401 - warm, as ours is

    torch.set_num_threads(1)
    bundle = Material(NAME, root=course).bundle
    meter, scores = Meter(), {}
    meter.start()
    for notebook in sorted((course / "class").iterdir()):
        scores[notebook.stem] = sum(true_scores(bundle, notebook.read_bytes()).values())
    matplotlib.pyplot.close("all")
    return meter.stop(OURS, scores)


def _must(command: list[object], environment: Mapping[str, str] | None) -> None:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr[-2000:]


def _environment(*first: Path) -> dict[str, str]:
    folders = [*map(str, first), str(Path(sys.executable).parent), os.environ["PATH"]]
    return os.environ | {"PATH": ":".join(folders), "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}


def test_four_graders(course: Path, tmp_path: Path) -> None:
    graders: dict[str, Callable[[Path, Path], Cost]] = {
        "ours, containers": ours,
        "otter run": otter_run,
        "otter grade, containers": otter_grade,
    }
    if "NBGRADER" in os.environ:
        graders["nbgrader autograde"] = nbgrader
    print(f"\n{NAME}: {OURS} submissions for ours, {PEERS} for the others, {JOBS} jobs where there are jobs")
    costs: dict[str, Cost] = {}
    for name, run in graders.items():
        work = tmp_path / str(len(costs))
        work.mkdir()
        cost = costs[name] = run(course, work)
        mine = costs["ours, containers"]
        # otter and nbgrader run all tests in the notebook's own process, so odd answers may differ there.
        same = sum(abs(score - mine.scores[student]) < 1e-9 for student, score in cost.scores.items())
        print(
            f"  {name:26} {cost.seconds:7.2f} s {cost.seconds / mine.seconds:6.1f} x   "
            f"CPU {cost.cpu:7.2f} s {cost.cpu / mine.cpu:6.1f} x   "
            f"peak memory {cost.memory / 2**20:6.0f} MB {cost.memory / mine.memory:5.1f} x   "
            f"the same total for {same} of {len(cost.scores)}"
        )
        assert cost.scores
    assert costs["otter grade, containers"].seconds / mine.seconds >= AT_LEAST


def test_what_the_seal_costs(course: Path, tmp_path: Path) -> None:
    """The share of our time that is neither the student's code nor the tests."""
    alone, sealed = bare(course), ours(course, tmp_path)
    print(
        f"\n{NAME}, {OURS} submissions: cells and tests alone {alone.cpu:.2f} s of CPU each, sealed {sealed.cpu:.2f} s "
        f"({1 - alone.cpu / sealed.cpu:.0%} of it is ours)"
    )
    assert sealed.scores == alone.scores
