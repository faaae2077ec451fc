"""A pack: K trials of equal shape, everything that training them needs and everything they have reached.

A pack is changed in place by :func:`practicum.training.loop.run` and by nothing else; between two rungs it may be
compacted, or written down and read back (:mod:`practicum.training.snapshot`). It belongs to one worker at a time.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from practicum.core.errors import ConfigError
from practicum.core.events import Floats
from practicum.optim.coefficients import Coefficients
from practicum.optim.schedules import AutomaticDecay
from practicum.recipe import Recipe
from practicum.training.evaluate import Evaluation
from practicum.training.order import Order
from practicum.training.program import Task
from practicum.training.stack import Stack
from practicum.training.stopping import Stopping
from practicum.training.update import Update, descends, rule_of

MIN_VALIDATE_STEPS = 25
"""Validating a tiny set after every few updates would cost more than the updates."""

OWN_ARRAYS = ("alive", "start_loss", "compared_loss", "sampled_loss", "sampled_start")
"""What a pack itself keeps for each trial, (K,)."""


def structure(recipe: Recipe, task: Task) -> tuple[Hashable, ...]:
    """Return what trials of one pack must share: the shapes, and the way their update is computed."""
    return (
        task.structure(recipe),
        recipe.batch_size,
        recipe.batch_order,
        rule_of(recipe),
        descends(recipe),
        recipe.averaging > 0,
        recipe.validate_every_steps,
        recipe.corruption if recipe.corruption_level else "",
        recipe.sparsity_form if recipe.sparsity_penalty else "",
    )


class Pack:
    """K trials of equal shape.

    Args:
        recipes: one a trial; equal in :func:`structure`.
        task: what they are trained on.
        trials: the trials' numbers; 0 … K−1 by default.

    Attributes:
        step: updates done.
        alive: positions that still train, bool (K,).
        program: computes losses and gradients.
        update: moves the parameters.
        best: parameters at each trial's best validation.
        best_buffers: the program's buffers then.
        best_row_losses: loss of each validation row at the best, (K, N), kept only where a recipe asks for it.
        start_loss: mean training loss before the first update, (K,).
        compared_loss: what each trial's training loss is compared with: that of the start, on all rows or on the
            minibatches sampled before its last validation, whichever is larger, (K,).
        sampled_loss: sum of the minibatch losses sampled since the last validation, (K,).
        sampled_start: sum of the same minibatches' losses before the first update, (K,).
        num_sampled: how many they are.
        is_measured: whether layers are measured on the way (:mod:`practicum.training.instruments`).

    Raises:
        ConfigError: if the recipes differ in structure.
    """

    def __init__(self, recipes: Sequence[Recipe], task: Task, trials: Sequence[int] | None = None) -> None:
        _check(recipes, task)
        self.recipes, self.task = tuple(recipes), task
        self.trials = tuple(range(len(recipes))) if trials is None else tuple(trials)
        first = recipes[0]
        self.batch_size = first.batch_size
        self.validate_every = first.validate_every_steps or validation_interval(
            task.num_valid, self.batch_size
        )
        self.program = task.program(recipes)
        num_layers = 1 + max(role.layer for role in self.program.roles.values())
        self.coefficients = Coefficients.of(recipes, num_layers, task.num_train)
        self.update = Update(self.program, recipes, self.coefficients)
        self.decay = AutomaticDecay(
            self.coefficients.decay_start,
            self.coefficients.decay_threshold,
            max(1, task.num_train // self.batch_size),
        )
        self.stopping = Stopping(
            enabled=np.array([r.early_stopping for r in recipes]),
            patience=np.array([r.patience_steps for r in recipes], dtype=np.float64),
            increase=np.array([r.patience_increase for r in recipes]),
            threshold=np.array([r.improvement_threshold for r in recipes]),
            on_error=np.array([r.stop_on == "error" for r in recipes]),
        )
        self.num_steps = np.array([np.inf if r.num_steps is None else r.num_steps for r in recipes])
        self.orders = self._orders()
        self._predicting = self.program.parameters
        self.best = self.program.parameters.copy()
        self.best_buffers = {name: value.clone() for name, value in self.program.buffers.items()}
        self.best_row_losses: Tensor | None = None
        if any(recipe.significant_only for recipe in recipes):
            flat = self.best.flat
            self.best_row_losses = flat.new_full((len(recipes), task.num_valid), torch.inf)
        self.is_measured = True
        self.step, self.alive = 0, np.ones(len(recipes), dtype=np.bool_)
        self.start_loss: Floats = self.program.start_loss()
        self.compared_loss: Floats = self.start_loss.copy()
        self.forget_sampled()

    def __len__(self) -> int:
        """Return K."""
        return len(self.recipes)

    @property
    def parameters(self) -> Stack:
        """The present parameters of all trials."""
        return self.program.parameters

    @property
    def average(self) -> Stack | None:
        """Their running average, if any trial asks for one."""
        return self.update.average

    def _orders(self) -> dict[int, Order]:
        """Return the order of examples of each distinct seed."""
        num_rows, mode = self.task.num_train, self.recipes[0].batch_order
        seeds = dict.fromkeys(recipe.seed for recipe in self.recipes)
        return {seed: Order(num_rows, self.batch_size, seed, mode) for seed in seeds}

    def batches(self, start: int, count: int) -> Tensor:
        """Return the rows of the next minibatches: (count, B) if all share them, else (count, K, B)."""
        by_seed = {seed: order.batches(start, count) for seed, order in self.orders.items()}
        device = self.best.flat.device
        if len(by_seed) == 1:
            return next(iter(by_seed.values())).to(device)
        return torch.stack([by_seed[recipe.seed] for recipe in self.recipes], dim=1).to(device)

    def forget_sampled(self) -> None:
        """Begin to sample the training loss anew."""
        self.sampled_loss, self.sampled_start = np.zeros((2, len(self)))
        self.num_sampled = 0

    def sample(self, indices: Tensor) -> None:
        """Take the loss of the update just done on the rows at ``indices`` into the training loss."""
        self.sampled_loss += self.program.batch_losses().double().cpu().numpy()
        self.sampled_start += self.program.sampled_start(indices)
        self.num_sampled += 1

    @np.errstate(all="ignore")
    def evaluate(self) -> Evaluation:
        """Return loss and error of the parameters that predict, on the validation rows."""
        self._predicting = self.update.predicting()
        return self.program.evaluate(self._predicting)

    def keep_best(self, which: Tensor) -> None:
        """Copy what the trials at positions ``which`` are now; after :meth:`evaluate`."""
        self.best.copy_trials_(self._predicting, which)
        for name, value in self.program.buffers.items():
            self.best_buffers[name][which] = value[which]

    def compact(self) -> None:
        """Let the trials that have ended leave; their results must have been taken before."""
        if self.alive.all() or not self.alive.any():
            return
        positions = np.flatnonzero(self.alive)
        keep = torch.from_numpy(positions).to(self.best.flat.device)
        lasting = self.update.tensors()
        self.recipes = tuple(self.recipes[k] for k in positions)
        self.trials = tuple(self.trials[k] for k in positions)
        self.coefficients = self.coefficients.select(positions)
        self.program = self.program.select(keep)
        self.update = Update(self.program, self.recipes, self.coefficients)
        self.update.load_(lasting, keep)
        self.decay.select(positions)
        self.stopping.select(positions)
        self.num_steps = self.num_steps[positions]
        for name in OWN_ARRAYS:
            setattr(self, name, getattr(self, name)[positions])
        self.best = self.best.select(keep)
        self.best_buffers = {name: value[keep] for name, value in self.best_buffers.items()}
        if self.best_row_losses is not None:
            self.best_row_losses = self.best_row_losses[keep]
        self.orders = self._orders()

    def best_of(self, position: int) -> Mapping[str, Tensor]:
        """Return the best weights of the trial at ``position``, named as in its module."""
        buffers = {name: value[position].clone() for name, value in self.best_buffers.items()}
        return {**self.best.get(position), **buffers}


def validation_interval(num_valid: int, batch_size: int) -> int:
    """Return how many updates lie between two validations: twice as many examples as are validated [3.1-14].

    Example:
        >>> validation_interval(2000, 32)
        125
    """
    return max(MIN_VALIDATE_STEPS, -(-2 * num_valid // batch_size))


def _check(recipes: Sequence[Recipe], task: Task) -> None:
    if not recipes:
        raise ConfigError("`recipes` must hold at least one recipe, but got none.")
    shapes = [structure(recipe, task) for recipe in recipes]
    different = [i for i, shape in enumerate(shapes) if shape != shapes[0]]
    if different:
        raise ConfigError(
            f"`recipes` of one pack must have equal shapes, but recipe {different[0]} differs from recipe 0. "
            "Put recipes of other sizes, activations, batch sizes or preparations into packs of their own.",
            recipes=different,
        )
