"""Time budgets as people write them."""

from __future__ import annotations

import math
import re

from practicum.core.errors import ConfigError

DEFAULT_BUDGET = "60s"
MIN_SECONDS = 1.0
UNITS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0}
_FORM = re.compile(r"(\d+(?:\.\d*)?|\.\d+)\s*([a-z]*)")


def parse_budget(budget: str | float) -> float:
    """Return a time budget in seconds.

    Args:
        budget: "60s", "10m", "1.5h", or a number of seconds.

    Raises:
        ConfigError: if it is no time, or less than :data:`MIN_SECONDS`.

    Example:
        >>> parse_budget("1.5h"), parse_budget("90"), parse_budget(2)
        (5400.0, 90.0, 2.0)
    """
    seconds = math.nan
    if isinstance(budget, int | float) and not isinstance(budget, bool):
        seconds = float(budget)
    elif isinstance(budget, str) and (form := _FORM.fullmatch(budget.strip().lower())) and form[2] in UNITS:
        seconds = float(form[1]) * UNITS[form[2]]
    if not (MIN_SECONDS <= seconds < math.inf):
        raise ConfigError(
            f"`budget` must be a time of at least {MIN_SECONDS:g} second, but got budget={budget}. "
            f"Write it as 60s, 10m or 1.5h.",
            budget=budget,
        )
    return seconds
