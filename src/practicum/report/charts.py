"""The figures of the report, as plain plotly dictionaries.

A colour is the name of a CSS custom property ("--network"); the page puts in the value for light or dark. Text of the
user is escaped here, since plotly reads part of HTML in labels.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from practicum.core.measures import Measure
from practicum.core.summary import Score, Summary
from practicum.report import words
from practicum.report.nested_text import in_turn

Trace = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, ready for the page.

    Attributes:
        name: id of its place in the page.
        title: what to see, in one sentence; plain text.
        caption: how to read it; plain text.
        guide: keys of the recommendations behind it.
        data: plotly traces.
        layout: plotly layout; the page adds what all figures share.
        height: pixels.
    """

    name: str
    title: str
    caption: str
    guide: tuple[str, ...]
    data: list[Trace]
    layout: dict[str, Any] = field(default_factory=dict)
    height: int = 320


def safe(text: object) -> str:
    """Return text that plotly shows as it is.

    Example:
        >>> safe("<b>")
        '&lt;b&gt;'
    """
    return html.escape(str(text), quote=True)


def error_axis(measure: Measure, of: str) -> dict[str, Any]:
    """Return the axis of errors with its unit, in the form that people know."""
    unit = f" ({measure.unit})" if measure.unit else ""
    return {
        "title": {"text": f"{of} {measure.title}{unit}"},
        "ticksuffix": "%" if measure.form == "per cent" else "",
    }


def errors_figure(summary: Summary) -> Figure | None:
    """Return the network beside its baselines, with 95% intervals; None without any score."""
    held, rows = words.held_out(summary)
    entries: list[tuple[str, Score | None, str]] = []
    for baseline in summary.baselines:
        score = baseline.test if rows == "test" else baseline.valid
        entries.append((f"{baseline.name} baseline", score, "--baseline"))
    entries.append(("network" if rows == "test" else "network (optimistic)", held, "--network"))
    kept = [(name, score, colour) for name, score, colour in entries if score and words.finite(score.error)]
    if not kept:
        return None
    measure, told = summary.measure, in_turn(summary) if rows == "test" else ""
    data: list[Trace] = []
    for (name, score, colour), symbol in zip(kept, _symbols(kept), strict=True):
        data.append(_interval_trace(measure, name, score, colour, symbol))
    return Figure(
        name="errors",
        title=_gain_title(summary, held, rows),
        caption=f"{_upper(measure.title)} on the {rows} rows{told}: mark and 95% interval. Intervals are of each "
        "alone; the sentence above compares row by row where it can.",
        guide=("4.2-14",),
        data=data,
        layout={
            "xaxis": error_axis(measure, rows.capitalize())
            | {"rangemode": "normal" if measure.higher_is_better else "tozero"},
            "yaxis": {"automargin": True, "range": [-0.6, len(kept) - 0.4]},
            "showlegend": False,
        },
        height=110 + 46 * len(kept),
    )


def members_figure(summary: Summary) -> Figure | None:
    """Return each member's test error beside the committee's; None without a committee."""
    test = summary.test
    if test is None or len(test.members) < 2:
        return None
    measure = summary.measure
    names, differ = _told_apart(summary, len(test.members))
    members: Trace = {
        "type": "scatter",
        "mode": "markers",
        "name": "members",
        "x": [measure.shown(error) for error in test.members],
        "y": names,
        "marker": {"color": "--muted", "symbol": "circle", "size": 10},
        "hovertemplate": "%{y}: %{x:.4~g}<extra></extra>",
    }
    mean = measure.shown(test.member_mean)
    committee = _interval_trace(measure, "committee", test, "--network", "diamond")
    gain = test.member_mean - test.committee
    verb = "lowers" if (gain >= 0) != measure.higher_is_better else "raises"
    told = measure.difference_words(abs(gain))
    shapes: list[dict[str, Any]] = []
    if mean is not None:
        line = {"color": "--muted", "dash": "dot", "width": 1}
        shapes.append(
            {"type": "line", "x0": mean, "x1": mean, "y0": 0, "y1": 1, "yref": "paper", "line": line}
        )
    return Figure(
        name="members",
        title=f"Averaging {len(names)} networks {verb} the test {measure.title} by {told} against the average member.",
        caption=f"{differ} The dotted line is their mean, the diamond the committee with its 95% interval.",
        guide=("3.2-35", "3.2-37"),
        data=[members, committee],
        layout={
            "xaxis": error_axis(measure, "Test"),
            "yaxis": {"automargin": True, "autorange": "reversed"},
            "shapes": shapes,
            "showlegend": False,
        },
        height=130 + 28 * (len(names) + 1),
    )


def _told_apart(summary: Summary, count: int) -> tuple[list[str], str]:
    """Return the members' names, and in what they differ: by seed alone only where one recipe was given."""
    trials = summary.members
    if summary.search is None and len(trials) == count and all(trial.fold is None for trial in trials):
        names = [f"seed {trial.seed}" for trial in trials]
        return names, "Same recipe, different seeds: the spread of the grey marks is luck."
    names = [f"member {number}" for number in range(1, count + 1)]
    return names, "The members (grey marks) differ in seed, recipe or fold."


def _gain_title(summary: Summary, held: Score | None, rows: str) -> str:
    """Return how much lower the network's error is than that of the better baseline."""
    measure, title = summary.measure, summary.measure.title
    scores = {each.name: each.test if rows == "test" else each.valid for each in summary.baselines}
    others = {name: score.error for name, score in scores.items() if score and words.finite(score.error)}
    name = min(others, key=lambda name: others[name], default=None)
    if name is None or held is None or not words.finite(held.error) or others[name] == 0.0:
        return f"{_upper(title)} of the network and of the baselines."
    if measure.higher_is_better:
        reached, other = measure.words(held.error), measure.words(others[name])
        return f"The network's {title} is {reached}, the {name} baseline's {other}."
    change = held.error / others[name] - 1.0
    if abs(change) < 0.005:
        return f"The network's {title} is about that of the {name} baseline."
    side = "lower" if change < 0 else "higher"
    return f"The network's {title} is {abs(change):.0%} {side} than the {name} baseline's."


def _upper(title: str) -> str:
    return title[:1].upper() + title[1:]


def _symbols(entries: Sequence[object]) -> list[str]:
    """Return one symbol an entry, the last a diamond: shape tells the network as colour does."""
    return ["circle"] * (len(entries) - 1) + ["diamond"]


def _interval_trace(measure: Measure, name: str, score: Score, colour: str, symbol: str) -> Trace:
    middle = measure.shown(score.error) or 0.0
    ends = [measure.shown(end) for end in score.interval]
    low, high = reversed(ends) if measure.higher_is_better else ends
    return {
        "type": "scatter",
        "mode": "markers+text",
        "name": name,
        "x": [middle],
        "y": [safe(name)],
        "text": [measure.words(score.error)],
        "textposition": "top center",
        "marker": {"color": colour, "symbol": symbol, "size": 13},
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [0.0 if high is None else high - middle],
            "arrayminus": [0.0 if low is None else middle - low],
            "color": colour,
            "thickness": 2,
            "width": 6,
        },
        "hovertemplate": f"{safe(name)}: {measure.words(score.error)}"
        f"<br>95%: {measure.interval_words(score.interval)}<extra></extra>",
    }
