"""Sentences about a preparation: what the fit left out, and what new rows lack or hold that training did not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from practicum.core.errors import DataError, nearest
from practicum.data.encode import ColumnPlan
from practicum.data.numeric import CLIP_DEVIATIONS
from practicum.data.schema import Schema

NAMES_SHOWN = 5


def listed(names: Iterable[str]) -> str:
    """Return the first few names and how many more there are.

    Example:
        >>> listed("abcdefg")
        'a, b, c, d, e and 2 more'
    """
    names = list(names)
    more = f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else ""
    return ", ".join(names[:NAMES_SHOWN]) + more


def check_present(needed: Sequence[str], names: Sequence[str]) -> None:
    """Raise unless a table has all the columns that a preparation needs.

    Raises:
        DataError: naming the columns that are missing, and the nearest name there is.
    """
    there = set(names)
    absent = [name for name in needed if name not in there]
    if absent:
        offered = nearest(absent[0], there.difference(needed))
        raise DataError(
            f"The table must have the columns of the training table, but {len(absent)} of {len(needed)} are"
            f" missing: {listed(absent)}.{offered} Add them, with empty cells if the values are unknown.",
            columns=absent,
        )


def fit_notes(plans: Sequence[ColumnPlan]) -> Iterator[str]:
    """Yield what should be said about plans fitted on training rows."""
    empty = [plan.name for plan in plans if not plan.input_names and not plan.embedded]
    if empty:
        yield f"The same in all training rows, left out: {listed(empty)}."
    for tail, verb in (("log", "logarithm"), ("sqrt", "square root")):
        names = [name for plan in plans for name, scaling in plan.scalings.items() if scaling.tail == tail]
        if names:
            yield f"Long tails shortened by the {verb}: {listed(names)}."
    clipped = {name: s.num_clipped for plan in plans for name, s in plan.scalings.items() if s.num_clipped}
    if clipped:
        yield (
            f"Training cells more than {CLIP_DEVIATIONS:g} deviations from their mean are taken as"
            f" {CLIP_DEVIATIONS:g}: {sum(clipped.values()):,} ({listed(clipped)}). `tails: log` may suit these columns."
        )


def rows_notes(
    schema: Schema,
    plans: Sequence[ColumnPlan],
    frame: pl.DataFrame,
    rows: NDArray[np.int64] | None = None,
) -> Iterator[str]:
    """Yield what should be said about rows to be transformed.

    Args:
        schema: of the training table.
        plans: of its columns.
        frame: the table of the rows.
        rows: which of them; None: all.
    """
    known = {column.name for column in schema.columns}
    extra = [name for name in frame.columns if name not in known]
    if extra:
        yield f"Columns that the training table did not have are ignored: {listed(extra)}."
    for plan in plans:
        series = frame[plan.name] if rows is None else frame[plan.name].gather(rows)
        unknown = plan.num_unknown(series)
        if unknown:
            cells = "1 cell holds" if unknown == 1 else f"{unknown:,} cells hold"
            yield f'"{plan.name}": {cells} what no training row held; taken as unseen.'
