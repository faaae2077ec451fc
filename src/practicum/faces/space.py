"""Spaces as people give them: one, a mapping, the name of a preset, or a YAML file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

from practicum.core.errors import ConfigError, nearest
from practicum.recipe import Recipe
from practicum.recipe.space import PRESETS, Space

Given: TypeAlias = Space | Mapping[str, Any] | str | Path


def is_preset(space: Given) -> bool:
    """Return whether ``space`` is the name of a ready-made space."""
    return isinstance(space, str) and space in PRESETS


def space_of(space: Given, base: Recipe | None = None, num_train: int | None = None) -> Space:
    """Return the space that was given.

    Args:
        space: what was given.
        base: everything that it does not vary; the guide's defaults without it. A space keeps its own.
        num_train: training rows, for a preset.

    Raises:
        ConfigError: if it is neither, or cannot work.

    Example:
        >>> space_of({"learning_rate": {"log": [0.001, 1]}}).names
        ('learning_rate',)
    """
    if isinstance(space, Space):
        return space if base is None else space.with_base(base)
    if isinstance(space, Mapping):
        return Space.from_mapping(space, base)
    if is_preset(space):
        return Space.preset(str(space), base, num_train)
    path = Path(space) if isinstance(space, str | Path) else None
    if path is None or (path.suffix not in (".yaml", ".yml") and not path.exists()):
        raise ConfigError(
            f"`space` must be a preset ({', '.join(PRESETS)}) or a YAML file, but got space={space}."
            f"{nearest(str(space), PRESETS)}",
            space=str(space),
        )
    return Space.load(path, base)
