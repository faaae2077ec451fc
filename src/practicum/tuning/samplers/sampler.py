"""The one contract of all strategies: asked for the values of the next trials, told what became of trials."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from practicum.tuning.trial import Tried

Values = dict[str, Any]
"""Values of a space's entries by name; an entry whose condition does not hold is absent."""


class Sampler(Protocol):
    """Proposes what to try.

    What it proposes is a function of the space, the seed, the trials asked for and what it was told, in that order: of
    no clock and no global generator.
    """

    def ask(self, count: int) -> list[Values]:
        """Return the values of the next ``count`` trials; fewer, or none, where there is nothing left to try."""

    def tell(self, tried: Sequence[Tried]) -> None:
        """Take in finished trials, each once, in the order of their numbers."""
