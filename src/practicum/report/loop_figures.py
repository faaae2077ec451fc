"""Figures of a watched loop, over age: losses, rates, steps beside weights, gradients by layer, idle units."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from practicum.monitor.facts import Facts
from practicum.monitor.loop_record import LoopRecord
from practicum.report.charts import Figure, Trace, safe
from practicum.report.probes_figure import probes_figure
from practicum.statistics.update_ratio import TARGET

POINTS = 400
"""Points of the loss curve, at most: each is the median of as many steps as fall on it."""

LINES = 12
"""Layers or parameters that have a line of their own; where there are more, they are chosen evenly."""

AGE = {"title": {"text": "examples seen"}}
LOG = {"type": "log", "exponentformat": "power", "dtick": 1}
DASHES = ("solid", "dash", "dot", "dashdot")
COLOURS = ("--network", "--train", "--muted", "--highlight", "--bad")


def loop_figures(facts: Facts, record: LoopRecord) -> list[Figure]:
    """Return those figures for which something was measured, in the order of the page."""
    found = [
        losses_figure(facts, record),
        rates_figure(record),
        ratios_figure(record),
        gradients_figure(record),
        signal_figure(facts),
        units_figure(record),
        trajectory_figure(facts),
        probes_figure(facts),
    ]
    return [one for one in found if one is not None]


def losses_figure(facts: Facts, record: LoopRecord) -> Figure | None:
    """Return the training loss, thinned, and the validation losses."""
    losses = record.losses.filter(pl.col("loss").is_finite())
    if losses.is_empty():
        return None
    each = facts.num_examples_seen / max(1, facts.num_steps) or 1.0
    width = max(1, math.ceil(len(losses) / POINTS))
    thin = losses.group_by(((pl.col("step") - 1) // width).alias("window"), maintain_order=True).agg(
        pl.col("step").last(), pl.col("loss").median()
    )
    x = [step * each for step in thin["step"]]
    data = [_line("training", x, thin["loss"].to_list(), "--train", "solid")]
    valid = record.validations.filter(pl.col("valid_loss").is_finite())
    if len(valid):
        steps = [step * each for step in valid["step"]]
        data.append(
            _line("validation", steps, valid["valid_loss"].to_list(), "--valid", "dash", mode="lines+markers")
        )
    first, last = thin["loss"][0], thin["loss"][-1]
    thinned = f" Each point of the training loss is the median of {width} steps." if width > 1 else ""
    positive = min([*thin["loss"], *valid["valid_loss"]]) > 0
    return Figure(
        name="losses",
        title=f"The training loss went from {first:.3g} to {last:.3g}.",
        caption=f"Loss of the minibatches, and of the validations.{thinned}",
        guide=("4.2-01", "4.2-02"),
        data=data,
        layout={"xaxis": AGE, "yaxis": {"title": {"text": "loss"}, **({"type": "log"} if positive else {})}},
    )


def rates_figure(record: LoopRecord) -> Figure | None:
    """Return the learning rate of each group; None where it never changed."""
    table = record.settings
    if table.is_empty() or table["learning_rate"].n_unique() < 2:
        return None
    groups = table["group"].unique(maintain_order=True).to_list()
    data = [
        _series(table.filter(pl.col("group") == group), "learning_rate", f"group {group}", number)
        for number, group in enumerate(groups[:LINES])
    ]
    rates = table["learning_rate"].to_list()
    low, high = min(rates), max(rates)
    return Figure(
        name="rates",
        title=f"The learning rate lay between {low:.3g} and {high:.3g}.",
        caption="Of each group of parameters, at the steps that were looked at closely.",
        guide=("3.1-02",),
        data=data,
        layout={"xaxis": AGE, "yaxis": {"title": {"text": "learning rate"}, "rangemode": "tozero"}},
    )


def ratios_figure(record: LoopRecord) -> Figure | None:
    """Return the size of the steps beside the weights, by weight."""
    table = _usable(record.parameters.filter(pl.col("kind") == "weight"), "update_ratio")
    if table.is_empty():
        return None
    middle = float(table["update_ratio"].median())  # type: ignore[arg-type]
    line = {"color": "--muted", "dash": "dot", "width": 1}
    shape = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": TARGET, "y1": TARGET, "line": line}
    return Figure(
        name="ratios",
        title=f"A step changed the weights by {middle:.2g} of their size, in the median.",
        caption="Norm of the update over norm of the weights. The dotted line is the chapter's 1/1000; far above it "
        "training becomes unstable, far below it takes for ever.",
        guide=("4.2-13", "6.2-03"),
        data=_by_name(table, "update_ratio"),
        layout={"xaxis": AGE, "yaxis": {"title": {"text": "update / weight"}, **LOG}, "shapes": [shape]},
    )


def gradients_figure(record: LoopRecord) -> Figure | None:
    """Return the norm of each weight's gradient."""
    table = _usable(record.parameters.filter(pl.col("kind") == "weight"), "gradient_norm")
    if table.is_empty():
        return None
    last = table.filter(pl.col("step") == table["step"].max())["gradient_norm"]
    spread = float(last.max()) / float(last.min())  # type: ignore[arg-type]
    return Figure(
        name="gradients",
        title=f"At the last look the largest gradient was {spread:.2g} times the smallest.",
        caption="Norm of each weight's gradient, as the optimiser took it.",
        guide=("4.2-11",),
        data=_by_name(table, "gradient_norm"),
        layout={"xaxis": AGE, "yaxis": {"title": {"text": "gradient norm"}, **LOG}},
    )


