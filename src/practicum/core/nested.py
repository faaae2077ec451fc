"""The part of a run's summary that tells of nested cross-validation: what the whole procedure is worth [3-03]."""

from __future__ import annotations

import math
from typing import Any

from pydantic import Field

from practicum.core.parts import Number, Part


class OuterFold(Part):
    """One outer fold: a search of its own, without the fold's rows, and its committee's error on them.

    ``valid_error`` is what the same committee had reached on the rows that chose it; ``values`` are those of the best
    setting; ``decisions`` is what time decided, as in a run.
    """

    num_rows: int
    error: Number
    valid_error: Number = math.nan
    num_settings: int = 0
    values: dict[str, Any] = Field(default_factory=dict)
    decisions: dict[str, Any] = Field(default_factory=dict)


class Nested(Part):
    """Nested cross-validation: an outer loop estimates, a search inside each of its training sets selects.

    ``error`` and ``interval`` are of all rows together, each predicted once, by a committee that was searched, trained
    and elected without it; ``mean`` and ``deviation`` are of the folds' errors. Where Ctrl-C came in between, ``folds``
    are those that were whole.
    """

    num_folds: int
    folds: list[OuterFold] = Field(default_factory=list)
    mean: Number = math.nan
    deviation: Number = math.nan
    error: Number = math.nan
    interval: tuple[Number, Number] = (math.nan, math.nan)
    num_rows: int = 0
    num_copies: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether every fold was done."""
        return len(self.folds) == self.num_folds
