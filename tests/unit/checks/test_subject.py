"""Facts about what checks of a model get."""

import torch
from torch import nn

from practicum.checks.subject import Subject


def made(inputs, targets):
    return Subject(nn.Linear(2, 1), nn.functional.mse_loss, inputs, targets, seed=0)


def test_some_rows_of_every_input_and_target():
    x, z, y = torch.arange(20.0).view(10, 2), torch.arange(10), torch.arange(10.0)
    few = made((x, z), y).few(3)

    assert few.num_rows == 3
    assert torch.equal(few.inputs[0], x[:3])
    assert torch.equal(few.inputs[1], z[:3])
    assert torch.equal(few.targets, y[:3])


def test_where_there_are_no_more_it_is_the_same():
    subject = made(torch.ones(4, 2), torch.ones(4))

    assert subject.few(4) is subject
    assert subject.given() == (subject.model, subject.loss, subject.inputs, subject.targets)
