"""The noise that training puts on a perceptron: corrupted inputs, silenced hidden units.

Where a trial's level is 0 its numbers pass unchanged, so trials with and without noise may share a pack.
Source: Bengio 2012, 1.2-04..06 (corruption); dropout is after the chapter (Srivastava et al. 2014).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from practicum.models.network import Network
from practicum.recipe import Recipe
from practicum.training.mlp.layout import Parameters
from practicum.training.noise import Noise


class TrainingNoise:
    """Corruption and dropout for K trials.

    Args:
        network: shape of one trial.
        parameters: of the K trials; they give the padded widths.
        recipes: of the K trials, with one kind of corruption.
        batch_size: B, padded.

    Attributes:
        corrupts: whether any trial's inputs are corrupted.
        drops: whether any trial's hidden units are dropped.
    """

    def __init__(
        self, network: Network, parameters: Parameters, recipes: Sequence[Recipe], batch_size: int
    ) -> None:
        seeds, like = [recipe.seed for recipe in recipes], parameters.flat
        self.corrupts = network.num_inputs > 0 and any(recipe.corruption_level for recipe in recipes)
        self.drops = len(parameters.weights) > 1 and any(recipe.dropout for recipe in recipes)
        self._num_inputs, self._kind = network.num_inputs, recipes[0].corruption
        self._level_K = like.new_tensor([recipe.corruption_level for recipe in recipes])
        self._dropout_K = like.new_tensor([recipe.dropout for recipe in recipes])
        shape = (batch_size, network.num_inputs)
        purposes = ("corruption", "corruption/value") if self.corrupts else ()
        self._corruption = [Noise(seeds, purpose, shape, like) for purpose in purposes]
        hidden = parameters.weights[:-1] if self.drops else []
        self._dropout = [
            Noise(seeds, f"dropout/{layer}", (weight.shape[1], batch_size), like)
            for layer, weight in enumerate(hidden)
        ]

    def masks(self, step: int) -> list[Tensor]:
        """Return the masks of the hidden layers at update ``step``, (K, H, B) each; none without dropout."""
        return [noise.kept(step, self._dropout_K) for noise in self._dropout]

    def corrupt_(self, x_KBI: Tensor, step: int) -> None:
        """Corrupt the numeric inputs in place."""
        numeric = x_KBI[:, :, : self._num_inputs]
        which, value = self._corruption
        if self._kind == "gaussian":
            numeric.addcmul_(which.normal(step), self._level_K[:, None, None])
            return
        kept = which.uniform_at_least(step, self._level_K)
        numeric.mul_(kept)
        if self._kind == "salt_and_pepper":
            half = torch.full_like(self._level_K, 0.5)
            numeric.add_(~kept & value.uniform_at_least(step, half))


def training_noise(
    network: Network, parameters: Parameters, recipes: Sequence[Recipe], batch_size: int
) -> TrainingNoise | None:
    """Return the noise that ``recipes`` ask for, or None."""
    noise = TrainingNoise(network, parameters, recipes, batch_size)
    return noise if noise.corrupts or noise.drops else None
