"""When an entry acts: conditions checked, completed by the guide's, and entries put into an order that respects them.

Source: Bengio 2012, 3.4-01: conditional hyper-parameters are drawn only when relevant.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from practicum.core.errors import ConfigError, nearest
from practicum.core.guide.model import USED
from practicum.core.guide.settings import SEARCHED
from practicum.recipe.checks import show
from practicum.recipe.space.choice import Choice, position
from practicum.recipe.space.distribution import Distribution
from practicum.recipe.space.entry import Entry
from practicum.recipe.space.fixed import is_own
from practicum.recipe.space.sometimes import SometimesOff


def matches(options: tuple[Any, ...], value: Any) -> bool:
    """Return whether ``value`` fulfils a condition.

    Example:
        >>> matches(("sgd",), "sgd"), matches(("used",), 0.5), matches(("used",), 0.0), matches(("used",), None)
        (True, True, False, False)
    """
    return position(options, value) is not None or (USED in options and value not in (None, 0, False))


def always(distribution: Distribution, options: tuple[Any, ...]) -> bool:
    """Return whether every value surely fulfils the condition, so that it need not be said."""
    if isinstance(distribution, Choice):
        return all(matches(options, one) for one in distribution.options)
    if isinstance(distribution, SometimesOff):
        return matches(options, distribution.off) and always(distribution.inner, options)
    return USED in options and bool(distribution.ends[0] > 0)


def possible(distribution: Distribution, option: Any) -> bool:
    """Return whether a value can fulfil ``option``, with more than probability 0."""
    if isinstance(distribution, Choice):
        return any(matches((option,), one) for one in distribution.options)
    if isinstance(distribution, SometimesOff):
        return bool(option == distribution.off) or possible(distribution.inner, option)
    return option == USED or (distribution.num_values is not None and distribution.takes(option))


def completed(entries: Sequence[Entry], fixed: Mapping[str, Any]) -> tuple[Entry, ...]:
    """Return the entries with all their conditions, each after those that it depends on.

    Args:
        entries: as they were given; a condition on what is fixed is decided now.
        fixed: value of every setting that is not searched.

    Raises:
        ConfigError: if a condition names what does not exist, or a value that it cannot take, if conditions go in a
            circle, or if an entry could never act.
    """
    by_name = {entry.name: entry for entry in entries}
    for entry in entries:
        _check_condition(entry, by_name, fixed)
    while True:  # an entry that gets a condition may be one that others depend on
        full = {entry.name: _with_guide(entry, by_name, fixed) for entry in by_name.values()}
        if full == by_name:
            return _ordered(tuple(full.values()))
        by_name = full


def acts(entry: Entry, values: Mapping[str, Any]) -> bool:
    """Return whether ``entry`` acts beside the ``values`` of the entries before it."""
    return all(parent in values and matches(o, values[parent]) for parent, o in entry.when.items())


def values_at(entries: Sequence[Entry], units: Mapping[str, float]) -> dict[str, Any]:
    """Return the values at ``units`` of the entries that act, in order."""
    values: dict[str, Any] = {}
    for entry in entries:
        if acts(entry, values):
            values[entry.name] = entry.distribution.value(units[entry.name])
    return values


def settled(
    entries: Sequence[Entry], fixed: Mapping[str, Any], searched: Collection[str]
) -> tuple[Entry, ...]:
    """Return those of the entries that can still do something where all but ``searched`` is fixed.

    Args:
        entries: to look at; a condition on what is fixed is decided now.
        fixed: value of every setting that is not searched.
        searched: names of all entries, these and others.
    """
    names, kept = set(searched), list(entries)
    while True:
        count = len(kept)
        kept = [entry for entry in kept if not _stopped(entry, fixed, names)]
        if len(kept) == count:
            return tuple(
                replace(entry, when={p: o for p, o in entry.when.items() if p in names}) for entry in kept
            )
        names -= {entry.name for entry in entries} - {entry.name for entry in kept}


def _stopped(entry: Entry, fixed: Mapping[str, Any], names: Collection[str]) -> bool:
    """Return whether a fixed value keeps ``entry`` from acting."""
    conditions = (*entry.when.items(), *_guide_condition(entry.name).items())
    return any(p not in names and not matches(o, fixed.get(p)) for p, o in conditions)


def _guide_condition(name: str) -> Mapping[str, tuple[Any, ...]]:
    return {} if is_own(name) else SEARCHED[name].when


def _with_guide(entry: Entry, by_name: Mapping[str, Entry], fixed: Mapping[str, Any]) -> Entry:
    """Return ``entry`` with the guide's conditions on searched settings, where they say something."""
    for parent, options in (*entry.when.items(), *_guide_condition(entry.name).items()):
        if parent not in by_name and not matches(options, fixed[parent]):
            raise ConfigError(
                f"`{entry.name}` must be able to act, but got {parent}={show(fixed[parent])}, where it does nothing. "
                f"Set {parent} to {' or '.join(map(str, options))}, or leave {entry.name} out of the space.",
                **{parent: fixed[parent]},
            )
    when = {parent: options for parent, options in entry.when.items() if parent in by_name}
    for parent, options in _guide_condition(entry.name).items():
        if parent not in by_name or parent in when:
            continue
        if by_name[parent].when or not always(by_name[parent].distribution, options):
            able = tuple(one for one in options if possible(by_name[parent].distribution, one))
            if not able:
                raise _impossible(entry.name, parent, options, by_name[parent].distribution)
            when[parent] = able
    return replace(entry, when=when)


