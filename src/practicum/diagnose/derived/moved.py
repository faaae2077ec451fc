"""How far each layer of weights has moved from where it began."""

from __future__ import annotations

import math
from dataclasses import dataclass

from practicum.diagnose.derived.kept import kept
from practicum.monitor.facts import Facts


@dataclass(frozen=True, slots=True)
class Moved:
    """One parameter of two axes or more that requires a gradient.

    Attributes:
        name: of it.
        distance: from its start, beside its size there.
        size: its size now beside that at the start.
    """

    name: str
    distance: float
    size: float


@kept
def moved_of(facts: Facts) -> tuple[Moved, ...]:
    """Return how far weights have moved, in the order of the model; nothing where no start was kept."""
    if facts.trained is None or facts.trained.start is None:
        return ()
    before = dict(facts.trained.start.named_parameters())
    found = []
    for name, one in facts.trained.model.named_parameters():
        old = before.get(name)
        if old is None or one.ndim < 2 or not one.requires_grad or old.shape != one.shape:
            continue
        new, was = one.detach().float().cpu(), old.detach().float().cpu()
        length = float(was.norm())
        distance = float((new - was).norm())
        if length > 0 and math.isfinite(distance):
            found.append(Moved(name, distance / length, float(new.norm()) / length))
    return tuple(found)
