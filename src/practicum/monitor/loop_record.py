"""All that was measured of a loop, as tables over age: losses, validations, layers, parameters, function."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from practicum.core.errors import ConfigError
from practicum.monitor.facts import Facts
from practicum.monitor.look import Look
from practicum.statistics.saturation import FLAT

TABLES = ("losses", "validations", "units", "parameters", "settings", "steps", "trajectory")
"""Names of the tables, and of their files."""

NOT_PLAIN = frozenset({"firing", "slopes", "histogram", "gradient_histogram"})
"""Lists in a cell."""

_UNIT_SCHEMA = {
    "place": pl.Int64,
    "name": pl.String,
    "kind": pl.String,
    "num_units": pl.Int64,
    "num_values": pl.Int64,
    "input_rms": pl.Float64,
    "mean": pl.Float64,
    "deviation": pl.Float64,
    "rms": pl.Float64,
    "gradient_rms": pl.Float64,
    "firing": pl.List(pl.Int64),
    "slopes": pl.List(pl.Float64),
    "rows": pl.Int64,
    "histogram": pl.List(pl.Int64),
    "gradient_histogram": pl.List(pl.Int64),
    "dead_fraction": pl.Float64,
    "saturation_fraction": pl.Float64,
}
_PARAMETER_SCHEMA = {
    "name": pl.String,
    "kind": pl.String,
    "size": pl.Int64,
    "norm": pl.Float64,
    "raw_norm": pl.Float64,
    "gradient_norm": pl.Float64,
    "update_norm": pl.Float64,
    "velocity_norm": pl.Float64,
    "epsilon_share": pl.Float64,
    "mean": pl.Float64,
    "deviation": pl.Float64,
    "gradient_mean": pl.Float64,
    "gradient_deviation": pl.Float64,
    "histogram": pl.List(pl.Int64),
    "gradient_histogram": pl.List(pl.Int64),
    "update_ratio": pl.Float64,
}
_SETTING_SCHEMA = {
    "optimizer": pl.String,
    "learning_rate": pl.Float64,
    "momentum": pl.Float64,
    "epsilon": pl.Float64,
    "weight_decay": pl.Float64,
    "num_parameters": pl.Int64,
    "decayed_biases": pl.Int64,
    "group": pl.Int64,
}
_STEP_SCHEMA = {
    "loss": pl.Float64,
    "alignment": pl.Float64,
    "signal": pl.Float64,
    "noise": pl.Float64,
    "elsewhere": pl.Int64,
    "strangers": pl.Int64,
}


class LoopRecord:
    """What was measured of one loop. The x-axis of every table is age, the number of examples seen [4.2-02].

    Args:
        facts: what was seen so far; later steps do not come in.

    Attributes:
        losses: step, loss (of each step that was told).
        validations: step, valid_loss, valid_error.
        units: step, age, then one row a layer's output [4.2-11].
        parameters: step, age, then one row a parameter [4.2-11, 4.2-13].
        settings: step, age, then one row a group of an optimiser.
        steps: step, age, then loss, alignment of successive gradients, their signal and noise.
        trajectory: step, age, then the outputs for the same few rows, as a list: the network as a function [4.2-10].

    Source:
        Bengio 2012, 4.2-01, 4.2-02, 4.2-11, 4.2-13.

    Example:
        >>> LoopRecord(Facts(num_steps=2, losses=[0.5, 0.4])).losses.rows()
        [(1, 0.5), (2, 0.4)]
    """

    def __init__(self, facts: Facts) -> None:
        self.losses = pl.DataFrame(
            {"step": range(1, len(facts.losses) + 1), "loss": facts.losses},
            schema={"step": pl.Int64, "loss": pl.Float64},
        )
        self.validations = pl.DataFrame(
            facts.validations,
            schema={"step": pl.Int64, "valid_loss": pl.Float64, "valid_error": pl.Float64},
            orient="row",
        )
        looks = facts.looks
        self.units = _table(looks, _UNIT_SCHEMA, _unit_rows)
        self.parameters = _table(looks, _PARAMETER_SCHEMA, _parameter_rows)
        self.settings = _table(looks, _SETTING_SCHEMA, _setting_rows)
        self.steps = _table(looks, _STEP_SCHEMA, _step_rows)
        self.trajectory = pl.DataFrame(
            [(step, age, outputs.flatten().tolist()) for step, age, outputs in facts.trajectory],
            schema={"step": pl.Int64, "age": pl.Int64, "outputs": pl.List(pl.Float64)},
            orient="row",
        )

    def tables(self) -> dict[str, pl.DataFrame]:
        """Return all tables by name."""
        return {name: getattr(self, name) for name in TABLES}

    def save(self, folder: str | Path) -> Path:
        """Write each table as Parquet into a new folder, and return it.

        Raises:
            ConfigError: if the folder exists, or cannot be made.
        """
        path = Path(folder)
        try:
            path.mkdir(parents=True)
        except OSError as error:
            raise ConfigError(
                f"`folder` must be one that can be made, but got {path} ({error.strerror}). Choose another.",
                folder=str(path),
            ) from None
        for name, table in self.tables().items():
            table.write_parquet(path / f"{name}.parquet")
        return path


def _table(looks: Sequence[Look], schema: dict[str, Any], rows: Any) -> pl.DataFrame:
    """Return one table of all looks, step and age first."""
    whole = {"step": pl.Int64, "age": pl.Int64, **schema}
    found = [{"step": look.step, "age": look.age, **row} for look in looks for row in rows(look)]
    return pl.DataFrame(found, schema=whole)


def _plain(one: Any) -> dict[str, Any]:
    """Return a look's fields; lists stay lists, empty ones are absent."""
    fields = {field.name: getattr(one, field.name) for field in dataclasses.fields(one)}
    return {name: (list(value) or None) if name in NOT_PLAIN else value for name, value in fields.items()}


def _unit_rows(look: Look) -> list[dict[str, Any]]:
    return [
        _plain(one)
        | {
            "dead_fraction": _share([count == 0 for count in one.firing]),
            "saturation_fraction": _share([slope < FLAT for slope in one.slopes]),
        }
        for one in look.units
    ]


def _share(marks: list[bool]) -> float | None:
    return sum(marks) / len(marks) if marks else None


def _parameter_rows(look: Look) -> list[dict[str, Any]]:
    return [_plain(one) | {"update_ratio": one.update_ratio} for one in look.parameters]


def _setting_rows(look: Look) -> list[dict[str, Any]]:
    return [_plain(one) | {"group": number} for number, one in enumerate(look.settings)]


def _step_rows(look: Look) -> list[dict[str, Any]]:
    return [{name: getattr(look, name) for name in _STEP_SCHEMA}]
