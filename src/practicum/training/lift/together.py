"""K trials in one pass: the loss of one under `torch.vmap`, one backward pass outside of it for all.

A gradient outside of vmap is faster than one inside (measured). Minibatches that all trials share are not copied,
except where the module writes into them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice

import torch
from torch import Tensor

from practicum.data.tree import Tree, leaves, mapped, take
from practicum.training.lift.forward import Forward, Knobs
from practicum.training.lift.noise import Drawn, Given, OwnedRate, Recorder, Request, dropout_modules
from practicum.training.lift.places import Places
from practicum.training.lift.seeded import seeded
from practicum.training.stack import Stack


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


def record(
    forward: Forward, places: Places, tensors: Sequence[Sequence[Tensor]], rows: Tree, seed: int
) -> Plan:
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
        if hasattr(torch._C._functorch, "_set_vmap_fallback_warning_enabled"):
            # An operation that vmap runs trial by trial is right, only slow; whether to pack is measured.
            torch._C._functorch._set_vmap_fallback_warning_enabled(False)
        self._batch: Tree | None = None
        self._num_noises: Sequence[int] = ()
        self._changed: list[int] = []
        self._proven = False
        self.row_losses = torch.empty(0)

    def gradients(self, rows: Tree, indices: Tensor, step: int) -> Sequence[Tensor]:
        """Return the gradient of each trial's mean loss, (K, *shape) each; they may share memory."""
        noises = [self._drawn.draw(request, step) for request in self._plan.requests]
        with torch.enable_grad():
            totals = self._losses(rows, indices, noises)
            return torch.autograd.grad(totals.sum(), self._leaves, allow_unused=True, materialize_grads=True)

    def _losses(self, rows: Tree, indices: Tensor, noises: Sequence[Sequence[Tensor]]) -> Tensor:
        """Return what is differentiated, (K,); keep the row losses, update the buffers."""
        shared = indices.dim() == 1
        if shared and self._plan.expands:
            indices, shared = indices.expand(self._count, -1), False
        saved = None if self._proven else [value.clone() for value in self._buffers]
        self._num_noises = [len(noise) for noise in noises]
        others = [value.detach() for value in self._buffers]
        extra = [*chain.from_iterable(noises), *self._knobs.values()]
        try:
            totals, row_losses, *changed = self._lifted(
                self._train_one, [*self._leaves, *others], take(rows, indices), extra, shared=shared
            )
        except RuntimeError as error:
            if not shared or saved is None or isinstance(error, torch.OutOfMemoryError):
                raise
            self._put_back(saved)
            self._plan.expands = True  # perhaps the module writes into its input
            return self._losses(rows, indices, noises)
        self._proven, self.row_losses = True, row_losses
        for place, value in zip(self._changed, changed, strict=True):
            self._buffers[place].copy_(value.detach())
        return totals

    def _put_back(self, saved: Sequence[Tensor]) -> None:
        for mine, value in zip(self._buffers, saved, strict=True):
            mine.copy_(value)

    def _lifted(
        self,
        function: Callable[..., tuple[Tensor, ...]],
        tensors: Sequence[Tensor],
        batch: Tree,
        extra: Sequence[Tensor],
        *,
        shared: bool,
    ) -> tuple[Tensor, ...]:
        """Run ``function`` over K trials; all tensors go in one after another, for nested ones cost vmap time."""
        self._batch, values = batch, [value for _, value in leaves(batch)]
        dims = (*[0] * len(tensors), *[None if shared else 0] * len(values), *[0] * len(extra))
        lifted = torch.vmap(function, in_dims=dims, randomness="error")
        try:
            found: tuple[Tensor, ...] = lifted(*tensors, *values, *extra)
        finally:
            self._batch = None
        return found

    @contextmanager
    def _one(self, tensors: Sequence[Tensor]) -> Iterator[tuple[Tree, Sequence[Tensor], Sequence[Tensor]]]:
        """Let the skeleton be one trial; give its minibatch, its other tensors and what comes after."""
        assert self._batch is not None
        end = len(self._leaves) + len(self._buffers)
        learned, others = tensors[: len(self._leaves)], tensors[len(self._leaves) : end]
        rest = iter(tensors[end:])
        batch = mapped(self._batch, lambda _: next(rest))
        with self._places.holding(learned, others):
            yield batch, others, list(rest)

    def _train_one(self, *tensors: Tensor) -> tuple[Tensor, ...]:
        """Return what is differentiated, the row losses, and the buffers that were replaced, of one trial."""
        with self._one(tensors) as (batch, others, rest):
            extra = iter(rest)
            source = Given(
                {
                    (request.purpose, request.shape): tuple(islice(extra, count))
                    for request, count in zip(self._plan.requests, self._num_noises, strict=True)
                }
            )
            total, row_losses = self._forward.losses(
                batch, source, dict(zip(self._knobs, extra, strict=True))
            )
            present = self._places.present_others()
        self._changed = [n for n, old in enumerate(others) if present[n] is not old]
        return total, row_losses, *(present[n] for n in self._changed)

    def measures(self, parameters: Stack, rows: Tree) -> tuple[Tensor, Tensor]:
        """Return loss and error of each of these rows, (K, B) each, at other parameters perhaps."""
        tensors = [*parameters.blocks.values(), *(value.detach() for value in self._buffers)]
        if not self._plan.expands:
            try:
                copied = mapped(rows, torch.clone)
                losses, errors = self._lifted(self._measure_one, tensors, copied, (), shared=True)
            except RuntimeError as error:
                if isinstance(error, torch.OutOfMemoryError):
                    raise
                self._plan.expands = True
            else:
                return losses, errors
        own = mapped(rows, lambda values: values.expand(self._count, *values.shape).clone())
        losses, errors = self._lifted(self._measure_one, tensors, own, (), shared=False)
        return losses, errors

    def _measure_one(self, *tensors: Tensor) -> tuple[Tensor, ...]:
        with self._one(tensors) as (batch, _, _):
            return self._forward.measures(batch)
