"""What hooks have seen of a training loop: counts and names, from which rules conclude."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, MutableSequence
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor, nn
from torch.optim import Optimizer

from practicum.core.finding import Finding
from practicum.monitor.answers import Answered
from practicum.monitor.look import Look
from practicum.monitor.looks import Looks
from practicum.monitor.sample import Sample


@dataclass(frozen=True, slots=True)
class Trained:
    """What a loop trains, and as it was before; to be copied, never to be touched.

    Attributes:
        model: itself.
        optimizers: that step it.
        loss_fn: of outputs and targets, or None; a copy where it is a module.
        start: a copy of the model from before the first step; None where it is too large to be kept twice.
    """

    model: nn.Module
    optimizers: tuple[Optimizer, ...]
    loss_fn: Callable[[Any, Any], Tensor] | None
    start: nn.Module | None


@dataclass(slots=True)
class Facts:
    """Facts about a loop, growing while it runs. A step is one call of ``monitor.step``.

    Attributes:
        num_steps: calls of ``monitor.step``.
        num_backwards: backward passes that reached parameters that are watched, while they were.
        num_passes: forward passes with gradients, in the beginning, where they were seen.
        num_updates: steps of the optimisers that are watched; after the beginning, as many a step are presumed.
        moved: whether a parameter changed between two backward passes, by whatever.
        stale: updates by gradients that had been added to ones which an update had used already.
        discarded: times that gradients were reset though no update had used them.
        overflows: backward passes, before the first update, whose gradient was no finite number.
        without_graph: losses that no parameter can be reached from.
        in_evaluation: most updates in succession by a model that was in evaluation mode as a whole.
        validations: step, loss and error (or None) of each validation.
        heard: validations whose passes were heard: the first ones.
        validated_in_training: of these, validations before which all passes without gradients ran in training mode.
        mode_matters: modules that behave differently in training, such as dropout, by name.
        num_trainable: parameters that require a gradient.
        frozen: parameters that require none.
        asked: by name, updates by its own optimiser at which it was looked whether a parameter had a gradient.
        never_reached: by name, at how many of these it had none.
        outside: parameters that got a gradient but belong to no optimiser that is watched.
        batches: fingerprints of the training batches, one a step.
        batch_size: rows of the last training batch.
        update_rows: rows that the last update which was looked at had gradients of: of several batches where they are
            accumulated; 0 where no update was.
        looked_rows: most rows of passes without gradients between two steps.
        held: by step, how many of the steps until then are still held in memory with all they computed.
        losses: of each step.
        fits: findings about the loss, the output and the targets.
        first_not_finite: step of the first loss that was no finite number.
        bad_inputs: the same step and "inputs" or "targets", where these hold NaN.
        rank: number of this process among those that train together; only the first one, 0, looks and speaks.
        failures: what a hook itself stumbled over; it is then left out.
        unasked: why rules that run the network on rows that were kept could not do so.
        looks: steps that were looked at closely.
        sample: rows that are kept.
        answers: what the model said in the first and the last validations.
        trained: what is trained; None where facts are made up.
        trajectory: step, age and outputs for the same few rows, (N, O): the network as a function [4.2-10].
        num_examples_seen: rows of all steps: their age.
        ended: whether nobody watches any more: the loop is over.
        rates: step and learning rate (of the first group of the first optimiser) wherever it had changed.
        waits: seconds from one step to the next one's forward pass, of the first steps.
        works: seconds of the same steps from there on until their loss was told.
        kept: what was concluded from the facts already, by what it depends on.
    """

    num_steps: int = 0
    num_backwards: int = 0
    num_passes: int = 0
    num_updates: int = 0
    moved: bool = False
    stale: int = 0
    discarded: int = 0
    overflows: int = 0
    without_graph: int = 0
    in_evaluation: int = 0
    validations: list[tuple[int, float, float | None]] = field(default_factory=list)
    heard: int = 0
    validated_in_training: int = 0
    mode_matters: tuple[str, ...] = ()
    num_trainable: int = 0
    frozen: tuple[str, ...] = ()
    asked: Counter[str] = field(default_factory=Counter)
    never_reached: Counter[str] = field(default_factory=Counter)
    outside: tuple[str, ...] = ()
    batches: list[int] = field(default_factory=list)
    batch_size: int = 0
    update_rows: int = 0
    looked_rows: int = 0
    held: dict[int, int] = field(default_factory=dict)
    losses: list[float] = field(default_factory=list)
    fits: tuple[Finding, ...] = ()
    first_not_finite: int | None = None
    bad_inputs: tuple[int, str] | None = None
    rank: int = 0
    failures: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()
    looks: MutableSequence[Look] = field(default_factory=Looks)
    sample: Sample = field(default_factory=Sample)
    answers: list[Answered] = field(default_factory=list)
    trained: Trained | None = None
    trajectory: list[tuple[int, int, Tensor]] = field(default_factory=list)
    num_examples_seen: int = 0
    ended: bool = False
    rates: list[tuple[int, float]] = field(default_factory=list)
    waits: list[float] = field(default_factory=list, compare=False)
    works: list[float] = field(default_factory=list, compare=False)
    kept: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)
