"""Laws of data: what holds for every table, split and preparation."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from practicum.core.errors import ConfigError, RecordError
from practicum.data.columns import understand
from practicum.data.numeric import fit_scaling
from practicum.data.prepare import Preparation
from practicum.data.schema import Column, Schema
from practicum.data.split import split_rows
from practicum.data.table import Table

ROWS = 40
SEEDS = st.integers(0, 2**63)
NUMBERS = hnp.arrays(np.float64, st.integers(2, 40), elements=st.floats(-1e9, 1e9))
PREPROCESS = st.sampled_from(["standardise", "uniformise", "unit", "none"])
TAILS = st.sampled_from(["none", "log", "sqrt"])


@st.composite
def tables(draw: st.DrawFn) -> pl.DataFrame:
    """Return a table of numbers, categories, flags and dates, some cells missing, and a target of two classes."""
    rows = draw(st.integers(10, ROWS))

    def column(cells: st.SearchStrategy[Any]) -> list[Any]:
        return draw(st.lists(st.none() | cells, min_size=rows, max_size=rows))

    return pl.DataFrame(
        {
            "number": pl.Series(column(st.floats(-1e30, 1e30)), dtype=pl.Float64),
            "whole": pl.Series(column(st.integers(-3, 3)), dtype=pl.Int64),
            "level": pl.Series(column(st.sampled_from(["a", "b", " c ", "?", "d"])), dtype=pl.String),
            "flag": pl.Series(column(st.sampled_from(["yes", "no"])), dtype=pl.String),
            "day": pl.Series(column(st.dates()), dtype=pl.Date),
            "row": pl.Series([f"r{number}" for number in range(rows)]),
            "noise": pl.Series(np.arange(rows) ** 2 % 7),
            "y": pl.Series((["p", "q"] * rows)[:rows]),
        }
    )


def schema_of(frame: pl.DataFrame) -> Schema:
    """Return what is understood of a table."""
    return understand(Table(frame, "drawn", ()), "y").schema


@given(NUMBERS)
def test_standardised_training_values_have_mean_0_and_deviation_1(values: np.ndarray) -> None:
    """And the scaling can be undone."""
    scaling = fit_scaling(values, "standardise")

    if scaling is not None:
        scaled = scaling.apply(values)
        np.testing.assert_allclose(scaled.mean(), 0, atol=1e-3)
        np.testing.assert_allclose(scaled.std(), 1, atol=1e-3)
        np.testing.assert_allclose(scaled * scaling.scale + scaling.offset, values, rtol=1e-6, atol=1e-6)


@given(NUMBERS, PREPROCESS, TAILS)
def test_scaling_keeps_the_order(values: np.ndarray, preprocess: Any, tails: Any) -> None:
    """A larger number never becomes a smaller input."""
    scaling = fit_scaling(values, preprocess, tails)

    if scaling is not None:
        scaled = scaling.apply(np.sort(values))
        assert (np.diff(scaled) >= -1e-9 * np.abs(scaled).max()).all()


@given(
    hnp.arrays(np.float64, st.integers(1, 30), elements=st.floats(-1e99, 1e99) | st.just(np.nan)),
    PREPROCESS,
    TAILS,
)
def test_scaled_values_are_finite(values: np.ndarray, preprocess: Any, tails: Any) -> None:
    """Whatever numbers come, also extreme ones and later ones."""
    scaling = fit_scaling(values, preprocess, tails)

    if scaling is not None:
        new = np.array([np.nan, 0.0, 1e99, -1e99, 5e-324])
        assert np.isfinite(scaling.apply(np.concatenate([values, new])).astype(np.float32)).all()


@given(tables(), SEEDS)
def test_parts_are_disjoint_and_cover(frame: pl.DataFrame, seed: int) -> None:
    """Each row lies in exactly one part, each class in train."""
    split = split_rows(frame, schema_of(frame), seed=seed)
    rows = np.concatenate([split.train, split.valid, split.test])

    assert np.sort(rows).tolist() == list(range(len(frame)))
    assert set(frame["y"].gather(split.train)) == {"p", "q"}
    assert all(len(part) for part in (split.train, split.valid, split.test))


@given(st.integers(10, 200), SEEDS)
def test_one_seed_gives_one_split(rows: int, seed: int) -> None:
    """The same again, and another with another seed (of 10 rows or more, nearly always)."""
    frame = pl.DataFrame({"x": np.arange(rows) ** 2 % 11, "y": np.arange(rows) % 2})
    schema = Schema(task="binary", target="y", classes=["0", "1"], columns=[Column(name="x", kind="numeric")])
    first, second = (split_rows(frame, schema, seed=seed) for _ in range(2))

    assert first.train.tolist() == second.train.tolist()
    assert first.test.tolist() == second.test.tolist()


@given(tables(), PREPROCESS, TAILS, st.sampled_from(["one_hot", "embedding"]), st.none() | st.floats(0.1, 1))
def test_every_table_becomes_finite_tensors_that_survive_the_disk(
    frame: pl.DataFrame, preprocess: Any, tails: Any, categories: Any, pca_variance: float | None
) -> None:
    """Fit, transform, save, load, transform: finite, and the same bits."""
    preparation = Preparation.fit(
        frame,
        schema_of(frame),
        preprocess=preprocess,
        tails=tails,
        categories=categories,
        pca_variance=pca_variance,
    )
    data = preparation.transform(frame)
    with tempfile.TemporaryDirectory() as folder:
        preparation.save(Path(folder))
        again = Preparation.load(Path(folder)).transform(frame)

    assert torch.isfinite(data.x).all()
    assert torch.equal(data.x, again.x)
    assert torch.equal(data.codes, again.codes)
    assert torch.equal(data.target, again.target)


@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_columns_changes_nothing(frame: pl.DataFrame, random: Any) -> None:
    """Columns are found by name."""
    schema = schema_of(frame)
    names = random.sample(frame.columns, len(frame.columns))
    shuffled = frame.select(names)
    first = Preparation.fit(frame, schema).transform(frame)
    second = Preparation.fit(shuffled, schema).transform(shuffled)

    assert torch.equal(first.x, second.x)
    assert (
        split_rows(frame, schema, seed=1).train.tolist()
        == split_rows(shuffled, schema, seed=1).train.tolist()
    )


@given(tables(), SEEDS)
def test_other_rows_do_not_touch_training_rows(frame: pl.DataFrame, seed: int) -> None:
    """Whatever stands in valid and test, the inputs of training rows are the same bits [3.2-38]."""
    schema = schema_of(frame)
    rows = split_rows(frame, schema, seed=seed).train
    others = np.setdiff1d(np.arange(len(frame)), rows)
    changed = frame.with_columns(
        number=frame["number"].scatter(others, 123.0), level=frame["level"].scatter(others, "new")
    )
    first = Preparation.fit(frame, schema, rows=rows).transform(frame, rows=rows)
    second = Preparation.fit(changed, schema, rows=rows).transform(changed, rows=rows)

    assert torch.equal(first.x, second.x)


@given(tables())
def test_an_understood_schema_survives_the_disk(frame: pl.DataFrame) -> None:
    """Saved and loaded, it is equal."""
    schema = schema_of(frame)
    with tempfile.TemporaryDirectory() as folder:
        schema.save(Path(folder) / "schema.yaml")

        assert Schema.load(Path(folder) / "schema.yaml") == schema


@given(st.text(max_size=200) | st.binary(max_size=200))
def test_any_file_is_a_schema_or_a_clear_error(content: str | bytes) -> None:
    """No content ends in another exception."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "schema.yaml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))

        with pytest.raises((ConfigError, RecordError), match="`"):
            Schema.load(path)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda x: (
            st.lists(x, max_size=3)
            | st.dictionaries(
                st.sampled_from(["task", "target", "columns", "name", "kind", "format", "x"]), x, max_size=4
            )
        ),
    )
)
def test_any_plain_data_is_a_schema_or_a_clear_error(content: Any) -> None:
    """Every wrong shape, key and type has a message."""
    message = "schema.yaml"
    try:
        Schema.parse(content, "schema.yaml")
    except ConfigError as error:
        message = str(error)

    assert "schema.yaml" in message
