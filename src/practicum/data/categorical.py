"""Categories: count levels, number them, and write them one-hot.

Code 0 is a level never seen in training; missing is a level of its own if training rows miss any.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from practicum.data.text import level_text


def count_levels(text: pl.Series) -> tuple[list[str], list[int]]:
    """Return levels and their numbers of rows, most frequent first, equals in alphabetical order.

    Args:
        text: cleaned strings; nulls are not counted.

    Example:
        >>> count_levels(pl.Series(["b", "a", "b", None]))
        (['b', 'a'], [2, 1])
    """
    counts = text.drop_nulls().rename("level").value_counts(name="rows")
    ordered = counts.sort(["rows", "level"], descending=[True, False])
    return ordered["level"].to_list(), ordered["rows"].to_list()


@dataclass(frozen=True)
class Levels:
    """The levels of one column, as found in the training rows.

    Attributes:
        names: most frequent first; ``names[i]`` has code i + 1.
        has_missing: whether missing cells are a level too (the last code); if not, they count as unseen.
    """

    names: tuple[str, ...]
    has_missing: bool

    @classmethod
    def fit(cls, series: pl.Series, allowed: list[str] | None = None) -> Levels:
        """Return the levels of training rows; with ``allowed``, only those count as seen."""
        text = level_text(series)
        names, _ = count_levels(text)
        kept = set(names if allowed is None else allowed)
        return cls(tuple(name for name in names if name in kept), text.null_count() > 0)

    @property
    def num_codes(self) -> int:
        """Return the number of codes, "unseen" counted."""
        return 1 + len(self.names) + self.has_missing

    @cached_property
    def _enum(self) -> pl.Enum:
        return pl.Enum(self.names)

    def encode(self, series: pl.Series) -> NDArray[np.int64]:
        """Return the code of each cell, shape (N,).

        Example:
            >>> Levels(("b", "a"), has_missing=False).encode(pl.Series(["a", "b", "new", None]))
            array([2, 1, 0, 0])
        """
        text = level_text(series)
        codes = text.cast(self._enum, strict=False).to_physical().cast(pl.Int64) + 1
        found = codes.fill_null(0).to_numpy()
        if self.has_missing:
            return np.where(text.is_null().to_numpy(), self.num_codes - 1, found)
        return found

    def one_hot(self) -> NDArray[np.float32]:
        """Return the input vector of each code, shape (num_codes, num_codes − 1).

        Neither centred nor divided by the deviation; see :func:`practicum.data.numeric.fit_two_valued`. An unseen
        level is the zero vector: an input of its own would never have been trained.
        """
        return np.eye(self.num_codes, dtype=np.float32)[:, 1:]
