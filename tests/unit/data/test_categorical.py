"""Categories: levels, codes and one-hot vectors."""

from __future__ import annotations

import numpy as np
import polars as pl
from sklearn.preprocessing import OneHotEncoder

from practicum.data.categorical import Levels, count_levels

CELLS = pl.Series("job", ["b", "a", "b", "c", None, " b"])


def test_levels_are_counted_most_frequent_first() -> None:
    """Equal counts stand in alphabetical order, so that the order is the same on each run."""
    assert count_levels(pl.Series(["c", "b", "a", "b", None])) == (["b", "a", "c"], [2, 1, 1])


def test_codes_tell_seen_missing_and_unseen_apart() -> None:
    """0 is unseen, then the levels, then missing."""
    levels = Levels.fit(CELLS)

    assert levels.names == ("b", "a", "c")
    assert levels.num_codes == 5
    assert levels.encode(pl.Series(["b", "a", "c", "?", "new"])).tolist() == [1, 2, 3, 4, 0]


def test_missing_is_unseen_if_training_rows_missed_nothing() -> None:
    """A level that was never trained is not used."""
    levels = Levels.fit(pl.Series(["a", "b"]))

    assert levels.encode(pl.Series(["a", None])).tolist() == [1, 0]


def test_numbers_can_be_levels() -> None:
    """A whole float is the level of the integer."""
    levels = Levels.fit(pl.Series([3, 3, 1]))

    assert levels.encode(pl.Series([1.0, 3.0, 2.0])).tolist() == [2, 1, 0]


def test_a_level_taken_off_the_list_is_unseen() -> None:
    """What a person deletes from the schema is not learned."""
    levels = Levels.fit(CELLS, allowed=["a", "b", "zzz"])

    assert levels.names == ("b", "a")
    assert levels.encode(pl.Series(["c"])).tolist() == [0]


def test_one_hot_is_that_of_scikit_learn() -> None:
    """Uncentred vectors agree with OneHotEncoder, an unseen level being all zeros."""
    seen, new = np.array([["a"], ["b"], ["a"]]), np.array([["b"], ["zzz"], ["a"]])
    levels = Levels.fit(pl.Series(seen[:, 0]))
    encoder = OneHotEncoder(handle_unknown="ignore", sparse_output=False).fit(seen)

    np.testing.assert_array_equal(
        levels.one_hot()[levels.encode(pl.Series(new[:, 0]))], encoder.transform(new)
    )


def test_a_column_without_values_has_no_levels() -> None:
    """Only "missing" is left."""
    assert Levels.fit(pl.Series([None, None], dtype=pl.String)).names == ()
