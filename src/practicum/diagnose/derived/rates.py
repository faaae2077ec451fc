"""Was the learning rate too high or too low? Trials from the start at other rates, beside the one that was used."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

from practicum.diagnose.derived.course import course_of
from practicum.diagnose.derived.kept import kept
from practicum.diagnose.derived.paces import paces_of
from practicum.diagnose.derived.trial import FEWEST_STEPS, STEPS, Variant, loss_now, trial_of, valid_now
from practicum.monitor.facts import Facts

BETTER = 0.75
"""Part of another loss that one must be below to be called better."""

MATTERS = 0.03
"""Part of the whole way down from the start that it must be better by."""

LARGE_STEP, LARGE_LATE_STEP = 0.12, 0.03
"""Steps beside the weights, in the first looks and in the second half, that are a symptom by themselves."""

SMALL_STEP = 1e-3
"""Steps beside the weights in the first looks below which the rate may be too low."""

VALID = 0.6
"""Part of the loss of validation rows now that a faster trial must get below: learning by heart is no gain."""

HEAVY, UNUSUAL = 0.95, 0.985
"""Momentum from which on it may be at fault; and at which it is likelier at fault than the rate."""

RISEN = 1.3
"""Times its lowest window's mean that the loss ends at, where it rose again."""

Kind = Literal["rate", "momentum", "both"]


@dataclass(frozen=True, slots=True)
class Rates:
    """Losses of the kept training rows after trials of the same length.

    Attributes:
        start: before the first step.
        same: at the loop's own rate, from the start.
        best: at the best of the other rates.
        factor: that this was of the loop's; 1 where it was its own rate, with less momentum.
        num_steps: of a trial.
        now: where the whole run has got to.
        kind: what is too high: the rate, the momentum alone, or both together.
        valid: loss of validation rows after the trial at the best rate; nan where there are none.
    """

    start: float
    same: float
    best: float
    factor: float
    num_steps: int
    now: float
    kind: Kind = "rate"
    valid: float = math.nan

    @property
    def text(self) -> str:
        """What the trials say."""
        by = (
            f"at 1/{1 / self.factor:.0f} the rate"
            if self.factor < 1
            else f"at {self.factor:.0f} times the rate"
        )
        if self.factor == 1:
            by = "with momentum 0.9"
        return (
            f"in {self.num_steps} steps from the start, the loss of the kept rows falls from {self.start:.4g} to "
            f"{self.best:.4g} {by}, to {self.same:.4g} as it was set; the whole run is at {self.now:.4g}"
        )


def is_better(one: float, other: float, start: float) -> bool:
    """Return whether a loss is clearly below another, seen from where both began.

    Example:
        >>> is_better(0.2, 0.8, 1.0), is_better(0.7, 0.8, 1.0), is_better(0.001, 0.002, 1.0)
        (True, False, False)
    """
    if not math.isfinite(one) or one >= start:
        return False
    return not math.isfinite(other) or (one < BETTER * other and other - one > MATTERS * (start - one))


def momentum_of(facts: Facts) -> float:
    """Return the largest momentum that was set; 0 where nothing was seen."""
    return max((one.momentum for look in facts.looks[:1] for one in look.settings), default=0.0)


def own_clip(facts: Facts) -> float:
    """Return the norm that the loop clips most gradients to; infinite where it does not."""
    paces = paces_of(facts)
    return paces.clip if paces is not None and paces.clipped > 0.5 else math.inf


@kept
def has_risen(facts: Facts) -> bool:
    """Return whether the loss ended clearly above where it had been, or never left where it began, or was lost."""
    course = course_of(facts)
    if facts.first_not_finite is not None and facts.bad_inputs is None:
        return True
    if course is None:
        return False
    fall = course.begin - course.lowest
    return course.end > RISEN * course.lowest and course.end - course.lowest > MATTERS * abs(fall)


@kept
def too_fast(facts: Facts) -> Rates | None:
    """Return how slower trials compare, where they show that the rate or the momentum was too high."""
    paces, course = paces_of(facts), course_of(facts)
    large = paces is not None and (paces.early_update > LARGE_STEP or paces.update > LARGE_LATE_STEP)
    stuck = course is not None and course.end > 0.8 * course.begin > 0
    if not (large or stuck or has_risen(facts) or momentum_of(facts) >= HEAVY):
        return None
    found = _compared(facts, (0.1, 0.01))
    found = None if found is None else _lighter(facts, found)
    if found is None:
        return None
    if not found.now < found.start:  # it has diverged, if only after more steps than a trial has
        return found if found.best < BETTER * found.start and not found.best > found.now else None
    if not is_better(found.best, found.same, found.start):
        return None
    return found if found.now >= 0.9 * found.best or _calms_down(facts, found) else None


def _calms_down(facts: Facts, found: Rates) -> bool:
    """Return whether a tenth of the rate lowers the loss at once, from where the run has got to."""
    slower = trial_of(facts, Variant(rate=0.1))
    return slower is not None and is_better(slower.train, found.now, found.start)


def _lighter(facts: Facts, found: Rates) -> Rates:
    """Return what is found of less momentum as well, and what is to blame by it."""
    momentum = momentum_of(facts)
    if momentum < HEAVY:
        return found
    lighter = trial_of(facts, Variant(True, momentum=0.9, clip=own_clip(facts)))
    if lighter is None or is_better(found.best, lighter.train, found.start):
        return replace(found, kind="both")
    kind: Kind = "momentum" if momentum >= UNUSUAL else "both"
    if lighter.train < found.best:
        return replace(found, kind=kind, best=lighter.train, factor=1.0)
    return replace(found, kind=kind)


@kept
def too_slow(facts: Facts) -> Rates | None:
    """Return how faster trials compare, where a few steps of one get further than the whole run."""
    paces = paces_of(facts)
    if paces is None or facts.num_steps < FEWEST_STEPS or not paces.early_update < SMALL_STEP:
        return None
    found = _compared(facts, (10.0, 100.0, 1000.0), facts.num_steps)
    if found is None or not is_better(found.best, found.same, found.start):
        return None
    if not is_better(found.best, found.now, found.start) or found.valid > VALID * valid_now(facts):
        return None
    return found


def _compared(facts: Facts, factors: tuple[float, ...], most: int = STEPS) -> Rates | None:
    """Return the best of some rates beside the loop's own."""
    plain = Variant(True, clip=own_clip(facts), num_steps=min(STEPS, most))
    same, now = trial_of(facts, plain), loss_now(facts)
    if same is None or now is None:
        return None
    others = [(trial_of(facts, replace(plain, rate=one)), one) for one in factors]
    told = [(one.train, factor, one.valid) for one, factor in others if one is not None]
    if not told:
        return None
    best, factor, valid = min(told)
    return Rates(same.before, same.train, best, factor, same.num_steps, now, valid=valid)
