"""What a column holds."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl
import pytest

from practicum.core.errors import DataError
from practicum.data.kinds import force_kind, level_limit, looks_like_id, understand_column
from practicum.data.schema import MAX_LISTED_LEVELS, Kind

ROWS = 40


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ([1.5, 2.5] * 20, "numeric"),
        ([1, 2, 3, 4] * 10, "numeric"),
        ([1.0, None] * 20, "numeric"),
        ([str(n) for n in range(30)] + ["1"] * 10, "numeric"),
        (["red", "green"] * 20, "categorical"),
        (["red", None] * 20, "categorical"),
        (["01", "02"] * 20, "categorical"),
        (["5", "7"] * 20, "categorical"),
        (["yes", "No", "no", "?"] * 10, "boolean"),
        (["t", "f"] * 20, "boolean"),
        (["0", "1"] * 20, "boolean"),
        ([True, False] * 20, "boolean"),
        ([True, None] * 20, "boolean"),
        ([0, 1] * 20, "boolean"),
        ([0.0, 1.0, None, 1.0] * 10, "boolean"),
        ([0.0, 0.5, 1.0, 1.0] * 10, "numeric"),
        (["2011-01-02", "2011-12-31"] * 20, "datetime"),
        ([date(2011, 1, 2), date(2012, 1, 2)] * 20, "datetime"),
        ([datetime(2011, 1, 2, 3), None] * 20, "datetime"),
        (list(range(ROWS)), "identifier"),
        (list(range(ROWS))[::-1], "identifier"),
        ([f"u{n}" for n in range(ROWS)], "identifier"),
        ([7] * ROWS, "constant"),
        (["a"] * ROWS, "constant"),
        ([True] * ROWS, "constant"),
        ([date(2011, 1, 2)] * ROWS, "constant"),
        ([None] * ROWS, "constant"),
        (["?"] * ROWS, "constant"),
        ([float("nan")] * ROWS, "constant"),
        ([f"a long story {n}" for n in range(ROWS)], "text"),
        ([f"w{n}" for n in range(30)] + ["w1"] * 10, "text"),
        ([[1, 2]] * ROWS, "text"),
    ],
)
def test_kinds_are_recognised(cells: list[object], kind: str) -> None:
    """Each sort of values has its kind."""
    assert understand_column(pl.Series("c", cells, strict=False)).kind == kind


def test_an_identifier_may_be_known_by_its_name() -> None:
    """Different integers with gaps are an identifier if the column is called so, else an amount."""
    cells = [n * n for n in range(ROWS)]

    assert understand_column(pl.Series("customer_id", cells)).kind == "identifier"
    assert understand_column(pl.Series("area", cells)).kind == "numeric"


def test_a_repeated_identifier_is_kept_with_a_word() -> None:
    """Repeats may be groups; a person should decide."""
    column = understand_column(pl.Series("customer_id", [1, 5, 9, 5] * 10))

    assert column.kind == "numeric"
    assert "named like an identifier" in column.note


@pytest.mark.parametrize("name", ["id", "ID", "user_id", "userId", "user ID", "uuid", "Unnamed: 0", "index"])
def test_names_of_identifiers(name: str) -> None:
    """Common ways to call an identifier."""
    assert looks_like_id(name)


@pytest.mark.parametrize("name", ["humid", "width", "idle", "paid", "PAID", "grid"])
def test_names_that_only_end_alike(name: str) -> None:
    """Words with "id" in them are no identifiers."""
    assert not looks_like_id(name)


def test_missing_cells_and_levels_are_counted() -> None:
    """Levels stand most frequent first; missing is none of them."""
    column = understand_column(pl.Series("c", ["b", "a", "b", "?", None]))

    assert (column.missing, column.num_levels, column.levels) == (2, 2, ["b", "a"])


def test_a_long_list_of_levels_is_not_shown() -> None:
    """More levels than a person would read are counted only."""
    cells = [f"w{n}" for n in range(MAX_LISTED_LEVELS + 1)] * 50
    column = understand_column(pl.Series("c", cells))

    assert (column.kind, column.levels, column.num_levels) == ("categorical", None, MAX_LISTED_LEVELS + 1)


def test_the_limit_of_levels_grows_with_the_rows() -> None:
    """20 at least, 5 % of the rows, 1000 at most."""
    assert [level_limit(rows) for rows in (10, 400, 1000, 10**6)] == [20, 20, 50, 1000]


def test_a_mixture_of_numbers_and_text_is_said_with_examples() -> None:
    """One example of each is shown."""
    column = understand_column(pl.Series("boat", ["13", "C", "5", "C D"] * 10))

    assert column.kind == "categorical"
    assert 'mixes numbers and text, e.g. "13" and "C"' in column.note


@pytest.mark.parametrize("shape", ["{}.234,56", "${},567.00", "{} 500 €", "{},5%", "{}'000"])
def test_numbers_with_separators_or_signs_are_not_set_aside_in_silence(shape: str) -> None:
    """Such a column is not read as numbers, so the note says how to write it."""
    column = understand_column(pl.Series("price", [shape.format(n) for n in range(1, 60)]))

    assert column.kind in ("identifier", "text")
    assert f'e.g. "{shape.format(1)}"; write them plainly' in column.note


def test_plain_words_and_plain_numbers_do_not_look_dressed() -> None:
    """Codes, mixtures and names get no such note."""
    for cells in (["007", "012"] * 20, [f"A{n}" for n in range(40)], ["1.5", "n/k"] * 20):
        assert "plainly" not in understand_column(pl.Series("x", cells)).note


def test_an_open_date_order_is_said() -> None:
    """Day before month is a guess that a person should see."""
    column = understand_column(pl.Series("c", ["01/02/2011", "03/04/2011"]))

    assert column.format == "%d/%m/%Y"
    assert "day before month" in column.note


def test_an_infinite_number_is_an_error() -> None:
    """It is not taken for missing."""
    with pytest.raises(DataError, match="`c` must hold finite numbers"):
        understand_column(pl.Series("c", [1.0, float("inf")]))


@pytest.mark.parametrize(
    ("cells", "kind", "missing"),
    [
        (["1", "x", None], "numeric", 2),
        ([3, 1, None], "categorical", 1),
        (["yes", "maybe", "no"], "boolean", 1),
        (["2011-01-02", None], "datetime", 1),
        ([1, 2], "text", 0),
    ],
)
def test_a_person_can_say_the_kind(cells: list[object], kind: Kind, missing: int) -> None:
    """The values are read as the schema says; what does not fit is missing."""
    column = force_kind(pl.Series("c", cells), kind)

    assert (column.kind, column.missing) == (kind, missing)


def test_words_in_a_numeric_column_are_marked() -> None:
    """The schema remembers that text counts as missing, and says how often."""
    column = force_kind(pl.Series("c", ["1", "x"]), "numeric")

    assert column.text_is_missing
    assert "1 cells that are no number" in column.note


@pytest.mark.parametrize("kind", ["numeric", "boolean"])
def test_a_kind_that_no_cell_fits_is_refused(kind: Kind) -> None:
    """The message shows a cell."""
    with pytest.raises(DataError, match=f'`c` must hold {kind} values, as the schema says, but got "red"'):
        force_kind(pl.Series("c", ["red", "green"]), kind)
