"""Facts about the summary's parts on batch sizes and on the small grid."""

from __future__ import annotations

import math

import numpy as np

from practicum.core.found import BatchSizeTable, GridTable
from practicum.report.beside import batch_sizes_part, grid_part
from practicum.tuning.batch_size import BatchSizes, Sized
from practicum.tuning.equal_time import Pace
from practicum.tuning.small_grid import Axis, SmallGrid


def test_nothing_stays_nothing():
    """Where neither was made."""
    assert batch_sizes_part(None, timed=True) is None
    assert grid_part(None) is None


def test_batch_sizes_are_told_and_read_back():
    """Costs, lengths, errors, and which were cut short."""
    rows = (
        Sized(16, Pace(300, 2e-5), 0.1, 0.2, 0.01),
        Sized(32, Pace(200, 1e-5), 0.2, math.inf, math.nan, share=0.5),
    )
    found = batch_sizes_part(BatchSizes(rows, 16, 16), timed=True)
    again = BatchSizeTable.model_validate_json(found.model_dump_json())

    assert [(row.batch_size, row.cost, row.num_steps, row.share) for row in again.rows] == [
        (16, 2e-5, 300, 1.0),
        (32, 1e-5, 200, 0.5),
    ]
    assert (again.present, again.chosen, again.timed) == (16, 16, True)
    assert math.isnan(again.rows[1].error)
    assert again.text.startswith("Compared at equal time")


def test_the_grid_is_told_and_read_back():
    """A cell that diverged has no error."""
    axes = Axis("learning_rate", (0.1, 0.2), 0.1), Axis("momentum", (0.0,), 0.0)
    found = grid_part(SmallGrid(*axes, np.array([[0.3], [math.inf]]), 500))
    again = GridTable.model_validate_json(found.model_dump_json())

    assert (again.row_name, again.column_name, again.best) == ("learning_rate", "momentum", (0.1, 0.0))
    assert again.row_values == [0.1, 0.2]
    assert again.errors[0] == [0.3]
    assert math.isnan(again.errors[1][0])
    assert again.num_steps == 500
