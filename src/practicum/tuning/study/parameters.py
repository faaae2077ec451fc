"""Our entries as Optuna's parameters, and back.

Parameters hold the values themselves, and say how to read them without the space: a tuple is its text "(64, 64)"; a
number that is sometimes off is two parameters, "name?" (its "off" value, or :data:`ON`) and, where on, "name".
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from practicum.recipe.space import Choice, Distribution, Integer, Linear, LogInteger, SometimesOff, Space

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution
    from optuna.trial import Trial

ON = "on"
SWITCH = "{}?"
"""Name of the parameter that says whether a number is off."""


@contextmanager
def quiet() -> Iterator[None]:
    """Silence Optuna's log and warnings within, and leave its settings as they were.

    What it reports there are our own calls, each trial a line, which tell our user nothing.
    """
    import optuna

    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        optuna.logging.set_verbosity(before)


def optuna_distribution(distribution: Distribution) -> BaseDistribution:
    """Return Optuna's distribution over the same values.

    A log-normal becomes log-uniform between its ends, and weights of a choice are dropped: Optuna knows neither. A
    multiple is dropped too; see :func:`suggest`.

    Example:
        >>> from practicum.recipe.space import Log
        >>> optuna_distribution(Log(1e-6, 1.0))
        FloatDistribution(high=1.0, log=True, low=1e-06, step=None)
    """
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    assert not isinstance(distribution, SometimesOff)
    if isinstance(distribution, Choice):
        return CategoricalDistribution([_label(option) for option in distribution.options])
    low, high = distribution.ends
    if isinstance(distribution, Integer | LogInteger):
        return IntDistribution(low, high, log=isinstance(distribution, LogInteger))
    return FloatDistribution(low, high, log=not isinstance(distribution, Linear))


def encoded(space: Space, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, BaseDistribution]]:
    """Return the parameters of a trial, and their distributions, by name.

    Example:
        >>> from practicum.recipe.space import Entry, Log, SometimesOff
        >>> space = Space((Entry("l2_penalty", SometimesOff(Log(1e-6, 1.0))),))
        >>> encoded(space, {"l2_penalty": 0.1})[0]
        {'l2_penalty?': 'on', 'l2_penalty': 0.1}
    """
    from optuna.distributions import CategoricalDistribution

    parameters: dict[str, Any] = {}
    distributions: dict[str, BaseDistribution] = {}
    for name, value in values.items():
        distribution = space[name].distribution
        if isinstance(distribution, SometimesOff):
            is_off = value == distribution.off
            parameters[SWITCH.format(name)] = distribution.off if is_off else ON
            distributions[SWITCH.format(name)] = CategoricalDistribution([distribution.off, ON])
            if is_off:
                continue
            distribution = distribution.inner
        parameters[name] = _label(value)
        distributions[name] = optuna_distribution(distribution)
    return parameters, distributions


def decoded(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that :func:`encoded` made parameters of.

    Example:
        >>> decoded({"l2_penalty?": 0.0, "hidden_sizes": "(64, 64)"})
        {'l2_penalty': 0.0, 'hidden_sizes': (64, 64)}
    """
    values: dict[str, Any] = {}
    for name, parameter in parameters.items():
        if not name.endswith("?"):
            values[name] = _unlabelled(parameter)
        elif parameter != ON:
            values[name[:-1]] = parameter
    return values


def suggest(trial: Trial, space: Space, name: str) -> Any:
    """Return the value that Optuna proposes for an entry in ``trial``; of a multiple the nearest."""
    distribution = space[name].distribution
    if isinstance(distribution, SometimesOff):
        switched = trial.suggest_categorical(SWITCH.format(name), [distribution.off, ON])
        if switched != ON:
            return distribution.off
        distribution = distribution.inner
    if isinstance(distribution, Choice):
        return _unlabelled(trial.suggest_categorical(name, [_label(one) for one in distribution.options]))
    low, high = distribution.ends
    if isinstance(distribution, Integer):
        return trial.suggest_int(name, low, high)
    if isinstance(distribution, LogInteger):
        near = round(trial.suggest_int(name, low, high, log=True) / distribution.multiple)
        return min(max(near * distribution.multiple, low), high)
    return trial.suggest_float(name, low, high, log=not isinstance(distribution, Linear))


def _label(value: Any) -> Any:
    """Return a value as Optuna can store it: tuples as text."""
    return f"({json.dumps(list(value))[1:-1]})" if isinstance(value, tuple | list) else value


def _unlabelled(parameter: Any) -> Any:
    """Return the value behind a label."""
    if isinstance(parameter, str) and parameter.startswith("(") and parameter.endswith(")"):
        return tuple(json.loads(f"[{parameter[1:-1]}]"))
    return parameter
