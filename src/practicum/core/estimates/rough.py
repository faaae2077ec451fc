"""How far chance in the choice of validation rows moves an error, from the error and the number of rows alone.

Rough, and enough to say which trials of a search are ties; :mod:`practicum.core.measuring` has the real intervals,
which need every row's prediction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite, nan, sqrt

from practicum.core.metrics import Task

MAE_SPREAD = 0.76
"""Deviation of |x| over its mean for a normal x: √(π/2 − 1)."""

SQUARED = "mean_square"
"""What a module with the loss "squared_error" is measured in: no metric of a table, whose errors are its root."""

Doubt = Callable[[float, int], float]
"""Standard error of an error that is the mean over so many folds; nan where nobody knows."""


def unknown(error: float, num_folds: int) -> float:
    """Be the doubt about errors of which nobody knows what they are."""
    return nan


def doubt_of(metric: str, task: Task, sizes: Sequence[int]) -> Doubt:
    """Return the doubt about errors on rows of these ``sizes`` in each fold, as :func:`rough_standard_error` has it.

    Example:
        >>> doubt = doubt_of("error", "binary", (90, 90))
        >>> round(doubt(0.1, 1), 3), round(doubt(0.1, 5), 3)
        (0.023, 0.01)
    """
    return lambda error, num_folds: rough_standard_error(
        metric, task, error, [num_folds * size for size in sizes]
    )


def rough_standard_error(metric: str, task: Task, error: float, sizes: Sequence[int]) -> float:
    """Return the standard error of ``error``, about.

    Args:
        metric: what it is measured in.
        task: what the target is.
        error: the less the better.
        sizes: validation rows of each class, the second class last; of regression the number of rows alone.

    Returns:
        In the unit of the error; nan where the error is not finite or there are no rows.

    Source:
        AUC: Hanley & McNeil 1982, *The meaning and use of the area under a ROC curve*.

    Example:
        >>> round(rough_standard_error("error", "binary", 0.1, (450, 450)), 3)
        0.01
    """
    present = [size for size in sizes if size]
    total = sum(present)
    if not isfinite(error) or not total:
        return nan
    if task == "regression":
        return error * {"mae": MAE_SPREAD, SQUARED: sqrt(2)}.get(metric, sqrt(0.5)) / sqrt(total)
    if metric == "log_loss":  # row losses spread about as far as their mean
        return error / sqrt(total)
    if metric == "balanced_error":
        rows = len(present) ** 2 / sum(1 / size for size in present)
        return sqrt(_fraction(error, rows) / rows)
    if metric in ("auc", "f1"):
        one: Callable[[float, int, int], float] = _auc_variance if metric == "auc" else _f1_variance
        counted = [sizes[-1]] if task == "binary" else present
        return sqrt(sum(one(error, size, total - size) for size in counted)) / len(counted)
    return sqrt(_fraction(error, total) / total)


def _fraction(error: float, rows: float) -> float:
    """Return the variance of one row: half a row more is wrong, for no error among few rows is no certainty."""
    fraction = (error * rows + 0.5) / (rows + 1)
    return fraction * (1 - fraction)


def _auc_variance(error: float, num_in: int, num_out: int) -> float:
    if not num_in or not num_out:
        return 0.25
    least = min(num_in, num_out)
    auc = 1 - (error * least + 0.5) / (least + 1)
    in_pairs, out_pairs = auc / (2 - auc) - auc**2, 2 * auc**2 / (1 + auc) - auc**2
    return (auc * (1 - auc) + (num_in - 1) * in_pairs + (num_out - 1) * out_pairs) / (num_in * num_out)


def _f1_variance(error: float, num_in: int, _: int) -> float:
    """Return that of Jaccard's fraction, as many rows being missed as falsely named."""
    if not num_in:
        return 0.25
    union = num_in * (1 + error)
    jaccard = (1 - error) / (1 + error)
    return _fraction(1 - jaccard, union) / union * (2 / (1 + jaccard) ** 2) ** 2
