"""Two small tables of the search: batch sizes at equal time, and the grid around the chosen setting."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from practicum.core.measures import MISSING, Measure
from practicum.core.summary import GridTable, Summary

SHADES = " ░▒▓█"
"""From the lowest error of a grid to the highest; ranks, not differences, so that one bad corner hides nothing."""


def batch_sizes_section(summary: Summary) -> Iterable[RenderableType]:
    """Yield the table of batch sizes and its sentence; nothing where they were not compared [3.1-08]."""
    found = None if summary.search is None else summary.search.batch_sizes
    if found is None:
        return
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, pad_edge=False)
    cost = "µs/example" if found.timed else "cost/example"
    for name in ("", "batch size", cost, "updates", "time", "rate", f"valid {summary.measure.title}", "±"):
        table.add_column(name, justify="right" if name else "left", no_wrap=True)
    for row in found.rows:
        table.add_row(
            "chosen" if row.batch_size == found.chosen else "",
            str(row.batch_size),
            f"{1e6 * row.cost if found.timed else row.cost:.3g}",
            f"{row.num_steps * row.share:,.0f}",
            f"{100 * row.share:.0f} %",
            f"{row.learning_rate:.3g}",
            summary.measure.words(row.error),
            summary.measure.difference_words(row.standard_error),
        )
    yield table
    yield Text(found.text)


def grid_section(summary: Summary) -> Iterable[RenderableType]:
    """Yield the grid as a small map of errors and its sentence; nothing where there is none [3.4-07]."""
    grid = None if summary.search is None else summary.search.grid
    if grid is None:
        return
    yield grid_table(grid, summary.measure)
    yield Text(f"Down {grid.row_name}, across {grid.column_name}; * chosen setting; the darker, the worse.")
    yield Text(grid.text)


def grid_table(grid: GridTable, measure: Measure) -> Table:
    """Return a grid's errors, each with a shade by its rank; the winner's own cell has a star."""
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, pad_edge=False)
    table.add_column(f"{grid.row_name} \\ {grid.column_name}", justify="right", no_wrap=True)
    for column in grid.column_values:
        table.add_column(f"{column:.3g}", justify="right", no_wrap=True)
    shades = shades_of([error for row in grid.errors for error in row])
    for i, row in enumerate(grid.row_values):
        cells = []
        for j, column in enumerate(grid.column_values):
            star = "*" if (row, column) == grid.best else ""
            error = grid.errors[i][j]
            words = measure.words(error) if math.isfinite(error) else MISSING
            cells.append(Text(f"{star}{words} {shades[i * len(grid.column_values) + j]}"))
        table.add_row(f"{row:.3g}", *cells)
    return table


def shades_of(errors: Sequence[float]) -> list[str]:
    """Return a shade for each error, by its rank; what diverged is darkest.

    Example:
        >>> shades_of([0.1, 0.2, 0.3, 0.4, float("nan")])
        [' ', '░', '▒', '▓', '█']
    """
    keys = [error if math.isfinite(error) else math.inf for error in errors]
    ranks = {error: rank for rank, error in enumerate(sorted(set(keys)))}
    last = max(1, len(ranks) - 1)
    return [SHADES[round((len(SHADES) - 1) * ranks[key] / last)] for key in keys]
