"""A short A/B: copies of a loop trained as it is and changed, on the same minibatches, compared on held-out rows.

Seeds are of the order of rows and of what the model draws. Each seed gives one difference, all else being equal, so
few of them say much. A copy that diverges is a result: it counts as :data:`WORST` times the loss from which all begin.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import stdtrit

from practicum.core.intervals import Difference
from practicum.diagnose.evidence.course import Course, End, Variant
from practicum.diagnose.evidence.subject import CannotTryError, Subject

NUM_STEPS = 200
"""Updates of a course at most."""

LEAST_STEPS = 20
"""Updates of a course at least, however slow they are."""

LEAST_GAIN = 0.02
"""Part of the loss by which it must fall at least for a change to count."""

NUM_SEEDS = 6
"""So many that equal signs alone are beyond chance."""

LEAST_SEEDS = 3

WORST = 3.0
"""How many times the loss from which all begin a course may end with; beyond, it has diverged and counts as this."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a change does in a few updates.

    Attributes:
        variant: that was tried.
        num_steps: updates of each course.
        afresh: whether the courses began where the loop began, or where it is now.
        as_it_is: held-out loss (or error) at the end without the change, one a seed.
        changed: the same with the change.
        worst: what a course that ends higher counts as, :data:`WORST` times what all begin with.
        gains: by how much each fell because of the change, so bounded.
        untried: why it could not be tried; empty where it was.
    """

    variant: Variant
    num_steps: int
    afresh: bool
    as_it_is: tuple[float, ...] = ()
    changed: tuple[float, ...] = ()
    worst: float = math.inf
    gains: tuple[float, ...] = ()
    untried: str = ""

    @property
    def gain(self) -> float:
        """Mean of the gains; positive = the change helps."""
        return float(np.mean(self.gains)) if self.gains else math.nan

    @property
    def standard_error(self) -> float:
        """Of the mean gain, over seeds."""
        return standard_error(self.gains)

    @property
    def num_diverged(self) -> tuple[int, int]:
        """Courses that diverged: as it is, and with the change."""
        before, after = (sum(not one <= self.worst for one in side) for side in (self.as_it_is, self.changed))
        return before, after

    def interval(self, level: float = 0.95) -> Difference:
        """Return the gain with its interval by Student's t."""
        return t_interval(self.gains, level)


def standard_error(values: Sequence[float]) -> float:
    """Return the standard error of the mean; nan for a single value.

    Example:
        >>> standard_error([1.0, 3.0])
        1.0
    """
    return float(np.std(values, ddof=1) / math.sqrt(len(values))) if len(values) > 1 else math.nan


def t_interval(values: Sequence[float], level: float = 0.95) -> Difference:
    """Return the mean of a few values and its interval by Student's t.

    Example:
        >>> found = t_interval([1.0, 2.0, 3.0])
        >>> found.value, round(found.low, 2), found.clear
        (2.0, -0.48, False)
    """
    half = float(stdtrit(max(1, len(values) - 1), 0.5 + level / 2)) * standard_error(values)
    mean = float(np.mean(values)) if len(values) else math.nan
    return Difference(mean, mean - half, mean + half)


def beats(
    gains: Sequence[float], usual: float, others: Sequence[Sequence[float]], level: float = 0.95
) -> bool:
    """Return whether a change helps: beyond chance, by :data:`LEAST_GAIN`, and more than changes at random.

    Args:
        gains: of the change, one a seed.
        usual: what is gained on, without the change.
        others: gains of changes at random by the same seeds; none: no comparison with them.
        level: of the two intervals.

    Example:
        >>> beats((0.30, 0.32, 0.31), 0.7, [(0.0, 0.01, -0.01)]), beats((0.30, 0.32, 0.31), 0.7, [(0.4, 0.4, 0.4)])
        (True, False)
    """
    helps = _is_above_chance(gains, level) and float(np.mean(gains)) >= LEAST_GAIN * abs(usual)
    if not helps or not others:
        return helps
    return _is_above_chance(tuple(np.array(gains) - np.mean(others, axis=0)), level)


