"""gate.html: what the gate saw of one release, on a page that a person can read."""

from __future__ import annotations

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, select_autoescape

from autograder.release import rules_mutants
from autograder.release.gate import Report, all_rules
from autograder.release.inputs import sha256
from autograder.release.matrix import kill_matrices

# The look of all pages is the gradebook's.
_TEMPLATES = Environment(
    loader=ChoiceLoader(
        [PackageLoader(f"autograder.{package}", "templates") for package in ("release", "gradebook")]
    ),
    autoescape=select_autoescape(default=True, default_for_string=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def gate_page(report: Report) -> str:
    """The page of a release that passed. It depends on the inputs alone: no times, so equal inputs give equal bytes."""
    assert report.build and report.runs
    outputs = {"autograder.zip": report.build.bundle, "solution.ipynb": report.build.solution}
    outputs |= {f"student_release/{name}": data for name, data in sorted(report.build.student.items())}
    scores = list(report.mutants.scores(report.master)) if report.mutants else []
    return _TEMPLATES.get_template("gate.html").render(
        master=report.master,
        attempts=report.attempts,
        matrices=list(kill_matrices(report.master, report.runs)),
        scores=scores,
        equivalent=sum(len(score.equivalent) for score in scores),
        rules=all_rules(),
        warnings=report.warnings,
        warned={problem.rule for problem in report.warnings},
        skipped=set() if report.mutants else {rule.name for rule in rules_mutants.rules},
        files=[(name, len(data), sha256(data)) for name, data in outputs.items()],
    )
