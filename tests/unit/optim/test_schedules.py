"""Facts about the learning rate over time [3.1-03..05]."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from practicum.optim.schedules import AutomaticDecay, learning_rate_at

NAN = float("nan")


def rate(step, initial=1.0, tau=100.0, exponent=1.0):
    """Return the rate of one trial."""
    return float(learning_rate_at(step, *(np.array([v]) for v in (initial, tau, exponent)))[0])


@pytest.mark.parametrize(
    ("step", "part"), [(1, 1), (99, 1), (100, 1), (101, 100 / 101), (200, 0.5), (1000, 0.1)]
)
def test_the_rate_follows_equation_two(step, part):
    """ε₁ = ε_τ = ε₀, ε_2τ = ε₀/2, ε_10τ = ε₀/10 [3.1-03]."""
    assert rate(step, initial=0.3) == pytest.approx(0.3 * part, rel=1e-15)


def test_the_exponent_slows_the_decay():
    """At four times τ, α = ½ halves the rate (erratum E11)."""
    assert rate(400, exponent=0.5) == pytest.approx(0.5)


def test_without_a_start_the_rate_is_constant():
    """τ → ∞ is the chapter's default."""
    assert rate(10**9, tau=np.inf) == 1.0


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.floats(0.01, 1), st.floats(1e-6, 10))
def test_the_rate_never_rises_and_stays_positive(step, tau, exponent, initial):
    """From any update to the next."""
    now, then = rate(step, initial, float(tau), exponent), rate(step + 1, initial, float(tau), exponent)

    assert 0 < then <= now <= initial


def test_each_trial_has_its_own_schedule():
    """Numbers are computed side by side and do not mix."""
    found = learning_rate_at(200, np.array([1.0, 2.0]), np.array([100.0, np.inf]), np.array([1.0, 1.0]))

    assert found.tolist() == [0.5, 2.0]


def test_decay_starts_by_itself_when_the_loss_stops_improving():
    """The step is the end of the first window that gains less than the threshold [3.1-05]."""
    decay = AutomaticDecay(np.array([NAN]), np.array([0.01]), window_steps=10)
    starts = []
    for window, loss in enumerate([1.0, 0.9, 0.8, 0.795, 0.7], start=1):
        decay.update(10 * window, np.array([loss]))
        starts.append(float(decay.decay_start_K[0]))

    assert starts == [np.inf, np.inf, np.inf, 40.0, 40.0]


@pytest.mark.parametrize(("second", "start"), [(0.9901, 20.0), (0.9899, np.inf), (1.5, 20.0)])
def test_the_threshold_is_relative(second, start):
    """A gain of just under one per cent ends the constant rate, one of just over does not, a loss does."""
    decay = AutomaticDecay(np.array([NAN]), np.array([0.01]), window_steps=10)
    decay.update(10, np.array([1.0]))
    decay.update(20, np.array([second]))

    assert decay.decay_start_K.tolist() == [start]


def test_windows_are_at_least_one_epoch_and_weigh_updates_alike():
    """Reports come at any interval; a window's mean counts each update once."""
    decay = AutomaticDecay(np.array([NAN]), np.array([0.01]), window_steps=10)
    for step, loss in [(4, 2.0), (9, 1.0), (12, 1.0), (16, 1.0), (20, 1.5), (24, 1.7)]:
        decay.update(step, np.array([loss]))

    # First window: 12 updates, mean (4·2 + 8·1)/12 = 1.333; second: 12 updates, mean (4 + 6 + 6.8)/12 = 1.4.
    assert decay.window_start == 24
    assert decay.previous_K == pytest.approx([1.4])
    assert decay.decay_start_K.tolist() == [24.0]


def test_a_given_start_is_left_alone():
    """Only trials that search are moved."""
    decay = AutomaticDecay(np.array([70.0, np.inf, NAN]), np.full(3, 0.01), window_steps=1)
    for step in (1, 2, 3):
        decay.update(step, np.ones(3))

    assert decay.decay_start_K.tolist() == [70.0, np.inf, 2.0]


def test_a_diverged_neighbour_changes_nothing():
    """Infinite and undefined losses stay in their own trial."""
    alone = AutomaticDecay(np.array([NAN]), np.array([0.01]), window_steps=1)
    packed = AutomaticDecay(np.array([NAN, NAN, NAN]), np.full(3, 0.01), window_steps=1)
    for step, loss in enumerate([1.0, 0.5, 0.499, 0.4], start=1):
        alone.update(step, np.array([loss]))
        packed.update(step, np.array([np.inf, loss, NAN]))

    assert packed.decay_start_K[1] == alone.decay_start_K[0] == 3.0


def test_selecting_keeps_the_right_trials():
    """The trials that stay go on as if nothing had happened."""
    losses = np.array([[1.0, 3.0, 5.0], [0.5, 2.99, 4.0], [0.499, 2.0, 3.0], [0.4, 1.0, 2.99]])
    whole = AutomaticDecay(np.full(3, NAN), np.array([0.01, 0.02, 0.03]), window_steps=2)
    part = AutomaticDecay(np.full(3, NAN), np.array([0.01, 0.02, 0.03]), window_steps=2)
    for step, row in enumerate(losses, start=1):
        whole.update(step, row)
        part.update(step, row if step < 2 else row[[2, 0]])
        if step == 1:
            part.select(np.array([2, 0]))

    for name in ("searching_K", "decay_start_K", "threshold_K", "total_K", "previous_K"):
        np.testing.assert_array_equal(getattr(part, name), getattr(whole, name)[[2, 0]])
