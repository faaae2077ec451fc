"""Our random and quasi-random points as a sampler for Optuna's own studies.

For those whose objective is written for Optuna. A study's search space is known only as it is suggested, so the first
trial, and what later trials add to it, is drawn at random, as Optuna's own quasi-random sampler does.
Imported where it is needed: importing Optuna takes a while.
"""

from __future__ import annotations

import math
import threading
from typing import Any, Literal

from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.samplers import BaseSampler
from optuna.search_space import IntersectionSearchSpace
from optuna.study import Study
from optuna.trial import FrozenTrial

from practicum.core.seeds import stream
from practicum.tuning.samplers.quasi_random import SobolPoints


class ForOptuna(BaseSampler):
    """Proposes random or quasi-random points to a study of Optuna.

    The point of trial i is a function of the seed, i and the names of the parameters, with any number of jobs.

    Args:
        kind: of points.
        seed: of the search.

    Source:
        Bengio 2012, 3.4-01, 3.4-06.

    Example:
        >>> import optuna
        >>> study = optuna.create_study(sampler=ForOptuna("quasi-random", seed=0))
        >>> values = [study.ask({"x": FloatDistribution(0.0, 1.0)}).params["x"] for _ in range(3)]
        >>> all(0 <= value <= 1 for value in values)
        True
    """

    def __init__(self, kind: Literal["random", "quasi-random"] = "quasi-random", seed: int = 0) -> None:
        self._kind = kind
        self._seed = seed
        self._space = IntersectionSearchSpace()
        self._names: tuple[str, ...] = ()
        self._points = SobolPoints(0, seed)
        self._lock = threading.Lock()  # Optuna's jobs are threads that share the sampler

    def infer_relative_search_space(self, study: Study, trial: FrozenTrial) -> dict[str, BaseDistribution]:  # noqa: D102
        return {} if self._kind == "random" else self._space.calculate(study)

    def sample_relative(  # noqa: D102
        self, study: Study, trial: FrozenTrial, search_space: dict[str, BaseDistribution]
    ) -> dict[str, Any]:
        if self._kind == "random" or not search_space:
            return {}
        names = tuple(sorted(search_space))
        with self._lock:
            if names != self._names:
                self._names, self._points = names, SobolPoints(len(names), self._seed)
            point = self._points[trial.number]
        return {name: value_at(search_space[name], unit) for name, unit in zip(names, point, strict=True)}

    def sample_independent(  # noqa: D102
        self, study: Study, trial: FrozenTrial, param_name: str, param_distribution: BaseDistribution
    ) -> Any:
        unit = float(stream(self._seed, f"sampler/{param_name}", trial.number).random())
        return value_at(param_distribution, unit)


def value_at(distribution: BaseDistribution, unit: float) -> Any:
    """Return the value of Optuna's ``distribution`` at ``unit`` in [0, 1).

    Example:
        >>> value_at(IntDistribution(0, 10, step=5), 0.5), value_at(CategoricalDistribution(("a", "b")), 0.4)
        (5, 'a')
    """
    if isinstance(distribution, CategoricalDistribution):
        return distribution.choices[int(unit * len(distribution.choices))]
    assert isinstance(distribution, FloatDistribution | IntDistribution)
    low, high, step = distribution.low, distribution.high, distribution.step
    is_whole = isinstance(distribution, IntDistribution)
    if distribution.log:
        half = 0.5 if is_whole else 0.0  # a whole number owns what rounds to it
        value = math.exp(math.log(low - half) + unit * (math.log(high + half) - math.log(low - half)))
        value = round(value) if is_whole else value
    elif step is not None:
        num_steps = math.floor((high - low) / step + 1e-9) + 1
        value = low + int(unit * num_steps) * step
    else:
        value = low + unit * (high - low)
    return min(max(value, low), high)
