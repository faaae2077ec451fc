"""Initial values of one trial's parameters, each from its own stream, whatever the pack looks like.

Source: Bengio 2012, 3.2-28..31: biases 0, output weights 0, hidden weights U(−r, r) with
r = scale · gain · √(6/(fan-in + fan-out)). Bergstra & Bengio's search also tries a normal, and the older 1/√fan-in
[3.4-09].
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from practicum.core.seeds import stream
from practicum.models.activations import ACTIVATIONS
from practicum.models.network import Network


def glorot_range(fan_in: int, fan_out: int, activation: str) -> float:
    """Return r, the half-width of the uniform initial distribution of a layer's weights.

    Source:
        Bengio 2012, 3.2-30.

    Example:
        >>> round(glorot_range(784, 500, "tanh"), 5), round(glorot_range(784, 500, "sigmoid"), 5)
        (0.06836, 0.27343)
    """
    return ACTIVATIONS[activation].init_gain * float(np.sqrt(6 / (fan_in + fan_out)))


def initial_parameters(
    network: Network,
    seed: int,
    scale: float = 1.0,
    distribution: Literal["uniform", "normal"] = "uniform",
    heuristic: Literal["glorot", "fan_in"] = "glorot",
) -> dict[str, npt.NDArray[np.float64]]:
    """Return the initial values of every parameter, named as in :class:`practicum.models.mlp.MLP`.

    The output layer starts at zero [3.2-28], so the first prediction is the same for every input. An embedding
    starts at variance one, like the standardised inputs beside it; its level 0, "unseen", starts (and, as no row
    asks for it in training, stays) at zero.

    Args:
        network: the shape.
        seed: the trial's seed; the same seed gives the same values in any pack.
        scale: factor on the range of all hidden weights [3.2-31].
        distribution: of the hidden weights; a normal has the deviation of the uniform, r/√3.
        heuristic: what r is: Glorot's [3.2-30], or the older 1/√fan-in, the same for every activation [3.2-29].

    Returns:
        ``layers.i.weight`` (fan-out, fan-in), ``layers.i.bias`` (fan-out,), ``embeddings.c.weight`` (V, size).

    Source:
        Bengio 2012, 3.2-28 to 3.2-31.

    Example:
        >>> values = initial_parameters(Network(3, (5,), 2, "tanh", "multiclass"), seed=0)
        >>> values["layers.0.weight"].shape, float(abs(values["layers.1.weight"]).max())
        ((5, 3), 0.0)
    """
    values: dict[str, npt.NDArray[np.float64]] = {}
    last = len(network.layer_sizes) - 1
    for layer, (fan_in, fan_out) in enumerate(network.layer_sizes):
        weight = np.zeros((fan_out, fan_in))
        if layer < last:
            glorot = heuristic == "glorot"
            r = scale * (
                glorot_range(fan_in, fan_out, network.activation) if glorot else 1 / np.sqrt(max(fan_in, 1))
            )
            weight = _draw(stream(seed, f"init/layers.{layer}"), r, distribution, (fan_out, fan_in))
        values[f"layers.{layer}.weight"] = weight
        values[f"layers.{layer}.bias"] = np.zeros(fan_out)
    for column, (levels, size) in enumerate(zip(network.num_levels, network.embedding_sizes, strict=True)):
        table = stream(seed, f"init/embeddings.{column}").standard_normal((levels, size))
        table[0] = 0.0
        values[f"embeddings.{column}.weight"] = table
    return values


def _draw(
    random: np.random.Generator, r: float, distribution: str, shape: tuple[int, int]
) -> npt.NDArray[np.float64]:
    """Return weights of mean 0 and deviation r/√3, either uniform on (−r, r) or normal."""
    if distribution == "normal":
        return random.normal(0.0, r / np.sqrt(3), size=shape)
    return random.uniform(-r, r, size=shape)
