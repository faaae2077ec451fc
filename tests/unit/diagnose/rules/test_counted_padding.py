"""Facts about the rule of padding that counts."""

import torch
from tests.made_rows import Fixed, drawn, facts_of
from torch import nn

from practicum.diagnose.rules.counted_padding import check


def _check(longest, ignored=-100, pad_target=0):
    lengths = torch.randint(3, 11, (64,), generator=drawn(0))
    x = torch.randint(1, 9, (64, longest), generator=drawn(1))
    y = torch.randint(1, 3, (64, longest), generator=drawn(2))
    outside = torch.arange(longest)[None] >= lengths[:, None]
    x[outside], y[outside] = 0, pad_target
    model = Fixed(lambda x: torch.nn.functional.one_hot(x % 3, 3).float().transpose(1, 2))
    return check(facts_of((x, y), model=model, loss_fn=nn.CrossEntropyLoss(ignore_index=ignored)))


def test_padding_with_a_label_of_its_own_that_counts_is_named():
    """Two thirds of the places."""
    assert "the loss counts them" in _check(20)


def test_padding_that_is_left_out_is_silent():
    """The loss does not change with it."""
    assert _check(20, ignored=0) is None
    assert _check(20, pad_target=-100) is None


def test_a_little_padding_is_silent():
    """Less than a fifth of the places."""
    lengths_nearly_full = _check(4)

    assert lengths_nearly_full is None
