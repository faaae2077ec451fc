"""What was measured of the layers of the chosen setting's trainings: how large their steps were beside the weights."""

from __future__ import annotations

import polars as pl

from practicum.core.summary import Summary
from practicum.report.charts import Figure, Trace
from practicum.report.curves import chosen_trials
from practicum.statistics.update_ratio import TARGET

COLOURS = ("--network", "--train", "--muted", "--highlight", "--bad")
DASHES = ("solid", "dash", "dot", "dashdot")


def layers_figure(summary: Summary, statistics: pl.DataFrame) -> Figure | None:
    """Return the update ratio of each layer over age, the median over the trainings; None where none was measured.

    Args:
        summary: names the trials.
        statistics: what was measured by layer (:data:`practicum.core.record.STATISTICS`).

    Source:
        Bengio 2012, 4.2-13, 6.2-03.
    """
    numbers = [trial.number for trial in chosen_trials(summary)]
    table = statistics.filter(
        pl.col("trial").is_in(numbers) & pl.col("update_ratio").is_finite() & (pl.col("update_ratio") > 0)
    )
    if table.is_empty():
        return None
    middle = table.group_by("layer", "age").agg(pl.col("update_ratio").median()).sort("layer", "age")
    layers = middle["layer"].unique(maintain_order=True).to_list()
    data = [_line(middle.filter(pl.col("layer") == layer), layer, len(layers)) for layer in layers]
    typical = float(table["update_ratio"].median())  # type: ignore[arg-type]
    dotted = {"color": "--muted", "dash": "dot", "width": 1}
    target = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": TARGET, "y1": TARGET, "line": dotted}
    return Figure(
        name="layers",
        title=f"A step changed a layer's weights by {typical:.2g} of their size, in the median.",
        caption=f"Norm of the update over norm of the weights, layer by layer: the median over {len(numbers)} "
        f"training{'s' * (len(numbers) > 1)}, at the validations that were measured (the first, then each at twice the "
        "age). The dotted line is the chapter's 1/1000.",
        guide=("4.2-13", "6.2-03"),
        data=data,
        layout={
            "xaxis": {"title": {"text": "examples seen"}, "type": "log"},
            "yaxis": {"title": {"text": "update / weight"}, "type": "log", "exponentformat": "power"},
            "shapes": [target],
        },
    )


def _line(rows: pl.DataFrame, layer: int, num_layers: int) -> Trace:
    """Return one layer's line; the last is the output layer."""
    colour, dash = COLOURS[layer % len(COLOURS)], DASHES[layer // len(COLOURS) % len(DASHES)]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": "output layer" if layer == num_layers - 1 else f"hidden layer {layer + 1}",
        "x": rows["age"].to_list(),
        "y": rows["update_ratio"].to_list(),
        "line": {"color": colour, "dash": dash, "width": 2},
        "marker": {"color": colour, "size": 6},
    }
