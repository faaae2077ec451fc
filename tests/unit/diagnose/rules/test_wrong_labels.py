"""Facts about the rule of wrong labels."""

import torch
from tests.made_rows import Fixed, drawn, facts_of, normal
from torch import nn

from practicum.diagnose.rules.wrong_labels import check

X, V = normal(300, 3), normal(200, 3, seed=1)


def _labels(x, flipped, seed):
    y = (x[:, 0] > 0).long()
    return torch.where(torch.rand(len(y), generator=drawn(seed)) < flipped, 1 - y, y)


def _check(flipped, valid_flipped=None, noise=0.0):
    valid = flipped if valid_flipped is None else valid_flipped
    model = Fixed(lambda x: 4 * torch.stack([-x[:, 0], x[:, 0]], 1))
    shift = noise * torch.stack([normal(len(X), seed=5), *[torch.zeros(len(X))] * 2], 1)
    shift_v = noise * torch.stack([normal(len(V), seed=6), *[torch.zeros(len(V))] * 2], 1)
    train = (X, _labels(X + shift, flipped, 2))
    return check(
        facts_of(train, (V, _labels(V + shift_v, valid, 3)), model=model, loss_fn=nn.CrossEntropyLoss())
    )


def test_a_quarter_of_flipped_labels_is_told():
    """Network and forest are contradicted where they are surest."""
    found = _check(0.25)

    assert "have another label" in found.text
    assert found.causes[0][0] == "D6"
    assert _check(0.15).causes is None  # where the task is easy, the rule's own, surer


def test_clean_labels_are_silent():
    """Nothing contradicts."""
    assert _check(0.0) is None


def test_two_in_a_hundred_are_silent():
    """Below what is looked for."""
    assert _check(0.02) is None


def test_classes_that_overlap_are_not_wrong_labels():
    """Where the network is surest it is right."""
    assert _check(0.0, noise=0.7) is None


def test_a_validation_set_coded_otherwise_is_another_fault():
    """Training labels agree with a forest."""
    assert _check(0.0, valid_flipped=0.3) is None
