"""Facts about the rule of rare classes."""

import pytest
import torch
from tests.made_rows import Fixed, facts_of, normal
from torch import nn

from practicum.diagnose.rules.rare_classes import check


def _rows(rare, common=200, seed=0):
    x = normal(rare + common, 2, seed=seed)
    y = (torch.arange(rare + common) < rare).long()
    x[:, 0] = 2.0 * y - 1
    return x, y


def _check(rare, valid_rare, function):
    model = Fixed(function)
    return check(
        facts_of(
            _rows(rare), _rows(valid_rare, seed=1), model=model, loss_fn=nn.CrossEntropyLoss(), batch_size=64
        )
    )


def _never(x):
    return torch.stack([torch.ones(len(x)), torch.zeros(len(x))], 1)


def _right(x):
    return torch.stack([-x[:, 0], x[:, 0]], 1)


def test_a_rare_class_that_is_never_named_is_a_warning():
    """Ten rows among two hundred."""
    seen = _check(10, 8, _never)

    assert seen.severity == "warning"
    assert "0% are recognised, of others 100%" in seen.text


def test_a_rare_class_that_is_recognised_is_worth_knowing():
    """It does no harm."""
    assert _check(10, 8, _right).severity == "info"


@pytest.mark.parametrize("rare", [20, 100])
def test_classes_within_a_factor_of_ten_are_silent(rare):
    """Even if they are given up: that is another fault."""
    assert _check(rare, 8, _never) is None


def test_a_handful_that_validation_does_not_hold_is_a_warning():
    """They can be neither learned nor judged."""
    assert _check(6, 2, _right).severity == "warning"
    assert _check(18, 2, _right).severity == "info"
