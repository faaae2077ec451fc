"""What `practicum.search` gives back: the best trial, everything that was tried, and what it means."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from practicum.faces.trials import Trial, trials_of

if TYPE_CHECKING:
    import polars as pl

    from practicum.recipe.space import Space
    from practicum.training.lift.task import ModelTask
    from practicum.tuning.analysis.conclusion import Conclusion
    from practicum.tuning.finals import Finalist
    from practicum.tuning.own import Searched
    from practicum.tuning.trial import Tried

MOST_SHOWN = 12
"""Settings of the best recipe that are shown in words."""


@dataclass(frozen=True, repr=False)
class SearchResult:
    """The outcome of a search.

    Attributes:
        best: the best seed of the best setting; ``best.module()`` is the trained module.
        values: of the best setting, by the names of the space.
        trials: every setting that was tried, in the order of their numbers; the best keep their weights.
        finalists: the best few settings, the best first, each trained on the same seeds.
        space: what was varied at the end, perhaps extended over a border.
        conclusion: what the finished trials mean, in sentences, the most important first.
        comparison: whether the finalists can be told apart, a sentence.
        end: why the search ended, in words.
        interrupted: whether Ctrl-C ended it.
    """

    best: Trial
    values: dict[str, Any]
    trials: list[Trial]
    finalists: list[list[Trial]]
    space: Space
    conclusion: list[str]
    comparison: str
    end: str
    interrupted: bool
    _tried: Sequence[Tried] = field(repr=False)
    _concluded: Conclusion = field(repr=False)

    @property
    def errors(self) -> list[float]:
        """Validation error of the best setting on each seed."""
        return [trial.valid_error for trial in self.finalists[0]]

    @property
    def text(self) -> str:
        """The outcome in a few lines."""
        return "\n".join([*self._lines(), *(f"- {sentence}" for sentence in self.conclusion)])

    def table(self) -> pl.DataFrame:
        """Return a row for each setting: number, phase, status, valid_error, cost_seconds, num_steps, its values."""
        import polars as pl

        rows = [
            {
                "number": one.number,
                "phase": one.phase,
                "status": trial.status,
                "valid_error": one.error,
                "cost_seconds": one.cost,
                "num_steps": trial.num_steps,
                **{name: one.values.get(name) for name in self.space.names},
            }
            for one, trial in zip(self._tried, self.trials, strict=True)
        ]
        return pl.DataFrame(rows, infer_schema_length=None)

    def pareto(self) -> pl.DataFrame:
        """Return the settings that are worth their cost, the best first: number, valid_error, cost_seconds [3.3-06]."""
        import polars as pl

        front = self._concluded.front.trials
        return pl.DataFrame(
            {
                "number": [one.number for one in front],
                "valid_error": [one.error for one in front],
                "cost_seconds": [one.cost for one in front],
            },
            schema={"number": pl.Int64, "valid_error": pl.Float64, "cost_seconds": pl.Float64},
        )

    def best_of_n(self) -> pl.DataFrame:
        """Return the expected best error of N random trials: num_trials, mean, deviation, as_tried [3.4-04]."""
        import polars as pl

        curve = self._concluded.convergence
        return pl.DataFrame(
            {
                "num_trials": curve.sizes,
                "mean": curve.mean,
                "deviation": curve.deviation,
                "as_tried": curve.first,
            }
        )

    def _lines(self) -> list[str]:
        finite = np.array([error for error in self.errors if math.isfinite(error)])
        halted = sum(trial.status == "halted" for trial in self.trials)
        diverged = sum(trial.status == "diverged" for trial in self.trials)
        shown = [f"{name}={_shown(value)}" for name, value in list(self.values.items())[:MOST_SHOWN]]
        spread = f" ± {finite.std(ddof=1):.2g}" if len(finite) > 1 else ""
        on = f"{len(finite)} seeds" if len(finite) > 1 else "one seed"
        return [
            f"Best setting: {', '.join(shown)}",
            f"Validation error {finite.mean():.4g}{spread} on {on}; best seed {self.best.valid_error:.4g}",
            f"{len(self.trials)} settings tried, {halted} ended early, {diverged} diverged; {self.end}",
            *([self.comparison] if len(self.finalists) > 1 else []),
        ]

    def __repr__(self) -> str:
        """Return the first lines."""
        return "\n".join(["SearchResult", *(f"  {line}" for line in self._lines())])

    def _repr_html_(self) -> str:
        """Return the outcome for a notebook."""
        lines = "<br>".join(map(escape, self._lines()))
        items = "".join(f"<li>{escape(sentence)}</li>" for sentence in self.conclusion)
        return f"<p>{lines}</p><ul>{items}</ul>"


def result_of(found: Searched, task: ModelTask) -> SearchResult:
    """Return what users see of a search over ``task``."""
    from practicum.tuning.analysis.conclusion import analyse
    from practicum.tuning.analysis.pairs import compare

    settings, space = found.hunt.found.settings, found.hunt.space
    firsts = [setting.results[0] for setting in settings]
    numbers = {setting.results[0].trial: setting.tried.number for setting in settings}
    finalists = [_finalist(one, found, task) for one in found.finalists]
    tried = found.hunt.found.tried
    concluded = analyse(tried, space)
    return SearchResult(
        best=min(finalists[0], key=lambda trial: (trial.valid_error, trial.valid_loss)),
        values=dict(found.finalists[0].values),
        trials=trials_of(firsts, found.record, task.build, numbers),
        finalists=finalists,
        space=space,
        conclusion=[*found.hunt.extended_texts, *concluded.sentences()],
        comparison=compare([one.errors for one in found.finalists]).text,
        end=found.hunt.end_text,
        interrupted=found.interrupted,
        _tried=tried,
        _concluded=concluded,
    )


def _finalist(one: Finalist, found: Searched, task: ModelTask) -> list[Trial]:
    """Return a trial for each seed."""
    results = [folds[0] for folds in one.results]
    return trials_of(results, found.record, task.build, {result.trial: one.number for result in results})


def _shown(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
