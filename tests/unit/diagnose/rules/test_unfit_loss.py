"""Facts about the rule of a loss that does not fit the targets."""

import torch
from tests.made_rows import facts_of, normal
from torch import nn
from torch.nn import functional as F

from practicum.diagnose.rules.unfit_loss import check

X, V = normal(200, 3), normal(100, 3, seed=1)


def _labels(x):
    return (x[:, 0] > 0).long() + (x[:, 1] > 0).long()


def _facts(loss_fn):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(3, 16), nn.ReLU(), nn.Linear(16, 3))
    return facts_of((X, _labels(X)), (V, _labels(V)), model=model, loss_fn=loss_fn)


def _wrong_way(output, target):
    return (output.softmax(1) * F.one_hot(target, 3)).sum(1).mean()


def _focal(output, target):
    loss = F.cross_entropy(output, target, reduction="none")
    return ((1 - torch.exp(-loss)) * loss).mean()


def test_a_loss_that_teaches_nothing_loses_against_cross_entropy():
    """Two copies are trained for a moment."""
    assert "cross-entropy lead to an error" in check(_facts(_wrong_way)).text


def test_the_usual_loss_is_not_even_tried():
    """Nothing is trained."""
    assert check(_facts(nn.CrossEntropyLoss())) is None


def test_an_unusual_loss_that_teaches_as_well_is_silent():
    """It wins nothing by much."""
    assert check(_facts(_focal)) is None
