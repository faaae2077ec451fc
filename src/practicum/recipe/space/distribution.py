"""What a distribution is, and the three over a continuum: log-uniform, uniform, log-normal.

A distribution is a map from a unit u in [0, 1) to a value, increasing in u: whoever draws units evenly, at random,
on a grid or from Sobol' points, draws values of the distribution. The discrete ones stand in `steps.py`.
Source: Bengio 2012, 3.3-05 (log domain) and 3.4-01.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Protocol, runtime_checkable

from practicum.core.errors import ConfigError
from practicum.recipe.checks import show

HIGHEST_UNIT = math.nextafter(1.0, 0.0)
TAIL = 1e-3
"""Share that a log-normal loses at each end, so that its values stay possible."""

NORMAL = NormalDist()


@runtime_checkable
class Distribution(Protocol):
    """Maps units in [0, 1) to values; a frozen record of plain numbers."""

    def value(self, unit: float) -> Any:
        """Return the value at ``unit``: 0 gives the lowest, 1 the highest."""

    def unit(self, value: Any) -> float:
        """Return the unit of ``value``; of a discrete one the middle of its interval.

        Raises:
            ConfigError: if it is none of the distribution's.
        """

    def takes(self, value: Any) -> bool:
        """Return whether ``value`` can be drawn, with a probability above 0 where the distribution is discrete."""

    @property
    def num_values(self) -> int | None:
        """How many values there are; ``None``: a continuum."""

    @property
    def ends(self) -> tuple[Any, ...]:
        """The values to check: the lowest and the highest, or every option."""

    def narrowed(self, low_unit: float, high_unit: float) -> Distribution:
        """Return the part between two units, for a finer search there."""

    def as_plain(self) -> dict[str, Any]:
        """Return its form in a YAML file, such as ``{"log": [1e-6, 1.0]}``."""


@dataclass(frozen=True, slots=True)
class _Range:
    """What two numbers bound, a continuum."""

    low: float
    high: float

    def takes(self, value: Any) -> bool:
        return is_number(value) and self.low <= value <= self.high

    @property
    def num_values(self) -> None:
        return None

    @property
    def ends(self) -> tuple[float, float]:
        return self.low, self.high


@dataclass(frozen=True, slots=True)
class Log(_Range):
    """Even in the logarithm: what is positive and matters by ratios, such as a learning rate [3.3-05].

    Args:
        low: smallest value, > 0.
        high: largest value, > low.

    Raises:
        ConfigError: if ``low`` is not positive or not below ``high``.

    Example:
        >>> rates = Log(1e-6, 1)
        >>> [round(rates.value(unit), 9) for unit in (0, 0.5, 1)]
        [1e-06, 0.001, 1.0]
        >>> round(rates.unit(0.01), 3)
        0.667
    """

    def __post_init__(self) -> None:
        """Check the range."""
        check_range(self.low, self.high, positive=True)

    def value(self, unit: float) -> float:  # noqa: D102
        position = math.log(self.low) + within(unit) * (math.log(self.high) - math.log(self.low))
        return clipped(math.exp(position), self.low, self.high, unit)

    def unit(self, value: Any) -> float:  # noqa: D102
        number = inside(value, self.low, self.high)
        return (math.log(number) - math.log(self.low)) / (math.log(self.high) - math.log(self.low))

    def narrowed(self, low_unit: float, high_unit: float) -> Distribution:  # noqa: D102
        low, high = values_at(self, low_unit, high_unit)
        return Log(low, high)

    def as_plain(self) -> dict[str, Any]:  # noqa: D102
        return {"log": [self.low, self.high]}


@dataclass(frozen=True, slots=True)
class Linear(_Range):
    """Even between two numbers: what matters by differences, such as a share.

    Args:
        low: smallest value.
        high: largest value, > low.

    Raises:
        ConfigError: if ``low`` is not below ``high``.

    Example:
        >>> Linear(0, 0.5).value(0.5), Linear(0, 0.5).narrowed(0.5, 1)
        (0.25, Linear(low=0.25, high=0.5))
    """

    def __post_init__(self) -> None:
        """Check the range."""
        check_range(self.low, self.high)

    def value(self, unit: float) -> float:  # noqa: D102
        return clipped(self.low + within(unit) * (self.high - self.low), self.low, self.high, unit)

    def unit(self, value: Any) -> float:  # noqa: D102
        return (inside(value, self.low, self.high) - self.low) / (self.high - self.low)

    def narrowed(self, low_unit: float, high_unit: float) -> Distribution:  # noqa: D102
        low, high = values_at(self, low_unit, high_unit)
        return Linear(low, high)

    def as_plain(self) -> dict[str, Any]:  # noqa: D102
        return {"linear": [self.low, self.high]}


@dataclass(frozen=True, slots=True)
class LogNormal:
    """The exponential of a normal: a best guess, and how far off it may be.

    Args:
        median: half of the values lie below; > 0.
        deviation: standard deviation of the natural logarithm; > 0.
        between: the part of the normal that is drawn from, as two of its quantiles; by default all but the
            :data:`TAIL` at each end.

    Raises:
        ConfigError: if a number is not positive, or ``between`` not ascending inside (0, 1).

    Example:
        >>> LogNormal(0.01, 3).value(0.5)
        0.01
        >>> [f"{end:.3g}" for end in LogNormal(0.01, 3).ends]
        ['9.41e-07', '106']
    """

    median: float
    deviation: float
    between: tuple[float, float] = (TAIL, 1 - TAIL)

    def __post_init__(self) -> None:
        """Check the numbers."""
        for name, number in (("median", self.median), ("deviation", self.deviation)):
            if not is_number(number) or not 0 < number < math.inf:
                raise ConfigError(
                    f"`{name}` must be > 0, but got {name}={show(number)}.", **{name: number}
                ) from None
        low, high = self.between
        if not 0 < low < high < 1:
            raise ConfigError(
                f"`between` must be two ascending quantiles inside (0, 1), but got between={show(self.between)}.",
                between=self.between,
            )

    def value(self, unit: float) -> float:  # noqa: D102
        low, high = self.between
        return self.median * math.exp(self.deviation * NORMAL.inv_cdf(low + within(unit) * (high - low)))

    def unit(self, value: Any) -> float:  # noqa: D102
        low, high = self.between
        quantile = NORMAL.cdf(math.log(inside(value, *self.ends) / self.median) / self.deviation)
        return min(max((quantile - low) / (high - low), 0.0), HIGHEST_UNIT)

    def takes(self, value: Any) -> bool:  # noqa: D102
        low, high = self.ends
        return is_number(value) and bool(low <= value <= high)

    @property
    def num_values(self) -> None:  # noqa: D102
        return None

    @property
    def ends(self) -> tuple[float, float]:  # noqa: D102
        return self.value(0.0), self.value(1.0)

    def narrowed(self, low_unit: float, high_unit: float) -> Distribution:  # noqa: D102
        low, high = self.between
        low_unit, high_unit = ascending(low_unit, high_unit)
        return LogNormal(
            self.median, self.deviation, (low + low_unit * (high - low), low + high_unit * (high - low))
        )

    def as_plain(self) -> dict[str, Any]:  # noqa: D102
        plain: dict[str, Any] = {"log_normal": [self.median, self.deviation]}
        return plain if self.between == (TAIL, 1 - TAIL) else {**plain, "between": list(self.between)}


def is_number(value: Any) -> bool:
    """Return whether ``value`` is an int or a float, and no bool."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def within(unit: float) -> float:
    """Return ``unit`` inside [0, 1]."""
    return min(max(float(unit), 0.0), 1.0)


