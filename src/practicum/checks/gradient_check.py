"""Is the backward pass right? Gradients against finite differences, and which module's own backward is wrong.

Of each parameter some entries are compared one by one, and all of them together along a random direction, so that a
term that is missing anywhere shows. In double precision, on a copy: the model itself is not touched.
Source: Bengio 2012, 4.1-01 to 4.1-05.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from practicum.checks.criterion import Criterion, Loss
from practicum.checks.derivatives import Derivative, compare
from practicum.checks.differences import EPSILON
from practicum.checks.epsilon_sweep import EpsilonSweep, sweep_epsilon
from practicum.checks.fault_place import modules_at_fault
from practicum.core.errors import ConfigError

NUM_ENTRIES = 8
"""Entries of each parameter that are compared one by one."""


@dataclass(frozen=True, slots=True)
class GradientCheck:
    """What the comparison gave.

    Attributes:
        derivatives: all that were compared, the largest relative difference first.
        modules: names of the modules whose own backward is wrong, innermost; "" is the model itself.
        sweep: how wrong differences are as ε shrinks; None where the gradient is nothing.
    """

    derivatives: tuple[Derivative, ...]
    modules: tuple[str, ...]
    sweep: EpsilonSweep | None = None

    @property
    def wrong(self) -> tuple[Derivative, ...]:
        """Those that differ, the worst first."""
        return tuple(one for one in self.derivatives if one.wrong)

    @property
    def passed(self) -> bool:
        """Whether nothing differs."""
        return not self.wrong and not self.modules

    @property
    def text(self) -> str:
        """One sentence, or two."""
        if self.passed:
            return f"The gradient is right: {len(self.derivatives)} derivatives agree with finite differences [4.1-01]."
        text = "The gradient is wrong [4.1-01]"
        if self.wrong:
            text += (
                f" in {len(self.wrong)} of {len(self.derivatives)} derivatives; worst {self.wrong[0].text}"
            )
        if not self.modules:
            return text + "."
        named = " and ".join(f"`{name}`" if name else "the model itself" for name in self.modules)
        return f"{text}. The mistake is in the backward pass of {named} [4.1-05]."

    def as_mapping(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {
            "num_derivatives": len(self.derivatives),
            "wrong": [one.text for one in self.wrong],
            "modules": list(self.modules),
            "sweep": None if self.sweep is None else self.sweep.as_mapping(),
        }


def check_gradients(
    model: nn.Module,
    loss: Loss,
    inputs: Any,
    targets: Any,
    *,
    epsilon: float = EPSILON,
    num_entries: int = NUM_ENTRIES,
    seed: int = 0,
) -> GradientCheck:
    """Compare a model's gradients with finite differences and name the module that is at fault.

    Args:
        model: in the mode, training or evaluation, in which it is to be checked. A copy in double precision is.
        loss: of the model's output and ``targets``, a scalar.
        inputs: what the model takes: a tensor, or a tuple of arguments.
        targets: as the loss takes them.
        epsilon: the longest step.
        num_entries: entries of each parameter that are compared one by one.
        seed: of the entries, of the directions, and of what the model draws itself, as dropout does.

    Raises:
        ConfigError: if ``epsilon`` or ``num_entries`` is not positive, the loss is no finite scalar, or nothing can be
            differentiated.

    Source:
        Bengio 2012, 4.1-01 to 4.1-05.
        NOTE[DIFF]: central differences where Theano's `verify_grad` takes one side; entries, and a direction.

    Example:
        >>> model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
        >>> x, y = torch.randn(5, 3), torch.randn(5, 1)
        >>> check_gradients(model, nn.functional.mse_loss, x, y).passed
        True
    """
    if not epsilon > 0 or num_entries < 1:
        raise ConfigError(
            f"`epsilon` and `num_entries` must be positive, but got epsilon={epsilon:g}, num_entries={num_entries}. "
            "Leave them out for the usual ones.",
            epsilon=epsilon,
            num_entries=num_entries,
        )
    criterion = Criterion(model, loss, inputs, targets, seed=seed)
    chooser = torch.Generator().manual_seed(seed)
    found = compare(criterion.value, criterion.parameters, epsilon, num_entries, chooser)
    derivatives = sorted(found, key=lambda one: (not one.wrong, -one.relative))
    modules = (
        modules_at_fault(criterion.model, criterion.value, epsilon, seed)
        if any(one.wrong for one in found)
        else ()
    )
    return GradientCheck(tuple(derivatives), modules, sweep_epsilon(criterion))
