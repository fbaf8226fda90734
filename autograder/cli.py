"""The command line."""

from __future__ import annotations

import argparse
import errno
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from autograder.errors import DISK_FULL_FIX, AutograderError, BadInput
from autograder.gradebook.safe import plain

_OUT = Console(highlight=False, soft_wrap=True)
_ERR = Console(stderr=True, highlight=False, soft_wrap=True)
_PLATFORMS = ("canvas", "moodle", "gradescope")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except AutograderError as error:
        _complain(str(error))
        return 1
    except KeyboardInterrupt:
        _ERR.print("interrupted; what was done is kept, the same command goes on")
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 1
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        fix = f". {DISK_FULL_FIX}" if error.errno == errno.ENOSPC else ""
        _complain(f"{where}{error.strerror or error}{fix}")
        return 1
    return 0


def _complain(text: str) -> None:
    _ERR.print(Text("error:", style="bold red"), Text(plain(text)))


def _note(text: str) -> None:
    _ERR.print(Text("note:", style="yellow"), Text(plain(text)))


def _say(text: str) -> None:
    _OUT.print(Text(plain(text)))  # as text: what looks like markup or an emoji's name is none


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
        help="grade mutants of the solutions too, as verify does, and show them on the gate's page",
    )

    verify = command(
        "verify", _verify, "run all attempts and mutants, and print which test case catches which"
    )
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
    grade.add_argument("--scheduler", metavar="ADDRESS", help="grade on the Dask cluster of this scheduler")
    grade.add_argument("--force", action="store_true", help="grade again what was graded before")
    grade.add_argument("--trusted", action="store_true", help="grade without walls where they cannot be had")

    _join_options(grade)

    report = command("report", _report, "make the tables and pages of an earlier run again")
    report.add_argument("dir", type=Path, metavar="DIR")
    _join_options(report)

    export = command("export", _export, "write the files that learning platforms import")
    export.add_argument(
        "course", type=Path, metavar="COURSE", help="course.toml: assignments, weights, deadlines"
    )
    export.add_argument("--out", type=Path, required=True, metavar="DIR")
    export.add_argument(
        "--format",
        nargs="+",
        choices=_PLATFORMS,
        default=_PLATFORMS,
        metavar="F",
        help=f"of {', '.join(_PLATFORMS)}; default: all",
    )

    new = command("new", _new, "start an assignment whose gate passes")
    new.add_argument("name", metavar="NAME")
    return parser


def _join_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--roster",
        type=Path,
        metavar="CSV",
        help="names, ids and e-mails (a Canvas, Moodle or Gradescope export, or your own); makes students.csv",
    )
    command.add_argument(
        "--written",
        type=Path,
        metavar="CSV",
        help="marks for written questions: submission,question,criterion,points,max,comment",
    )


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
    _say(tag)


def _grade(options: argparse.Namespace) -> None:
    from autograder.batch import run
    from autograder.batch.choice import choose_engine
    from autograder.batch.claim import claimed
    from autograder.batch.cluster import ClusterPool
    from autograder.gradebook import book
    from autograder.progress import Meter
    from autograder.sandbox.limits import Limits

    limits = Limits(
        cell_timeout=options.cell_timeout, test_timeout=options.test_timeout, memory=options.memory
    )
    bundle = run.find_bundle(options.bundle)

    # Bad paths and tables are told before an image is built.
    names = [found.name for found in run.find(options.submissions)]
    book.check(roster=options.roster, written=options.written, submissions=names)
    engine = cluster = None
    if options.scheduler:
        cluster = ClusterPool(
            options.scheduler, bundle, limits, engine=options.engine, trusted=options.trusted, warn=_note
        )
    else:
        engine = choose_engine(options.engine, limits, trusted=options.trusted, warn=_note)
    with claimed(options.out):
        with Meter(bundle.name, _ERR) as meter:
            ledger = run.grade(
                bundle,
                options.submissions,
                options.out,
                engine=engine,
                cluster=cluster,
                jobs=options.jobs,
                limits=limits,
                force=options.force,
                show=meter.show,
                warn=_note,
            )
        book.attach(ledger, roster=options.roster, written=options.written)
        _write_all(ledger, options.out)


def _report(options: argparse.Namespace) -> None:
    from autograder.batch.claim import claimed
    from autograder.batch.ledger import Ledger
    from autograder.batch.run import LEDGER
    from autograder.gradebook import book

    path = options.dir / LEDGER
    if not path.is_file():
        raise BadInput(f"{options.dir} holds no {LEDGER}.", fix="Give the --out folder of an earlier run.")
    with claimed(options.dir):
        ledger = Ledger(path)
        book.attach(ledger, roster=options.roster, written=options.written)
        _write_all(ledger, options.dir)


def _export(options: argparse.Namespace) -> None:
    from autograder.gradebook.course import read_course
    from autograder.gradebook.course_results import course_results
    from autograder.gradebook.export import overview, write_exports

    found = course_results(read_course(options.course))
    paths = write_exports(found, options.out, options.format)
    for line in overview(found):
        _say(line)
    _say(f"written: {', '.join(map(str, paths))}")


def _new(options: argparse.Namespace) -> None:
    from autograder.release.scaffold import new

    _say(f"{new(options.name)}: write there, then `python -m autograder verify {options.name}`")


def _write_all(ledger, out: Path) -> None:
    from autograder.gradebook.book import write_book
    from autograder.gradebook.tables import number

    facts, joined, said = write_book(ledger, out)
    ledger.close()
    verdicts = [record.verdict for record in joined.records]
    status = {name: sum(v.status == name for v in verdicts) for name in ("graded", "partial", "error")}
    scores = [record.score for record in joined.records if record.score is not None]
    mean = (
        f", mean {number(sum(scores) / len(scores))} of {number(joined.max_score)} points" if scores else ""
    )
    walls = "" if facts["sealed"] else " (unsealed)"
    _say(
        f"{facts['assignment']}: {status['graded']} graded, {status['partial']} in part, "
        f"{status['error']} not graded{mean}{walls}"
    )
    failed = [record for record in joined.records if record.verdict.status == "error"]
    for one in failed[:20]:
        _say(f"  {plain(one.submission, limit=80)}: {plain(one.verdict.message, limit=300)}")
    for line in said:
        _say(line)
    students = f", students {out / 'students.csv'}" if (out / "students.csv").exists() else ""
    _say(f"gradebook {out / 'grades.csv'}{students}, class report {out / 'report.html'}")
