"""What an update rule is: a pure pair of functions on one block of the parameters of K trials.

A block is (K, *shape); every number of the rule is a column, (K, 1, …, 1), so each trial has its own. Work is done
in place and element by element: a trial's bits depend neither on K nor on its neighbours.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import torch
from torch import Tensor

State = dict[str, Tensor]
Constant = Literal["first_decay", "second_decay", "stabiliser", "decoupled_decay"]
Corrections = tuple[Tensor, Tensor, Tensor]

STEPS_AHEAD = 64
"""Bias corrections are computed for so many updates at once; the cut changes no bit."""


@dataclass(slots=True)
class Numbers:
    """The numbers of an update of one block, columns (K, 1, …, 1).

    ``learning_rate`` and ``momentum`` are of the block's type and may be overwritten from update to update. The others
    stay as they are as long as the object lives, because columns made of them are kept. Give them in 64 bits: 1 − β of
    a 32-bit β close to 1 has lost digits.

    Attributes:
        learning_rate: ε of this update.
        momentum: μ of this update, share of the old in the running gradient.
        first_decay: β₁, or β of the schedule-free rules.
        second_decay: β₂; α of rmsprop, ρ of adadelta.
        stabiliser: small number that keeps a division finite.
        decoupled_decay: share of the parameters taken away, times ε.
        step: number t of this update, the first is 1.
    """

    learning_rate: Tensor
    momentum: Tensor
    first_decay: Tensor
    second_decay: Tensor
    stabiliser: Tensor
    decoupled_decay: Tensor
    step: int
    _columns: dict[str, Tensor] = field(default_factory=dict, init=False, repr=False, compare=False)
    _rows: list[Corrections] = field(default_factory=list, init=False, repr=False, compare=False)
    _first_row: int = field(default=0, init=False, repr=False, compare=False)
    _scratch: Tensor | None = field(default=None, init=False, repr=False, compare=False)

    def constant(self, name: Constant, like: Tensor) -> Tensor:
        """Return a constant column in the type of ``like``."""
        return self._column(name, getattr(self, name), like)

    def complement(self, name: Constant, like: Tensor) -> Tensor:
        """Return 1 − a constant column, in the type of ``like``: the share of the new in a running mean."""
        key = f"1 - {name}"
        return (
            self._columns[key] if key in self._columns else self._column(key, 1 - getattr(self, name), like)
        )

    def ones(self, like: Tensor) -> Tensor:
        """Return ones of the shape of ``like``, kept: to add a column is quicker than to add a number."""
        return self._columns["1"] if "1" in self._columns else self._column("1", torch.ones_like(like), like)

    def corrections(self, like: Tensor) -> Corrections:
        r"""Return what corrects running means that began at zero, for update t, columns in the type of ``like``.

        Returns:
            :math:`\sqrt{1-\beta_2^t} / (1-\beta_1^t)`, :math:`\sqrt{1-\beta_2^t}`, and the latter times the
            stabiliser: dividing by √v + these equals torch's dividing by the corrected √v + stabiliser.
        """
        row = self.step - self._first_row
        if not 0 <= row < len(self._rows):
            self._rows, self._first_row, row = _corrections(self, like), self.step, 0
        return self._rows[row]

    def scratch(self, like: Tensor) -> Tensor:
        """Return memory of the shape of ``like``, of any content; kept, since fresh memory is slow."""
        if self._scratch is None:
            self._scratch = torch.empty_like(like)
        return self._scratch

    def _column(self, key: str, value: Tensor, like: Tensor) -> Tensor:
        if key not in self._columns:
            self._columns[key] = value.to(like)
        return self._columns[key]


def _corrections(numbers: Numbers, like: Tensor) -> list[Corrections]:
    """Return the corrections of the next updates, computed one by one in 64 bits."""
    betas = [column.double().flatten().tolist() for column in (numbers.first_decay, numbers.second_decay)]
    steps = range(numbers.step, numbers.step + STEPS_AHEAD)
    first, second = (
        torch.tensor([[1 - beta**step for beta in betas_K] for step in steps], dtype=torch.float64)
        for betas_K in betas
    )
    shape = (STEPS_AHEAD, *numbers.stabiliser.shape)
    root = second.sqrt().view(shape)
    tables = (root / first.view(shape), root, root * numbers.stabiliser.double().cpu())
    return list(zip(*(table.to(like).unbind() for table in tables), strict=True))


@dataclass(frozen=True, slots=True)
class UpdateRule:
    """How a gradient becomes a step.

    Attributes:
        name: unique.
        init: makes the state of a block from its first parameters. Every tensor of a state has the trial axis first
            and the block's type and number of axes; it can be stacked, selected by trial and saved.
        update_: changes the parameters and the state in place; overwrites the gradient, which serves as scratch.
        predicting: returns the parameters that predict, where they are not those that training moves.
        second_moment_decay: default of β₂, where the rule has one.
        stabiliser: default, where the rule has one.
    """

    name: str
    init: Callable[[Tensor], State]
    update_: Callable[[Tensor, Tensor, State, Numbers], None]
    predicting: Callable[[Tensor, State, Numbers], Tensor] | None = None
    second_moment_decay: float | None = None
    stabiliser: float | None = None


def column_like(block: Tensor) -> Tensor:
    """Return zeros, one number a trial, (K, 1, …, 1)."""
    return block.new_zeros(block.shape[0], *[1] * (block.dim() - 1))
