"""Which settings of a recipe go together: one message for the first pair that cannot work.

Each alone is checked in :mod:`practicum.recipe.checks`. What depends on the data or on a user's own module is
checked where those are known.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from practicum.core.errors import ConfigError
from practicum.recipe.checks import PER_LAYER, show

if TYPE_CHECKING:
    from practicum.recipe.recipe import Recipe

Values = Mapping[str, Any]
TWO_SIDED = ("tanh", "hard_tanh", "softsign")
ENDING_SCHEDULES = ("linear", "cosine", "one_cycle")
BY_LAYER = (*PER_LAYER, "layer_rate_multipliers")
SCHEDULE_FREE = ("schedule_free_sgd", "schedule_free_adamw")


def check_combination(values: Values, place: str) -> None:
    """Raise unless the settings ``values`` (all of a recipe's) go together.

    Args:
        values: checked values by name.
        place: for the message, e.g. " (in recipe.yaml)"; may be empty.

    Raises:
        ConfigError: if two settings contradict each other.

    """
    for check in CHECKS:
        check(values, place)


def _momentum(values: Values, place: str) -> None:
    if values["update_rule"] != "sgd" and (values["momentum"] or values["nesterov"]):
        raise ConfigError(
            f'`momentum` and `nesterov` must be left out where update_rule="{values["update_rule"]}", but got '
            f"momentum={values['momentum']:g}{place}. They belong to sgd; other rules have `first_moment_decay`.",
            momentum=values["momentum"],
        )
    if values["nesterov"] and not values["momentum"]:
        raise ConfigError(
            f"`momentum` must be > 0 when `nesterov` is true, but got momentum=0{place}. Set momentum, e.g. 0.9.",
            momentum=0,
        )
    first = values["initial_momentum"]
    if first is not None and first > values["momentum"]:
        raise ConfigError(
            f"`initial_momentum` must be ≤ momentum={values['momentum']:g}, to which it rises, but got "
            f"initial_momentum={first:g}{place}. Set `momentum` to the last value.",
            initial_momentum=first,
        )


def _schedule(values: Values, place: str) -> None:
    if values["schedule"] in ENDING_SCHEDULES and not (values["schedule_steps"] or values["num_steps"]):
        raise ConfigError(
            f'`schedule_steps` or `num_steps` must be given when schedule="{values["schedule"]}", which ends '
            f"there, but got neither{place}. Set schedule_steps to the length of training in updates.",
            schedule=values["schedule"],
        )
    if values["schedule"] != "power" and values["decay_start_step"] is not None:
        raise ConfigError(
            f'`decay_start_step` must be null when schedule="{values["schedule"]}", but got '
            f'decay_start_step={show(values["decay_start_step"])}{place}. It belongs to schedule="power".',
            decay_start_step=values["decay_start_step"],
        )


def _schedule_free(values: Values, place: str) -> None:
    if values["update_rule"] not in SCHEDULE_FREE:
        return
    shrinks = values["l1_penalty"] and values["l1_step"] == "proximal"
    if shrinks or values["max_norm"] is not None:
        name = "l1_step" if shrinks else "max_norm"
        raise ConfigError(
            f'`{name}` must be left out when update_rule="{values["update_rule"]}", which makes its parameters '
            f"anew from two averages each update, but got {name}={values[name]}{place}. Use another rule.",
            **{name: values[name]},
        )
    if values["averaging"]:
        raise ConfigError(
            f'`averaging` must be 0 when update_rule="{values["update_rule"]}", which averages by itself, '
            f"but got averaging={values['averaging']:g}{place}. Leave averaging out.",
            averaging=values["averaging"],
        )


def _corruption(values: Values, place: str) -> None:
    if values["corruption"] != "gaussian" and values["corruption_level"] > 1:
        raise ConfigError(
            f'`corruption_level` must lie in [0, 1] when corruption="{values["corruption"]}", a share of the inputs, '
            f"but got corruption_level={values['corruption_level']:g}{place}. Use 0.2 or 0.5.",
            corruption_level=values["corruption_level"],
        )


def _fold(values: Values, place: str) -> None:
    fold, num_folds = values["fold"], values["num_folds"]
    if fold < (num_folds or 1):
        return
    must, way_out = f"be < num_folds={num_folds}", "Folds are numbered from 0."
    if num_folds is None:
        must, way_out = "be 0 when num_folds is null, one split held out", "Set num_folds, e.g. 5."
    raise ConfigError(f"`fold` must {must}, but got fold={fold}{place}. {way_out}", fold=fold)


CHECKS: tuple[Callable[[Values, str], None], ...] = (
    _fold,
    _momentum,
    _schedule,
    _schedule_free,
    _corruption,
)


def check_perceptron(values: Values) -> None:
    """Raise unless the settings go with our own multi-layer perceptron.

    Args:
        values: checked values by name, all of a recipe's.

    Raises:
        ConfigError: if a list by layer has another length than the network, or a sparsity penalty does not suit the
            activation.

    Source:
        Bengio 2012, 3.2-12, 3.2-19.
    """
    for name in BY_LAYER:
        check_layers(name, values[name], len(values["hidden_sizes"]) + 1)
    form, activation = values["sparsity_form"], values["activation"]
    if not values["sparsity_penalty"]:
        return
    if form in ("l1", "kl") and activation in TWO_SIDED:
        raise ConfigError(
            f'`sparsity_form` must be student_t or target when activation="{activation}", which saturates at −1 '
            f'and 1, not at 0, but got sparsity_form="{form}". Use activation="sigmoid" or "relu" [3.2-19].',
            sparsity_form=form,
        )
    if form == "kl" and activation != "sigmoid":
        raise ConfigError(
            f'`activation` must be "sigmoid" when sparsity_form="kl", which compares activations with a '
            f'probability, but got activation="{activation}". Use sparsity_form="target".',
            activation=activation,
        )


def check_own_module(recipe: Recipe, where: str) -> None:
    """Raise unless the settings go with a user's own module, whose rows are trained on as they are given.

    Args:
        recipe: to be trained.
        where: for the message, e.g. "trial 3".

    Raises:
        ConfigError: if the recipe asks for folds, a bag of rows or a part of the inputs.
    """
    for name, usual in (("num_folds", None), ("bagging", False), ("input_fraction", 1)):
        value = getattr(recipe, name)
        if value != usual:
            raise ConfigError(
                f"`{name}` must be left out with a module of your own, which sees the rows that you give, but got "
                f"{name}={value} ({where}). Choose rows and inputs yourself, in `data` or in `build`.",
                **{name: value},
            )


def check_ends(recipe: Recipe, where: str, *, unlimited: bool) -> None:
    """Raise if nothing would ever end the training of ``recipe``, or end it before anything is validated.

    Args:
        recipe: to be trained.
        where: for the message, e.g. "the recipe" or "trial 3".
        unlimited: whether there is no time budget.

    Raises:
        ConfigError: in both cases.
    """
    interval, patience = recipe.validate_every_steps, recipe.patience_steps
    first_look = min(interval or 1, recipe.num_steps or math.inf)
    if recipe.early_stopping and first_look > patience:
        raise ConfigError(
            f"`validate_every_steps` must be <= patience_steps={patience}, but got "
            f"validate_every_steps={interval} ({where}): training would end before the first validation. "
            "Validate more often, or be more patient.",
            validate_every_steps=interval,
            patience_steps=patience,
        )
    if unlimited and not recipe.early_stopping and recipe.num_steps is None:
        raise ConfigError(
            "`num_steps` must be a number where `early_stopping` is false and there is no budget, "
            f"but got num_steps=None ({where}). Set num_steps, or give a budget.",
            num_steps=None,
        )


def check_layers(name: str, value: Any, num_layers: int) -> None:
    """Raise if ``value`` is a list by layer of another length than ``num_layers``."""
    if isinstance(value, tuple) and len(value) != num_layers:
        alone = "one number, or " if name in PER_LAYER else ""
        raise ConfigError(
            f"`{name}` must be {alone}{num_layers} numbers, one a layer, the output layer last, "
            f"but got {name}={show(value)}.",
            **{name: value},
        )
