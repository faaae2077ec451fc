"""Facts about listening to a forward pass."""

import torch
from torch import nn
from torch.nn import functional as F

from practicum.monitor.calls import Calls


class Bare(nn.Module):
    """Uses functions instead of modules."""

    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Linear(3, 4), nn.Linear(4, 2)

    def forward(self, x):
        return self.last(F.relu(self.first(x)).tanh())


def test_functions_are_heard_like_modules():
    """In their order, whichever way they are called."""
    heard = []
    with Calls(lambda kind, *_: heard.append(kind)):
        Bare()(torch.ones(2, 3))

    assert heard == ["linear", "relu", "tanh", "linear"]


def test_the_numbers_are_the_same_bits():
    """Listening changes nothing."""
    model, x = Bare(), torch.ones(2, 3)
    plain = model(x)
    with Calls(lambda *_: None):
        heard = model(x)

    assert torch.equal(plain, heard)
