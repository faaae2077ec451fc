"""The multi-layer perceptron as a plain module for one trial: what a user gets back, saves and reads."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from practicum.models.activations import ACTIVATIONS
from practicum.models.network import Network


class MLP(nn.Module):
    """A multi-layer perceptron for one trial; its outputs are logits.

    Args:
        network: the shape.
        parameters: values by name, as :func:`practicum.models.initial.initial_parameters` names them; without
            them the module starts at zero.

    Example:
        >>> MLP(Network(3, (5,), 2, "tanh", "multiclass"))(torch.zeros(4, 3)).shape
        torch.Size([4, 2])
    """

    def __init__(self, network: Network, parameters: Mapping[str, Tensor] | None = None) -> None:
        super().__init__()
        self.network = network
        self.layers = nn.ModuleList(nn.Linear(fan_in, fan_out) for fan_in, fan_out in network.layer_sizes)
        tables = zip(network.num_levels, network.embedding_sizes, strict=True)
        self.embeddings = nn.ModuleList(nn.Embedding(levels, size) for levels, size in tables)
        if parameters is None:
            for parameter in self.parameters():
                nn.init.zeros_(parameter)
        else:
            self.load_state_dict(dict(parameters))

    def forward(self, x: Tensor, codes: Tensor | None = None) -> Tensor:
        """Return logits, shape (B, O).

        Args:
            x: numeric and one-hot inputs, shape (B, I).
            codes: level of each looked-up column, shape (B, C); may be left out when C is 0.
        """
        if self.embeddings:
            if codes is None:
                raise TypeError("`codes` must be given: this network looks columns up in embeddings.")
            looked_up = [table(codes[:, column]) for column, table in enumerate(self.embeddings)]
            x = torch.cat([x, *looked_up], dim=1)
        activation = ACTIVATIONS[self.network.activation]
        for layer in self.layers[:-1]:
            x = activation.function(layer(x))
        logits: Tensor = self.layers[-1](x)
        return logits
