"""Ranges with one end moved: by half of their width on their own scale, as far as the guide says is possible."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, Literal

from practicum.core.guide.settings import SEARCHED
from practicum.recipe.space import Integer, Log, LogInteger, LogNormal

Side = Literal["low", "high"]


def extended(inner: Any, side: Side, name: str) -> Any:
    """Return a range with one end moved by half of its width on its own scale; the same where that is impossible.

    Args:
        inner: a distribution of numbers.
        side: the end that moves.
        name: of the entry, whose limits stand in the guide; another has none.

    Example:
        >>> extended(Log(1e-6, 1e-2), "high", "learning_rate"), extended(Integer(1, 3), "low", "num_layers")
        (Log(low=1e-06, high=1.0), Integer(low=0, high=3))
    """
    if isinstance(inner, LogNormal):
        # A normal has no end: its middle moves instead, by one deviation.
        return replace(inner, median=inner.median * math.exp(inner.deviation * (1 if side == "high" else -1)))
    low, high = inner.ends
    if isinstance(inner, Log | LogInteger):
        ratio = math.sqrt(high / low)
        end = high * ratio if side == "high" else low / ratio
    else:
        half = (high - low) / 2
        end = high + half if side == "high" else low - half
    end = _possible(end, high if side == "high" else low, name)
    if isinstance(inner, Integer | LogInteger):
        step = inner.multiple if isinstance(inner, LogInteger) else 1
        rounded = (math.floor(end / step) if side == "high" else math.ceil(end / step)) * step
        lowest = step if isinstance(inner, LogInteger) else rounded
        end = max(int(rounded), lowest)
    elif not isinstance(inner, Log) and abs(end) < 1e-9 * (high - low):
        end = 0.0  # rounding must not show: 0.6 - 1.5 · 0.4 is meant to be 0
    else:
        end = float(f"{end:.6g}")
    if (side == "high" and end <= high) or (side == "low" and end >= low):
        return inner
    return replace(inner, **{side: end})


def _possible(end: float, old: float, name: str) -> float:
    """Return the point nearest to ``end`` that the guide's limits allow, on the way from ``old``."""
    limits = SEARCHED[name].limits if name in SEARCHED else None
    if limits is None or limits.holds(end):
        return end
    bounds = [limits.at_least if end < old else limits.at_most, limits.above if end < old else limits.below]
    if bounds[0] is not None:
        return bounds[0]
    # An open limit is approached half of the way, e.g. from momentum 0.99 to 0.995.
    return old if bounds[1] is None else (old + bounds[1]) / 2
