"""The parts of a run's summary: scores, rows, columns, trials, verdicts; :mod:`practicum.core.summary` joins them."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Number = Annotated[float, BeforeValidator(lambda value: math.nan if value is None else value)]
"""A float that is null in JSON where it is not finite."""

Phase = Literal["wide", "extended", "zoom", "batch_size", "grid", "seeds", "recipe"]
SEARCH_PHASES: tuple[Phase, ...] = ("wide", "extended", "zoom")
SEED_PHASES: tuple[Phase, ...] = ("seeds", "recipe")


class Part(BaseModel):
    """What all parts of a summary share: fixed once made, no unknown keys, null for what is not finite."""

    model_config = ConfigDict(extra="forbid", frozen=True, ser_json_inf_nan="null")


class Score(Part):
    """An error with its 95 % interval, and the number of rows it was measured on."""

    error: Number
    interval: tuple[Number, Number]
    num_rows: int


class Paired(Part):
    """The network's error minus another's on the same test rows, with its 95 % interval; negative = better."""

    value: Number
    interval: tuple[Number, Number]

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.interval[0] > 0.0 or self.interval[1] < 0.0


class Rows(Part):
    """Where the rows went; ``without_target`` were set aside, ``used`` is the sum of the three sets.

    ``valid_sizes`` are the validation rows of each class, or of regression their number.
    """

    total: int
    used: int
    train: int
    valid: int
    test: int
    without_target: int = 0
    valid_sizes: tuple[int, ...] = ()


class Column(Part):
    """One column as understood: its kind, what it is used for, how many values are missing."""

    name: str
    kind: str
    role: str
    missing: int = 0
    num_levels: int | None = None
    note: str = ""


class Split(Part):
    """How the rows were split; ``duplicates_across`` exact copies lie in more than one set."""

    method: Literal["random", "stratified", "group", "time", "given"]
    seed: int | None = None
    duplicates_across: int = 0
    fractions: tuple[float, float, float] | None = None
    column: str | None = None


class BaselineScore(Part):
    """What a simple model reaches: the least that a network has to beat.

    ``difference`` is the committee's test error minus this one's, row by row.
    """

    name: Literal["constant", "linear"]
    description: str
    valid: Score | None = None
    test: Score | None = None
    difference: Paired | None = None


class Trial(Part):
    """One setting trained once; validation loss and error are those at ``best_step``, the training loss is the last.

    ``values`` are those of the space's entries; ``seconds`` is what training it took of one core; ``near_error`` is the
    mean validation error around the validation that counts, which was chosen; ``stop`` is why a diagnosis ended it, a
    fault's id, its name and the evidence.
    """

    number: int
    phase: Phase
    learning_rate: float
    seed: int
    fold: int | None = None
    values: dict[str, Any] = Field(default_factory=dict)
    num_steps: int
    batch_size: int | None = None
    seconds: Number = 0.0
    status: Literal["patience", "diverged", "num_steps", "budget", "stopped", "halted", "failed"]
    best_step: int = 0
    train_loss: Number | None = None
    valid_loss: Number | None = None
    valid_error: Number | None = None
    near_error: Number | None = None
    stop: str = ""

    @property
    def diverged(self) -> bool:
        """Whether the loss blew up."""
        return self.status == "diverged"


class LearningRate(Part):
    """What the search over learning rates found [2.1-02, 3.1-01].

    ``ratio`` is the best rate over the largest that did not diverge, known where nothing but the rate was varied;
    ``resolved_factor`` is the ratio of neighbouring rates around the best.
    """

    best: float
    largest_stable: float | None = None
    smallest_diverged: float | None = None
    ratio: float | None = None
    resolved_factor: Number = math.nan
    extended: bool = False
    text: str = ""


class TestScore(Score):
    """The test set, looked at once: the committee's error (= ``error``) against its single members.

    ``difference`` is the committee's error minus the first member's, row by row.
    """

    __test__ = False  # the name starts with "Test", but pytest has nothing to collect here

    members: list[Number] = Field(default_factory=list)
    committee: Number
    member_mean: Number
    difference: Paired | None = None
    metrics: dict[str, Number] = Field(default_factory=dict)


class Fitting(Part):
    """Whether the network under- or overfits, why we think so, and what to try next [4.1-08]."""

    verdict: Literal["underfits", "overfits", "balanced", "unclear"]
    text: str
    advice: list[str] = Field(default_factory=list)
