"""Optuna's samplers as they are, asked for whole packs.

Optuna proposes one trial after another; the trials of a pack that were proposed and not told yet count as running, so
that the next ones keep away from them (TPE pretends that they were bad: the constant liar).
Source: Bengio 2012, 3.4-08 (model-based search); Bergstra et al. 2011 (TPE).
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, get_args

from practicum.core.errors import ConfigError, MissingExtraError, nearest
from practicum.core.seeds import stream
from practicum.recipe.space import Space
from practicum.tuning.samplers.levels import key
from practicum.tuning.samplers.sampler import Values
from practicum.tuning.study.parameters import encoded, quiet, suggest
from practicum.tuning.trial import Tried

if TYPE_CHECKING:
    from optuna.samplers import BaseSampler
    from optuna.trial import Trial

OptunaName = Literal["tpe", "gp", "cmaes", "random"]


class OptunaSampler:
    """Proposes what one of Optuna's samplers proposes, through a study in memory.

    Only entries whose condition holds are suggested. A diverged trial is told with the worst finite error so far (it
    waits while there is none): as a failed one it would be ignored, and its region tried again. A halted trial is told
    with the error it had, which its longer training would only have lowered.

    Args:
        space: what to vary. Choices count as equally likely, log-normals as log-uniform between their ends.
        name: "tpe" (tree of Parzen estimators), "gp" (Gaussian process), "cmaes" (evolution strategy) or "random".
            "gp" and "cmaes" model the entries that every trial has, and draw the others at random; "cmaes" also
            choices.
        seed: of the search.

    Raises:
        ConfigError: if the name is unknown.
        MissingExtraError: if "cmaes" is wanted and its package is absent.

    Source:
        Bengio 2012, 3.4-08.

    Example:
        >>> from practicum.recipe.space import Space
        >>> space = Space.preset("small")
        >>> OptunaSampler(space, "tpe", seed=0).ask(2) == OptunaSampler(space, "tpe", seed=0).ask(2)
        True
    """

    def __init__(self, space: Space, name: OptunaName, seed: int) -> None:
        import optuna

        self._space = space
        with quiet():
            self._study = optuna.create_study(sampler=_sampler(name, seed))
        self._running: dict[Any, list[Trial]] = {}
        self._waiting: list[Tried] = []
        self._worst = -math.inf

    def ask(self, count: int) -> list[Values]:
        """Return the values of the next ``count`` trials; there are always more."""
        with quiet():
            return [self._one() for _ in range(count)]

    def tell(self, tried: Sequence[Tried]) -> None:
        """Take in outcomes, also of trials that were not asked for here, as far as they lie in the space."""
        self._worst = max([self._worst, *(one.error for one in tried if math.isfinite(one.error))])
        self._waiting += tried
        if not math.isfinite(self._worst):
            return
        with quiet():
            for one in self._waiting:
                self._tell(one, self._worst if one.diverged or not math.isfinite(one.error) else one.error)
        self._waiting.clear()

    def _one(self) -> Values:
        """Return the values of one new trial, which counts as running from now on."""
        trial = self._study.ask()
        values: Values = {}
        for name in self._space.names:
            if self._space.active(name, values):
                values[name] = suggest(trial, self._space, name)
        self._running.setdefault(key(values), []).append(trial)
        return values

    def _tell(self, one: Tried, error: float) -> None:
        """Tell Optuna one outcome."""
        import optuna

        running = self._running.get(key(one.values))
        if running:
            self._study.tell(running.pop(0), error)
        elif all(
            name in self._space.names and self._space[name].distribution.takes(value)
            for name, value in one.values.items()
        ):
            parameters, distributions = encoded(self._space, one.values)
            self._study.add_trial(
                optuna.create_trial(params=parameters, distributions=distributions, value=error)
            )


def _sampler(name: str, seed: int) -> BaseSampler:
    """Return Optuna's sampler of that name."""
    import optuna

    number = int(stream(seed, "sampler/optuna").integers(2**32))
    if name == "tpe":
        return optuna.samplers.TPESampler(seed=number, constant_liar=True)
    if name == "gp":
        return optuna.samplers.GPSampler(seed=number, warn_independent_sampling=False)
    if name == "cmaes":
        try:
            importlib.import_module("cmaes")  # Optuna would complain at the first ask only
        except ImportError:
            raise MissingExtraError(
                'The sampler "cmaes" needs the package cmaes, which is not installed. '
                "Install it with: pip install cmaes"
            ) from None
        return optuna.samplers.CmaEsSampler(seed=number, warn_independent_sampling=False)
    if name == "random":
        return optuna.samplers.RandomSampler(seed=number)
    raise ConfigError(
        f'`name` must be one of {", ".join(get_args(OptunaName))}, but got name="{name}".'
        f"{nearest(name, get_args(OptunaName))}",
        name=name,
    )
