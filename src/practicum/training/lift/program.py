"""The program of a user's module: K trials stacked and run together, or one trial alone.

Written for one trial by the user, lifted here. What the lift cannot do is found before any training
(:mod:`practicum.training.lift.trust`).
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Self

import numpy as np
import torch
from torch import Tensor, nn

from practicum.core.events import Floats
from practicum.data.tree import Tree, mapped, num_rows, take
from practicum.recipe import Recipe
from practicum.training.evaluate import Evaluation
from practicum.training.lift.alone import Alone
from practicum.training.lift.forward import Forward
from practicum.training.lift.instance import instances
from practicum.training.lift.losses import NamedLoss, check_batch
from practicum.training.lift.noise import Drawn, dropout_modules
from practicum.training.lift.places import Places, roles_of
from practicum.training.lift.task import ModelTask
from practicum.training.lift.together import Plan, Together, record
from practicum.training.order import Order
from practicum.training.program import Role
from practicum.training.stack import Stack

CHUNK = 256
"""Validation rows in one pass, unless memory is short."""

CHUNK_NUMBERS = 1 << 23
"""Most numbers that the activations of one trial's pass over validation rows may be."""

PROBE_ROWS = 8
"""Rows on which a trial alone is measured first, to see how many numbers an example makes."""

START_BATCHES = 8
"""Minibatches whose mean loss before the first update is what a training loss is compared with."""


