"""Does the loss fit outputs and targets: planted misfits are found, fits are not blamed."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from practicum.checks.loss_fit import are_probabilities, check_loss_fit

torch.manual_seed(0)
LOGITS, CLASSES = torch.randn(24, 3), torch.arange(24) % 3
ONE, BITS = torch.randn(24, 1), (torch.arange(24) % 2).float()[:, None]
NUMBERS = torch.randn(24, 1)
PROBABILITIES = LOGITS.softmax(1)


def own_cross_entropy(output, target):
    """Return what no name gives away: logits with a margin, weighted."""
    return F.cross_entropy(output - F.one_hot(target, 3), target, weight=torch.tensor([1.0, 2.0, 3.0]))


@pytest.mark.parametrize(
    ("loss", "output", "targets", "unit", "fault"),
    [
        (nn.CrossEntropyLoss(), PROBABILITIES, CLASSES, None, "L1"),
        (lambda o, t: 1.0 * F.cross_entropy(o, t), PROBABILITIES, CLASSES, None, "L1"),
        (own_cross_entropy, PROBABILITIES, CLASSES, None, "L1"),
        (nn.BCEWithLogitsLoss(), ONE.sigmoid(), BITS, "Sigmoid", "L1"),
        (lambda o, t: 1.0 * F.binary_cross_entropy_with_logits(o, t), ONE.sigmoid(), BITS, "Sigmoid", "L1"),
        (nn.BCEWithLogitsLoss(), ONE, BITS + 1, None, "L2"),
        (nn.BCELoss(), ONE, BITS, None, "L2"),
        (nn.CrossEntropyLoss(), LOGITS, CLASSES + 1, None, "L2"),
        (nn.CrossEntropyLoss(), ONE, BITS[:, 0].long(), None, "L2"),
        (nn.CrossEntropyLoss(), LOGITS, NUMBERS[:, 0], None, "L2"),
        (nn.MSELoss(), ONE, CLASSES[:, None], None, "L2"),
        (nn.HingeEmbeddingLoss(), ONE, BITS, None, "L2"),
        (nn.PoissonNLLLoss(), ONE, NUMBERS, None, "L2"),
        (nn.MSELoss(reduction="sum"), NUMBERS + 1, NUMBERS, None, "L5"),
        (lambda o, t: F.cross_entropy(o, t, reduction="sum"), LOGITS, CLASSES, None, "L5"),
        (nn.NLLLoss(), PROBABILITIES, CLASSES, None, "L6"),
        (nn.NLLLoss(), LOGITS, CLASSES, None, "L6"),
        (lambda o, t: ((o - t) ** 2).mean().sub(9).log(), NUMBERS, NUMBERS, None, "L6"),
        (lambda o, t: (o.clamp_min(1e-9) * o.log()).mean(), PROBABILITIES, CLASSES, None, "L6"),
        (nn.MSELoss(), NUMBERS, NUMBERS[:, 0], None, "L7"),
        (nn.L1Loss(), NUMBERS[:, 0], NUMBERS, None, "L7"),
        (lambda o, t: ((o - t) ** 4).mean(), NUMBERS, NUMBERS[:, 0], None, "L7"),
    ],
)
def test_a_planted_misfit_is_found(loss, output, targets, unit, fault):
    """One fault, one finding."""
    found = check_loss_fit(loss, output, targets, unit)

    assert [one.causes[0][0] for one in found] == [fault]
    assert found[0].severity in ("warning", "critical")


@pytest.mark.parametrize(
    ("loss", "output", "targets", "unit"),
    [
        (nn.HingeEmbeddingLoss(), ONE, 2 * BITS - 1, None),
        (nn.PoissonNLLLoss(), ONE, BITS, None),
        (nn.CrossEntropyLoss(), LOGITS, CLASSES, None),
        (nn.CrossEntropyLoss(), LOGITS, PROBABILITIES, None),
        (nn.CrossEntropyLoss(), LOGITS, CLASSES.masked_fill(CLASSES == 2, -100), None),
        (nn.CrossEntropyLoss(), LOGITS.log_softmax(1), CLASSES, "LogSoftmax"),
        (own_cross_entropy, LOGITS, CLASSES, None),
        (nn.NLLLoss(), LOGITS.log_softmax(1), CLASSES, "LogSoftmax"),
        (nn.BCEWithLogitsLoss(), ONE.abs().clamp(0.1, 0.9), BITS, None),
        (nn.BCELoss(), ONE.sigmoid(), BITS, "Sigmoid"),
        (nn.MSELoss(), PROBABILITIES, PROBABILITIES.flip(0), "Softmax"),
        (nn.MSELoss(), NUMBERS, NUMBERS, None),
        (nn.MSELoss(), NUMBERS, torch.arange(24)[:, None], None),
        (nn.MSELoss(), NUMBERS, (torch.arange(24) * 2 // 3)[:, None], None),
        (nn.L1Loss(), NUMBERS, BITS, None),
        (lambda o, t: ((o.flatten() - t.flatten()) ** 4).mean(), NUMBERS, NUMBERS[:, 0], None),
        (lambda o, t: ((o.flatten() - t) ** 4).mean(), NUMBERS, NUMBERS[:, 0], None),
        (lambda o, t: ((o.squeeze(1) - t) ** 4).mean(), NUMBERS, NUMBERS[:, 0], None),
        (lambda o, t: -o.gather(1, t[:, None]).log().mean(), PROBABILITIES, CLASSES, "Softmax"),
        (lambda o, t: o.mean() + t["a"], NUMBERS, {"a": 1.0}, None),
    ],
)
def test_a_loss_that_fits_is_not_blamed(loss, output, targets, unit):
    """Probabilities where they belong, ignored targets, losses of one's own."""
    assert check_loss_fit(loss, output, targets, unit) == ()


def test_the_floor_of_a_loss_of_probabilities_is_told():
    """With K classes, log(1 + (K − 1) / e) [L1]."""
    (found,) = check_loss_fit(nn.CrossEntropyLoss(), torch.eye(3)[CLASSES], CLASSES)

    assert F.cross_entropy(torch.eye(3)[CLASSES], CLASSES).item() == pytest.approx(0.551, abs=5e-4)
    assert "below 0.551 so" in found.evidence


def test_rows_of_probabilities_are_not_negative_and_sum_to_one():
    """Along the axis of classes; one column is none."""
    assert are_probabilities(PROBABILITIES)
    assert are_probabilities(torch.randn(2, 3, 4).softmax(1))
    assert not are_probabilities(torch.tensor([[1.5, -0.5]]))
    assert not are_probabilities(PROBABILITIES * 1.01)
    assert not are_probabilities(torch.ones(3, 1))
