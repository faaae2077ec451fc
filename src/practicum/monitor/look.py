"""What was seen at one step that was looked at closely: plain numbers, by layer and by parameter."""

from __future__ import annotations

from dataclasses import dataclass

Counts = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class UnitLook:
    """The output of one operation in the forward pass: of weights, a norm or a non-linearity.

    Attributes:
        place: where in the forward pass, from 0.
        name: of the module or parameter that it belongs to; for a bare function its own name.
        kind: "linear", "convolution", "norm", or the non-linearity's name, such as "relu".
        num_units: outputs, channels or features.
        num_values: numbers of the output.
        input_rms: root mean square of what went in.
        mean: of the output.
        deviation: of the output.
        rms: root mean square of the output.
        gradient_rms: of the loss by the output; nan where none arrived.
        firing: of each unit of a rectifier, how many examples were above zero; empty for others.
        slopes: of each unit of a tanh or sigmoid, the mean slope left over the largest; empty for others.
        rows: examples that `firing` counts.
        histogram: of the output, at steps that are looked at deeply.
        gradient_histogram: of the loss's gradient by it, likewise.
    """

    place: int
    name: str
    kind: str
    num_units: int
    num_values: int
    input_rms: float
    mean: float
    deviation: float
    rms: float
    gradient_rms: float
    firing: Counts = ()
    slopes: tuple[float, ...] = ()
    rows: int = 0
    histogram: Counts = ()
    gradient_histogram: Counts = ()


@dataclass(frozen=True, slots=True)
class ParameterLook:
    """One parameter at one step; of a large weight, as evenly spaced rows of it tell.

    Attributes:
        name: of the parameter.
        kind: "weight" (two axes or more) or "bias" (and gains of norms).
        size: of numbers.
        norm: of the parameter before the step.
        raw_norm: of its gradient as the backward pass left it; nan for biases beside weights.
        gradient_norm: of its gradient as the optimiser took it.
        update_norm: of the step.
        velocity_norm: of the optimiser's running mean of gradients; nan where it has none.
        epsilon_share: share of numbers whose adaptive rate is held up by ε; nan where there is none.
        mean: of the numbers that were looked at.
        deviation: likewise.
        gradient_mean: of its gradient.
        gradient_deviation: likewise.
        histogram: of the numbers that were looked at, at steps that are looked at deeply.
        gradient_histogram: of their gradient, likewise.
    """

    name: str
    kind: str
    size: int
    norm: float
    raw_norm: float
    gradient_norm: float
    update_norm: float
    velocity_norm: float
    epsilon_share: float
    mean: float
    deviation: float
    gradient_mean: float
    gradient_deviation: float
    histogram: Counts = ()
    gradient_histogram: Counts = ()

    @property
    def update_ratio(self) -> float:
        """Size of the step beside the parameter [4.2-13]; nan where the parameter is zero."""
        return self.update_norm / self.norm if self.norm > 0 else float("nan")


@dataclass(frozen=True, slots=True)
class Settings:
    """What an optimiser's group was set to.

    Attributes:
        optimizer: its class.
        learning_rate: as it is now.
        momentum: of SGD or RMSprop; the first β of Adam and its kin; 0 where there is none.
        epsilon: that is added to the adaptive rate's denominator; nan where there is none.
        weight_decay: as it is set.
        num_parameters: of the group.
        decayed_biases: parameters of one axis in a group that decays.
    """

    optimizer: str
    learning_rate: float
    momentum: float
    epsilon: float
    weight_decay: float
    num_parameters: int
    decayed_biases: int


@dataclass(frozen=True, slots=True)
class Look:
    """One step.

    Attributes:
        step: from 1.
        age: examples seen, with this step [4.2-02].
        loss: of the minibatch.
        units: outputs in the order of the forward pass.
        parameters: in the order of the model; those of watched optimisers that had a gradient.
        settings: of each group of each optimiser.
        alignment: cosine between this step's gradient and the last step's; nan where that was not looked at.
        signal: inner product of the two: an estimate of the mean gradient's square.
        noise: likewise of the gradient's variance at this batch size.
        elsewhere: tensors that this step took from another device than the model's [5.1-03].
        strangers: parameters that the pass used and neither the model nor an optimiser knows.
    """

    step: int
    age: int
    loss: float
    units: tuple[UnitLook, ...]
    parameters: tuple[ParameterLook, ...]
    settings: tuple[Settings, ...]
    alignment: float = float("nan")
    signal: float = float("nan")
    noise: float = float("nan")
    elsewhere: int = 0
    strangers: int = 0

    @property
    def weights(self) -> tuple[ParameterLook, ...]:
        """Those parameters that have two axes or more."""
        return tuple(one for one in self.parameters if one.kind == "weight")
