"""From gradients to new parameters, for all trials and all blocks: the same for every program.

Penalties are added to the gradient, then it is clipped, then the rule moves the parameters, then what acts on the
parameters themselves follows (proximal L1, largest norms, the running average). Each number is the trial's own; a
number that means "none" changes no bit, so trials with and without may share a pack.

Source: Bengio 2012, 3.1-15..19 (momentum, averaging, multipliers), 3.2-05..15 (penalties), 6.2-01 (adaptive rules).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from practicum.core.events import Floats
from practicum.optim.coefficients import Coefficients
from practicum.optim.penalties import clip_, limit_norms_, shrink_
from practicum.optim.rules import RULES, Numbers
from practicum.recipe import Recipe
from practicum.training.program import Descends, Program, Role
from practicum.training.stack import Stack

BlockState = dict[str, Tensor]


def rule_of(recipe: Recipe) -> str:
    """Return the name of the rule that moves the parameters: sgd is three rules, by momentum."""
    if recipe.update_rule != "sgd" or not recipe.momentum:
        return recipe.update_rule
    return "nesterov" if recipe.nesterov else "momentum"


def descends(recipe: Recipe) -> bool:
    """Return whether the recipe is plain gradient descent, which needs no stored gradient."""
    return (
        rule_of(recipe) == "sgd"
        and recipe.clip_norm is None
        and recipe.layer_rate_multipliers is None
        and recipe.bias_rate_multiplier == 1
        and not recipe.sparsity_penalty
    )


@dataclass(slots=True)
class _Block:
    """One parameter of K trials, with its own columns of the trials' numbers, (K, 1, …, 1)."""

    value: Tensor
    role: Role
    state: BlockState
    numbers: Numbers
    rate_factor: Tensor | None
    l1: Tensor | None
    l2: Tensor | None
    shrink: Tensor | None
    max_norm: Tensor | None


