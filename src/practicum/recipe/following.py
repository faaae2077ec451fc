"""A recipe that stops by what it is chosen by: early stopping follows the measure that was asked for."""

from __future__ import annotations

from practicum.recipe.recipe import DEFAULTS, Recipe
from practicum.recipe.space import Space

FOLLOWS_LOSS = ("error", "log_loss", "rmse")
"""Measures that the loss stands for: the default (3.1-09 and its measurement), the loss itself, and its root."""


def following(recipe: Recipe, metric: str) -> Recipe:
    """Return ``recipe`` stopping on the error that ``metric`` names, unless it says itself what it stops on.

    Args:
        recipe: as the user gave it, or the defaults.
        metric: what selects (:data:`practicum.core.measures.NAMES`).

    Source:
        Bengio 2012, 3.1-09. NOTE[DIFF]: the default stops on the loss, which is less noisy; but a measure such as the
        AUC may have its best long before or after the loss.

    Example:
        >>> following(Recipe(), "auc").stop_on, following(Recipe(stop_on="loss"), "auc").stop_on
        ('error', 'loss')
    """
    if metric in FOLLOWS_LOSS or "stop_on" in recipe.model_fields_set:
        return recipe
    given = {name: getattr(recipe, name) for name in recipe.model_fields_set}
    return Recipe(**given, stop_on="error")


def space_following(space: Space, metric: str) -> Space:
    """Return ``space`` whose recipes stop on the error that ``metric`` names, where it leaves ``stop_on`` as it is.

    Example:
        >>> space_following(Space.preset("small"), "auc").base.stop_on
        'error'
    """
    if metric in FOLLOWS_LOSS or "stop_on" in space.names or space.base.stop_on != DEFAULTS["stop_on"]:
        return space
    return space.with_base(space.base.changed(stop_on="error"))
