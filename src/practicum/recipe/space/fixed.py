"""What a space does not vary, as values by name: a recipe seen as a space sees it, and a recipe with such values.

A space speaks of ``num_layers`` and ``width`` where a recipe has ``hidden_sizes`` [3.2-02], and of ``model.NAME``
where it has one mapping.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from practicum.core.errors import ConfigError
from practicum.core.guide.settings import SEARCHED
from practicum.recipe.checks import checked
from practicum.recipe.recipe import Recipe

OWN = "model."
"""Begins the name of a user's own setting, as in ``model.channels``."""

SHAPE = ("num_layers", "width")
"""Names that together make ``hidden_sizes``."""


def is_own(name: Any) -> bool:
    """Return whether ``name`` is that of a user's own setting."""
    return isinstance(name, str) and name.startswith(OWN) and len(name) > len(OWN)


def fixed_values(base: Recipe) -> dict[str, Any]:
    """Return every value of ``base`` under the names that a space uses.

    Example:
        >>> values = fixed_values(Recipe(hidden_sizes=(64, 64), model={"channels": 8}))
        >>> values["num_layers"], values["width"], values["model.channels"]
        (2, 64, 8)
    """
    sizes = base.hidden_sizes
    own = {OWN + name: value for name, value in base.model.items()}
    return {
        **dict(base),
        "num_layers": len(sizes),
        "width": sizes[0] if sizes else SEARCHED["width"].default,
        **own,
    }


def with_values(base: Recipe, values: Mapping[str, Any]) -> Recipe:
    """Return ``base`` with some values replaced, given under the names that a space uses.

    Raises:
        ConfigError: if ``hidden_sizes`` come with ``num_layers`` or ``width``, or as for a recipe.

    Example:
        >>> with_values(Recipe(), {"width": 32, "num_layers": 2, "model.channels": 8})
        Recipe(hidden_sizes=(32, 32), model={'channels': 8})
    """
    check_one_shape(values)
    shape = {name: checked(SEARCHED[name], values[name], "") for name in SHAPE if name in values}
    own = {name.removeprefix(OWN): value for name, value in values.items() if is_own(name)}
    changes = {name: value for name, value in values.items() if name not in SHAPE and not is_own(name)}
    if shape:
        full = {**fixed_values(base), **shape}
        changes["hidden_sizes"] = (full["width"],) * full["num_layers"]
    if own:
        changes["model"] = {**changes.get("model", base.model), **own}
    return base.changed(**changes)


def other_shape(names: Collection[str]) -> tuple[str, ...]:
    """Return which names give the hidden layers in the other way than ``names`` do, and so make room for them."""
    if "hidden_sizes" in names:
        return SHAPE
    return ("hidden_sizes",) if any(name in names for name in SHAPE) else ()


def check_one_shape(names: Mapping[str, Any]) -> None:
    """Raise where the hidden layers are given twice."""
    twice = [name for name in SHAPE if name in names]
    if "hidden_sizes" in names and twice:
        raise ConfigError(
            f"`hidden_sizes` must stand alone, but got {' and '.join(twice)} beside it. "
            "Give the sizes of all layers, or `num_layers` and `width` for equal ones.",
            names=("hidden_sizes", *twice),
        )
