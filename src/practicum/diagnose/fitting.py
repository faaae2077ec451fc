"""Whether a network under- or overfits: the first question about a high test error [4.1-08].

The chapter: decide between a difficulty of optimisation and overfitting by comparing training and held-out error
as capacity grows (e.g. by more updates). Two questions are asked here, of errors with their intervals and of the
loss curves: is held-out error clearly above training error, and was training itself left high or cut short?
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from math import sqrt

import polars as pl

from practicum.core.measures import DEFAULT, Measure, measure_called
from practicum.core.metrics import Task
from practicum.core.summary import Fitting, Score

LARGE_GAP = 0.25
"""Share of the held-out error that is gap; from here on overfitting is what costs most. Ours: the chapter has none."""

UNKNOWN_GAP = 0.5
"""A gap that may be as large as this share of the held-out error cannot be called small."""

STILL_FALLING = 0.01
"""Relative fall of the validation loss over the last fifth of training, above which training was cut short."""

UNDERFITTING_ADVICE = (
    "Look for a bug first: check the gradient, and see whether the network can learn 50 rows by heart.",
    "Tune the optimiser: learning rate, momentum, batch size, or a decaying rate; give it a larger budget.",
    "Give the network more capacity: more hidden units, or another layer.",
    "Weaken the regularisation: smaller l2_penalty and l1_penalty.",
)
CUT_SHORT_ADVICE = (
    "Give it more time: a larger `--budget`. Training had not ended by itself.",
    *UNDERFITTING_ADVICE[1:],
)
OVERFITTING_ADVICE = (
    "Get more training rows: the surest cure.",
    "Regularise more, or differently: l2_penalty, l1_penalty, fewer hidden units; keep early stopping on.",
    "Use rows without a target: unsupervised pre-training, or an unsupervised term in the loss.",
    "Learn related targets from the same inputs (multi-task).",
    "Try another family of functions, e.g. trees: this one may not suit the data.",
)
BALANCED_ADVICE = (
    "Double the hidden units: if training error falls and validation error does not, this is about the limit of "
    "these inputs.",
    "Then better inputs help more than more training: new columns, cleaner values.",
)
UNCLEAR_ADVICE = (
    "Hold out more rows, so that the intervals narrow.",
    "Double the hidden units and compare: falling training error with rising validation error is overfitting, both "
    "falling is underfitting.",
)


@dataclass(frozen=True, slots=True)
class Curve:
    """What the loss curves of one trial say, in three numbers.

    Attributes:
        cut_short: training ended at a limit (updates or time), not by patience.
        late_fall: relative fall of the best validation loss over the last fifth of training; 0 = flat.
        rise: how far validation loss stood above its minimum at the end, relative; 0 = it ended at its best.
    """

    cut_short: bool
    late_fall: float
    rise: float


def curve_of(frame: pl.DataFrame, trial: int, *, cut_short: bool) -> Curve | None:
    """Return the facts of one trial's curves, or None with fewer than five validations.

    Args:
        frame: the record's rows (:data:`practicum.core.record.SCHEMA`).
        trial: the trial's number.
        cut_short: whether it ended at a limit instead of by patience.

    Example:
        >>> frame = pl.DataFrame({"trial": [0] * 5, "age": [1, 2, 3, 4, 5], "valid_loss": [5.0, 4, 3, 2, 1]})
        >>> curve_of(frame, 0, cut_short=True)
        Curve(cut_short=True, late_fall=0.5, rise=0.0)
    """
    rows = frame.filter((pl.col("trial") == trial) & pl.col("valid_loss").is_finite()).sort("age")
    if len(rows) < 5:
        return None
    ages, losses = rows["age"].to_list(), rows["valid_loss"].to_list()
    late = ages[0] + 0.8 * (ages[-1] - ages[0])
    early = min(loss for age, loss in zip(ages, losses, strict=True) if age <= late)
    best = min(losses)
    if early <= 0.0 or best <= 0.0:
        return Curve(cut_short, 0.0, 0.0)
    return Curve(cut_short, (early - best) / early, losses[-1] / best - 1.0)


def fitting_verdict(
    task: Task,
    *,
    train: Score,
    valid: Score,
    test: Score | None = None,
    constant_error: float | None = None,
    linear_error: float | None = None,
    curve: Curve | None = None,
    metric: str = DEFAULT,
) -> Fitting:
    """Return whether the network underfits, overfits, is balanced, or that the data cannot tell.

    Overfitting: the held-out error exceeds the training error beyond both intervals, and the gap is at least
    :data:`LARGE_GAP` of the held-out error. Underfitting: no such gap, but even on the rows it learnt from the
    network is clearly no better than the constant, or than the linear model on new rows, or its training was cut
    short while validation loss was falling. Where the gap may be large or nil, the verdict is "unclear".

    Args:
        task: what the target is; with ``metric`` it decides how errors are worded.
        train: error on the rows learnt from.
        valid: error on the rows that chose the setting (optimistic); used only without ``test``.
        test: error on rows never used.
        constant_error: error of the constant baseline on the held-out rows.
        linear_error: error of the linear baseline on the held-out rows.
        curve: facts of the best trial's loss curves.
        metric: what the errors are (:data:`practicum.core.measures.NAMES`).

    Returns:
        Verdict, a text with the numbers, and the chapter's advice for the case.

    Source:
        Bengio 2012, 4.1-08; the thresholds are ours.

    Example:
        >>> train = Score(error=0.02, interval=(0.01, 0.03), num_rows=1000)
        >>> valid = Score(error=0.10, interval=(0.08, 0.12), num_rows=1000)
        >>> fitting_verdict("binary", train=train, valid=valid).verdict
        'overfits'
    """
    held, name = (test, "test") if test is not None else (valid, "validation")
    if not (math.isfinite(train.error) and math.isfinite(held.error)):
        text = "An error is not a number, for the network diverged: a difficulty of optimisation."
        return Fitting(verdict="underfits", text=text, advice=list(UNDERFITTING_ADVICE))
    measure = measure_called(metric, task)
    reasons = _underfitting(measure, train, constant_error, linear_error)
    advice = UNDERFITTING_ADVICE if reasons else CUT_SHORT_ADVICE
    # With no error on any row, a loss that still falls only makes right answers surer.
    if (
        curve is not None
        and curve.cut_short
        and curve.late_fall > STILL_FALLING
        and train.error + held.error > 0.0
    ):
        falling = f"{curve.late_fall:.1%} in its last fifth"
        reasons.append(f"Training was cut short while validation loss was falling ({falling}).")
    return _decide(
        measure,
        train,
        held,
        name,
        Fitting(verdict="underfits", text=" ".join(reasons), advice=list(advice)),
        curve,
    )


def _decide(
    measure: Measure, train: Score, held: Score, name: str, underfits: Fitting, curve: Curve | None
) -> Fitting:
    """Return the verdict: a large and clear gap first, then signs of underfitting, then what the data leave open."""
    gap, low, high = _gap(train, held)
    told = (
        f"Training {measure.title} {measure.words(train.error)}, {name} {measure.title} {measure.words(held.error)}: "
        f"a gap of {_points(measure, gap)} (95% interval {_points(measure, low)} to {_points(measure, high)})"
    )
    whole = (
        f"what the {name} {measure.title} lacks to 1"
        if measure.higher_is_better
        else f"the {name} {measure.title}"
    )
    if held.error > 0.0 and gap >= LARGE_GAP * held.error and low > 0.0:
        text = f"{told}, {gap / held.error:.0%} of {whole}. {_overfitting_words(curve)}"
        return Fitting(verdict="overfits", text=text, advice=list(OVERFITTING_ADVICE))
    if underfits.text:
        return underfits.model_copy(update={"text": f"{told}. {underfits.text}"})
    if held.error > 0.0 and (gap >= LARGE_GAP * held.error or high >= UNKNOWN_GAP * held.error):
        text = f"{told}: with so few rows it may be nothing or a large part of {whole}."
        return Fitting(verdict="unclear", text=text, advice=list(UNCLEAR_ADVICE))
    text = f"{told}: small, and training was neither cut short while it helped nor beaten by the baselines."
    return Fitting(verdict="balanced", text=text, advice=list(BALANCED_ADVICE))


def _gap(train: Score, held: Score) -> tuple[float, float, float]:
    """Return held-out minus training error and its interval, from the two intervals by adding squares."""
    gap = held.error - train.error
    down = sqrt((held.error - held.interval[0]) ** 2 + (train.interval[1] - train.error) ** 2)
    up = sqrt((held.interval[1] - held.error) ** 2 + (train.error - train.interval[0]) ** 2)
    return gap, gap - down, gap + up


def _underfitting(measure: Measure, train: Score, constant: float | None, linear: float | None) -> list[str]:
    """Return the signs that training itself is the trouble, in words."""
    reasons = []
    if constant is not None and train.interval[1] >= constant:
        reasons.append(
            f"Even on its own training rows it is not clearly better than the constant ({measure.words(constant)}): "
            "it has learnt nothing yet, or there is nothing to learn."
        )
    elif linear is not None and train.interval[0] > linear:
        reasons.append(
            f"On its own training rows it is worse than the linear model on new ones ({measure.words(linear)}): "
            "training, not the data, is the limit."
        )
    return reasons


def _overfitting_words(curve: Curve | None) -> str:
    if curve is None or curve.rise <= 0.05:
        return "It fits rows that it has seen better than new ones."
    return f"Validation loss ended {curve.rise:.0%} above its minimum; the weights of the minimum were kept."


def _points(measure: Measure, gap: float) -> str:
    """Return a difference of errors: percentage points, or in the measure's unit."""
    return measure.difference_words(gap) if math.isfinite(gap) else "unbounded"


