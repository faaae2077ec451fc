"""One column of the table to its inputs: fitted on training rows, then applied to any rows.

A numeric column gives one input, a boolean one, a date several, a category one a level (or a code for an
embedding); each also gives an input that says "missing" if training rows miss it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from practicum.data import dates
from practicum.data.categorical import Levels
from practicum.data.numeric import (
    Floats,
    Preprocess,
    Scaling,
    Tails,
    fit_scaling,
    fit_two_valued,
    read_numbers,
)
from practicum.data.schema import Column
from practicum.data.text import num_missing, truth

Categories = Literal["one_hot", "embedding"]


@dataclass(frozen=True)
class ColumnPlan:
    """How one column becomes inputs.

    Attributes:
        name: of the column.
        kind: what it holds.
        format: how a date written as text is read.
        lenient: whether text among numbers counts as missing (as in training, by the schema's wish).
        hours: whether dates have an hour.
        scalings: by the name of the input, in their order.
        indicator: scaling of the input that says "missing"; None if training rows miss nothing.
        levels: of a category.
        embedded: whether a category is looked up by its code.
    """

    name: str
    kind: Literal["numeric", "categorical", "boolean", "datetime"]
    format: str | None = None
    lenient: bool = False
    hours: bool = False
    scalings: dict[str, Scaling] = field(default_factory=dict)
    indicator: Scaling | None = None
    levels: Levels | None = None
    embedded: bool = False

    @property
    def input_names(self) -> tuple[str, ...]:
        """Return a name for each input that this column gives."""
        names = list(self.scalings)
        if self.levels is not None and not self.embedded:
            names += [f"{self.name}={level}" for level in self.levels.names]
        missing = self.indicator is not None or (
            self.levels is not None and self.levels.has_missing and not self.embedded
        )
        return tuple([*names, f"{self.name} missing"] if missing else names)

    def numbers(self, series: pl.Series) -> dict[str, Floats]:
        """Return the numbers behind the inputs, before scaling, NaN where missing."""
        return read_parts(series, self.kind, form=self.format, lenient=self.lenient, hours=self.hours)

    def fill(self, series: pl.Series, out: NDArray[np.float32]) -> None:
        """Write the inputs of some rows into ``out``, shape (N, len(input_names)).

        Raises:
            DataError: if a cell cannot be read as the column's kind.
        """
        if self.levels is not None:
            if not self.embedded:
                out[:] = self._table[self.levels.encode(series)]
            return
        numbers = self.numbers(series)
        for place, (name, scaling) in enumerate(self.scalings.items()):
            out[:, place] = scaling.apply(numbers[name])
        if self.indicator is not None:
            missing = np.isnan(next(iter(numbers.values()))).astype(np.float64)
            out[:, -1] = self.indicator.apply(missing)

    def num_unknown(self, series: pl.Series) -> int:
        """Return how many cells hold what training rows never did: a new level, or neither yes nor no."""
        if self.levels is not None:
            return int(np.count_nonzero(self.levels.encode(series) == 0))
        if self.kind == "boolean":
            return truth(series).null_count() - num_missing(series)
        return 0

    @cached_property
    def _table(self) -> NDArray[np.float32]:
        assert self.levels is not None
        return self.levels.one_hot()


def read_parts(
    series: pl.Series,
    kind: str,
    *,
    form: str | None = None,
    lenient: bool = False,
    hours: bool = False,
) -> dict[str, Floats]:
    """Return a column as one or more named vectors of numbers, NaN where missing."""
    if kind == "boolean":
        return {series.name: truth(series).cast(pl.Float64).to_numpy()}
    if kind == "datetime":
        numbers = dates.parts(dates.to_moments(series, form), hours=hours)
        return {f"{series.name} {part}": values for part, values in numbers.items()}
    return {series.name: read_numbers(series, lenient=lenient)}


def fit_column(
    series: pl.Series,
    column: Column,
    *,
    preprocess: Preprocess,
    tails: Tails,
    categories: Categories,
) -> ColumnPlan:
    """Return how a column becomes inputs, fitted on its training rows.

    Args:
        series: training cells only.
        column: what the schema says of it; must be of an input kind.
        preprocess: what happens to numbers.
        tails: what happens to long tails.
        categories: inputs or codes for levels.

    Returns:
        The plan; it has no inputs if all training cells are alike.
    """
    if column.kind == "categorical":
        levels = Levels.fit(series, column.levels)
        if levels.num_codes <= 2:  # "unseen" and one more: says nothing
            return ColumnPlan(column.name, "categorical")
        return ColumnPlan(
            column.name,
            "categorical",
            levels=levels,
            embedded=categories == "embedding",
        )
    kind: Literal["numeric", "boolean", "datetime"]
    kind = "boolean" if column.kind == "boolean" else "datetime" if column.kind == "datetime" else "numeric"
    hours = kind == "datetime" and dates.has_hours(dates.to_moments(series, column.format))
    lenient = column.text_is_missing
    numbers = read_parts(series, kind, form=column.format, lenient=lenient, hours=hours)
    scalings: dict[str, Scaling] = {}
    for name, values in numbers.items():
        if kind == "boolean":
            scaling = fit_two_valued(values)
        else:
            shorten = tails if kind == "numeric" else "none"
            scaling = fit_scaling(values, preprocess, shorten, pixels=series.dtype == pl.UInt8)
        if scaling is not None:
            scalings[name] = scaling
    missing = np.isnan(next(iter(numbers.values()))).astype(np.float64)
    return ColumnPlan(
        column.name,
        kind,
        format=column.format,
        lenient=lenient,
        hours=hours,
        scalings=scalings,
        indicator=fit_two_valued(missing),
    )
