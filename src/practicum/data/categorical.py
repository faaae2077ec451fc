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
        fractions: part of the training rows at each level, missing last, length :attr:`num_codes` − 1.
    """

    names: tuple[str, ...]
    has_missing: bool
    fractions: tuple[float, ...]

    @classmethod
    def fit(cls, series: pl.Series, allowed: list[str] | None = None) -> Levels:
        """Return the levels of training rows; with ``allowed``, only those count as seen."""
        text = level_text(series)
        names, counts = count_levels(text)
        kept = set(names if allowed is None else allowed)
        pairs = [(name, count) for name, count in zip(names, counts, strict=True) if name in kept]
        missing = text.null_count()
        numbers = [count for _, count in pairs] + ([missing] if missing else [])
        rows = max(len(series), 1)
        return cls(tuple(name for name, _ in pairs), missing > 0, tuple(count / rows for count in numbers))

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
            >>> Levels(("b", "a"), False, (0.7, 0.3)).encode(pl.Series(["a", "b", "new", None]))
            array([2, 1, 0, 0])
        """
        text = level_text(series)
        codes = text.cast(self._enum, strict=False).to_physical().cast(pl.Int64) + 1
        found = codes.fill_null(0).to_numpy()
        if self.has_missing:
            return np.where(text.is_null().to_numpy(), self.num_codes - 1, found)
        return found

    def one_hot(self, *, centred: bool) -> NDArray[np.float32]:
        """Return the input vector of each code, shape (num_codes, num_codes − 1).

        Not divided by the deviation: a rare level would become huge. An unseen level is the zero vector: when
        centred, that is the average training row, so a new level is treated as nothing in particular.

        Args:
            centred: subtract the training fraction, so that each input has mean 0 on the training rows.
        """
        width = self.num_codes - 1
        rows = np.zeros((self.num_codes, width), dtype=np.float32)
        rows[1:] = np.eye(width) - (np.asarray(self.fractions) if centred else 0.0)
        return rows
