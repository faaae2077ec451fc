"""Does the model use its inputs? Two copies learn the same batch, one of them blind.

A model that does no better than one that sees nothing has a fault before any setting is worth tuning.
Source: faults D5 and E6 (the input-independent baseline of practitioners' guides).
"""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from practicum.checks.doubles import own_loss, same_draws
from practicum.checks.loss_kind import Loss
from practicum.core.errors import ConfigError
from practicum.core.finding import Finding
from practicum.optim.rules.adaptive import ADAM
from practicum.optim.rules.rule import Numbers, column_like

NUM_STEPS = 200
"""Updates of each copy."""

LEARNING_RATES = (3e-3, 3e-2, 3e-4)
"""Of Adam, tried in turn until seeing helps: a few weights must go far, a deep net must not diverge."""

CLEARLY = 0.97
"""Of the blind copy's loss, beneath which the seeing one must end: more would blame weak signals and small models."""

SAME = 0.995
"""The same, above which seeing did nothing at all."""

SETTLED = 10
"""Last steps over which a loss is averaged."""


@dataclass(frozen=True, slots=True)
class InputsUsed:
    """What two copies reached on the same batch.

    Attributes:
        start: loss before the first update.
        seeing: loss at the end, of the copy that got the inputs.
        blind: loss at the end, of the copy that got the same row for all examples.
        finding: where seeing was no help; None where it was.
    """

    start: float
    seeing: float
    blind: float
    finding: Finding | None

    @property
    def text(self) -> str:
        """One sentence, or the finding."""
        if self.finding is not None:
            return self.finding.text
        numbers = f"the loss of this batch fell to {self.seeing:.3g}, without them to {self.blind:.3g}"
        return f"The inputs are used: {numbers}."


def check_inputs_used(
    model: nn.Module, loss: Loss, inputs: Any, targets: Any, *, num_steps: int = NUM_STEPS, seed: int = 0
) -> InputsUsed:
    """Return how far a batch can be learnt with its inputs and without them.

    Without: every example gets the row of the first. That learning the batch by heart is possible says nothing about
    new examples; that it is not says much.

    Args:
        model: two copies of it are trained, in its mode, training or evaluation.
        loss: of the model's output and ``targets``, a scalar.
        inputs: what the model takes: a tensor, or a tuple of arguments; the first axis is the examples'.
        targets: as the loss takes them.
        num_steps: updates of each copy, at each rate.
        seed: of what the model draws.

    Raises:
        ConfigError: if ``num_steps`` is smaller than 10 or the model has nothing to train.

    Source:
        Faults D5, A10, E6.

    Example:
        >>> x = torch.linspace(-1, 1, 32)[:, None]
        >>> check_inputs_used(nn.Linear(1, 1), nn.functional.mse_loss, x, 2 * x).finding is None
        True
    """
    if num_steps < SETTLED:
        raise ConfigError(
            f"`num_steps` must be ≥ {SETTLED}, but got num_steps={num_steps}. Leave it out for {NUM_STEPS}.",
            num_steps=num_steps,
        )
    if not any(one.requires_grad for one in model.parameters()):
        raise ConfigError(
            "`model` must have parameters that require a gradient, but got none. Look for frozen ones.",
        )
    arguments = inputs if isinstance(inputs, tuple) else (inputs,)
    size = next((len(one) for one in arguments if isinstance(one, Tensor) and one.dim()), 0)
    unseen = tuple(_same_rows(one, size) for one in arguments)
    found = []
    for learning_rate in LEARNING_RATES:
        seeing = _losses(model, loss, arguments, targets, num_steps, learning_rate, seed)
        blind = _losses(model, loss, unseen, targets, num_steps, learning_rate, seed)
        end, blind_end = (sum(losses[-SETTLED:]) / SETTLED for losses in (seeing, blind))
        found.append(InputsUsed(seeing[0], end, blind_end, _finding(end, blind_end, size)))
        if found[-1].finding is None:
            return found[-1]
    return found[0]


def _same_rows(value: Any, size: int) -> Any:
    """Return a batch in which all examples are the same."""
    if not isinstance(value, Tensor) or not value.dim() or len(value) != size:
        return value
    return value[:1].expand_as(value).clone()


def _losses(
    model: nn.Module,
    loss: Loss,
    arguments: tuple[Any, ...],
    targets: Any,
    num_steps: int,
    learning_rate: float,
    seed: int,
) -> list[float]:
    """Return the loss before each update of a copy."""
    double = copy.deepcopy(model)
    own = own_loss(loss)
    trainable = [one for one in double.parameters() if one.requires_grad]
    # Our own rule: PyTorch's would import seconds' worth of its compiler on first use.
    blocks = [
        (one.data[None], ADAM.init(one.data[None]), _numbers(one.data[None], learning_rate))
        for one in trainable
    ]
    found = []
    with torch.enable_grad(), same_draws(seed):
        for _ in range(num_steps):
            value = own(
                double(*(one.clone() if isinstance(one, Tensor) else one for one in arguments)), targets
            )
            found.append(float(value.detach()))
            if not value.requires_grad:
                continue
            gradients = torch.autograd.grad(value, trainable, allow_unused=True)
            for (block, state, numbers), gradient in zip(blocks, gradients, strict=True):
                if gradient is not None:
                    numbers.step += 1
                    ADAM.update_(block, gradient.clone()[None], state, numbers)
    return found


def _numbers(block: Tensor, learning_rate: float) -> Numbers:
    """Return the numbers of Adam for one block, before the first step."""
    column = column_like(block)
    exact = column.double()
    return Numbers(
        learning_rate=column + learning_rate,
        momentum=column,
        first_decay=exact + 0.9,
        second_decay=exact + 0.999,
        stabiliser=exact + 1e-8,
        decoupled_decay=exact,
        step=0,
    )


def _finding(seeing: float, blind: float, size: int) -> Finding | None:
    """Return fault E6 where seeing did not help."""
    if math.isfinite(seeing) and (seeing < CLEARLY * blind if blind > 0 else seeing < blind - (1 - CLEARLY)):
        return None
    return Finding(
        "inputs-used",
        "critical" if not seeing < SAME * blind else "warning",
        (("A10", 0.4), ("A6", 0.2), ("E6", 0.2), ("D5", 0.1)),
        f"With its inputs the model learnt these {size} examples to a loss of {seeing:.3g}, without to {blind:.3g}.",
        "Look for inputs that never reach the output, dead or saturated units, a learning signal that is cut off, "
        "and inputs that are all the same.",
        "fault-E6",
    )
