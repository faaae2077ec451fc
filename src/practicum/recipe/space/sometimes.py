"""A number that is off in a share of the trials: "0 with probability ½, else log-uniform".

Zero has no place on a log scale, yet "none" is often best; so it gets its own interval of the unit line, the first.
Source: Bergstra & Bengio 2012, as in 3.4-09 (their L2 penalty).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from practicum.core.errors import ConfigError
from practicum.recipe.checks import show
from practicum.recipe.space.choice import Choice
from practicum.recipe.space.distribution import (
    HIGHEST_UNIT,
    Distribution,
    ascending,
    is_number,
    within,
)


@dataclass(frozen=True, slots=True)
class SometimesOff:
    """Off with a probability, else as ``inner`` says.

    Args:
        inner: distribution of the numbers.
        off: the value that means none: 0, or ``None`` for a setting that may be null.
        probability: that it is off, inside (0, 1).

    Raises:
        ConfigError: if the probability is impossible, or ``inner`` is sometimes off itself.

    Example:
        >>> from practicum.recipe.space import Log
        >>> penalties = SometimesOff(Log(1e-3, 10))
        >>> [round(penalties.value(unit), 6) for unit in (0, 0.49, 0.5, 0.75, 1)]
        [0.0, 0.0, 0.001, 0.1, 10.0]
    """

    inner: Distribution
    off: Any = 0.0
    probability: float = 0.5

    def __post_init__(self) -> None:
        """Check the probability."""
        if not is_number(self.probability) or not 0 < self.probability < 1:
            raise ConfigError(
                f"`off` must be a probability inside (0, 1), but got off={show(self.probability)}. "
                "Leave it out where the setting is always on.",
                off=self.probability,
            )
        if isinstance(self.inner, SometimesOff | Choice):
            raise ConfigError(
                "`off` must go with a range of numbers, but got it with a "
                f"{'choice' if isinstance(self.inner, Choice) else 'distribution that is sometimes off itself'}. "
                "Put the value that means none among the options of a choice.",
                inner=self.inner,
            )

    def value(self, unit: float) -> Any:  # noqa: D102
        point = within(unit)
        if point < self.probability:
            return self.off
        return self.inner.value((point - self.probability) / (1 - self.probability))

    def unit(self, value: Any) -> float:  # noqa: D102
        if value == self.off:
            return self.probability / 2
        inner = self.probability + (1 - self.probability) * self.inner.unit(value)
        return min(max(inner, self.probability), HIGHEST_UNIT)

    def takes(self, value: Any) -> bool:  # noqa: D102
        return bool(value == self.off) or self.inner.takes(value)

    @property
    def num_values(self) -> int | None:  # noqa: D102
        return None if self.inner.num_values is None else self.inner.num_values + 1

    @property
    def ends(self) -> tuple[Any, ...]:  # noqa: D102
        return self.off, *self.inner.ends

    def narrowed(self, low_unit: float, high_unit: float) -> Distribution:  # noqa: D102
        low, high = ascending(low_unit, high_unit)
        if high <= self.probability:
            return Choice((self.off,))
        rest = 1 - self.probability
        if low >= self.probability:
            return self.inner.narrowed((low - self.probability) / rest, (high - self.probability) / rest)
        inner = self.inner.narrowed(0.0, (high - self.probability) / rest)
        if isinstance(inner, Choice):
            return Choice((self.off, *inner.options))
        return SometimesOff(inner, self.off, (self.probability - low) / (high - low))

    def as_plain(self) -> dict[str, Any]:  # noqa: D102
        plain = {**self.inner.as_plain(), "off": self.probability}
        return plain if is_number(self.off) and self.off == 0 else {**plain, "off_value": self.off}
