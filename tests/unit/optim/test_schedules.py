"""Facts about the learning rate and the momentum over time [3.1-03..05]."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from practicum.optim.schedules import SCHEDULES, AutomaticDecay, momenta, rates

NAN = float("nan")


def numbers(*trials):
    """Return the numbers of trials, each given by what differs from :data:`ABSENT`."""
    rows = [{**ABSENT, **trial} for trial in trials]
    return SimpleNamespace(**{key: np.array([row[key] for row in rows]) for key in ABSENT})


def rate(step, initial=1.0, tau=100.0, exponent=1.0):
    """Return the rate of one trial."""
    one = numbers({"learning_rate": initial, "decay_start": tau, "decay_exponent": exponent})
    return float(rates(step - 1, 1, one)[0, 0])


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
    c = numbers({"learning_rate": 1.0, "decay_start": 100.0}, {"learning_rate": 2.0, "decay_start": np.inf})

    assert rates(199, 1, c).tolist() == [[0.5, 2.0]]


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


ABSENT = {
    "learning_rate": 1.0,
    "schedule": "power",
    "decay_start": np.inf,
    "decay_exponent": 1.0,
    "decay_rate": 0.01,
    "schedule_steps": np.inf,
    "final_rate_ratio": 0.0,
    "warm_up_steps": 0.0,
    "momentum": 0.0,
    "initial_momentum": NAN,
    "momentum_ramp_steps": 10.0,
}


MIXED = numbers(
    {"schedule": "power", "decay_start": 7.0, "decay_exponent": 0.7, "warm_up_steps": 20.0},
    {"schedule": "cosine", "schedule_steps": 31.0, "final_rate_ratio": 0.01, "learning_rate": 0.3},
    {"schedule": "exponential", "decay_rate": 0.03, "momentum": 0.9, "initial_momentum": 0.5},
    {"schedule": "one_cycle", "schedule_steps": 40.0, "learning_rate": 0.2},
    {"schedule": "linear", "schedule_steps": 25.0, "final_rate_ratio": 0.1, "warm_up_steps": 3.0},
    {
        "schedule": "inverse",
        "decay_rate": 0.3,
        "momentum": 0.99,
        "initial_momentum": 0.0,
        "momentum_ramp_steps": 33.0,
    },
    {"schedule": "cosine", "schedule_steps": 50.0, "learning_rate": 1e-4},
    {"schedule": "power", "decay_start": 2.0, "decay_exponent": 0.9},
)


def picked(c, keep):
    """Return the numbers of some trials."""
    return SimpleNamespace(**{key: value[keep] for key, value in vars(c).items()})


def torchs(make, count, rate=0.3):
    """Return the rates of ``count`` updates with one of torch's schedulers."""
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=rate)
    scheduler, found = make(optimiser), []
    for step in range(count):
        found.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        if step < count - 1:
            scheduler.step()
    return found


LR = torch.optim.lr_scheduler
TORCH = [
    (
        {"schedule": "exponential", "decay_rate": 0.05},
        lambda o: LR.ExponentialLR(o, gamma=np.exp(-0.05)),
        60,
    ),
    (
        {"schedule": "linear", "schedule_steps": 40.0, "final_rate_ratio": 0.1},
        lambda o: LR.LinearLR(o, start_factor=1.0, end_factor=0.1, total_iters=40),
        60,
    ),
    (
        {"schedule": "cosine", "schedule_steps": 40.0, "final_rate_ratio": 0.1},
        lambda o: LR.CosineAnnealingLR(o, T_max=40, eta_min=0.03),
        41,
    ),
    *(
        (
            {"schedule": "one_cycle", "schedule_steps": float(steps), "final_rate_ratio": 0.02},
            lambda o, steps=steps: LR.OneCycleLR(
                o, max_lr=0.3, total_steps=steps, final_div_factor=2.0, cycle_momentum=False
            ),
            steps,
        )
        for steps in (1, 2, 3, 4, 5, 40, 101)
    ),
]


