"""Facts about copies trained by two losses."""

import torch
from tests.made_rows import facts_of, normal
from torch import nn

from practicum.diagnose.derived.loss_trial import loss_trial, usual_loss

X = normal(120, 3)


def _facts(y, loss_fn, outputs=1):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(3, 16), nn.ReLU(), nn.Linear(16, outputs))
    return facts_of((X, y), model=model, loss_fn=loss_fn)


def _odd(output, target):
    return (output + target).pow(4).mean()


def test_what_is_usual_is_told_by_outputs_and_targets():
    """Where the loop has another."""
    assert usual_loss(_facts(X[:, :1], _odd)) == "squared error"
    assert usual_loss(_facts((X[:, :1] > 0).float(), _odd)) == "binary cross-entropy"
    classes = _facts((X[:, 0] > 0).long(), lambda o, t: (o.argmax(1) - t).float().mean() + o.mean(), 2)
    assert usual_loss(classes) == "cross-entropy"


def test_usual_losses_are_left_alone():
    """Nothing is trained."""
    assert usual_loss(_facts(X[:, :1], nn.HuberLoss())) is None
    assert loss_trial(_facts(X[:, :1], nn.L1Loss())) is None


def test_the_better_loss_wins():
    """Minus the target is not the target."""
    trial = loss_trial(_facts(X[:, :1], _odd))

    assert trial.usual < 0.5 * trial.given
    assert trial.given - trial.usual > 3 * trial.standard_error


def test_the_network_itself_is_not_touched():
    """Nor is its copy from the start."""
    facts = _facts(X[:, :1], _odd)
    before = [one.clone() for one in facts.trained.start.parameters()]
    loss_trial(facts)

    for one, other in zip(before, facts.trained.start.parameters(), strict=True):
        torch.testing.assert_close(one, other.detach(), rtol=0, atol=0)
