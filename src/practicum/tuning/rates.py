"""Learning rates to try: wide first, finer around the best, beyond a border when the best lies on it.

Everything is spaced evenly in the logarithm, because ratios matter [3.3-05]. Pure functions.
Source: Bengio 2012, 3.3-03, 3.3-05, 3.3-10.
"""

from __future__ import annotations

import math
from typing import Literal

from practicum.core.errors import ConfigError


def learning_rate_grid(low: float, high: float, per_decade: float) -> tuple[float, ...]:
    """Return rates from ``low`` to ``high``, both included, evenly spaced in the logarithm.

    Args:
        low: smallest rate, > 0.
        high: largest rate, > ``low``.
        per_decade: rates for each factor of 10; rounded so that the last one falls on ``high``.

    Raises:
        ConfigError: if the bounds are not 0 < low < high < ∞, or ``per_decade`` is not positive.

    Source:
        Bengio 2012, 3.3-05 (log domain, a wide interval first).

    Example:
        >>> learning_rate_grid(1e-3, 1.0, per_decade=1)
        (0.001, 0.01, 0.1, 1.0)
    """
    if not 0 < low < high < math.inf:
        raise ConfigError(
            f"`low` and `high` must satisfy 0 < low < high, but got low={low}, high={high} (learning rates). "
            "Use a small positive low, e.g. 1e-6.",
            low=low,
            high=high,
        )
    _check("per_decade", per_decade)
    steps = max(1, round(math.log10(high / low) * per_decade))
    between = (_tidy(low * (high / low) ** (i / steps)) for i in range(1, steps))
    return (low, *between, high)


def around(best: float, factor: float, count: int) -> tuple[float, ...]:
    """Return ``count`` rates from ``best / factor`` to ``best * factor``, evenly spaced in the logarithm.

    With an odd ``count`` the middle one is ``best`` itself.

    Args:
        best: rate to zoom in on, > 0.
        factor: how far to go on each side, > 1.
        count: how many rates, at least 2.

    Raises:
        ConfigError: if one of the three is out of range.

    Source:
        Bengio 2012, 3.3-10 (smaller variations around the best).

    Example:
        >>> around(0.01, factor=4, count=5)
        (0.0025, 0.005, 0.01, 0.02, 0.04)
    """
    _check("best", best)
    _check("factor", factor, above=1)
    if count < 2:
        raise ConfigError(f"`count` must be ≥ 2, but got count={count} (rates around the best).", count=count)
    exponents = (2 * i / (count - 1) - 1 for i in range(count))
    return tuple(best if e == 0 else _tidy(best * factor**e) for e in exponents)


def border(rates: tuple[float, ...], best: float) -> Literal["low", "high"] | None:
    """Return on which border of ``rates`` the ``best`` lies, or None when it lies inside.

    Source:
        Bengio 2012, 3.3-03 (border rule).

    Example:
        >>> border((0.001, 0.01, 0.1), best=0.1)
        'high'
    """
    if best <= min(rates):
        return "low"
    return "high" if best >= max(rates) else None


def extension(rates: tuple[float, ...], side: Literal["low", "high"], count: int) -> tuple[float, ...]:
    """Return ``count`` new rates beyond one border of ``rates``, going on in the same log steps, ascending.

    Args:
        rates: rates tried so far, at least two.
        side: which border to cross.
        count: how many new rates, at least 1.

    Raises:
        ConfigError: if fewer than two different rates, or a ``count`` below 1, are given.

    Source:
        Bengio 2012, 3.3-03 (explore beyond a border on which the best value lies).

    Example:
        >>> extension((0.01, 0.1, 1.0), "low", count=2)
        (0.0001, 0.001)
    """
    ordered = sorted(set(rates))
    if len(ordered) < 2 or count < 1:
        raise ConfigError(
            f"`extension` must get two rates or more and count ≥ 1, but got rates={rates}, count={count}.",
            rates=rates,
            count=count,
        )
    first, second = (ordered[0], ordered[1]) if side == "low" else (ordered[-1], ordered[-2])
    ratio = first / second
    new = [_tidy(first * ratio**i) for i in range(1, count + 1)]
    return tuple(sorted(new))


def _tidy(rate: float) -> float:
    """Return ``rate`` without the last digits' rounding noise: 0.01, not 0.010000000000000002."""
    return float(f"{rate:.12g}")


def _check(name: str, value: float, above: float = 0) -> None:
    """Refuse a number that is not finite or not above a bound."""
    if not above < value < math.inf:
        raise ConfigError(f"`{name}` must be finite and > {above}, but got {name}={value}.", **{name: value})
