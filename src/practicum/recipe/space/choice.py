"""One of some options: the distribution of symbols, and of numbers of which only a few are to be tried.

Each option owns an interval of the unit line, as long as it is likely; `unit` gives its middle.
Source: Bengio 2012, 3.3-01 (numbers and symbols are different things), 3.4-01 (multinomial for the latter).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from practicum.core.errors import ConfigError
from practicum.recipe.checks import show
from practicum.recipe.space.distribution import HIGHEST_UNIT, Distribution, ascending, is_number, within


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some words, numbers or lists.

    Args:
        options: each once; in their order where they have one.
        weights: how likely each is, against the others; ``None``: all alike.

    Raises:
        ConfigError: if there is none, one stands twice, or the weights do not match.

    Example:
        >>> activations = Choice(("tanh", "relu"), weights=(3, 1))
        >>> [activations.value(unit) for unit in (0, 0.7, 0.8)], activations.unit("relu")
        (['tanh', 'tanh', 'relu'], 0.875)
    """

    options: tuple[Any, ...]
    weights: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        """Take lists for tuples, and check."""
        options = self.options
        if isinstance(options, list | tuple):
            options = tuple(tuple(one) if isinstance(one, list) else one for one in options)
        object.__setattr__(self, "options", options)
        if not isinstance(options, tuple) or not options:
            raise ConfigError(
                f"`choice` must have at least one option, but got choice={show(self.options)}. "
                "Write the options in brackets.",
                options=self.options,
            )
        twice = next((one for i, one in enumerate(options) if position(options, one) != i), None)
        if twice is not None or sum(one is None for one in options) > 1:
            raise ConfigError(
                f"`choice` must have each option once, but got {show(twice)} twice. "
                "To make one likelier, give `weights`.",
                options=options,
            )
        if self.weights is not None:
            self._check_weights(tuple(self.weights))

    def _check_weights(self, weights: tuple[Any, ...]) -> None:
        object.__setattr__(self, "weights", weights)
        if len(weights) != len(self.options):
            raise ConfigError(
                f"`weights` must be {len(self.options)} numbers, one an option, but got {len(weights)}: "
                f"weights={show(weights)}.",
                weights=weights,
            )
        if not all(is_number(one) and 0 < one < math.inf for one in weights):
            raise ConfigError(
                f"`weights` must be > 0, but got weights={show(weights)}. Leave out an option that is not to be tried.",
                weights=weights,
            )

    def _edges(self) -> list[float]:
        """Return where each option's interval ends."""
        weights = self.weights or (1,) * len(self.options)
        total = math.fsum(weights)
        return [end / total for end in accumulate(weights)]

    def value(self, unit: float) -> Any:  # noqa: D102
        point = within(unit)
        index = next((i for i, end in enumerate(self._edges()) if point < end), len(self.options) - 1)
        return self.options[index]

    def unit(self, value: Any) -> float:  # noqa: D102
        index = position(self.options, value)
        if index is None:
            raise ConfigError(
                f"`value` must be one of {', '.join(map(str, self.options))}, but got value={show(value)}.",
                value=value,
            )
        edges = [0.0, *self._edges()]
        return (edges[index] + edges[index + 1]) / 2

    def takes(self, value: Any) -> bool:  # noqa: D102
        return position(self.options, value) is not None

    @property
    def num_values(self) -> int:  # noqa: D102
        return len(self.options)

    @property
    def ends(self) -> tuple[Any, ...]:  # noqa: D102
        return self.options

    def narrowed(self, low_unit: float, high_unit: float) -> Distribution:  # noqa: D102
        low, high = (position(self.options, one) or 0 for one in values_between(self, low_unit, high_unit))
        weights = None if self.weights is None else self.weights[low : high + 1]
        return Choice(self.options[low : high + 1], weights)

    def as_plain(self) -> dict[str, Any]:  # noqa: D102
        options = [list(one) if isinstance(one, tuple) else one for one in self.options]
        return (
            {"choice": options}
            if self.weights is None
            else {"choice": options, "weights": list(self.weights)}
        )


def position(options: tuple[Any, ...], value: Any) -> int | None:
    """Return where ``value`` stands; true is no 1 here, and a list is its tuple."""
    plain = tuple(value) if isinstance(value, list) else value
    return next(
        (
            i
            for i, one in enumerate(options)
            if isinstance(one, bool) == isinstance(plain, bool) and one == plain
        ),
        None,
    )


def values_between(distribution: Distribution, low_unit: float, high_unit: float) -> tuple[Any, Any]:
    """Return the first and the last value between two units; an interval touched at its end alone is left out."""
    low, high = ascending(low_unit, high_unit)
    high = max(low, math.nextafter(high, 0.0))
    return distribution.value(min(low, HIGHEST_UNIT)), distribution.value(high)


def check_taken(distribution: Distribution, value: Any) -> None:
    """Raise unless ``value`` is one of the distribution's."""
    if not distribution.takes(value):
        raise ConfigError(
            f"`value` must be a value of {distribution.as_plain()}, but got value={show(value)}.", value=value
        )
