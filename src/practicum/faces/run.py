"""A finished run in Python: `load` finds it, and it predicts."""

from __future__ import annotations

import copy
import html
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import polars as pl

from practicum.core.errors import ConfigError
from practicum.core.summary import Summary
from practicum.data.prepare import Preparation
from practicum.data.read import check_values, read
from practicum.data.schema import Schema
from practicum.models.mlp import MLP
from practicum.recipe import Recipe
from practicum.runs.committee import Committee
from practicum.runs.opening import OpenRun, open_run
from practicum.runs.predictor import Predictor, probabilities

if TYPE_CHECKING:
    from practicum.faces.diagnosed import RunDiagnosis
    from practicum.tuning.analysis.matters import Matters
    from practicum.tuning.analysis.pareto import Front

PREDICTION = "prediction"
PROBABILITY = "probability_{}"
"""Names of the columns of predictions."""


def load(path: str | Path) -> Run:
    """Return the finished run in the folder ``path``.

    Raises:
        RecordError: if there is none, or if it is damaged or of another version.
    """
    return Run(open_run(path))


class Run:
    """A finished run: what was learned, ready to predict. Made by ``practicum.fit`` and :func:`load`.

    Attributes:
        path: the run's folder.
        summary: everything the run has to say: data, baselines, trials, errors with intervals.
        classes: labels in the order of the outputs, shape (C,); None for regression. Labels that are all whole
            numbers are integers, others text.
    """

    def __init__(self, files: OpenRun) -> None:
        self._files = files
        self.path = files.path
        self.summary: Summary = files.summary
        # Read now: a damaged file should be told when the run is loaded, not in the middle of someone's program.
        committee = Committee.load(files.file("weights"))
        numbers = range(committee.num_preparations)
        self._predictor = Predictor(committee, [Preparation.load(files.path, number) for number in numbers])
        self.classes = self._predictor.classes

    @cached_property
    def recipe(self) -> Recipe:
        """The settings that the members were trained with."""
        return Recipe.load(self._files.file("recipe"))

    @property
    def schema(self) -> Schema:
        """What the columns are."""
        return self._predictor.schema

    def predict(self, data: Any) -> npt.NDArray[Any]:
        """Return the committee's prediction for each row, shape (N,): labels, or values in the target's unit.

        Args:
            data: a table like the one that was learned from, on disk or in memory; columns in any order, those
                that are not needed are ignored.

        Raises:
            DataError: if a column is missing or holds what cannot be read.

        Source:
            Bengio 2012, 3.2-37 (the mean of several networks).
        """
        return self._predictor.decode(self._outputs(data, []))

    def predict_proba(self, data: Any) -> npt.NDArray[np.float64]:
        """Return the probability of each class, shape (N, C), in the order of ``classes``.

        Args:
            data: as for :meth:`predict`.

        Raises:
            ConfigError: if the task is regression.
            DataError: as for :meth:`predict`.
        """
        self._check_classes()
        return probabilities(self._outputs(data, []))

    def predict_frame(
        self, data: Any, *, proba: bool = False, notes: list[str] | None = None
    ) -> pl.DataFrame:
        """Return predictions as a data frame: "prediction", with ``proba`` also "probability_<class>" each.

        Args:
            data: as for :meth:`predict`.
            proba: add the probabilities.
            notes: what should be said is appended here: ignored columns, levels never seen in training.

        Raises:
            ConfigError, DataError: as for :meth:`predict_proba`.
        """
        if proba:
            self._check_classes()
        outputs = self._outputs(data, [] if notes is None else notes)
        columns = {PREDICTION: pl.Series(self._predictor.decode(outputs).tolist())}
        if proba and self.classes is not None:
            names = [PROBABILITY.format(label) for label in self.classes]
            columns |= {name: pl.Series(p) for name, p in zip(names, probabilities(outputs).T, strict=True)}
        return pl.DataFrame(columns)

    def module(self, member: int = 0) -> MLP:
        """Return a copy of one member as a plain ``torch.nn.Module``.

        It takes prepared inputs (see ``practicum.data.prepare.Preparation``) and gives logits.

        Args:
            member: number of the member, from 0.

        Raises:
            ConfigError: if there is no such member.
        """
        members = self._predictor.committee.members
        count = len(members)
        if not 0 <= member < count:
            raise ConfigError(
                f"`member` must be from 0 to {count - 1}, but got member={member}.", member=member
            )
        return copy.deepcopy(members[member])

    def matters(self, name: str) -> Matters:
        """Return whether a setting matters, with all others at their best for each of its values.

        Args:
            name: of the setting; the search must have varied it.

        Raises:
            ConfigError: if the run did not search, or did not vary it; the nearest name is offered.

        Source:
            Bengio 2012, 3.4-07.
        """
        from practicum.report.answers import matters_of

        return matters_of(self.summary, name)[0]

    def pareto(self) -> Front:
        """Return the settings that no other beats in both validation error and training cost.

        Raises:
            ConfigError: if the run did not search.

        Source:
            Bengio 2012, 3.3-06.
        """
        from practicum.report.answers import front_of

        return front_of(self.summary)

    def diagnose(
        self,
        data: Any = None,
        *,
        budget: str | float = "60s",
        device: str = "cpu",
        workers: int | None = None,
        verbose: bool = False,
    ) -> RunDiagnosis:
        """Return what is wrong with the run, and which changes of its recipe help, tried beside random ones.

        Only training and validation rows are looked at, never the test rows. Ctrl-C keeps what was found so far.

        Args:
            data: the table that it learned from; where it lay then, without it.
            budget: time for what is tried, e.g. "60s", or seconds.
            device: where trials are trained: "auto", "cpu", "cuda", …
            workers: packs trained side by side; one per core by default.
            verbose: show progress on stderr.

        Raises:
            DataError: if the table is gone, or is another one.

        Source:
            Bengio 2012, 4.1-08, 4.1-09, 4.2-12.
        """
        from practicum.engine.clock import ignore
        from practicum.faces.budget import parse_budget
        from practicum.faces.diagnosis import diagnose_run
        from practicum.faces.progress import Display

        options: dict[str, Any] = {"data": data, "budget_seconds": parse_budget(budget), "device": device}
        options["num_workers"] = workers
        if not verbose:
            return diagnose_run(self._files, report=ignore, **options)
        with Display() as display:
            return diagnose_run(self._files, report=display.show, **options)

    def _outputs(self, data: Any, notes: list[str]) -> npt.NDArray[np.float64]:
        """Return the committee's output units, shape (N, O)."""
        table = read(data)
        notes.extend(table.notes)
        needed = [column.name for column in self.schema.inputs() if column.name in table.frame.columns]
        check_values(table, needed)
        return self._predictor.outputs(table.frame, notes)

    def _check_classes(self) -> None:
        if self.classes is None:
            raise ConfigError(
                "`proba` must be asked of a classifier, but this run's task is regression. "
                "Ask for predictions without probabilities.",
                task="regression",
            )

    def __repr__(self) -> str:
        said = f"{self.summary.task}, target={self.summary.target!r}"
        test = self.summary.test
        if test is not None:
            said += f", test error {test.error:.4g} [{test.interval[0]:.4g}, {test.interval[1]:.4g}]"
        return f"Run({str(self.path)!r}, {said})"

    def _repr_html_(self) -> str:
        """Return the same as a small table, for notebooks."""
        parts = self.summary.rows
        rows = {
            "run": str(self.path),
            "task": f"{self.summary.task}, target {self.summary.target}",
            "rows": f"{parts.train:,} train, {parts.valid:,} valid, {parts.test:,} test",
            "members": str(len(self._predictor.committee.members)),
        }
        test = self.summary.test
        if test is not None:
            low, high = test.interval
            rows["test error"] = f"{test.error:.4g} (95 % interval {low:.4g} to {high:.4g})"
        cells = "".join(
            f"<tr><th>{name}</th><td>{html.escape(text)}</td></tr>" for name, text in rows.items()
        )
        return f"<table>{cells}</table>"
