"""Facts about the rule of outputs that cannot reach the targets."""

import torch
from tests.made_rows import Fixed, facts_of, normal
from torch import nn

from practicum.diagnose.rules.unreachable_targets import check

X = normal(64, 3)


def _facts(targets, *end, valid=None, model=None):
    torch.manual_seed(0)
    start = nn.Sequential(nn.Linear(3, 1), *end)
    return facts_of((X, targets), valid, model=model or start, start=start, loss_fn=nn.MSELoss())


def test_negative_targets_behind_a_rectifier_are_critical():
    """It never gives them."""
    assert check(_facts(X[:, :1], nn.ReLU())).severity == "critical"


def test_a_linear_output_is_silent():
    """It reaches everything."""
    assert check(_facts(X[:, :1])) is None


def test_one_target_in_a_hundred_may_lie_outside():
    """The unit has no flat part."""
    targets = torch.rand(64, 1)

    assert check(_facts(targets, nn.Sigmoid())) is None
    targets[0] = 1.5
    assert check(_facts(targets, nn.Sigmoid())).severity == "critical"  # one of 64


def test_a_rectifier_that_reaches_the_targets_is_a_warning_until_it_has_learned():
    """Where it is flat there is no gradient."""
    targets = X[:, :1].abs()
    learned = Fixed(lambda x: x[:, :1].abs())

    assert check(_facts(targets, nn.ReLU())).severity == "warning"
    assert check(_facts(targets, nn.ReLU(), valid=(X, targets), model=learned)).severity == "info"
