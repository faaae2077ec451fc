"""The shape of one trial's network: plain sizes, no tensors."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

MAX_EMBEDDING_SIZE = 50


@dataclass(frozen=True, slots=True)
class Network:
    """A multi-layer perceptron's shape.

    Attributes:
        num_inputs: numeric and one-hot inputs, I.
        hidden_sizes: units of each hidden layer; () is a linear model.
        num_outputs: output units, O.
        activation: name of the hidden non-linearity.
        task: "binary", "multiclass" or "regression"; decides the output unit and the loss.
        num_levels: levels V of each column that is looked up in an embedding.
    """

    num_inputs: int
    hidden_sizes: tuple[int, ...]
    num_outputs: int
    activation: str
    task: str
    num_levels: tuple[int, ...] = ()

    @property
    def embedding_sizes(self) -> tuple[int, ...]:
        """Numbers per level of each looked-up column: half its levels, at most :data:`MAX_EMBEDDING_SIZE`."""
        return tuple(min(MAX_EMBEDDING_SIZE, -(-levels // 2)) for levels in self.num_levels)

    @property
    def layer_sizes(self) -> tuple[tuple[int, int], ...]:
        """(fan-in, fan-out) of each layer, the output layer last."""
        first = self.num_inputs + sum(self.embedding_sizes)
        return tuple(pairwise((first, *self.hidden_sizes, self.num_outputs)))
