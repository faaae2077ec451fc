"""What each trial of a pack sees of the data: its fold, prepared its way; its bag of rows; its part of the inputs.

All of it follows from the trial's recipe and from the data, never from the company. A minibatch is drawn as row
numbers 0 … T−1, the same for all trials of one seed; a view turns them into rows of the source that the trial draws
from, or, bagged, into the rows that its bag holds there. Where all see the same, nothing is turned and one minibatch
serves all.

An input that a trial does not see counts as 0. That is the same as weights of 0 from it, at first and after every
update, which costs less than changing inputs and leaves a network that predicts from all inputs as they are.

Source: Bengio 2012, 3.2-37 (members differ by bags of rows, or by inputs), 3.2-42, 3-03.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from practicum.core.events import Floats
from practicum.core.seeds import stream
from practicum.models.network import Network
from practicum.recipe import Recipe

if TYPE_CHECKING:
    from practicum.training.mlp.task import MLPTask

View = tuple[int, int | None]
"""The place of a source, and the seed of a bag of its rows, if any."""


def bag(seed: int, num_rows: int) -> npt.NDArray[np.int64]:
    """Return ``num_rows`` row numbers drawn with replacement from as many, int64.

    Source:
        Bengio 2012, 3.2-37 (bagging).

    Example:
        >>> len(set(bag(0, 10_000).tolist())) / 10_000  # about 1 − 1/e
        0.6332
    """
    return stream(seed, "bagging").integers(num_rows, size=num_rows)


def seen_inputs(network: Network, recipe: Recipe) -> npt.NDArray[np.bool_]:
    """Return which inputs of the first layer a trial sees; a looked-up column is seen as a whole or not at all.

    Returns:
        One bool an input, looked-up numbers last, shape (I,).

    Source:
        Bengio 2012, 3.2-37 (subsets of the input variables).

    Example:
        >>> network = Network(4, (8,), 1, "tanh", "binary", num_levels=(3,))
        >>> seen_inputs(network, Recipe(input_fraction=0.6)).tolist()
        [True, True, False, True, False, False]
    """
    sizes = [1] * network.num_inputs + list(network.embedding_sizes)
    num_seen = max(1, round(recipe.input_fraction * len(sizes)))
    seen = stream(recipe.seed, "inputs").permutation(len(sizes)) < num_seen
    return np.repeat(seen, sizes)


class Views:
    """The views of the trials of a pack.

    Args:
        task: their data.
        recipes: of the K trials.

    Attributes:
        shared: whether one minibatch serves all.
        train: training rows that :meth:`rows` numbers.
        valid: validation rows, of the one source that all have, or of all sources.
        valid_starts: number of the first validation row of each trial, (K, 1); None where all have the same.
        deviations: of the targets of each trial's validation rows, (K,).
        seen: 1 for the inputs that a trial sees, 0 for the others, (K, 1, I); None where all see all.
    """

    def __init__(self, task: MLPTask, recipes: Sequence[Recipe]) -> None:
        places = [task.place(recipe) for recipe in recipes]
        self.deviations: Floats = np.array([task.valid.target_deviations[place] for place in places])
        self.train, self.valid, self._losses = task.train, task.valid, task.start_losses
        self.valid_starts: Tensor | None = None
        if len(set(places)) == 1:
            self.train, self.valid = self.train.source(places[0]), self.valid.source(places[0])
            self._losses = self._losses.view(-1, task.num_train)[places[0]]
            places = [0] * len(places)
        else:
            self.valid_starts = self._column(places) * task.num_valid
        self._num_train = task.num_train
        seeds = [recipe.seed if recipe.bagging else None for recipe in recipes]
        self._views: list[View] = list(zip(places, seeds, strict=True))
        self._distinct = list(dict.fromkeys(self._views))
        self.shared = len(self._distinct) == 1 and len({recipe.seed for recipe in recipes}) == 1
        self._bags: Tensor | None = None
        firsts = places
        if any(recipe.bagging for recipe in recipes):
            self._bags = torch.cat([self._rows_of(view) for view in self._distinct])
            firsts = [self._distinct.index(view) for view in self._views]
        self._starts = self._column(firsts) * task.num_train if len(self._distinct) > 1 else None
        self.seen = self._seen(task, recipes)

    def rows(self, indices: Tensor) -> Tensor:
        """Return the rows of :attr:`train` that a minibatch holds, (B,) if shared, else (K, B).

        Args:
            indices: numbers 0 … T−1, (B,) if all trials have one seed, else (K, B).
        """
        if self._starts is not None:
            indices = indices + self._starts
        return indices if self._bags is None else self._bags[indices]

    def start_loss(self) -> Floats:
        """Return the mean loss of each trial's training rows before the first update, (K,)."""
        found = {
            view: float(self._losses[self._rows_of(view)].mean(dtype=torch.float64))
            for view in self._distinct
        }
        return np.array([found[view] for view in self._views])

    def sampled_start(self, indices: Tensor) -> Floats:
        """Return the same of the rows of a minibatch, (K,), or one number if shared."""
        losses: Floats = self._losses[self.rows(indices)].mean(-1, dtype=torch.float64).cpu().numpy()
        return losses

    def _rows_of(self, view: View) -> Tensor:
        place, seed = view
        rows = np.arange(self._num_train) if seed is None else bag(seed, self._num_train)
        return torch.from_numpy(rows + place * self._num_train).to(self.train.values.device)

    def _column(self, values: Sequence[int]) -> Tensor:
        return torch.tensor(values, device=self.train.values.device)[:, None]

    def _seen(self, task: MLPTask, recipes: Sequence[Recipe]) -> Tensor | None:
        if all(recipe.input_fraction == 1 for recipe in recipes):
            return None
        seen = self.train.values.new_ones(len(recipes), 1, self.train.num_inputs)
        for mine, recipe in zip(seen, recipes, strict=True):
            if recipe.input_fraction < 1:
                chosen = torch.from_numpy(seen_inputs(task.network_of(recipe), recipe))
                mine[0, : len(chosen)] = chosen
        return seen