def ascending(low_unit: float, high_unit: float) -> tuple[float, float]:
    """Return two units inside [0, 1], the lower first."""
    low, high = sorted((within(low_unit), within(high_unit)))
    return low, high


def clipped(value: float, low: float, high: float, unit: float) -> float:
    """Return ``value`` inside [low, high], the ends exactly: rounding may not step over a limit."""
    if unit <= 0 or unit >= HIGHEST_UNIT:
        return float(low if unit <= 0 else high)
    return float(min(max(value, low), high))


def inside(value: Any, low: float, high: float) -> float:
    """Return ``value`` as a float, or raise unless it lies in [low, high], rounding allowed for."""
    if not is_number(value) or not low - abs(low) * 1e-12 <= value <= high + abs(high) * 1e-12:
        raise ConfigError(
            f"`value` must lie in [{low:g}, {high:g}], but got value={show(value)}.", value=value
        )
    return min(max(float(value), low), high)


def values_at(distribution: Distribution, low_unit: float, high_unit: float) -> tuple[float, float]:
    """Return the values at two units, the lower first."""
    low, high = ascending(low_unit, high_unit)
    return distribution.value(low), distribution.value(high)


def check_range(low: Any, high: Any, *, positive: bool = False) -> None:
    """Raise unless ``low`` < ``high`` are finite numbers, and positive where a logarithm is taken."""
    for name, number in (("low", low), ("high", high)):
        if not is_number(number) or not math.isfinite(number):
            raise ConfigError(
                f"`{name}` must be a finite number, but got {name}={show(number)}.", **{name: number}
            )
    if positive and low <= 0:
        raise ConfigError(
            f"`low` must be > 0 on a log scale, but got low={low:g}. Use a small positive low, e.g. 1e-6; "
            "where 0 means none, add `off: 0.5` (in Python SometimesOff).",
            low=low,
        )
    if low >= high:
        raise ConfigError(
            f"`low` must be < high, but got low={low:.15g} and high={high:.15g}. "
            "Give the smaller number first; one value alone is a fixed setting.",
            low=low,
            high=high,
        )
