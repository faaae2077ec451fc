"""What a prediction is worth in any measure: the error to minimise, its interval, and paired differences.

The default measure, "error", is :mod:`practicum.core.metrics`'; shapes are those at the head of that module. Everything
here is an error: 1 − AUC and 1 − F1 (:class:`practicum.core.measures.Measure` turns them back for people).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from practicum.core import metrics
from practicum.core.errors import DataError
from practicum.core.estimates import counts, means, ranks
from practicum.core.intervals import Difference
from practicum.core.measures import DEFAULT, check_metric
from practicum.core.metrics import Array, Task


def value(
    metric: str, task: Task, target: npt.ArrayLike, prediction: npt.ArrayLike, *, target_scale: float = 1.0
) -> float:
    """Return the error of a prediction in the measure called ``metric``, the less the better.

    Args:
        metric: a name of :data:`practicum.core.measures.NAMES` that fits the task.
        task: what the target is.
        target: shapes at the head of :mod:`practicum.core.metrics`.
        prediction: probabilities or values, as many rows as ``target``.
        target_scale: for "error" alone, as in :func:`practicum.core.metrics.error`.

    Returns:
        A number ≥ 0, in the target's unit for "rmse" and "mae"; nan for "auc" where all rows are of one class. A row
        whose prediction is not finite is wrong, or as far off as can be.

    Raises:
        ConfigError: if no measure of the task is called so.
        ShapeError: if there are no rows, or the two have different numbers of rows.

    Example:
        >>> value("auc", "binary", [0, 1, 1], [0.3, 0.4, 0.3])
        0.25
        >>> value("mae", "regression", [1.0, 2.0], [1.5, 4.0])
        1.25
    """
    check_metric(metric, task)
    if metric == DEFAULT:
        return metrics.error(task, target, prediction, target_scale=target_scale)
    return FAMILIES[metric].value(_rows(task, target, prediction))


def interval(
    metric: str,
    task: Task,
    target: npt.ArrayLike,
    prediction: npt.ArrayLike,
    level: float = 0.95,
    *,
    target_scale: float = 1.0,
) -> tuple[float, float]:
    """Return the confidence interval ``(low, high)`` of :func:`value` over rows drawn like these.

    Wilson's for a fraction of rows, also for each class of the balanced error and for the Jaccard fraction behind a
    binary F1; DeLong's variance for AUC and the delta method's for macro F1, both in Wilson's formula; the jackknife on
    the log scale with Student's t for means. No random numbers anywhere.

    Args:
        metric: as for :func:`value`.
        task: as for :func:`value`.
        target: as for :func:`value`.
        prediction: as for :func:`value`.
        level: probability that the interval covers the error.
        target_scale: as for :func:`value`.

    Source:
        Error bars: 4.2-14.

    Example:
        >>> low, high = interval("balanced_error", "binary", [0] * 90 + [1] * 10, [0.0] * 100)
        >>> round(low, 2), high
        (0.36, 0.52...)
    """
    check_metric(metric, task)
    if metric == DEFAULT:
        return metrics.interval(task, target, prediction, level, target_scale=target_scale)
    return FAMILIES[metric].interval(_rows(task, target, prediction), level)


def paired_difference(
    metric: str,
    task: Task,
    target: npt.ArrayLike,
    a: npt.ArrayLike,
    b: npt.ArrayLike,
    level: float = 0.95,
    *,
    target_scale: float = 1.0,
) -> Difference:
    """Return the error of ``a`` minus the error of ``b``, compared row by row; arguments as for :func:`interval`.

    Source:
        3.1-13 (paired test).

    Example:
        >>> target = [0, 1] * 40
        >>> found = paired_difference("auc", "binary", target, target, [0.5] * 80)
        >>> found.value, found.clear
        (-0.5, True)
    """
    check_metric(metric, task)
    if metric == DEFAULT:
        return metrics.paired_difference(task, target, a, b, level, target_scale=target_scale)
    return FAMILIES[metric].difference(_rows(task, target, a), _rows(task, target, b), level)


def row_errors(task: Task, target: npt.ArrayLike, prediction: npt.ArrayLike) -> Array:
    """Return the error of each row, (N,): 1 where the class is wrong, or the squared difference.

    Args:
        task: "regression", "binary" or "multiclass".
        target: as for :func:`error`.
        prediction: as for :func:`error`.

    Raises:
        ShapeError: if the lengths differ or there are no rows.

    Example:
        >>> row_errors("binary", [0, 1, 1], [0.2, 0.9, 0.4])
        array([0., 0., 1.])
    """
    if task == "regression":
        target_N, prediction_N = metrics.as_values(target, prediction)
        squared_N: Array = (prediction_N - target_N) ** 2
        return squared_N
    return metrics.misclassified(task, target, prediction).astype(np.float64)


def check_measurable(metric: str, task: Task, target: npt.ArrayLike) -> None:
    """Refuse a measure that does not fit the task, or that says nothing about these validation rows.

    Raises:
        ConfigError: if no measure of the task is called so.
        DataError: if the rows lack the classes that it compares.

    Example:
        >>> check_measurable("auc", "binary", [0, 1, 1])
    """
    check_metric(metric, task)
    if task == "regression" or metric not in ("auc", "f1"):
        return
    class_N = metrics.as_classes(task, target)
    present = np.unique(class_N)
    if len(present) < 2 if metric == "auc" or task == "multiclass" else 1 not in present:
        raise DataError(
            f"`metric` must be defined on the validation rows, but got metric={metric} and {len(class_N):,} rows that "
            "are all of one class. Use another measure, or split the rows in another way.",
            metric=metric,
        )


@dataclass(frozen=True, slots=True)
class Rows:
    """Target and prediction of one task, both of equal length.

    Attributes:
        binary: whether there are two classes, whose F1 and AUC are those of the second.
        target: class numbers, or values, (N,).
        prediction: probabilities of all classes, (N, O), or values, (N, 1).
    """

    binary: bool
    target: npt.NDArray[np.int64] | Array
    prediction: Array

    @property
    def classes(self) -> npt.NDArray[np.int64]:
        """The target as class numbers."""
        return self.target.astype(np.int64)

    @property
    def wrong(self) -> npt.NDArray[np.bool_]:
        """Which rows are given the wrong class."""
        wrong_N: npt.NDArray[np.bool_] = self.predicted != self.classes
        return wrong_N

    @property
    def predicted(self) -> npt.NDArray[np.int64]:
        """Class predicted for each row; where a probability is not finite, −1 or, of two classes, the wrong one."""
        found_N = self.prediction.argmax(axis=1)
        none = 1 - self.classes if self.binary else -1
        return np.where(np.isfinite(self.prediction).all(axis=1), found_N, none)

    @property
    def scores(self) -> Array:
        """What orders the rows for the AUC."""
        return self.prediction[:, 1:] if self.binary else self.prediction

    @property
    def log_losses(self) -> Array:
        """−log probability of the right class."""
        return means.log_losses(self.classes, self.prediction)

    @property
    def off(self) -> Array:
        """How far each value is off; inf where it is not finite."""
        off_N: Array = np.abs(self.prediction[:, 0] - self.target)
        return np.where(np.isnan(off_N), np.inf, off_N)


def _rows(task: Task, target: npt.ArrayLike, prediction: npt.ArrayLike) -> Rows:
    if task == "regression":
        target_N, value_N = metrics.as_values(target, prediction)
        return Rows(False, target_N, value_N[:, None])
    class_N, probability_NO = metrics.as_classes(task, target), metrics.as_probabilities(task, prediction)
    metrics.check_rows(len(class_N), len(probability_NO))
    return Rows(task == "binary", class_N, probability_NO)


@dataclass(frozen=True, slots=True)
class Family:
    """How one measure is computed: its number, its interval, its paired difference."""

    value: Callable[[Rows], float]
    interval: Callable[[Rows, float], tuple[float, float]]
    difference: Callable[[Rows, Rows, float], Difference]


def _mean_of(values: Callable[[Rows], Array], *, root: bool = False) -> Family:
    """Return the family of a mean over rows, or of the root of one."""

    def number(rows: Rows) -> float:
        return means.root_mean(values(rows)) if root else float(values(rows).mean())

    def without(rows: Rows) -> Array:
        each_N = means.without_each(values(rows))
        return np.sqrt(each_N) if root else each_N

    return Family(
        number,
        lambda rows, level: means.mean_interval(number(rows), without(rows), level),
        lambda a, b, level: means.mean_difference(number(a), number(b), without(a) - without(b), level),
    )


FAMILIES = {
    "balanced_error": Family(
        lambda rows: counts.balanced_error(rows.classes, rows.wrong),
        lambda rows, level: counts.balanced_interval(rows.classes, rows.wrong, level),
        lambda a, b, level: counts.balanced_difference(a.classes, a.wrong, b.wrong, level),
    ),
    "f1": Family(
        lambda rows: counts.f1_error(rows.classes, rows.predicted, binary=rows.binary),
        lambda rows, level: counts.f1_interval(rows.classes, rows.predicted, level, binary=rows.binary),
        lambda a, b, level: counts.f1_difference(a.classes, a.predicted, b.predicted, level, binary=a.binary),
    ),
    "auc": Family(
        lambda rows: ranks.auc_error(rows.classes, rows.scores),
        lambda rows, level: ranks.auc_interval(rows.classes, rows.scores, level),
        lambda a, b, level: ranks.auc_difference(a.classes, a.scores, b.scores, level),
    ),
    "log_loss": _mean_of(lambda rows: rows.log_losses),
    "mae": _mean_of(lambda rows: rows.off),
    "rmse": _mean_of(lambda rows: rows.off**2, root=True),
}
"""How every measure but the default is computed."""
