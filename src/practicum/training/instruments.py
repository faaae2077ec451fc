"""What is measured of every trial of a pack while it trains, by layer: sizes of weights and steps, signal, idle units.

It only reads, at few validations (the first, then at twice the age each time), so that it costs next to nothing and
changes no bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import torch
from torch import Tensor

from practicum.core.events import Floats, Measured
from practicum.models.activations import ACTIVATIONS
from practicum.statistics.moments import root_mean_square
from practicum.statistics.saturation import FLAT
from practicum.statistics.update_ratio import update_ratio
from practicum.training.pack import Pack
from practicum.training.stack import Stack

LARGEST_SLOPE = {"sigmoid": 0.25}
"""Of activations for which it is not 1."""


@dataclass(frozen=True, slots=True)
class Signal:
    """What passed through the layers with the last minibatch; L layers of weights, from the input on.

    Attributes:
        output_rms: root mean square of each layer's output, (K, L).
        slope_rms: of the loss's slopes at each layer's pre-activations, as a share of those at the top, (K, L).
        idle_fraction: share of hidden units that are dead (rectifiers at zero for every row) or saturated (less than
            a twentieth of their slope left); nan at the top and for other non-linearities, (K, L).
    """

    output_rms: Tensor
    slope_rms: Tensor
    idle_fraction: Tensor


@runtime_checkable
class Shows(Protocol):
    """A program that can show what passed through its layers."""

    def signal(self) -> Signal:
        """Return what the last minibatch left in the buffers; nothing is computed anew."""


def is_due(step: int, validate_every: int) -> bool:
    """Return whether a pack is measured after update ``step``: at validations 1, 2, 4, 8 and so on.

    Example:
        >>> [step for step in range(0, 500, 25) if is_due(step, 25)]
        [25, 50, 100, 200, 400]
    """
    number, rest = divmod(step, validate_every)
    return rest == 0 and number > 0 and number & (number - 1) == 0


def measured(pack: Pack, before: Stack) -> Measured | None:
    """Return what is measured of a pack whose last update began at the parameters ``before``; None without weights.

    Source:
        Bengio 2012, 4.2-11, 4.2-13, 6.1-05.
    """
    program, now = pack.program, pack.parameters
    layers: dict[int, list[str]] = {}
    for name, role in program.roles.items():
        if role.kind == "weight":
            layers.setdefault(role.layer, []).append(name)
    if not layers:
        return None
    norms, ratios = [], []
    for names in layers.values():
        old, new = (_flat(stack, names) for stack in (before, now))
        norms.append(torch.linalg.vector_norm(old, dim=1))
        ratios.append(update_ratio(old, new))
    signal = program.signal() if isinstance(program, Shows) else None
    nothing = np.full((len(pack), len(layers)), np.nan)
    return Measured(
        step=pack.step,
        age=pack.step * pack.batch_size,
        trials=pack.trials,
        alive=pack.alive.copy(),
        weight_norm=_array(torch.stack(norms, 1)),
        update_ratio=_array(torch.stack(ratios, 1)),
        output_rms=nothing if signal is None else _array(signal.output_rms),
        slope_rms=nothing if signal is None else _array(signal.slope_rms),
        idle_fraction=nothing if signal is None else _array(signal.idle_fraction),
    )


def signal_of(outputs: list[Tensor], slopes: list[Tensor], idle: list[Tensor | None]) -> Signal:
    """Return the signal of layers whose outputs and slopes are given, each (K, H, B) without padding.

    Args:
        outputs: of each layer.
        slopes: of the loss, at each layer's pre-activations, in whatever unit they share.
        idle: whether each unit of each layer is idle, (K, H), or None where that has no meaning.
    """
    sizes = [root_mean_square(one) for one in outputs]
    steep = torch.stack([root_mean_square(one) for one in slopes], 1)
    unknown = sizes[0].new_full((len(sizes[0]),), torch.nan)
    return Signal(
        torch.stack(sizes, 1),
        steep / steep[:, -1:],
        torch.stack([unknown if one is None else one.to(unknown).mean(1) for one in idle], 1),
    )


def idle_units(outputs_KHB: Tensor, activation: str) -> Tensor:
    """Return which hidden units are idle on a minibatch, bool (K, H).

    A rectifier's unit is when it is at zero for every row, any other when less than :data:`FLAT` of its largest
    slope is left on average.

    Example:
        >>> idle_units(torch.tensor([[[0.0, 0.0], [0.0, 1.0]]]), "relu")
        tensor([[ True, False]])
    """
    slope_KHB = torch.ones_like(outputs_KHB)
    ACTIVATIONS[activation].backward_(slope_KHB, outputs_KHB.contiguous())
    mean_KH = slope_KHB.mean(2)
    if activation == "relu":
        return mean_KH == 0
    return mean_KH < FLAT * LARGEST_SLOPE.get(activation, 1.0)


def _flat(stack: Stack, names: list[str]) -> Tensor:
    return torch.cat([stack.blocks[name].flatten(1) for name in names], 1)


def _array(values_KL: Tensor) -> Floats:
    return values_KL.double().cpu().numpy()