def signal_figure(facts: Facts) -> Figure | None:
    """Return the size of outputs and gradients by depth, at the first and at the last look."""
    looks = [look for look in facts.looks if len(look.units) > 1]
    if not looks:
        return None
    data: list[Trace] = []
    for name, look, dash in (("first", looks[0], "dot"), ("last", looks[-1], "solid")):
        layers = [f"{one.place + 1}. {one.name} ({one.kind})" for one in look.units]
        for what, colour, key in (("output", "--network", "rms"), ("gradient", "--train", "gradient_rms")):
            values = [getattr(one, key) for one in look.units]
            kept = [value if value > 0 and math.isfinite(value) else None for value in values]
            data.append(
                _line(
                    f"{what}, {name} look",
                    [safe(one) for one in layers],
                    kept,
                    colour,
                    dash,
                    mode="lines+markers",
                )
            )
    return Figure(
        name="signal",
        title="How large outputs and gradients are, from the first layer to the last.",
        caption="Root mean square of each operation's output, and of the loss's gradient by it. Level lines are "
        "healthy; lines that fall or rise by powers of ten say that signal or gradient dies out or explodes.",
        guide=("6.1-05", "4.2-11"),
        data=data,
        layout={"xaxis": {"tickangle": -30}, "yaxis": {"title": {"text": "root mean square"}, **LOG}},
        height=380,
    )


def units_figure(record: LoopRecord) -> Figure | None:
    """Return the share of units that fire for no example, or are flat, by layer."""
    data: list[Trace] = []
    for key, what in (("dead_fraction", "silent"), ("saturation_fraction", "saturated")):
        table = record.units.filter(pl.col(key).is_not_null())
        for place in table["place"].unique(maintain_order=True).to_list()[:LINES]:
            rows = table.filter(pl.col("place") == place)
            data.append(_series(rows, key, f"{rows['name'][0]}: {what}", len(data)))
    if not data:
        return None
    worst = max(max(trace["y"]) for trace in data)
    return Figure(
        name="units",
        title=f"At most {worst:.0%} of a layer's units were silent or saturated in one minibatch.",
        caption="Silent: a rectifier's unit above zero for no example of the minibatch that was looked at. Saturated: "
        "a tanh's or sigmoid's unit with less than a twentieth of its slope left.",
        guide=("4.2-11",),
        data=data,
        layout={
            "xaxis": AGE,
            "yaxis": {"title": {"text": "share of units"}, "range": [0, 1.02], "tickformat": ".0%"},
        },
    )


def trajectory_figure(facts: Facts) -> Figure | None:
    """Return the way of the network's outputs through training, in two dimensions; None with fewer than four points."""
    shapes = {outputs.shape for _, _, outputs in facts.trajectory}
    points = np.array(
        [outputs.flatten().numpy() for _, _, outputs in facts.trajectory] if len(shapes) == 1 else []
    )
    if len(points) < 4 or not np.isfinite(points).all():
        return None
    centred = points - points.mean(0)
    left, sizes, _ = np.linalg.svd(centred, full_matrices=False)
    shown = float((sizes[:2] ** 2).sum() / max(1e-12, float((sizes**2).sum())))
    ways = (left[:, :2] * sizes[:2]).T.tolist()
    x, y = ways if len(ways) == 2 else (ways[0], [0.0] * len(points))  # one number has one direction
    steps = [f"step {step:,}" for step, _, _ in facts.trajectory]
    rows = facts.trajectory[0][2].shape[0]
    way: Trace = _line("network", x, y, "--network", "solid", mode="lines+markers+text")
    way |= {
        "text": [steps[0], *[""] * (len(steps) - 2), steps[-1]],
        "textposition": "top center",
        "hovertext": steps,
    }
    return Figure(
        name="trajectory",
        title="The way of the network through the space of functions.",
        caption=f"Its outputs for the same {rows} rows at {len(steps)} times, along the two directions in which they "
        f"moved most ({shown:.0%} of all movement). Close points are networks that say nearly the same.",
        guide=("4.2-10",),
        data=[way],
        layout={
            "xaxis": {"title": {"text": "first direction"}},
            "yaxis": {"title": {"text": "second direction"}},
            "showlegend": False,
        },
    )


def _usable(table: pl.DataFrame, column: str) -> pl.DataFrame:
    return table.filter(pl.col(column).is_finite() & (pl.col(column) > 0))


def _by_name(table: pl.DataFrame, column: str) -> list[Trace]:
    """Return a line a parameter, evenly chosen where they are many."""
    names = table["name"].unique(maintain_order=True).to_list()
    if len(names) > LINES:
        names = [names[round(place * (len(names) - 1) / (LINES - 1))] for place in range(LINES)]
    return [
        _series(table.filter(pl.col("name") == name), column, name, number)
        for number, name in enumerate(names)
    ]


def _series(table: pl.DataFrame, column: str, name: str, number: int) -> Trace:
    colour, dash = COLOURS[number % len(COLOURS)], DASHES[number // len(COLOURS) % len(DASHES)]
    return _line(name, table["age"].to_list(), table[column].to_list(), colour, dash, mode="lines+markers")


def _line(
    name: str, x: Sequence[Any], y: Sequence[Any], colour: str, dash: str, *, mode: str = "lines"
) -> Trace:
    """Return one line of a figure."""
    return {
        "type": "scatter",
        "mode": mode,
        "name": safe(name),
        "x": list(x),
        "y": list(y),
        "line": {"color": colour, "dash": dash, "width": 2},
        "marker": {"color": colour, "size": 5},
    }
