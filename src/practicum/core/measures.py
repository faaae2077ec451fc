"""The measures that a search may select by, stop by and report: their names, tasks and the form people know.

Whatever is chosen, practicum minimises an *error*: AUC and F1 count as 1 − AUC and 1 − F1, and are turned back where
they are shown. Names follow scikit-learn's terms. Free of NumPy, so that the command line can refuse a name before
anything heavy is imported; :mod:`practicum.core.estimates` computes the numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from practicum.core.errors import ConfigError, nearest

MISSING = "–"
"""What stands for a number that is absent or not finite."""

DEFAULT = "error"

SMALL = 0.0095
"""Below it an error gets one digit more."""

Form = Literal["per cent", "share", "score", "number"]


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of a task.

    Attributes:
        name: what ``--metric`` takes.
        title: in a sentence: "the network's <title> is …".
        tasks: what it can measure.
        form: how a number is written: a fraction of rows as per cent, a share or a score with three decimals, or
            a number in a unit.
        unit: of the number shown, for an axis; empty for none.
        meaning: one line for people.
        higher_is_better: whether it is shown as 1 − error.

    Example:
        >>> auc = measure_called("auc", "binary")
        >>> auc.words(0.07), auc.interval_words((0.05, 0.09)), auc.shown(0.25)
        ('0.930', '0.910 to 0.950', 0.75)
    """

    name: str
    title: str
    tasks: tuple[str, ...]
    form: Form
    unit: str
    meaning: str
    higher_is_better: bool = False

    def shown(self, error: float | None) -> float | None:
        """Return the number an axis shows: per cent, 1 − error, or the error itself; None where there is none."""
        if error is None or not math.isfinite(error):
            return None
        if self.higher_is_better:
            return 1.0 - error
        return 100 * error if self.form == "per cent" else error

    def words(self, error: float | None) -> str:
        """Return what is minimised in the form that people know, without the measure's name."""
        if error is None or not math.isfinite(error):
            return MISSING
        if self.form == "per cent":
            return f"{100 * error:.{1 if error >= SMALL else 2}f}%"
        if self.form == "number":
            return _significant(error)
        return f"{1 - error if self.higher_is_better else error:.{3 if error >= SMALL or self.form == 'share' else 4}f}"

    def interval_words(self, interval: Sequence[float]) -> str:
        """Return both ends of an interval of errors, the lower end shown first."""
        ends = [self.words(end) for end in interval]
        return " to ".join(reversed(ends) if self.higher_is_better else ends)

    def difference_words(self, difference: float) -> str:
        """Return a difference of errors without its direction: percentage points, or in the measure's unit."""
        if not math.isfinite(difference):
            return MISSING
        if self.form == "per cent":
            return f"{100 * difference:.1f} points"
        return _significant(difference) if self.form == "number" else f"{difference:.3f}"


CLASSES = ("binary", "multiclass")

MEASURES = (
    Measure("error", "error", CLASSES, "per cent", "% of rows", "share of the rows given the wrong class"),
    Measure(
        "error",
        "error",
        ("regression",),
        "share",
        "RMSE / deviation",
        "root mean squared error as a share of the target's standard deviation; 1 = no better than the mean",
    ),
    Measure(
        "balanced_error",
        "balanced error",
        CLASSES,
        "per cent",
        "% of rows, mean over the classes",
        "share of the rows given the wrong class, each class counted alike; always one class: 1 − 1/classes",
    ),
    Measure(
        "log_loss",
        "log loss",
        CLASSES,
        "number",
        "nats a row",
        "mean of −log of the probability given to the right class",
    ),
    Measure(
        "auc",
        "AUC",
        ("binary",),
        "score",
        "",
        "area under the ROC curve: how often a row of the second class gets the higher probability; 0.5 = chance",
        higher_is_better=True,
    ),
    Measure(
        "auc",
        "AUC",
        ("multiclass",),
        "score",
        "",
        "area under the ROC curve of each class against the rest, their mean; 0.5 = chance",
        higher_is_better=True,
    ),
    Measure(
        "f1",
        "F1",
        ("binary",),
        "score",
        "",
        "harmonic mean of precision and recall of the second class; 1 = every row right",
        higher_is_better=True,
    ),
    Measure(
        "f1",
        "macro F1",
        ("multiclass",),
        "score",
        "",
        "harmonic mean of precision and recall of each class, their mean; 1 = every row right",
        higher_is_better=True,
    ),
    Measure(
        "rmse",
        "RMSE",
        ("regression",),
        "number",
        "the target's unit",
        "root mean squared error, in the target's unit",
    ),
    Measure(
        "mae",
        "MAE",
        ("regression",),
        "number",
        "the target's unit",
        "mean absolute error, in the target's unit",
    ),
)
"""Every measure; the default, "error", is another thing for classes than for numbers."""

NAMES = tuple(dict.fromkeys(measure.name for measure in MEASURES))


def measure_called(name: str, task: str) -> Measure:
    """Return the measure called ``name`` for ``task``.

    Raises:
        ConfigError: if there is none.

    Example:
        >>> measure_called("f1", "multiclass").title
        'macro F1'
    """
    check_metric(name, task)
    return next(measure for measure in MEASURES if measure.name == name and task in measure.tasks)


def check_metric(name: str, task: str = "auto") -> None:
    """Refuse a name that no measure has, or that none has for ``task``; "auto" is a task not yet known.

    Raises:
        ConfigError: if it is refused.

    Example:
        >>> check_metric("mae", "regression")
    """
    known = NAMES if task == "auto" else names_for(task)
    if name in known:
        return
    # A measure of another task is no typo, whatever it looks like.
    hint = nearest(str(name), known) if name not in NAMES else ""
    whose = {"auto": "", "regression": " for regression"}.get(task, f" for a {task} target")
    raise ConfigError(
        f"`metric` must be one of {', '.join(known)}{whose}, but got metric={name}.{hint}",
        metric=name,
        task=task,
    )


def names_for(task: str) -> tuple[str, ...]:
    """Return what ``--metric`` takes for ``task``.

    Example:
        >>> names_for("regression")
        ('error', 'rmse', 'mae')
    """
    return tuple(measure.name for measure in MEASURES if task in measure.tasks)


def _significant(value: float) -> str:
    """Return a number with four significant digits, whole from 1,000 on."""
    return f"{value:,.0f}" if 1000 <= abs(value) < 1e9 else f"{value:#.4g}".rstrip(".")
