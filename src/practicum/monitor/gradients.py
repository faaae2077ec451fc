"""Whose gradients were reset, added to and used: the state of a few parameters of each optimiser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from torch import Tensor, nn
from torch.optim import Optimizer

from practicum.monitor.fingerprint import plain


@dataclass(slots=True)
class Watched:
    """One parameter whose gradient is watched.

    Attributes:
        parameter: itself.
        owner: identity of its optimiser.
        used: an update has used the gradient, and it was not reset since.
        tainted: a backward pass has added to a used gradient.
        held: a backward pass has made a gradient that no update has used.
        total: sum of the parameter's numbers when it was last looked at.
    """

    parameter: nn.Parameter
    owner: int
    used: bool = False
    tainted: bool = False
    held: bool = False
    total: float | None = None

    def backward(self) -> bool:
        """Take in that a backward pass is about to add to the gradient; return whether one was thrown away before."""
        clean = not has_gradient(self.parameter)
        thrown = clean and self.held and not self.used
        if clean:
            self.used = self.tainted = False
        elif self.used:
            self.tainted = True
        self.held = True
        return thrown

    def moved(self) -> bool:
        """Return whether the parameter has changed since this was asked before."""
        values = self.parameter.detach()
        exact = values.cpu() if values.device.type == "mps" else values  # which knows no double
        before, self.total = self.total, float(exact.double().sum())
        return before is not None and before != self.total

    def update(self) -> bool:
        """Take in that the optimiser has stepped; return whether by a gradient that should have been reset."""
        stale = self.tainted
        self.used, self.tainted, self.held = True, False, False
        return stale


def has_gradient(parameter: Tensor) -> bool:
    """Return whether a parameter has a gradient other than zero."""
    return parameter.grad is not None and bool(plain(parameter.grad).any())


def parameters_of(optimizer: Optimizer) -> Iterator[nn.Parameter]:
    """Yield all that an optimiser updates."""
    for group in optimizer.param_groups:
        yield from group["params"]
