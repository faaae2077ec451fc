r"""Schedule-free rules: the parameters that predict are a running mean of those that descend.

Three sequences: z descends, x is the mean of z weighted by the square of the highest rate so far, and the gradient is
taken at :math:`y = (1 - \beta) z + \beta x`. The parameters hold y while training; x predicts. Equal to the package
``schedulefree`` with its defaults r = 0 and weight_lr_power = 2, a warm-up being in the rates.

NOTE[DIFF]: the package keeps y and z, and finds x by dividing by β. We keep x and z: β = 0 works, x costs nothing to
read, and rounding does not build up. Changing the parameters from outside has no lasting effect.

Source: Defazio et al. 2024, "The road less scheduled"; after the chapter.
"""

from __future__ import annotations

import torch
from torch import Tensor

from practicum.optim.rules.rule import Numbers, State, UpdateRule, column_like


def _init(parameter: Tensor) -> State:
    """Return z and x at the first parameters, nothing averaged yet; a rate of zero counts as the smallest number."""
    column = column_like(parameter)
    return {
        "descending": parameter.clone(),
        "average": parameter.clone(),
        "peak_rate": column + torch.finfo(column.dtype).tiny,
        "weight_sum": column,
    }


def _init_adamw(parameter: Tensor) -> State:
    return _init(parameter) | {"mean_square": torch.zeros_like(parameter)}


def _sgd_(parameter: Tensor, gradient: Tensor, state: State, numbers: Numbers) -> None:
    """Do z ← z − ε g; x ← (1 − c) x + c z; y = (1 − β) z + β x."""
    state["descending"].addcmul_(gradient, numbers.learning_rate, value=-1)
    _average_(parameter, state, numbers)


def _adamw_(parameter: Tensor, gradient: Tensor, state: State, numbers: Numbers) -> None:
    """Do v ← β₂ v + (1 − β₂) g²; z ← z − ε (g / (√v̂ + stabiliser) + decay · y); then x and y."""
    squares, scratch, rate = state["mean_square"], numbers.scratch(gradient), numbers.learning_rate
    squares.lerp_(torch.mul(gradient, gradient, out=scratch), numbers.complement("second_decay", gradient))
    _, factor, stabiliser = numbers.corrections(gradient)
    root = torch.sqrt(squares, out=scratch).add_(stabiliser)
    descending = state["descending"]
    descending.addcmul_(gradient.div_(root), rate * factor, value=-1)
    descending.addcmul_(parameter, rate * numbers.constant("decoupled_decay", gradient), value=-1)
    _average_(parameter, state, numbers)


def _average_(parameter: Tensor, state: State, numbers: Numbers) -> None:
    """Move the mean towards z by c = w / Σw, w the square of the highest rate so far, and put y in place.

    Σw is kept in units of w: under a constant rate it counts the updates, exactly.
    """
    peak, total = state["peak_rate"], state["weight_sum"]
    highest = torch.maximum(peak, numbers.learning_rate)
    ratio = peak.div_(highest)
    torch.addcmul(numbers.ones(peak), total.mul_(ratio), ratio, out=total)
    peak.copy_(highest)
    average = state["average"].lerp_(state["descending"], total.reciprocal())
    torch.lerp(state["descending"], average, numbers.constant("first_decay", parameter), out=parameter)


def _predicting(parameter: Tensor, state: State, numbers: Numbers) -> Tensor:
    """Return x."""
    return state["average"]


SCHEDULE_FREE_SGD = UpdateRule("schedule_free_sgd", _init, _sgd_, _predicting)
SCHEDULE_FREE_ADAMW = UpdateRule(
    "schedule_free_adamw",
    _init_adamw,
    _adamw_,
    _predicting,
    second_moment_decay=0.999,
    stabiliser=1e-8,
)
