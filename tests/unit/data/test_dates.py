"""Dates: recognised in text, turned into numbers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import polars as pl
import pytest

from practicum.core.errors import DataError
from practicum.data.dates import find_format, has_hours, is_ambiguous, is_moment, parts, to_moments


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2011-03-14", datetime(2011, 3, 14)),
        ("2011/03/14", datetime(2011, 3, 14)),
        ("14/03/2011", datetime(2011, 3, 14)),
        ("03/14/2011", datetime(2011, 3, 14)),
        ("14.3.2011", datetime(2011, 3, 14)),
        ("2011-03-14 15:09", datetime(2011, 3, 14, 15, 9)),
        ("2011-03-14T15:09:26", datetime(2011, 3, 14, 15, 9, 26)),
        ("2011-03-14T15:09:26.5Z", datetime(2011, 3, 14, 15, 9, 26, 500_000)),
        ("2011-03-14 15:09:26+02:00", datetime(2011, 3, 14, 13, 9, 26)),
    ],
)
def test_common_forms_are_read(cell: str, expected: datetime) -> None:
    """ISO and day-month-year forms, with and without a time, give the moment in UTC."""
    cells = pl.Series([cell, None])
    form = find_format(cells)

    assert to_moments(cells, form).to_list() == [expected, None]


@pytest.mark.parametrize("cells", [["ale"], ["2011"], ["1.5"], ["2011-01-02", "soon"], ["99/99/2011"], []])
def test_other_text_is_no_date(cells: list[str]) -> None:
    """Words, numbers, mixtures and impossible days have no format."""
    assert find_format(pl.Series(cells, dtype=pl.String)) is None


def test_one_cell_settles_month_before_day() -> None:
    """A day above 12 anywhere in the column decides."""
    assert find_format(pl.Series(["01/02/2011", "01/13/2011"])) == "%m/%d/%Y"


def test_an_open_order_of_day_and_month_is_noticed() -> None:
    """Day before month is taken, and known to be a guess, unless a day above 12 settles it."""
    assert is_ambiguous(pl.Series(["01/02/2011"]), "%d/%m/%Y")
    assert not is_ambiguous(pl.Series(["13/02/2011"]), "%d/%m/%Y")
    assert not is_ambiguous(pl.Series(["2011-01-02"]), "%Y-%m-%d")


def test_two_digit_years_are_not_the_first_century() -> None:
    """ "14/03/11" is not the year 11."""
    assert find_format(pl.Series(["14/03/11"])) is None


def test_real_date_columns_need_no_format() -> None:
    """Dates and zoned moments become moments in UTC."""
    zoned = datetime(2011, 1, 1, 1, tzinfo=timezone(timedelta(hours=2))).astimezone(UTC)

    assert to_moments(pl.Series([date(2011, 1, 1)]), None).to_list() == [datetime(2011, 1, 1)]
    assert to_moments(pl.Series([zoned]), None).to_list() == [datetime(2010, 12, 31, 23)]


def test_a_column_without_any_value_has_only_missing_moments() -> None:
    """An empty column of new rows, which has no type, is read."""
    assert to_moments(pl.Series([None, None]), "%Y-%m-%d").to_list() == [None, None]


def test_a_cell_that_is_no_date_is_shown() -> None:
    """The message names cell, row and format."""
    with pytest.raises(DataError, match=r'`born` must hold dates like %Y-%m-%d, but got "soon" .row 2'):
        to_moments(pl.Series("born", ["2011-01-02", "soon"]), "%Y-%m-%d")


def test_numbers_are_no_dates() -> None:
    """A column of numbers is refused."""
    with pytest.raises(DataError, match=r"`born` must hold dates, but got Int64"):
        to_moments(pl.Series("born", [1]), None)


def test_parts_of_a_known_moment() -> None:
    """Noon of Monday, 2 April 2012: trend in days and years, seasons on circles."""
    moments = pl.Series([datetime(2012, 4, 2, 12)], dtype=pl.Datetime("us"))
    numbers = {name: float(values[0]) for name, values in parts(moments, hours=True).items()}

    assert numbers["elapsed_days"] == (date(2012, 4, 2) - date(1970, 1, 1)).days + 0.5
    assert (numbers["year"], numbers["day"]) == (2012.0, 2.0)
    assert numbers["month_sin"] == pytest.approx(1.0)  # a quarter of the year
    assert numbers["weekday_cos"] == pytest.approx(1.0)  # Monday is the start of the circle
    assert numbers["hour_cos"] == pytest.approx(-1.0)  # half a day


def test_december_lies_beside_january() -> None:
    """On the circle the months are as near to each other as any neighbours."""
    moments = pl.Series([date(2011, month, 1) for month in (12, 1, 2)]).cast(pl.Datetime("us"))
    numbers = parts(moments, hours=False)
    points = np.stack([numbers["month_sin"], numbers["month_cos"]])

    np.testing.assert_allclose(
        np.linalg.norm(points[:, 0] - points[:, 1]), np.linalg.norm(points[:, 1] - points[:, 2])
    )


def test_a_missing_moment_is_nan_in_every_part() -> None:
    """No part invents a value."""
    numbers = parts(pl.Series([None], dtype=pl.Datetime("us")), hours=True)

    assert all(np.isnan(values).all() for values in numbers.values())


def test_hours_are_noticed() -> None:
    """Midnight only means days."""
    assert has_hours(pl.Series([datetime(2011, 1, 1, 5), None], dtype=pl.Datetime("us")))
    assert not has_hours(pl.Series([datetime(2011, 1, 1), None], dtype=pl.Datetime("us")))
    assert is_moment(pl.Series([date(2011, 1, 1)]).dtype)
