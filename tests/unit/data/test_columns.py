"""Understanding a table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from practicum.core.errors import ConfigError, DataError
from practicum.data.columns import Understanding, understand
from practicum.data.read import read
from practicum.data.schema import Column, Schema
from practicum.data.table import Table

RANDOM = np.random.default_rng(0)
ROWS = 60


@pytest.fixture
def frame() -> pl.DataFrame:
    """Return a table with a column of each sort, in no order."""
    return pl.DataFrame(
        {
            "id": range(ROWS),
            "age": RANDOM.integers(18, 90, ROWS),
            "job": RANDOM.choice(["clerk", "cook", "smith"], ROWS),
            "clinic": RANDOM.choice(["north", "south", "east"], ROWS),
            "seen": pl.Series(RANDOM.integers(0, 900, ROWS)).cast(pl.Date),
            "empty": pl.Series([None] * ROWS, dtype=pl.Float64),
            "one": 1,
            "pays": RANDOM.permutation(["no", "yes"] * (ROWS // 2)),
        }
    )


def see(frame: pl.DataFrame, **settings: object) -> Understanding:
    """Understand a frame whose target is "pays"."""
    return understand(Table(frame, "people.csv", ()), **({"target": "pays"} | settings))  # type: ignore[arg-type]


def roles(found: Understanding) -> dict[str, str]:
    """Return the role of each column."""
    return {column.name: column.role for column in found.schema.columns}


def test_columns_get_their_roles(frame: pl.DataFrame) -> None:
    """Identifiers and constants are set aside, the target is no input."""
    found = see(frame)

    assert (found.schema.task, found.schema.classes) == ("binary", ["no", "yes"])
    assert [column.name for column in found.schema.inputs()] == ["age", "job", "clinic", "seen"]
    assert [name for name, role in roles(found).items() if role == "ignored"] == ["id", "empty", "one"]


def test_what_is_set_aside_is_said(frame: pl.DataFrame) -> None:
    """Each reason has a sentence; columns with the same reason share one."""
    notes = see(frame.with_columns(two=2, pays="pays")).notes

    assert "id: numbers the rows, set aside." in notes
    assert "empty: has no values, set aside." in notes
    assert "2 columns: each has one value only, set aside (one, two)." in notes


def test_a_table_without_surprises_says_nothing(frame: pl.DataFrame) -> None:
    """No notes where all is plain."""
    assert see(frame.select("age", "job", "pays")).notes == ()


def test_rows_without_a_target_are_counted(frame: pl.DataFrame) -> None:
    """They are said, and counted as missing in the target's column."""
    frame = frame.with_columns(pl.when(pl.col("id") < 3).then(None).otherwise(pl.col("pays")).alias("pays"))
    found = see(frame)

    assert '3 of 60 rows have no "pays" and are set aside.' in found.notes
    assert found.schema.columns[-1].missing == 3


def test_sorted_labels_are_said(frame: pl.DataFrame) -> None:
    """A file sorted by its target is noticed [2.1-10]."""
    assert any("sorted" in note for note in see(frame.sort("pays")).notes)


def test_group_and_time_are_no_inputs(frame: pl.DataFrame) -> None:
    """Their columns have roles of their own."""
    found = roles(see(frame, group="clinic", time="seen"))

    assert (found["clinic"], found["seen"]) == ("group", "time")


def test_an_edited_schema_goes_first(frame: pl.DataFrame) -> None:
    """Kinds, roles, levels and the order of classes are those of the person."""
    columns = [
        Column(name="age", kind="categorical"),
        Column(name="job", kind="categorical", levels=["cook"]),
        Column(name="clinic", kind="categorical", role="group"),
        Column(name="seen", kind="datetime", role="ignored"),
        Column(name="gone", kind="text", role="ignored"),
        Column(name="pays", kind="boolean", role="target"),
    ]
    edited = Schema(task="binary", target="pays", classes=["yes", "no"], columns=columns)
    found = see(frame, edited=edited)

    assert found.schema.classes == ["yes", "no"]
    assert roles(found)["clinic"] == "group"
    assert roles(found)["seen"] == "ignored"
    assert roles(found)["id"] == "ignored"
    assert found.schema.column("job").levels == ["cook"]  # type: ignore[union-attr]
    assert found.schema.column("age").kind == "categorical"  # type: ignore[union-attr]


