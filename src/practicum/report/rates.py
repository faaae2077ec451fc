"""Error over learning rate: every trial of the search, the best and the diverged marked [3.1-01, 2.1-02]."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10
from typing import Any

from practicum.core.metrics import Task
from practicum.core.summary import LearningRate, Summary, Trial
from practicum.report import words
from practicum.report.charts import Figure, Trace, error_axis, shown_error


def rates_figure(summary: Summary) -> Figure | None:
    """Return error over learning rate, diverged trials and the best marked; None where nothing was searched."""
    rate, trials = summary.learning_rate, summary.search_trials
    if rate is None or not trials:
        return None
    task, best = summary.task, words.best_search_trial(summary)
    data: list[Trace] = []
    styles = (
        ("wide", "circle-open", "--muted"),
        ("extended", "square-open", "--muted"),
        ("zoom", "circle", "--network"),
    )
    for phase, symbol, colour in styles:
        some = [trial for trial in trials if trial.phase == phase and not trial.diverged]
        if some:
            data.append(_rate_trace(task, phase, some, symbol, colour))
    errors = [y for trace in data for y in trace["y"] if y is not None]
    diverged = [trial for trial in trials if trial.diverged]
    if diverged:
        data.append(_diverged_trace(diverged, max(errors, default=1.0)))
    if best is not None:
        star = _rate_trace(task, "best", [best], "star", "--highlight")
        star["marker"] |= {"size": 16}
        data.append(star | {"mode": "markers"})
    shapes, annotations = _stable_marks(rate.largest_stable, rate.smallest_diverged)
    return Figure(
        name="rates",
        title=_rates_title(rate, has_best=best is not None),
        caption=f"{rate.text} Each mark is one trial. Later phases trained longer, so compare within a phase. "
        f"A cross is a diverged trial: it has no error and stands at the top. {words.ties_words(summary)}".rstrip(),
        guide=("3.1-01", "3.1-02", "2.1-02", "3.3-03"),
        data=data,
        layout={
            "xaxis": {
                "type": "log",
                "title": {"text": "learning rate (log scale)"},
                "exponentformat": "power",
                "dtick": 1,
            },
            "yaxis": error_axis(task, "Validation"),
            "shapes": shapes,
            "annotations": annotations,
        },
        height=380,
    )


def _rates_title(rate: LearningRate, *, has_best: bool) -> str:
    """Return the best rate and how it stands to the largest that did not diverge."""
    if not has_best:
        return "Every learning rate diverged."
    title = f"The best learning rate is {words.number(rate.best)}"
    if rate.ratio is None or rate.smallest_diverged is None:
        return f"{title}."
    times = "" if abs(rate.ratio - 1) < 0.005 else f"{words.number(rate.ratio, 2)} times "
    return f"{title}, {times}the largest that did not diverge."


def _rate_trace(task: Task, name: str, trials: Sequence[Trial], symbol: str, colour: str) -> Trace:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "x": [trial.learning_rate for trial in trials],
        "y": [shown_error(task, trial.valid_error) for trial in trials],
        "customdata": [
            [trial.number, words.STATUS[trial.status], f"{trial.num_steps:,}"] for trial in trials
        ],
        "marker": {"symbol": symbol, "color": colour, "size": 9},
        "line": {"color": colour, "width": 1.5},
        "hovertemplate": "rate %{x:.3~g}: error %{y:.4~g}<br>trial %{customdata[0]}, %{customdata[1]} after "
        "%{customdata[2]} updates<extra></extra>",
    }


def _diverged_trace(trials: Sequence[Trial], top: float) -> Trace:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "diverged",
        "x": [trial.learning_rate for trial in trials],
        "y": [top] * len(trials),
        "marker": {"symbol": "x", "color": "--bad", "size": 11},
        "hovertemplate": "rate %{x:.3~g}: diverged<extra></extra>",
    }


def _stable_marks(
    largest_stable: float | None, smallest_diverged: float | None
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the line at the largest rate that did not diverge, with its label."""
    if largest_stable is None or smallest_diverged is None:
        return [], []
    shape = {
        "type": "line",
        "x0": largest_stable,
        "x1": largest_stable,
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "line": {"color": "--bad", "dash": "dash", "width": 1.5},
    }
    label = {
        "x": log10(largest_stable),
        "y": 1,
        "yref": "paper",
        "xanchor": "right",
        "yanchor": "top",
        "xshift": -5,
        "text": "largest stable",
        "showarrow": False,
        "font": {"color": "--bad"},
    }
    return [shape], [label]
