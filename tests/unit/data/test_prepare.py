"""From rows to tensors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import torch

from practicum.core.errors import DataError
from practicum.data.columns import understand
from practicum.data.prepare import BLOCK_ROWS, Preparation
from practicum.data.read import read
from practicum.data.schema import Column, Schema
from practicum.data.split import split_rows
from practicum.data.table import Table

RANDOM = np.random.default_rng(0)
ROWS = 300


def make_table(rows: int = ROWS) -> pl.DataFrame:
    """Return a table with a column of each kind and three possible targets."""
    number = RANDOM.standard_normal(rows)
    return pl.DataFrame(
        {
            "number": pl.Series(np.where(RANDOM.random(rows) < 0.1, np.nan, number), nan_to_null=True),
            "amount": np.exp(2 * number),
            "job": RANDOM.choice(["clerk", "cook", "smith"], rows),
            "member": RANDOM.choice(["yes", "no"], rows),
            "day": pl.Series(RANDOM.integers(0, 5000, rows)).cast(pl.Date),
            "two": RANDOM.choice(["no", "yes"], rows),
            "many": RANDOM.choice(["x", "y", "z"], rows),
            "value": 100 + 20 * number,
        }
    )


FRAME = make_table()


def schema(target: str = "two") -> Schema:
    """Return the schema for one of the targets."""
    inputs = ["number", "amount", "job", "member", "day"]
    return understand(Table(FRAME.select(*inputs, target), "t", ()), target).schema


def fit(target: str = "two", **settings: Any) -> Preparation:
    """Fit on the whole table."""
    return Preparation.fit(FRAME, schema(target), **settings)


def test_shapes_and_types_are_those_of_a_dataset() -> None:
    """x and target are float32, codes int64, all with a row each."""
    preparation = fit()
    data = preparation.transform(FRAME)

    assert (data.x.dtype, data.codes.dtype, data.target.dtype) == (torch.float32, torch.int64, torch.float32)
    assert data.x.shape == (ROWS, preparation.num_inputs)
    assert data.codes.shape == (ROWS, 0)
    assert data.x.is_contiguous()
    assert torch.isfinite(data.x).all()


def test_inputs_are_named_in_the_order_of_the_schema() -> None:
    """A name a column of x."""
    assert fit().input_names[:6] == (
        "number",
        "number missing",
        "amount",
        "job=smith",
        "job=cook",
        "job=clerk",
    )


@pytest.mark.parametrize(("target", "outputs"), [("two", 1), ("many", 3), ("value", 1)])
def test_targets_have_the_shape_of_the_output_units(target: str, outputs: int) -> None:
    """One unit for two classes, one a class for more, one for a value."""
    preparation = fit(target)
    data = preparation.transform(FRAME)

    assert preparation.num_outputs == outputs
    assert data.target.shape == (ROWS, outputs)


def test_two_classes_are_0_and_1() -> None:
    """1 is the second class."""
    expected = (FRAME["two"] == "yes").cast(pl.Float32).to_list()

    assert fit().transform(FRAME).target[:, 0].tolist() == expected


def test_many_classes_are_one_hot() -> None:
    """Each row has a 1 at its class."""
    target = fit("many").transform(FRAME).target

    assert target.sum(dim=1).tolist() == [1.0] * ROWS
    assert [["x", "y", "z"][i] for i in target.argmax(dim=1).tolist()] == FRAME["many"].to_list()


def test_regression_targets_are_standardised_and_decoded() -> None:
    """Mean 0, deviation 1 on the training rows; decoding gives the values back."""
    preparation = fit("value")
    target = preparation.transform(FRAME).target

    assert target.mean().item() == pytest.approx(0, abs=1e-5)
    assert target.std(correction=0).item() == pytest.approx(1, abs=1e-5)
    assert preparation.target_scale == pytest.approx(FRAME["value"].std(ddof=0))
    np.testing.assert_allclose(preparation.decode(target.numpy()), FRAME["value"], rtol=1e-5)


@pytest.mark.parametrize("target", ["two", "many"])
def test_decoding_the_target_gives_the_labels(target: str) -> None:
    """Labels → outputs → labels is the identity."""
    preparation = fit(target)
    outputs = preparation.transform(FRAME).target.numpy()

    assert preparation.decode(outputs).tolist() == FRAME[target].to_list()


def test_one_column_of_probabilities_may_come_flat() -> None:
    """(N,) is read like (N, 1)."""
    assert fit().decode(np.array([0.2, 0.5, 0.9])).tolist() == ["no", "no", "yes"]


def test_numbers_are_standardised_and_the_rest_is_0_or_1() -> None:
    """Numbers and parts of dates have mean 0 and deviation 1; flags, gaps and levels are plain."""
    preparation = fit(tails="log")
    x = preparation.transform(FRAME).x
    plain = [
        name.startswith(("job", "member")) or name.endswith("missing") for name in preparation.input_names
    ]

    np.testing.assert_allclose(x[:, ~np.array(plain)].mean(dim=0), 0, atol=1e-6)
    np.testing.assert_allclose(x[:, ~np.array(plain)].std(dim=0, correction=0)[1:], 1, atol=1e-6)
    assert x[x[:, 1] == 0, 0].std(correction=0).item() == pytest.approx(1)  # where `number` is not missing
    assert x[:, plain].unique().tolist() == [0.0, 1.0]


@pytest.mark.parametrize("preprocess", ["uniformise", "unit"])
def test_inputs_lie_on_the_unit_interval_otherwise(preprocess: str) -> None:
    """Also for new rows far outside."""
    preparation = fit(preprocess=preprocess)
    far = FRAME.with_columns(amount=pl.lit(1e30), number=pl.lit(-1e30))
    x = preparation.transform(far).x

    assert (x.min().item(), x.max().item()) == (0.0, 1.0)


def test_none_leaves_numbers_alone() -> None:
    """The column comes through."""
    x = fit(preprocess="none").transform(FRAME).x

    np.testing.assert_array_equal(x[:, 2], FRAME["amount"].cast(pl.Float32))


def test_embedded_categories_come_as_codes() -> None:
    """Level 0 is unseen; the other inputs stay."""
    preparation = fit(categories="embedding")
    new = FRAME.head(2).with_columns(job=pl.Series(["clerk", "pilot"]))
    data = preparation.transform(new)

    assert preparation.num_levels == data.num_levels == (4,)
    assert data.codes[1].tolist() == [0]
    assert data.codes[0, 0] > 0
    assert not any(name.startswith("job") for name in preparation.input_names)


def test_only_embedded_categories_need_no_x() -> None:
    """x may have no columns."""
    columns = [Column(name="job", kind="categorical")]
    lonely = Schema(task="binary", target="two", classes=["no", "yes"], columns=columns)
    data = Preparation.fit(FRAME, lonely, categories="embedding", pca_variance=0.9).transform(FRAME)

    assert data.x.shape == (ROWS, 0)
    assert data.codes.shape == (ROWS, 1)


def test_principal_components_replace_the_inputs() -> None:
    """Fewer inputs, named by number, and said."""
    plain, reduced = fit(), fit(pca_variance=0.8)
    x = reduced.transform(FRAME).x

    assert 0 < reduced.num_inputs < plain.num_inputs
    assert reduced.input_names[0] == "component 1"
    assert x.shape == (ROWS, reduced.num_inputs)
    np.testing.assert_allclose(np.cov(x.T, bias=True) - np.diag(x.var(dim=0, correction=0)), 0, atol=1e-3)
    assert "principal components keep" in reduced.notes[-1]


def test_rows_are_those_asked_for() -> None:
    """Rows by number, in their order, across blocks."""
    big = pl.concat([FRAME] * (2 * BLOCK_ROWS // ROWS + 2))
    preparation = fit()
    rows = RANDOM.permutation(len(big))[: BLOCK_ROWS + 7]
    whole = preparation.transform(big)
    some = preparation.transform(big, rows=rows)

    assert torch.equal(some.x, whole.x[rows])
    assert torch.equal(some.target, whole.target[rows])


def test_fitting_on_row_numbers_is_fitting_on_these_rows() -> None:
    """No copy of the table is needed."""
    rows = np.arange(0, ROWS, 2)
    by_number = Preparation.fit(FRAME, schema(), rows=rows).transform(FRAME)
    by_frame = Preparation.fit(FRAME[rows], schema()).transform(FRAME)

    assert torch.equal(by_number.x, by_frame.x)


def test_new_rows_need_no_target() -> None:
    """Without it the target is empty."""
    data = fit().transform(FRAME.drop("two"), with_target=False)

    assert data.target.shape == (ROWS, 0)


def test_no_rows_are_no_problem() -> None:
    """An empty table gives empty tensors."""
    assert len(fit().transform(FRAME.head(0))) == 0


def test_what_new_rows_hold_beyond_training_is_said() -> None:
    """Ignored columns and unseen levels, on request."""
    notes: list[str] = []
    new = FRAME.with_columns(job=pl.lit("pilot"), colour=pl.lit("red"))
    fit().transform(new, with_target=False, notes=notes)

    assert notes == [
        "Columns that the training table did not have are ignored: many, value, colour.",
        '"job": 300 cells hold what no training row held; taken as unseen.',
    ]


def test_missing_columns_are_named() -> None:
    """With the nearest name there is."""
    with pytest.raises(DataError, match=r'1 of 5 are missing: amount. Did you mean "amounts"'):
        fit().transform(FRAME.rename({"amount": "amounts"}), with_target=False)


def test_a_missing_target_is_named_if_it_is_needed() -> None:
    """With the target asked for, its column must be there."""
    with pytest.raises(DataError, match=r"1 of 6 are missing: two"):
        fit().transform(FRAME.drop("two"))


def test_a_numeric_column_that_arrives_as_text_is_shown() -> None:
    """Column, cell and the row in the whole table."""
    big = pl.concat([FRAME] * (BLOCK_ROWS // ROWS + 2)).with_columns(pl.col("amount").cast(pl.String))
    big[BLOCK_ROWS + 5, "amount"] = "a lot"

    with pytest.raises(DataError, match=f'`amount` must hold numbers, but got "a lot" .row {BLOCK_ROWS + 6}'):
        fit().transform(big, with_target=False)


def test_numbers_that_arrive_as_text_are_read() -> None:
    """Digits in strings are still numbers, to the same bits."""
    preparation = fit()
    text = FRAME.with_columns(pl.col("amount").cast(pl.String))

    assert torch.equal(preparation.transform(text).x, preparation.transform(FRAME).x)


def test_columns_alike_in_training_are_left_out_and_said() -> None:
    """They need not be there later."""
    frame = FRAME.with_columns(amount=pl.lit(1.0), job=pl.lit("clerk"))
    preparation = Preparation.fit(frame, schema())

    assert preparation.notes[0] == "The same in all training rows, left out: amount, job."
    assert len(preparation.transform(FRAME.drop("amount", "job"))) == ROWS


def test_training_rows_that_are_all_alike_are_refused() -> None:
    """No input is left."""
    with pytest.raises(DataError, match=r"The training rows must differ in some input"):
        Preparation.fit(FRAME[:1], schema())


def test_shortened_tails_and_clipped_cells_are_said() -> None:
    """The reader learns which columns are concerned."""
    spiky = FRAME.with_columns(
        amount=pl.when(pl.int_range(pl.len()) == 0).then(1e9).otherwise(pl.col("amount"))
    )

    assert any(
        "amount" in note and "10 deviations" in note for note in Preparation.fit(spiky, schema()).notes
    )
    assert "Long tails shortened by the logarithm: amount." in fit(tails="log").notes


def test_a_test_file_with_dotted_labels_is_matched(shared_data: Path) -> None:
    """The official Adult test file: all labels known, and said."""
    train = read(shared_data / "tabular" / "adult_train.csv.gz")
    test = read(shared_data / "tabular" / "adult_test.csv.gz").frame
    found = understand(train, "income").schema
    notes: list[str] = []
    data = Preparation.fit(train.frame, found).transform(test, notes=notes)

    assert data.target.mean().item() == pytest.approx(0.2362, abs=1e-4)
    assert notes == ['16,281 labels of "income" were matched without their trailing ".".']


@pytest.mark.parametrize(
    ("name", "target"), [("hypothyroid", "Class"), ("titanic", "survived"), ("mushroom", "class")]
)
@pytest.mark.parametrize("preprocess", ["standardise", "uniformise", "unit"])
def test_real_tables_become_finite_tensors(
    shared_data: Path, name: str, target: str, preprocess: Any
) -> None:
    """Every part of tables with gaps, flags and categories."""
    table = read(shared_data / "tabular" / f"{name}.csv.gz")
    found = understand(table, target).schema
    split = split_rows(table.frame, found, seed=0)
    preparation = Preparation.fit(table.frame, found, rows=split.train, preprocess=preprocess, tails="log")

    for rows in (split.train, split.valid, split.test):
        data = preparation.transform(table.frame, rows=rows)
        assert torch.isfinite(data.x).all()
        assert data.x.abs().max() <= 10
