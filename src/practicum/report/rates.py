"""Error over learning rate: every trial of the search, the best and the diverged marked [3.1-01, 2.1-02]."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10
from typing import Any

from practicum.core.measures import Measure
from practicum.core.summary import LearningRate, Summary, Trial
from practicum.report import words
from practicum.report.charts import Figure, Trace, error_axis


def rates_figure(summary: Summary) -> Figure | None:
    """Return error over learning rate, diverged trials and the best marked; None where nothing was searched."""
    rate, trials = summary.learning_rate, summary.search_trials
    if rate is None or not trials:
        return None
    measure, best = summary.measure, words.best_search_trial(summary)
    data: list[Trace] = []
    styles = (
        ("wide", "circle-open", "--muted"),
        ("extended", "square-open", "--muted"),
        ("zoom", "circle", "--network"),
    )
    for phase, symbol, colour in styles:
        some = [trial for trial in trials if trial.phase == phase and not trial.diverged]
        if some:
            data.append(_rate_trace(measure, phase, some, symbol, colour))
    errors = [y for trace in data for y in trace["y"] if y is not None]
    diverged = [trial for trial in trials if trial.diverged]
    if diverged:
        worst = min if measure.higher_is_better else max
        data.append(_diverged_trace(diverged, worst(errors, default=1.0)))
    if best is not None:
        star = _rate_trace(measure, "best", [best], "star", "--highlight")
        star["marker"] |= {"size": 16}
        data.append(star | {"mode": "markers"})
    shapes, annotations = _stable_marks(rate.largest_stable, rate.smallest_diverged)
    return Figure(
        name="rates",
        title=_rates_title(rate, has_best=best is not None),
        caption=f"{rate.text} Each mark is one trial; trials may differ in other settings and in length too. "
        f"A cross is a diverged trial: it stands where the worst one does. {words.ties_words(summary)}".rstrip(),
        guide=("3.1-01", "3.1-02", "2.1-02", "3.3-03"),
        data=data,
        layout={
            "xaxis": {
                "type": "log",
                "title": {"text": "learning rate (log scale)"},
                "exponentformat": "power",
                "dtick": 1,
            },
            "yaxis": error_axis(measure, "Validation"),
            "shapes": shapes,
            "annotations": annotations,
        },
        height=380,
    )


def _rates_title(rate: LearningRate, *, has_best: bool) -> str:
    """Return the best rate and how it stands to the largest that did not diverge."""
    if not has_best:
        return "Every learning rate diverged."
    title = f"The chosen learning rate is {words.number(rate.best)}"
    if rate.ratio is None or rate.smallest_diverged is None:
        return f"{title}."
    times = "" if abs(rate.ratio - 1) < 0.005 else f"{words.number(rate.ratio, 2)} times "
    return f"{title}, {times}the largest that did not diverge."


def _rate_trace(measure: Measure, name: str, trials: Sequence[Trial], symbol: str, colour: str) -> Trace:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [trial.learning_rate for trial in trials],
        "y": [measure.shown(trial.valid_error) for trial in trials],
        "customdata": [
            [trial.number, words.STATUS[trial.status], f"{trial.num_steps:,}"] for trial in trials
        ],
        "marker": {"symbol": symbol, "color": colour, "size": 9},
        "line": {"color": colour, "width": 1.5},
        "hovertemplate": f"rate %{{x:.3~g}}: {measure.title} "
        "%{y:.4~g}<br>trial %{customdata[0]}, %{customdata[1]} after "
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
