"""How wide the network is: units of hidden layers, read off the weights that take their outputs."""

from __future__ import annotations

from dataclasses import dataclass

from torch import nn

from practicum.diagnose.derived.kept import kept
from practicum.monitor.facts import Facts


@dataclass(frozen=True, slots=True)
class Width:
    """One hidden layer.

    Attributes:
        name: of the module.
        num_inputs: that it is given: columns, or channels times the kernel's places.
        num_units: of its output.
    """

    name: str
    num_inputs: int
    num_units: int


@kept
def widths_of(facts: Facts) -> tuple[Width, ...]:
    """Return the widths of linear, convolutional and recurrent layers in the order of the model, the last left out."""
    model = facts.trained.model if facts.trained else None
    if model is None:
        return ()
    found = [one for name, module in model.named_modules() if (one := _width(name, module)) is not None]
    return tuple(found[:-1])


@kept
def narrowest(facts: Facts) -> Width | None:
    """Return the narrowest hidden layer, or None."""
    return min(widths_of(facts), key=lambda one: one.num_units, default=None)


def _width(name: str, module: nn.Module) -> Width | None:
    if isinstance(module, nn.Linear):
        return Width(name, module.in_features, module.out_features)
    if isinstance(module, nn.Conv1d | nn.Conv2d | nn.Conv3d):
        return Width(name, module.weight[0].numel(), module.out_channels)
    if isinstance(module, nn.RNNBase):
        return Width(name, module.input_size, module.hidden_size * (2 if module.bidirectional else 1))
    return None


def has_recurrence(facts: Facts) -> bool:
    """Return whether a part of the network is recurrent."""
    model = facts.trained.model if facts.trained else None
    return model is not None and any(isinstance(one, nn.RNNBase) for one in model.modules())
