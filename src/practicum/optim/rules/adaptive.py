"""Rules that divide each gradient by its own running size: Adagrad, Adadelta, RMSprop, Adam, AdamW.

Each equals its counterpart in ``torch.optim``, step by step; which operations are joined differs, to save passes over
memory.

Source: Bengio 2012, 6.2-01 and 6.2-06 (adaptive rates); Duchi et al. 2011, Zeiler 2012, Tieleman & Hinton 2012,
Kingma & Ba 2015, Loshchilov & Hutter 2019.
"""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor

from practicum.optim.rules.rule import Numbers, State, UpdateRule


def _zeros(names: tuple[str, ...], parameter: Tensor) -> State:
    """Return a state of zeros of the parameters' shape."""
    return {name: torch.zeros_like(parameter) for name in names}


def _adagrad_(parameter: Tensor, gradient: Tensor, state: State, numbers: Numbers) -> None:
    """Do s ← s + g²; θ ← θ − ε g / (√s + stabiliser)."""
    total = state["sum_of_squares"].addcmul_(gradient, gradient)
    root = torch.sqrt(total, out=numbers.scratch(gradient))
    root.add_(numbers.constant("stabiliser", gradient))
    parameter.addcmul_(gradient.div_(root), numbers.learning_rate, value=-1)


def _adadelta_(parameter: Tensor, gradient: Tensor, state: State, numbers: Numbers) -> None:
    """Do v ← ρ v + (1 − ρ) g²; d = g √((u + stabiliser) / (v + stabiliser)); u ← ρ u + (1 − ρ) d²; θ ← θ − ε d."""
    squares, steps = state["mean_square"], state["mean_square_step"]
    share, stabiliser = (
        numbers.complement("second_decay", gradient),
        numbers.constant("stabiliser", gradient),
    )
    scratch = numbers.scratch(gradient)
    squares.lerp_(torch.mul(gradient, gradient, out=scratch), share)
    gradient.div_(torch.add(squares, stabiliser, out=scratch).sqrt_())
    gradient.mul_(torch.add(steps, stabiliser, out=scratch).sqrt_())
    steps.lerp_(torch.mul(gradient, gradient, out=scratch), share)
    parameter.addcmul_(gradient, numbers.learning_rate, value=-1)


def _rmsprop_(parameter: Tensor, gradient: Tensor, state: State, numbers: Numbers) -> None:
    """Do v ← α v + (1 − α) g²; θ ← θ − ε g / (√v + stabiliser)."""
    squares, scratch = state["mean_square"], numbers.scratch(gradient)
    squares.lerp_(torch.mul(gradient, gradient, out=scratch), numbers.complement("second_decay", gradient))
    root = torch.sqrt(squares, out=scratch).add_(numbers.constant("stabiliser", gradient))
    parameter.addcmul_(gradient.div_(root), numbers.learning_rate, value=-1)


def _adam_(parameter: Tensor, gradient: Tensor, state: State, numbers: Numbers) -> None:
    """Do m ← β₁ m + (1 − β₁) g; v ← β₂ v + (1 − β₂) g²; θ ← θ − ε m̂ / (√v̂ + stabiliser), both means corrected."""
    mean, squares = state["mean_gradient"], state["mean_square"]
    mean.lerp_(gradient, numbers.complement("first_decay", gradient))
    squares.lerp_(gradient.mul_(gradient), numbers.complement("second_decay", gradient))
    factor, _, stabiliser = numbers.corrections(gradient)
    root = torch.sqrt(squares, out=gradient).add_(stabiliser)
    parameter.addcmul_(torch.div(mean, root, out=gradient), numbers.learning_rate * factor, value=-1)


def _adamw_(parameter: Tensor, gradient: Tensor, state: State, numbers: Numbers) -> None:
    """Do θ ← θ (1 − ε · decay), then as adam."""
    decay = numbers.constant("decoupled_decay", gradient)
    parameter.addcmul_(parameter, numbers.learning_rate * decay, value=-1)
    _adam_(parameter, gradient, state, numbers)


_SQUARES, _MOMENTS = ("mean_square",), ("mean_gradient", "mean_square")

ADAGRAD = UpdateRule("adagrad", partial(_zeros, ("sum_of_squares",)), _adagrad_, stabiliser=1e-10)
ADADELTA = UpdateRule(
    "adadelta",
    partial(_zeros, (*_SQUARES, "mean_square_step")),
    _adadelta_,
    second_moment_decay=0.9,
    stabiliser=1e-6,
)
RMSPROP = UpdateRule(
    "rmsprop", partial(_zeros, _SQUARES), _rmsprop_, second_moment_decay=0.99, stabiliser=1e-8
)
ADAM = UpdateRule("adam", partial(_zeros, _MOMENTS), _adam_, second_moment_decay=0.999, stabiliser=1e-8)
ADAMW = UpdateRule("adamw", partial(_zeros, _MOMENTS), _adamw_, second_moment_decay=0.999, stabiliser=1e-8)
