"""The loss curves over age, examples seen [4.2-01, 4.2-02], thinned so that the page stays light."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from practicum.core.summary import Summary, Trial
from practicum.report.charts import Figure, Trace
from practicum.report.words import best_search_trial

MAX_POINTS = 500
"""Points drawn of one curve."""

LOG_RANGE = 30
"""A loss that falls by more than this factor is drawn on a log axis."""


def thin(curve: pl.DataFrame, most: int = MAX_POINTS) -> pl.DataFrame:
    """Return at most ``most`` rows, evenly spread: the first, the last and the lowest validation loss among them.

    Example:
        >>> whole = pl.DataFrame({"valid_loss": [float(abs(i - 700)) for i in range(1000)]})
        >>> few = thin(whole, 10)
        >>> len(few), few["valid_loss"].min(), few["valid_loss"][0], few["valid_loss"][-1]
        (10, 0.0, 700.0, 299.0)
    """
    if len(curve) <= most:
        return curve
    places = np.linspace(0, len(curve) - 1, most - 1).round().astype(np.int64)
    losses = np.nan_to_num(curve["valid_loss"].to_numpy(), nan=np.inf)
    return curve[np.union1d(places, [int(losses.argmin())])]


def curves_figure(summary: Summary, frame: pl.DataFrame) -> Figure | None:
    """Return training and validation loss over age, of the chosen setting's trainings.

    Args:
        summary: names the trials.
        frame: the record (:data:`practicum.core.record.SCHEMA`).
    """
    drawn = [(trial, _curve(frame, trial)) for trial in chosen_trials(summary)]
    drawn = [(trial, curve) for trial, curve in drawn if len(curve)]
    if not drawn:
        return None
    data: list[Trace] = []
    longest = max(len(curve) for _, curve in drawn)
    for trial, curve in drawn:
        data += _traces(trial, thin(curve), strong=trial is drawn[0][0])
    data.append(_kept(drawn))
    note = (
        f" Curves of more than {MAX_POINTS} validations are thinned evenly, their minimum kept (the longest has "
        f"{longest:,})."
        if longest > MAX_POINTS
        else ""
    )
    unit = "½ squared error, standardised target" if summary.is_regression else "nats a row"
    return Figure(
        name="curves",
        title=_title(drawn),
        caption="Mean loss on minibatches (train) and on all validation rows (valid). A star marks the weights that "
        f"early stopping kept: the {_followed(summary)}. The thick curves are the first training of the chosen "
        f"setting, the thin ones its others: they differ by seed, or by fold.{note}",
        guide=("4.2-01", "4.2-02", "3.1-09"),
        data=data,
        layout={
            "xaxis": {
                "title": {"text": "age (examples seen)"},
                "exponentformat": "SI",
                "rangemode": "tozero",
            },
            "yaxis": {"title": {"text": f"loss ({unit})"}, "type": "log" if _wide(drawn) else "linear"},
        },
        height=400,
    )


def chosen_trials(summary: Summary) -> list[Trial]:
    """Return the trainings of the setting that was chosen; without finals, the best trial of the search."""
    finalists = summary.search.finalists if summary.search is not None else []
    values = next((one.values for one in finalists if one.chosen), None)
    best = best_search_trial(summary)
    finals = [trial for trial in summary.members if values is None or trial.values == values]
    return finals or ([] if best is None else [best])


def _followed(summary: Summary) -> str:
    """Return what early stopping followed."""
    return (
        f"best validation {summary.measure.title}"
        if summary.recipe.get("stop_on") == "error"
        else "lowest validation loss"
    )


def _curve(frame: pl.DataFrame, trial: Trial) -> pl.DataFrame:
    return frame.filter((pl.col("trial") == trial.number) & pl.col("valid_loss").is_finite()).sort("age")


def _title(drawn: list[tuple[Trial, pl.DataFrame]]) -> str:
    """Return what the first validation curve shows: it turned up again, or it still fell at the end."""
    losses = drawn[0][1]["valid_loss"].to_numpy()
    if losses.argmin() == len(losses) - 1:
        return "Validation loss was still falling when training ended."
    if losses[-1] > 1.05 * losses.min():
        return "Validation loss reached a minimum and rose again: longer training would only overfit."
    return "Validation loss reached a minimum and stayed near it."


def _traces(trial: Trial, curve: pl.DataFrame, *, strong: bool) -> list[Trace]:
    named = f"{trial.phase} trial {trial.number}, seed {trial.seed}"
    found: list[Trace] = []
    for column, name, colour, dash in (
        ("train_loss", "train", "--train", "dot"),
        ("valid_loss", "valid", "--valid", "solid"),
    ):
        found.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": name,
                "legendgroup": name,
                "showlegend": strong,
                "x": curve["age"].to_list(),
                "y": _plain(curve[column]),
                "opacity": 1.0 if strong else 0.45,
                "line": {"color": colour, "dash": dash, "width": 2.5 if strong else 1.2},
                "hovertemplate": f"{named}<br>{name} loss %{{y:.4~g}} at %{{x:.3s}} examples<extra></extra>",
            }
        )
    return found


def _kept(drawn: list[tuple[Trial, pl.DataFrame]]) -> Trace:
    """Return the marks where the weights were kept: the best step, or the lowest loss if that was not recorded."""
    rows = []
    for trial, curve in drawn:
        at_best = curve.filter(pl.col("step") == trial.best_step)
        row = at_best if len(at_best) else curve[[int(curve["valid_loss"].to_numpy().argmin())]]
        rows.append(row.row(0, named=True))
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "weights kept",
        "x": [row["age"] for row in rows],
        "y": [row["valid_loss"] for row in rows],
        "marker": {
            "symbol": "star",
            "size": 12,
            "color": "--highlight",
            "line": {"color": "--ground", "width": 1},
        },
        "hovertemplate": "weights kept: validation loss %{y:.4~g} at %{x:.3s} examples<extra></extra>",
    }


def _wide(drawn: list[tuple[Trial, pl.DataFrame]]) -> bool:
    """Return whether the losses span so much that a linear axis would hide their ends."""
    losses = [float(loss) for _, curve in drawn for loss in _plain(curve["valid_loss"]) if loss is not None]
    return min(losses) > 0.0 and max(losses) > LOG_RANGE * min(losses)


def _plain(column: pl.Series) -> list[Any]:
    """Return numbers rounded to five digits, None for what is not finite."""
    return [float(f"{value:.5g}") if value is not None and np.isfinite(value) else None for value in column]