def rate_ratio_text(
    best: float, largest_stable: float | None, smallest_diverged: float | None, resolved_factor: float = 2.0
) -> str:
    """Return how the best learning rate stands to the largest that did not diverge, in one or two sentences.

    Args:
        best: the rate of lowest validation error.
        largest_stable: the largest rate below all that diverged; None if none was stable.
        smallest_diverged: the smallest rate that diverged; None if none did.
        resolved_factor: ratio of neighbouring rates around the best; the ratio is known to this factor.

    Source:
        Bengio 2012, 2.1-02: the best rate is usually within a factor of 2 of the largest that does not diverge.

    Example:
        >>> rate_ratio_text(0.25, 0.5, 1.0)
        'The best rate, 0.25, is 0.5 times the largest that did not diverge, 0.5: within the factor of 2 to expect.'
    """
    if largest_stable is None:
        return "Every rate tried diverged; try smaller ones, and look at the scale of the inputs."
    if smallest_diverged is None:
        return (
            f"The best rate is {best:.3g}. No rate up to {largest_stable:.3g} diverged, so the largest stable one is "
            "not known."
        )
    ratio = best / largest_stable
    told = f"The best rate, {best:.3g}, is {ratio:.2g} times the largest that did not diverge, {largest_stable:.3g}"
    if ratio >= 0.5:
        return f"{told}: within the factor of 2 to expect."
    if ratio * max(resolved_factor, 1.0) >= 0.5:
        return (
            f"{told}; neighbouring rates differ by a factor of {resolved_factor:.2g}, so that agrees with the factor "
            "of 2 to expect."
        )
    return (
        f"{told}: lower than the factor of 2 to expect. Noise in the gradient or in the inputs can do that."
    )
