"""Which entries matter, by Optuna's evaluator, with the spread over resampled trials [3.4-03].

Functional ANOVA asks how much of the errors' variance an entry explains, the others averaged out, as a random forest
sees it. Ranks stand for errors, so that a few huge ones do not decide. Some share every entry has; how much comes by
chance is seen with the errors dealt out anew.

Optuna's PED-ANOVA was tried too: of 32 trials it looks at the best few alone, and called a learning rate over six
decades "by chance" (`docs/experiments.md`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.stats import rankdata

from practicum.core.seeds import stream
from practicum.recipe.space import Entry, Space
from practicum.tuning.analysis.positions import Floats, errors_of, numbers_of, searched_entries
from practicum.tuning.study.parameters import quiet
from practicum.tuning.trial import Tried

if TYPE_CHECKING:
    from optuna.importance import FanovaImportanceEvaluator
    from optuna.trial import FrozenTrial

NUM_RESAMPLED = 5
NUM_SHUFFLED = 3
MOST_TRIALS = 256
"""Of more, the first so many: importance is known well enough by then, and costs time."""

BEYOND_CHANCE = 1.5
"""An entry is clear from so many times on what chance gives, which is known from few deals only."""

MIN_TRIALS = 10
NUM_TREES = 16
MAX_DEPTH = 16
IDLE = 0.5
"""Where an entry of numbers stands in trials in which it does not act."""


@dataclass(frozen=True, slots=True)
class Importance:
    """How much one entry matters.

    Attributes:
        name: of the entry.
        share: of all importance; the shares of all entries sum to 1.
        deviation: standard deviation of the share over resampled trials.
        chance: the largest share that an entry has with the errors dealt out anew.
    """

    name: str
    share: float
    deviation: float
    chance: float

    @property
    def clear(self) -> bool:
        """Whether the share is larger than chance would have it."""
        return self.share > max(BEYOND_CHANCE * self.chance, 2 * self.deviation)


def importances(tried: Sequence[Tried], space: Space, seed: int = 0) -> tuple[Importance, ...]:
    """Return the importance of each entry that was varied, the largest first.

    A diverged trial counts as one with the largest error. An entry that does not act in a trial stands at the middle of
    its range there, or counts as a choice of its own. An entry that is sometimes off counts as one number line with
    "off" at its low end.

    Args:
        tried: finished trials of one search.
        space: what was searched.
        seed: of the resampling.

    Returns:
        Empty with fewer than :data:`MIN_TRIALS` errors or with errors that are all alike.

    Source:
        Hutter, Hoos & Leyton-Brown 2014, *An efficient approach for assessing hyperparameter importance*; Optuna's
        implementation.

    Example:
        >>> from practicum.recipe.space import Entry, Log, Linear, Space
        >>> space = Space((Entry("learning_rate", Log(1e-4, 1)), Entry("momentum", Linear(0, 0.9))))
        >>> points = [{"learning_rate": i / 40, "momentum": 7 * i % 40 / 40} for i in range(60)]
        >>> points = [space.values({name: unit % 1 for name, unit in one.items()}) for one in points]
        >>> tried = [Tried(i, one, abs(one["learning_rate"] - 0.1)) for i, one in enumerate(points)]
        >>> importances(tried, space)[0].name
        'learning_rate'
    """
    entries = searched_entries(space, tried)
    tried = tried[:MOST_TRIALS]
    errors = errors_of(tried)
    finite = np.isfinite(errors)
    if finite.sum() < MIN_TRIALS or not entries or np.ptp(errors[finite]) == 0:
        return ()
    errors = rankdata(np.where(finite, errors, errors[finite].max())) / len(errors)
    with quiet():
        from optuna.importance import FanovaImportanceEvaluator

        trials = _trials(tried, errors, entries)
        evaluator = FanovaImportanceEvaluator(n_trees=NUM_TREES, max_depth=MAX_DEPTH, seed=seed)
        names = [entry.name for entry in entries]
        whole = _evaluate(trials, names, evaluator)
        generator = stream(seed, "tuning/importance")
        count = math.ceil(0.7 * len(trials))
        parts = np.array(
            [
                _evaluate([trials[i] for i in generator.permutation(len(trials))[:count]], names, evaluator)
                for _ in range(NUM_RESAMPLED)
            ]
        )
        shuffled = [
            _evaluate(_trials(tried, generator.permutation(errors), entries), names, evaluator).max()
            for _ in range(NUM_SHUFFLED)
        ]
        chance = np.median(shuffled)
    total = max(whole.sum(), 1e-300)
    parts /= np.maximum(parts.sum(axis=1, keepdims=True), 1e-300)
    # Of samples without return: their spread is that of the whole times (N - n) / n (the delete-d jackknife).
    spread = parts.std(axis=0) * math.sqrt(count / max(len(trials) - count, 1))
    found = [
        Importance(name, float(one / total), float(deviation), float(chance / total))
        for name, one, deviation in zip(names, whole, spread, strict=True)
    ]
    return tuple(sorted(found, key=lambda one: (-one.share, one.name)))


def importance_text(found: Sequence[Importance]) -> str:
    """Return one sentence that names what matters most, or an empty string.

    Example:
        >>> importance_text([Importance("learning_rate", 0.7, 0.1, 0.2), Importance("momentum", 0.3, 0.2, 0.2)])
        'What matters most is `learning_rate` (70 ± 10 %); the rest could be chance.'
    """
    clear = [one for one in found if one.clear][:3]
    if not found:
        return ""
    if not clear:
        return "Which settings matter cannot be told from these trials."
    if len(found) == 1:  # it has all of the importance, whatever it does: 100 ± 0 % say nothing
        return ""
    shown = [f"`{one.name}` ({100 * one.share:.0f} ± {100 * one.deviation:.0f} %)" for one in clear]
    listed = shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
    rest = "; the rest could be chance" if len(clear) < len(found) and len(clear) < 3 else ""
    return f"What matters most is {listed}{rest}."


def _trials(tried: Sequence[Tried], errors: Any, entries: Sequence[Entry]) -> list[FrozenTrial]:
    """Return the trials as Optuna takes them: numbers as units, so that every scale is its entry's own."""
    from optuna.distributions import CategoricalDistribution, FloatDistribution
    from optuna.trial import create_trial

    line = FloatDistribution(0.0, 1.0)
    options = {
        entry.name: list(dict.fromkeys(repr(one.values.get(entry.name, "idle")) for one in tried))
        for entry in entries
        if numbers_of(entry) is None
    }
    trials = []
    for one, error in zip(tried, errors, strict=True):
        params: dict[str, Any] = {}
        for entry in entries:
            value = one.values.get(entry.name, "idle")
            if entry.name in options:
                params[entry.name] = repr(value)
            elif entry.name in one.values and entry.distribution.takes(value):
                params[entry.name] = min(max(entry.distribution.unit(value), 0.0), 1.0)
            else:
                params[entry.name] = IDLE
        distributions: dict[str, Any] = {
            name: CategoricalDistribution(options[name]) if name in options else line for name in params
        }
        trials.append(create_trial(params=params, distributions=distributions, value=float(error)))
    return trials


def _evaluate(
    trials: Sequence[FrozenTrial], names: Sequence[str], evaluator: FanovaImportanceEvaluator
) -> Floats:
    """Return the importance of each entry, 0 where it is the same in all of the trials, shape ``(D,)``."""
    import optuna

    study = optuna.create_study()
    study.add_trials(trials)
    varied = [name for name in names if len({trial.params[name] for trial in trials}) > 1]
    found = evaluator.evaluate(study, params=varied) if len({one.value for one in trials}) > 1 else {}
    return np.array([float(found.get(name, 0.0)) for name in names])
