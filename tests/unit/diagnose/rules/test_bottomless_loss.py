"""Facts about the rule of a loss without a bottom."""

import torch
from tests.made_rows import facts_of, normal
from torch import nn

from practicum.diagnose.rules.bottomless_loss import check

X = normal(64, 3)
NUMBERS = X[:, :1]
YES = (NUMBERS > 0).float()


def _facts(y, loss_fn, *end):
    torch.manual_seed(0)
    return facts_of((X, y), model=nn.Sequential(nn.Linear(3, 1), *end), loss_fn=loss_fn)


def test_the_log_of_the_error_has_no_bottom():
    """It is minus infinity where outputs are right."""
    seen = check(_facts(NUMBERS, lambda output, target: (output - target).abs().log().mean()))

    assert "no lowest value" in seen.text


def test_a_mean_output_as_loss_falls_without_end():
    """The sign of each output says how."""
    seen = check(_facts(YES, lambda output, target: -(target * output + (1 - target) * (1 - output)).mean()))

    assert "falls without end" in seen.text


def test_losses_with_a_bottom_are_silent():
    """Usual ones, and one's own."""
    assert check(_facts(NUMBERS, nn.MSELoss())) is None
    assert check(_facts(NUMBERS, lambda output, target: (output - target).abs().sqrt().mean())) is None


def test_probabilities_cannot_go_without_end():
    """Whatever the loss would do beyond."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(3, 2), nn.Softmax(1))
    facts = facts_of(
        (X, torch.arange(64) % 2), model=model, loss_fn=lambda p, y: -p.gather(1, y[:, None]).mean()
    )

    assert check(facts) is None
