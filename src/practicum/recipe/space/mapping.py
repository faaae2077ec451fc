"""Spaces as plain data: what stands in a YAML file, read into entries and a base, and written again.

preset: chapter                                           # optional: what to start from
learning_rate: {log: [1e-6, 1]}
width: {log_integer: [32, 512], multiple: 16}
l2_penalty: {log: [1e-3, 10], off: 0.5}                   # 0 in half of the trials
momentum: {linear: [0, 0.99], when: {update_rule: [sgd]}}
activation: {choice: [tanh, relu], role: scientific}
batch_size: searched                                      # over the guide's own range
dropout: 0.1                                              # fixed
model.channels: {choice: [8, 16, 32]}                     # a setting of your own
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from practicum.core.errors import ConfigError, nearest
from practicum.core.guide.settings import SEARCHED
from practicum.recipe.checks import real_number, show, whole_number
from practicum.recipe.recipe import Recipe
from practicum.recipe.space.choice import Choice
from practicum.recipe.space.conditions import settled
from practicum.recipe.space.distribution import Distribution, Linear, Log, LogNormal
from practicum.recipe.space.entry import Entry, distribution_of, known, options_of
from practicum.recipe.space.fixed import check_one_shape, fixed_values, is_own, other_shape
from practicum.recipe.space.sometimes import SometimesOff
from practicum.recipe.space.steps import Integer, LogInteger

FROM_GUIDE = "searched"
"""In place of a distribution: the guide's own range."""

ENDS = ("low", "high")

Plain = Mapping[Any, Any]
Read = tuple[tuple[Entry, ...], dict[str, Any]]
"""Entries, and values that are fixed."""


def read_space(given: Any, base: Recipe, entries: Sequence[Entry] = (), source: str = "") -> Read:
    """Return the entries and the fixed values that ``given`` describes.

    Args:
        given: distributions and fixed values by name, or names alone.
        base: what is neither.
        entries: to begin with, of a preset.
        source: where it comes from, for messages.

    Raises:
        ConfigError: if a name, a distribution or a value is wrong; the message names source and entry.
    """
    mapping = _as_mapping(given, source)
    old = {entry.name: entry for entry in entries}
    read = {name: placed(read_value, source, name, value, old.get(name)) for name, value in mapping.items()}
    placed(check_one_shape, source, "", read)
    searched = {name: one for name, one in read.items() if isinstance(one, Entry)}
    values = {name: one for name, one in read.items() if not isinstance(one, Entry)}
    kept = tuple(entry for entry in entries if entry.name not in (*read, *other_shape(read)))
    if kept:  # what the new values leave without effect in a preset goes
        names = {entry.name for entry in kept} | set(searched)
        kept = settled(kept, {**fixed_values(base), **values}, names)
    return (*kept, *searched.values()), values


def read_value(name: str, given: Any, old: Entry | None = None) -> Any:
    """Return the entry that ``given`` describes, or a fixed value as it is.

    Args:
        name: of the setting.
        given: a distribution as plain data, "searched", or a value.
        old: entry of that name to begin with; its distribution stands where none is given.

    Raises:
        ConfigError: if it describes none.

    Example:
        >>> read_value("learning_rate", {"log": ["1e-4", 1]}).distribution
        Log(low=0.0001, high=1.0)
        >>> read_value("dropout", 0.1)
        0.1
    """
    if not is_own(name) and name != "model":
        known(name)
    if isinstance(given, Mapping) and name != "model":
        return _entry(name, given, old)
    if isinstance(given, str) and given == FROM_GUIDE:
        return Entry(name, _own_range(name), source="" if is_own(name) else SEARCHED[name].guide)
    return given


def _entry(name: str, given: Plain, old: Entry | None) -> Entry:
    """Return the entry of a mapping such as ``{"log": [1e-6, 1], "role": "scientific"}``."""
    given = {
        "off" if key is False else key: value for key, value in given.items()
    }  # YAML 1.1 reads `off` as false
    kinds = [key for key in given if key in KINDS]
    allowed = (*KINDS, "off", "off_value", "role", "when", *(EXTRAS[kinds[0]] if kinds else ()))
    for key in given:
        if key not in allowed:
            hint = nearest(str(key), allowed) or f" Those are {', '.join(allowed)}."
            raise ConfigError(
                f"A distribution must have known keys only, but got {show(key)}.{hint}", key=key
            )
    if len(kinds) > 1:
        raise ConfigError(
            f"A distribution must be of one kind, but got {' and '.join(kinds)}. Leave all but one out.",
            kinds=tuple(kinds),
        )
    found = _distribution(name, given, kinds, old)
    if "off" in given:
        inner = found.inner if not kinds and isinstance(found, SometimesOff) else found
        none = given.get("off_value", _none(name))
        found = SometimesOff(inner, none, _number("off", given["off"]))
    return Entry(
        name,
        found,
        given.get("role", old.role if old else "nuisance"),
        _when(given["when"]) if "when" in given else old.when if old else {},
    )


