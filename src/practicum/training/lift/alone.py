"""One trial by itself: the user's plain module, whose tensors share the memory of the trial's stack.

An update moves the stack and so the module. A forward pass that draws random numbers finds torch's generator seeded
from the trial's seed and the number of the update.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from practicum.data.tree import Tree, mapped, take
from practicum.training.lift.forward import Forward, Knobs
from practicum.training.lift.noise import Drawn, Lazy
from practicum.training.lift.places import Places
from practicum.training.lift.seeded import seeded
from practicum.training.stack import Stack


class Alone:
    """Runs one trial's plain module.

    Args:
        forward: of the module.
        places: of its tensors.
        parameters: of the one trial.
        buffers: its other tensors, (1, …).
        knobs: its numbers, (1,) each.
        drawn: its noise.
        seed: of the trial.

    Attributes:
        row_losses: of the last minibatch, (1, B).
    """

    def __init__(
        self,
        forward: Forward,
        places: Places,
        parameters: Stack,
        buffers: Mapping[str, Tensor],
        knobs: Knobs,
        drawn: Drawn,
        seed: int,
    ) -> None:
        self._forward, self._places, self._parameters = forward, places, parameters
        self._buffers, self._drawn, self._seed = list(buffers.values()), drawn, seed
        self._knobs = {name: values[0] for name, values in knobs.items()}
        self._device = parameters.flat.device
        self._differentiates = False
        self._bind(parameters)
        self._leaves = [places.tensors[name] for name in places.learned]
        self.row_losses = torch.empty(0)

    def _bind(self, parameters: Stack) -> None:
        """Let the module share the memory of ``parameters``."""
        learned = [block[0] for block in parameters.blocks.values()]
        self._places.bind(learned, [value[0] for value in self._buffers])

    def gradients(self, rows: Tree, indices: Tensor, step: int) -> Sequence[Tensor]:
        """Return the gradient of the trial's mean loss, (1, *shape) each; they may share memory."""
        batch, source = take(rows, indices.reshape(-1)), Lazy(self._drawn, step)
        if self._places.viewed:
            self._bind(self._parameters)
        # Always: a module may begin to draw random numbers at any time.
        with seeded(self._seed, "forward", step, self._device):
            return self._backward(batch, source)

    def _backward(self, batch: Tree, source: Lazy) -> list[Tensor]:
        with torch.enable_grad():
            total, row_losses = self._forward.losses(batch, source, self._knobs)
            gradients = torch.autograd.grad(total, self._leaves, allow_unused=True, materialize_grads=True)
        self.row_losses = row_losses[None]
        self._settle()
        return [gradient[None] for gradient in gradients]

    def _settle(self) -> None:
        """Copy into the stack the buffers that the module has replaced, or all that do not share its memory."""
        for mine, present, own in zip(
            self._buffers, self._places.present_others(), self._places.own_others(), strict=True
        ):
            if present is not own or self._places.viewed:
                mine[0].copy_(present.detach())
        self._places.restore_others()

    def measures(self, parameters: Stack, rows: Tree) -> tuple[Tensor, Tensor]:
        """Return loss and error of each of these rows, (1, B) each, at other parameters perhaps."""
        batch = mapped(rows, torch.clone)
        if parameters is not self._parameters or self._places.viewed:
            self._bind(parameters)
        try:
            with seeded(self._seed, "validation", 0, self._device):
                losses, errors = self._measured(batch)
        finally:
            if parameters is not self._parameters:
                self._bind(self._parameters)
        return losses[None].detach(), errors[None].detach()

    def _measured(self, batch: Tree) -> tuple[Tensor, Tensor]:
        """Return losses and errors; a loss that differentiates by `torch.autograd` needs a graph to do so."""
        if not self._differentiates:
            try:
                return self._forward.measures(batch)
            except RuntimeError as error:
                if "does not require grad" not in str(error):
                    raise
                self._differentiates = True
        with torch.enable_grad():
            return self._forward.measures(batch)
