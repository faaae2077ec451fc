"""What a user asks of a fit: the one object that every face makes and the experiment takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal

from practicum.data.dataset import Task as TaskName
from practicum.data.schema import Schema
from practicum.recipe import Recipe

if TYPE_CHECKING:
    from practicum.recipe.space import Space


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a user asks for.

    Attributes:
        data: path of a table, or a table in memory.
        target: column to predict.
        test: the same for testing; ``None`` keeps rows of ``data`` for that.
        task: "auto", "binary", "multiclass" or "regression".
        budget_seconds: wall clock of the whole command; ``None`` for no limit.
        num_trials: settings to try; ``None`` for as many as the time allows.
        num_seeds: trainings of each finalist [3.2-35].
        num_folds: parts for cross-validation, 1 for a hold-out set; ``None`` lets the number of rows decide.
        num_outer: outer folds of nested cross-validation, each tested by a search of its own; ``None`` for a test set.
        seed: where all random numbers start [3.2-34].
        out: new folder for the run; ``None`` for a name made of the data's and the time.
        resume: go on with the unfinished run of that name.
        recipe: train this one and search nothing.
        space: what the search varies, a space or a preset's name; ``None`` lets the time decide.
        scientific: entries of the space of which the user wants to know whether they matter [3.4-07].
        batch_sizes: to compare at equal time: these, "auto" for some around the search's, "off"; ``None`` lets time
            decide [3.1-08].
        grid: whether a small grid is drawn around the winner [3.4-07].
        sampler: name of the strategy.
        diagnosis: whether trials that a diagnosis calls hopeless leave early.
        decisions: what time decided in a run that is to be repeated.
        outer_decisions: the same in each of its outer folds.
        metric: what is minimised on validation rows.
        storage: where the study is kept while it grows; ``None`` for memory.
        schema: what the columns are, edited by a person.
        group: rows with one value of this column stay in one part of the split.
        time: train on the past, test on the future of this column.
        device: where networks are trained: "auto", "cpu", "cuda", …
        num_workers: packs trained side by side; one per core by default.
        started: moment of :func:`time.monotonic` when the budget began.
    """

    data: Any
    target: str
    test: Any | None = None
    task: TaskName | Literal["auto"] = "auto"
    budget_seconds: float | None = 60.0
    num_trials: int | None = None
    num_seeds: int = 5
    num_folds: int | None = None
    num_outer: int | None = None
    seed: int = 0
    out: Path | None = None
    resume: bool = False
    recipe: Recipe | None = None
    space: Space | str | None = None
    scientific: tuple[str, ...] = ()
    batch_sizes: tuple[int, ...] | Literal["auto", "off"] | None = None
    grid: bool = False
    sampler: str = "zoom"
    diagnosis: bool = True
    decisions: Mapping[str, Any] | None = None
    outer_decisions: Sequence[Mapping[str, Any]] = ()
    metric: str = "error"
    storage: str | None = None
    schema: Schema | None = None
    group: str | None = None
    time: str | None = None
    device: str = "auto"
    num_workers: int | None = None
    started: float = field(default_factory=monotonic)
