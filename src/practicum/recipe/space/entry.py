"""One thing that a search varies: its name, its distribution, its role, when it acts; checked against the guide.

Source: Bengio 2012, 3.4-01: conditional hyper-parameters only when relevant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

from practicum.core.errors import ConfigError, nearest
from practicum.core.guide.model import Setting
from practicum.core.guide.settings import SEARCHED
from practicum.recipe.checks import LISTS, checked, show
from practicum.recipe.space.choice import Choice
from practicum.recipe.space.distribution import Distribution, Linear, Log, is_number
from practicum.recipe.space.fixed import OWN, is_own
from practicum.recipe.space.sometimes import SometimesOff
from practicum.recipe.space.steps import Integer, LogInteger

Role = Literal["scientific", "nuisance"]
ROLES: tuple[Role, ...] = get_args(Role)

WHOLE = ("integer", "log-integer")


@dataclass(frozen=True, slots=True)
class Entry:
    """One hyper-parameter to be varied.

    Args:
        name: a setting of the recipe, ``num_layers`` or ``width``, or ``model.NAME`` for one of the user's own.
        distribution: its values.
        role: "scientific" where its effect is the question, "nuisance" where it is only to be as good as possible.
            What is fixed is no entry but stands in the space's base.
        when: values of other entries for which it acts, by name; ``"used"`` stands for every value but none. What
            the guide says of it holds besides.
        source: where its range comes from, e.g. a key of the guide.

    Example:
        >>> Entry("learning_rate", Log(1e-6, 1)).role
        'nuisance'
    """

    name: str
    distribution: Distribution
    role: Role = "nuisance"
    when: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    source: str = field(default="", compare=False)


def distribution_of(setting: Setting) -> Distribution:
    """Return the guide's own range of a setting; what its default turns off is off in half of the trials.

    Raises:
        ConfigError: if it has none of one number or word: lists, and a user's own settings.

    Example:
        >>> from practicum.core.guide.settings import SETTINGS
        >>> distribution_of(SETTINGS["learning_rate"])
        Log(low=1e-06, high=1.0)
        >>> distribution_of(SETTINGS["clip_norm"]).as_plain()
        {'log': [0.1, 10.0], 'off': 0.5, 'off_value': None}
    """
    if setting.scale == "choice":
        return Choice(setting.choices)
    if setting.scale == "flag":
        return Choice((False, True))
    if setting.name in LISTS or setting.scale == "mapping":
        hint = "Search `width` and `num_layers`" if setting.name == "hidden_sizes" else "Give it a choice"
        raise ConfigError(
            f"`{setting.name}` must have a distribution of its own, since it is no single number or word. {hint}.",
            name=setting.name,
        )
    low, high = setting.low, setting.high
    assert low is not None
    assert high is not None
    inner: Distribution
    if setting.scale in WHOLE:
        inner = (Integer if setting.scale == "integer" else LogInteger)(int(low), int(high))
    else:
        inner = (Log if setting.scale == "log" else Linear)(float(low), float(high))
    none = setting.default is None or setting.default == 0
    return SometimesOff(inner, setting.default) if none and not inner.takes(setting.default) else inner


def checked_entry(entry: Entry) -> Entry:
    """Return ``entry`` with its values in the types that a recipe keeps.

    Raises:
        ConfigError: if its name is unknown, its role is none, its distribution does not suit the setting, or a value
            is impossible in a recipe.
    """
    if entry.role not in ROLES:
        raise ConfigError(
            f"`role` must be one of {', '.join(ROLES)}, but got role={show(entry.role)}."
            f"{nearest(str(entry.role), ROLES)} What is fixed is written as a plain value.",
            role=entry.role,
        )
    if not isinstance(entry.distribution, Distribution):
        raise ConfigError(
            f"`distribution` must be one such as Log(1e-6, 1) or Choice((1, 2)), but got {show(entry.distribution)}.",
            distribution=entry.distribution,
        )
    when = {parent: options_of(options) for parent, options in entry.when.items()}
    if is_own(entry.name):
        return replace(entry, when=when)
    return replace(entry, when=when, distribution=_suited(known(entry.name), entry.distribution))


def known(name: str) -> Setting:
    """Return the guide's row for ``name``; the nearest name is offered for one that is unknown."""
    if name not in SEARCHED or SEARCHED[name].scale == "mapping":
        hint = nearest(str(name), SEARCHED) or f" A setting of your own is written {OWN}{name}."
        raise ConfigError(
            f"A space must have known names only, but got {show(name)}.{hint}"
            if name != "model"
            else "`model` must be varied one setting at a time. Write model.channels, for example.",
            name=name,
        )
    return SEARCHED[name]


def options_of(options: Any) -> tuple[Any, ...]:
    """Return the values of a condition as a tuple; one alone need not be a list."""
    if isinstance(options, list | tuple):
        return tuple(tuple(one) if isinstance(one, list) else one for one in options)
    return (options,)


def _suited(setting: Setting, distribution: Distribution) -> Distribution:
    """Return ``distribution`` with values as the recipe keeps them, or say what does not suit."""
    if isinstance(distribution, Choice):
        return Choice(tuple(checked(setting, one, "") for one in distribution.options), distribution.weights)
    if setting.scale in ("choice", "flag") or setting.name in LISTS:
        words = ", ".join(setting.choices) or ("true, false" if setting.scale == "flag" else "[64], [64, 64]")
        raise ConfigError(
            f"`{setting.name}` must have a choice, but got {distribution.as_plain()}. Write {{choice: [{words}]}}.",
            distribution=distribution,
        )
    inner = distribution.inner if isinstance(distribution, SometimesOff) else distribution
    if setting.scale in WHOLE and not isinstance(inner, Integer | LogInteger):
        form = "integer" if setting.scale == "integer" else "log_integer"
        raise ConfigError(
            f"`{setting.name}` must have a distribution of whole numbers, but got {distribution.as_plain()}. "
            f"Write {form}, or a choice.",
            distribution=distribution,
        )
    for end in inner.ends:
        checked(setting, end, "")
    if isinstance(distribution, SometimesOff):
        off = checked(setting, distribution.off, "")
        if is_number(off) and inner.takes(off) and off != 0:
            raise ConfigError(
                f"`off_value` must mean none, but got off_value={show(off)} for `{setting.name}`, whose range has it. "
                "Use 0 or null.",
                off=off,
            )
        return replace(distribution, off=off)
    return distribution
