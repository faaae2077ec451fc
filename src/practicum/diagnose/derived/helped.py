"""Would a change of one setting have helped? A trial with it beside one without, from the start and from now."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from practicum.diagnose.derived.rates import is_better, own_clip
from practicum.diagnose.derived.trial import Trial, Variant, loss_now, trial_of
from practicum.monitor.facts import Facts


@dataclass(frozen=True, slots=True)
class Helped:
    """Losses of the kept training rows.

    Attributes:
        start: before.
        same: after a trial of the loop as it is.
        changed: after a trial of the same length with the change.
        num_steps: of both.
        from_start: whether they began with the weights from before the first step, otherwise with those of now.
        now: where the whole run has got to.
    """

    start: float
    same: float
    changed: float
    num_steps: int
    from_start: bool
    now: float

    @property
    def text(self) -> str:
        """What the trials say."""
        begin = "the start" if self.from_start else "where it is now"
        return (
            f"in {self.num_steps} steps from {begin}, the loss of the kept rows gets to {self.changed:.4g} with that "
            f"changed and to {self.same:.4g} without (at first {self.start:.4g}, now {self.now:.4g})"
        )


def helped_by(facts: Facts, change: Variant) -> Helped | None:
    """Return how a change helps: clearly, from the start (so that the whole run looks slow) or from now; else None."""
    now, clip = loss_now(facts), own_clip(facts)
    if now is None:
        return None
    plain = Variant(True, clip=clip)
    first = _pair(facts, plain, replace(change, from_start=True))
    if first is None:
        return None
    same, changed = first
    start = same.before
    if is_better(changed.train, same.train, start) and not is_better(now, changed.train, start):
        return Helped(start, same.train, changed.train, same.num_steps, True, now)
    second = _pair(facts, Variant(clip=clip), replace(change, from_start=False))
    if second is None:
        return None
    same, changed = second
    helps = is_better(changed.train, same.train, start) and is_better(changed.train, now, start)
    if not helps or (math.isfinite(changed.valid) and changed.valid > same.valid):
        return None
    return Helped(start, same.train, changed.train, same.num_steps, False, now)


def share_of(facts: Facts, helped: Helped, change: Variant) -> float:
    """Return the share of a change's gain that a smaller change brings by itself; 0 where that cannot be tried."""
    smaller = trial_of(facts, replace(change, from_start=helped.from_start, clip=own_clip(facts)))
    gain = helped.same - helped.changed
    return 0.0 if smaller is None or not 0 < gain < math.inf else (helped.same - smaller.train) / gain


def _pair(facts: Facts, plain: Variant, changed: Variant) -> tuple[Trial, Trial] | None:
    one, other = trial_of(facts, plain), trial_of(facts, changed)
    return None if one is None or other is None else (one, other)