def _is_above_chance(values: Sequence[float], level: float) -> bool:
    """Return whether values are above 0 beyond chance: by Student's t, or by their signs where some are far off."""
    all_signs = min(values) > 0 and 0.5 ** len(values) <= (1 - level) / 2
    return all_signs or t_interval(values, level).low > 0


def compare(
    subject: Subject,
    variants: Sequence[Variant],
    *,
    num_steps: int = NUM_STEPS,
    num_seeds: int = NUM_SEEDS,
    afresh: bool = False,
    budget_seconds: float = math.inf,
) -> tuple[Comparison, ...]:
    """Train copies of a loop with each change and without, from the same weights on the same minibatches.

    Args:
        subject: the loop; nothing of it is touched.
        variants: that are tried.
        num_steps: updates of each course; fewer where the time is short.
        num_seeds: orders of the rows; fewer where the time is short.
        afresh: begin where the loop began, not where it is now.
        budget_seconds: time for all of it, kept as well as :data:`LEAST_STEPS` and :data:`LEAST_SEEDS` allow.

    Returns:
        A comparison for each variant, in their order.

    Raises:
        CannotTryError: if the loop itself cannot be copied and trained.

    Source:
        Bengio 2012, 3.2-35 (several seeds), 4.1-08 (which of several causes); the procedure is ours.

    Example:
        >>> import torch
        >>> _ = torch.manual_seed(0)
        >>> x = torch.randn(64, 3)
        >>> model = torch.nn.Linear(3, 1)
        >>> optimizer = torch.optim.SGD(model.parameters(), lr=1e-5)
        >>> subject = Subject(model, optimizer, torch.nn.functional.mse_loss, x, x.sum(1, keepdim=True))
        >>> def faster(twin):
        ...     twin.optimizers[0].param_groups[0]["lr"] *= 1000
        >>> compare(subject, [Variant("the rate × 1000", faster)], num_steps=50)[0].interval().low > 0
        True
    """
    course = Course(subject, afresh)
    if not math.isfinite(course.begin.loss):
        raise CannotTryError("its loss is no number to begin with")
    ends: dict[int, list[End]] = {place: [] for place in range(-1, len(variants))}
    untried: dict[int, str] = {}
    started = time.monotonic()
    seconds = (1 + len(variants)) * course.seconds_a_step(num_steps)
    num_steps = int(min(num_steps, max(LEAST_STEPS, min(num_steps, budget_seconds / (seconds * num_seeds)))))
    for seed in range(num_seeds):
        if seed >= LEAST_SEEDS and time.monotonic() - started > budget_seconds:
            break
        ends[-1].append(course.run(None, seed, num_steps))
        for place, variant in enumerate(variants):
            if place not in untried:
                try:
                    ends[place].append(course.run(variant, seed, num_steps))
                except CannotTryError as error:
                    untried[place] = str(error)
    return tuple(
        Comparison(variant, num_steps, afresh, untried=untried[place])
        if place in untried
        else _compared(Comparison(variant, num_steps, afresh), course.begin, ends[-1], ends[place])
        for place, variant in enumerate(variants)
    )


def _compared(empty: Comparison, begin: End, bases: Sequence[End], ends: Sequence[End]) -> Comparison:
    """Return the comparison of courses by seed, bounded where one diverged."""
    before, after = ([one.by(empty.variant) for one in side] for side in (bases, ends))
    common = begin.by(empty.variant)
    worst = common + (WORST - 1) * max(abs(common), 1e-12)
    gains = [min(old, worst) - min(new, worst) for old, new in zip(before, after, strict=True)]
    return replace(empty, as_it_is=tuple(before), changed=tuple(after), worst=worst, gains=tuple(gains))
