"""Facts about the rule of probabilities where logits are expected."""

import torch
from tests.made_rows import facts_of, normal
from torch import nn

from practicum.core.finding import Finding
from practicum.diagnose.rules.normalised_twice import check

X = normal(64, 3)
Y = (X[:, :1] > 0).float()


def _facts(loss_fn, *more, **named):
    torch.manual_seed(0)
    return facts_of((X, Y), model=nn.Sequential(nn.Linear(3, 1), *more), loss_fn=loss_fn, **named)


def test_a_sigmoid_before_a_loss_of_logits_is_named():
    """The loss takes another."""
    assert check(_facts(nn.BCEWithLogitsLoss(), nn.Sigmoid())).causes[0][0] == "L1"


def test_logits_are_silent():
    """They are what the loss takes."""
    assert check(_facts(nn.BCEWithLogitsLoss())) is None


def test_a_sigmoid_before_a_loss_of_probabilities_is_silent():
    """They are what that one takes."""
    assert check(_facts(nn.BCELoss(), nn.Sigmoid())) is None


def test_what_the_first_steps_told_is_not_said_twice():
    """The loss's own check has it."""
    known = Finding("loss-fit", "critical", (("L1", 0.9),), "e", "a", "s")

    assert check(_facts(nn.BCEWithLogitsLoss(), nn.Sigmoid(), fits=(known,))) is None
