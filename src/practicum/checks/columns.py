"""What is said of columns of numbers, whether they come from a table or from a loop: twins, tails, one that tells all.

Source: the faults D2, D4 and D9 of the guide.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

ALIKE = 0.9999
"""Correlation from which two columns are one."""

FAR_TAIL = 100.0
"""How far out the farthest thousandth lies, in distances between the quartiles, before a tail counts as heavy."""


def twins(x_NI: Array, *, mirrored: bool = True) -> list[tuple[int, int]]:
    """Return pairs of columns that say the same; constant ones are in none.

    Args:
        x_NI: rows and columns.
        mirrored: whether a column and its negative are a pair.

    Example:
        >>> twins(np.array([[1.0, 2.0, 7.0], [2.0, 4.0, 7.0], [4.0, 8.0, 7.0]]))
        [(0, 1)]
    """
    places = np.flatnonzero(x_NI.std(0) > 0)
    if len(places) < 2:
        return []
    correlation = np.corrcoef(x_NI[:, places].T)
    alike = (np.abs(correlation) if mirrored else correlation) > ALIKE
    pairs = zip(*np.triu(alike, 1).nonzero(), strict=True)
    return [(int(places[one]), int(places[other])) for one, other in pairs]


def tail_length(values: Array) -> float:
    """Return how far out the farthest thousandth lies, in distances between the quartiles; 0 where these are one.

    Example:
        >>> bool(tail_length(np.append(np.linspace(0, 1, 99), 1000.0)) > FAR_TAIL)
        True
    """
    low, middle, high = np.quantile(values, (0.25, 0.5, 0.75))
    ends = np.abs(np.quantile(values, (0.001, 0.999)) - middle)
    return float(ends.max() / (high - low)) if high > low else 0.0


def told_by_each(x_NI: Array, y_NC: Array) -> Array:
    """Return for each column which share of the targets' variance it explains by a straight line, (I,).

    Args:
        x_NI: rows and columns.
        y_NC: targets, or 1 for the row's class and 0 for others: then it is the column's variance that classes explain.

    Example:
        >>> x = np.array([[1.0, 1.0], [2.0, -1.0], [3.0, -1.0], [4.0, 1.0]])
        >>> told_by_each(x, x[:, :1] * 2).tolist()
        [1.0, 0.0]
    """
    z_NI = x_NI - x_NI.mean(0)
    total_I = (z_NI**2).sum(0)
    centred_NC = y_NC - y_NC.mean(0)
    if y_NC.shape[1] == 1:
        explained_I = (z_NI.T @ centred_NC[:, 0]) ** 2 / max(float((centred_NC**2).sum()), 1e-300)
    else:
        counts_C = np.maximum(y_NC.sum(0), 1.0)
        explained_I = ((y_NC.T @ z_NI) ** 2 / counts_C[:, None]).sum(0)
    return np.asarray(explained_I / np.where(total_I > 0, total_I, 1.0))
