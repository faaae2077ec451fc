"""The lowest loss that outputs could give."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from practicum.checks.free_outputs import groups_of, indistinct_rows, lowest_loss

DOUBLE = torch.float64


def entropy(counts):
    """Return the entropy of shares in nats."""
    total = sum(counts)
    return -sum(one / total * math.log(one / total) for one in counts if one)


@settings(max_examples=15)
@given(labels=st.lists(st.integers(0, 2), min_size=2, max_size=12))
def test_the_best_constant_of_classes_has_the_entropy_of_the_labels(labels):
    """From logits, log-probabilities and probabilities alike."""
    y = torch.tensor(labels)
    expected = entropy([labels.count(k) for k in range(3)])
    logits = torch.randn(len(y), 3, dtype=DOUBLE, generator=torch.Generator().manual_seed(0))
    one_for_all = [0] * len(y)
    ways = [
        (F.cross_entropy, logits),
        (F.nll_loss, logits.log_softmax(1)),
        (lambda p, t: F.nll_loss(p.clamp_min(1e-300).log(), t), logits.softmax(1)),
    ]

    for loss, output in ways:
        assert lowest_loss(loss, output, y, one_for_all) == pytest.approx(expected, abs=2e-4)


def test_the_best_constant_of_numbers_has_their_variance():
    """Each column its own."""
    y = torch.randn(20, 2, dtype=DOUBLE, generator=torch.Generator().manual_seed(0))

    assert lowest_loss(F.mse_loss, 0 * y, y, [0] * 20) == pytest.approx(float(y.var(0, correction=0).mean()))


def test_rows_of_their_own_can_have_their_targets():
    """Nothing remains of squares; of labels that are smoothed, their entropy does."""
    y = torch.tensor([0, 1, 1])
    smoothed = lowest_loss(
        lambda out, t: F.cross_entropy(out, t, label_smoothing=0.2),
        torch.zeros(3, 2, dtype=DOUBLE),
        y,
        [0, 1, 2],
    )

    assert lowest_loss(F.mse_loss, torch.zeros(3, dtype=DOUBLE), y.double(), [0, 1, 2]) == pytest.approx(0.0)
    assert smoothed == pytest.approx(entropy([9, 1]), abs=1e-6)


def test_what_cannot_be_told_is_not():
    """Outputs that are no tensor or have no rows; a loss that refuses free numbers, or has no bottom."""
    y = torch.tensor([0, 1])
    zeros = torch.zeros(2, 2, dtype=DOUBLE)

    assert lowest_loss(F.cross_entropy, (zeros,), y, [0, 0]) is None
    assert lowest_loss(F.cross_entropy, zeros.sum(), y, [0, 0]) is None
    assert lowest_loss(F.cross_entropy, zeros[:1], y, [0, 0]) is None
    assert lowest_loss(F.nll_loss, zeros + 3, y, [0, 0]) is None
    assert lowest_loss(lambda out, t: F.binary_cross_entropy(out - 5, t), zeros, zeros, [0, 0]) is None


def test_rows_are_the_same_if_all_tensors_are():
    """Zeros of either sign are one; what has no rows does not tell rows apart."""
    x = torch.tensor([[0.0, 1.0], [-0.0, 1.0], [0.0, 2.0], [0.0, 1.0]])
    other = torch.tensor([1, 1, 1, 2])

    assert groups_of(x, 4) == [0, 0, 1, 0]
    assert groups_of((x, {"a": [other]}, torch.ones(2), "word"), 4) == [0, 0, 1, 2]


def test_rows_with_other_targets_cannot_be_told_apart():
    """All of their group count; those that agree do not."""
    x = torch.tensor([1.0, 1.0, 1.0, 2.0, 2.0, 3.0])

    assert indistinct_rows(x, torch.tensor([0, 0, 1, 1, 1, 0]), 6) == 3
    assert indistinct_rows(x, torch.tensor([0, 0, 0, 1, 1, 0]), 6) == 0
