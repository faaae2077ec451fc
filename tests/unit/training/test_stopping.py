"""Facts about early stopping, against the tutorial's loop [3.1-09..14]."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.oracles.patience import sgd_optimization

from practicum.training.stopping import Stopping

errors = st.lists(st.floats(0, 1), min_size=1, max_size=30)


def stopping(num_trials=1, patience=100.0, **values):
    """Return early stopping for some trials with equal settings."""
    settings = {
        "enabled": True,
        "on_error": True,
        "increase": 2.0,
        "threshold": 0.005,
        "patience": patience,
        **values,
    }
    return Stopping(**{name: np.full(num_trials, value) for name, value in settings.items()})


def follow(curves, frequency, **values):
    """Run K trials on validation curves and return the update and the best of each, as the engine counts."""
    state = stopping(len(curves), **values)
    ended, index = {}, 0
    while len(ended) < len(curves):
        if (index + 1) % frequency == 0:
            nth = (index + 1) // frequency - 1
            values_K = np.array([curve[min(nth, len(curve) - 1)] for curve in curves])
            alive = np.array([k not in ended for k in range(len(curves))])
            state.update(index, values_K, np.zeros(len(curves)), alive)
        for k in np.flatnonzero(state.exhausted(index)).tolist():
            ended.setdefault(k, (index, int(state.best_index[k]), float(state.best_error[k])))
        index += 1
    return [ended[k] for k in range(len(curves))]


@given(
    curves=st.lists(errors, min_size=1, max_size=3),
    frequency=st.integers(1, 40),
    patience=st.integers(1, 200),
    increase=st.sampled_from([1.0, 1.5, 2.0, 3.0]),
)
def test_every_trial_stops_where_the_tutorial_stops(curves, frequency, patience, increase):
    """The same last iteration, the same best iteration, the same best value, for any curve, K at once."""
    found = follow(curves, frequency, patience=float(patience), increase=increase)
    expected = [
        sgd_optimization(
            lambda n, curve=curve: curve[min(n, len(curve) - 1)],
            patience=patience,
            patience_increase=increase,
            validation_frequency=frequency,
        )
        for curve in curves
    ]

    assert found == expected


def test_a_large_gain_extends_patience_and_a_small_one_does_not():
    """Any gain keeps the weights; one of more than half a per cent doubles the time [3.1-12]."""
    state = stopping(num_trials=3, patience=100.0)
    state.update(50, np.full(3, 1.0), np.zeros(3))

    improved = state.update(200, np.array([0.9949, 0.9951, 1.1]), np.zeros(3))

    assert improved.tolist() == [True, True, False]
    assert state.patience.tolist() == [400.0, 100.0, 100.0]
    assert state.best_index.tolist() == [200, 200, 50]
    assert state.best_error.tolist() == [0.9949, 0.9951, 1.0]


def test_patience_never_shrinks():
    """An early gain leaves the first grant as it is."""
    state = stopping(patience=10_000.0)
    state.update(9, np.array([0.5]), np.zeros(1))

    assert state.patience.tolist() == [10_000.0]


def test_the_loss_decides_between_equal_errors():
    """It moves the best, but is no gain that extends patience."""
    state = stopping(patience=100.0)
    state.update(49, np.array([0.5]), np.array([2.0]))
    better = state.update(99, np.array([0.5]), np.array([1.0]))
    worse = state.update(149, np.array([0.5]), np.array([1.5]))

    assert (better.tolist(), worse.tolist()) == ([True], [False])
    assert state.best_index.tolist() == [99]
    assert state.best_loss.tolist() == [1.0]
    assert state.patience.tolist() == [100.0]


def test_nan_is_never_a_best():
    """Nor does it disturb the best that there is."""
    state = stopping(num_trials=2)
    state.update(9, np.array([math.nan, 0.5]), np.array([math.nan, 1.0]))
    improved = state.update(19, np.array([0.4, math.nan]), np.array([1.0, math.nan]))

    assert improved.tolist() == [True, False]
    assert state.best_error.tolist() == [0.4, 0.5]


def test_a_value_that_is_not_accepted_changes_nothing():
    """Neither best nor patience."""
    state = stopping(patience=10.0)
    state.update(9, np.array([0.5]), np.ones(1))
    improved = state.update(19, np.array([0.1]), np.ones(1), np.array([False]))

    assert improved.tolist() == [False]
    assert (state.best_error.tolist(), state.patience.tolist()) == ([0.5], [18.0])


def test_switched_off_it_never_stops():
    """The best is still kept [3.1-10]."""
    state = stopping(enabled=False, patience=1.0)
    state.update(9, np.array([0.5]), np.ones(1))

    assert not state.exhausted(10**9).any()
    assert state.end_steps().tolist() == [math.inf]
    assert state.best_index.tolist() == [9]


@given(st.floats(1, 1e6))
def test_the_end_can_be_told_in_advance(patience):
    """`end_steps` is the first number of updates after which patience is over, and none before."""
    state = stopping(patience=patience)
    end = int(state.end_steps()[0])

    assert state.exhausted(end - 1).all()
    assert not state.exhausted(end - 2).any()


def test_selecting_keeps_the_right_trials():
    """All arrays follow, in the order asked for."""
    state = stopping(num_trials=3, patience=10.0)
    state.update(9, np.array([0.1, 0.2, 0.3]), np.array([1.0, 2.0, 3.0]))
    state.update(19, np.array([0.1, 0.1, 0.4]), np.array([1.0, 2.0, 3.0]))
    state.select(np.array([2, 1]))

    assert state.best_error.tolist() == [0.3, 0.1]
    assert state.best_loss.tolist() == [3.0, 2.0]
    assert state.best_index.tolist() == [9, 19]
    assert state.patience.tolist() == [18.0, 38.0]
    assert all(getattr(state, name).shape == (2,) for name in ("enabled", "increase", "threshold"))


@pytest.mark.parametrize("gain", [0.0, 0.2])
def test_the_threshold_is_the_recipes(gain):
    """A trial may ask for a larger gain before it is given more time."""
    state = stopping(patience=10.0, threshold=gain)
    state.update(9, np.array([1.0]), np.ones(1))
    state.update(99, np.array([0.9]), np.ones(1))

    assert state.patience.tolist() == [198.0 if gain == 0 else 18.0]


def test_each_trial_follows_the_measure_of_its_recipe():
    """On the loss a lower error is no gain; on the error a lower loss is one only between equal errors."""
    state = stopping(2, on_error=np.array([True, False]))
    state.update(0, np.array([0.3, 0.3]), np.array([0.5, 0.5]))

    assert state.update(1, np.array([0.2, 0.2]), np.array([0.6, 0.6])).tolist() == [True, False]
    assert state.update(2, np.array([0.4, 0.4]), np.array([0.4, 0.4])).tolist() == [False, True]
    assert (state.best_error.tolist(), state.best_loss.tolist()) == ([0.2, 0.4], [0.6, 0.4])