class Update:
    """The update of a pack.

    Args:
        program: gives gradients, holds the parameters.
        recipes: of the K trials, of one rule.
        coefficients: their numbers.

    Attributes:
        average: running average of the parameters, or ``None`` when no trial asks for one.
        rates: of each update that was scheduled, (updates, K).
    """

    def __init__(self, program: Program, recipes: Sequence[Recipe], coefficients: Coefficients) -> None:
        self.program, self._c = program, coefficients
        self.rule = RULES[rule_of(recipes[0])]
        self._descend = program.descend if isinstance(program, Descends) and descends(recipes[0]) else None
        parameters = program.parameters
        like = parameters.flat
        self._rate_K = like.new_zeros(len(recipes))
        self._momentum_K = like.new_zeros(len(recipes))
        self._clip_K = (
            self._tensor(coefficients.clip_norm) if np.isfinite(coefficients.clip_norm).any() else None
        )
        self._blocks = [self._block(value, program.roles[name]) for name, value in parameters.blocks.items()]
        self._penalised = any(block.l1 is not None or block.l2 is not None for block in self._blocks)
        averaged = any(recipe.averaging for recipe in recipes)
        self.average = parameters.copy() if averaged else None
        self._predicted = parameters.like() if self.rule.predicting is not None else None
        self._first, self.rates = 0, np.empty((0, len(recipes)))
        self._rates = self._momenta = torch.empty(0)

    def plan(self, first_step: int, rates: Floats, momenta: Floats) -> None:
        """Take in the rates and momenta of the updates from ``first_step`` (from 0) on, (updates, K) each."""
        self._first, self.rates = first_step, rates
        self._rates, self._momenta = self._tensor(rates), self._tensor(momenta)

    def run(self, indices: Tensor, step: int) -> None:
        """Do update number ``step`` (from 0) on the rows at ``indices``, (B,) if shared, else (K, B)."""
        self._rate_K.copy_(self._rates[step - self._first])
        if self._descend is not None:
            self._descend(indices, step, self._rate_K, self._decay if self._penalised else None)
        else:
            self._momentum_K.copy_(self._momenta[step - self._first])
            self._apply(list(self.program.gradients(indices, step)), step)
        for block in self._blocks:
            self._constrain(block)
        if self.average is not None:
            self._move_average(step)

    def predicting(self) -> Stack:
        """Return the parameters that predict: the average, the rule's own, or simply the parameters."""
        if self._predicted is not None:
            assert self.rule.predicting is not None
            for block, mine in zip(self._blocks, self._predicted.blocks.values(), strict=True):
                mine.copy_(self.rule.predicting(block.value, block.state, block.numbers))
            return self._predicted
        return self.program.parameters if self.average is None else self.average

    def tensors(self) -> dict[str, Tensor]:
        """Return everything that lasts from one update to the next, by name, the trial axis first."""
        found = {
            f"state/{name}/{part}": tensor
            for name, block in zip(self.program.parameters.blocks, self._blocks, strict=True)
            for part, tensor in block.state.items()
        }
        if self.average is not None:
            found |= {f"average/{name}": value for name, value in self.average.blocks.items()}
        return found

    def load_(self, tensors: dict[str, Tensor], keep: Tensor | None = None) -> None:
        """Overwrite what :meth:`tensors` names, by the trials at ``keep`` of ``tensors``."""
        for name, mine in self.tensors().items():
            mine.copy_(tensors[name] if keep is None else tensors[name].index_select(0, keep))

    def _block(self, value: Tensor, role: Role) -> _Block:
        c, dim = self._c, value.dim()

        def column(values_K: Floats) -> Tensor:
            return _column(self._tensor(values_K), dim)

        def exact(values_K: Floats) -> Tensor:
            return _column(torch.from_numpy(values_K).to(value.device), dim)

        spared = c.penalise_biases if role.kind == "bias" else np.ones_like(c.penalise_biases)
        l1, l2 = c.l1[role.layer] * spared, c.l2[role.layer] * spared
        plain_l1, shrunk = l1 * (1 - c.proximal), l1 * c.proximal
        factor = c.rate_multipliers[role.layer] * (c.bias_rate_multiplier if role.kind == "bias" else 1)
        rate = _column(self._rate_K, dim)
        limited = role.kind == "weight" and dim >= 3 and np.isfinite(c.max_norm).any()
        return _Block(
            value,
            role,
            state=self.rule.init(value),
            numbers=Numbers(
                learning_rate=rate if (factor == 1).all() else rate.clone(),
                momentum=_column(self._momentum_K, dim),
                first_decay=exact(c.first_decay),
                second_decay=exact(c.second_decay),
                stabiliser=exact(c.stabiliser),
                decoupled_decay=exact(c.decoupled_decay),
                step=0,
            ),
            rate_factor=None if (factor == 1).all() else column(factor),
            l1=column(plain_l1) if plain_l1.any() else None,
            l2=column(2 * l2) if l2.any() else None,
            shrink=column(shrunk) if shrunk.any() else None,
            max_norm=column(c.max_norm) if limited else None,
        )

    def _apply(self, gradients: list[Tensor], step: int) -> None:
        """Penalise, clip, and let the rule move every block."""
        if self._penalised:
            for block, gradient in zip(self._blocks, gradients, strict=True):
                _add_penalties(gradient, block, None)
        if self._clip_K is not None:
            clip_(gradients, self._clip_K)
        for block, gradient in zip(self._blocks, gradients, strict=True):
            numbers = block.numbers
            numbers.step = step + 1
            if block.rate_factor is not None:
                torch.mul(
                    _column(self._rate_K, block.value.dim()), block.rate_factor, out=numbers.learning_rate
                )
            self.rule.update_(block.value, gradient, block.state, numbers)

    def _decay(self) -> None:
        """Take the penalties' part of a plain descent, at the present parameters."""
        for block in self._blocks:
            _add_penalties(block.value, block, _column(self._rate_K, block.value.dim()).neg())

    def _constrain(self, block: _Block) -> None:
        """Do what acts on the parameters themselves."""
        if block.shrink is not None:
            rate = block.numbers.learning_rate
            shrink_(block.value, block.shrink * rate)
        if block.max_norm is not None:
            limit_norms_(block.value, block.max_norm)

    def _move_average(self, step: int) -> None:
        """Move the average towards the parameters: the plain mean at first, exponential once that is slower."""
        assert self.average is not None
        weight_K = self._tensor(1 - np.minimum(self._c.averaging, step / (step + 1)))
        for mean, block in zip(self.average.blocks.values(), self._blocks, strict=True):
            mean.lerp_(block.value, _column(weight_K, mean.dim()))

    def _tensor(self, values: Floats) -> Tensor:
        return torch.from_numpy(values).to(self.program.parameters.flat)


def _add_penalties(target: Tensor, block: _Block, scale: Tensor | None) -> None:
    """Add the gradient of the penalties at the block's present values, times ``scale``, to ``target``."""
    slope = None
    if block.l1 is not None:
        slope = block.value.sign().mul_(block.l1)
    if block.l2 is not None:
        slope = block.value * block.l2 if slope is None else slope.addcmul_(block.value, block.l2)
    if slope is not None:
        target.add_(slope if scale is None else slope.mul_(scale))


def _column(values_K: Tensor, dim: int) -> Tensor:
    return values_K.view(-1, *[1] * (dim - 1))
