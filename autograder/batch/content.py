"""What is kept of a submission for its feedback page: each question's own code and outputs, and written answers.

Everything here was written by a student. It is cut to size, pictures are checked, and all of it stays text or
picture: no HTML, SVG or script of a notebook's outputs is kept.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from autograder.batch.figures import picture
from autograder.errors import BadSubmission
from autograder.sandbox.notebook import cells_of, checks_of, load, source_of

MAX_BYTES = 200_000  # of one submission's content, compressed
_MAX_UNPACKED = 8 << 20
_MAX_QUESTIONS = 100
_MAX_CODE = 20_000
_MAX_TEXT = 2_000
_MAX_OUTPUTS = 8
_MAX_PICTURES = 12
_CHECK = re.compile(r"""\bgrader\s*\.\s*check\s*\(\s*["']([^"'\n]{1,200})["']""")
_TERMINAL_CODE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.)?")
_ANSWER_TAG = "otter_answer_cell"


@dataclass(frozen=True)
class Output:
    """An output of a cell. `kind` is ``text``, ``image/png`` or ``image/jpeg``; pictures are in base64."""

    kind: str
    data: str


@dataclass(frozen=True)
class Answer:
    """A question's own code cells, and what they and the cells right after the check put out."""

    question: str
    code: tuple[str, ...]
    outputs: tuple[Output, ...] = ()


@dataclass(frozen=True)
class Content:
    """A submission as its page shows it.

    Attributes
    ----------
    written
        The texts of the written answers, in order.
    left_out
        How many outputs are not kept, because they are too many, too large or no pictures.
    """

    answers: tuple[Answer, ...] = ()
    written: tuple[str, ...] = ()
    left_out: int = 0

    @property
    def full(self) -> bool:
        """Whether as many questions are kept as can be: nothing is known about others."""
        return len(self.answers) >= _MAX_QUESTIONS

    def answer(self, question: str) -> Answer | None:
        return next((answer for answer in self.answers if answer.question == question), None)


def extract(data: bytes, *, script: bool = False, released: frozenset[str] = frozenset()) -> Content:
    """Take from a notebook what its page shows.

    Parameters
    ----------
    data
        Bytes of an .ipynb file, or of a Python file if `script`.
    released
        Sources of the released code cells, stripped: a cell with one of them is not the student's own.

    Notes
    -----
    A cell is the student's own if otter tagged it as an answer, or if it was not released. Where neither is
    known (tags lost, release unknown) every cell since the check before counts, rather too many than too few.
    """
    if script:
        return Content((Answer("", (_cut(data.decode("utf-8", "replace"), _MAX_CODE),)),))
    try:
        cells = [cell for cell in cells_of(load(data)) if isinstance(cell, dict)]
    except BadSubmission:
        return Content()
    tagged = any(_is_answer(cell) for cell in cells)
    collector = _Collector()
    waiting: list[dict[str, Any]] = []
    after: str | None = None  # the question whose check was just passed
    for cell in cells:
        if cell.get("cell_type") != "code":
            after = None
            if _is_answer(cell):
                collector.written.append(_cut(source_of(cell), _MAX_CODE))
            continue
        source = source_of(cell)
        checks = _checks(cell, source)
        if _is_own(cell, source, tagged, released) and (not checks or _CHECK.sub("", source).strip(" ()\n;")):
            waiting.append(cell)
            after = None
        elif after is not None and not checks:
            collector.outputs(after, cell)
        for question in checks:
            collector.code(question, waiting)
            after = question
        if checks:
            waiting = []
    return collector.content()


class _Collector:
    def __init__(self) -> None:
        self.sources: dict[str, list[str]] = {}
        self.shown: dict[str, list[Output]] = {}
        self.written: list[str] = []
        self.left_out = 0
        self._pictures = 0

    def code(self, question: str, cells: list[dict[str, Any]]) -> None:
        if question in self.sources or len(self.sources) < _MAX_QUESTIONS:
            self.sources.setdefault(question, []).extend(source_of(cell) for cell in cells)
            for cell in cells:
                self.outputs(question, cell)

    def outputs(self, question: str, cell: dict[str, Any]) -> None:
        shown = self.shown.setdefault(question, [])
        for kind, value in _outputs(cell):
            is_picture = kind.startswith("image/")
            self._pictures += is_picture  # each costs time, whatever becomes of it
            if not kind or len(shown) >= _MAX_OUTPUTS or (is_picture and self._pictures > _MAX_PICTURES):
                self.left_out += 1
            elif not is_picture:
                shown.append(Output("text", _text(value)))
            elif found := picture(_joined(value), kind):
                shown.append(Output(kind, base64.b64encode(found).decode()))
            else:
                self.left_out += 1

    def content(self) -> Content:
        answers = []
        for question, sources in self.sources.items():
            budget, code = _MAX_CODE, []
            for source in sources:
                if budget > 0:
                    code.append(_cut(source, budget))
                    budget -= len(source)
            answers.append(Answer(question[:200], tuple(code), tuple(self.shown.get(question, ()))))
        return Content(tuple(answers), tuple(self.written[:_MAX_QUESTIONS]), self.left_out)


def _is_answer(cell: dict[str, Any]) -> bool:
    metadata = cell.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    return isinstance(tags, list) and _ANSWER_TAG in tags


def _is_own(cell: dict[str, Any], source: str, tagged: bool, released: frozenset[str]) -> bool:
    metadata = cell.get("metadata")
    if _is_answer(cell):
        return True
    if isinstance(metadata, dict) and metadata.get("editable") is False:
        return False
    return source.strip() not in released if released else not tagged


def _checks(cell: dict[str, Any], source: str) -> list[str]:
    """Questions that are checked in this cell: by a call, or because its metadata says so."""
    code = "\n".join(line for line in source.splitlines() if not line.lstrip().startswith("#"))
    return list(dict.fromkeys([*_CHECK.findall(code), *checks_of(cell)]))


def _outputs(cell: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """What can be shown of a cell's outputs, as kind and raw value; the kind is empty where nothing can."""
    outputs = cell.get("outputs")
    for output in outputs if isinstance(outputs, list) else ():
        if not isinstance(output, dict):
            continue
        kind = output.get("output_type")
        if kind == "stream":
            yield "text", output.get("text")
        elif kind in ("error", "pyerr"):
            yield "text", f"{_joined(output.get('ename'))}: {_joined(output.get('evalue'))}"
        elif kind in ("display_data", "execute_result", "pyout"):
            data = output.get("data", output)  # nbformat 3 has no "data"
            yield _best(data if isinstance(data, dict) else {})


def _best(data: dict[str, Any]) -> tuple[str, Any]:
    """The form of an output that is shown: a picture, else its text."""
    names = (("image/png", "png"), ("image/jpeg", "jpeg"), ("text/plain", "text"))
    for name, old in names:
        value = data.get(name, data.get(old))
        if value is not None:
            return name.removesuffix("/plain"), value
    return "", None


def _text(value: Any) -> str:
    return _cut(_TERMINAL_CODE.sub("", _joined(value)[: 4 * _MAX_TEXT]), _MAX_TEXT)


def _joined(value: Any) -> str:
    if isinstance(value, list):
        return "".join(part for part in value if isinstance(part, str))
    return value if isinstance(value, str) else ""


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 2] + "\n…"


def pack(content: Content) -> bytes:
    """Content as at most `MAX_BYTES`; pictures go first where it is too large, from the last on."""
    while True:
        blob = zlib.compress(json.dumps(asdict(content), separators=(",", ":")).encode(), 6)
        if len(blob) <= MAX_BYTES:
            return blob
        content = _smaller(content)


def _smaller(content: Content) -> Content:
    """Content without its last picture; without pictures, without outputs; at the very last, with half the code."""
    for index in reversed(range(len(content.answers))):
        answer = content.answers[index]
        pictures = [place for place, output in enumerate(answer.outputs) if output.kind != "text"]
        if pictures:
            kept = answer.outputs[: pictures[-1]] + answer.outputs[pictures[-1] + 1 :]
            fewer = Answer(answer.question, answer.code, kept)
            answers = (*content.answers[:index], fewer, *content.answers[index + 1 :])
            return Content(answers, content.written, content.left_out + 1)
    outputs = sum(len(answer.outputs) for answer in content.answers)
    shrink = 1 if outputs else 2
    answers = tuple(
        Answer(answer.question, tuple(_cut(code, len(code) // shrink + 2) for code in answer.code))
        for answer in content.answers
    )
    written = tuple(_cut(text, len(text) // shrink + 2) for text in content.written)
    return Content(answers, written, content.left_out + outputs)


def unpack(blob: bytes | None) -> Content | None:
    """The content that `pack` made, or None where there is none or it is damaged."""
    try:
        data = json.loads(zlib.decompressobj().decompress(blob or b"", _MAX_UNPACKED))
        answers = tuple(
            Answer(str(a["question"]), tuple(map(str, a["code"])), tuple(map(_output, a["outputs"])))
            for a in data["answers"]
        )
        return Content(answers, tuple(map(str, data["written"])), int(data["left_out"]))
    except (ValueError, KeyError, TypeError, zlib.error):
        return None


def _output(data: dict[str, str]) -> Output:
    kind, text = str(data["kind"]), str(data["data"])
    if kind == "text":
        return Output(kind, text)
    if kind not in ("image/png", "image/jpeg"):
        raise ValueError(f"unknown output {kind!r}")
    return Output(kind, base64.b64encode(base64.b64decode(text, validate=True)).decode())
