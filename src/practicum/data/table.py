"""What reading gives: one frame, where it came from, and what the user should be told."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, slots=True)
class Table:
    """Rows and named columns as they were read, before anybody says what they mean.

    Attributes:
        frame: the cells; missing ones are null (never NaN), column names are unique and not empty.
        source: the path, or the kind of object in memory; for messages.
        notes: what the user should be told, one sentence each, e.g. ``Columns are separated by ";".``
    """

    frame: pl.DataFrame
    source: str
    notes: tuple[str, ...] = ()
