"""What hooks have seen of a training loop: counts and names, from which rules conclude."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field

from practicum.core.finding import Finding


@dataclass(slots=True)
class Facts:
    """Facts about a loop, growing while it runs. A step is one call of ``monitor.step``.

    Attributes:
        num_steps: calls of ``monitor.step``.
        num_backwards: backward passes that reached the parameters.
        num_updates: steps of the optimisers that are watched.
        stale: backward passes that added to gradients which an update had used already.
        discarded: times that gradients were reset though no update had used them.
        without_graph: losses that no parameter can be reached from.
        in_evaluation: backward passes while the model was in evaluation mode.
        looked_in_training: forward passes without gradients while the model was in training mode.
        looked: forward passes without gradients.
        mode_matters: modules that behave differently in training, such as dropout, by name.
        num_trainable: parameters that require a gradient.
        frozen: parameters that require none.
        never_reached: by name, parameters that had no gradient at an update of the first optimiser, and at how many.
        outside: parameters that got a gradient but belong to no optimiser that is watched.
        moves_watched: by name, at how many updates it was looked whether a parameter with a gradient moved.
        unmoved: by name, at how many of these it did not.
        batches: fingerprints of the training batches, in order.
        batch_size: rows of the last training batch.
        looked_rows: rows of all forward passes without gradients.
        graph_sizes: by step, operations that are kept alive by tensors.
        losses: of each step.
        validations: step, loss and error (or None) of each validation.
        fits: findings about the loss, the output and the targets.
        first_not_finite: step of the first loss that was no finite number.
        bad_inputs: step and name ("inputs" or "targets") of the first that held no finite numbers.
        failures: what a hook itself stumbled over; it is then left out.
    """

    num_steps: int = 0
    num_backwards: int = 0
    num_updates: int = 0
    stale: int = 0
    discarded: int = 0
    without_graph: int = 0
    in_evaluation: int = 0
    looked_in_training: int = 0
    looked: int = 0
    mode_matters: tuple[str, ...] = ()
    num_trainable: int = 0
    frozen: tuple[str, ...] = ()
    never_reached: Counter[str] = field(default_factory=Counter)
    outside: tuple[str, ...] = ()
    moves_watched: Counter[str] = field(default_factory=Counter)
    unmoved: Counter[str] = field(default_factory=Counter)
    batches: list[int] = field(default_factory=list)
    batch_size: int = 0
    looked_rows: int = 0
    graph_sizes: dict[int, int] = field(default_factory=dict)
    losses: list[float] = field(default_factory=list)
    validations: list[tuple[int, float, float | None]] = field(default_factory=list)
    fits: tuple[Finding, ...] = ()
    first_not_finite: int | None = None
    bad_inputs: tuple[int, str] | None = None
    failures: tuple[str, ...] = ()

    def add_loss(self, value: float) -> None:
        """Take in the loss of one step."""
        self.losses.append(value)
        if self.first_not_finite is None and not math.isfinite(value):
            self.first_not_finite = self.num_steps
