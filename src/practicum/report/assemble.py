"""From what was learnt to the summary: score everything once, and put it into words and numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from practicum import __version__
from practicum.core import parts
from practicum.core.record import Record
from practicum.core.summary import Summary
from practicum.data.dataset import Task as TaskName
from practicum.data.pipeline import Prepared
from practicum.data.preparations import Preparations
from practicum.diagnose.fitting import curve_of, fitting_verdict
from practicum.engine.clock import Clock
from practicum.engine.result import Result
from practicum.models.baselines import Baseline
from practicum.models.network import Network
from practicum.recipe import Recipe
from practicum.report.outer import Outer, in_turn, nested_part
from practicum.report.predicted import Predictions
from practicum.report.scores import Scores, score_all
from practicum.report.searched import decisions_of, learning_rate_part, plain_values, search_part
from practicum.request import Request
from practicum.runs.elect import Elected
from practicum.tuning.cuts import cuts_of, ending_after
from practicum.tuning.effort import Effort
from practicum.tuning.finals import Finalist
from practicum.tuning.procedure import SHORT, Hunt
from practicum.tuning.setting import Curve, curves_of, near_error
from practicum.tuning.shortlist import before_cooling


@dataclass(frozen=True, slots=True)
class Learned:
    """What an experiment gave, before the test set is looked at.

    Attributes:
        request: what was asked for.
        data: rows, as each recipe asks for them.
        baselines: the least that a network has to beat.
        effort: how much the search was allowed, and how long trials trained.
        hunt: the search, or ``None`` when a recipe was given.
        finalists: trained on several seeds, the best first.
        elected: the committee.
        results: of all trainings.
        phases: name of the phase of each training, by number.
        record: all that was measured.
        interrupted: whether Ctrl-C ended training.
        outer: the outer folds, where nested cross-validation was asked for.
    """

    request: Request
    data: Preparations
    baselines: Sequence[Baseline]
    effort: Effort
    hunt: Hunt | None
    finalists: Sequence[Finalist]
    elected: Elected
    results: Sequence[Result]
    phases: Mapping[int, str]
    record: Record
    interrupted: bool
    outer: Outer | None = None

    @property
    def values(self) -> dict[int, Mapping[str, Any]]:
        """The values of the space's entries in each training, by number; none for a recipe that was given."""
        settings, beside = ([], []) if self.hunt is None else (self.hunt.found.settings, self.hunt.beside)
        finals = [*self.finalists, *beside]
        found = {result.trial: one.values for one in finals for folds in one.results for result in folds}
        return found | {result.trial: one.tried.values for one in settings for result in one.results}

    @property
    def winner(self) -> Finalist:
        """The finalist of the lowest mean validation error."""
        return self.finalists[0]

    @property
    def winner_rate(self) -> float:
        """The learning rate that the winner had in the search; its finals may have another schedule."""
        rate = before_cooling(self.winner.recipe, self.winner.values, self.effort.space).learning_rate
        return float(self.winner.values.get("learning_rate", rate))

    @property
    def decisions(self) -> dict[str, Any]:
        """What time decided: with it the same can be done without a clock."""
        return decisions_of(self.hunt, self.effort, self.results, self.phases, self.record)

    @property
    def hurried(self) -> bool:
        """Whether the time was too short even for a first validation."""
        if self.hunt is None:
            final = {result.trial for folds in self.winner.results for result in folds}
            return any(result.trial not in final for result in self.results)
        return all(setting.tried.phase.endswith(SHORT) for setting in self.hunt.found.ranked)

    @property
    def network(self) -> Network:
        """The shape of the committee's first member."""
        return self.elected.committee.network

    @property
    def recipe(self) -> Recipe:
        """The recipe that trains the winner's seeds again: the clock's decision written down as a number."""
        results = [result for folds in self.winner.results for result in folds]
        recipe = self.winner.recipe.changed(seed=self.request.seed, fold=0)
        # Up to the last validation: it would be one more if the training ended after it.
        cut = [max(1, counted) for _, counted in cuts_of(results, self.record).values()]
        # Where patience ended all, one update more is granted: a limit met exactly would add a validation there.
        longest = max(result.num_steps for result in results)
        ended = any(result.status == "num_steps" for result in results)
        most = max(cut) if cut else longest if ended else 1 + longest
        return ending_after(recipe, most)


