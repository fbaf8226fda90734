"""Charts for the class report: drawn by matplotlib, then cut down to SVG that is safe and follows the page's colours."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Sequence
from typing import Any
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from autograder.gradebook.items import QuestionItem
from autograder.gradebook.safe import plain

# Drawn in these colours, and shown in the page's own, which know light, dark and print.
_INK, _SOFT, _MAIN, _SECOND = "#010203", "#010204", "#010205", "#010206"
_COLOURS = {_INK: "currentColor", _SOFT: "var(--line)", _MAIN: "var(--chart)", _SECOND: "var(--chart2)"}
_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_TAGS = {f"{_SVG}{name}" for name in ("svg", "g", "path", "text", "defs", "clipPath", "rect", "use")}
_ATTRIBUTES = set("viewBox d x y width height transform clip-path id style".split())
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 10,
    "text.parse_math": False,
    "text.color": _INK,
    "axes.edgecolor": _INK,
    "axes.labelcolor": _INK,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "grid.color": _SOFT,
    "grid.linewidth": 0.8,
    "axes.axisbelow": True,
    "legend.frameon": False,
}


def _chart(name: str, words: str, size: tuple[float, float], draw: Callable[[Axes], None]) -> Markup:
    """Draw into an SVG.

    Parameters
    ----------
    name
        Prefix of the ids inside, unique on the page.
    words
        What the chart shows, for those who cannot see it.
    size
        Width and height in inches.
    """
    with mpl.rc_context({**_STYLE, "svg.hashsalt": name}):
        figure = Figure(figsize=size, layout="constrained")
        FigureCanvasSVG(figure)
        draw(figure.add_subplot())
        out = io.BytesIO()
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Glyph")  # the browser has the font
            figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return _clean(out.getvalue(), name, words)


def _clean(svg: bytes, name: str, words: str) -> Markup:
    root = ElementTree.fromstring(svg)
    _prune(root, name)
    for key in ("width", "height"):
        root.attrib.pop(key, None)
    root.set("role", "img")
    root.set("aria-label", plain(words))
    ElementTree.register_namespace("", _SVG[1:-1])
    text = ElementTree.tostring(root, encoding="unicode")
    for drawn, shown in _COLOURS.items():
        text = text.replace(drawn, shown)
    return Markup(text)  # made by matplotlib, cut down to `_TAGS` and `_ATTRIBUTES`


def _prune(element: ElementTree.Element, name: str) -> None:
    """Keep what a picture needs: no metadata, style sheets, scripts or references that leave it."""
    for child in list(element):
        if child.tag in _TAGS:
            _prune(child, name)
        else:
            element.remove(child)
    target = element.attrib.get(_HREF, "")
    kept = {key: value for key, value in element.attrib.items() if key in _ATTRIBUTES}
    element.attrib.clear()
    for key, value in kept.items():
        value = re.sub(r"url\(#", f"url(#{name}-", value) if "url(#" in value else value
        if "url(" in value and f"url(#{name}-" not in value:
            continue
        if key == "style":
            value = re.sub(r"font-family: [^;]*;", "", value)  # the page's own
        element.set(key, f"{name}-{value}" if key == "id" else value)
    if target.startswith("#"):
        element.set("href", f"#{name}-{target[1:]}")


def scores_chart(scores: Sequence[float], total: float) -> Markup:
    """Histogram of scores, at most 25 bars of equal width."""
    values = np.asarray(scores, dtype=float)
    step = next((s for s in (0.25, 0.5, 1, 2, 2.5, 5, 10, 20, 50) if total / s <= 25), total / 20) or 1.0
    edges = np.arange(-step / 2, max(total, step) + step, step)
    words = (
        f"Histogram of the scores of {len(values)} submissions out of {total:g}: "
        f"median {np.median(values):g}, middle half {np.quantile(values, 0.25):g} to {np.quantile(values, 0.75):g}."
    )

    def draw(ax: Axes) -> None:
        ax.hist(values, edges.tolist(), color=_MAIN, rwidth=0.9)
        ax.axvline(float(np.median(values)), color=_SECOND, linewidth=1.5, label="median")
        ax.set(xlabel=f"score (out of {total:g})", ylabel="submissions", xlim=(edges[0], edges[-1]))
        ax.yaxis.set_major_locator(MaxNLocator(6, integer=True))
        ax.grid(axis="y")
        ax.legend(loc="upper left")

    return _chart("scores", words, (7.5, 2.6), draw)


def seconds_chart(seconds: Sequence[float]) -> Markup:
    """Histogram of the time that a submission took, on a logarithmic axis."""
    values = np.maximum(np.asarray(seconds, dtype=float), 1e-2)
    edges = np.geomspace(values.min() / 1.05, values.max() * 1.05, 31)
    words = (
        f"Histogram of seconds per submission: median {np.median(values):.2g}, largest {values.max():.3g}."
    )

    def draw(ax: Axes) -> None:
        ax.hist(values, edges.tolist(), color=_MAIN, rwidth=0.9)
        ax.set(xscale="log", xlabel="seconds (logarithmic)", ylabel="submissions")
        ax.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        ax.xaxis.set_minor_formatter(NullFormatter())
        ax.yaxis.set_major_locator(MaxNLocator(5, integer=True))
        ax.grid(axis="y")

    return _chart("seconds", words, (7.5, 2.2), draw)


def cases_chart(questions: Sequence[QuestionItem]) -> Markup:
    """Share passing of each test case with its interval; filled marks are public cases."""
    cases = [case for question in questions for case in question.cases]
    hardest = min(cases, key=lambda case: case.share)
    words = (
        f"Share of submissions that pass each of {len(cases)} test cases, with 95 % intervals; "
        f"the hardest is {plain(hardest.label)} with {hardest.share:.0%}. The table below has all numbers."
    )

    def draw(ax: Axes) -> None:
        rows = np.arange(len(cases))
        share = np.array([case.share for case in cases])
        low, high = np.array([case.interval for case in cases]).T
        ax.hlines(rows, low, high, color=_MAIN, linewidth=2)
        hidden = np.array([case.hidden for case in cases])
        ax.plot(share[~hidden], rows[~hidden], "o", color=_MAIN, markersize=6, label="public")
        ax.plot(
            share[hidden],
            rows[hidden],
            "D",
            markerfacecolor="none",
            markeredgecolor=_SECOND,
            markeredgewidth=1.6,
            markersize=6,
            label="hidden",
        )
        starts = np.cumsum([len(question.cases) for question in questions])[:-1]
        ax.hlines(starts - 0.5, 0, 1, color=_SOFT, linewidth=1)
        ax.set_yticks(rows, [" ".join(plain(case.label, limit=24).split()) for case in cases])
        ax.set(xlim=(-0.02, 1.02), ylim=(len(cases) - 0.4, -0.6), xlabel="share of submissions that pass")
        ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0%}"))
        ax.grid(axis="x")
        ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)

    return _chart("cases", words, (7.5, 0.9 + 0.19 * len(cases)), draw)


def similarity_chart(sample: Sequence[float], pairs: Sequence[float]) -> Markup:
    """How similar the pairs of the class usually are, and the pairs listed."""
    values = np.asarray(sample, dtype=float)
    words = (
        f"Similarity of {len(values)} pairs of the class: median {np.median(values):.2f}, "
        f"99 in 100 below {np.quantile(values, 0.99):.2f}; the pairs listed below lie between "
        f"{min(pairs, default=0):.2f} and {max(pairs, default=0):.2f}."
    )

    def draw(ax: Axes) -> None:
        ax.hist(values, np.linspace(0, 1, 51).tolist(), color=_MAIN, rwidth=0.9, label="pairs of the class")
        ax.set(xlim=(0, 1.01), xlabel="similarity of a pair", ylabel="pairs", yscale="symlog")
        ax.set_ylim(bottom=0)
        if len(pairs):
            ax.plot(
                pairs,
                np.full(len(pairs), 0.3),
                "|",
                color=_SECOND,
                markersize=14,
                markeredgewidth=2,
                label="listed",
            )
        ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        ax.legend(loc="upper right")

    return _chart("similarity", words, (7.5, 2.2), draw)
