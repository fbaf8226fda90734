"""A student's page: score, tests, the answer as submitted, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from autograder.batch.content import Answer, Content
from autograder.gradebook.misconceptions import group_keys
from autograder.gradebook.records import Record
from autograder.gradebook.rendering import render
from autograder.gradebook.tables import message_of
from autograder.verdict import CaseResult, QuestionResult

_MOST_STEPS = 6


@dataclass(frozen=True)
class QuestionView:
    """A question with everything that the page shows of it."""

    anchor: str
    result: QuestionResult
    answer: Answer | None
    comment: str

    @property
    def passed(self) -> int:
        return sum(case.passed for case in self.result.cases)

    @property
    def complete(self) -> bool:
        """Whether there is nothing to mend: full marks, and every test passed, also those without points."""
        return self.result.score >= self.result.max_score and self.passed == len(self.result.cases)


@dataclass(frozen=True)
class Step:
    """Something to do, for a question or (without one) for the whole notebook."""

    text: str
    question: QuestionView | None = None


def feedback_page(
    record: Record,
    assignment: str,
    *,
    content: Content | None = None,
    comments: Mapping[str, str] | None = None,
) -> str:
    """One submission's page, self-contained HTML.

    Parameters
    ----------
    content
        What was kept of the submission; without it the page shows no code and no figures.
    comments
        Group of equal failures -> the instructor's comment.
    """
    keys = group_keys(record.entry) if comments else {}
    questions = [
        QuestionView(
            f"question-{number}",
            result,
            content.answer(result.name) if content else None,
            (comments or {}).get(keys.get(result.name, ""), ""),
        )
        for number, result in enumerate(record.verdict.questions, start=1)
    ]
    return render(
        "feedback.html",
        assignment=assignment,
        record=record,
        verdict=record.verdict,
        message=message_of(record.verdict),
        questions=questions,
        content=content,
        script=content.answer("") if content else None,
        steps=list(next_steps(record, questions, content)),
    )


def next_steps(record: Record, questions: list[QuestionView], content: Content | None) -> Iterator[Step]:
    """What to do, the question with most points to gain first."""
    verdict = record.verdict
    if verdict.status == "error":
        return
    if verdict.student_notes:
        yield Step(
            "Restart the kernel and run all cells from the top. The first cell that stops is the first to mend: "
            "see “While your notebook ran” at the end."
        )
    losing = [view for view in questions if not view.complete]
    losing.sort(key=lambda view: view.result.score - view.result.max_score)
    for view in losing[:_MOST_STEPS]:
        yield Step(_advice(view, content), view)
    if len(losing) > _MOST_STEPS:
        yield Step(f"Then the other {len(losing) - _MOST_STEPS} questions that are not complete.")
    if any(question.score is None for question in record.written):
        yield Step("Some written answers are not marked yet: look again later.")
    if not losing and not verdict.student_notes:
        yield Step("All tests pass: nothing to mend.")


def _advice(view: QuestionView, content: Content | None) -> str:
    failed = [case for case in view.result.cases if not case.passed]
    public = [case for case in failed if not case.hidden]
    if view.answer is None and content and content.answers and not (content.full or content.answer("")):
        return "No check of this question is in your notebook. Was its cell deleted? Copy it from the release again."
    if public and all("NotImplementedError" in case.message for case in public):
        return "Not started yet: replace the line that raises NotImplementedError with your answer."
    if public:
        return f"Begin with {_first(public)} You can run it yourself with grader.check."
    if any(case.message for case in failed):
        return (
            f"Your answer passes the public tests, but not {_first(failed)} "
            "Try it on other sizes, on extreme values, and on lists and whole numbers."
        )
    return "Your answer passes the public tests. Try it on other sizes, on extreme values, and on lists and whole numbers."


def _first(cases: list[CaseResult]) -> str:
    line = next(iter(cases[0].message.strip().splitlines()), "")
    more = f" ({len(cases) - 1} more after it)" if len(cases) > 1 else ""
    return f"{cases[0].name}{more}: {line}" if line else f"{cases[0].name}{more}."
