"""The record of a run: everything that was measured, folded from events, saved as a table.

One row per trial and validation. The x-axis of every curve is age, the number of examples seen [4.2-02].
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import polars as pl

from practicum.core.errors import RecordError
from practicum.core.events import Ended, Event, Measured, StopReason, Validated

SCHEMA: dict[str, type[pl.DataType]] = {
    "trial": pl.Int64,
    "step": pl.Int64,
    "age": pl.Int64,
    "learning_rate": pl.Float64,
    "train_loss": pl.Float64,
    "valid_loss": pl.Float64,
    "valid_error": pl.Float64,
    "improved": pl.Boolean,
}


STATISTICS: dict[str, type[pl.DataType]] = {
    "trial": pl.Int64,
    "step": pl.Int64,
    "age": pl.Int64,
    "layer": pl.Int64,
    "weight_norm": pl.Float64,
    "update_ratio": pl.Float64,
    "output_rms": pl.Float64,
    "slope_rms": pl.Float64,
    "idle_fraction": pl.Float64,
}
"""Columns of what is measured by layer, one row a trial, layer and look (:class:`practicum.core.events.Measured`)."""


class Record:
    """All that was measured, for any number of trials.

    Example:
        >>> record = Record()
        >>> record.frame().columns[:3]
        ['trial', 'step', 'age']
    """

    def __init__(self, frame: pl.DataFrame | None = None) -> None:
        self._frame = pl.DataFrame(schema=SCHEMA) if frame is None else frame
        self._waiting: list[Validated] = []
        self._statistics = pl.DataFrame(schema=STATISTICS)
        self._measured: list[Measured] = []
        self.ends: dict[int, tuple[int, StopReason]] = {}

    def fold(self, events: Iterable[Event]) -> None:
        """Take in ``events``, in the order in which they happened."""
        for event in events:
            if isinstance(event, Validated):
                self._waiting.append(event)  # a table of each would cost more than a small net's updates
            elif isinstance(event, Measured):
                self._measured.append(event)
            elif isinstance(event, Ended):
                self.ends[event.trial] = (event.step, event.reason)

    def forget(self, first: int) -> None:
        """Drop what was measured of trials from ``first`` on: they were left out, and others get their numbers."""
        self._frame = self.frame().filter(pl.col("trial") < first)
        self.ends = {trial: end for trial, end in self.ends.items() if trial < first}
        self._statistics = self.statistics().filter(pl.col("trial") < first)

    def frame(self) -> pl.DataFrame:
        """Return all rows, sorted by trial and step (columns: :data:`SCHEMA`)."""
        if self._waiting:
            self._frame = pl.concat([self._frame, _rows(self._waiting)])
            self._waiting = []
        return self._frame.sort("trial", "step")

    def statistics(self) -> pl.DataFrame:
        """Return what was measured by layer, sorted by trial, step and layer (columns: :data:`STATISTICS`)."""
        frames = [_layers(event) for event in self._measured]
        self._statistics, self._measured = pl.concat([self._statistics, *frames]), []
        return self._statistics.sort("trial", "step", "layer")

    def save(self, path: Path) -> None:
        """Write the rows to ``path`` as Parquet."""
        self.frame().write_parquet(path)

    @classmethod
    def load(cls, path: Path) -> Record:
        """Read rows written by :meth:`save`.

        Raises:
            RecordError: if the file is absent, damaged or has other columns.
        """
        try:
            frame = pl.read_parquet(path)
        except (OSError, pl.exceptions.PolarsError) as error:
            raise RecordError(
                f"`record` must be a readable Parquet file, but {path} is not: {error}."
            ) from None
        if frame.schema != pl.Schema(SCHEMA):
            raise RecordError(
                f"`record` must have the columns {', '.join(SCHEMA)}, but {path} has {', '.join(frame.columns)}."
            )
        return cls(frame)


def _rows(events: list[Validated]) -> pl.DataFrame:
    """Return a row for each event and each trial that still trained."""
    sizes = [len(event.trials) for event in events]
    columns = {
        "trial": np.concatenate([event.trials for event in events]),
        "step": np.repeat([event.step for event in events], sizes),
        "age": np.repeat([event.age for event in events], sizes),
        **{
            name: np.concatenate([getattr(event, name) for event in events])
            for name in ("learning_rate", "train_loss", "valid_loss", "valid_error", "improved")
        },
    }
    alive = np.concatenate([event.alive for event in events])
    return pl.DataFrame(columns, schema=SCHEMA).filter(pl.Series(alive))


def _layers(event: Measured) -> pl.DataFrame:
    """Return a row for each trial and layer."""
    num_trials, num_layers = event.weight_norm.shape
    values = [name for name in STATISTICS if name not in ("trial", "step", "age", "layer")]
    columns = {
        "trial": np.repeat(event.trials, num_layers),
        "step": np.full(num_trials * num_layers, event.step),
        "age": np.full(num_trials * num_layers, event.age),
        "layer": np.tile(np.arange(num_layers), num_trials),
        **{name: getattr(event, name).reshape(-1) for name in values},
    }
    return pl.DataFrame(columns, schema=STATISTICS)
