"""Cells of text: missing, stripped, parsed."""

from collections import Counter

import polars as pl
import pytest

from practicum.data.readers.cells import MISSING, clean_text, missing_note, null_values


def test_the_parser_is_told_each_spelling_with_one_space_beside() -> None:
    """So that most files need no second look."""
    for word in MISSING:
        assert {word, f" {word}", f"{word} "} <= set(null_values())


def test_text_of_a_typed_source_stays_text_unless_a_gap_explains_it() -> None:
    """Codes like "007" that were stored as text are text; "22" beside "?" is a number."""
    frame = pl.DataFrame({"code": ["007", "12"], "age": ["22", "?"], "mixed": ["1", "x"]})

    cleaned, found, notes = clean_text(frame, typed=True)

    assert cleaned.to_dict(as_series=False) == {"code": ["007", "12"], "age": [22, None], "mixed": ["1", "x"]}
    assert found == Counter({"?": 1})
    assert notes == []


def test_a_column_that_needs_nothing_is_not_copied() -> None:
    """The same frame comes back."""
    frame = pl.DataFrame({"a": ["x", None, "y"], "b": [1, 2, 3]})

    assert clean_text(frame, typed=False)[0] is frame


def test_a_column_of_gaps_only_is_all_null() -> None:
    """It says nothing about its type and stays text."""
    cleaned, found, _ = clean_text(pl.DataFrame({"a": ["?", " ", "NA"]}), typed=False)

    assert cleaned["a"].to_list() == [None] * 3
    assert found == Counter({"?": 1, "": 1, "NA": 1})


@pytest.mark.parametrize("comma", [True, False])
def test_decimal_commas_count_only_where_asked_for(comma: bool) -> None:
    """Elsewhere "1,5" is text."""
    cleaned, _, notes = clean_text(pl.DataFrame({"a": ["1,5", "2"]}), typed=False, decimal_comma=comma)

    assert cleaned["a"].to_list() == ([1.5, 2.0] if comma else ["1,5", "2"])
    assert any("decimal commas" in note for note in notes) is comma


def test_the_note_on_missing_cells_names_at_most_five_columns() -> None:
    """The rest is counted; no gap, no note."""
    assert missing_note(1, Counter({"": 1}), ["a"]) == ["1 missing cell: 1 empty (in a)."]
    assert missing_note(7, Counter({"?": 7}), list("abcdefg"))[0].endswith(
        "(in a, b, c, d, e and 2 more columns)."
    )
    assert missing_note(0, Counter(), []) == []


def test_the_note_on_a_large_table_says_which_spellings_but_not_how_often() -> None:
    """A count over the first rows would say nothing of the rest."""
    (note,) = missing_note(900, Counter({"?": 7, "": 2}), ["a"], first=500)

    assert note == '900 missing cells, in the first 500 rows as "?" or empty (in a).'


@pytest.mark.parametrize("word", ["NAN", "-nan", "Na", "Null", "none", "--", "."])
def test_rarer_spellings_are_missing_among_numbers_only(word: str) -> None:
    """In capitals or not; never a NaN in the frame."""
    cleaned, found, _ = clean_text(pl.DataFrame({"a": ["1", word], "b": ["x", word]}), typed=False)

    assert cleaned.to_dict(as_series=False) == {"a": [1, None], "b": ["x", word]}
    assert found == Counter({word: 1})