def test_an_understood_schema_is_understood_alike_when_given_back(frame: pl.DataFrame) -> None:
    """Saving and giving back without edits changes no kind, role, count or class."""
    first = see(frame).schema
    second = see(frame, edited=first).schema
    plain = {"exclude": {"columns": {"__all__": {"note", "num_levels"}}}}

    assert second.model_dump(**plain) == first.model_dump(**plain)  # type: ignore[arg-type]


def test_an_argument_replaces_the_group_of_the_schema(frame: pl.DataFrame) -> None:
    """Only one column groups."""
    columns = [
        Column(name="clinic", kind="categorical", role="group"),
        Column(name="pays", kind="boolean", role="target"),
    ]
    edited = Schema(task="binary", target="pays", columns=columns)
    found = roles(see(frame, edited=edited, group="job"))

    assert (found["job"], found["clinic"]) == ("group", "ignored")


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"target": "pay"}, DataError, '`target` must name columns of the table, but got "pay".*"pays"'),
        ({"group": "clinics"}, DataError, '`group` must name columns.*Did you mean "clinic"'),
        ({"time": "when"}, DataError, "`time` must name columns"),
        ({"time": "job"}, DataError, '`time` must be a column of dates or numbers, but got "job"'),
        ({"group": "pays"}, ConfigError, 'must be different columns, but got target="pays", group="pays"\\.'),
        ({"task": "regression"}, DataError, "`pays` must hold numbers for task regression"),
    ],
)
def test_wrong_arguments_are_named(
    frame: pl.DataFrame, settings: dict[str, object], error: type[Exception], message: str
) -> None:
    """Absent columns, doubled roles and impossible tasks have their messages."""
    with pytest.raises(error, match=message):
        see(frame, **settings)


@pytest.mark.parametrize(
    ("target", "columns", "error", "message"),
    [
        ("age", [], ConfigError, '`target` must be that of the schema, but got target="pays"'),
        ("pays", [Column(name="agee", kind="numeric")], DataError, '`schema` must name.*"agee".*"age"'),
        ("pays", [Column(name="id", kind="identifier")], ConfigError, "`kind` must be one of .*column.*id"),
        ("pays", [Column(name="job", kind="numeric")], DataError, "`job` must hold numeric values"),
    ],
)
def test_an_edited_schema_that_contradicts_the_table_is_refused(
    frame: pl.DataFrame, target: str, columns: list[Column], error: type[Exception], message: str
) -> None:
    """Each contradiction has its message."""
    edited = Schema(task="binary", target=target, columns=columns)

    with pytest.raises(error, match=message):
        see(frame, edited=edited)


def test_a_table_of_constants_is_refused(frame: pl.DataFrame) -> None:
    """There is nothing to learn from."""
    with pytest.raises(DataError, match=r"all 2 are constant or empty .empty, one"):
        see(frame.select("empty", "one", "pays"))


def test_a_table_of_identifiers_is_refused_with_the_reason(frame: pl.DataFrame) -> None:
    """The message says why each column was set aside and how to use it."""
    with pytest.raises(DataError, match=r"got none .*id numbers the rows.*Set kind and role in the schema"):
        see(frame.select("id", "pays"))


def test_a_table_of_the_target_alone_is_refused(frame: pl.DataFrame) -> None:
    """No column, no network."""
    with pytest.raises(DataError, match=r"must have an input column, but got none beside the target"):
        see(frame.select("pays"))


@pytest.mark.parametrize(
    ("name", "target", "task", "aside"),
    [
        ("adult_train", "income", "binary", []),
        ("bank_marketing_train", "y", "binary", []),
        ("credit_g", "class", "binary", []),
        ("mushroom", "class", "binary", ["veil_type"]),
        ("hypothyroid", "Class", "multiclass", ["TBG_measured", "TBG"]),
        ("titanic", "survived", "binary", ["name", "ticket", "cabin", "home.dest"]),
        ("letter", "lettr", "multiclass", []),
        ("abalone", "rings", "regression", []),
        ("hflights", "ArrDelay", "regression", ["Year", "TailNum"]),
    ],
)
def test_real_tables_are_understood(
    shared_data: Path, name: str, target: str, task: str, aside: list[str]
) -> None:
    """Task and columns set aside are what a person would say."""
    found = understand(read(shared_data / "tabular" / f"{name}.csv.gz"), target).schema

    assert found.task == task
    assert [column.name for column in found.columns if column.role == "ignored"] == aside
