"""Trains one trial whose learning rate is chosen anew at intervals [3.1-06]."""

from __future__ import annotations

from collections.abc import Sequence

from practicum.core.record import Record
from practicum.engine.crew.keeper import Keeper
from practicum.engine.result import Result
from practicum.recipe import Recipe
from practicum.training.bottou import Choice, RateTrials, set_rates
from practicum.training.pack import Pack
from practicum.training.program import Task


def train_with_bottou(
    recipe: Recipe,
    task: Task,
    *,
    factors: Sequence[float],
    every_steps: int,
    subset_rows: int,
    record: Record | None = None,
) -> tuple[Result, tuple[Choice, ...]]:
    """Train one trial to its end with Bottou's rate; return what it reached, and which rates were chosen.

    Args:
        recipe: its learning rate is the first one that candidates are made from; something must end it.
        task: what to train on.
        factors: as for :class:`practicum.training.bottou.RateTrials`.
        every_steps: updates from one choice to the next; the first is before the first update.
        subset_rows: as for :class:`practicum.training.bottou.RateTrials`.
        record: takes in all events.

    Raises:
        ConfigError: if a number is out of range.

    Source:
        Bengio 2012, 3.1-06.

    Example:
        >>> from torch import eye, arange, nn
        >>> from practicum.training.lift.losses import named_loss
        >>> from practicum.training.lift.task import ModelTask
        >>> rows = {"x": eye(4), "y": arange(4)}
        >>> task = ModelTask(lambda recipe: nn.Linear(4, 4), named_loss("cross_entropy"), None, rows, rows)
        >>> recipe = Recipe(batch_size=4, learning_rate=0.1, num_steps=40)
        >>> _, choices = train_with_bottou(recipe, task, factors=(0.25, 1, 4), every_steps=20, subset_rows=4)
        >>> [(choice.step, choice.rate) for choice in choices]
        [(0, 0.4), (20, 1.6)]
    """
    pack, record = Pack([recipe], task), record or Record()
    keeper, trials = Keeper(pack), RateTrials(pack, factors, every_steps, subset_rows)
    results: list[Result] = []
    choices: list[Choice] = []
    while keeper.training:
        choices.append(trials.choose(pack))
        set_rates(pack, [choices[-1].rate])
        told = keeper.advance(pack.step + every_steps)
        record.fold(told.events)
        results += told.results
    return results[0], tuple(choices)
