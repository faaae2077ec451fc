"""Ranges with one end moved on their own scale, as far as the guide says is possible.

By half of their width at first; a range whose end has moved before moves by all of it, so that an optimum far outside
is reached in a few steps (Bentley & Yao 1976 search an unbounded range like this).
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, Literal

from practicum.core.guide.settings import SEARCHED
from practicum.recipe.space import Integer, Log, LogInteger, LogNormal

Side = Literal["low", "high"]

LEAST_RATIO = 2.0
"""By so much at least the end of a logarithmic range moves: half of the way from 2 to 4 is no step."""

MOST_RATIO = 100.0
"""By so much at most: twice as many decades each time soon are beyond all reason."""

MOST_RATIO_WHOLE = 4.0
"""The same for whole numbers: most are sizes, and a whole pack must fit the memory."""

FARTHEST = {"width": 4096, "num_layers": 8, "batch_size": 4096}
"""No end is moved beyond."""


def extended(inner: Any, side: Side, name: str, share: float = 0.5) -> Any:
    """Return a range with one end moved by a share of its width on its own scale; the same where that is impossible.

    Args:
        inner: a distribution of numbers.
        side: the end that moves.
        name: of the entry, whose limits stand in the guide; another has none.
        share: of the width; a normal's middle moves by twice as many deviations.

    Example:
        >>> extended(Log(1e-6, 1e-2), "high", "learning_rate"), extended(Integer(1, 3), "low", "num_layers")
        (Log(low=1e-06, high=1.0), Integer(low=0, high=3))
    """
    if isinstance(inner, LogNormal):
        # A normal has no end: its middle moves instead.
        away = 2 * share * inner.deviation
        return replace(inner, median=inner.median * math.exp(away if side == "high" else -away))
    low, high = inner.ends
    if isinstance(inner, Log | LogInteger):
        most = MOST_RATIO_WHOLE if isinstance(inner, LogInteger) else MOST_RATIO
        ratio = min(max((high / low) ** share, LEAST_RATIO), most)
        end = high * ratio if side == "high" else low / ratio
    else:
        away = share * (high - low)
        end = high + away if side == "high" else low - away
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


def beyond(old: Any, new: Any) -> Any:
    """Return the part of a range that an extension added; all of it where that is no part.

    Args:
        old: the range as it was.
        new: as :func:`extended` returned it.

    Example:
        >>> beyond(Log(1e-6, 1e-2), Log(1e-6, 1.0))
        Log(low=0.01, high=1.0)
    """
    if isinstance(new, LogNormal):
        return new
    if new.high > old.high:
        return replace(new, low=old.high)
    return replace(new, high=old.low)


def _possible(end: float, old: float, name: str) -> float:
    """Return the point nearest to ``end`` that the guide's limits allow, on the way from ``old``."""
    limits = SEARCHED[name].limits if name in SEARCHED else None
    end = min(end, max(old, FARTHEST.get(name, end)))
    if limits is None or limits.holds(end):
        return end
    bounds = [limits.at_least if end < old else limits.at_most, limits.above if end < old else limits.below]
    if bounds[0] is not None:
        return bounds[0]
    # An open limit is approached half of the way, e.g. from momentum 0.99 to 0.995.
    return old if bounds[1] is None else (old + bounds[1]) / 2
