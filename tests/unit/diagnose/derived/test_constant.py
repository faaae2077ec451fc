"""Facts about how much was learned."""

import math

import torch
from tests.made_watched import watched

from practicum.diagnose.derived.constant import learned_of, loss_fell
from practicum.monitor.facts import Facts


def test_a_net_that_learned_is_near_one():
    """Beside the most frequent class."""
    learned = learned_of(watched())

    assert learned.measure == "error"
    assert learned.train > 0.8
    assert learned.valid > 0.7
    assert 0 < learned.standard_error < 0.05


def test_a_net_that_stood_still_is_near_zero():
    """Numbers beside their mean."""
    learned = learned_of(watched(regression=True, learning_rate=0.0))

    assert learned.measure == "squared"
    assert learned.train < 0.3


def test_targets_of_other_kinds_are_not_judged():
    """Nor are those that are all the same."""
    facts = watched(regression=True, targets=lambda x: torch.ones(len(x), 1))

    assert learned_of(facts) is None
    assert learned_of(Facts()) is None
    assert math.isnan(loss_fell(Facts()))
