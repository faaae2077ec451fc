"""The recipe around a space: everything that is not varied, valid by itself and the same for equal spaces."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from practicum.core.errors import ConfigError
from practicum.core.guide.settings import SEARCHED
from practicum.recipe.recipe import DEFAULTS, Recipe
from practicum.recipe.space.conditions import values_at
from practicum.recipe.space.entry import Entry
from practicum.recipe.space.fixed import OWN, SHAPE, check_one_shape, is_own, with_values


def base_for(base: Recipe, fixed: Mapping[str, Any], entries: Sequence[Entry]) -> Recipe:
    """Return ``base`` with the values ``fixed``, and with the entries' settings at the guide's default.

    Where a fixed value forbids the default (`nesterov` a momentum of 0), the entries stand at the middle of their
    ranges instead; what they are in the base is never trained.

    Args:
        base: to begin with.
        fixed: values by the names that a space uses.
        entries: what is varied.

    Raises:
        ConfigError: if the recipe refuses the values.
    """
    own = {name: value for name, value in base.model.items() if OWN + name not in {e.name for e in entries}}
    model = {} if own == base.model or "model" in fixed else {"model": own}
    defaults = {e.name: SEARCHED[e.name].default for e in entries if not is_own(e.name)}
    if "hidden_sizes" in fixed:
        defaults = {name: value for name, value in defaults.items() if name not in SHAPE}
    try:
        return with_values(base, {**model, **defaults, **fixed})
    except ConfigError as error:
        middle = values_at(entries, {entry.name: 0.5 for entry in entries})
        try:
            return with_values(base, {**model, **defaults, **middle, **fixed})
        except ConfigError as other:
            if str(other) == str(error):
                raise
            raise ConfigError(
                f"{other} That is the middle of what is varied: narrow a range, or change the fixed value.",
                **other.values,
            ) from None


def base_as_plain(base: Recipe) -> dict[str, Any]:
    """Return what ``base`` has other than the guide's defaults.

    Example:
        >>> base_as_plain(Recipe(hidden_sizes=(64,), dropout=0.1))
        {'hidden_sizes': [64], 'dropout': 0.1}
    """
    return {
        name: dict(value) if name == "model" else list(value) if isinstance(value, tuple) else value
        for name, value in base
        if value != DEFAULTS[name]
    }


def check_names(entries: Sequence[Entry]) -> None:
    """Raise if a name stands twice, or the hidden layers are varied in two ways."""
    twice = [name for name, count in Counter(entry.name for entry in entries).items() if count > 1]
    if twice:
        raise ConfigError(
            f"A space must have each entry once, but got {twice[0]} twice. Leave one out.", name=twice[0]
        )
    check_one_shape({entry.name: None for entry in entries})
