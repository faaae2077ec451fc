"""From rows of a table to tensors: fitted on the training rows only, then the same for all rows [3.2-38..42].

Blocks of rows are read, scaled and written into one float32 matrix, so that nothing of its size is ever copied.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import torch
from numpy.typing import NDArray

from practicum.core.errors import DataError
from practicum.data.categorical import Levels
from practicum.data.dataset import Dataset
from practicum.data.encode import Categories, ColumnPlan, fit_column
from practicum.data.notes import check_present, fit_notes, rows_notes
from practicum.data.numeric import Preprocess, Tails
from practicum.data.pca import Projection, fit_projection
from practicum.data.schema import Schema
from practicum.data.target import encode_labels, fit_target, read_target

Rows = NDArray[np.int64]

BLOCK_ROWS = 8192  # of 60 inputs fit a processor's cache


@dataclass(frozen=True)
class Preparation:
    """How rows become tensors, fitted on training rows.

    Inputs per kind: numbers standardised (or as ``preprocess`` says), missing ones at the mean with an input of
    their own; booleans and one-hot categories plain 0 and 1, so that rare values stay small; dates as elapsed
    days, year, day, and month, weekday and hour on circles. A level never seen in training is all zeros (an
    input for "unseen" would never be trained).
    Standardised values are kept within ±10 deviations.

    Attributes:
        schema: of the table.
        plans: one a column, in the order of the schema; columns without inputs are left out.
        projection: on principal components, or None.
        target_mean: of the training rows (regression; else 0).
        target_scale: their standard deviation (regression; else 1).
        notes: what should be said about the fit.

    Source:
        Bengio 2012, 3.2-38 to 3.2-42.
    """

    schema: Schema
    plans: tuple[ColumnPlan, ...]
    projection: Projection | None = None
    target_mean: float = 0.0
    target_scale: float = 1.0
    notes: tuple[str, ...] = ()

    @classmethod
    def fit(
        cls,
        frame: pl.DataFrame,
        schema: Schema,
        *,
        rows: Rows | None = None,
        preprocess: Preprocess = "standardise",
        tails: Tails = "none",
        pca_variance: float | None = None,
        categories: Categories = "one_hot",
    ) -> Preparation:
        """Return the preparation that training rows ask for.

        Args:
            frame: the table.
            schema: what its columns are.
            rows: numbers of the training rows; None: all.
            preprocess: "standardise", "uniformise", "unit" or "none" [3.2-38, 3.2-40].
            tails: "log" or "sqrt" for columns with a long tail [3.2-41].
            pca_variance: fraction of the variance to keep, or None for no PCA [3.2-39].
            categories: "one_hot", or "embedding" for codes to look up.

        Raises:
            DataError: if a column is absent or cannot be read, or no input differs between rows.
            ConfigError: if ``pca_variance`` is outside (0, 1].

        Example:
            >>> from practicum.data.schema import Column
            >>> frame = pl.DataFrame({"x": [1.0, 3.0], "y": ["no", "yes"]})
            >>> schema = Schema(task="binary", target="y", classes=["no", "yes"],
            ...                 columns=[Column(name="x", kind="numeric")])
            >>> preparation = Preparation.fit(frame, schema)
            >>> preparation.transform(frame).x
            tensor([[-1.],
                    [ 1.]])
        """
        columns = schema.inputs()
        check_present([column.name for column in columns], frame.columns)
        found = [
            fit_column(
                _taken(frame[column.name], rows),
                column,
                preprocess=preprocess,
                tails=tails,
                categories=categories,
            )
            for column in columns
        ]
        plans = tuple(plan for plan in found if plan.input_names or plan.embedded)
        if not plans:
            raise DataError(
                "The training rows must differ in some input, but all input columns are constant there."
                " Add columns that tell the rows apart.",
                columns=[column.name for column in columns],
            )
        mean, scale = fit_target(_taken(frame[schema.target], rows), schema.task)
        fitted = cls(schema, plans, None, mean, scale, tuple(fit_notes(found)))
        if pca_variance is None or not fitted.num_inputs:
            return fitted
        projection = fit_projection(fitted._blocks(frame, rows), pca_variance)
        said = (
            f"{projection.weight.shape[1]} principal components keep {projection.kept:.1%} of the variance of"
            f" {projection.weight.shape[0]} inputs."
        )
        return cls(schema, plans, projection, mean, scale, (*fitted.notes, said))

    @property
    def input_names(self) -> tuple[str, ...]:
        """Return a name for each column of ``x``."""
        if self.projection is not None:
            return tuple(f"component {number + 1}" for number in range(self.projection.weight.shape[1]))
        return tuple(name for plan in self.plans for name in plan.input_names)

    @property
    def num_inputs(self) -> int:
        """Return I, the columns of ``x``."""
        return len(self.input_names)

    @property
    def num_levels(self) -> tuple[int, ...]:
        """Return the levels of each column that is looked up, "unseen" counted."""
        return tuple(levels.num_codes for _, levels in self._embedded())

    @property
    def num_outputs(self) -> int:
        """Return O: a unit a class, or one (binary, regression)."""
        return len(self.schema.classes or ()) if self.schema.task == "multiclass" else 1

    def transform(
        self,
        frame: pl.DataFrame,
        *,
        with_target: bool = True,
        rows: Rows | None = None,
        notes: list[str] | None = None,
    ) -> Dataset:
        """Return rows as tensors on the CPU.

        Args:
            frame: any rows with the input columns, in any order; other columns are ignored.
            with_target: whether to fill the target; otherwise it has shape (N, 0).
            rows: numbers of the rows wanted; None: all.
            notes: what should be said is appended here: ignored columns, unseen levels, matched labels.

        Raises:
            DataError: if a column is absent or a cell cannot be read as in training.
        """
        needed = [plan.name for plan in self.plans]
        check_present([*needed, *([self.schema.target] if with_target else [])], frame.columns)
        if notes is not None:
            notes.extend(rows_notes(self.schema, self.plans, frame, rows))
        num_rows = len(frame) if rows is None else len(rows)
        x = torch.empty((num_rows, self.num_inputs), dtype=torch.float32)
        start, out = 0, x.numpy()
        for block in self._blocks(frame, rows):
            projected = block if self.projection is None else self.projection.apply(block)
            out[start : start + len(block)] = projected
            start += len(block)
        codes = torch.empty((num_rows, len(self.num_levels)), dtype=torch.int64)
        for place, (name, levels) in enumerate(self._embedded()):
            codes.numpy()[:, place] = levels.encode(_taken(frame[name], rows))
        target = torch.empty((num_rows, 0), dtype=torch.float32)
        if with_target:
            target = torch.from_numpy(self._target(_taken(frame[self.schema.target], rows), notes))
        return Dataset(x, codes, target, self.num_levels)

    def decode(self, outputs: NDArray[Any]) -> NDArray[Any]:
        """Return what a network says, in the user's terms.

        Args:
            outputs: probabilities (binary: of the second class) or standardised values, shape (N, O) or (N,).

        Returns:
            Labels (text), or values in the target's unit (float64), shape (N,).
        """
        outputs = np.asarray(outputs, dtype=np.float64).reshape(len(outputs), -1)
        if self.schema.classes is None:
            return outputs[:, 0] * self.target_scale + self.target_mean
        labels = np.asarray(self.schema.classes, dtype=object)
        if self.schema.task == "binary":
            return labels[(outputs[:, 0] > 0.5).astype(np.int64)]
        decoded: NDArray[Any] = labels[outputs.argmax(axis=1)]
        return decoded

    def save(self, folder: Path, number: int = 0) -> None:
        """Write ``preparation.json`` and ``preparation.safetensors`` into a folder that exists.

        With a ``number`` above 0 they are ``preparation-1.json`` and so on, for committees of several preparations.
        """
        from practicum.data.stored import save_preparation

        save_preparation(self, folder, number)

    @classmethod
    def load(cls, folder: Path, number: int = 0) -> Preparation:
        """Read what :meth:`save` wrote; it transforms to the same bits.

        Raises:
            RecordError: if a file is absent, damaged or of another version.
        """
        from practicum.data.stored import load_preparation

        return load_preparation(folder, number)

    def _embedded(self) -> Iterator[tuple[str, Levels]]:
        for plan in self.plans:
            if plan.embedded and plan.levels is not None:
                yield plan.name, plan.levels

    def _blocks(self, frame: pl.DataFrame, rows: Rows | None) -> Iterator[NDArray[np.float32]]:
        """Yield the inputs before projection, block by block, each valid until the next."""
        widths = [len(plan.input_names) for plan in self.plans]
        ends = np.cumsum(widths).tolist()
        buffer = np.empty((BLOCK_ROWS, ends[-1]), dtype=np.float32)
        num_rows = len(frame) if rows is None else len(rows)
        for start in range(0, num_rows, BLOCK_ROWS):
            stop = min(start + BLOCK_ROWS, num_rows)
            picked = slice(start, stop) if rows is None else rows[start:stop]
            block = buffer[: stop - start]
            for plan, width, end in zip(self.plans, widths, ends, strict=True):
                try:
                    plan.fill(_taken(frame[plan.name], picked), block[:, end - width : end])
                except DataError:
                    plan.numbers(frame[plan.name])  # fails too, and names the row of the table
                    raise
            yield block

    def _target(self, series: pl.Series, notes: list[str] | None) -> NDArray[np.float32]:
        """Return what the output units should say, shape (N, O)."""
        if self.schema.classes is None:
            values = (read_target(series) - self.target_mean) / self.target_scale
            return values.astype(np.float32)[:, None]
        codes = encode_labels(series, self.schema.classes, notes)
        if self.schema.task == "binary":
            return codes.astype(np.float32)[:, None]
        rows = np.zeros((len(codes), self.num_outputs), dtype=np.float32)
        rows[np.arange(len(codes)), codes] = 1.0
        return rows


def _taken(series: pl.Series, rows: Rows | slice | None) -> pl.Series:
    """Return some rows of a column; without a copy where they are a range."""
    if rows is None:
        return series
    if isinstance(rows, slice):
        return series.slice(rows.start, rows.stop - rows.start)
    return series.gather(rows)
