"""Did the learning rate decay before the network had learned? What the rate of before would still do."""

from __future__ import annotations

from dataclasses import dataclass

from practicum.diagnose.derived.exact import is_explained
from practicum.diagnose.derived.kept import kept
from practicum.diagnose.derived.rates import is_better
from practicum.diagnose.derived.schedule import Decline, decline_of, epoch_of
from practicum.diagnose.derived.trial import Trial, Variant, loss_now, trial_of, valid_now
from practicum.monitor.facts import Facts

EARLY = 0.6
"""Part of the run before which a low rate is early."""

OFTEN = 3.5
"""Changes of the rate an epoch beyond which it is stepped at every minibatch."""


@dataclass(frozen=True, slots=True)
class Stalled:
    """A run whose rate was low too early.

    Attributes:
        decline: of the rate.
        part: of the run after which it was low.
        changes: of the rate, an epoch.
        now: loss of the kept training rows.
        trial: at the peak rate, from now; or from the start, where that got further.
        from_start: which.
    """

    decline: Decline
    part: float
    changes: float
    now: float
    trial: Trial
    from_start: bool

    @property
    def each_step(self) -> bool:
        """Whether it looks as if the scheduler counted epochs but was stepped at every minibatch."""
        return self.changes > OFTEN

    @property
    def text(self) -> str:
        """What was seen, without a full stop."""
        begin = "from the start" if self.from_start else "from here"
        return (
            f"The learning rate was below 1 % of its peak ({self.decline.peak:.3g}) after {self.part:.0%} of "
            "the steps; "
            f"{self.trial.num_steps} steps {begin} at that peak bring the loss of the kept rows to "
            f"{self.trial.train:.4g}, and the run is at {self.now:.4g}"
        )


@kept
def stalled_by_decay(facts: Facts) -> Stalled | None:
    """Return what is known of a rate that was low too early, where a higher one would still help; else None."""
    decline, epoch = decline_of(facts), epoch_of(facts)
    if decline is None or decline.low_from is None or is_explained(facts):
        return None
    part = decline.low_from / max(1, facts.num_steps)
    if part > EARLY:
        return None
    again = trial_of(facts, Variant(rate=decline.peak / decline.now)) if decline.now > 0 else None
    afresh, now = trial_of(facts, Variant(True)), loss_now(facts)
    if afresh is None or now is None:
        return None
    from_start = again is None or afresh.train < again.train
    trial = afresh if again is None or from_start else again
    if not is_better(trial.train, now, afresh.before) or trial.valid > valid_now(facts):
        return None
    steps = max(1.0, epoch.num_steps) if epoch is not None else float(facts.num_steps)
    changes = decline.changes / max(1.0, decline.low_from / steps)
    return Stalled(decline, part, changes, now, trial, from_start)
