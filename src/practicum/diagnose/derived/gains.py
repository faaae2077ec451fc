"""How much each layer of weights made of the signal before the first step; layers that a norm follows do not count."""

from __future__ import annotations

import math
from dataclasses import dataclass

from practicum.diagnose.derived.kept import kept
from practicum.diagnose.derived.passes import Layer, start_pass
from practicum.monitor.calls import SQUASHERS
from practicum.monitor.facts import Facts

WEIGHTS = ("linear", "convolution")


@dataclass(frozen=True, slots=True)
class Gains:
    """Of the layers of weights, in the order of the pass.

    Attributes:
        names: of the hidden layers.
        gains: of each hidden layer: root mean square of its output, bias left out, over that of its input.
        shrinking: spread over examples, last layer's over first's.
        num_layers: of weights, the last included.
        hidden_growth: the same of the last hidden layer.
        gradient_ratio: gradient in the first layer over that in the last.
        squashing: whether a tanh or a sigmoid stands between layers.
    """

    names: tuple[str, ...]
    gains: tuple[float, ...]
    shrinking: float
    num_layers: int
    hidden_growth: float
    gradient_ratio: float
    squashing: bool

    @property
    def gain(self) -> float:
        """Geometric mean of the gains; nan where there are none."""
        if not self.gains or min(self.gains) <= 0:
            return math.nan
        return math.exp(sum(math.log(one) for one in self.gains) / len(self.gains))

    @property
    def a_layer(self) -> float:
        """Factor by which the spread changes in each layer."""
        return self.shrinking ** (1 / max(1, self.num_layers - 1)) if self.shrinking > 0 else 0.0


@kept
def gains_of(facts: Facts) -> Gains | None:
    """Return the gains before the first step; None with less than two layers of weights, or none without a norm."""
    layers = start_pass(facts)
    places = [place for place, one in enumerate(layers) if one.kind in WEIGHTS]
    hidden = [layers[place] for place in places[:-1] if not _is_normed(layers, place)]
    if not hidden:
        return None
    first, last = layers[places[0]], layers[places[-1]]
    return Gains(
        names=tuple(one.name for one in hidden),
        gains=tuple(one.weighted_rms / one.input_rms if one.input_rms > 0 else math.nan for one in hidden),
        shrinking=last.spread / first.spread if first.spread > 0 else math.nan,
        num_layers=len(places),
        hidden_growth=layers[places[-2]].spread / first.spread if first.spread > 0 else math.nan,
        gradient_ratio=first.gradient_rms / last.gradient_rms if last.gradient_rms > 0 else math.nan,
        squashing=any(one.kind in SQUASHERS for one in layers[places[0] : places[-1]]),
    )


def _is_normed(layers: tuple[Layer, ...], place: int) -> bool:
    """Return whether a norm follows before the next layer of weights."""
    for one in layers[place + 1 :]:
        if one.kind == "norm":
            return True
        if one.kind in WEIGHTS:
            return False
    return False
