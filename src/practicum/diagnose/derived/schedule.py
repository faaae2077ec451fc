"""How the learning rate went over the run, and how long an epoch is."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from practicum.diagnose.derived.kept import kept
from practicum.diagnose.derived.rows import first_of_each
from practicum.monitor.facts import Facts

LOW = 0.01
"""Part of its peak below which a rate is as good as none."""

AGAIN = 0.05
"""Share of kept rows that came a second time, beyond which an epoch is over; a few are alike by chance."""

FRESH = 0.1
"""Share of later rows that were not among those of the first steps, below which these were nearly all."""


@dataclass(frozen=True, slots=True)
class Epoch:
    """How many rows there are.

    Attributes:
        num_rows: distinct ones.
        known: whether some came a second time, so that these are all; otherwise there are more.
        num_steps: of an epoch (at least, where it is not known).
    """

    num_rows: int
    known: bool
    num_steps: float


@dataclass(frozen=True, slots=True)
class Decline:
    """The learning rate of the first group.

    Attributes:
        peak: the highest.
        now: the last.
        low_from: first step from which it stayed below :data:`LOW` of its peak; None where it did not.
        changes: how often it changed until it was low, or until the end.
    """

    peak: float
    now: float
    low_from: int | None
    changes: int


@kept
def epoch_of(facts: Facts) -> Epoch | None:
    """Return the epoch; None where no rows were kept.

    That some rows of the first steps came twice says that these are all; or that nearly all later ones came before.
    """
    x, later = facts.sample.first.inputs(), facts.sample.later.inputs()
    if x is None or not facts.batch_size:
        return None
    distinct = len(first_of_each(x))
    known = len(x) - distinct > AGAIN * len(x)
    if not known and later is not None and later.shape[1:] == x.shape[1:] and later.dtype == x.dtype:
        fresh = len(first_of_each(torch.cat([x, later]))) - distinct
        known = fresh < FRESH * len(first_of_each(later))
    return Epoch(distinct, known, distinct / facts.batch_size)


@kept
def decline_of(facts: Facts) -> Decline | None:
    """Return the course of the learning rate; None where it never changed or was not seen.

    Example:
        >>> facts = Facts(num_steps=400, rates=[(1, 0.1), (50, 0.01), (100, 0.001)])
        >>> decline_of(facts).low_from
        100
    """
    rates = list(facts.rates)
    if rates:
        seen = [(one.step, one.settings[0].learning_rate) for one in facts.looks if one.settings]
        rates += [one for one in seen if one[0] > rates[-1][0] and one[1] != rates[-1][1]]
    if len(rates) < 2 or (peak := max(rate for _, rate in rates)) <= 0:
        return None
    low_from = None
    for step, rate in reversed(rates):
        if rate > LOW * peak:
            break
        low_from = step
    changes = sum(low_from is None or step <= low_from for step, _ in rates[1:])
    return Decline(peak, rates[-1][1], low_from, changes)
