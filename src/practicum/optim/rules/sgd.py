r"""Gradient descent, plain and with momentum, plain or Nesterov's.

The running gradient is a mean, not a sum: :math:`v \leftarrow \mu v + (1 - \mu) g`, so μ does not change the size of a
step where the gradient is steady [3.1-15]. Hence momentum μ at rate ε equals torch's ``SGD(lr=ε(1−μ), momentum=μ)``.

Source: Bengio 2012, 3.1-15 (β = 1 − μ); Nesterov's form after Sutskever et al. 2013.
"""

from __future__ import annotations

import torch
from torch import Tensor

from practicum.optim.rules.rule import Numbers, State, UpdateRule


def _no_state(parameter: Tensor) -> State:
    return {}


def _running_gradient(parameter: Tensor) -> State:
    return {"running_gradient": torch.zeros_like(parameter)}


def _sgd_(parameter: Tensor, gradient: Tensor, state: State, numbers: Numbers) -> None:
    """Do θ ← θ − ε g."""
    parameter.addcmul_(gradient, numbers.learning_rate, value=-1)


def _momentum_(parameter: Tensor, gradient: Tensor, state: State, numbers: Numbers) -> None:
    """Do v ← μ v + (1 − μ) g; θ ← θ − ε v."""
    running = state["running_gradient"]
    torch.lerp(gradient, running, numbers.momentum, out=running)
    parameter.addcmul_(running, numbers.learning_rate, value=-1)


def _nesterov_(parameter: Tensor, gradient: Tensor, state: State, numbers: Numbers) -> None:
    """Do v ← μ v + (1 − μ) g; θ ← θ − ε (μ v + (1 − μ) g)."""
    running = state["running_gradient"]
    torch.lerp(gradient, running, numbers.momentum, out=running)
    torch.lerp(gradient, running, numbers.momentum, out=gradient)
    parameter.addcmul_(gradient, numbers.learning_rate, value=-1)


SGD = UpdateRule("sgd", _no_state, _sgd_)
MOMENTUM = UpdateRule("momentum", _running_gradient, _momentum_)
NESTEROV = UpdateRule("nesterov", _running_gradient, _nesterov_)