def _distribution(name: str, given: Plain, kinds: Sequence[str], old: Entry | None) -> Distribution:
    """Return what ``given`` says, else what there was, else the guide's range."""
    if kinds:
        return KINDS[kinds[0]](given)
    return old.distribution if old else _own_range(name)


def _none(name: str) -> float | None:
    """Return the value that means none: null where the recipe knows it, else 0."""
    return None if not is_own(name) and SEARCHED[name].optional else 0.0


def _own_range(name: str) -> Distribution:
    if is_own(name):
        raise ConfigError(
            f"`{name}` must have a distribution, since the guide knows no range of your own settings. "
            f"Write {{choice: [8, 16]}}, for example.",
            name=name,
        )
    return distribution_of(known(name))


def _when(given: Any) -> dict[str, tuple[Any, ...]]:
    if not isinstance(given, Mapping):
        raise ConfigError(
            f"`when` must be a mapping of names to values, but got {show(given)}. Write {{update_rule: [sgd]}}.",
            when=given,
        )
    return {str(name): options_of(options) for name, options in given.items()}


def _pair(kind: str, given: Plain, number: Callable[[str, Any], Any], names: Sequence[str]) -> list[Any]:
    """Return the two numbers of a range."""
    ends = given[kind]
    if not isinstance(ends, list | tuple) or len(ends) != 2:
        raise ConfigError(
            f"`{kind}` must be two numbers, [{', '.join(names)}], but got {kind}={show(ends)}.",
            **{kind: ends},
        )
    return [number(name, end) for name, end in zip(names, ends, strict=True)]


def _number(name: str, value: Any) -> float:
    number = real_number(value)
    if number is None:
        raise ConfigError(f"`{name}` must be a number, but got {name}={show(value)}.", **{name: value})
    return number


def _whole(name: str, value: Any) -> int:
    number = whole_number(value)
    if number is None:
        raise ConfigError(f"`{name}` must be a whole number, but got {name}={show(value)}.", **{name: value})
    return number


def _list(name: str, value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise ConfigError(f"`{name}` must be a list, but got {name}={show(value)}.", **{name: value})
    return options_of(value)


def _choice(given: Plain) -> Choice:
    weights = given.get("weights")
    numbers = None if weights is None else tuple(_number("weights", w) for w in _list("weights", weights))
    return Choice(_list("choice", given["choice"]), numbers)


def _log_integer(given: Plain) -> LogInteger:
    low, high = _pair("log_integer", given, _whole, ENDS)
    return LogInteger(low, high, _whole("multiple", given.get("multiple", 1)))


def _log_normal(given: Plain) -> LogNormal:
    found = LogNormal(*_pair("log_normal", given, _number, ("median", "deviation")))
    if "between" not in given:
        return found
    low, high = _pair("between", given, _number, ("low quantile", "high quantile"))
    return replace(found, between=(low, high))


KINDS: Mapping[str, Callable[[Plain], Distribution]] = {
    "log": lambda given: Log(*_pair("log", given, _number, ENDS)),
    "linear": lambda given: Linear(*_pair("linear", given, _number, ENDS)),
    "integer": lambda given: Integer(*_pair("integer", given, _whole, ENDS)),
    "log_integer": _log_integer,
    "choice": _choice,
    "log_normal": _log_normal,
}
EXTRAS: Mapping[str, tuple[str, ...]] = {
    "log": (),
    "linear": (),
    "integer": (),
    "log_integer": ("multiple",),
    "choice": ("weights",),
    "log_normal": ("between",),
}


def _as_mapping(given: Any, source: str) -> dict[str, Any]:
    """Return ``given`` with text keys; names alone are searched over the guide's ranges."""
    if isinstance(given, Iterable) and not isinstance(given, str | bytes | Mapping):
        given = dict.fromkeys(given, FROM_GUIDE)
    if not isinstance(given, Mapping):
        place = f" (in {source})" if source else ""
        raise ConfigError(
            f"`space` must be a mapping of names to distributions, or a list of names, but got {show(given)}{place}.",
            space=given,
        )
    return {str(name): value for name, value in given.items()}


def placed(function: Callable[..., Any], source: str, name: str, *arguments: Any) -> Any:
    """Return what ``function`` returns; its error says where it was found."""
    entry = f'entry "{name}"' if name else ""
    where = " of ".join(part for part in (entry, source) if part) or "the space"
    try:
        return function(*((name, *arguments) if name else arguments))
    except ConfigError as error:
        raise ConfigError(f"In {where}: {error}", **error.values) from None


def entry_as_plain(entry: Entry) -> dict[str, Any]:
    """Return the mapping that reads back as ``entry``."""
    plain = entry.distribution.as_plain()
    if isinstance(entry.distribution, SometimesOff):
        plain.pop("off_value", None)
        if entry.distribution.off != _none(entry.name):
            plain["off_value"] = entry.distribution.off
    if entry.role != "nuisance":
        plain["role"] = entry.role
    if entry.when:
        plain["when"] = {parent: list(options) for parent, options in entry.when.items()}
    return plain
