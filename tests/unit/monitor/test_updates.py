"""Facts about how updates are counted."""

import copy
import pickle

import pytest
import torch
from torch import nn

from practicum.monitor.facts import Facts
from practicum.monitor.updates import Updates


@pytest.fixture
def model():
    return nn.Sequential(nn.Linear(2, 2), nn.Dropout(0.5))


def test_updates_in_evaluation_mode_are_counted_while_they_follow_each_other(model):
    """One in training mode between, of a part even, and they begin anew."""
    facts = Facts()
    hook = Updates(facts, model)
    for mode in "eeetee":
        model.train(mode == "t")
        hook()
    assert (facts.num_updates, facts.in_evaluation) == (6, 3)

    model.eval()[1].train()
    hook()
    assert facts.in_evaluation == 3


def test_a_copied_optimiser_is_not_counted(model):
    """However it is copied."""
    facts, optimizer = Facts(), torch.optim.SGD(model.parameters(), lr=0.1)
    hook = Updates(facts, model)
    optimizer.register_step_post_hook(hook)
    for other in (copy.deepcopy(hook), copy.copy(hook), pickle.loads(pickle.dumps(hook))):
        other()
    copy.deepcopy(optimizer).step()
    assert facts.num_updates == 0

    optimizer.step()
    assert facts.num_updates == 1