def _check_condition(entry: Entry, by_name: Mapping[str, Entry], fixed: Mapping[str, Any]) -> None:
    """Raise unless what ``entry`` depends on exists, and can take the values."""
    for parent, options in entry.when.items():
        if parent not in by_name and parent not in fixed:
            hint = nearest(str(parent), [*by_name, *fixed]) or " Add that entry, or leave the condition out."
            raise ConfigError(
                f"`when` must name entries or settings, but got {show(parent)} (entry {entry.name!r}).{hint}",
                when=entry.when,
            )
        if not options:
            raise ConfigError(
                f"`when` must list at least one value of {parent}, but got none (entry {entry.name!r}).",
                when=entry.when,
            )
        for option in options if parent in by_name else ():
            if not possible(by_name[parent].distribution, option):
                raise _impossible(entry.name, parent, (option,), by_name[parent].distribution)


def _impossible(name: str, parent: str, options: tuple[Any, ...], distribution: Distribution) -> ConfigError:
    wanted = " or ".join(show(one) for one in options)
    words = distribution.options if isinstance(distribution, Choice) else ()
    hint = nearest(str(options[0]), [str(one) for one in words])
    if not hint and distribution.num_values is None:
        hint = f" Single numbers of a continuum do not happen; write {USED} for every value but none."
    return ConfigError(
        f"`when` must hold values that {parent} can take, but got {wanted} with {distribution.as_plain()} "
        f"(entry {name!r}).{hint}",
        when={parent: options},
    )


def _ordered(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return the entries in their order, but each after what it depends on."""
    left = {entry.name: entry for entry in entries}
    ordered: list[Entry] = []
    while left:
        ready = next((entry for entry in left.values() if not left.keys() & entry.when.keys()), None)
        if ready is None:
            raise ConfigError(
                f"`when` must not go in a circle, but got {' → '.join(_circle(left))}. Leave one condition out.",
                names=tuple(left),
            )
        ordered.append(left.pop(ready.name))
    return tuple(ordered)


def _circle(left: Mapping[str, Entry]) -> list[str]:
    """Return the names of one circle, its first again at the end."""
    path = [next(iter(left))]
    while True:
        parent = next(name for name in left[path[-1]].when if name in left)
        if parent in path:
            return [*path[path.index(parent) :], parent]
        path.append(parent)
