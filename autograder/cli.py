"""The command line."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from autograder.errors import AutograderError, BadInput
from autograder.gradebook.safe import plain

_OUT = Console(highlight=False, soft_wrap=True)
_ERR = Console(stderr=True, highlight=False, soft_wrap=True)
_LINES_EVERY = 50


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except AutograderError as error:
        _ERR.print(f"[bold red]error:[/] {_escape(plain(str(error)))}")
        return 1
    except KeyboardInterrupt:
        _ERR.print("interrupted; what was done is kept, the same command goes on")
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 1
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        _ERR.print(f"[bold red]error:[/] {_escape(plain(f'{where}{error.strerror or error}'))}")
        return 1
    return 0


def _escape(text: str) -> str:
    return text.replace("[", "\\[")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="autograder", description="Compile, gate and grade the assignments of the course."
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    cores = os.cpu_count() or 1

    def command(name: str, run: Callable[[argparse.Namespace], None], text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        sub.set_defaults(run=run)
        return sub

    release = command("release", _release, "compile masters with otter, and let them out through the gate")
    release.add_argument("names", nargs="*", metavar="NAME", help="assignments (default: all)")
    release.add_argument("--student-dir", type=Path, default=Path("student_release"), metavar="DIR")
    release.add_argument("--dist", type=Path, default=Path("dist"), metavar="DIR")
    release.add_argument("--jobs", type=_positive, default=cores, metavar="N")
    release.add_argument("--force", action="store_true", help="build again what has not changed")
    release.add_argument(
        "--mutants",
        action="store_true",
        help="grade mutants of the solutions too, for the gate's page (slow)",
    )

    verify = command("verify", _verify, "run all attempts and print which test case catches which")
    verify.add_argument("names", nargs="*", metavar="NAME", help="assignments (default: all)")
    verify.add_argument("--jobs", type=_positive, default=cores, metavar="N")
    verify.add_argument("--no-mutants", action="store_true", help="the hand-written attempts only (fast)")

    image = command("image", _image, "build the grading container")
    image.add_argument("--base", metavar="IMAGE", help="base image with Python 3.11 or later")
    image.add_argument("--wheelhouse", type=Path, metavar="DIR", help="wheels, for builds without a network")
    image.add_argument("--engine", choices=["auto", "podman", "docker"], default="auto")
    image.add_argument("--tag", metavar="T")

    grade = command("grade", _grade, "grade submissions with an autograder bundle, sealed")
    grade.add_argument("bundle", metavar="BUNDLE", help="an assignment's name, or any otter autograder zip")
    grade.add_argument("submissions", nargs="+", type=Path, metavar="SUBMISSION", help="files or folders")
    grade.add_argument("--out", type=Path, required=True, metavar="DIR")
    grade.add_argument("--engine", choices=["auto", "podman", "docker", "process"], default="auto")
    grade.add_argument("--jobs", type=_positive, default=cores, metavar="N", help="default: all cores")
    grade.add_argument("--cell-timeout", type=_seconds, default=60.0, metavar="S", help="default: 60")
    grade.add_argument("--test-timeout", type=_seconds, default=20.0, metavar="S", help="default: 20")
    grade.add_argument("--memory", type=_size, default="2g", metavar="SIZE", help="default: 2g")
    grade.add_argument("--force", action="store_true", help="grade again what was graded before")
    grade.add_argument("--trusted", action="store_true", help="grade without walls where they cannot be had")

    report = command("report", _report, "make the tables and pages of an earlier run again")
    report.add_argument("dir", type=Path, metavar="DIR")

    new = command("new", _new, "start an assignment whose gate passes")
    new.add_argument("name", metavar="NAME")
    return parser


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of 1 or more")
    return int(text)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 86400:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds")
    return value


def _size(text: str) -> int:
    match = re.fullmatch(r"(\d+)([kmg]?)b?", text.lower())
    value = int(match[1]) << {"": 0, "k": 10, "m": 20, "g": 30}[match[2]] if match else 0
    if value < 64 << 20:
        raise argparse.ArgumentTypeError(f"{text!r} is not a size of at least 64m, such as 512m or 2g")
    return value


def _release(options: argparse.Namespace) -> None:
    from autograder.release.run import release

    release(
        options.names,
        student_dir=options.student_dir,
        dist=options.dist,
        jobs=options.jobs,
        force=options.force,
        mutate=options.mutants,
    )


def _verify(options: argparse.Namespace) -> None:
    from autograder.release.run import verify

    verify(options.names, jobs=options.jobs, mutate=not options.no_mutants)


def _image(options: argparse.Namespace) -> None:
    from autograder.batch import image

    tag = image.build(
        engine=options.engine, base=options.base, wheelhouse=options.wheelhouse, tag=options.tag
    )
    _OUT.print(tag)


def _grade(options: argparse.Namespace) -> None:
    from autograder.batch import run
    from autograder.sandbox.limits import Limits

    limits = Limits(
        cell_timeout=options.cell_timeout, test_timeout=options.test_timeout, memory=options.memory
    )
    bundle = run.find_bundle(options.bundle)

    run.find(options.submissions)  # bad paths are told before an image is built
    engine = run.choose_engine(
        options.engine,
        limits,
        trusted=options.trusted,
        warn=lambda text: _ERR.print(f"[yellow]note:[/] {_escape(plain(text))}"),
    )
    with _Meter(bundle.name) as meter:
        ledger = run.grade(
            bundle,
            options.submissions,
            options.out,
            engine=engine,
            jobs=options.jobs,
            limits=limits,
            force=options.force,
            show=meter.show,
        )
    _write_all(ledger, options.out)


def _report(options: argparse.Namespace) -> None:
    from autograder.batch.ledger import Ledger
    from autograder.batch.run import LEDGER

    path = options.dir / LEDGER
    if not path.is_file():
        raise BadInput(f"{options.dir} holds no {LEDGER}.", fix="Give the --out folder of an earlier run.")
    _write_all(Ledger(path), options.dir)


def _new(options: argparse.Namespace) -> None:
    from autograder.release.scaffold import new

    _OUT.print(f"{new(options.name)}: write there, then `python -m autograder verify {options.name}`")


def _write_all(ledger, out: Path) -> None:
    from autograder.gradebook.pages import write_pages
    from autograder.gradebook.tables import number, write_tables

    facts, manifest = ledger.run()
    entries = list(ledger.entries())
    ledger.close()
    write_tables(entries, manifest, out)
    write_pages(entries, manifest, facts, out)
    status = {name: sum(e.verdict.status == name for e in entries) for name in ("graded", "partial", "error")}
    scores = [entry.verdict.score for entry in entries if entry.verdict.status != "error"]
    total = number(sum(question.max_score for question in manifest))
    mean = f", mean {number(sum(scores) / len(scores))} of {total} points" if scores else ""
    walls = "" if facts["sealed"] else " (unsealed)"
    _OUT.print(
        f"{facts['assignment']}: {status['graded']} graded, {status['partial']} in part, "
        f"{status['error']} not graded{mean}{walls}"
    )
    for entry in [entry for entry in entries if entry.verdict.status == "error"][:20]:
        _OUT.print(
            f"  {_escape(plain(entry.name, limit=80))}: {_escape(plain(entry.verdict.message, limit=300))}"
        )
    _OUT.print(f"gradebook {out / 'grades.csv'}, class report {out / 'report.html'}")


class _Meter:
    """A progress bar on a terminal, a line now and then elsewhere."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._bar: Bar | None = None
        if _ERR.is_terminal:
            self._bar = Bar(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                TextColumn("{task.fields[counts]}"),
                console=_ERR,
                transient=True,
            )
            self._task = self._bar.add_task(name, total=None, counts="")

    def __enter__(self) -> _Meter:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(self, *exc: object) -> None:
        if self._bar:
            self._bar.stop()

    def show(self, progress) -> None:
        counts = ", ".join(f"{count} {status}" for status, count in sorted(progress.counts.items()))
        if self._bar:
            self._bar.update(self._task, completed=progress.done, total=progress.total, counts=counts)
        elif progress.done % _LINES_EVERY == 0 and progress.done:
            _ERR.print(f"{self._name}: {progress.done} of {progress.total} ({counts})")
