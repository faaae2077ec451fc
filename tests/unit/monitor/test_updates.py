"""Facts about how updates are counted."""

import pytest
from torch import nn

from practicum.monitor.facts import Facts
from practicum.monitor.updates import Updates


@pytest.fixture
def model():
    return nn.Sequential(nn.Linear(2, 2), nn.Dropout(0.5))


def test_updates_in_evaluation_mode_are_counted_while_they_follow_each_other(model):
    """One in training mode between, of a part even, and they begin anew."""
    facts = Facts()
    updates = Updates(facts, model)
    for mode in "eeetee":
        model.train(mode == "t")
        updates.count()
    assert (facts.num_updates, facts.in_evaluation) == (6, 3)

    model.eval()[1].train()
    updates.count()
    assert facts.in_evaluation == 3
