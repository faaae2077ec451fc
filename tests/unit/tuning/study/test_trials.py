"""Our finished trials as Optuna's frozen ones."""

import math
from dataclasses import replace

import pytest
from optuna.trial import TrialState

from practicum.recipe.space import Entry, Log, Space
from practicum.tuning.study.trials import frozen, thawed
from practicum.tuning.trial import Tried

SPACE = Space((Entry("learning_rate", Log(1e-5, 1.0)),))
FULL = Tried(
    number=12,
    values={"learning_rate": 0.1},
    error=0.25,
    cost=1.5,
    age=4000,
    phase="zoom 1",
    standard_error=0.02,
    seed=7,
    loss=0.7,
    near_error=0.27,
    curve=((1000, 0.5), (4000, 0.25)),
)


def changed(**values):
    """Return another trial like ``FULL``."""
    return replace(FULL, **values)


@pytest.mark.parametrize(
    ("one", "state"),
    [
        (FULL, TrialState.COMPLETE),
        (changed(halted=True), TrialState.PRUNED),
        (changed(error=math.inf, diverged=True), TrialState.FAIL),
        (changed(error=0.9, diverged=True), TrialState.FAIL),
        (changed(error=math.inf), TrialState.FAIL),
    ],
)
def test_a_trial_comes_back_as_it_was(one, state):
    """Every field survives, in each state that Optuna knows."""
    trial = frozen(one, SPACE)
    trial._validate()

    assert trial.state == state
    assert thawed(trial) == one


def test_an_error_that_is_no_number_is_none():
    """NaN comes back as infinite: there is no error."""
    assert thawed(frozen(changed(error=math.nan), SPACE)).error == math.inf


def test_an_unknown_standard_error_stays_unknown():
    """JSON has no NaN; absent means unknown."""
    trial = frozen(changed(standard_error=math.nan), SPACE)

    assert "standard_error" not in trial.user_attrs
    assert math.isnan(thawed(trial).standard_error)


def test_the_time_of_a_trial_is_its_cost():
    """The dashboard's durations are the seconds that a trial took."""
    trial = frozen(FULL, SPACE)

    assert trial.duration.total_seconds() == 1.5
