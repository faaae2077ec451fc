"""Where two runs of the same seed part: the first step whose losses differ [C10]."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from practicum.core.errors import ConfigError
from practicum.core.finding import Finding
from practicum.monitor.facts import Facts

TOLERANCE = 1e-6
"""Relative difference of two losses up to which they count as equal; sums in another order differ by less."""

BEGINS = 1
"""Step at which a difference lies in the weights or the first minibatch."""

ADVICE = {
    "start": "Seed what draws the first weights and the first minibatch: `torch.manual_seed(0)` before the model is "
    "made, and a `torch.Generator` of its own for the loader.",
    "later": "Seed what shuffles, drops out and augments (`torch.manual_seed`, NumPy's and each worker's generator); "
    "if all is seeded, call `torch.use_deterministic_algorithms(True)`.",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """The first step at which two runs differ.

    Attributes:
        step: from 1.
        first: loss of the one run there; nan where it had ended.
        second: of the other.
    """

    step: int
    first: float
    second: float

    @property
    def finding(self) -> Finding:
        """What is wrong if both runs had the same seed: they cannot be repeated."""
        advice = ADVICE["start" if self.step == BEGINS else "later"]
        losses = f"{self.first:.9g} and {self.second:.9g}"
        text = f"Two runs differ from step {self.step} on: their losses are {losses} there."
        return Finding("same-seed", "warning", (("C10", 1.0),), text, advice, "fault-C10")


def first_difference(first: Any, second: Any, tolerance: float = TOLERANCE) -> Difference | None:
    """Return the first step whose losses differ in two runs, None where there is none.

    Args:
        first: a monitor, its facts, or the losses of the steps.
        second: likewise.
        tolerance: relative difference up to which two losses are equal; 0 asks for the same bits.

    Raises:
        ConfigError: if one of the runs has no losses.

    Source:
        Fault C10: two runs of one seed should not differ.

    Example:
        >>> first_difference([1.0, 0.5, 0.3], [1.0, 0.5, 0.4])
        Difference(step=3, first=0.3, second=0.4)
        >>> first_difference([1.0, 0.5], [1.0, 0.5]) is None
        True
    """
    ours, theirs = _losses(first, "first"), _losses(second, "second")
    for step, (one, other) in enumerate(zip_longest(ours, theirs, fillvalue=math.nan), start=1):
        ended = step > min(len(ours), len(theirs))
        both_lost = not ended and math.isnan(one) and math.isnan(other)
        if not both_lost and (ended or not math.isclose(one, other, rel_tol=tolerance)):
            return Difference(step, one, other)
    return None


def with_difference(found: Sequence[Finding], facts: Facts, again: Facts) -> tuple[Finding, ...]:
    """Return findings, and before them where two runs of one seed part, in the steps that both have made.

    Example:
        >>> runs = [Facts(losses=[1.0, 0.5]), Facts(losses=[1.0])]
        >>> with_difference((), *runs), len(with_difference((), runs[0], Facts(losses=[2.0])))
        ((), 1)
    """
    num = min(len(facts.losses), len(again.losses))
    if num == 0:
        return tuple(found)
    parted = first_difference(facts.losses[:num], again.losses[:num])
    return tuple(found) if parted is None else (parted.finding, *found)


def _losses(run: Any, name: str) -> Sequence[float]:
    """Return the losses of a run."""
    facts = getattr(run, "facts", run)
    losses = getattr(facts, "losses", facts)
    numbers = isinstance(losses, Sequence) and not isinstance(losses, str | bytes | Mapping)
    if not numbers or not len(losses):
        raise ConfigError(
            f"`{name}` must be a monitor that has watched steps, its facts or losses, but got {type(run).__name__} "
            "without any. Call `monitor.step(loss)` in the loop.",
            **{name: type(run).__name__},
        )
    return [float(one) for one in losses]