def summarise(
    learned: Learned, clock: Clock, *, created: datetime, run: Path, command: str
) -> tuple[Summary, Predictions]:
    """Return the summary, and truth and prediction of the test rows. The test set is looked at here, once."""
    clock.enter("testing")
    data = learned.data.data
    metric, outer = learned.request.metric, learned.outer
    scores = score_all(learned.data, learned.elected, learned.baselines, metric)
    scores = in_turn(scores, outer, data, metric)
    loaded, schema, values = data.loaded, data.schema, learned.values
    curves = curves_of(learned.record, [result.trial for result in learned.results])
    summary = Summary(
        practicum=__version__,
        created=created.isoformat(timespec="seconds"),
        run=str(run),
        command=command,
        task=schema.task,
        metric=learned.request.metric,
        target=schema.target,
        classes=schema.classes,
        source=loaded.source,
        test_source=loaded.test.source if loaded.test else None,
        rows=_rows(data),
        columns=[parts.Column(**_column(column)) for column in schema.columns],
        split=_split(data, learned.request.seed),
        notes=[*_hurried(learned), *data.notes, *_narrow(learned.network), *_dependent(data)],
        baselines=scores.baselines,
        trials=[
            _trial(
                result,
                learned.phases[result.trial],
                values.get(result.trial, {}),
                curves.get(result.trial, ()),
            )
            for result in sorted(learned.results, key=lambda one: one.trial)
        ],
        learning_rate=learning_rate_part(learned.hunt, learned.winner_rate),
        search=search_part(learned.hunt, learned.effort, learned.finalists, learned.elected.shared_noise),
        decisions=learned.decisions,
        recipe=learned.recipe.model_dump(mode="json"),
        train=scores.train,
        valid=scores.valid,
        test=scores.test,
        nested=nested_part(outer, data, metric),
        fitting=_fitting(schema.task, scores, learned),
        seconds=clock.seconds(),
        budget_seconds=None if math.isinf(clock.budget_seconds) else clock.budget_seconds,
        interrupted=learned.interrupted or (outer is not None and outer.interrupted),
    )
    return summary, scores.predictions


def _fitting(task: TaskName, scores: Scores, learned: Learned) -> parts.Fitting:
    """Return whether the committee under- or overfits [4.1-08]."""
    first = learned.elected.results[0]
    baselines = {score.name: score.test.error for score in scores.baselines if score.test is not None}
    cut_short = first.status in ("budget", "num_steps", "stopped")
    return fitting_verdict(
        task,
        train=scores.train,
        valid=scores.valid,
        test=scores.test,
        constant_error=baselines.get("constant"),
        linear_error=baselines.get("linear"),
        curve=curve_of(learned.record.frame(), first.trial, cut_short=cut_short),
        metric=learned.request.metric,
    )


def _split(data: Prepared, seed: int) -> parts.Split:
    return parts.Split(
        method=data.split.method,
        seed=seed,
        duplicates_across=data.split.duplicates_across,
        column=data.schema.with_role("group") or data.schema.with_role("time"),
    )


def _trial(result: Result, phase: str, values: Mapping[str, Any], curve: Curve) -> parts.Trial:
    return parts.Trial(
        number=result.trial,
        phase=cast(parts.Phase, phase),
        learning_rate=result.recipe.learning_rate,
        seed=result.recipe.seed,
        fold=result.recipe.fold if result.recipe.num_folds else None,
        values=plain_values(values),
        num_steps=result.num_steps,
        batch_size=result.recipe.batch_size,
        seconds=result.seconds,
        status=result.status,
        best_step=result.best_step,
        train_loss=_finite(result.train_loss),
        valid_loss=_finite(result.valid_loss),
        valid_error=_finite(result.valid_error),
        near_error=_finite(near_error(result, curve)),
        stop=result.reason if result.status in ("halted", "patience") else "",
    )


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _rows(data: Prepared) -> parts.Rows:
    given = data.loaded.test
    train, valid, test = len(data.train), len(data.valid), len(data.test)
    total = len(data.loaded.table.frame) + (len(given.frame) if given else 0)
    return parts.Rows(
        total=total,
        used=train + valid + test,
        train=train,
        valid=valid,
        test=test,
        without_target=total - train - valid - test,
        valid_sizes=data.valid_sizes,
    )


def _column(column: Any) -> dict[str, Any]:
    return {name: getattr(column, name) for name in parts.Column.model_fields}


def _hurried(learned: Learned) -> list[str]:
    """Return a word where the time was over before the first validation, so that the least was done without it."""
    if not learned.hurried:
        return []
    steps = max(result.num_steps for result in learned.elected.results)
    return [
        f"The time was over before anything was validated; the least was done all the same, trainings of {steps} "
        "updates. Give a larger `--budget`."
    ]


def _narrow(network: Network) -> list[str]:
    """Return the chapter's word on a first layer narrower than the input [3.2-03]."""
    num_inputs = network.layer_sizes[0][0]
    if not network.hidden_sizes or network.hidden_sizes[0] >= num_inputs:
        return []
    return [
        f"The first hidden layer ({network.hidden_sizes[0]} units) is narrower than the input ({num_inputs}); "
        "a wider one usually does better [3.2-03]."
    ]


def _dependent(data: Prepared) -> list[str]:
    """Return a word on intervals where rows are not independent."""
    if data.split.method == "stratified":
        return []
    why = "Rows of one group are alike" if data.split.method == "group" else "Rows near in time are alike"
    return [f"{why}; the intervals take rows for independent, so they are too narrow."]
