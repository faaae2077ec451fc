"""One column to its inputs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import numpy as np
import polars as pl
import pytest

from practicum.core.errors import DataError
from practicum.data.encode import ColumnPlan, fit_column
from practicum.data.schema import Column


def fit(cells: list[Any], kind: str, **settings: Any) -> ColumnPlan:
    """Fit a column c."""
    given = {"preprocess": "standardise", "tails": "none", "categories": "one_hot"} | settings
    column = given.pop("column", {})
    return fit_column(
        pl.Series("c", cells, strict=False),
        Column.model_validate({"name": "c", "kind": kind} | column),
        **given,
    )


def inputs(plan: ColumnPlan, cells: list[Any]) -> list[list[float]]:
    """Return the inputs of new cells."""
    out = np.full((len(cells), len(plan.input_names)), np.nan, dtype=np.float32)
    plan.fill(pl.Series("c", cells, strict=False), out)
    return out.round(4).tolist()


def test_numbers_give_one_input() -> None:
    """Standardised."""
    plan = fit([1.0, 3.0], "numeric")

    assert plan.input_names == ("c",)
    assert inputs(plan, [1.0, 2.0, 3.0]) == [[-1.0], [0.0], [1.0]]


def test_missing_numbers_have_an_input_of_their_own() -> None:
    """The number takes the mean, the second input says so."""
    plan = fit([1.0, None, 3.0, None], "numeric")

    assert plan.input_names == ("c", "c missing")
    assert inputs(plan, [3.0, None]) == [[1.0, 0.0], [0.0, 1.0]]


def test_missing_numbers_take_the_mean_if_training_rows_missed_none() -> None:
    """There is no input that was never trained."""
    assert inputs(fit([1.0, 3.0], "numeric"), [None]) == [[0.0]]


def test_one_number_or_none_says_only_whether_it_is_missing() -> None:
    """A constant with gaps keeps its indicator."""
    plan = fit([5.0, None], "numeric")

    assert plan.input_names == ("c missing",)
    assert inputs(plan, [5.0, None]) == [[0.0], [1.0]]


def test_booleans_give_one_input() -> None:
    """0 and 1; words that are neither count as missing."""
    plan = fit(["yes", "no"], "boolean")

    assert inputs(plan, ["no", "YES", "maybe"]) == [[0.0], [1.0], [0.5]]
    assert plan.num_unknown(pl.Series(["maybe", None, "no"])) == 1


def test_categories_give_an_input_a_level() -> None:
    """One-hot; unseen is all zeros; missing is a level if training rows miss some."""
    plan = fit(["a", "a", "b", None], "categorical")

    assert plan.input_names == ("c=a", "c=b", "c missing")
    assert inputs(plan, ["b", None, "new"]) == [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]]
    assert plan.num_unknown(pl.Series(["a", "new", None])) == 1


def test_embedded_categories_give_no_inputs() -> None:
    """They give codes."""
    plan = fit(["a", "b", None], "categorical", categories="embedding")

    assert plan.input_names == ()
    assert plan.levels is not None
    assert plan.levels.num_codes == 4


def test_dates_give_trend_and_season() -> None:
    """Parts that vary in training are inputs; the rest are left out."""
    plan = fit([date(2011, 1, 1), date(2011, 7, 2)], "datetime")

    assert plan.input_names == (
        "c elapsed_days", "c day", "c month_cos",
    )  # fmt: skip
    assert inputs(plan, [date(2011, 7, 2), None]) == [[1.0, 1.0, -1.0], [0.0, 0.0, 0.0]]


def test_hours_are_used_where_they_vary() -> None:
    """Moments off midnight add a circle of 24 hours."""
    plan = fit([datetime(2011, 1, 1, 6), datetime(2011, 1, 1, 18)], "datetime")

    assert "c hour_sin" in plan.input_names


def test_dates_in_text_keep_their_format() -> None:
    """New rows are read like the training rows, and a bad cell is named."""
    plan = fit(["01/02/2011", "13/04/2011"], "datetime", column={"format": "%d/%m/%Y"})

    assert inputs(plan, ["01/02/2011"])[0][0] == -1.0
    with pytest.raises(DataError, match=r"`c` must hold dates like %d/%m/%Y"):
        inputs(plan, ["2011-02-01"])


@pytest.mark.parametrize(
    ("cells", "kind"),
    [([1.0, 1.0], "numeric"), (["a", "a"], "categorical"), ([True, True], "boolean"), ([None], "datetime")],
)
def test_training_cells_that_are_alike_give_nothing(cells: list[Any], kind: str) -> None:
    """No input, and nothing to embed."""
    plan = fit(cells, kind, categories="embedding")

    assert plan.input_names == ()
    assert not plan.embedded


def test_text_among_numbers_is_an_error_unless_the_schema_allows_it() -> None:
    """Whether words count as missing is the schema's decision."""
    strict, lenient = (
        fit([1.0, 3.0], "numeric"),
        fit(["1", "3", "x"], "numeric", column={"text_is_missing": True}),
    )

    assert inputs(lenient, ["1", "oops"])[1][0] == 0.0
    with pytest.raises(DataError, match=r'`c` must hold numbers, but got "oops" .row 2'):
        inputs(strict, ["1", "oops"])


def test_tails_of_numbers_only_are_shortened() -> None:
    """Parts of a date are left alone."""
    long = [float(2**n) for n in range(20)]
    days = [date(2000, 1, 1)] * 50 + [date(2030, 1, 1)]

    assert fit(long, "numeric", tails="log").scalings["c"].tail == "log"
    assert fit(days, "datetime", tails="log").scalings["c elapsed_days"].tail == "none"


def test_bytes_are_scaled_as_pixels() -> None:
    """An UInt8 column is divided by 255 under "unit"."""
    column = Column(name="c", kind="numeric")
    plan = fit_column(
        pl.Series("c", [0, 51], dtype=pl.UInt8), column, preprocess="unit", tails="none", categories="one_hot"
    )

    assert inputs(plan, [51]) == [[np.float32(0.2).round(4).item()]]
