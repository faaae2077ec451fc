"""A pack: K trials of equal shape, everything that training them needs and everything they have reached.

A pack is changed in place by :func:`practicum.train.loop.run` and by nothing else; between two rungs it may be
compacted. It belongs to one worker at a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from practicum.core.errors import ConfigError
from practicum.core.events import Floats
from practicum.models.initial import initial_parameters
from practicum.models.network import Network
from practicum.models.output import OUTPUT_UNITS
from practicum.optim.coefficients import Coefficients
from practicum.optim.schedules import AutomaticDecay
from practicum.recipe import Recipe
from practicum.train.evaluate import Evaluator
from practicum.train.layout import Parameters
from practicum.train.order import Order
from practicum.train.rows import Rows
from practicum.train.step import Step
from practicum.train.stopping import Stopping

MIN_VALIDATE_STEPS = 25
"""Validating a tiny set after every few updates would cost more than the updates."""


def structure(recipe: Recipe) -> tuple[object, ...]:
    """Return what trials of one pack must share: the shapes, and the way their update is computed."""
    return (
        recipe.hidden_sizes,
        recipe.activation,
        recipe.batch_size,
        recipe.batch_order,
        recipe.momentum > 0,
        recipe.averaging > 0,
        recipe.validate_every_steps,
        (recipe.preprocess, recipe.tails, recipe.pca_variance, recipe.categories),
    )


@dataclass(frozen=True, slots=True)
class Task:
    """The data that a pack is trained and validated on.

    Attributes:
        network: shape of one trial.
        train: training rows.
        valid: validation rows.
    """

    network: Network
    train: Rows
    valid: Rows


class Pack:
    """K trials of equal shape.

    Args:
        recipes: one a trial; equal in :func:`structure`.
        task: network and data.
        trials: the trials' numbers; 0 … K−1 by default.

    Attributes:
        step: updates done.
        alive: positions that still train, bool (K,).
        best: parameters at each trial's best validation.
        best_row_losses: loss of each validation row at the best, (K, N), kept only where a recipe asks for it.
        start_loss: mean training loss before the first update, when every output is zero [3.2-28].
        compared_loss: what each trial's training loss is compared with: that of the start, on all rows or on the
            minibatches sampled before its last validation, whichever is larger, (K,).
        sampled_loss: sum of the minibatch losses sampled since the last validation, (K,).
        sampled_start: sum of the same minibatches' losses before the first update, (K,).
        num_sampled: how many they are.

    Raises:
        ConfigError: if the recipes differ in structure.
    """

    def __init__(self, recipes: Sequence[Recipe], task: Task, trials: Sequence[int] | None = None) -> None:
        _check(recipes)
        self.recipes, self.task = tuple(recipes), task
        self.trials = tuple(range(len(recipes))) if trials is None else tuple(trials)
        first = recipes[0]
        self.batch_size = first.batch_size
        self.validate_every = first.validate_every_steps or validation_interval(
            len(task.valid), self.batch_size
        )
        self.coefficients = Coefficients.of(recipes, len(task.network.layer_sizes), len(task.train))
        self.decay = AutomaticDecay(
            self.coefficients.decay_start,
            self.coefficients.decay_threshold,
            max(1, len(task.train) // self.batch_size),
        )
        self.stopping = Stopping(
            enabled=np.array([r.early_stopping for r in recipes]),
            patience=np.array([r.patience_steps for r in recipes], dtype=np.float64),
            increase=np.array([r.patience_increase for r in recipes]),
            threshold=np.array([r.improvement_threshold for r in recipes]),
            on_error=np.array([r.stop_on == "error" for r in recipes]),
        )
        self.num_steps = np.array([np.inf if r.num_steps is None else r.num_steps for r in recipes])
        values = task.train.values
        self.parameters = Parameters(task.network, len(recipes), values.dtype, values.device)
        for position, recipe in enumerate(recipes):
            initial = initial_parameters(task.network, recipe.seed, recipe.init_scale)
            self.parameters.put(position, {name: torch.from_numpy(value) for name, value in initial.items()})
        everyone = torch.arange(len(recipes))
        self.best = self.parameters.select(everyone)
        self.velocity = self.parameters.like() if first.momentum > 0 else None
        self.average = self.parameters.select(everyone) if first.averaging > 0 else None
        seeds = [recipe.seed for recipe in recipes]
        self.orders = {
            seed: Order(len(task.train), self.batch_size, seed, first.batch_order)
            for seed in dict.fromkeys(seeds)
        }
        self.best_row_losses: Tensor | None = None
        if any(recipe.significant_only for recipe in recipes):
            self.best_row_losses = values.new_full((len(recipes), len(task.valid)), torch.inf)
        self.step, self.alive = 0, np.ones(len(recipes), dtype=np.bool_)
        self._start_losses = _losses_at_zero(task)
        self.start_loss = float(self._start_losses.mean(dtype=torch.float64))
        self.compared_loss: Floats = np.full(len(recipes), self.start_loss)
        self.forget_sampled()
        self._build()

    def __len__(self) -> int:
        """Return K."""
        return len(self.recipes)

    def _build(self) -> None:
        """Make the buffers that depend on K but hold nothing that lasts."""
        network, shared = self.task.network, len(self.orders) == 1
        self.update = Step(
            network,
            self.parameters,
            self.velocity,
            self.average,
            self.coefficients,
            self.batch_size,
            shared=shared,
        )
        self.evaluator = Evaluator(network, self.average or self.parameters, self.task.valid)

    def batches(self, start: int, count: int) -> Tensor:
        """Return the rows of the next minibatches: (count, B) if all share them, else (count, K, B)."""
        by_seed = {seed: order.batches(start, count) for seed, order in self.orders.items()}
        if len(by_seed) == 1:
            return next(iter(by_seed.values()))
        return torch.stack([by_seed[recipe.seed] for recipe in self.recipes], dim=1)

    def forget_sampled(self) -> None:
        """Begin to sample the training loss anew."""
        self.sampled_loss, self.sampled_start = np.zeros((2, len(self)))
        self.num_sampled = 0

    def sample(self, indices: Tensor) -> None:
        """Take the loss of the update just done on the rows at ``indices`` into the training loss."""
        self.sampled_loss += self.update.batch_losses().double().numpy()
        if self.task.network.task == "regression":  # else every row starts with the same loss
            self.sampled_start += self._start_losses[indices].mean(-1, dtype=torch.float64).numpy()
        self.num_sampled += 1

    def compact(self) -> None:
        """Let the trials that have ended leave; their results must have been taken before."""
        if self.alive.all() or not self.alive.any():
            return
        keep = np.flatnonzero(self.alive)
        chosen = torch.from_numpy(keep)
        self.recipes = tuple(self.recipes[k] for k in keep)
        self.trials = tuple(self.trials[k] for k in keep)
        self.coefficients = self.coefficients.select(keep)
        self.decay.select(keep)
        self.stopping.select(keep)
        self.num_steps = self.num_steps[keep]
        self.sampled_loss, self.sampled_start = self.sampled_loss[keep], self.sampled_start[keep]
        self.compared_loss = self.compared_loss[keep]
        self.alive = self.alive[keep]
        self.parameters, self.best = self.parameters.select(chosen), self.best.select(chosen)
        self.velocity = self.velocity and self.velocity.select(chosen)
        self.average = self.average and self.average.select(chosen)
        if self.best_row_losses is not None:
            self.best_row_losses = self.best_row_losses[chosen]
        self.orders = {seed: self.orders[seed] for seed in dict.fromkeys(r.seed for r in self.recipes)}
        self._build()

    def best_of(self, position: int) -> Mapping[str, Tensor]:
        """Return the best weights of the trial at ``position``, named as in :class:`practicum.models.mlp.MLP`."""
        return self.best.get(position)


def validation_interval(num_valid: int, batch_size: int) -> int:
    """Return how many updates lie between two validations: twice as many examples as are validated [3.1-14].

    Example:
        >>> validation_interval(2000, 32)
        125
    """
    return max(MIN_VALIDATE_STEPS, -(-2 * num_valid // batch_size))


def _losses_at_zero(task: Task) -> Tensor:
    """Return the loss of each training row before the first update, (N,)."""
    target = task.train.values[:, task.train.num_inputs :]
    return OUTPUT_UNITS[task.network.task].row_losses(torch.zeros_like(target), target)


def _check(recipes: Sequence[Recipe]) -> None:
    if not recipes:
        raise ConfigError("`recipes` must hold at least one recipe, but got none.")
    different = [i for i, recipe in enumerate(recipes) if structure(recipe) != structure(recipes[0])]
    if different:
        raise ConfigError(
            f"`recipes` of one pack must have equal shapes, but recipe {different[0]} differs from recipe 0. "
            "Put recipes of other sizes, activations, batch sizes or preparations into packs of their own.",
            recipes=different,
        )
