"""Changes of a recipe that are tried for a finished run, and changes at random beside them.

A change that keeps the shapes is tried from the weights that the run ended with; the others begin anew, with a budget
equal to the run's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from practicum.core.errors import ConfigError
from practicum.recipe import Recipe

FIRST_PENALTY = 1.0
"""λ of the total loss where there was no penalty and more is to be tried."""

FIRST_DROPOUT = 0.2

LONGER = 2
"""Factor on updates (and three times the patience) where training longer is tried."""


@dataclass(frozen=True, slots=True)
class RecipeChange:
    """One change of a recipe.

    Attributes:
        name: what is changed, to follow "with".
        made: the changed recipe, None where there is nothing to change.
        anew: whether training must begin anew, since shapes or lengths change.
        only_control: whether it is only tried as a change at random.
    """

    name: str
    made: Callable[[Recipe], Recipe | None]
    anew: bool = False
    only_control: bool = False

    def of(self, recipe: Recipe) -> Recipe | None:
        """Return the changed recipe, None where nothing changes or the result is no recipe that can be trained."""
        try:
            changed = self.made(recipe)
        except ConfigError:
            return None
        return None if changed == recipe else changed


def _rate(factor: float) -> Callable[[Recipe], Recipe]:
    return lambda recipe: recipe.changed(learning_rate=recipe.learning_rate * factor)


def _penalty(factor: float) -> Callable[[Recipe], Recipe | None]:
    def made(recipe: Recipe) -> Recipe | None:
        given = recipe.l2_penalty
        if isinstance(given, tuple):
            return recipe.changed(l2_penalty=tuple(one * factor for one in given)) if any(given) else None
        if not given:
            return recipe.changed(l2_penalty=FIRST_PENALTY) if factor > 1 else None
        return recipe.changed(l2_penalty=given * factor)

    return made


def _more_dropout(recipe: Recipe) -> Recipe:
    return recipe.changed(dropout=min(0.8, 1.5 * recipe.dropout) if recipe.dropout else FIRST_DROPOUT)


def _less_dropout(recipe: Recipe) -> Recipe | None:
    return recipe.changed(dropout=recipe.dropout / 2) if recipe.dropout else None


def _wider(recipe: Recipe) -> Recipe | None:
    return recipe.changed(hidden_sizes=tuple(2 * size for size in recipe.hidden_sizes))


def _deeper(recipe: Recipe) -> Recipe | None:
    if recipe.layer_rate_multipliers is not None or not recipe.hidden_sizes:
        return None
    return recipe.changed(hidden_sizes=(*recipe.hidden_sizes, recipe.hidden_sizes[-1]))


def _longer(recipe: Recipe) -> Recipe | None:
    if recipe.num_steps is None:
        return None
    return recipe.changed(
        num_steps=LONGER * recipe.num_steps, patience_steps=3 * max(1, recipe.patience_steps)
    )


def _batch(factor: float) -> Callable[[Recipe], Recipe | None]:
    def made(recipe: Recipe) -> Recipe | None:
        size = max(1, round(recipe.batch_size * factor))
        steps = None if recipe.num_steps is None else max(1, round(recipe.num_steps / factor))
        return recipe.changed(batch_size=size, num_steps=steps)

    return made


def _momentum(recipe: Recipe) -> Recipe | None:
    if recipe.update_rule != "sgd" or not recipe.momentum:
        return None
    return recipe.changed(momentum=0.5 if recipe.momentum > 0.7 else 0.9, initial_momentum=None)


CHANGES: tuple[RecipeChange, ...] = (
    RecipeChange("the learning rate ÷ 10", _rate(1 / 10)),
    RecipeChange("the learning rate ÷ 3", _rate(1 / 3)),
    RecipeChange("the learning rate × 3", _rate(3)),
    RecipeChange("the learning rate × 10", _rate(10)),
    RecipeChange("more l2_penalty (× 10)", _penalty(10)),
    RecipeChange("less l2_penalty (÷ 10)", _penalty(1 / 10)),
    RecipeChange("more dropout", _more_dropout),
    RecipeChange("half the dropout", _less_dropout),
    RecipeChange("label smoothing 0.1", lambda one: one.changed(label_smoothing=0.1), only_control=True),
    RecipeChange("another momentum", _momentum, only_control=True),
    RecipeChange("more l1_penalty", lambda one: one.changed(l1_penalty=0.1), only_control=True),
    RecipeChange("twice the hidden units", _wider, anew=True),
    RecipeChange("one hidden layer more", _deeper, anew=True),
    RecipeChange(f"{LONGER} times the updates and 3 times the patience", _longer, anew=True),
    RecipeChange("half the batch size", _batch(1 / 2), anew=True, only_control=True),
    RecipeChange("twice the batch size", _batch(2), anew=True, only_control=True),
    RecipeChange(
        "half the initial scale",
        lambda one: one.changed(init_scale=one.init_scale / 2),
        anew=True,
        only_control=True,
    ),
)
"""All changes; those from the weights first, then those that begin anew."""
