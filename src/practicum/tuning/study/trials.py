"""Our finished trials as Optuna's frozen ones, and back.

Whatever Optuna has a place for stands there (values, curve, state); the rest are user attributes.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from practicum.recipe.space import Space
from practicum.tuning.study.parameters import decoded, encoded
from practicum.tuning.trial import Tried

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial


def frozen(one: Tried, space: Space) -> FrozenTrial:
    """Return a finished trial as Optuna keeps it.

    Complete ones and halted ones ("pruned") have the error as their value; a diverged one, or one without an error,
    has failed, and its error is an attribute if it is a number. The curve's ages are the steps.

    Example:
        >>> from practicum.recipe.space import Entry, Log, Space
        >>> space = Space((Entry("learning_rate", Log(0.001, 1.0)),))
        >>> trial = frozen(Tried(7, {"learning_rate": 0.1}, error=0.25, curve=((100, 0.5), (200, 0.25))), space)
        >>> trial.value, trial.params, trial.intermediate_values, trial.user_attrs["number"]
        (0.25, {'learning_rate': 0.1}, {100: 0.5, 200: 0.25}, 7)
    """
    from optuna.trial import FrozenTrial, TrialState

    failed = one.diverged or not math.isfinite(one.error)
    state = TrialState.FAIL if failed else TrialState.PRUNED if one.halted else TrialState.COMPLETE
    parameters, distributions = encoded(space, one.values)
    now = datetime.now(tz=UTC).astimezone().replace(tzinfo=None)  # Optuna's times are local and naive
    return FrozenTrial(
        number=-1,  # the study counts its trials itself; ours are numbered over the whole search
        trial_id=-1,
        state=state,
        value=None if failed else one.error,
        datetime_start=now - timedelta(seconds=one.cost),
        datetime_complete=now,
        params=parameters,
        distributions=distributions,
        user_attrs=_attributes(one, failed),
        system_attrs={},
        intermediate_values=dict(one.curve),
    )


def thawed(trial: FrozenTrial) -> Tried:
    """Return the trial that :func:`frozen` made ``trial`` of."""
    told = dict(trial.user_attrs)
    error = told.pop("error", math.inf) if trial.value is None else trial.value
    return Tried(
        values=decoded(trial.params),
        error=error,
        curve=tuple(sorted(trial.intermediate_values.items())),
        **told,
    )


def _attributes(one: Tried, failed: bool) -> dict[str, Any]:
    """Return what Optuna has no place for; a number that is none is left out, since JSON knows none."""
    told: dict[str, Any] = {
        name: getattr(one, name) for name in ("number", "cost", "age", "phase", "diverged", "halted", "seed")
    }
    names = ("standard_error", "loss", "near_error", *(["error"] if failed else []))
    numbers = {name: getattr(one, name) for name in names}
    return told | {name: number for name, number in numbers.items() if math.isfinite(number)}
