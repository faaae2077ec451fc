"""Which loss it is, by name and by value."""

import functools

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from practicum.checks.loss_kind import declared_kind, loss_kind, value_of

OUT, CLASSES, BITS = torch.randn(6, 3), torch.tensor([0, 1, 2, 0, 1, 2]), torch.eye(6)[:, :3]


@pytest.mark.parametrize(
    ("loss", "kind"),
    [
        (nn.CrossEntropyLoss(label_smoothing=0.1), "cross-entropy"),
        (F.nll_loss, "nll"),
        (functools.partial(functools.partial(F.mse_loss), reduction="sum"), "squared"),
        (nn.SmoothL1Loss(), "huber"),
        (lambda a, b: 1.0 * F.mse_loss(a, b), None),
    ],
)
def test_a_class_a_function_or_a_part_of_it_says_what_it_is(loss, kind):
    """One's own functions say nothing."""
    assert declared_kind(loss) == kind


@pytest.mark.parametrize(
    ("loss", "targets", "kind"),
    [
        (lambda o, t: 1.0 * F.cross_entropy(o, t), CLASSES, "cross-entropy"),
        (lambda o, t: 3 * F.cross_entropy(o, t, reduction="sum"), CLASSES, "cross-entropy"),
        (lambda o, t: -o.gather(1, t[:, None]).mean(), CLASSES, "nll"),
        (lambda o, t: 1.0 * F.binary_cross_entropy_with_logits(o, t), BITS, "binary-logits"),
        (lambda o, t: 1.0 * F.binary_cross_entropy(o, t), BITS, "binary"),
        (lambda o, t: ((o - t) ** 2).mean() / 2, BITS, "squared"),
        (lambda o, t: (o - t).abs().sum(), BITS, "absolute"),
        (lambda o, t: ((o - t) ** 4).mean(), BITS, None),
        (lambda o, t: -1.0 * F.mse_loss(o, t), BITS, None),
        (lambda o, t: (o * 0).sum(), BITS, None),
    ],
)
def test_ones_own_function_is_known_by_its_values(loss, targets, kind):
    """Up to a positive factor."""
    assert loss_kind(loss, OUT, targets) == kind


def test_of_one_column_it_is_no_cross_entropy():
    """That is 0 whatever the outputs are, and so in proportion to anything."""
    assert loss_kind(lambda o, t: ((o - t) ** 2).sum(), torch.ones(4, 1), torch.ones(4, 1)) == "squared"


def test_what_cannot_be_computed_has_no_value():
    """Nor does it warn."""
    assert value_of(F.cross_entropy, OUT, torch.tensor([7] * 6)) is None
    assert value_of(F.mse_loss, torch.ones(4, 1), torch.ones(4)) == 0