@pytest.mark.parametrize(("trial", "make", "count"), TORCH)
def test_curves_equal_those_of_torch(trial, make, count):
    """Update by update."""
    found = rates(0, count, numbers({"learning_rate": 0.3, **trial}))[:, 0]

    np.testing.assert_allclose(found, torchs(make, count), rtol=1e-11)


def test_inverse_halves_when_the_product_is_one():
    """ε₀/(1 + dn), n the updates done."""
    found = rates(0, 301, numbers({"schedule": "inverse", "decay_rate": 0.01, "learning_rate": 0.4}))[:, 0]

    assert found[[0, 100, 300]].tolist() == pytest.approx([0.4, 0.2, 0.1])


@pytest.mark.parametrize("name", ["linear", "cosine", "one_cycle"])
def test_a_schedule_that_ends_stays_at_its_last_rate(name):
    """At f ε₀, or at zero."""
    c = numbers(*({"schedule": name, "schedule_steps": 10.0, "final_rate_ratio": f} for f in (0.25, 0.0)))

    np.testing.assert_allclose(rates(10, 30, c), [[0.25, 0.0]] * 30, atol=1e-15)


@pytest.mark.parametrize("name", SCHEDULES)
def test_warm_up_multiplies_every_schedule(name):
    """By t/W up to update W, then by one."""
    trial = {"schedule": name, "schedule_steps": 50.0, "decay_start": 5.0}
    plain = rates(0, 30, numbers(trial))[:, 0]
    found = rates(0, 30, numbers({**trial, "warm_up_steps": 8.0}))[:, 0]

    np.testing.assert_allclose(found, plain * np.minimum(np.arange(1, 31) / 8, 1), rtol=1e-15)
    np.testing.assert_array_equal(found[8:], plain[8:])


@pytest.mark.parametrize("name", SCHEDULES)
def test_rates_stay_between_nothing_and_the_given_one(name):
    """For every schedule and however short."""
    for steps in (1.0, 2.0, 3.0, 4.0, 10.0, np.inf):
        found = rates(0, 40, numbers({"schedule": name, "schedule_steps": steps, "learning_rate": 0.3}))

        assert np.isfinite(found).all()
        assert ((found >= 0) & (found <= 0.3)).all()


@pytest.mark.parametrize("table", [rates, momenta])
@pytest.mark.parametrize("keep", [[0], [3], [6, 1], [7, 5, 3, 1], list(range(7, -1, -1))])
def test_values_do_not_depend_on_the_other_trials(table, keep):
    """Bit by bit, in any company and order."""
    whole = table(0, 60, MIXED)

    assert table(0, 60, picked(MIXED, keep)).tobytes() == np.ascontiguousarray(whole[:, keep]).tobytes()


@pytest.mark.parametrize("table", [rates, momenta])
@pytest.mark.parametrize("cut", [1, 2, 7, 13, 59])
def test_values_do_not_depend_on_how_updates_are_cut_into_tables(table, cut):
    """Bit by bit: a run that goes on finds the same."""
    whole = table(0, 60, MIXED)
    parts = [table(start, min(cut, 60 - start), MIXED) for start in range(0, 60, cut)]

    assert np.concatenate(parts).tobytes() == whole.tobytes()


def test_momentum_rises_evenly_and_stays():
    """From its initial value at the first update to its own after the ramp [system-P15]."""
    ramp = {"momentum": 0.9, "initial_momentum": 0.5, "momentum_ramp_steps": 4.0}
    found = momenta(0, 7, numbers(ramp, {"momentum": 0.8}, {**ramp, "momentum_ramp_steps": 0.0}))

    np.testing.assert_allclose(found[:, 0], [0.5, 0.6, 0.7, 0.8, 0.9, 0.9, 0.9])
    assert found[4:, 0].tolist() == [0.9] * 3
    assert found[:, 1:].tolist() == [[0.8, 0.9]] * 7
