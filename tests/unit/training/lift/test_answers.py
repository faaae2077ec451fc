"""Facts about answering calls in torch's place."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from tests.oracles.modules import draw
from torch import nn

from practicum.training.lift.answers import Answers
from practicum.training.lift.noise import OwnedRate, Recorder, silent


def twos(request):
    """Answer every request by a mask of twos."""
    return (torch.full(request.shape, 2.0),)


def recorded(function, *args):
    """Return what a call asks for."""
    recorder = Recorder()
    with Answers(recorder, lifted=False):
        function(*args)
    return recorder


X = draw((2, 3, 4, 5), "answers/x")


@pytest.mark.parametrize(
    ("call", "shape"),
    [
        (lambda: F.dropout(X, 0.3), (2, 3, 4, 5)),
        (lambda: F.dropout(input=X, p=0.3), (2, 3, 4, 5)),
        (lambda: torch.dropout(X, 0.3, True), (2, 3, 4, 5)),
        (lambda: nn.Dropout(0.3)(X), (2, 3, 4, 5)),
        (lambda: F.dropout2d(X, 0.3), (2, 3, 1, 1)),
        (lambda: F.dropout1d(X[0], 0.3), (3, 4, 1)),
        (lambda: F.dropout1d(X[0, 0], 0.3), (4, 1)),
        (lambda: F.dropout3d(X, 0.3), (2, 1, 1, 1)),
        (lambda: F.dropout3d(X[None], 0.3), (1, 2, 1, 1, 1)),
    ],
)
def test_dropout_asks_for_a_mask(call, shape):
    """Of every unit, or of every channel."""
    (request,) = recorded(call).requests

    assert (request.kind, request.purpose, request.shape, request.rate) == (
        "dropout",
        "dropout/0",
        shape,
        0.3,
    )


@pytest.mark.parametrize("call", [lambda: F.dropout(X, 0.3, False), lambda: nn.Dropout().eval()(X), X.sin])
def test_what_does_not_train_asks_for_nothing(call):
    """There is no dropout in eval mode."""
    assert recorded(call).requests == []


def test_calls_are_numbered():
    """Each has a stream of its own."""
    requests = recorded(lambda: F.dropout(F.dropout(X))).requests

    assert [request.purpose for request in requests] == ["dropout/0", "dropout/1"]


def test_a_call_by_a_module_names_it():
    """By the rate that it passes on."""
    (request,) = recorded(lambda: F.dropout(X, OwnedRate.of(0.3, "drop"))).requests

    assert request.owner == "drop"


def test_the_mask_is_multiplied():
    """Into a new tensor."""
    with Answers(twos, lifted=False):
        found = F.dropout(X)

    assert torch.equal(found, 2 * X)


def test_the_mask_is_multiplied_in_place():
    """Where torch would write in place."""
    x = X.clone()
    with Answers(twos, lifted=False):
        F.dropout(x, inplace=True)

    assert torch.equal(x, 2 * X)


def test_without_noise_the_input_comes_back():
    """The very same tensor."""
    with Answers(silent, lifted=False):
        assert F.dropout(X) is X


@pytest.mark.parametrize("lifted", [True, False])
def test_it_is_told_whether_there_was_anything_to_answer(lifted):
    """So that later passes can do without."""
    with Answers(silent, lifted=lifted) as idle:
        X.sin()
    with Answers(silent, lifted=lifted) as busy:
        F.scaled_dot_product_attention(X, X, X)

    assert (idle.met, busy.met) == (False, True)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"need_weights": False},
        {"attn_mask": torch.zeros(4, 4).masked_fill(torch.ones(4, 4, dtype=torch.bool).triu(1), -torch.inf)},
        {"key_padding_mask": torch.tensor([[False, False, False, True]] * 2), "need_weights": False},
    ],
    ids=["weights", "no weights", "mask", "padding"],
)
@pytest.mark.parametrize("kind", [{}, {"add_bias_kv": True, "add_zero_attn": True}, {"kdim": 6, "vdim": 6}])
def test_multi_head_attention_is_torchs(options, kind):
    """Lifted, it runs torch's own code on plain operations."""
    module = nn.MultiheadAttention(6, 2, batch_first=True, **kind)
    x = draw((2, 4, 6), "answers/sequence")
    with Answers(silent, lifted=True):
        found = module(x, x, x, **options)

    torch.testing.assert_close(found, module(x, x, x, **options))


@pytest.mark.parametrize("need_weights", [True, False])
def test_multi_head_attention_drops_by_our_masks(need_weights):
    """Its weights are asked for one mask."""
    module, x = (
        nn.MultiheadAttention(6, 2, dropout=0.3, batch_first=True),
        draw((2, 4, 6), "answers/sequence"),
    )
    (request,) = recorded(lambda: module(x, x, x, need_weights=need_weights)).requests

    assert request.rate == 0.3
    assert torch.Size(request.shape).numel() == 2 * 2 * 4 * 4


@pytest.mark.parametrize("lifted", [True, False])
def test_losses_and_cells_give_torchs_numbers(lifted):
    """In plain operations when lifted, else torch's own."""
    cell, x, y = nn.GRUCell(5, 5), X[0, 0], torch.arange(4)
    with Answers(silent, lifted=lifted):
        found = F.cross_entropy(cell(x, x), y)

    torch.testing.assert_close(found, F.cross_entropy(cell(x, x), y))


def test_a_recorder_counts_the_numbers_that_are_made():
    """For an estimate of memory."""
    assert recorded(lambda: X.sin().cos()).num_values == 2 * X.numel()
