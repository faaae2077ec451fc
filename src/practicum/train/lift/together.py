"""K trials in one pass: the loss of one under `torch.vmap`, one backward pass outside of it for all.

A gradient outside of vmap is faster than one inside (measured). Minibatches that all trials share are not copied, except
where the module writes into them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from practicum.data.tree import Tree, mapped, take
from practicum.train.lift.forward import Forward, Knobs
from practicum.train.lift.noise import Drawn, Given, OwnedRate, Recorder, Request, dropout_modules
from practicum.train.lift.places import Places
from practicum.train.lift.seeded import seeded
from practicum.train.stack import Stack


@dataclass
class Plan:
    """What the first passes have shown of a module.

    Attributes:
        requests: the noise that a training pass asks for, in order.
        num_values: numbers that one example's forward pass makes.
        expands: whether every trial needs its own copy of a shared minibatch.
    """

    requests: tuple[Request, ...]
    num_values: int
    expands: bool = False


def record(forward: Forward, places: Places, tensors: Sequence[Sequence[Tensor]], rows: Tree, seed: int) -> Plan:
    """Run one trial alone, without noise, to learn what noise a training pass asks for.

    Args:
        forward: of the module.
        places: of its tensors.
        tensors: the trial's trainable parameters and its others; copies, for they may change.
        rows: a minibatch.
        seed: of the trial, should the pass draw random numbers of its own.
    """
    recorder, like = Recorder(), tensors[0][0]
    drops = dropout_modules(places.module)
    for name, part in drops.items():
        part.p = OwnedRate.of(part.p, name)
    knobs = {name: like.detach().new_zeros(()) for name in ("sparsity_penalty", "sparsity_target")}
    try:
        with seeded(seed, "forward", 0, like.device), torch.enable_grad(), places.holding(*tensors):
            rows_loss = forward.losses(rows, recorder, knobs)[1]
    finally:
        for part in drops.values():
            part.p = float(part.p)
    return Plan(tuple(recorder.requests), -(-recorder.num_values // len(rows_loss)))


class Together:
    """Runs K trials in one pass.

    Args:
        forward: of the skeleton, the one module that all trials go through.
        places: of its tensors.
        parameters: of the K trials.
        buffers: their other tensors, (K, …).
        knobs: numbers of the K trials, (K,) each.
        drawn: their noise.
        plan: from :func:`record`.

    Attributes:
        row_losses: of the last minibatch, (K, B).
    """

    def __init__(
        self,
        forward: Forward,
        places: Places,
        parameters: Stack,
        buffers: Mapping[str, Tensor],
        knobs: Knobs,
        drawn: Drawn,
        plan: Plan,
    ) -> None:
        self._forward, self._places, self._knobs = forward, places, knobs
        self._drawn, self._plan, self._buffers = drawn, plan, list(buffers.values())
        self._count = parameters.num_trials
        self._leaves = [block.detach().requires_grad_() for block in parameters.blocks.values()]
        self._lifts: dict[tuple[Any, bool], Any] = {}
        self._proven = False
        self.row_losses = torch.empty(0)

    def gradients(self, rows: Tree, indices: Tensor, step: int) -> Sequence[Tensor]:
        """Return the gradient of each trial's mean loss, (K, *shape) each; they may share memory."""
        noises = {
            (request.purpose, request.shape): self._drawn.draw(request, step) for request in self._plan.requests
        }
        with torch.enable_grad():
            totals = self._losses(rows, indices, noises)
            return torch.autograd.grad(totals.sum(), self._leaves, allow_unused=True, materialize_grads=True)

    def _losses(self, rows: Tree, indices: Tensor, noises: Any) -> Tensor:
        """Return what is differentiated, (K,); keep the row losses, update the buffers."""
        shared = indices.dim() == 1
        if shared and self._plan.expands:
            indices, shared = indices.expand(self._count, -1), False
        saved = None if self._proven else [value.clone() for value in self._buffers]
        others = [value.detach() for value in self._buffers]
        lift = self._lift(self._train_one, shared)
        try:
            totals, row_losses, changed = lift(self._leaves, others, take(rows, indices), noises, self._knobs)
        except RuntimeError:
            if not shared or saved is None:
                raise
            self._put_back(saved)
            self._plan.expands = True  # perhaps the module writes into its input
            return self._losses(rows, indices, noises)
        self._proven, self.row_losses = True, row_losses
        for place, value in changed.items():
            self._buffers[place].copy_(value.detach())
        return totals  # type: ignore[no-any-return]

    def _put_back(self, saved: Sequence[Tensor]) -> None:
        for mine, value in zip(self._buffers, saved, strict=True):
            mine.copy_(value)

    def _lift(self, function: Any, shared: bool) -> Any:
        """Return ``function`` over K trials, for rows that they share or not."""
        key = (function.__name__, shared)
        if key not in self._lifts:
            rest = (0, 0) if function == self._train_one else ()
            dims = (0, 0, None if shared else 0, *rest)
            self._lifts[key] = torch.vmap(function, in_dims=dims, randomness="error")
        return self._lifts[key]

    def _train_one(
        self, learned: Sequence[Tensor], others: Sequence[Tensor], batch: Tree, noises: Any, knobs: Knobs
    ) -> tuple[Tensor, Tensor, dict[int, Tensor]]:
        """Return what is differentiated, the row losses, and the buffers that were replaced, of one trial."""
        with self._places.holding(learned, others):
            total, row_losses = self._forward.losses(batch, Given(noises), knobs)
            present = self._places.present_others()
        changed = {n: new for n, (new, old) in enumerate(zip(present, others, strict=True)) if new is not old}
        return total, row_losses, changed

    def measures(self, parameters: Stack, rows: Tree) -> tuple[Tensor, Tensor]:
        """Return loss and error of each of these rows, (K, B) each, at other parameters perhaps."""
        others = [value.detach() for value in self._buffers]
        learned = list(parameters.blocks.values())
        if not self._plan.expands:
            try:
                return self._measure(True, learned, others, mapped(rows, torch.clone))
            except RuntimeError:
                self._plan.expands = True
        own = mapped(rows, lambda values: values.expand(self._count, *values.shape).clone())
        return self._measure(False, learned, others, own)

    def _measure(self, shared: bool, *tensors: Any) -> tuple[Tensor, Tensor]:
        losses, errors = self._lift(self._measure_one, shared)(*tensors)
        return losses, errors

    def _measure_one(
        self, learned: Sequence[Tensor], others: Sequence[Tensor], batch: Tree
    ) -> tuple[Tensor, Tensor]:
        with self._places.holding(learned, others):
            return self._forward.measures(batch)
