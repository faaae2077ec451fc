"""Facts about trials at other rates."""

import math

import pytest
import torch
from tests.made_facts import a_look, a_setting
from tests.made_watched import watched

from practicum.diagnose.derived import rates as module
from practicum.diagnose.derived.rates import has_risen, is_better, momentum_of, own_clip, too_fast, too_slow
from practicum.monitor.facts import Facts


def sgd(rate, momentum=0.0):
    """Return what makes SGD."""
    return lambda given: torch.optim.SGD(given, lr=rate, momentum=momentum)


@pytest.mark.parametrize(
    ("one", "other", "better"),
    [
        (0.2, 0.8, True),
        (0.74, 1.0, True),
        (0.76, 1.0, False),
        (0.001, 0.01, False),
        (0.5, math.inf, True),
        (math.inf, math.inf, False),
        (1.1, 2.0, False),
    ],
)
def test_better_is_clearly_lower_and_by_a_part_of_the_way(one, other, better):
    """Seen from a start at 1."""
    assert is_better(one, other, 1.0) == better


def test_a_rate_that_is_too_high_is_told_from_a_good_one():
    """By what a lower one reaches."""
    high = too_fast(watched(optimiser=sgd(8.0), regression=True, num_steps=60))

    assert high.kind == "rate"
    assert high.best < 0.2 * high.start
    assert "steps from the start" in high.text
    assert too_fast(watched(optimiser=sgd(0.05), regression=True, num_steps=60)) is None


@pytest.mark.parametrize(("rate", "kind"), [(0.08, "momentum"), (3.0, "both")])
def test_momentum_is_blamed_where_less_of_it_would_do(rate, kind):
    """And both where it would not."""
    assert too_fast(watched(optimiser=sgd(rate, 0.995), regression=True, num_steps=60)).kind == kind


def test_a_rate_that_is_too_low_is_told_from_a_good_one():
    """A few steps of a higher one get further than the whole run."""
    low = too_slow(watched(optimiser=sgd(1e-4), regression=True, num_steps=60))

    assert low.factor > 1
    assert low.best < 0.5 * low.now
    assert too_slow(watched(optimiser=sgd(0.05), regression=True, num_steps=60)) is None


def test_what_only_learns_by_heart_is_no_faster_rate(monkeypatch):
    """Validation rows must gain by it too."""
    facts = watched(optimiser=sgd(1e-4), regression=True, num_steps=60)
    monkeypatch.setattr(module, "valid_now", lambda _facts: 1e-6)

    assert too_slow(facts) is None


def test_a_loss_that_ends_higher_than_it_was_has_risen():
    """By much, and not where it was lost by inputs."""
    assert has_risen(Facts(num_steps=48, losses=[*(1.0 - k / 40 for k in range(36)), *([0.9] * 12)]))
    assert not has_risen(Facts(num_steps=48, losses=[1 / (1 + k) for k in range(48)]))
    assert has_risen(Facts(first_not_finite=9))
    assert not has_risen(Facts(first_not_finite=9, bad_inputs=(9, "inputs")))


def test_settings_are_read_from_looks():
    """Momentum of the first; the norm that most gradients are clipped to."""
    looks = [a_look(settings=(a_setting(momentum=0.9), a_setting()))]

    assert momentum_of(Facts(looks=looks)) == 0.9
    assert momentum_of(Facts()) == 0
    assert own_clip(Facts(looks=looks)) == math.inf
