"""Understand a table: the kind and the role of each column, the task, the classes; and say what was not obvious."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import polars as pl

from practicum.core.errors import ConfigError, DataError, nearest
from practicum.data.dataset import Task
from practicum.data.kinds import CONSTANT_NOTE, EMPTY_NOTE, force_kind, understand_column
from practicum.data.notes import NAMES_SHOWN, listed
from practicum.data.numeric import read_numbers
from practicum.data.order import order_note
from practicum.data.schema import INPUT_KINDS, Column, Role, Schema
from practicum.data.table import Table
from practicum.data.target import has_target, understand_target
from practicum.data.text import level_text


@dataclass(frozen=True, slots=True)
class Understanding:
    """A schema, and in sentences what a reader should know about it.

    Attributes:
        schema: kinds, roles, task and classes.
        notes: one sentence each.
    """

    schema: Schema
    notes: tuple[str, ...]


def understand(
    table: Table,
    target: str,
    *,
    task: Task | Literal["auto"] = "auto",
    edited: Schema | None = None,
    group: str | None = None,
    time: str | None = None,
) -> Understanding:
    """Return what the columns of a table are and do.

    Kinds are judged by :func:`practicum.data.kinds.understand_column`, the task by
    :func:`practicum.data.target.understand_target`. Identifiers, constants and text of too many different
    strings are set aside. The group and the time column are not inputs: a network that saw them could not be
    used on new groups and later times.

    Args:
        table: as the readers give it.
        target: name of the column to predict.
        task: the task, if "auto" would get it wrong.
        edited: a schema whose kinds, roles, levels, formats and classes go before what is found here.
        group: name of the column whose equal rows must stay in one part.
        time: name of the column by which train comes before valid and valid before test.

    Raises:
        DataError: if a column is absent, the target cannot be learned, or no input is left.
        ConfigError: if ``edited`` contradicts the table or the arguments.

    Example:
        >>> frame = pl.DataFrame({"age": [20, 30, 40, 55, 61] * 2, "pays": ["no", "yes"] * 5})
        >>> understand(Table(frame, "people.csv", ()), "pays").schema.task
        'binary'
    """
    frame = table.frame
    _check_names(frame.columns, target, group, time, edited)
    if edited is not None and task == "auto":
        task = edited.task
    task, classes = understand_target(
        frame[target], task, edited.classes if edited is not None and task != "regression" else None
    )
    group = group or (edited.with_role("group") if edited else None)
    time = time or (edited.with_role("time") if edited else None)
    special: dict[str, Role] = {target: "target"}
    special |= {group: "group"} if group else {}
    special |= {time: "time"} if time else {}
    columns = [_column(frame[name], special.get(name), edited) for name in frame.columns]
    schema = Schema(task=task, target=target, classes=classes, columns=columns)
    _check_inputs(schema)
    return Understanding(schema, tuple(_notes(schema, frame)))


def _check_names(
    names: list[str], target: str, group: str | None, time: str | None, edited: Schema | None
) -> None:
    """Raise unless each named column is there and has one role."""
    for role, name in (("target", target), ("group", group), ("time", time)):
        if name is not None and name not in names:
            raise absent(role, name, names)
    given = [name for name in (target, group, time) if name is not None]
    if len(set(given)) < len(given):
        roles = {"target": target, "group": group, "time": time}
        got = ", ".join(f'{role}="{name}"' for role, name in roles.items() if name is not None)
        raise ConfigError(
            f"`target`, `group` and `time` must be different columns, but got {got}."
            " Choose another column for one of them."
        )
    if edited is None:
        return
    if edited.target != target:
        raise ConfigError(
            f'`target` must be that of the schema, but got target="{target}" (the schema says'
            f' "{edited.target}"). Change one of the two.',
            target=target,
        )
    for column in edited.columns:
        if column.name not in names and column.role != "ignored":
            raise absent("schema", column.name, names)


def absent(argument: str, name: str, names: list[str]) -> DataError:
    """Return the error that a column is not in the table, with the nearest name."""
    shown = ", ".join(names[:10]) + (", …" if len(names) > 10 else "")
    return DataError(
        f'`{argument}` must name columns of the table, but got "{name}".{nearest(name, names)}'
        f" Columns are {shown}.",
        column=name,
    )


def _column(series: pl.Series, role: Role | None, edited: Schema | None) -> Column:
    """Understand one column, as the edited schema wants it if there is one."""
    wanted = edited.column(series.name) if edited is not None else None
    if role == "target":
        missing = int((~has_target(series)).sum())
        levels = level_text(series) if not series.dtype.is_float() else series
        kind = understand_column(series.filter(has_target(series))).kind
        return Column(
            name=series.name,
            kind=kind,
            role="target",
            missing=missing,
            num_levels=levels.drop_nulls().n_unique(),
        )
    if wanted is None:
        found = understand_column(series)
        chosen: Role = "input" if found.kind in INPUT_KINDS else "ignored"
        return found.model_copy(update={"role": role or chosen})
    if wanted.role != "input" and role is None:  # also a group or time column that an argument replaced
        return Column(name=series.name, kind=wanted.kind, role="ignored", missing=series.null_count())
    if role is None and wanted.kind not in INPUT_KINDS:
        raise ConfigError(
            f"`kind` must be one of {', '.join(INPUT_KINDS)} for an input, but got kind={wanted.kind} (column"
            f' "{series.name}" of the schema). Change the kind, or set the role to ignored.',
            column=series.name,
            kind=wanted.kind,
        )
    found = force_kind(series, wanted.kind, wanted.format)
    update: dict[str, object] = {"role": role or wanted.role}
    if wanted.levels is not None and found.kind == "categorical":
        update["levels"] = wanted.levels
    return found.model_copy(update=update)


def _check_inputs(schema: Schema) -> None:
    """Raise if no column is left to learn from, or the time column is not one."""
    time = schema.column(schema.with_role("time") or "")
    if time is not None and time.kind not in ("datetime", "numeric", "identifier"):
        raise DataError(
            f'`time` must be a column of dates or numbers, but got "{time.name}", which is {time.kind}.'
            " Choose another column.",
            column=time.name,
        )
    if schema.inputs():
        return
    others = [column for column in schema.columns if column.role == "ignored"]
    if others and all(column.kind == "constant" for column in others):
        raise DataError(
            f"The table must have an input column whose values differ, but all {len(others)} are constant or"
            f" empty ({listed(column.name for column in others)}). Add columns that tell the rows apart.",
            columns=[column.name for column in others],
        )
    reasons = "; ".join(f"{column.name} {column.note}" for column in others[:NAMES_SHOWN])
    raise DataError(
        "The table must have an input column, but got none beside the target"
        + (f" that can be used ({reasons}). Set kind and role in the schema to use one." if others else "."),
        columns=[column.name for column in others],
    )


def _notes(schema: Schema, frame: pl.DataFrame) -> Iterable[str]:
    """Yield what should be said, columns with the same reason together."""
    by_reason: dict[tuple[str, bool], list[str]] = {}
    for column in schema.columns:
        if column.note and column.role in ("input", "ignored"):
            by_reason.setdefault((column.note, column.role == "ignored"), []).append(column.name)
    for (reason, aside), names in by_reason.items():
        ending = ", set aside" if aside else ""
        if reason in (CONSTANT_NOTE, EMPTY_NOTE) and len(names) > 1:
            yield f"{len(names)} columns: each {reason}{ending} ({listed(names)})."
        else:
            yield f"{listed(names)}: {reason}{ending}."
    target = frame[schema.target]
    known = target.filter(has_target(target))
    if len(known) < len(target):
        yield (
            f'{len(target) - len(known):,} of {len(target):,} rows have no "{schema.target}"'
            " and are set aside."
        )
    is_label = schema.task != "regression"
    values = level_text(known) if is_label else pl.Series(known.name, read_numbers(known))
    said = order_note(values, is_label=is_label)
    if said is not None:
        yield said
