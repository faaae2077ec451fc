"""Facts about plain operations in the place of fused ones: torch's own are the twin."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from tests.oracles.modules import draw
from torch import nn

from practicum.training.lift.plain_ops import CLASS_LOSSES, attention, gru_cell, lstm_cell, takes_classes

Q, K, V = (draw((2, 4, 5, 3), f"attention/{name}").double() for name in "qkv")
LOOKS = torch.ones(5, 5, dtype=torch.bool).tril()
LOOKS[0] = False


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"is_causal": True},
        {"scale": 0.3},
        {"attn_mask": LOOKS},
        {"attn_mask": torch.zeros(5, 5).double().masked_fill(~LOOKS, -torch.inf)},
        {"attn_mask": draw((2, 1, 5, 5), "attention/mask").double()},
    ],
    ids=["plain", "causal", "scale", "boolean", "minus infinity", "float"],
)
def test_attention_is_torchs(options):
    """Masks of all kinds; who may look nowhere sees zeros."""
    found = attention(lambda weights, rate: weights, Q, K, V, **options)

    torch.testing.assert_close(found, F.scaled_dot_product_attention(Q, K, V, **options))


def test_grouped_attention_is_torchs():
    """Two heads of keys serve four of queries."""
    found = attention(lambda weights, rate: weights, Q, K[:, :2], V[:, :2], enable_gqa=True)

    torch.testing.assert_close(found, F.scaled_dot_product_attention(Q, K[:, :2], V[:, :2], enable_gqa=True))


def test_attention_weights_are_dropped_by_what_is_given():
    """It gets the weights and the rate."""
    seen = []
    attention(lambda weights, rate: seen.append((weights.shape, rate)) or weights, Q, K, V, dropout_p=0.25)

    assert seen == [((2, 4, 5, 5), 0.25)]


@pytest.mark.parametrize("bias", [True, False])
def test_the_gated_cell_is_torchs(bias):
    """One step from a state."""
    cell, x, h = nn.GRUCell(3, 4, bias=bias), draw((5, 3), "cell/x"), draw((5, 4), "cell/h")
    found = gru_cell(x, h, *cell.parameters())

    torch.testing.assert_close(found, cell(x, h))


@pytest.mark.parametrize("bias", [True, False])
def test_the_memory_cell_is_torchs(bias):
    """One step from a state and a memory."""
    cell, x, h = nn.LSTMCell(3, 4, bias=bias), draw((5, 3), "cell/x"), draw((5, 4), "cell/h")
    found = lstm_cell(x, (h, h.sin()), *cell.parameters())

    torch.testing.assert_close(found, cell(x, (h, h.sin())))


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"reduction": "none"},
        {"reduction": "sum"},
        {"ignore_index": 1},
        {"ignore_index": 1, "reduction": "none"},
        {"label_smoothing": 0.2},
        {"label_smoothing": 0.2, "ignore_index": 1},
    ],
)
@pytest.mark.parametrize("shape", [(6, 4), (6, 4, 2), (4,)])
def test_cross_entropy_is_torchs(shape, options):
    """All reductions, axes after the classes, classes that do not count."""
    logits = draw(shape, "classes").double()
    target = torch.arange(logits.numel() // 4).view(shape[:1] * (len(shape) > 1) + shape[2:]) % 4
    found = CLASS_LOSSES[F.cross_entropy](logits, target, weight=None, **options)

    torch.testing.assert_close(found, F.cross_entropy(logits, target, **options))


def test_negative_log_likelihood_is_torchs():
    """It takes log-probabilities."""
    logs, target = draw((6, 4), "classes").log_softmax(1), torch.arange(6) % 4
    found = CLASS_LOSSES[F.nll_loss](logs, target, weight=None, reduction="none")

    torch.testing.assert_close(found, F.nll_loss(logs, target, reduction="none"))


@pytest.mark.parametrize(
    ("target", "options", "known"),
    [
        (torch.tensor([0]), {"weight": None, "ignore_index": -100}, True),
        (torch.tensor([0]), {"weight": torch.ones(2)}, False),
        (torch.tensor([[0.5, 0.5]]), {}, False),
    ],
)
def test_only_known_calls_are_taken(target, options, known):
    """Class weights and probabilities as targets are left to torch."""
    assert takes_classes(torch.zeros(1, 2), target, **options) is known
