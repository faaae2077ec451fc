"""All rows of a table to learn from, none to test on: what an estimator is given, whose caller keeps the test rows.

As :mod:`practicum.data.pipeline`, for columns that are understood already; rows may differ in importance, and there may
be very few of them.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from practicum.data.copies import copies_of, repeated
from practicum.data.key import DataKey
from practicum.data.observations import Observations
from practicum.data.pipeline import Loaded, Prepared, fitted
from practicum.data.schema import Schema
from practicum.data.split import Rows, Split, split_rows
from practicum.data.table import Table
from practicum.data.target import MIN_ROWS
from practicum.recipe import Recipe

TOO_FEW = "There are too few rows to hold some out: they teach and choose."


def prepare_given(observed: Observations, schema: Schema, recipe: Recipe, seed: int = 0) -> Prepared:
    """Split all rows into train and valid, fit the preparation on train and apply it to both.

    Args:
        observed: all with a target.
        schema: what the columns are.
        recipe: its preparation settings are used [3.2-42].
        seed: of the split.

    Raises:
        DataError: if the rows cannot be prepared, e.g. since no input differs among them.
    """
    frame = observed.frame
    split = _split(frame, schema, seed)
    if observed.importance is not None:
        split = with_copies(split, copies_of(observed.importance))
    key = DataKey.of(recipe).held_out()
    preparation = fitted(frame, schema, split, key)
    train, valid, test = (
        preparation.transform(frame, rows=rows) for rows in (split.train, split.valid, split.test)
    )
    loaded = Loaded(Table(frame, "X"), schema.target, None)
    notes = (*split.notes, *preparation.notes)
    return Prepared(loaded, schema, preparation, split, train, valid, test, notes, key)


def is_held_out(data: Prepared) -> bool:
    """Return whether the rows that choose are others than those that teach."""
    return TOO_FEW not in data.split.notes


def with_copies(split: Split, copies: Rows) -> Split:
    """Return the split with each row as often as ``copies`` says, all of them in the part where the row is."""
    return replace(
        split, train=repeated(split.train, copies), valid=repeated(split.valid, copies), copies=copies
    )


def not_held_out(num_rows: int, seed: int = 0) -> Split:
    """Return the split of rows that all teach and, if need be, choose."""
    rows = np.arange(num_rows, dtype=np.int64)
    return Split(rows, rows, rows[:0], "stratified", (TOO_FEW,), seed=seed)


def _split(frame: pl.DataFrame, schema: Schema, seed: int) -> Split:
    """Return which rows train and which validate; all do both where there are too few to share out."""
    if len(frame) < MIN_ROWS:
        return not_held_out(len(frame), seed)
    return split_rows(frame, schema, seed=seed, test_fraction=0.0)
