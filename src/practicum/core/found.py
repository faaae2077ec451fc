"""The part of a run's summary that tells of its search: what was tried, what it says, who won and how surely."""

from __future__ import annotations

import math
from typing import Any

from pydantic import Field

from practicum.core.parts import Number, Part


class FinalistScore(Part):
    """One of the best few settings, trained again on several seeds [3.2-35].

    ``errors`` are validation errors by seed; ``interval`` is that of their mean over seeds.
    """

    number: int
    values: dict[str, Any] = Field(default_factory=dict)
    errors: list[Number] = Field(default_factory=list)
    mean: Number = math.nan
    interval: tuple[Number, Number] = (math.nan, math.nan)
    chosen: bool = False


class BatchSizeScore(Part):
    """What one batch size reached in the time that every size had [3.1-08].

    ``cost`` is that of one example of one trial: seconds of one core, or without a clock by a fixed model;
    ``learning_rate`` the best of those tried with the size; ``share`` the part of its time that it had before the clock
    ended it.
    """

    batch_size: int
    cost: Number
    num_steps: int
    learning_rate: float
    error: Number = math.nan
    standard_error: Number = math.nan
    share: Number = 1.0


class BatchSizeTable(Part):
    """Batch sizes compared at equal time; ``timed`` says whether their costs were measured."""

    rows: list[BatchSizeScore]
    present: int
    chosen: int
    timed: bool
    text: str = ""


class GridTable(Part):
    """A small grid around the winner over the two numbers that matter most; nothing was chosen by it [3.4-07].

    ``errors`` has a row for each of ``row_values``; ``best`` are the winner's own two values.
    """

    row_name: str
    column_name: str
    row_values: list[float]
    column_values: list[float]
    best: tuple[float, float]
    errors: list[list[Number]]
    num_steps: int
    text: str = ""


class Search(Part):
    """A search over hyper-parameters.

    ``sentences`` say
    what the finished trials mean, the most important first; ``conclusion`` are the numbers behind them;
    ``shared_noise`` is the share of the validation rows' noise that all trials have in common; ``stopped`` says of each
    setting that a diagnosis stopped, by number, why.
    """

    strategy: str
    space: dict[str, Any] = Field(default_factory=dict)
    num_settings: int
    num_folds: int = 1
    num_halted: int = 0
    stopped: dict[str, str] = Field(default_factory=dict)
    num_diverged: int = 0
    end: str = ""
    seconds_a_setting: Number = math.nan
    sentences: list[str] = Field(default_factory=list)
    conclusion: dict[str, Any] = Field(default_factory=dict)
    best_error: Number = math.nan
    corrected_error: Number = math.nan
    shared_noise: Number = math.nan
    finalists: list[FinalistScore] = Field(default_factory=list)
    comparison: str = ""
    batch_sizes: BatchSizeTable | None = None
    grid: GridTable | None = None
