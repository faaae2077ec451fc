"""Distributions over whole numbers, evenly or by ratios.

Each value owns an interval of the unit line, as long as the value is likely; `unit` gives its middle.
Source: Bengio 2012, 3.3-05 (ratios matter for numbers of units, of examples, of updates).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from practicum.core.errors import ConfigError
from practicum.recipe.checks import show
from practicum.recipe.space.choice import Choice, check_taken, values_between
from practicum.recipe.space.distribution import Distribution, check_range, is_number, within

LARGEST_INTEGER = 2**40
"""Neighbours up to here stay apart as units, which are floats."""


@dataclass(frozen=True, slots=True)
class Integer:
    """Every whole number from low to high, alike.

    Args:
        low: smallest value.
        high: largest value, > low.

    Raises:
        ConfigError: if they are no whole numbers or not ascending.

    Example:
        >>> [Integer(1, 3).value(unit) for unit in (0, 0.4, 0.99)], Integer(1, 3).unit(2)
        ([1, 2, 3], 0.5)
    """

    low: int
    high: int

    def __post_init__(self) -> None:
        """Check the range."""
        check_whole(self.low, self.high)

    def value(self, unit: float) -> int:  # noqa: D102
        return self.low + min(int(within(unit) * self.num_values), self.num_values - 1)

    def unit(self, value: Any) -> float:  # noqa: D102
        check_taken(self, value)
        return float((value - self.low + 0.5) / self.num_values)

    def takes(self, value: Any) -> bool:  # noqa: D102
        return is_number(value) and value == int(value) and self.low <= value <= self.high

    @property
    def num_values(self) -> int:  # noqa: D102
        return self.high - self.low + 1

    @property
    def ends(self) -> tuple[int, int]:  # noqa: D102
        return self.low, self.high

    def narrowed(self, low_unit: float, high_unit: float) -> Distribution:  # noqa: D102
        low, high = values_between(self, low_unit, high_unit)
        return Choice((low,)) if low == high else Integer(low, high)

    def as_plain(self) -> dict[str, Any]:  # noqa: D102
        return {"integer": [self.low, self.high]}


@dataclass(frozen=True, slots=True)
class LogInteger:
    """Whole numbers, even in the logarithm: numbers of units, of examples, of updates.

    A number owns what rounds to it, so that 64 is as likely as 63.5 to 64.5 on a log scale.

    Args:
        low: smallest value, ≥ 1.
        high: largest value, > low.
        multiple: only multiples of it, e.g. 16; two at least must lie in the range.

    Raises:
        ConfigError: if a number is not whole or not positive, the range not ascending or without two multiples.

    Example:
        >>> widths = LogInteger(16, 1024, multiple=16)
        >>> widths.num_values, [widths.value(unit) for unit in (0, 0.5, 1)]
        (64, [16, 96, 1024])
    """

    low: int
    high: int
    multiple: int = 1

    def __post_init__(self) -> None:
        """Check the range."""
        check_whole(self.low, self.high, positive=True)
        if not is_whole(self.multiple) or self.multiple < 1:
            raise ConfigError(
                f"`multiple` must be a whole number ≥ 1, but got multiple={show(self.multiple)}.",
                multiple=self.multiple,
            )
        if self._first >= self._last:
            raise ConfigError(
                f"`multiple` must divide two numbers of the range at least, but got multiple={self.multiple} "
                f"with low={self.low} and high={self.high}. Widen the range, or leave `multiple` out.",
                multiple=self.multiple,
            )

    @property
    def _first(self) -> int:
        return -(-self.low // self.multiple)

    @property
    def _last(self) -> int:
        return self.high // self.multiple

    def _edge(self, index: float) -> float:
        """Return the unit at ``index`` (in multiples; the edges lie at halves)."""
        start, end = math.log(self._first - 0.5), math.log(self._last + 0.5)
        return (math.log(index) - start) / (end - start)

    def value(self, unit: float) -> int:  # noqa: D102
        start, end = math.log(self._first - 0.5), math.log(self._last + 0.5)
        index = math.floor(math.exp(start + within(unit) * (end - start)) + 0.5)
        return min(max(index, self._first), self._last) * self.multiple

    def unit(self, value: Any) -> float:  # noqa: D102
        check_taken(self, value)
        index = value / self.multiple
        return (self._edge(index - 0.5) + self._edge(index + 0.5)) / 2

    def takes(self, value: Any) -> bool:  # noqa: D102
        return (
            is_number(value)
            and value % self.multiple == 0
            and self._first * self.multiple <= value <= self._last * self.multiple
        )

    @property
    def num_values(self) -> int:  # noqa: D102
        return self._last - self._first + 1

    @property
    def ends(self) -> tuple[int, int]:  # noqa: D102
        return self._first * self.multiple, self._last * self.multiple

    def narrowed(self, low_unit: float, high_unit: float) -> Distribution:  # noqa: D102
        low, high = values_between(self, low_unit, high_unit)
        return Choice((low,)) if low == high else LogInteger(low, high, self.multiple)

    def as_plain(self) -> dict[str, Any]:  # noqa: D102
        plain: dict[str, Any] = {"log_integer": [self.low, self.high]}
        return plain if self.multiple == 1 else {**plain, "multiple": self.multiple}


def is_whole(value: Any) -> bool:
    """Return whether ``value`` is an int, and no bool."""
    return isinstance(value, int) and not isinstance(value, bool)


def check_whole(low: Any, high: Any, *, positive: bool = False) -> None:
    """Raise unless ``low`` < ``high`` are whole numbers that units can tell apart."""
    for name, number in (("low", low), ("high", high)):
        if not is_whole(number) or abs(number) > LARGEST_INTEGER:
            raise ConfigError(
                f"`{name}` must be a whole number of at most {LARGEST_INTEGER}, but got {name}={show(number)}.",
                **{name: number},
            )
    check_range(low, high, positive=positive)
