"""Facts about the figure of layers."""

import math

import polars as pl

from practicum.core.record import STATISTICS
from practicum.report.curves import chosen_trials
from practicum.report.layers import layers_figure


def rows(*values, trial):
    """Return ratios of two layers at one look of a trial."""
    columns = {name: [0.0] * len(values) for name in STATISTICS}
    columns |= {"trial": [trial] * len(values), "step": [25] * len(values), "age": [800] * len(values)}
    return pl.DataFrame(
        columns | {"layer": list(range(len(values))), "update_ratio": list(values)}, schema=STATISTICS
    )


def test_a_line_a_layer(make_summary):
    """Of the chosen trials alone; the last is the output."""
    summary = make_summary()
    chosen = chosen_trials(summary)[0].number
    table = pl.concat([rows(1e-3, 2e-3, trial=chosen), rows(5.0, 5.0, trial=chosen + 1000)])

    figure = layers_figure(summary, table)
    assert [trace["name"] for trace in figure.data] == ["hidden layer 1", "output layer"]
    assert [trace["y"] for trace in figure.data] == [[1e-3], [2e-3]]


def test_nothing_measured_is_no_figure(make_summary):
    """Nor are numbers that a log axis has no place for."""
    summary = make_summary()
    number = chosen_trials(summary)[0].number

    assert layers_figure(summary, pl.DataFrame(schema=STATISTICS)) is None
    assert layers_figure(summary, rows(math.nan, 0.0, trial=number)) is None
