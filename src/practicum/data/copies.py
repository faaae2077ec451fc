"""Rows of unequal importance as rows that all matter alike: each copied as often as its importance asks for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]

COPIES = 4
"""Rows of unequal importance are copied until there are so many for each, on average: importances are met within an
eighth of the mean one."""

MOST_COPIED = 2_000_000
"""Fewer copies where there would be more rows than this: of so many, rounding takes nothing away."""


def copies_of(importance: NDArray[np.float64]) -> Rows:
    """Return how often each row must stand in a table whose rows all matter alike, shape (N,).

    Each is within one of what its importance asks for, and so is the sum over any rows in succession.

    Source:
        NOTE[DIFF]: a weighted loss would multiply the slopes. Copies have the same mean slope, but no minibatch with
        a huge one where a single row has a large weight; and means, deviations and validation errors are weighted with
        no further code.

    Example:
        >>> copies_of(np.array([1.0, 3.0])).tolist()
        [2, 6]
    """
    total = len(importance) * int(np.clip(MOST_COPIED // len(importance), 1, COPIES))
    ends = np.floor(np.cumsum(importance) / importance.sum() * total + 0.5).astype(np.int64)
    copies: Rows = np.diff(ends, prepend=0)
    return copies


def repeated(rows: Rows, copies: Rows) -> Rows:
    """Return ``rows`` as often as ``copies``, by the number of the row, says; once each if none were left.

    Example:
        >>> repeated(np.array([0, 2]), np.array([2, 9, 1])).tolist()
        [0, 0, 2]
    """
    found = np.repeat(rows, copies[rows])
    return found if found.size else rows
