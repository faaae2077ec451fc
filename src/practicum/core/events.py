"""What training tells while it runs: plain values, one class an event.

Training yields; it does not call back. Nothing that receives an event can alter the run.
Arrays in an event are copies of a few numbers per trial, so they may be kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
StopReason = Literal["patience", "diverged", "num_steps"]


@dataclass(frozen=True, slots=True)
class Validated:
    """All trials of a pack were evaluated on the validation set.

    Attributes:
        step: updates done, the same for all trials.
        age: examples seen = step × batch size [4.2-02].
        trials: numbers of the trials, length K; the arrays below have the same order.
        alive: whether the trial was still training; the others only wait for the next compaction, (K,).
        learning_rate: rate of the last update, shape (K,).
        train_loss: mean loss on the minibatches sampled since the last validation, nats or ½ squared error, (K,).
        valid_loss: mean loss on the validation set, (K,).
        valid_error: misclassified fraction, or root mean squared error over the target's deviation, (K,).
        improved: whether this is the trial's best so far, (K,).
    """

    step: int
    age: int
    trials: tuple[int, ...]
    alive: Bools
    learning_rate: Floats
    train_loss: Floats
    valid_loss: Floats
    valid_error: Floats
    improved: Bools


@dataclass(frozen=True, slots=True)
class Measured:
    """All trials of a pack were measured, layer by layer (L of them, from the input on), at their last update.

    Attributes:
        step: updates done.
        age: examples seen [4.2-02].
        trials: numbers of the trials, length K; the arrays below have the same order.
        alive: whether the trial still trains, (K,).
        weight_norm: norm of each layer's weights before the update, (K, L).
        update_ratio: size of the update beside the weights [4.2-13], (K, L).
        output_rms: root mean square of each layer's output on the minibatch; nan where a program does not show it.
        slope_rms: of the loss's slopes at each layer, as a share of those at the top layer; nan likewise.
        idle_fraction: share of a hidden layer's units that are dead or saturated; nan likewise, and at the top.
    """

    step: int
    age: int
    trials: tuple[int, ...]
    alive: Bools
    weight_norm: Floats
    update_ratio: Floats
    output_rms: Floats
    slope_rms: Floats
    idle_fraction: Floats


@dataclass(frozen=True, slots=True)
class Ended:
    """One trial ended for good; its best weights are kept.

    Attributes:
        step: updates done.
        trial: the trial's number.
        reason: "patience" (early stopping), "diverged" or "num_steps" (all steps done).
    """

    step: int
    trial: int
    reason: StopReason


Event = Validated | Measured | Ended
