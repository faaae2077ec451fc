"""The parts of the summary that tell of batch sizes and of the small grid."""

from __future__ import annotations

from practicum.core.found import BatchSizeScore, BatchSizeTable, GridTable
from practicum.tuning.batch_size import BatchSizes
from practicum.tuning.small_grid import SmallGrid


def batch_sizes_part(found: BatchSizes | None, *, timed: bool) -> BatchSizeTable | None:
    """Return what batch sizes reached at equal time; None where they were not compared.

    Args:
        found: as compared.
        timed: whether their costs were measured, in seconds.
    """
    if found is None:
        return None
    rows = [
        BatchSizeScore(
            batch_size=row.batch_size,
            cost=row.pace.cost,
            num_steps=row.pace.num_steps,
            learning_rate=row.learning_rate,
            error=row.error,
            standard_error=row.standard_error,
            share=row.share,
        )
        for row in found.rows
    ]
    return BatchSizeTable(rows=rows, present=found.present, chosen=found.chosen, timed=timed, text=found.text)


def grid_part(found: SmallGrid | None) -> GridTable | None:
    """Return the small grid; None where none was drawn."""
    if found is None:
        return None
    return GridTable(
        row_name=found.rows.name,
        column_name=found.columns.name,
        row_values=list(found.rows.values),
        column_values=list(found.columns.values),
        best=(found.rows.best, found.columns.best),
        errors=found.errors.tolist(),
        num_steps=found.num_steps,
        text=found.text,
    )
