"""Facts about what lies inside wrappers."""

import torch
from torch import nn

from practicum.monitor.bare import bare_model, bare_optimizer, called_model, rank


class Wrapper(torch.optim.Optimizer):
    """Forwards to another optimiser, as accelerate's does."""

    def __init__(self, optimizer):
        self.optimizer = optimizer


def test_a_compiled_model_has_a_model_inside_but_is_called_itself():
    model = nn.Linear(2, 1)
    compiled = torch.compile(model, backend="eager")

    assert bare_model(compiled) is model
    assert called_model(compiled) is compiled


def test_data_parallelism_is_taken_off():
    model = nn.Linear(2, 1)

    assert bare_model(nn.DataParallel(model)) is model
    assert bare_model(torch.compile(nn.DataParallel(model), backend="eager")) is model


def test_a_plain_model_is_itself():
    model = nn.Sequential(nn.Linear(2, 1))

    assert bare_model(model) is model
    assert called_model(model) is model


def test_optimisers_are_taken_out_of_wrappers():
    optimizer = torch.optim.SGD(nn.Linear(2, 1).parameters())

    assert bare_optimizer(Wrapper(Wrapper(optimizer))) is optimizer
    assert bare_optimizer(optimizer) is optimizer


def test_alone_a_process_has_rank_0():
    assert rank() == 0
