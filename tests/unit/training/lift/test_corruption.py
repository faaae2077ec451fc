"""Facts about corrupted inputs of a user's module."""

from __future__ import annotations

import pytest
import torch

from practicum.training.lift.corruption import Corrupting, applied
from practicum.training.lift.noise import Recorder

X = torch.tensor([1.0, 2.0, 3.0, torch.nan])
KEPT, ONES = torch.tensor([True, False, False, False]), torch.tensor([False, True, False, False])


def same(*args, **kwargs):
    """Return what a model was called on."""
    return args, kwargs


@pytest.mark.parametrize(
    ("kind", "noises", "expected"),
    [
        ("masking", (KEPT,), [1, 0, 0, 0]),
        ("salt_and_pepper", (KEPT, ONES), [1, 1, 0, 0]),
        ("gaussian", (torch.tensor([0.5, 0.5, 0.0, 0.0]),), [1.5, 2.5, 3, torch.nan]),
    ],
)
def test_inputs_are_corrupted_by_kind(kind, noises, expected):
    """Set to 0, to 0 or 1, or moved; even what is NaN."""
    assert torch.equal(applied(X, kind, noises).nan_to_num(9), torch.tensor(expected).nan_to_num(9))


def test_every_floating_argument_asks_for_noise_of_its_own():
    """By number of the call and path of the argument; integers stay as they are."""
    recorder = Recorder()
    model = Corrupting(same, "masking", recorder)
    model(X, [X, torch.tensor([1])], mask={"a": X})
    model(X)

    purposes = [request.purpose for request in recorder.requests]
    assert purposes == ["corruption/0/0", "corruption/0/1.0", "corruption/0/mask.a", "corruption/1/0"]


def test_the_batch_itself_stays_clean():
    """The model gets a corrupted copy."""
    batch = X.clone()
    (args, _) = Corrupting(same, "masking", lambda request: (KEPT,))(batch)

    assert args[0][1] == 0
    assert batch[1] == 2