class LiftedProgram:
    """The program of K trials of a user's module.

    Args:
        task: how to build it, its loss, the data.
        recipes: one a trial.
        lifted: run all trials in one pass; False: one trial, its plain module.
        modules: one a trial, equal in signature; they belong to the program from now on. Built if not given.

    Attributes:
        parameters: trainable parameters of the K trials, by the name in the module; a tied one has one name.
        buffers: frozen parameters and buffers of the K trials, (K, …), changed in place.
        roles: of each trainable parameter.
        num_trials: K.
        num_values: numbers that one example's forward pass makes in one trial; 0 where unknown.

    Raises:
        ConfigError: if ``build`` fails, or a setting does not go with the module or the loss.
        DataError: if a named loss cannot be taken of the data.
    """

    def __init__(
        self,
        task: ModelTask,
        recipes: Sequence[Recipe],
        *,
        lifted: bool = True,
        modules: Sequence[nn.Module] | None = None,
    ) -> None:
        assert lifted or len(recipes) == 1, "only one trial runs alone"
        if isinstance(task.loss, NamedLoss):
            check_batch(task.loss, task.train, "train")
            check_batch(task.loss, task.valid, "valid")
        modules = instances(task, recipes) if modules is None else list(modules)
        module = modules[0]
        self.task, self.recipes, self.lifted = task, tuple(recipes), lifted
        self.roles: Mapping[str, Role] = roles_of(module)
        self._places = Places(module)
        self._training = [(part, part.training) for part in module.modules()]
        self._rates = {
            name: [dropout_modules(one)[name].p for one in modules] for name in dropout_modules(module)
        }
        self.parameters, self.buffers = self._stacked(modules)
        self._forward = Forward(task, recipes, module, lifted=lifted)
        self._plan = self._recorded() if lifted else Plan((), 0)
        self._runner = self._new_runner()

    @property
    def num_trials(self) -> int:
        """K."""
        return len(self.recipes)

    @property
    def num_values(self) -> int:
        """Numbers that one example's forward pass makes in one trial; 0 where unknown."""
        return self._plan.num_values

    def _stacked(self, modules: Sequence[nn.Module]) -> tuple[Stack, dict[str, Tensor]]:
        """Return copies of the modules' tensors, stacked."""
        names, others = self._places.learned, self._places.others
        own = [{**dict(one.named_parameters()), **dict(one.named_buffers())} for one in modules]
        shapes = {name: tuple(own[0][name].shape) for name in names}
        stack = Stack(shapes, len(modules), own[0][names[0]].dtype, self.task.device)
        for position, tensors in enumerate(own):
            stack.put(position, {name: tensors[name].detach() for name in names})
        return stack, {name: torch.stack([tensors[name].detach() for tensors in own]) for name in others}

    def _recorded(self) -> Plan:
        rows = torch.arange(self.recipes[0].batch_size, device=self.task.device) % self.task.num_train
        learned = [block[0].clone().requires_grad_() for block in self.parameters.blocks.values()]
        others = [value[0].clone() for value in self.buffers.values()]
        batch = take(self.task.train, rows)
        return record(self._forward, self._places, (learned, others), batch, self.recipes[0].seed)

    def _new_runner(self) -> Together | Alone:
        """Return what runs the present stacks."""
        recipes, flat = self.recipes, self.parameters.flat
        drawn = Drawn(recipes, self._rates, flat)
        knobs = self._forward.knobs(recipes, flat)
        common = (self._forward, self._places, self.parameters, self.buffers, knobs, drawn)
        return Together(*common, self._plan) if self.lifted else Alone(*common, recipes[0].seed)

    def gradients(self, indices: Tensor, step: int) -> list[Tensor]:
        """Return the gradient of each trial's mean loss, one tensor (K, *shape) a parameter, free to be overwritten.

        Args:
            indices: rows of the minibatch, (B,) if all trials share them, else (K, B).
            step: number of the update, from 0.
        """
        seen: set[int] = set()
        gradients = []
        for gradient in self._runner.gradients(self.task.train, indices, step):
            address = gradient.untyped_storage().data_ptr()
            own = gradient.is_contiguous() and address not in seen
            gradients.append(gradient if own else gradient.clone(memory_format=torch.contiguous_format))
            seen.add(address)
        return gradients

    def row_losses(self) -> Tensor:
        """Return the loss of each example of the last minibatch, before its update, (K, B)."""
        return self._runner.row_losses

    def batch_losses(self) -> Tensor:
        """Return the mean loss of the last minibatch, before its update, without penalties, (K,)."""
        return self._runner.row_losses.mean(1)

    def evaluate(self, parameters: Stack) -> Evaluation:
        """Evaluate ``parameters``, with the present buffers, on the validation rows."""
        return self._evaluate(parameters, self.task.valid)

    def start_loss(self) -> Floats:
        """Return the mean loss of the present parameters on random minibatches, as training sees them, (K,).

        Noise included: a training loss is compared with it. Buffers are put back.
        """
        before = {name: value.clone() for name, value in self.buffers.items()}
        batch_size, total = self.recipes[0].batch_size, np.zeros(self.num_trials)
        order = Order(self.task.num_train, batch_size, 0, "shuffle_once").batches(0, START_BATCHES)
        for step, rows in enumerate(order.to(self.task.device)):
            self.gradients(rows, step)
            total += self.batch_losses().double().cpu().numpy()
        for name, value in self.buffers.items():
            value.copy_(before[name])
        return total / START_BATCHES

    def sampled_start(self, indices: Tensor) -> Floats | float:
        """Return 0: the untrained trials are not kept, so :meth:`start_loss` has to say it all."""
        return 0.0

    def measured(self, count: int) -> dict[str, Tensor]:
        """Return loss and error of the first ``count`` validation rows, (K, count) each, by name."""
        rows = mapped(self.task.valid, lambda values: values[:count])
        losses, errors = self._measures(self.parameters, rows)
        return {"validation losses": losses, "validation errors": errors}

    def _evaluate(self, parameters: Stack, rows: Tree) -> Evaluation:
        """Evaluate on ``rows``."""
        losses_KN, errors_KN = self._measures(parameters, rows)
        return Evaluation(
            losses_KN.mean(1, dtype=torch.float64).cpu().numpy(),
            errors_KN.mean(1, dtype=torch.float64).cpu().numpy(),
            losses_KN,
        )

    @torch.no_grad()
    def _measures(self, parameters: Stack, rows: Tree) -> tuple[Tensor, Tensor]:
        """Return loss and error of each of ``rows`` in eval mode, a chunk at a time, (K, N) each."""
        losses, errors, count = [], [], num_rows(rows)
        for part, _ in self._training:
            part.training = False
        try:
            if not self.num_values:  # how large a chunk may be, a few rows tell
                self._runner.measures(parameters, mapped(rows, lambda values: values[:PROBE_ROWS]))
                self._plan.num_values = self._forward.num_values
            size = chunk_size(self.num_values)  # the same however many trials there are
            for start in range(0, count, size):
                chunk = mapped(rows, lambda values, start=start: values[start : start + size])  # type: ignore[misc]
                loss, error = self._runner.measures(parameters, chunk)
                losses.append(loss)
                errors.append(error)
        finally:
            for part, flag in self._training:
                part.training = flag
        return torch.cat(losses, 1), torch.cat(errors, 1)

    def weights_of(
        self, parameters: Stack, position: int, buffers: Mapping[str, Tensor] | None = None
    ) -> dict[str, Tensor]:
        """Return the state dict of one trial's module, copied.

        Args:
            parameters: the program's own, or others of their shape.
            position: of the trial.
            buffers: those that belong to the parameters; the present ones if not given.
        """
        others = self.buffers if buffers is None else buffers
        return {
            key: (parameters.blocks.get(name, others.get(name)))[position].detach().clone()  # type: ignore[index]
            for key, name in self._places.state_names.items()
        }

    def select(self, keep: Tensor) -> Self:
        """Return a program of the trials at positions ``keep`` only, as they are now; the old one has had its day."""
        positions = keep.tolist()
        other = copy.copy(self)
        other.recipes = tuple(self.recipes[k] for k in positions)
        other.parameters = self.parameters.select(keep)
        other.buffers = {name: value.index_select(0, keep) for name, value in self.buffers.items()}
        other._rates = {name: [rates[k] for k in positions] for name, rates in self._rates.items()}
        other._runner = other._new_runner()
        return other


def chunk_size(num_values: int) -> int:
    """Return how many rows are evaluated in one pass when each makes ``num_values`` numbers.

    Example:
        >>> chunk_size(1000), chunk_size(1 << 21)
        (256, 4)
    """
    size = CHUNK
    while size > 1 and size * num_values > CHUNK_NUMBERS:
        size //= 2
    return size
